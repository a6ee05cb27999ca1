import { type AppError, appError } from '../../../shared/errors.ts';
import type { AccountId, EpochMs } from '../../../shared/model/ids.ts';
import type { ServerSettings } from '../../../shared/policy/account-settings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { drillMails, forgetDrillMail, noteDrillMail } from '../cache/queries/drill-store.ts';
import { drillHeader } from '../mail/drill-mail.ts';
import type { CredentialSource, ImapSession, Submit } from '../mail/types.ts';
import type { Clock, Random } from '../ports.ts';

/** A provider that needs longer for one of its own is told so. */
const arrivalMs = 60_000;
const dayMs = 86_400_000;
/** What was never found is not looked for any longer; the provider takes it away besides. */
const forgottenAfterMs = 7 * dayMs;

export interface DrillByMail {
  readonly account: { readonly id: AccountId; readonly address: string };
  readonly db: Database;
  /** Signed in to continuity. */
  readonly session: ImapSession;
  readonly submit: Submit;
  readonly server: ServerSettings;
  readonly credentials: CredentialSource;
  /** Whether all is still well: a drill that an outage overtakes ends at once, and says nothing. */
  readonly isCalm: () => boolean;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Sends a marked mail to oneself through continuity, sees it arrive, and takes it away, with what a drill that was cut
 * short has left. Each is noted before it leaves, by a Message-ID that no other device uses. Errors: `drill.notArrived`,
 * `server.refused` where submission said no for good, and those of the connections.
 */
export async function drillByMail(drill: DrillByMail): Promise<Result<null, AppError>> {
  const { account, db, session, clock } = drill;
  const folders = await session.folders();
  if (!folders.ok) return folders;
  const paths = folders.value
    .filter(({ role }) => role === 'inbox' || role === 'junk')
    .map(({ path }) => path);
  const [inbox] = folders.value.filter(({ role }) => role === 'inbox');
  if (inbox === undefined) return err(appError('server.protocol', 'later', { reason: 'noInbox' }));

  const removeAll = async (): Promise<Result<null, AppError>> => {
    for (const { internetMessageId, sentAt } of drillMails(db, account.id)) {
      const removed = await remove(session, paths, internetMessageId, sentAt);
      if (!removed.ok) return removed;
      if (removed.value || clock.now() - sentAt > forgottenAfterMs)
        forgetDrillMail(db, account.id, internetMessageId);
    }
    return ok(null);
  };

  const cleaned = await removeAll();
  if (!cleaned.ok) return cleaned;
  const mail = compose(account.address, drill.random, clock.now());
  noteDrillMail(db, account.id, { internetMessageId: mail.id, sentAt: clock.now() });
  const outcome = await drill.submit({
    route: 'continuity',
    server: drill.server,
    credentials: drill.credentials,
    envelope: { from: account.address, to: [account.address] },
    source: mail.source,
    wantsNotices: false,
  });
  if (outcome.kind !== 'accepted' && outcome.kind !== 'unknown') {
    forgetDrillMail(db, account.id, mail.id);
    return err(outcome.error);
  }
  const arrived = await waitFor(drill, paths, inbox.path, mail);
  if (!arrived.ok) return arrived;
  const removed = await removeAll();
  if (!removed.ok) return removed;
  return arrived.value || !drill.isCalm() ? ok(null) : err(appError('drill.notArrived', 'later'));
}

/** Whether it came within a minute. */
async function waitFor(
  { session, isCalm, clock }: DrillByMail,
  paths: readonly string[],
  inbox: string,
  mail: { readonly id: string; readonly sentAt: EpochMs },
): Promise<Result<boolean, AppError>> {
  const opened = await session.open(inbox);
  if (!opened.ok) return opened;
  const time = new AbortController();
  const cancel = clock.after(arrivalMs, () => time.abort());
  try {
    while (isCalm()) {
      for (const path of paths) {
        const found = await session.find(path, mail.id, mail.sentAt - dayMs);
        if (!found.ok) return found;
        if (found.value !== null) return ok(true);
      }
      if (time.signal.aborted) return ok(false);
      if ((await session.waitForNews(time.signal)) === 'closed')
        return err(appError('network.closed', 'soon'));
    }
    return ok(false);
  } finally {
    cancel();
  }
}

/** Yields whether it was there. */
async function remove(
  session: ImapSession,
  paths: readonly string[],
  id: string,
  sentAt: EpochMs,
): Promise<Result<boolean, AppError>> {
  let wasThere = false;
  for (const path of paths) {
    const found = await session.findAll(path, id, sentAt - dayMs);
    if (!found.ok) return found;
    for (const uid of found.value) {
      const removed = await session.remove(path, uid);
      if (!removed.ok) return removed;
      wasThere = true;
    }
  }
  return ok(wasThere);
}

/** Says what it is, for whoever meets it all the same. */
function compose(
  address: string,
  random: Random,
  now: EpochMs,
): { readonly id: string; readonly sentAt: EpochMs; readonly source: Uint8Array } {
  const token = random.uuid();
  const id = `relevo-drill.${token}@${address.split('@').at(-1) ?? 'localhost'}`;
  const lines = [
    `From: <${address}>`,
    `To: <${address}>`,
    'Subject: Relevo drill',
    `Date: ${new Date(now).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}>`,
    `${drillHeader}: 1`,
    'Auto-Submitted: auto-generated',
    'X-Auto-Response-Suppress: All',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'Relevo has sent this to itself to see whether the emergency mailbox works.',
    'It is removed within a minute and may be deleted.',
    '',
  ];
  return { id, sentAt: now, source: Buffer.from(lines.join('\r\n')) };
}
