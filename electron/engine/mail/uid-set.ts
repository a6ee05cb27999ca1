/** Exchange takes command lines of up to 10,240 bytes (Set-ImapSettings); this leaves room for the rest of one. */
const longestSet = 8000;

/**
 * Writes UIDs as IMAP sequence sets ("1:3,7"), ascending, each short enough for one command line
 * (RFC 9051 section 9, sequence-set).
 */
export function uidSets(uids: readonly number[]): readonly string[] {
  const sets: string[] = [];
  let current = '';
  for (const range of ranges([...new Set(uids)].sort((a, b) => a - b))) {
    if (current.length + range.length + 1 > longestSet) {
      sets.push(current);
      current = '';
    }
    current = current === '' ? range : `${current},${range}`;
  }
  return current === '' ? sets : [...sets, current];
}

function* ranges(ascending: readonly number[]): Generator<string> {
  let first: number | null = null;
  let last = 0;
  for (const uid of ascending) {
    if (first !== null && uid === last + 1) {
      last = uid;
      continue;
    }
    if (first !== null) yield first === last ? `${first}` : `${first}:${last}`;
    first = uid;
    last = uid;
  }
  if (first !== null) yield first === last ? `${first}` : `${first}:${last}`;
}
