import { TextDecoder } from 'node:util';

/*
 * Code page 949 ("unified Hangul"), which mail calls ks_c_5601-1987: EUC-KR with the 8,822 syllables that it lacks, in
 * the order of Unicode, at the places that it leaves free. Node's decoder of EUC-KR has no more than EUC-KR.
 */
const firstSyllable = 0xac00;
const lastSyllable = 0xd7a3;
const inEucKr = new TextDecoder('euc-kr');
let added: ReadonlyMap<number, string> | null = null;

/** Text in code page 949. */
export function decodeKorean(bytes: Uint8Array): string {
  added ??= addedSyllables();
  const pieces: string[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x81) continue;
    const syllable = added.get((lead << 8) | (bytes[at + 1] ?? 0));
    if (syllable !== undefined) {
      if (start < at) pieces.push(inEucKr.decode(bytes.subarray(start, at)));
      pieces.push(syllable);
      start = at + 2;
    }
    at += 1;
  }
  pieces.push(inEucKr.decode(bytes.subarray(start)));
  return pieces.join('');
}

function addedSyllables(): ReadonlyMap<number, string> {
  const known = new Set<string>();
  for (let lead = 0xb0; lead <= 0xc8; lead += 1)
    for (let trail = 0xa1; trail <= 0xfe; trail += 1) known.add(inEucKr.decode(Uint8Array.of(lead, trail)));
  const places = freePlaces();
  const syllables = new Map<number, string>();
  for (let point = firstSyllable; point <= lastSyllable; point += 1) {
    const syllable = String.fromCharCode(point);
    const place = known.has(syllable) ? undefined : places.next().value;
    if (place !== undefined) syllables.set(place, syllable);
  }
  return syllables;
}

/** Trail bytes are letters or above 0x80; the rows that EUC-KR has are free below its own trail bytes only. */
function* freePlaces(): Generator<number, undefined> {
  for (let lead = 0x81; lead <= 0xc6; lead += 1)
    for (let trail = 0x41; trail <= (lead <= 0xa0 ? 0xfe : 0xa0); trail += 1) {
      const isLetter = trail <= 0x5a || (trail >= 0x61 && trail <= 0x7a);
      if (isLetter || trail >= 0x81) yield (lead << 8) | trail;
    }
}
