/** Longer names are refused by file systems; the extension is kept. In UTF-8 bytes. */
const maximumBytes = 200;

/** Names that Windows takes for devices, whatever follows the first dot. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)$/i;

/**
 * Invisible, and able to make "invoice\u202Efdp.exe" look like "invoiceexe.pdf": control and format characters, which
 * include the bidirectional ones (Trojan Source, CVE-2021-42574), fillers that look like nothing, and private use.
 */
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Look like a dot or a slash, so that a second extension or a folder hides behind them. */
const dotLike = /[\u0701\u0702\u2024\ua4f8\ufe52\uff0e\u{10a50}\u{1d16d}]/gu;
const slashLike = /[\u2044\u2215\u2571\u29f8\u29f5\u29f9\ufe68\uff0f\uff3c\u2216]/gu;

/**
 * A name under which an attachment can be shown and saved anywhere: one component of a path, without what is invisible
 * or only looks like a dot or a slash, none that Windows reserves, not too long. Empty when nothing is left of it.
 */
export function safeFileName(name: string): string {
  const visible = name.toWellFormed().normalize('NFC').replace(/\s/gu, ' ').replace(invisible, '');
  const plain = visible.replace(dotLike, '.').replace(slashLike, '_');
  const component = plain.split(/[/\\]/).findLast((part) => part.trim() !== '') ?? '';
  const allowed = component
    .replace(/[<>:"|?*]/g, '_')
    // A long gap pushes the true extension out of sight.
    .replace(/ {2,}/g, ' ')
    .replace(/^ +|[. ]+$/g, '')
    // A file that begins with a dot is hidden.
    .replace(/^\.+/, '_.')
    // So does one before the dot.
    .replace(/ +\./g, '.');
  const [stem = ''] = allowed.split('.');
  return shortened(deviceName.test(stem.trim()) ? `_${allowed}` : allowed);
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= maximumBytes) return name;
  const extension = /\.[^. ]{1,20}$/u.exec(name)?.[0] ?? '';
  const room = maximumBytes - Buffer.byteLength(extension);
  let stem = '';
  let length = 0;
  for (const character of name.slice(0, name.length - extension.length)) {
    length += Buffer.byteLength(character);
    if (length > room) break;
    stem += character;
  }
  return `${stem.trimEnd()}${extension}`;
}
