import { describe, expect, it } from 'vitest';
import { type Evidence, judge, keyOf, type LedgerFact, type ServerMail, type Shown } from './oracle.ts';

const clara = 'clara@outside.example';
const stored = (name: string, folder: string, flags: readonly string[] = []): ServerMail => ({
  folder,
  name,
  messageId: `${name}@id`,
  flags,
});
const sent: Shown['outgoing'][number] = {
  name: 'mail 1',
  messageId: 'mail 1@id',
  state: 'accepted',
  route: 'continuity',
  dotLeft: true,
};
const entry = (name: string, direction: LedgerFact['direction']): LedgerFact => ({
  name,
  messageId: `${name}@id`,
  direction,
  outcome: 'appended',
  line: 'appended',
});
const laptop: Shown = {
  owner: 'Anna',
  laptop: 'Anna’s laptop',
  left: null,
  outgoing: [sent],
  drafts: [],
  ledger: [entry('mail 1', 'sent'), entry('mail 2', 'received')],
  chain: null,
};
/** Anna wrote mail 1 to Clara, and received mail 2, while Exchange was away. */
const right: Evidence = {
  intended: [{ name: 'mail 1', from: 'Anna', to: [clara], by: 'laptop', sentAgain: 0, inDoubt: null }],
  received: [{ name: 'mail 2', to: 'Anna' }],
  arrivals: [{ name: 'mail 1', to: clara }],
  exchange: { Anna: [stored('mail 1', 'Sent Items'), stored('mail 2', 'INBOX')], Ben: [] },
  continuity: { Anna: [stored('mail 1', 'Sent'), stored('mail 2', 'INBOX')], Ben: [] },
  laptops: [laptop],
  unreachable: new Set(),
  cuts: 0,
  places: new Map(),
  flags: new Map(),
};
const shows = (change: Partial<Shown>): Evidence['laptops'] => [{ ...laptop, ...change }];
const outgoing = (change: Partial<Shown['outgoing'][number]>): Evidence['laptops'] =>
  shows({ outgoing: [{ ...sent, ...change }], ledger: [entry('mail 2', 'received')] });
const uncertain = {
  arrivals: [],
  exchange: { ...right.exchange, Anna: [stored('mail 2', 'INBOX')] },
  laptops: outgoing({ state: 'uncertain' }),
  cuts: 1,
};

describe('the oracle', () => {
  it('finds nothing where everything is as it has to be', () => {
    expect(judge(right)).toEqual({ violations: [], lost: 0, doubled: 0, uncertain: 0 });
  });

  it('lets a mail be uncertain, arrived or not, after its final dot and a cut', () => {
    for (const arrivals of [right.arrivals, []])
      expect(judge({ ...right, ...uncertain, arrivals })).toEqual({
        violations: [],
        lost: 0,
        doubled: 0,
        uncertain: 1,
      });
  });

  it('lets a mail that the person sent again arrive twice', () => {
    const again = right.intended.map((mail) => ({ ...mail, sentAgain: 1 }));
    expect(
      judge({ ...right, intended: again, arrivals: [...right.arrivals, ...right.arrivals] }).violations,
    ).toEqual([]);
  });

  it('lets the person be wrong about what is uncertain, and nobody else', () => {
    const decided = (inDoubt: 'believed' | 'givenUp') => right.intended.map((mail) => ({ ...mail, inDoubt }));
    expect(judge({ ...right, intended: decided('believed'), arrivals: [] }).violations).toEqual([]);
    const given = { ...right, laptops: outgoing({ state: 'discarded' }) };
    expect(judge({ ...given, intended: decided('givenUp') }).violations).toEqual([]);
    expect(judge(given).violations).toHaveLength(1);
  });

  it('excuses what no laptop could bring', () => {
    const exchange = { ...right.exchange, Anna: [stored('mail 1', 'Sent Items')] };
    const laptops = shows({ ledger: [entry('mail 1', 'sent')] });
    const unreachable = new Set([keyOf('mail 2', 'Anna')]);
    expect(judge({ ...right, exchange, laptops, unreachable }).violations).toEqual([]);
  });

  const rows: readonly (readonly [string, Partial<Evidence>])[] = [
    ['mail 1 from Anna never reached clara@outside.example, and nobody is told.', { arrivals: [] }],
    [
      'mail 1 from Anna reached clara@outside.example 2 times.',
      { arrivals: [...right.arrivals, ...right.arrivals] },
    ],
    [
      'mail 1 from Anna reached clara@outside.example, and is shown as not sent.',
      { laptops: outgoing({ state: 'rejected' }) },
    ],
    [
      'mail 1, which Anna wrote, is neither in an outbox nor among the drafts.',
      { laptops: shows({ outgoing: [] }) },
    ],
    [
      'mail 1, sent by Anna, is not in Exchange; the provider has it in Sent.',
      { exchange: { ...right.exchange, Anna: [stored('mail 2', 'INBOX')] } },
    ],
    [
      'mail 1, sent by Anna, is in Exchange 2 times: in Sent Items, Sent Items.',
      { exchange: { ...right.exchange, Anna: [...right.exchange.Anna, stored('mail 1', 'Sent Items')] } },
    ],
    [
      'mail 2, received by Anna, is not in Exchange; the provider has it in INBOX.',
      { exchange: { ...right.exchange, Anna: [stored('mail 1', 'Sent Items')] } },
    ],
    [
      'mail 2, received by Anna, is in Exchange 2 times: in INBOX, Archive.',
      { exchange: { ...right.exchange, Anna: [...right.exchange.Anna, stored('mail 2', 'Archive')] } },
    ],
    [
      'mail 2 is in INBOX of Ben, who has nothing to do with it.',
      { exchange: { ...right.exchange, Ben: [stored('mail 2', 'INBOX')] } },
    ],
    [
      'mail 1 reached eva@far.example, for whom it was not meant.',
      { arrivals: [...right.arrivals, { name: 'mail 1', to: 'eva@far.example' }] },
    ],
    [
      'mail 1 is shown as uncertain, and its final dot never left.',
      { ...uncertain, laptops: outgoing({ state: 'uncertain', dotLeft: false }) },
    ],
    ['mail 1 is shown as uncertain, and nothing was cut.', { ...uncertain, cuts: 0 }],
    ['mail 1 is stuck in Anna’s laptop: it is queued.', { laptops: outgoing({ state: 'queued' }) }],
    [
      'Anna’s laptop does not come to rest: it is returning.',
      { laptops: shows({ left: 'it is returning' }) },
    ],
    ['The ledger of Anna’s laptop contradicts itself: line 2.', { laptops: shows({ chain: 'line 2' }) }],
    [
      'The ledger of Anna’s laptop says that mail 2 is back in Exchange. It is not.',
      { exchange: { ...right.exchange, Anna: [stored('mail 1', 'Sent Items')] } },
    ],
    [
      'The ledger of Anna’s laptop says that mail 2 is not back (failed); it is there.',
      {
        laptops: shows({
          ledger: [
            entry('mail 1', 'sent'),
            { ...entry('mail 2', 'received'), outcome: 'failed', line: 'failed' },
          ],
        }),
      },
    ],
    [
      'The ledger of Anna’s laptop tells "recorded" of mail 2, and the journal "appended".',
      {
        laptops: shows({
          ledger: [entry('mail 1', 'sent'), { ...entry('mail 2', 'received'), line: 'recorded' }],
        }),
      },
    ],
    [
      'The ledger of Anna’s laptop has 2 entries on mail 2.',
      { laptops: shows({ ledger: [...laptop.ledger, entry('mail 2', 'received')] }) },
    ],
    [
      'mail 1 left Anna’s laptop by the provider, and its ledger does not know of it.',
      { laptops: shows({ ledger: [entry('mail 2', 'received')] }) },
    ],
    [
      'Anna put mail 2 into Archive, and it is in INBOX.',
      { places: new Map([[keyOf('mail 2', 'Anna'), 'Archive']]) },
    ],
    [
      'Anna wanted mail 2 \\Flagged, and it is [].',
      { flags: new Map([[keyOf('mail 2', 'Anna'), [{ flag: '\\Flagged', isSet: true }]]]) },
    ],
  ];

  it.each(rows)('says "%s"', (sentence, change) => {
    expect(judge({ ...right, ...change }).violations).toContain(sentence);
  });

  it('counts what is lost and what is doubled', () => {
    expect(judge({ ...right, arrivals: [] })).toMatchObject({ lost: 1, doubled: 0 });
    expect(judge({ ...right, arrivals: [...right.arrivals, ...right.arrivals] })).toMatchObject({
      lost: 0,
      doubled: 1,
    });
  });
});
