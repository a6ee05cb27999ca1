import type { Address } from '../../../../shared/model/address.ts';
import type { EpochMs } from '../../../../shared/model/ids.ts';

/** How one has to do with somebody; whoever one writes to is wanted sooner than whoever writes. */
export type Acquaintance = 'identity' | 'wroteTo' | 'heardFrom' | 'seen';

const weights: Readonly<Record<Acquaintance, number>> = { identity: 2, wroteTo: 6, heardFrom: 2, seen: 1 };

interface Entry {
  address: Address;
  /** The newest name counts: people marry. */
  namedAt: EpochMs;
  uses: number;
  lastAt: EpochMs;
  /** Its words, folded, each behind a blank; made when it is looked at first. */
  words: string | null;
  initials: string;
}

/** Everybody that an account has to do with, found by the beginnings of words, by initials, and without accents. */
export class AddressBook {
  readonly #entries = new Map<string, Entry>();

  note(address: Address, how: Acquaintance, at: EpochMs): void {
    const key = address.address.trim().toLowerCase();
    if (!key.includes('@') || (how !== 'wroteTo' && isMachine.test(key))) return;
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#entries.set(key, {
        address: { name: address.name.trim(), address: address.address.trim() },
        namedAt: at,
        uses: weights[how],
        lastAt: at,
        words: null,
        initials: '',
      });
      return;
    }
    entry.uses += weights[how];
    entry.lastAt = Math.max(entry.lastAt, at);
    const name = address.name.trim();
    if (name !== '' && (at >= entry.namedAt || entry.address.name === '') && name !== entry.address.name) {
      entry.address = { ...entry.address, name };
      entry.namedAt = at;
      entry.words = null;
    }
  }

  /** The most likely first. Every word of the query has to begin one of theirs, or the query their initials. */
  find(query: string, most: number): readonly Address[] {
    const tokens = fold(query).match(/[^\s,;<>"()]+/g) ?? [];
    if (tokens.length === 0) return [];
    const wanted = tokens.map((token) => ` ${token}`);
    const initials = tokens.length === 1 && (tokens[0]?.length ?? 0) >= 2 ? tokens[0] : undefined;
    const found: { readonly address: Address; readonly rank: number }[] = [];
    for (const entry of this.#entries.values()) {
      const words = entry.words ?? readWords(entry);
      const isByWords = wanted.every((token) => words.includes(token));
      if (!isByWords && (initials === undefined || !entry.initials.startsWith(initials))) continue;
      const rank = Math.log2(1 + entry.uses) + (isByWords ? 4 : 0) + entry.lastAt / halfYear;
      const last = found[most - 1];
      if (last !== undefined && last.rank >= rank) continue;
      const place = found.findIndex((other) => other.rank < rank);
      found.splice(place < 0 ? found.length : place, 0, { address: entry.address, rank });
      if (found.length > most) found.pop();
    }
    return found.map(({ address }) => address);
  }
}

/** Half a year without a word counts as much as half of the mails. */
const halfYear = 182 * 24 * 60 * 60_000;
/** Nobody writes to them. */
const isMachine = /^(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?)\b/;

function readWords(entry: Entry): string {
  const { name, address } = entry.address;
  const names = fold(name).match(/[\p{L}\p{N}]+/gu) ?? [];
  const folded = fold(address);
  const parts = folded.match(/[\p{L}\p{N}]+/gu) ?? [];
  entry.initials = names.map((word) => word[0]).join('');
  entry.words = ` ${[...names, folded, ...parts].join(' ')}`;
  return entry.words;
}

/** Lower case without accents, as people type who do not have them. */
function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøł]/g, (letter) => ({ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l' })[letter] ?? letter);
}
