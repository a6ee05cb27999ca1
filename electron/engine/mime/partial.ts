import type { ToldPart } from '../mail/types.ts';
import { type Part, readStructure } from './structure.ts';

export interface FetchedPart {
  /** MIME header of the entity. */
  readonly header: Uint8Array;
  /** Null: it was left out. */
  readonly body: Uint8Array | null;
}

const noBytes = new Uint8Array(0);

/** The structure of a message of which not every body was fetched. `header`: of the message. */
export function assemble(
  told: ToldPart,
  header: Uint8Array,
  fetched: (section: string) => FetchedPart | null,
): Part {
  const build = (part: ToldPart, own: Uint8Array | null): Part => {
    if (part.children.length > 0) {
      const multipart = readStructure(own ?? Buffer.from(`Content-Type: ${part.type}\n\n`));
      return { ...multipart, type: part.type, children: part.children.map((child) => build(child, null)) };
    }
    const given = fetched(part.section);
    const body = given?.body ?? null;
    const head = own ?? given?.header ?? noBytes;
    const isTold = head.length > 0;
    const entity = readStructure(joined(isTold ? head : Buffer.from(`Content-Type: ${part.type}`), body));
    return body === null ? { ...entity, children: [], absentSize: part.size } : entity;
  };
  return build(told, header);
}

/** A header ends with an empty line, which some servers forget. */
function joined(header: Uint8Array, body: Uint8Array | null): Uint8Array {
  const head = Buffer.from(header)
    .toString('latin1')
    .replace(/[\r\n]*$/, '');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), body ?? noBytes]);
}

/**
 * The structure of a message of which only the first bytes were fetched: its last part is left out. Null when they end
 * within a text that is shown. `rest`: about how many bytes are missing.
 */
export function readCut(source: Uint8Array, rest: number): Part | null {
  const root = readStructure(source);
  const cut = (part: Part): Part | null => {
    const last = part.children.at(-1);
    if (last !== undefined) {
      const child = cut(last);
      return child === null ? null : { ...part, children: [...part.children.slice(0, -1), child] };
    }
    if (/^(text|multipart)\//.test(part.type) && part.disposition.value !== 'attachment') return null;
    return { ...part, body: noBytes, absentSize: part.body.length + Math.max(0, rest) };
  };
  return cut(root);
}
