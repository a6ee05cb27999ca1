import { describe, expect, it } from 'vitest';
import { type LockedPackage, licenceProblems } from './licences.ts';

const problems = (entry: LockedPackage, path = 'node_modules/a') => licenceProblems({ [path]: entry });

describe('licences of what ships', () => {
  it('may be any on the list, or a choice that includes one', () => {
    expect(problems({ license: 'MIT' })).toEqual([]);
    expect(problems({ license: '(MPL-2.0 OR Apache-2.0)' })).toEqual([]);
  });

  it('are refused when they are not on the list, unknown, or one of several that all apply', () => {
    expect(problems({ license: 'GPL-3.0-only' })).toEqual(['a has the licence GPL-3.0-only']);
    expect(problems({})).toEqual(['a has the licence unknown']);
    expect(problems({ license: 'MIT AND LGPL-2.1-only' })).toHaveLength(1);
  });

  it('do not matter for tools that stay here, except for Electron, which ships', () => {
    expect(problems({ license: 'GPL-3.0-only', dev: true })).toEqual([]);
    expect(problems({ license: 'GPL-3.0-only', dev: true }, 'node_modules/electron')).toHaveLength(1);
  });
});
