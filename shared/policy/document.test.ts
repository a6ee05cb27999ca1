import { describe, expect, it } from 'vitest';
import { documentsOf, readJsonPolicy, readTextForms } from './document.ts';

describe('readJsonPolicy', () => {
  it('tells what is enforced from what are defaults', () => {
    const text = '{"defaults": {"a": 1}, "enforced": {"b": 2}, "c": 3}';
    expect(readJsonPolicy('p.json', text).documents).toEqual([
      { place: 'p.json', layer: 'default', values: { a: 1 } },
      { place: 'p.json', layer: 'enforced', values: { c: 3 } },
      { place: 'p.json', layer: 'enforced', values: { b: 2 } },
    ]);
  });

  it('reads a file that an editor saved with a byte order mark', () => {
    expect(readJsonPolicy('p.json', '\uFEFF{"a": 7}').documents[0]?.values).toEqual({ a: 7 });
  });

  it.each(['', 'null', '[]', '"x"', '{', '{"a":1', '\0'])('refuses %j as a whole', (text) => {
    expect(readJsonPolicy('p.json', text)).toEqual({
      documents: [],
      refused: [{ setting: null, place: 'p.json', reason: 'not a JSON object' }],
    });
  });

  it('refuses a part that is no object, and with it the file', () => {
    expect(readJsonPolicy('p.json', '{"defaults": [], "a": 1}').refused).toEqual([
      { setting: null, place: 'p.json', reason: 'defaults: object expected' },
    ]);
  });
});

describe('readTextForms', () => {
  const read = (name: string, value: unknown) =>
    readTextForms(documentsOf('p', { [name]: value })).documents[0]?.values[name];
  const pem = (body: string) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`;

  it.each([
    ['keystore.allowUnprotected', 1, true],
    ['keystore.allowUnprotected', 0, false],
    ['keystore.allowUnprotected', 'true', true],
    ['keystore.allowUnprotected', 2, 2],
    ['sync.windowDays', '42', 42],
    ['failover.probeSeconds', '0.5', 0.5],
    ['sync.windowDays', 'many', 'many'],
    ['sync.leftOutFolders', ['Archive', '', 'Projects'], ['Archive', 'Projects']],
    ['sync.leftOutFolders', 'Archive\r\nProjects\n', ['Archive', 'Projects']],
    ['sync.leftOutFolders', '["Archive"]', ['Archive']],
    ['admin.contact', '42', '42'],
    ['accounts', '[]', []],
    ['accounts', ['[', ']'], []],
    ['accounts', '[', '['],
    ['unheard.of', '1', '1'],
  ])('reads %s from %j', (name, value, expected) => {
    expect(read(name, value)).toEqual(expected);
  });

  it('takes certificates that stand one after the other, in one text or on the lines of a list', () => {
    const both = [`${pem('AA')}\n`, `${pem('BB')}\n`];
    expect(read('network.certificates', `${pem('AA')}\r\n${pem('BB')}`)).toEqual(both);
    expect(read('network.certificates', `${pem('AA')}\n${pem('BB')}`.split('\n'))).toEqual(both);
  });

  it('leaves certificates with something else between them as they are, to be refused', () => {
    expect(read('network.certificates', `${pem('AA')}\nx`)).toBe(`${pem('AA')}\nx`);
  });
});
