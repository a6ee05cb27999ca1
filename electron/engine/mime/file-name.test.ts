import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeFileName } from './file-name.ts';

describe('safeFileName', () => {
  it.each([
    ['Angebot für Mai.pdf', 'Angebot für Mai.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\system32\\cmd.exe', 'cmd.exe'],
    ['..', ''],
    ['a/', 'a'],
    ['.bashrc', '_.bashrc'],
    ['a\u0000b\r\n\u001b.txt', 'ab .txt'.replace(' ', '')],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['re\u200bport\u00ad.pdf', 'report.pdf'],
    ['invoice.pdf\u3164\u3164\u3164.exe', 'invoice.pdf.exe'],
    ['invoice.pdf                                   .exe', 'invoice.pdf.exe'],
    ['invoice.pdf\u00a0\u2003 .exe', 'invoice.pdf.exe'],
    ['invoice\u2024pdf.exe', 'invoice.pdf.exe'],
    ['a\u2215b\uff3cc.txt', 'a_b_c.txt'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['lpt¹.doc', '_lpt¹.doc'],
    ['COM1 .txt', '_COM1.txt'],
    ['a<b>:"|?*.txt', 'a_b______.txt'],
    ['file.txt. . .', 'file.txt'],
    ['a.txt:stream', 'a.txt_stream'],
    ['', ''],
    ['\ud800.txt', '\ufffd.txt'],
  ])('makes %j into %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe);
  });

  it('keeps the extension of a name that is too long', () => {
    const name = safeFileName(`${'ä'.repeat(500)}.pdf`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^ä+\.pdf$/);
  });

  it('gives one component that every system takes, and that stays as it is', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('/', '\\', '.', '..', ' ', 'con', 'aux.', '\u202e', ':', 'COM1', '\u2024', '\u00a0'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const name = safeFileName(pieces.join(''));
        expect(safeFileName(name)).toBe(name);
        expect(name).not.toMatch(/[/\\<>:"|?*]|[\p{Cc}\p{Cf}\p{Cs}]|[. ]$|^[. ]/u);
        expect(name).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
      }),
      { numRuns: 2000 },
    );
  });
});
