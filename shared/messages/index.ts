import IntlMessageFormat from 'intl-messageformat';
import de from './de.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import es from './es.json' with { type: 'json' };
import fr from './fr.json' with { type: 'json' };
import it from './it.json' with { type: 'json' };

export type MessageKey = keyof typeof en;
export type MessageValues = Readonly<Record<string, string | number>>;
export type Translate = (key: MessageKey, values?: MessageValues) => string;

/** Every catalogue has every key: the type says so, and `npm run check` that the arguments are the same. */
const catalogues: Readonly<Record<string, Readonly<Record<MessageKey, string>>>> = { de, en, es, fr, it };

/** The language of ours that serves a locale, e.g. "de" for "de-AT"; English where there is none. */
export function languageOf(locale: string): string {
  const language = locale.toLowerCase().split(/[-_]/)[0] ?? '';
  return Object.hasOwn(catalogues, language) ? language : 'en';
}

/** Texts in the language of a locale such as "de-AT"; numbers and plurals as that locale has them. */
export function translator(locale: string): Translate {
  const language = languageOf(locale);
  const catalogue = catalogues[language] ?? en;
  const formats = new Map<MessageKey, IntlMessageFormat>();
  return (key, values) => {
    let format = formats.get(key);
    if (format === undefined) {
      format = new IntlMessageFormat(catalogue[key], language);
      formats.set(key, format);
    }
    return String(format.format(values));
  };
}
