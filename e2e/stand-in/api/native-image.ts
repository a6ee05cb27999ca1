import { readFileSync } from 'node:fs';
import type * as Electron from 'electron';
import { asElectron, guard } from '../host/guard.ts';

const pngHeader = 'iVBORw0KGgo';

/** A PNG that nobody looks into. */
function createImage(png: Buffer): Electron.NativeImage {
  const api = {
    isEmpty: () => png.length === 0,
    toPNG: () => png,
    toDataURL: () => `data:image/png;base64,${png.toString('base64')}`,
    // PNG, section 11.2.2: the header chunk comes first.
    getSize: () =>
      png.length < 24
        ? { width: 0, height: 0 }
        : { width: png.readUInt32BE(16), height: png.readUInt32BE(20) },
    setTemplateImage: () => {},
    isTemplateImage: () => false,
  } satisfies Partial<Electron.NativeImage>;
  return asElectron<Electron.NativeImage>(guard('nativeImage', api));
}

export function createFromBuffer(buffer: Buffer): Electron.NativeImage {
  if (buffer.length > 0 && !buffer.toString('base64', 0, 8).startsWith(pngHeader.slice(0, 10)))
    throw new Error('stand-in: nativeImage of anything but a PNG is not implemented');
  return createImage(buffer);
}

export const nativeImage = guard('nativeImage', {
  createEmpty: () => createImage(Buffer.alloc(0)),
  createFromBuffer: (buffer) => createFromBuffer(buffer),
  createFromPath: (path) => createFromBuffer(readFileSync(path)),
  createFromDataURL: (url) => createFromBuffer(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
} satisfies Partial<typeof Electron.nativeImage>);
