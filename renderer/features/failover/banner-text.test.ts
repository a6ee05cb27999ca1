import { describe, expect, it } from 'vitest';
import { type FailoverStatus, failoverKinds } from '../../../shared/model/failover.ts';
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
    expect(bannerText(status)?.time).toBe(1000);
  });

  it('tells a server that hangs from one that is away, and sending alone from both', () => {
    expect(bannerText(status)?.title).toBe('banner.continuity.title');
    expect(bannerText({ ...status, cause: 'hanging' })?.title).toBe('banner.continuity.hangingTitle');
    expect(bannerText({ ...status, reading: 'primary', cause: 'submission' })?.title).toBe(
      'banner.continuity.sendingTitle',
    );
  });
});
