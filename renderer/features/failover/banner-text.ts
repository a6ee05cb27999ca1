import type { MessageKey } from '../../../shared/messages/index.ts';
import type { BulletinNotice } from '../../../shared/model/bulletin.ts';
import type { FailoverStatus, OutageCause } from '../../../shared/model/failover.ts';

export interface BannerText {
  /** Takes `{since}`, `{host}`, and `{from}` and `{until}` where there is a window. */
  readonly title: MessageKey;
  readonly body: MessageKey;
  readonly tone: 'slate' | 'blue' | 'amber' | 'green' | 'red';
  /** An alert is read out at once, a status when there is time for it. */
  readonly role: 'alert' | 'status';
  /** The moment that the title names. */
  readonly since: number;
  /** The verified bulletin that it is about; its own words stand below ours. */
  readonly notice: BulletinNotice | null;
}

/** What the banner says of a state; null while there is nothing to say. */
export function bannerText(status: FailoverStatus): BannerText | null {
  const outageSince = status.outageSince ?? status.since;
  const running = status.notices.find(({ phase }) => phase === 'running') ?? null;
  switch (status.kind) {
    case 'primary':
    case 'suspect':
      // A doubt is settled within seconds: it is nothing that anybody has to know.
      if (status.chosen !== null) return { ...onExchange, since: status.chosen.at, notice: null };
      return status.signInAwaySince === null
        ? noticeText(status)
        : { ...signInAway, since: status.signInAwaySince, notice: null };
    case 'offline':
      return {
        ...offline(status),
        tone: 'slate',
        role: 'status',
        since: status.since,
        notice: running,
      };
    case 'continuity':
      return {
        title: continuityTitle(status),
        body: continuityBody(status),
        tone: status.cause === 'drill' ? 'blue' : 'amber',
        role: 'alert',
        since: status.chosen?.at ?? outageSince,
        notice: running,
      };
    case 'returning':
      if (status.chosen?.route === 'primary' && status.sending === 'primary')
        return {
          ...onExchange,
          body: 'banner.returning.carryingBody',
          since: status.chosen.at,
          notice: running,
        };
      return {
        title: 'banner.returning.title',
        // First it has to stay; then, back on Exchange, things are carried over.
        body: status.sending === 'primary' ? 'banner.returning.carryingBody' : 'banner.returning.waitingBody',
        tone: 'green',
        role: 'status',
        since: status.since,
        notice: running,
      };
    case 'quiet':
      return {
        title: 'banner.quiet.title',
        body:
          status.sending !== null
            ? 'banner.quiet.inOutageBody'
            : running?.window
              ? 'banner.quiet.untilBody'
              : 'banner.quiet.body',
        tone: 'blue',
        role: 'status',
        since: status.since,
        notice: running,
      };
    case 'incident':
      return {
        title: 'banner.incident.title',
        body: 'banner.incident.body',
        tone: 'red',
        role: 'alert',
        since: status.since,
        notice: running,
      };
  }
}

function offline({ network }: FailoverStatus): Pick<BannerText, 'title' | 'body'> {
  switch (network) {
    case 'portal':
      return { title: 'banner.offline.portalTitle', body: 'banner.offline.portalBody' };
    case 'elsewhere':
      return { title: 'banner.offline.elsewhereTitle', body: 'banner.offline.elsewhereBody' };
    default:
      return { title: 'banner.offline.title', body: 'banner.offline.body' };
  }
}

const signInAway = {
  title: 'banner.signInAway.title',
  body: 'banner.signInAway.body',
  tone: 'slate',
  role: 'status',
} as const;

/** The person goes by Exchange, whatever is seen of it. */
const onExchange = {
  title: 'banner.chosenExchange.title',
  body: 'banner.chosenExchange.body',
  tone: 'slate',
  role: 'status',
} as const;

function continuityTitle({ override, cause }: FailoverStatus): MessageKey {
  if (override === 'person') return causeTitles.chosen;
  return cause === null ? 'banner.continuity.title' : causeTitles[cause];
}

function continuityBody({ override, cause, reading }: FailoverStatus): MessageKey {
  if (override === 'person') return 'banner.continuity.chosenBody';
  if (override === 'bulletin')
    return cause === 'drill' ? 'banner.continuity.drillBody' : 'banner.continuity.declaredBody';
  return reading === 'primary' ? 'banner.continuity.sendingBody' : 'banner.continuity.body';
}

/** While all is well: what is to come, and what has just come to its end. */
function noticeText({ notices, since }: FailoverStatus): BannerText | null {
  const notice = notices.find(({ phase }) => phase !== 'running');
  if (notice === undefined) return null;
  const about = { role: 'status', since, notice } as const;
  if (notice.phase === 'announced')
    return notice.kind === 'drill'
      ? { ...about, title: 'banner.announcedDrill.title', body: 'banner.announcedDrill.body', tone: 'blue' }
      : { ...about, title: 'banner.announced.title', body: 'banner.announced.body', tone: 'blue' };
  if (notice.kind !== 'maintenance') return null;
  return notice.phase === 'cancelled'
    ? { ...about, title: 'banner.cancelled.title', body: 'banner.cancelled.body', tone: 'slate' }
    : { ...about, title: 'banner.over.title', body: 'banner.over.body', tone: 'green' };
}

/** Minutes until a notice begins or ends, rounded up; null: too far away to be counted, or nothing is counted. */
export function countdown(
  { phase, window }: BulletinNotice,
  now: number,
): { readonly key: 'banner.beginsIn' | 'banner.endsIn'; readonly minutes: number } | null {
  if (window === null || (phase !== 'announced' && phase !== 'running')) return null;
  const minutes = Math.ceil(((phase === 'announced' ? window.from : window.until) - now) / 60_000);
  if (minutes < 1 || minutes > longestCounted) return null;
  return { key: phase === 'announced' ? 'banner.beginsIn' : 'banner.endsIn', minutes };
}

const longestCounted = 120;

/** The words of a bulletin in the person's language, else in English, else in whichever there is. */
export function wordsOf({ texts }: BulletinNotice, language: string): string | null {
  return (
    (texts as Readonly<Record<string, string | undefined>>)[language] ??
    texts.en ??
    Object.values(texts)[0] ??
    null
  );
}

const causeTitles: Readonly<Record<OutageCause, MessageKey>> = {
  refused: 'banner.continuity.refusedTitle',
  hanging: 'banner.continuity.hangingTitle',
  closed: 'banner.continuity.closedTitle',
  tls: 'banner.continuity.tlsTitle',
  name: 'banner.continuity.nameTitle',
  signIn: 'banner.continuity.signInTitle',
  unavailable: 'banner.continuity.unavailableTitle',
  submission: 'banner.continuity.submissionTitle',
  proxy: 'banner.continuity.proxyTitle',
  declared: 'banner.continuity.declaredTitle',
  drill: 'banner.continuity.drillTitle',
  chosen: 'banner.continuity.chosenTitle',
  // What began so and goes on: an incident that was released, a maintenance after which Exchange stays away.
  incident: 'banner.continuity.title',
  maintenance: 'banner.continuity.title',
};
