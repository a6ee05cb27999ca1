import { describe, expect, it } from 'vitest';
import type { AttachmentSummary } from '../../../shared/model/conversation.ts';
import { dangerOf, previewOf } from './attachment-kind.ts';

const file = (contentType: string, size = 10) => ({ contentType, size }) as AttachmentSummary;

describe('dangerOf', () => {
  it.each([
    ['setup.exe', 'program'],
    ['Rechnung.LNK', 'program'],
    ['invoice.html', 'program'],
    ['note.one', 'program'],
    ['budget.xlsm', 'macros'],
    ['old.doc', 'macros'],
    ['invoice.pdf.exe', 'disguised'],
    ['photo.jpg          .scr', 'disguised'],
    ['picture\u202egpj.exe', 'disguised'],
    ['setup.exe. .', 'program'],
    ['Plan.pdf', null],
    ['Budget.xlsx', null],
    ['README', null],
    ['', null],
  ])('takes %s for %s', (name, danger) => expect(dangerOf(name)).toBe(danger));
});

describe('previewOf', () => {
  it('shows raster pictures and short plain texts', () => {
    expect(previewOf(file('image/PNG'))).toBe('picture');
    expect(previewOf(file('text/plain'))).toBe('text');
    expect(previewOf(file('text/plain', 5_000_000))).toBeNull();
  });

  it('shows nothing that is a document or a program', () => {
    for (const type of ['image/svg+xml', 'text/html', 'application/pdf', 'application/octet-stream', ''])
      expect(previewOf(file(type))).toBeNull();
  });
});
