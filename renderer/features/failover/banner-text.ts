import type { MessageKey } from '../../../shared/messages/index.ts';
import type { FailoverStatus } from '../../../shared/model/failover.ts';

export interface BannerText {
  readonly title: MessageKey;
  readonly body: MessageKey;
  readonly tone: 'slate' | 'amber' | 'green';
  /** An alert is read out at once, a status when there is time for it. */
  readonly role: 'alert' | 'status';
  /** The moment that the title names. */
  readonly time: number;
}

/** What the banner says of a state; null while there is nothing to say. */
export function bannerText(status: FailoverStatus): BannerText | null {
  const time = status.outageSince ?? status.since;
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
        time,
      };
    case 'continuity':
      return { ...continuityText(status), tone: 'amber', role: 'alert', time };
    case 'returning':
      return {
        title: 'banner.returning.title',
        body: 'banner.returning.body',
        tone: 'green',
        role: 'status',
        time,
      };
    case 'quiet':
      return {
        title: 'banner.quiet.title',
        body: 'banner.quiet.body',
        tone: 'slate',
        role: 'status',
        time: status.since,
      };
    case 'incident':
      return {
        title: 'banner.incident.title',
        body: 'banner.incident.body',
        tone: 'amber',
        role: 'alert',
        time,
      };
  }
}

function continuityText(status: FailoverStatus): { readonly title: MessageKey; readonly body: MessageKey } {
  if (status.reading === 'primary')
    return { title: 'banner.continuity.sendingTitle', body: 'banner.continuity.sendingBody' };
  const isSilent = status.cause === 'hanging';
  return {
    title: isSilent ? 'banner.continuity.hangingTitle' : 'banner.continuity.title',
    body: 'banner.continuity.body',
  };
}
