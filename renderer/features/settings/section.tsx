import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

/** What a question answered, once it has; until then that it is on its way, or why it has none. */
export function Answered<T>({
  question,
  children,
}: {
  readonly question: UseQueryResult<T, AppError>;
  readonly children: (answer: T) => ReactNode;
}) {
  const { t } = useLanguage();
  if (question.data !== undefined) return children(question.data);
  if (question.isError) return <ErrorNote error={question.error} />;
  return <Skeleton label={t('settings.loading')} rows={2} />;
}
