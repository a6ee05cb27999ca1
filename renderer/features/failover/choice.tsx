import type { FailoverStatus } from '../../../shared/model/failover.ts';
import { type Route, routes } from '../../../shared/model/route.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useWindowTimes } from './window-times.ts';

/** In every state: that the person chose a way, until when that counts, and how it is left to Relevo again. */
export function ChoiceNote({ status: { accountId, chosen } }: { readonly status: FailoverStatus }) {
  const { t } = useLanguage();
  const times = useWindowTimes();
  const action = useAction();
  if (chosen === null) return null;
  return (
    <p className="banner-choice" data-testid="banner-choice">
      <span>{t(`banner.chosen.${chosen.route}`, times({ from: chosen.at, until: chosen.until }))}</span>{' '}
      <button
        type="button"
        className="button"
        data-testid="choose-automatic"
        disabled={action.isBusy}
        onClick={() => action.run(() => relevo.failover.choose({ accountId, route: null }))}
      >
        {t('failover.automatic')}
      </button>
      {action.error !== null && <ErrorNote error={action.error} />}
    </p>
  );
}

/** In the details: the ways that the person may choose, or that it is not theirs to choose. */
export function ChoiceButtons({ status }: { readonly status: FailoverStatus }) {
  const { t } = useLanguage();
  const action = useAction();
  const choose = (route: Route) =>
    action.run(() => relevo.failover.choose({ accountId: status.accountId, route }));
  if (!status.mayChoose) return t('failover.locked');
  return (
    <>
      {routes
        .filter((route) => route !== status.chosen?.route)
        .map((route) => (
          <button
            key={route}
            type="button"
            className="button"
            data-testid={`choose-${route}`}
            disabled={action.isBusy}
            onClick={() => choose(route)}
          >
            {t(`failover.choose.${route}`)}
          </button>
        ))}
      {action.error !== null && <ErrorNote error={action.error} />}
    </>
  );
}
