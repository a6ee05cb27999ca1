import { formOf } from '../../shared/policy/form.ts';
import type { HelpText } from '../../shared/policy/help/help.ts';
import { help } from '../../shared/policy/help/index.ts';
import { rowOf, type SettingName } from '../../shared/policy/settings.ts';
import { phrases } from './phrases.ts';

export type Language = keyof typeof phrases;

/** Everything an administrator should know about a setting, in sentences; `isLocked` where setting it locks it. */
export function explain(name: SettingName, language: Language, isLocked: boolean): readonly string[] {
  const say = phrases[language];
  const row = rowOf(name);
  const form = formOf(row.schema);
  return [
    helpOf(name, language).text,
    ...(form.kind === 'list' ? [say.oneOnEachLine] : []),
    ...(form.kind === 'certificates' ? [say.certificates] : []),
    ...(form.kind === 'structure' ? [say.json] : []),
    say.standard(valueText(row.default, say.nothing)),
    ...(isLocked && row.isPersonal === true ? [say.isPersonal] : []),
    ...(row.appliesAt === 'restart' ? [say.afterRestart] : []),
    ...(row.strictest === undefined ? [] : [say.failsClosed(valueText(row.strictest, say.nothing))]),
  ];
}

export function helpOf(name: SettingName, language: Language): HelpText {
  return help[language].settings[name];
}

export const groupOf = (name: SettingName): keyof (typeof help)['en']['groups'] =>
  name.replace(/\..*$/, '') as keyof (typeof help)['en']['groups'];

/** A value as an administrator reads it. */
export function valueText(value: unknown, nothing: string): string {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return nothing;
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
