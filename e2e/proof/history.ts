import type { Engine } from '../../electron/engine/sync/proof/testing/engine.ts';
import { halfMessages } from '../../electron/engine/sync/proof/testing/stored-copy.ts';
import { everydayQuirks } from '../lab/quirks/exchange-quirks.ts';
import { type PlacedMail, SecondClient } from '../lab/second-client.ts';
import type { WitnessedMail } from '../lab/witness.ts';
import { differences, nameOf } from './differences.ts';
import type { Laboratory, TestMailbox } from './laboratory.ts';
import type { History, MailSpec, Step } from './steps.ts';

const dayMs = 86_400_000;
const ownFolders = ['Projekte', 'Kunden ä & B', 'Projekte/2026', 'Ablage.alt', 'INBOX/Unten', 'x%y'];
/** Those in which the second client does nothing but put mail in and take it out. */
const lasting = ['Archive', 'Deleted Items', 'INBOX', 'Junk Email', 'Sent Items'];
/** At rest within this, on a busy machine too; what does not come to rest then, does not. */
const restMs = 180_000;

export interface Played {
  readonly kills: number;
  readonly steps: number;
  readonly given: number;
  readonly givenBytes: number;
}

/**
 * Plays one history on a mailbox of its own: what the second client, the person, the network and death do, in this order,
 * while the engine works. At the end, everything is at rest, and what is wrong is told by an error.
 */
export async function play(laboratory: Laboratory, history: History): Promise<Played> {
  const mailbox = await laboratory.mailbox(history.isQuirky ? everydayQuirks : []);
  const player = new Player(mailbox, await SecondClient.open(mailbox.access));
  try {
    return await player.play(history);
  } finally {
    await player.close();
  }
}

class Player {
  readonly #mailbox: TestMailbox;
  readonly #other: SecondClient;
  #engine: Engine | null = null;
  #kills = 0;
  /** Every mail that was ever there, by its name. */
  readonly #sources = new Map<string, Buffer>();
  readonly #ids: string[] = [];
  /** Names of mails that the second client has taken away for good. */
  readonly #removed = new Set<string>();
  /** Names of mails whose place the second client has changed. */
  readonly #displaced = new Set<string>();
  /** What the person wanted last, where nobody else has wanted something since: by name and flag. */
  readonly #flags = new Map<string, Map<string, boolean>>();
  readonly #places = new Map<string, string>();

  constructor(mailbox: TestMailbox, other: SecondClient) {
    this.#mailbox = mailbox;
    this.#other = other;
  }

  async play({ first, steps }: History): Promise<Played> {
    for (const mail of first) await this.#deliver(mail);
    for (const step of steps) {
      await this.#take(step);
      if (step.work > 0) await (await this.#alive()).work(step.work, 120);
    }
    await this.#mailbox.fault('none');
    await this.#rest();
    const given = this.#mailbox.given;
    return {
      kills: this.#kills,
      steps: steps.length,
      given: given.length,
      givenBytes: given.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  async close(): Promise<void> {
    await this.#other.close();
    await this.#mailbox.remove();
  }

  async #take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'act':
        return this.#act(step);
      case 'fault': {
        await this.#mailbox.fault(step.fault);
        if (step.fault === 'none') await this.#engine?.poke();
        return;
      }
      case 'die':
        return this.#die(step.points);
      case 'rest': {
        await this.#mailbox.fault('none');
        return this.#rest();
      }
      case 'deliver':
        return this.#deliver(step.mail);
      default: {
        // What is picked has to be there still when it is changed; what the engine knows may be old all the same.
        const engine = await this.#alive();
        engine.freeze();
        try {
          await this.#change(step);
        } finally {
          engine.thaw();
        }
      }
    }
  }

  async #alive(): Promise<Engine> {
    if (this.#engine?.isDead === true) {
      this.#kills += 1;
      this.#engine = null;
      const half = this.#mailbox.read(halfMessages);
      if (half.length > 0) throw new Error(`After a kill: ${half.join('; ')}`);
    }
    this.#engine ??= await this.#mailbox.start();
    return this.#engine;
  }

  async #die(points: number): Promise<void> {
    const engine = await this.#alive();
    await engine.dieAfter(points);
    await engine.work(points + 1, 250);
    engine.kill();
    await engine.ended;
  }

  async #deliver({ folder, age, answers, naming, isLate, flags }: MailSpec): Promise<void> {
    const number = this.#sources.size + 1;
    const name = `mail ${number}`;
    const earlier = (index: number): string | undefined => this.#ids[index % Math.max(1, this.#ids.length)];
    const id = (naming === 'same' ? earlier(number) : undefined) ?? `${number}@proof.example`;
    const parent = answers === null ? undefined : earlier(answers);
    // One without a name has no other that would make two of one conversation.
    if (naming !== 'none') this.#ids.push(id);
    const date = new Date(Date.now() - age * dayMs);
    const source = Buffer.from(
      [
        'From: Eva <eva@far.example>',
        `To: ${this.#mailbox.account.address}`,
        `Subject: ${name}`,
        `Date: ${new Date(date.getTime() - (isLate ? 90 * dayMs : 0)).toUTCString()}`,
        ...(naming === 'none' ? [] : [`Message-ID: <${id}>`]),
        ...(parent === undefined ? [] : [`In-Reply-To: <${parent}>`, `References: <${parent}>`]),
        '',
        `Begin of ${name}.`,
        'x'.repeat((number % 7) * 700),
        `End of ${name}.`,
        '',
      ].join('\r\n'),
    );
    this.#sources.set(name, source);
    await this.#other.append(at(await this.#folders(), folder), source, flags, date);
  }

  async #change(step: Exclude<Step, { kind: 'act' | 'fault' | 'die' | 'rest' | 'deliver' }>): Promise<void> {
    const folders = await this.#folders();
    switch (step.kind) {
      case 'createFolder': {
        const name = at(ownFolders, step.name);
        if (!folders.includes(name)) await this.#other.createFolder(name);
        return;
      }
      case 'renameFolder':
      case 'removeFolder':
      case 'renumber': {
        const own = folders.filter((name) => ownFolders.includes(name));
        const [folder] = own.length === 0 ? [] : [at(own, step.pick)];
        if (folder === undefined) return;
        const to = step.kind === 'renameFolder' ? at(ownFolders, step.name) : folder;
        if (step.kind === 'renameFolder' && (folders.includes(to) || to.startsWith(`${folder}/`))) return;
        const below = own.filter((name) => name.startsWith(`${folder}/`));
        // What is below a folder goes with it, on some servers only; here the outermost are enough.
        if (below.length > 0) return;
        for (const { subject } of await this.#other.messages(folder)) {
          this.#displaced.add(subject);
          if (step.kind === 'removeFolder') this.#removed.add(subject);
        }
        if (step.kind === 'renameFolder') await this.#other.renameFolder(folder, to);
        else if (step.kind === 'removeFolder') await this.#other.removeFolder(folder);
        else await this.#other.renumber(folder);
        return;
      }
      default: {
        const found = await this.#pickMail(folders, step.pick);
        if (found === null) return;
        const { folder, mail } = found;
        if (step.kind === 'flag') {
          this.#flags.get(mail.subject)?.delete(step.flag);
          return this.#other.flag(folder, mail.uid, step.flag, step.isSet);
        }
        this.#displaced.add(mail.subject);
        if (step.kind === 'move') {
          const to = at(folders, step.to);
          if (to !== folder) await this.#other.move(folder, mail.uid, to);
        } else if (step.kind === 'touch') await this.#other.touch(folder, mail.uid);
        else {
          this.#removed.add(mail.subject);
          await this.#other.remove(folder, mail.uid);
        }
      }
    }
  }

  async #act(step: Extract<Step, { kind: 'act' }>): Promise<void> {
    const engine = await this.#alive();
    const folder = step.act === 'move' ? at(await this.#folders(), step.to) : null;
    const acted = await engine.act({ kind: step.act, pick: step.pick, folder });
    // It died of it, or nothing came of it: then nothing was promised.
    for (const name of acted?.messages ?? []) {
      const flag = step.act.endsWith('read') ? '\\Seen' : '\\Flagged';
      if (acted?.folder !== null && acted?.folder !== undefined) this.#places.set(name, acted.folder);
      else if (['read', 'unread', 'star', 'unstar'].includes(step.act))
        this.#flags.set(name, (this.#flags.get(name) ?? new Map()).set(flag, !step.act.startsWith('un')));
    }
  }

  /** Folders that hold mail. */
  async #folders(): Promise<readonly string[]> {
    const folders = await this.#other.folders();
    return folders.filter((name) => !['Calendar', 'Contacts', 'Drafts'].includes(name));
  }

  async #pickMail(
    folders: readonly string[],
    pick: number,
  ): Promise<{ readonly folder: string; readonly mail: PlacedMail } | null> {
    const all: { readonly folder: string; readonly mail: PlacedMail }[] = [];
    for (const folder of folders)
      for (const mail of await this.#other.messages(folder)) all.push({ folder, mail });
    return all[pick % Math.max(1, all.length)] ?? null;
  }

  /** Lets the engine come to rest, and compares. What is different is looked at again, in case it had not seen it yet. */
  async #rest(): Promise<void> {
    let found: readonly string[] = [];
    for (let round = 1; round <= 3; round += 1) {
      const rested = await this.#restOnce();
      if (rested !== null) throw new Error(`No rest: ${rested}`);
      const { found: different, server } = await differences(this.#mailbox, [...this.#sources.values()]);
      found = [...different, ...this.#lost(server)];
      if (found.length === 0) break;
    }
    const half = this.#mailbox.read(halfMessages);
    if (found.length + half.length > 0) throw new Error(['At rest', ...found, ...half].join('\n  '));
  }

  /** Why it found no rest; null: it did. */
  async #restOnce(): Promise<string | null> {
    for (;;) {
      const rested = await (await this.#alive()).rest(restMs);
      if (rested !== null) return rested.reason;
    }
  }

  /** Mails that are gone or there twice, and wishes of the person that the server does not know of. */
  #lost(server: readonly WitnessedMail[]): readonly string[] {
    const places = Map.groupBy(server, ({ source }) => nameOf(source));
    const found: string[] = [];
    for (const name of this.#sources.keys()) {
      const count = places.get(name)?.length ?? 0;
      if (count !== (this.#removed.has(name) ? 0 : 1)) found.push(`${name} is on the server ${count} times`);
    }
    for (const [name, wishes] of this.#flags)
      for (const [flag, isSet] of wishes)
        for (const mail of places.get(name) ?? [])
          if (mail.flags.includes(flag) !== isSet)
            found.push(`${name} was to be ${isSet ? '' : 'not '}${flag}: ${mail.flags.join(' ')}`);
    for (const [name, folder] of this.#places) {
      const [mail] = places.get(name) ?? [];
      if (!this.#displaced.has(name) && lasting.includes(folder) && mail?.folder !== folder)
        found.push(`${name} was to be in ${folder}: ${mail?.folder}`);
    }
    return found;
  }
}

const at = <T>(from: readonly T[], index: number): T => from[index % from.length] as T;
