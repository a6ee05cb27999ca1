import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from './charset.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

describe('decodeText', () => {
  it.each([
    ['utf-8', hex('c3a4'), 'ä'],
    ['UTF8', hex('efbbbf 41'), 'A'],
    ['"utf-8"', hex('e282ac'), '€'],
    ['utf-7', latin1('Hi Mom +Jjo--! A+-B'), 'Hi Mom ☺-! A+B'],
    ['unicode-1-1-utf-7', latin1('+ZeVnLIqe-'), '日本語'],
    ['utf-16', hex('feff 00e4'), 'ä'],
    ['utf-16', hex('0041 0042'), 'AB'],
    ['utf-16le', hex('4100 e400'), 'Aä'],
    ['utf-32', hex('0001f600'), '😀'],
    ['utf-32le', hex('41000000'), 'A'],
    ['iso-8859-1', hex('93e4 80'), '“ä€'],
    ['iso-8859-15', hex('a4'), '€'],
    ['ISO_8859-2:1987', hex('b1'), 'ą'],
    ['iso-8859-8-i', hex('e0'), 'א'],
    ['cp1250', hex('9a'), 'š'],
    ['windows-1251', hex('ec e8 f0'), 'мир'],
    ['Windows1256', hex('c7'), 'ا'],
    ['cp-850', hex('84'), 'ä'],
    ['ibm437', hex('84e1'), 'äß'],
    ['cp858', hex('d5'), '€'],
    ['koi8-r', hex('cdc9d2'), 'мир'],
    ['x-mac-cyrillic', hex('80'), 'А'],
    ['tis-620', hex('a1'), 'ก'],
    ['gb2312', hex('c4e3bac3'), '你好'],
    ['x-gbk', hex('8140'), '丂'],
    ['gb18030', hex('8130 8130'), '\u0080'],
    ['hz-gb-2312', latin1('~{VPND~} ~~'), '中文 ~'],
    ['big5', hex('a7da'), '我'],
    ['cp950', hex('a7da'), '我'],
    ['iso-2022-cn', latin1('\x1b$)A\x0eVPND\x0f.'), '中文.'],
    ['shift_jis', hex('93fa967b'), '日本'],
    ['x-sjis', hex('b1'), 'ｱ'],
    ['euc-jp', hex('c6fccbdc'), '日本'],
    ['iso-2022-jp', latin1('\x1b$BF|K\\\x1b(B!'), '日本!'],
    ['iso-2022-jp-1', latin1('\x1b$(D0!\x1b(B'), '丂'],
    ['iso-2022-jp-2', latin1('\x1b$(C0!\x1b$AVP\x1b(B\x1b.A\x1bNd'), '가中ä'],
    ['cp50220', latin1('\x1b(I12\x1b(B'), 'ｱｲ'],
    ['euc-kr', hex('b0a1'), '가'],
    ['ks_c_5601-1987', hex('b0a1'), '가'],
    ['cp949', hex('8141'), '갂'],
    ['iso-2022-kr', latin1('\x1b$)C\x0e0!\x0f!'), '가!'],
  ])('reads %s', (label, bytes, text) => {
    expect(decodeText(bytes, label)).toBe(text);
  });

  it.each([
    ['UTF-8 under another name', 'iso-8859-1', hex('c3a4c3b6'), 'äö'],
    ['UTF-8 without a name', null, hex('c3a4'), 'ä'],
    ['Windows-1252 under the name of UTF-8', 'utf-8', hex('e4f6'), 'äö'],
    ['Windows-1252 under the name of ASCII', 'us-ascii', hex('e4'), 'ä'],
    ['UTF-8 that was cut within a character', 'utf-8', hex('c3a4 e282'), 'ä\ufffd'],
    ['ISO-2022-JP without a name', null, latin1('\x1b$BF|K\\\x1b(B'), '日本'],
    ['Shift_JIS under the name of ISO-2022-JP', 'iso-2022-jp', hex('83748340 8343 838b'), 'ファイル'],
    ['EUC-JP under the name of ISO-2022-JP', 'iso-2022-jp', hex('a4a2a4ab'), 'あか'],
    ['UTF-8 under the name of Big5', 'big5', Buffer.from('日本', 'utf8'), '日本'],
    ['a charset that does not exist', 'x-unknown', hex('e4'), 'ä'],
    ['a charset that is nothing', 'none', hex('e4'), 'ä'],
  ])('reads %s', (_what, label, bytes, text) => {
    expect(decodeText(new Uint8Array(bytes), label)).toBe(text);
  });

  it('takes the charset of the rest of the mail where bytes have none', () => {
    expect(decodeText(hex('ece8f0'), null, 'windows-1251')).toBe('мир');
    expect(decodeText(hex('ece8f0'), 'us-ascii', 'windows-1251')).toBe('мир');
  });

  it('reads any bytes under any name, into no more than two characters a byte', () => {
    const label = fc.oneof(
      fc.constantFrom('utf-7', 'utf-16', 'utf-32', 'iso-2022-jp', 'iso-2022-kr', 'hz', 'gb18030', 'cp437'),
      fc.string({ maxLength: 80 }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), label, (bytes, name) => {
        expect(decodeText(bytes, name).length).toBeLessThanOrEqual(2 * bytes.length + 2);
      }),
      { numRuns: 500 },
    );
  });

  it('reads back what UTF-7 can write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const units = Buffer.from(text, 'utf16le').swap16().toString('base64').replaceAll('=', '');
        expect(decodeText(latin1(text === '' ? '' : `+${units}-`), 'utf-7')).toBe(text);
      }),
    );
  });
});
