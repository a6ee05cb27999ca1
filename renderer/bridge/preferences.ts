import { useQueryClient } from '@tanstack/react-query';
import type { Topic } from '../../shared/contract/events.ts';
import type { PreferencesFound } from '../../shared/contract/preferences.ts';
import { defaultPreferences, type WindowPreferences } from '../../shared/model/window-preferences.ts';
import { useTopic } from './queries.ts';
import { relevo } from './relevo.ts';

const key = ['preferences' satisfies Topic, 'read'] as const;

/** The system's accent colour; null: none, or not known yet. */
export function useAccent(): string | null {
  return useTopic('preferences', ['read'], () => relevo.preferences.read({})).data?.accent ?? null;
}

/** How the person has arranged the window, and how they change it: seen at once, kept without waiting. */
export function usePreferences(): readonly [WindowPreferences, (change: Partial<WindowPreferences>) => void] {
  const queries = useQueryClient();
  const found = useTopic('preferences', ['read'], () => relevo.preferences.read({})).data;
  const change = (changed: Partial<WindowPreferences>) => {
    const before = queries.getQueryData<PreferencesFound>(key);
    const preferences = { ...(before?.preferences ?? defaultPreferences), ...changed };
    queries.setQueryData<PreferencesFound>(key, { accent: before?.accent ?? null, preferences });
    void relevo.preferences.keep({ ...preferences, recentCommands: [...preferences.recentCommands] });
  };
  return [found?.preferences ?? defaultPreferences, change];
}
