import type { Fault, FaultProxy } from './fault-proxy.ts';
import type { Mailbox } from './mailbox.ts';
import type { Submission } from './submission.ts';

/** One of the two providers as the story speaks of it: it can die, hang, come back, and be looked into. */
export class Provider {
  readonly imap: FaultProxy;
  readonly submissionPort: FaultProxy;
  /** Its submission server, to be scripted and watched. */
  readonly submission: Submission;
  /** Other ports that live and die with it: the delivery of mail from outside, the identity provider. */
  readonly #others: readonly FaultProxy[];
  readonly #mailbox: (employee: string) => Mailbox;

  constructor(setup: {
    readonly imap: FaultProxy;
    readonly submissionPort: FaultProxy;
    readonly submission: Submission;
    readonly others: readonly FaultProxy[];
    readonly mailbox: (employee: string) => Mailbox;
  }) {
    this.imap = setup.imap;
    this.submissionPort = setup.submissionPort;
    this.submission = setup.submission;
    this.#others = setup.others;
    this.#mailbox = setup.mailbox;
  }

  /** Every connection is refused. */
  die(): Promise<void> {
    return this.fault('refuse');
  }

  /** Connections are accepted, and nobody ever answers. */
  hang(): Promise<void> {
    return this.fault('silent');
  }

  /** Connections are answered by bytes that mean nothing. */
  speaksNonsense(): Promise<void> {
    return this.fault('nonsense');
  }

  comesBack(): Promise<void> {
    return this.fault('none');
  }

  async fault(fault: Fault): Promise<void> {
    await Promise.all([this.imap, this.submissionPort, ...this.#others].map((proxy) => proxy.fault(fault)));
  }

  /** How many connections laptops have made to it since the start. */
  get connections(): number {
    return this.imap.connections + this.submissionPort.connections;
  }

  /** How many connections of laptops stand. */
  get standing(): number {
    return this.imap.standing + this.submissionPort.standing;
  }

  mailbox(employee: string): Mailbox {
    return this.#mailbox(employee);
  }
}
