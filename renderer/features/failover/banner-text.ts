import type { MessageKey } from '../../../shared/messages/index.ts';
import type { FailoverStatus, OutageCause } from '../../../shared/model/failover.ts';

export interface BannerText {
  /** Takes `{since}`. */
  readonly title: MessageKey;
  readonly body: MessageKey;
  readonly tone: 'slate' | 'blue' | 'amber' | 'green' | 'red';
  /** An alert is read out at once, a status when there is time for it. */
  readonly role: 'alert' | 'status';
  /** The moment that the title names. */
  readonly since: number;
}

/** What the banner says of a state; null while there is nothing to say. */
export function bannerText(status: FailoverStatus): BannerText | null {
  const outageSince = status.outageSince ?? status.since;
  switch (status.kind) {
    case 'primary':
    case 'suspect':
      // A doubt is settled within seconds: it is nothing that anybody has to know.
      return null;
    case 'offline':
      return {
        title: 'banner.offline.title',
        body: 'banner.offline.body',
        tone: 'slate',
        role: 'status',
        since: status.since,
      };
    case 'continuity':
      return {
        title: status.cause === null ? 'banner.continuity.title' : causeTitles[status.cause],
        body: status.reading === 'primary' ? 'banner.continuity.sendingBody' : 'banner.continuity.body',
        tone: 'amber',
        role: 'alert',
        since: outageSince,
      };
    case 'returning':
      return {
        title: 'banner.returning.title',
        // First it has to stay; then, back on Exchange, things are carried over.
        body: status.sending === 'primary' ? 'banner.returning.carryingBody' : 'banner.returning.waitingBody',
        tone: 'green',
        role: 'status',
        since: status.since,
      };
    case 'quiet':
      return {
        title: 'banner.quiet.title',
        body: 'banner.quiet.body',
        tone: 'blue',
        role: 'status',
        since: status.since,
      };
    case 'incident':
      return {
        title: 'banner.incident.title',
        body: 'banner.incident.body',
        tone: 'red',
        role: 'alert',
        since: outageSince,
      };
  }
}

const causeTitles: Readonly<Record<OutageCause, MessageKey>> = {
  refused: 'banner.continuity.refusedTitle',
  hanging: 'banner.continuity.hangingTitle',
  closed: 'banner.continuity.closedTitle',
  tls: 'banner.continuity.tlsTitle',
  unavailable: 'banner.continuity.unavailableTitle',
  submission: 'banner.continuity.submissionTitle',
};
