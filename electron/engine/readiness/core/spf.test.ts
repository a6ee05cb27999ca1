import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { domainFindings } from './domain.ts';
import { spfOf } from './spf.ts';

const provider = 'spf.provider.example';
const theirs = { [provider]: ['v=spf1 ip4:192.0.2.0/24 -all'] };

const spf = (records: Readonly<Record<string, readonly string[]>>) =>
  spfOf('corp.example', provider, async (name) => ({ ...theirs, ...records })[name] ?? []);

const manyIncludes = (count: number): readonly [string, readonly string[]][] =>
  Array.from({ length: count }, (_, index) => [`s${index}.example`, ['v=spf1 ip4:198.51.100.1 ?all']]);

describe('SPF', () => {
  it.each([
    ['includes the provider', { 'corp.example': [`v=spf1 include:${provider} -all`] }, 'pass'],
    [
      'has it in other letters, with a dot',
      { 'corp.example': ['V=SPF1 INCLUDE:SPF.Provider.Example. -ALL'] },
      'pass',
    ],
    [
      'includes it by a record between',
      {
        'corp.example': ['v=spf1 include:_s.corp.example -all'],
        '_s.corp.example': [`v=spf1 include:${provider} -all`],
      },
      'pass',
    ],
    [
      'redirects to a record that includes it',
      {
        'corp.example': ['v=spf1 redirect=_s.corp.example'],
        '_s.corp.example': [`v=spf1 include:${provider} ~all`],
      },
      'pass',
    ],
    ['redirects to the provider', { 'corp.example': [`v=spf1 redirect=${provider}`] }, 'pass'],
    ['lets everybody send', { 'corp.example': ['v=spf1 +all'] }, 'pass'],
    ['names others alone', { 'corp.example': ['v=spf1 ip4:203.0.113.1 mx -all'] }, 'fail'],
    ['names it behind all', { 'corp.example': [`v=spf1 -all include:${provider}`] }, 'fail'],
    ['names it as one that may not', { 'corp.example': [`v=spf1 -include:${provider} ?all`] }, 'fail'],
    ['has a redirect that all makes void', { 'corp.example': [`v=spf1 -all redirect=${provider}`] }, 'fail'],
    ['is about something else', { 'corp.example': ['google-site-verification=1', 'v=spf10 +all'] }, 'none'],
    ['stands there twice', { 'corp.example': [`v=spf1 include:${provider}`, 'v=spf1 -all'] }, 'permerror'],
    [
      'includes what is not there',
      { 'corp.example': [`v=spf1 include:gone.example include:${provider} -all`] },
      'permerror',
    ],
    ['includes itself', { 'corp.example': [`v=spf1 include:corp.example include:${provider}`] }, 'permerror'],
    [
      'knows a mechanism that is none',
      { 'corp.example': [`v=spf1 ipv4:1.2.3.4 include:${provider}`] },
      'permerror',
    ],
    [
      'needs ten lookups',
      {
        'corp.example': [
          `v=spf1 ${manyIncludes(9)
            .map(([name]) => `include:${name}`)
            .join(' ')} include:${provider} -all`,
        ],
        ...Object.fromEntries(manyIncludes(9)),
      },
      'pass',
    ],
    [
      'needs eleven',
      {
        'corp.example': [
          `v=spf1 ${manyIncludes(10)
            .map(([name]) => `include:${name}`)
            .join(' ')} include:${provider} -all`,
        ],
        ...Object.fromEntries(manyIncludes(10)),
      },
      'permerror',
    ],
    [
      'needs eleven with those of the provider',
      {
        'corp.example': [
          `v=spf1 a mx a:x.example mx:y.example exists:z.example a a a a include:${provider} -all`,
        ],
        [provider]: ['v=spf1 a:out.provider.example -all'],
      },
      'permerror',
    ],
  ] as const)('of a domain that %s', async (_what, records, result) => {
    expect(await spf(records as Readonly<Record<string, readonly string[]>>)).toBe(result);
  });

  it('comes to an end whatever hostile records say, and after eleven questions for each', async () => {
    const names = ['corp.example', 'a.example', 'b.example', provider];
    const term = fc.oneof(
      fc.constantFrom(...names).map((name) => `include:${name}`),
      fc.constantFrom(...names).map((name) => `redirect=${name}`),
      fc.constantFrom(
        'a',
        'mx',
        'ptr',
        '-all',
        '+all',
        'exists:%{i}.example',
        'include:%{d}',
        'include:',
        '=',
        '::',
      ),
      fc.string(),
    );
    const record = fc.array(term, { maxLength: 30 }).map((terms) => `v=spf1 ${terms.join(' ')}`);
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...names), fc.array(fc.oneof(record, fc.string()), { maxLength: 2 })),
        async (records) => {
          let asked = 0;
          const result = await spfOf('corp.example', provider, async (name) => {
            asked += 1;
            return records[name] ?? [];
          });
          expect(['pass', 'fail', 'none', 'permerror']).toContain(result);
          expect(asked).toBeLessThanOrEqual(12);
        },
      ),
    );
  });
});

describe('the records of a domain', () => {
  const key = { 'relevo._domainkey.corp.example': ['v=DKIM1; k=rsa; p=MIGf'] };
  const good = { 'corp.example': [`v=spf1 include:${provider} -all`], ...key };
  const reject = { '_dmarc.corp.example': ['v=DMARC1; p=reject; aspf=s; adkim=s'] };
  const findings = (
    records: Readonly<Record<string, readonly string[]>>,
    mailServers = ['mx2.provider.example'],
  ) =>
    domainFindings(
      'corp.example',
      { spf: provider, dkimSelector: 'relevo', mx: 'provider.example' },
      {
        text: async (name) => ({ ...theirs, ...records })[name] ?? [],
        mailServers: async () => mailServers,
      },
    );

  it.each([
    ['nothing, when everything is there', { ...good, ...reject }, []],
    ['SPF, while a signature carries it', { ...good, ...reject, 'corp.example': [] }, ['spf']],
    [
      'a key, while SPF carries it',
      { ...good, ...reject, ...{ 'relevo._domainkey.corp.example': [] } },
      ['dkim'],
    ],
    ['a key that was withdrawn', { ...good, 'relevo._domainkey.corp.example': ['v=DKIM1; p='] }, ['dkim']],
    ['everything, and mail is refused', reject, ['dmarc', 'spf', 'dkim']],
    ['everything, and nobody minds', { '_dmarc.corp.example': ['v=DMARC1; p=none'] }, ['spf', 'dkim']],
    ['an SPF that can be read', { ...good, 'corp.example': ['v=spf1 foo'] }, ['spfBroken']],
  ] as const)('lack %s', async (_what, records, found) => {
    expect(await findings(records as Readonly<Record<string, readonly string[]>>)).toEqual(found);
  });

  it('lack a server to turn to', async () => {
    expect(await findings(good, ['mail.corp.example', 'notprovider.example'])).toEqual(['mx']);
    expect(await findings(good, ['mail.corp.example', 'MX.Provider.Example.'])).toEqual([]);
  });

  it('are judged by the domain above where there is no policy of their own', async () => {
    const look = {
      text: async (name: string) => (name === '_dmarc.corp.example' ? ['v=DMARC1; p=none; sp=reject'] : []),
      mailServers: async () => [],
    };
    expect(await domainFindings('de.corp.example', { spf: provider }, look)).toEqual(['dmarc', 'spf']);
  });
});
