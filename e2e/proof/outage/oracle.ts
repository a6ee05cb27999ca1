import type { LedgerOutcome } from '../../../shared/model/ledger.ts';
import type { OutgoingState } from '../../../shared/model/outgoing.ts';

/** A mail that somebody of the company meant to send, once. */
export interface Intended {
  /** "mail 7": the subject, which no other mail has. */
  readonly name: string;
  readonly from: Person;
  /** Whoever is to have it: addresses outside, and persons of the company. */
  readonly to: readonly (string | Person)[];
  /** Written in the provider's webmail: no laptop knows of it by itself. */
  readonly by: 'laptop' | 'webmail';
  /** How often the person said of an uncertain one that it is to be sent again; each may double it. */
  readonly sentAgain: number;
  /** What else the person made of an uncertain one: that it arrived, or that it is not to be sent. Either may be wrong. */
  readonly inDoubt: 'believed' | 'givenUp' | null;
}

export type Person = 'Anna' | 'Ben';

/** A mail that the company's gateway took for a person. */
export interface Received {
  readonly name: string;
  readonly to: Person;
}

export interface ServerMail {
  readonly folder: string;
  readonly name: string;
  readonly messageId: string;
  readonly flags: readonly string[];
}

/** What a laptop shows in the end. */
export interface Shown {
  readonly owner: Person;
  readonly laptop: string;
  /** Null: it is at rest. */
  readonly left: string | null;
  readonly outgoing: readonly {
    readonly name: string;
    readonly messageId: string;
    readonly state: OutgoingState;
    /** By which route it left at last; null: it never was tried. */
    readonly route: 'primary' | 'continuity' | null;
    /** Whether it was ever noted that the final dot leaves next. */
    readonly dotLeft: boolean;
  }[];
  readonly drafts: readonly string[];
  readonly ledger: readonly LedgerFact[];
  /** What is wrong with the chain of the ledger; null: nothing. */
  readonly chain: string | null;
}

export interface LedgerFact {
  readonly name: string;
  readonly messageId: string;
  readonly direction: 'received' | 'sent';
  readonly outcome: LedgerOutcome;
  /** What the newest line of the signed ledger says of it; null: there is none. */
  readonly line: string | null;
}

/** Everything that can be seen from outside of the engines, and what the laptops show. */
export interface Evidence {
  readonly intended: readonly Intended[];
  readonly received: readonly Received[];
  /** What arrived outside, and at whom, in the order of arrival. */
  readonly arrivals: readonly { readonly name: string; readonly to: string }[];
  readonly exchange: Readonly<Record<Person, readonly ServerMail[]>>;
  readonly continuity: Readonly<Record<Person, readonly ServerMail[]>>;
  readonly laptops: readonly Shown[];
  /**
   * Mails that no laptop could bring into Exchange: none of the person's was in the outage in which the gateway kept them, and
   * the gateway hands nothing over. By name and person.
   */
  readonly unreachable: ReadonlySet<string>;
  /** Connections that were cut, and kills: without one nothing may be uncertain. */
  readonly cuts: number;
  /** Where the persons wanted mails last, where nobody else wanted something: by name and person. */
  readonly places: ReadonlyMap<string, string>;
  readonly flags: ReadonlyMap<string, readonly { readonly flag: string; readonly isSet: boolean }[]>;
}

/** Of a mail in a person's mailbox. */
export const keyOf = (name: string, person: Person): string => `${name} of ${person}`;

export interface Verdict {
  /** In words. Empty: everything is as it has to be. */
  readonly violations: readonly string[];
  readonly lost: number;
  readonly doubled: number;
  /** Shown as uncertain, each after its final dot may have left. */
  readonly uncertain: number;
}

const openStates: readonly OutgoingState[] = ['held', 'queued', 'sending', 'handedOver'];
/** The person was told, and it is theirs to decide. */
const toldStates: readonly OutgoingState[] = ['uncertain', 'rejected', 'discarded'];

/**
 * Judges an outage after everything has come to rest: each mail that was meant is delivered once or shown as uncertain, each
 * mail that was received stands in Exchange once, and what the ledgers say is so.
 */
export function judge(evidence: Evidence): Verdict {
  const judged = new Judgement(evidence);
  judged.rest();
  for (const mail of evidence.intended) judged.intention(mail);
  for (const mail of evidence.received) judged.mailbox(mail.name, mail.to, 'received');
  judged.strangers();
  judged.ledgers();
  judged.wishes();
  const { violations, lost, doubled, uncertain } = judged;
  return { violations, lost, doubled, uncertain };
}

class Judgement {
  readonly violations: string[] = [];
  lost = 0;
  doubled = 0;
  uncertain = 0;
  readonly #evidence: Evidence;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
  }

  rest(): void {
    for (const { laptop, left, outgoing, chain } of this.#evidence.laptops) {
      if (left !== null) this.violations.push(`${laptop} does not come to rest: ${left}.`);
      for (const { name, state } of outgoing)
        if (openStates.includes(state))
          this.violations.push(`${name} is stuck in ${laptop}: it is ${state}.`);
      if (chain !== null) this.violations.push(`The ledger of ${laptop} contradicts itself: ${chain}.`);
    }
  }

  intention({ name, from, to, by, sentAgain, inDoubt }: Intended): void {
    const shown = this.#evidence.laptops
      .filter(({ owner }) => owner === from)
      .flatMap(({ outgoing }) => outgoing.filter((one) => one.name === name));
    if (by === 'laptop' && shown.length === 0 && !this.#isDraft(name, from))
      this.violations.push(`${name}, which ${from} wrote, is neither in an outbox nor among the drafts.`);
    const isTold = shown.some(({ state }) => toldStates.includes(state));
    for (const one of shown) if (one.state === 'uncertain') this.#isUncertainRightly(one);
    for (const recipient of to) {
      const count = this.#deliveries(name, recipient);
      if (count === 0 && !isTold && inDoubt !== 'believed' && !this.#isExcused(name, recipient)) {
        this.lost += 1;
        this.violations.push(`${name} from ${from} never reached ${recipient}, and nobody is told.`);
      }
      if (count > 1 + sentAgain) {
        this.doubled += 1;
        this.violations.push(`${name} from ${from} reached ${recipient} ${count} times.`);
      }
      if (
        count > 0 &&
        inDoubt !== 'givenUp' &&
        shown.some(({ state }) => state === 'rejected' || state === 'discarded')
      )
        this.violations.push(`${name} from ${from} reached ${recipient}, and is shown as not sent.`);
    }
    const isTaken = by === 'webmail' || shown.some(({ state }) => state === 'accepted');
    if (isTaken || this.#copies(name, from).length > 1) this.mailbox(name, from, 'sent', sentAgain);
  }

  /** It stands in the mailbox once, wherever; what was sent again, that often more where a server files by itself. */
  mailbox(name: string, person: Person, how: 'received' | 'sent', more = 0): void {
    const copies = this.#copies(name, person);
    const what = how === 'received' ? `${name}, received by ${person},` : `${name}, sent by ${person},`;
    if (copies.length === 0 && !this.#evidence.unreachable.has(keyOf(name, person))) {
      this.lost += 1;
      const elsewhere = this.#evidence.continuity[person].filter((mail) => mail.name === name);
      const where = elsewhere.length > 0 ? `; the provider has it in ${placesOf(elsewhere)}` : '';
      this.violations.push(`${what} is not in Exchange${where}.`);
    }
    if (copies.length > 1 + more) {
      this.doubled += 1;
      this.violations.push(`${what} is in Exchange ${copies.length} times: in ${placesOf(copies)}.`);
    }
  }

  /** Nothing is where nobody sent it. */
  strangers(): void {
    const { intended, received, exchange, arrivals } = this.#evidence;
    for (const person of ['Anna', 'Ben'] as const) {
      const known = new Set([
        ...received.filter(({ to }) => to === person).map(({ name }) => name),
        ...intended.filter(({ from, to }) => from === person || to.includes(person)).map(({ name }) => name),
      ]);
      for (const { name, folder } of exchange[person])
        if (!known.has(name))
          this.violations.push(`${name} is in ${folder} of ${person}, who has nothing to do with it.`);
    }
    for (const { name, to } of arrivals)
      if (!intended.some((one) => one.name === name && one.to.includes(to)))
        this.violations.push(`${name} reached ${to}, for whom it was not meant.`);
  }

  ledgers(): void {
    for (const { owner, laptop, ledger, outgoing } of this.#evidence.laptops) {
      for (const { name, messageId, outcome, line } of ledger) {
        const isThere = this.#evidence.exchange[owner].some((mail) => mail.messageId === messageId);
        const isBack = outcome === 'handedOver' || outcome === 'appended';
        if (isBack && !isThere)
          this.violations.push(`The ledger of ${laptop} says that ${name} is back in Exchange. It is not.`);
        if (!isBack)
          this.violations.push(
            `The ledger of ${laptop} says that ${name} is not back (${outcome}); it is ${isThere ? '' : 'not '}there.`,
          );
        const wanted = outcome === 'pending' ? 'recorded' : outcome;
        if (line !== wanted)
          this.violations.push(
            `The ledger of ${laptop} tells "${line}" of ${name}, and the journal "${wanted}".`,
          );
      }
      const entries = Map.groupBy(ledger, ({ messageId }) => messageId);
      for (const [messageId, all] of entries)
        if (all.length > 1)
          this.violations.push(
            `The ledger of ${laptop} has ${all.length} entries on ${all[0]?.name ?? messageId}.`,
          );
      for (const { name, messageId, state, route } of outgoing)
        if (state === 'accepted' && route === 'continuity' && !entries.has(messageId))
          this.violations.push(`${name} left ${laptop} by the provider, and its ledger does not know of it.`);
    }
  }

  wishes(): void {
    const { places, flags, exchange } = this.#evidence;
    const persons = ['Anna', 'Ben'] as const;
    for (const person of persons)
      for (const { name, folder, flags: there } of exchange[person]) {
        const place = places.get(keyOf(name, person));
        if (place !== undefined && place !== folder)
          this.violations.push(`${person} put ${name} into ${place}, and it is in ${folder}.`);
        for (const { flag, isSet } of flags.get(keyOf(name, person)) ?? [])
          if (there.includes(flag) !== isSet)
            this.violations.push(
              `${person} wanted ${name} ${isSet ? '' : 'not '}${flag}, and it is [${there.join(' ')}].`,
            );
      }
  }

  #isDraft(name: string, person: Person): boolean {
    return this.#evidence.laptops.some(({ owner, drafts }) => owner === person && drafts.includes(name));
  }

  #isUncertainRightly({ name, dotLeft }: Shown['outgoing'][number]): void {
    this.uncertain += 1;
    if (!dotLeft) this.violations.push(`${name} is shown as uncertain, and its final dot never left.`);
    if (this.#evidence.cuts === 0)
      this.violations.push(`${name} is shown as uncertain, and nothing was cut.`);
  }

  #deliveries(name: string, recipient: string): number {
    return isPerson(recipient)
      ? this.#copies(name, recipient).length
      : this.#evidence.arrivals.filter((mail) => mail.name === name && mail.to === recipient).length;
  }

  #isExcused(name: string, recipient: string): boolean {
    return isPerson(recipient) && this.#evidence.unreachable.has(keyOf(name, recipient));
  }

  #copies(name: string, person: Person): readonly ServerMail[] {
    return this.#evidence.exchange[person].filter((mail) => mail.name === name);
  }
}

const isPerson = (recipient: string): recipient is Person => recipient === 'Anna' || recipient === 'Ben';
const placesOf = (mails: readonly ServerMail[]): string => mails.map(({ folder }) => folder).join(', ');
