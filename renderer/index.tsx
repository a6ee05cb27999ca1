import './ui/base.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { languageOf } from '../shared/messages/index.ts';
import { App } from './app.tsx';
import { followChanges } from './bridge/queries.ts';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { ErrorNote } from './ui/error-note.tsx';
import { LanguageProvider } from './ui/language.tsx';
import { ToastProvider } from './ui/toast.tsx';

/** Answers stay right until a `changed` event says otherwise, so nothing is asked again by the clock. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
followChanges(queries);

document.documentElement.lang = languageOf(navigator.language);
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <LanguageProvider locale={navigator.language}>
        <ToastProvider>
          <ErrorBoundary instead={<ErrorNote error={{ code: 'engine.failed', retry: 'afterUserAction' }} />}>
            <App />
          </ErrorBoundary>
        </ToastProvider>
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
);
