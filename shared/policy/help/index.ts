import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import type { Help } from './help.ts';
import { it } from './it.ts';

/** What is said about the settings, by language. */
export const help = { en, de, es, fr, it } satisfies Record<string, Help>;
