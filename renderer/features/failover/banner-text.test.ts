import { describe, expect, it } from 'vitest';
import type { BulletinNotice } from '../../../shared/model/bulletin.ts';
import { type FailoverStatus, failoverKinds, faults } from '../../../shared/model/failover.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { bannerText, countdown, wordsOf } from './banner-text.ts';

const status: FailoverStatus = {
  accountId: 1 as AccountId,
  kind: 'continuity',
  since: 2000,
  outageSince: 1000,
  cause: 'refused',
  reading: 'continuity',
  sending: 'continuity',
  network: 'fine',
  signInAwaySince: null,
  exchangeHost: 'outlook.office365.com',
  evidence: [],
  override: null,
  notices: [],
  mayGoUrgently: false,
  chosen: null,
  mayChoose: true,
};
const minute = 60_000;
const notice: BulletinNotice = {
  matter: 'm-1',
  kind: 'maintenance',
  phase: 'announced',
  issuer: 'IT',
  texts: { de: 'Umzug', en: 'Move' },
  issuedAt: 0,
  window: { from: 10 * minute, until: 90 * minute },
  formerWindow: null,
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

  it('tells no network from one that wants a sign-in, and from one that Exchange is not in', () => {
    const title = (network: FailoverStatus['network']) =>
      bannerText({ ...status, kind: 'offline', network })?.title;
    expect(title('none')).toBe('banner.offline.title');
    expect(title('portal')).toBe('banner.offline.portalTitle');
    expect(title('elsewhere')).toBe('banner.offline.elsewhereTitle');
  });

  it('says that sign-in is away while Exchange itself is not', () => {
    const well = { ...status, kind: 'primary', outageSince: null, cause: null } as const;
    expect(bannerText({ ...well, signInAwaySince: 1500 })).toMatchObject({
      title: 'banner.signInAway.title',
      role: 'status',
      since: 1500,
    });
  });

  it('has a sentence of its own for each cause', () => {
    const titles = [...faults, 'declared', 'drill', 'chosen'] as const;
    expect(new Set(titles.map((cause) => bannerText({ ...status, cause })?.title)).size).toBe(titles.length);
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

  it('says while all is well what is announced, has ended, or does not take place', () => {
    const well = { ...status, kind: 'primary', outageSince: null, cause: null } as const;
    const title = (change: Partial<BulletinNotice>) =>
      bannerText({ ...well, notices: [{ ...notice, ...change }] })?.title;
    expect(title({})).toBe('banner.announced.title');
    expect(title({ kind: 'drill' })).toBe('banner.announcedDrill.title');
    expect(title({ phase: 'over' })).toBe('banner.over.title');
    expect(title({ phase: 'cancelled' })).toBe('banner.cancelled.title');
  });

  it('says in primary, suspect, continuity and returning that the person chose, and since when', () => {
    const at = 1500;
    const by = (route: 'primary' | 'continuity', change: Partial<FailoverStatus>) =>
      bannerText({ ...status, override: 'person', chosen: { route, at, until: 9000 }, ...change });
    for (const kind of ['primary', 'suspect'] as const)
      expect(by('primary', { kind })).toMatchObject({ title: 'banner.chosenExchange.title', since: at });
    expect(by('primary', { kind: 'returning', reading: 'primary', sending: 'primary' })).toMatchObject({
      title: 'banner.chosenExchange.title',
      body: 'banner.returning.carryingBody',
    });
    expect(by('continuity', {})).toMatchObject({
      title: 'banner.continuity.chosenTitle',
      body: 'banner.continuity.chosenBody',
      since: at,
    });
  });

  it('names the end of a quiet time where there is one, and says when nothing is held', () => {
    const quiet = { ...status, kind: 'quiet', reading: 'primary', sending: null } as const;
    const running = [{ ...notice, phase: 'running' }] as const;
    expect(bannerText({ ...quiet, notices: running })?.body).toBe('banner.quiet.untilBody');
    expect(bannerText(quiet)?.body).toBe('banner.quiet.body');
    expect(bannerText({ ...quiet, sending: 'continuity' })?.body).toBe('banner.quiet.inOutageBody');
  });

  it('shows with a state the bulletin that made it, not one that is to come', () => {
    const running: BulletinNotice = { ...notice, matter: 'm-2', kind: 'outage', phase: 'running' };
    expect(bannerText({ ...status, notices: [notice] })?.notice).toBeNull();
    expect(bannerText({ ...status, notices: [notice, running] })?.notice).toBe(running);
  });
});

describe('the countdown', () => {
  it('counts the minutes to the beginning, then to the end, and is silent far away and afterwards', () => {
    const left = (phase: BulletinNotice['phase'], now: number) =>
      countdown({ ...notice, phase }, now * minute);
    expect(left('announced', 0)).toEqual({ key: 'banner.beginsIn', minutes: 10 });
    expect(left('announced', 9.5)?.minutes).toBe(1);
    expect(left('announced', 10)).toBeNull();
    expect(left('announced', -111)).toBeNull();
    expect(left('running', 80)).toEqual({ key: 'banner.endsIn', minutes: 10 });
    expect(left('over', 91)).toBeNull();
    expect(countdown({ ...notice, window: null }, 0)).toBeNull();
  });
});

describe('the words of a bulletin', () => {
  it('are those of the person’s language, else English, else whichever there are', () => {
    expect(wordsOf(notice, 'de')).toBe('Umzug');
    expect(wordsOf(notice, 'fr')).toBe('Move');
    expect(wordsOf({ ...notice, texts: { it: 'Trasloco' } }, 'fr')).toBe('Trasloco');
    expect(wordsOf({ ...notice, texts: {} }, 'fr')).toBeNull();
  });
});
