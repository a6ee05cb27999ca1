import { type AppError, appError } from '../../../shared/errors.ts';
import type { Database } from '../cache/database.ts';
import { noteDrillReported, saveVisibleDrill, visibleDrills } from '../cache/queries/drill-store.ts';
import type { Clock, Logger } from '../ports.ts';
import type { AccountToAssess } from './readiness-service.ts';

const minuteMs = 60_000;
/** Everybody switches in the same second; to sign in besides, each waits for its turn within this, or half the window. */
const turnsWithinMs = 5 * minuteMs;
/** What failed is tried again until the window is over. */
const againMs = minuteMs;
/** A provider that was out of reach is told later, for as long as anybody asks. */
const reportedWithinMs = 7 * 24 * 60 * minuteMs;
const rememberedDrills = 20;

interface Ports {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * While a drill goes on that everybody sees: finds out, at this laptop's turn, whether it has switched and both doors of
 * continuity let it in, and tells the provider afterwards. `againMs`: in how many milliseconds to look again.
 */
export async function takePartInDrill(
  account: AccountToAssess,
  { db, clock, log }: Ports,
): Promise<{ readonly hasNews: boolean; readonly againMs: number }> {
  const drill = account.drill();
  let hasNews = false;
  let next = Number.POSITIVE_INFINITY;
  if (drill !== null) {
    const { matter, from, until } = drill;
    const known = visibleDrills(db, account.id, rememberedDrills).find(
      (one) => one.matter === matter && one.from === from,
    );
    const turnAt =
      known === undefined
        ? from + account.place * Math.min(turnsWithinMs, (until - from) / 2)
        : known.triedAt + againMs;
    if (known?.outcome !== 'worked') {
      const waitMs = turnAt - clock.now();
      if (waitMs > 0) next = waitMs;
      else {
        const error = await outcomeOf(account);
        next = againMs;
        if (error !== 'notYet') {
          saveVisibleDrill(db, account.id, { matter, from, until, error, triedAt: clock.now() });
          log.info('took part in a drill', { accountId: account.id, code: error?.code ?? null });
          hasNews = true;
        }
      }
    }
  }
  for (const done of visibleDrills(db, account.id, rememberedDrills)) {
    const isOver = done.outcome === 'worked' || clock.now() >= done.until || drill?.matter !== done.matter;
    if (done.reportedAt !== null || !isOver || clock.now() - done.until > reportedWithinMs) continue;
    const told = await account.reportDrill(done);
    const isDone = told.ok || ['notFound', 'enrolment.refused'].includes(told.error.code);
    if (isDone) noteDrillReported(db, account.id, done, clock.now());
  }
  return { hasNews, againMs: next };
}

/** Null: it worked. `notYet`: something else decides at this moment. */
async function outcomeOf(account: AccountToAssess): Promise<AppError | null | 'notYet'> {
  switch (account.state()) {
    case 'offline':
      return appError('network.unreachable', 'soon');
    case 'drill': {
      const rehearsed = await account.rehearse();
      return rehearsed.ok ? null : rehearsed.error;
    }
    default:
      return 'notYet';
  }
}
