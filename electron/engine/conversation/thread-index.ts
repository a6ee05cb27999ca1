import type { EpochMs } from '../../../shared/model/ids.ts';
import type { Random } from '../ports.ts';

/*
 * PidTagConversationIndex, MS-OXOMSG 2.2.1.3: a header of 22 bytes, then a block of 5 bytes for each reply.
 * Header as Exchange writes it today: 01, FILETIME >> 24 in 5 bytes, GUID. Classic Outlook writes FILETIME >> 16 in
 * 6 bytes, whose first byte has been 01 since 1829 and until 2057, so that both read alike.
 */
const headerLength = 22;
const blockLength = 5;
/** A conversation of 400 replies fits. */
const maximumLength = 2048;

/** 100 ns since 1601. */
function fileTime(at: EpochMs): bigint {
  return (BigInt(Math.trunc(at)) + 11_644_473_600_000n) * 10_000n;
}

/** The index of a conversation's first message. `guid`: 16 bytes. */
export function newThreadIndex(at: EpochMs, guid: Uint8Array): Uint8Array {
  const index = Buffer.alloc(headerLength);
  index.writeUIntBE(Number(fileTime(at) >> 16n), 0, 6);
  index.set(guid, 6);
  return new Uint8Array(index);
}

/**
 * The parent's index with one more block. The time in it counts from the block before, as real mail has it; replies
 * written against the sources that count from the header differ only there, and nobody may group by times anyway.
 */
export function childThreadIndex(parent: Uint8Array, now: EpochMs, random: Random): Uint8Array {
  const base = wholeBlocks(parent);
  const difference = fileTime(now) - lastTime(base);
  const positive = difference < 0n ? 0n : difference;
  // Differences of up to about 1.78 years keep more of their low bits.
  const value =
    ((positive >> 32n) & 0x00fe_0000n) === 0n
      ? (positive >> 18n) & 0x7fff_ffffn
      : 0x8000_0000n | ((positive >> 23n) & 0x7fff_ffffn);
  const block = Buffer.alloc(blockLength);
  block.writeUInt32BE(Number(value), 0);
  block.set(random.bytes(1), 4);
  return new Uint8Array(Buffer.concat([base, block]));
}

/** What all messages of a conversation share; null for an index that is none. */
export function threadGuid(index: Uint8Array): string | null {
  return isThreadIndex(index) ? Buffer.from(index.subarray(6, headerLength)).toString('hex') : null;
}

/** MS-OXOMSG 2.2.1.2: at least a header, and its first byte is 01. */
export function isThreadIndex(index: Uint8Array): boolean {
  return index.length >= headerLength && index[0] === 1;
}

/** Without a block that was cut off; the header alone where somebody has let the index grow without end. */
function wholeBlocks(index: Uint8Array): Uint8Array {
  if (index.length > maximumLength) return index.subarray(0, headerLength);
  return index.subarray(0, index.length - ((index.length - headerLength) % blockLength));
}

/** The time that the last block stands for, in 100 ns since 1601. */
function lastTime(index: Uint8Array): bigint {
  const bytes = Buffer.from(index.buffer, index.byteOffset, index.byteLength);
  let time = BigInt(bytes.readUIntBE(0, 6)) << 16n;
  for (let at = headerLength; at + blockLength <= bytes.length; at += blockLength) {
    const value = BigInt(bytes.readUInt32BE(at));
    time += (value & 0x8000_0000n) === 0n ? value << 18n : (value & 0x7fff_ffffn) << 23n;
  }
  return time;
}
