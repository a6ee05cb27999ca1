import type { Quirk } from './quirk.ts';
import { textOf } from './wire.ts';

/** A message, or a part of one, that a client was given. */
export interface GivenBody {
  /** As the client named it. */
  readonly folder: string;
  readonly uid: number;
  readonly bytes: number;
}

/** Changes nothing, and notes every message, and every part of one, that goes over the wire. To be the last of the quirks. */
export function bodyLog(): { readonly quirk: Quirk; readonly given: GivenBody[] } {
  const given: GivenBody[] = [];
  const quirk: Quirk = {
    name: 'bodyLog',
    source: 'no quirk: an observer',
    response: (line, { folder }) => {
      const [, uid] = /^\* \d+ FETCH \(.*\bUID (\d+)/.exec(textOf(line)) ?? [];
      const index = line.pieces.findIndex(
        (piece) => typeof piece === 'string' && /BODY\[(?!HEADER)[^\]]*\](?:<\d+>)? \{/.test(piece),
      );
      const body = index < 0 ? undefined : line.pieces[index + 1];
      if (uid !== undefined && folder !== null && typeof body === 'object')
        given.push({ folder, uid: Number(uid), bytes: body.length });
      return line;
    },
  };
  return { quirk, given };
}
