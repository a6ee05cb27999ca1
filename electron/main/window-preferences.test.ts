import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultPreferences } from '../../shared/model/window-preferences.ts';
import { openWindowPreferences } from './window-preferences.ts';

vi.mock('electron', () => ({ systemPreferences: {} }));

describe('the arrangement of the window', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-preferences-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is kept', () => {
    const file = join(folder, 'window.json');
    const chosen = { ...defaultPreferences, density: 'compact', listWidth: 500 } as const;
    expect(openWindowPreferences(file).keep(chosen)).toEqual({ ok: true, value: null });
    expect(openWindowPreferences(file).read()).toEqual(chosen);
  });

  it('is as at first when the file is broken, holds nonsense or is not there', () => {
    const file = join(folder, 'window.json');
    expect(openWindowPreferences(file).read()).toEqual(defaultPreferences);
    for (const content of ['{', '{"listWidth":-3}', 'null', '{"unknown":1}']) {
      writeFileSync(file, content);
      expect(openWindowPreferences(file).read()).toEqual(defaultPreferences);
    }
  });

  it('takes a file of an earlier version for what it says', () => {
    const file = join(folder, 'window.json');
    writeFileSync(file, '{"listWidth":410}');
    expect(openWindowPreferences(file).read()).toEqual({ ...defaultPreferences, listWidth: 410 });
  });
});
