/** The value of a MAPI property, as far as a mail needs it. Eight-bit strings are in the charset of their message. */
export type MapiValue =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array };

/** By property id. Named properties are left out: none of them is read. */
export type MapiProperties = ReadonlyMap<number, MapiValue>;

const maximumProperties = 5000;
const maximumValues = 5000;
const multiValue = 0x1000;
const firstNamed = 0x8000;
/** Of types whose values have one size ([MS-OXCDATA] 2.11.1). In bytes, padded to four. */
const fixedSizes: Readonly<Record<number, number>> = {
  1: 4,
  2: 4,
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  10: 4,
  11: 4,
  20: 8,
  64: 8,
  72: 16,
};
const types = { long: 3, boolean: 11, short: 2, object: 13, string8: 30, unicode: 31, binary: 258 } as const;

class OutOfData extends Error {}

/** [MS-OXTNEF] 2.1.3.4: stops where the bytes stop making sense, and keeps what came before. */
export function readMapiProperties(bytes: Uint8Array): MapiProperties {
  const properties = new Map<number, MapiValue>();
  const reader = new Reader(bytes);
  try {
    const count = Math.min(reader.number(), maximumProperties);
    for (let index = 0; index < count; index += 1) {
      const tag = reader.number();
      const id = tag >>> 16;
      const type = tag & 0xffff;
      if (id >= firstNamed) skipName(reader);
      const value = readValue(reader, type);
      if (value !== null && id < firstNamed && !properties.has(id)) properties.set(id, value);
    }
  } catch (error) {
    if (!(error instanceof OutOfData)) throw error;
  }
  return properties;
}

function skipName(reader: Reader): void {
  reader.take(16);
  if (reader.number() === 0) reader.take(4);
  else reader.padded(reader.number());
}

function readValue(reader: Reader, taggedType: number): MapiValue | null {
  const type = taggedType & ~multiValue;
  const size = fixedSizes[type];
  const isMany = (taggedType & multiValue) !== 0;
  if (size !== undefined) {
    const count = isMany ? reader.number() : 1;
    const value = reader.take(size * count);
    if (type !== types.long && type !== types.short && type !== types.boolean) return null;
    return value.length < 4 ? null : { kind: 'number', value: new Reader(value).number() };
  }
  if (type !== types.string8 && type !== types.unicode && type !== types.binary && type !== types.object)
    throw new OutOfData();
  // Values of a variable size are always counted, even when there is one.
  const count = Math.min(reader.number(), maximumValues);
  let first: Uint8Array | null = null;
  for (let index = 0; index < count; index += 1) {
    const value = reader.padded(reader.number());
    first ??= value;
  }
  if (first === null) return null;
  return type === types.unicode ? { kind: 'text', value: unicode(first) } : { kind: 'bytes', value: first };
}

function unicode(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf16le');
  return text.replace(/\0[\s\S]*$/, '');
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  number(): number {
    const bytes = this.take(4);
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new OutOfData();
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  /** Values are filled up to four bytes; the last one of a property list may not be. */
  padded(length: number): Uint8Array {
    const value = this.take(length);
    this.#at += (4 - (length % 4)) % 4;
    return value;
  }
}
