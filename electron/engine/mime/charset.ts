import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { decodeKorean } from './charset-korean.ts';
import { decodeIso2022, decodeUtf7, hasIso2022Escape, hzAsIso2022 } from './charset-seven-bit.ts';

/** Code page numbers as Windows, IBM and TNEF write them, and what the Encoding Standard calls them. */
const codePages: Readonly<Record<string, string>> = {
  437: 'cp437',
  850: 'cp850',
  852: 'cp852',
  858: 'cp858',
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gb18030',
  949: 'euc-kr',
  950: 'big5',
  1200: 'utf-16le',
  1201: 'utf-16be',
  10000: 'macintosh',
  10007: 'x-mac-cyrillic',
  12000: 'utf-32le',
  12001: 'utf-32be',
  20127: 'us-ascii',
  20866: 'koi8-r',
  20932: 'euc-jp',
  20936: 'gb18030',
  20949: 'euc-kr',
  21866: 'koi8-u',
  38598: 'iso-8859-8-i',
  50220: 'iso-2022-jp',
  50221: 'iso-2022-jp',
  50222: 'iso-2022-jp',
  50225: 'iso-2022-kr',
  50227: 'iso-2022-cn',
  51932: 'euc-jp',
  51936: 'gb18030',
  51949: 'euc-kr',
  52936: 'hz-gb-2312',
  54936: 'gb18030',
  65000: 'utf-7',
  65001: 'utf-8',
};

/** Names without separators that no rule below makes into one of the Encoding Standard. */
const aliases: Readonly<Record<string, string>> = {
  big5eten: 'big5',
  big5hkscs: 'big5-hkscs',
  cngb: 'gb18030',
  euccn: 'gb18030',
  eucgb2312cn: 'gb18030',
  eucjp: 'euc-jp',
  eucjpms: 'euc-jp',
  eucjpwin: 'euc-jp',
  euckr: 'euc-kr',
  gb180302000: 'gb18030',
  gb180302005: 'gb18030',
  gb2312: 'gb18030',
  gb231280: 'gb18030',
  gbk: 'gb18030',
  hz: 'hz-gb-2312',
  hzgb2312: 'hz-gb-2312',
  iso10646ucs2: 'utf-16be',
  iso10646ucs4: 'utf-32be',
  johab: 'euc-kr',
  ksc5601: 'euc-kr',
  ksc56011987: 'euc-kr',
  ksc56011989: 'euc-kr',
  latin9: 'iso-8859-15',
  mskanji: 'shift_jis',
  shiftjis: 'shift_jis',
  shiftjis2004: 'shift_jis',
  sjis: 'shift_jis',
  tis620: 'windows-874',
  ucs2: 'utf-16be',
  ucs4: 'utf-32be',
  uhc: 'euc-kr',
  unicode11utf7: 'utf-7',
  unicode20utf7: 'utf-7',
  utf16: 'utf-16',
  utf32: 'utf-32',
  utf7: 'utf-7',
  utf8: 'utf-8',
  utf8mb4: 'utf-8',
  windows31j: 'shift_jis',
};

/** The upper halves of the DOS code pages that old mail programs and reports still use. */
const dosPages: Readonly<Record<string, string>> = {
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  cp852:
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
};
/** Of the bytes 80 to 9F. Some releases of Node take Windows-1252 for ISO-8859-1, which has nothing there. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const dosPage = (name: string): string | undefined =>
  name === 'cp858' ? dosPages.cp850?.replace('ı', '€') : dosPages[name];

/** Charsets that are written on mail without having been looked at: what the bytes say counts more. */
const isCarelessLabel = /^(?:us-ascii|utf-8|iso-8859-1|windows-1252)$/;

/**
 * What the bytes say. `label` is what their mail claims (null: nothing); it is believed unless the bytes cannot be that
 * or it is a default that mail programs write without looking. `fallback` is tried where the label says nothing.
 * Never throws.
 */
export function decodeText(bytes: Uint8Array, label: string | null, fallback: string | null = null): string {
  const name = charsetNamed(label) ?? charsetNamed(fallback);
  if (isPlainAscii(bytes) && name !== 'utf-7' && name !== 'hz-gb-2312')
    return hasIso2022Escape(bytes) ? decodeIso2022(bytes) : latin1(bytes);
  const marked = byteOrderMark(bytes);
  if (marked !== null) return decodeAs(bytes, marked);
  if (name === null || isCarelessLabel.test(name)) return decodeUnlabelled(bytes, name, fallback);
  const text = decodeAs(bytes, name);
  // A charset that its bytes contradict was only claimed.
  return text.includes('\ufffd') && isUtf8(bytes) ? decodeAs(bytes, 'utf-8') : text;
}

/** The charset of a Windows code page number. */
export function codePageCharset(codePage: number): string | null {
  return charsetNamed(`cp${codePage}`);
}

function decodeUnlabelled(bytes: Uint8Array, name: string | null, fallback: string | null): string {
  if (isUtf8(bytes)) return decodeAs(bytes, 'utf-8');
  const other = charsetNamed(fallback);
  if (name === 'utf-8' || name === 'us-ascii' || name === null) {
    const text = decodeAs(bytes, 'utf-8');
    // UTF-8 that was cut within a character or damaged at a few places has other characters that are right.
    if (name === 'utf-8' && /[\u0080-\ufffc]/.test(text)) return text;
    return decodeAs(bytes, other === null || isCarelessLabel.test(other) ? 'windows-1252' : other);
  }
  return decodeAs(bytes, name);
}

/** EUC-JP and Shift_JIS under the name of ISO-2022-JP: they have no escapes. */
function decodeOtherJapanese(bytes: Uint8Array): string {
  const texts = ['utf-8', 'euc-jp', 'shift_jis'].map((name) => decodeAs(bytes, name));
  // The decoder of EUC-JP takes what it does not know for control characters.
  return texts.find((text) => !/[\ufffd\u0080-\u009f]/.test(text)) ?? texts[1] ?? '';
}

function decodeAs(bytes: Uint8Array, name: string): string {
  if (name === 'utf-7') return decodeUtf7(latin1(bytes));
  if (name === 'hz-gb-2312') return decodeIso2022(hzAsIso2022(bytes));
  if (name === 'iso-2022-jp' && !hasIso2022Escape(bytes)) return decodeOtherJapanese(bytes);
  if (name.startsWith('iso-2022-')) return decodeIso2022(bytes);
  if (name === 'utf-16') return decodeAs(bytes, zerosComeFirst(bytes) ? 'utf-16be' : 'utf-16le');
  if (name === 'euc-kr') return decodeKorean(bytes);
  if (name.startsWith('utf-32')) return decodeUtf32(bytes, name !== 'utf-32le');
  if (/^(?:windows-1252|iso-8859-1|us-ascii)$/.test(name))
    return latin1(bytes).replace(/[\u0080-\u009f]/g, (byte) => windows1252[byte.charCodeAt(0) - 128] ?? byte);
  const page = dosPage(name);
  if (page !== undefined)
    return latin1(bytes).replace(/[\u0080-\u00ff]/g, (byte) => page[byte.charCodeAt(0) - 128] ?? byte);
  return decoderOf(name)?.decode(bytes) ?? latin1(bytes);
}

const decoders = new Map<string, TextDecoder | null>();

function decoderOf(name: string): TextDecoder | null {
  const known = decoders.get(name);
  if (known !== undefined) return known;
  let decoder: TextDecoder | null = null;
  try {
    decoder = new TextDecoder(name);
  } catch {
    // A name that a mail has made up: not remembered, so that no mail can fill the memory with names.
    return null;
  }
  decoders.set(name, decoder);
  return decoder;
}

/** What TextDecoder or this module calls it; null for "unknown-8bit", "none" and other names of nothing. */
function charsetNamed(label: string | null): string | null {
  if (label === null || label.length > 60) return null;
  const plain = label
    .trim()
    .toLowerCase()
    .replace(/^["']+|["']+$/g, '')
    .replace(/\*.*$|:\d{4}$/g, '');
  const bare = plain.replace(/^(?:x-ms-|x-x-|x-|cs)/, '').replace(/[^a-z0-9]/g, '');
  const page = /^(?:cp|windows|win|ms|ibm|microsoftcp|codepage)?(\d{3,5})$/.exec(bare)?.[1];
  if (page !== undefined) {
    const windows = /^125\d$/.test(page) ? `windows-${page}` : undefined;
    const iso = /^286(?:0[0-5]|9\d)$|^2859[1-9]$/.test(page) ? `iso-8859-${Number(page) - 28590}` : undefined;
    const found = codePages[page] ?? windows ?? iso;
    if (found !== undefined) return found;
  }
  const iso = /^iso8859(\d{1,2})([ei]?)$/.exec(bare);
  if (iso !== null && Number(iso[1]) >= 1 && Number(iso[1]) <= 16)
    return iso[1] === '8' && iso[2] === 'i' ? 'iso-8859-8-i' : `iso-8859-${iso[1]}`;
  if (bare === 'ascii' || bare === 'usascii' || bare === 'ansix341968') return 'us-ascii';
  if (bare.startsWith('iso2022')) return `iso-2022-${bare.slice(7, 9)}`;
  if (/^utf(?:16|32)[lb]e$/.test(bare)) return `${bare.slice(0, 3)}-${bare.slice(3)}`;
  const alias = aliases[bare];
  if (alias !== undefined) return alias;
  return [plain, bare].find((name) => name !== 'x-user-defined' && decoderOf(name) !== null) ?? null;
}

function byteOrderMark([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

/** UTF-16 without a byte order mark: text has more zeros in the bytes that come first in its byte order. */
function zerosComeFirst(bytes: Uint8Array): boolean {
  let balance = 0;
  for (const [at, byte] of bytes.subarray(0, 4096).entries())
    if (byte === 0) balance += at % 2 === 0 ? 1 : -1;
  return balance > 0;
}

function decodeUtf32(bytes: Uint8Array, isBigEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pieces: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, !isBigEndian);
    pieces.push(point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd');
  }
  return pieces.join('').replace(/^\ufeff/, '');
}

function isPlainAscii(bytes: Uint8Array): boolean {
  // UTF-16 of ASCII text is ASCII, with zeros.
  return isAscii(bytes) && !bytes.includes(0);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
