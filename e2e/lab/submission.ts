import { EventEmitter, once } from 'node:events';
import type net from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { Certificates } from './certificates.ts';

/** What a submission server does with the next messages, instead of taking them. */
export type SubmissionScript =
  | 'accept'
  /** Takes the message and drops the connection before it says so. */
  | 'acceptSilently'
  /** Drops the connection after the final dot without taking the message. */
  | 'dropAfterData'
  /** Drops the connection in the middle of the message. */
  | 'dropDuringData'
  | { readonly refuse: 'sender' | 'recipient' | 'data'; readonly code: number };

/** The points that a submission passes, for tests that kill the app there. */
export type SubmissionPoint = 'connected' | 'signedIn' | 'recipient' | 'data' | 'accepted' | 'answered';

export interface SubmissionSetup {
  readonly certificates: Certificates;
  /** The user that the credentials prove; null refuses them. */
  readonly signIn: (credentials: SubmittedCredentials) => Promise<string | null>;
  readonly mechanisms: readonly ('PLAIN' | 'XOAUTH2')[];
  readonly accept: (mail: SubmittedMail) => Promise<void>;
}

export interface SubmittedCredentials {
  readonly user: string;
  readonly password: string | null;
  readonly accessToken: string | null;
}

export interface SubmittedMail {
  readonly user: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly source: Buffer;
}

/** A submission server with STARTTLS, whose behaviour a test can script and whose progress it can watch. */
export class Submission {
  script: SubmissionScript = 'accept';
  /** What it has taken, and who had signed in. */
  readonly taken: SubmittedMail[] = [];
  readonly port: number;
  readonly #server: SMTPServer;
  readonly #points = new EventEmitter();
  #pause: Promise<void> = Promise.resolve();

  private constructor(server: SMTPServer, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(setup: SubmissionSetup): Promise<Submission> {
    let submission: Submission | null = null;
    const self = (): Submission => {
      if (submission === null) throw new Error('not started');
      return submission;
    };
    const server = new SMTPServer({
      name: 'localhost',
      key: setup.certificates.key,
      cert: setup.certificates.certificate,
      authMethods: [...setup.mechanisms],
      authOptional: false,
      hideENHANCEDSTATUSCODES: true,
      disableReverseLookup: true,
      logger: false,
      onConnect: (_session, done) =>
        void self()
          .#passes('connected')
          .then(() => done()),
      onAuth: (auth, _session, done) => {
        const credentials = {
          user: auth.username ?? '',
          password: auth.password ?? null,
          accessToken: auth.accessToken ?? null,
        };
        void setup.signIn(credentials).then(async (user) => {
          await self().#passes('signedIn');
          if (user === null) done(new Error('535 5.7.3 Authentication unsuccessful'));
          else done(null, { user });
        });
      },
      onMailFrom: (_address, _session, done) => self().#mayRefuse('sender', done),
      onRcptTo: (_address, _session, done) => {
        void self()
          .#passes('recipient')
          .then(() => self().#mayRefuse('recipient', done));
      },
      onData: (stream, session, done) => {
        // The app may be killed in the middle of its message, and the provider may fail to take it.
        self()
          .#receive(stream, session, setup.accept, done)
          .catch(() => done(refusal(451)));
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = (server.server.address() as net.AddressInfo).port;
    submission = new Submission(server, port);
    return submission;
  }

  /** Resolves when a submission passes the point; it waits there until the returned function is called. */
  async holdsAt(point: SubmissionPoint): Promise<() => void> {
    let release: () => void = () => undefined;
    this.#points.once(`hold ${point}`, () => {
      this.#pause = new Promise((resolve) => {
        release = resolve;
      });
    });
    await once(this.#points, point);
    return () => release();
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #passes(point: SubmissionPoint): Promise<void> {
    this.#points.emit(`hold ${point}`);
    this.#points.emit(point);
    await this.#pause;
    this.#pause = Promise.resolve();
  }

  #mayRefuse(stage: 'sender' | 'recipient', done: (error?: Error | null) => void): void {
    const { script } = this;
    if (typeof script === 'object' && script.refuse === stage) done(refusal(script.code));
    else done();
  }

  async #receive(
    stream: NodeJS.ReadableStream & { sizeExceeded?: boolean },
    session: SMTPServerSession,
    accept: SubmissionSetup['accept'],
    done: (error?: Error | null, message?: string) => void,
  ): Promise<void> {
    const drop = () => {
      for (const connection of this.#server.connections)
        if ((connection as { id?: string }).id === session.id)
          (connection as unknown as { _socket: net.Socket })._socket.destroy();
    };
    await this.#passes('data');
    const { script } = this;
    if (script === 'dropDuringData') return drop();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    if (script === 'dropAfterData') return drop();
    if (typeof script === 'object' && script.refuse === 'data') return done(refusal(script.code));
    const { mailFrom, rcptTo } = session.envelope;
    const mail = {
      user: String(session.user),
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
      source: Buffer.concat(chunks),
    };
    await accept(mail);
    this.taken.push(mail);
    await this.#passes('accepted');
    if (script === 'acceptSilently') return drop();
    done(null, '2.0.0 OK queued');
    await this.#passes('answered');
  }
}

function refusal(code: number): Error {
  return Object.assign(new Error(`${code < 500 ? '4.3.2' : '5.7.1'} refused by the lab`), {
    responseCode: code,
  });
}
