import { describe, expect, it } from 'vitest';
import { type FailoverStatus, failoverKinds, outageCauses } from '../../../shared/model/failover.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { bannerText } from './banner-text.ts';

const status: FailoverStatus = {
  accountId: 1 as AccountId,
  kind: 'continuity',
  since: 2000,
  outageSince: 1000,
  cause: 'refused',
  reading: 'continuity',
  sending: 'continuity',
};

describe('bannerText', () => {
  it.each(failoverKinds)('has something to say of %s, or knows that there is nothing', (kind) => {
    const text = bannerText({ ...status, kind });
    expect(text === null).toBe(kind === 'primary' || kind === 'suspect');
  });

  it('names the beginning of the outage, not that of the switch', () => {
    expect(bannerText(status)?.since).toBe(1000);
  });

  it('names the beginning of being offline, even within an outage', () => {
    expect(bannerText({ ...status, kind: 'offline' })?.since).toBe(2000);
  });

  it('has a sentence of its own for each cause', () => {
    const titles = outageCauses.map((cause) => bannerText({ ...status, cause })?.title);
    expect(new Set(titles).size).toBe(outageCauses.length);
  });

  it('says that reading goes on when only sending is away', () => {
    expect(bannerText({ ...status, reading: 'primary', cause: 'submission' })?.body).toBe(
      'banner.continuity.sendingBody',
    );
  });

  it('tells waiting for Exchange to stay from carrying over', () => {
    const returning = { ...status, kind: 'returning' } as const;
    expect(bannerText(returning)?.body).toBe('banner.returning.waitingBody');
    expect(bannerText({ ...returning, reading: 'primary', sending: 'primary' })?.body).toBe(
      'banner.returning.carryingBody',
    );
  });
});
