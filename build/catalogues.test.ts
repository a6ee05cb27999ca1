import { describe, expect, it } from 'vitest';
import { catalogueProblems } from './catalogues.ts';

const used = ["t('greeting.hello')"];
const problems = (english: string, german: string | null, sources: readonly string[] = used) =>
  catalogueProblems(
    { en: { 'greeting.hello': english }, de: german === null ? {} : { 'greeting.hello': german } },
    sources,
  );

describe('catalogues', () => {
  it('are fine when every language says the same', () => {
    expect(
      problems(
        'Hello {name}, {count, plural, one {# mail} other {# mails}}',
        '{count, plural, one {# Mail} other {# Mails}} für {name}',
      ),
    ).toEqual([]);
  });

  it('must have every key in every language', () => {
    expect(problems('Hello', null)).toEqual(['de: "greeting.hello" is missing']);
  });

  it('must have no key that English lacks', () => {
    expect(catalogueProblems({ en: {}, fr: { 'greeting.bye': 'Au revoir' } }, [])).toEqual([
      'fr: "greeting.bye" does not exist in English',
    ]);
  });

  it('must parse', () => {
    expect(problems('Hello {name}', 'Hallo {name')).toEqual(['de: "greeting.hello" is not valid ICU syntax']);
  });

  it('must take the same arguments, nested ones included', () => {
    expect(
      problems('{n, plural, one {# by {who}} other {#}}', '{n, plural, one {# von {wem}} other {#}}'),
    ).toEqual(['de: "greeting.hello" has the arguments {n, wem}, English has {n, who}']);
  });

  it('must say something', () => {
    expect(problems('Hello', ' ')).toEqual(['de: "greeting.hello" is empty']);
  });

  it('must be used, by name or by a template that yields the name', () => {
    expect(problems('Hello', 'Hallo', ["t('greeting.bye')"])).toEqual([
      'en: "greeting.hello" is used nowhere',
    ]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text
    expect(problems('Hello', 'Hallo', ['t(`greeting.${kind}`)'])).toEqual([]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text
    expect(problems('Hello', 'Hallo', ['t(`farewell.${kind}`)'])).toHaveLength(1);
  });
});
