import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

export function compress(content: Uint8Array | string): Buffer {
  return zstdCompressSync(typeof content === 'string' ? Buffer.from(content, 'utf8') : content);
}

export function decompress(content: Uint8Array): Buffer {
  return zstdDecompressSync(content);
}
