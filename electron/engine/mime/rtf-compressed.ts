/* [MS-OXRTFCP]: the compressed RTF of PidTagRtfCompressed. */

const header = 16;
const uncompressed = 0x414c454d;
const dictionarySize = 4096;

/** What every dictionary begins with (section 2.1.2.1). */
const preset = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
  'latin1',
);

/** The RTF in it, at most `maximum` bytes; what comes after damage is left out. */
export function decompressRtf(bytes: Uint8Array, maximum: number): Uint8Array {
  if (bytes.length < header) return new Uint8Array(0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = Math.min(view.getUint32(4, true), maximum);
  if (view.getUint32(8, true) === uncompressed) return bytes.subarray(header, header + size);
  const out = Buffer.alloc(Math.min(size, bytes.length * 18));
  const dictionary = Buffer.alloc(dictionarySize);
  preset.copy(dictionary);
  let write = preset.length;
  let length = 0;
  const put = (byte: number): void => {
    if (length < out.length) out[length] = byte;
    length += 1;
    dictionary[write] = byte;
    write = (write + 1) % dictionarySize;
  };
  let at = header;
  while (at < bytes.length && length < out.length) {
    const control = bytes[at] ?? 0;
    at += 1;
    for (let bit = 0; bit < 8 && at < bytes.length && length < out.length; bit += 1) {
      if ((control & (1 << bit)) === 0) {
        put(bytes[at] ?? 0);
        at += 1;
        continue;
      }
      const token = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      at += 2;
      let from = token >> 4;
      // A reference to the place that is written next ends the data.
      if (from === write) return out.subarray(0, length);
      for (let count = (token & 15) + 2; count > 0; count -= 1) {
        put(dictionary[from] ?? 0);
        from = (from + 1) % dictionarySize;
      }
    }
  }
  return out.subarray(0, Math.min(length, out.length));
}
