export interface StructuredJson {
  readonly encode: (value: unknown) => unknown;
  readonly decode: (value: unknown) => unknown;
}

/**
 * What the structured clone algorithm can carry, as JSON and back. One function without imports, because its source
 * is also run in the page. Unlike the algorithm it refuses cycles.
 */
export function structuredJson(): StructuredJson {
  type Tagged = Readonly<Record<string, unknown>>;
  type Bytes = Uint8Array<ArrayBuffer>;
  const viewTypes: readonly (new (buffer: ArrayBuffer) => ArrayBufferView)[] = [
    Int8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  ];

  function toBase64(bytes: Uint8Array): string {
    if (typeof Buffer !== 'undefined')
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    let text = '';
    for (let start = 0; start < bytes.length; start += 32_768)
      text += String.fromCharCode(...bytes.subarray(start, start + 32_768));
    return btoa(text);
  }

  function fromBase64(text: unknown): Bytes {
    if (typeof Buffer !== 'undefined') return new Uint8Array(Buffer.from(String(text), 'base64'));
    return Uint8Array.from(atob(String(text)), (character) => character.charCodeAt(0));
  }

  function encode(value: unknown, inside: readonly object[]): unknown {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : { $: 'number', value: Object.is(value, -0) ? '-0' : String(value) };
      case 'undefined':
        return { $: 'undefined' };
      case 'bigint':
        return { $: 'bigint', value: String(value) };
      case 'object':
        return value === null ? null : encodeObject(value, inside);
      default:
        throw new Error('An object could not be cloned.');
    }
  }

  function encodeObject(value: object, outer: readonly object[]): unknown {
    if (outer.includes(value)) throw new Error('stand-in: sending a cyclic object is not implemented');
    const inside = [...outer, value];
    if (Array.isArray(value)) return value.map((item) => encode(item, inside));
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      return { $: 'view', type: value.constructor.name, value: toBase64(bytes) };
    }
    if (value instanceof ArrayBuffer) return { $: 'buffer', value: toBase64(new Uint8Array(value)) };
    if (value instanceof Date) return { $: 'date', value: value.getTime() };
    if (value instanceof RegExp) return { $: 'regexp', value: value.source, flags: value.flags };
    if (value instanceof Map)
      return {
        $: 'map',
        value: [...value].map(([key, item]) => [encode(key, inside), encode(item, inside)]),
      };
    if (value instanceof Set) return { $: 'set', value: [...value].map((item) => encode(item, inside)) };
    if (value instanceof Error)
      return { $: 'error', name: value.name, message: value.message, stack: value.stack };
    if (value instanceof Promise || value instanceof WeakMap)
      throw new Error('An object could not be cloned.');
    const plain = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item, inside)]));
    return '$' in plain ? { $: 'object', value: plain } : plain;
  }

  function decode(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(decode);
    return '$' in value ? decodeTagged(value as Tagged) : decodePlain(value);
  }

  function decodePlain(value: object): object {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item)]));
  }

  function decodeTagged(tagged: Tagged): unknown {
    const items = (): unknown[] => (tagged.value as unknown[]).map(decode);
    switch (tagged.$) {
      case 'number':
        return Number(tagged.value);
      case 'bigint':
        return BigInt(String(tagged.value));
      case 'view': {
        const bytes = fromBase64(tagged.value);
        // A Buffer arrives as what it is in the page too.
        const View = viewTypes.find(({ name }) => name === tagged.type);
        return View === undefined ? bytes : new View(bytes.buffer);
      }
      case 'buffer':
        return fromBase64(tagged.value).buffer;
      case 'date':
        return new Date(Number(tagged.value));
      case 'regexp':
        return new RegExp(String(tagged.value), String(tagged.flags));
      case 'map':
        return new Map(items() as [unknown, unknown][]);
      case 'set':
        return new Set(items());
      case 'error':
        return Object.assign(new Error(String(tagged.message)), { name: tagged.name, stack: tagged.stack });
      case 'object':
        return decodePlain(tagged.value as object);
      default:
        return undefined;
    }
  }

  return { encode: (value) => encode(value, []), decode };
}
