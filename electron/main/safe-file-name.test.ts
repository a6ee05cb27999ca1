import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeFileName } from './safe-file-name.ts';

describe('safeFileName', () => {
  it.each([
    ['Report 2026.pdf', 'Report 2026.pdf'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\Windows\\system32\\x.dll', 'C__Windows_system32_x.dll'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['CON.txt', '_CON.txt'],
    ['...', 'attachment'],
    ['', 'attachment'],
  ])('makes %j harmless', (name, expected) => {
    expect(safeFileName(name)).toBe(expected);
  });

  it('always yields a usable name without a path, whatever the mail says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const safe = safeFileName(name);
        expect(safe.length).toBeGreaterThan(0);
        expect(safe.length).toBeLessThanOrEqual(120);
        expect(safe).not.toMatch(/[/\\\0]|^\.|^\s/);
      }),
    );
  });
});
