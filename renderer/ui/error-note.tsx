import type { AppError } from '../../shared/errors.ts';
import { useLanguage } from './language.tsx';

/** What happened, and what happens next. */
export function ErrorNote({ error }: { readonly error: AppError }) {
  const { t } = useLanguage();
  return (
    <p role="alert" className="error-note" data-testid="error" data-code={error.code}>
      <strong>{t(`error.${error.code}.title`)}</strong> {t(`error.${error.code}.next`)}
    </p>
  );
}
