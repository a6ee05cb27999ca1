import { IntlMessageFormat } from 'intl-messageformat';

/** A catalogue: key to message in ICU syntax. */
export type Catalogue = Readonly<Record<string, string>>;

type Node = ReturnType<IntlMessageFormat['getAst']>[number];

/** `TYPE.literal` of the parser, which does not export its enum at run time. */
const plainText = 0;

/**
 * What is wrong with the catalogues, one sentence each: messages that do not parse, keys or arguments that differ from
 * English, keys that no source text uses.
 */
export function catalogueProblems(
  catalogues: Readonly<Record<string, Catalogue>>,
  sources: readonly string[],
): readonly string[] {
  const english = catalogues.en ?? {};
  return [
    ...Object.entries(catalogues).flatMap(([language, catalogue]) =>
      translationProblems(language, catalogue, english),
    ),
    ...unusedKeys(Object.keys(english), sources).map((key) => `en: "${key}" is used nowhere`),
  ];
}

function translationProblems(language: string, catalogue: Catalogue, english: Catalogue): readonly string[] {
  const problems: string[] = [];
  for (const [key, message] of Object.entries(catalogue)) {
    const own = argumentsOf(message, language);
    if (own === null) {
      problems.push(`${language}: "${key}" is not valid ICU syntax`);
      continue;
    }
    const source = english[key];
    if (source === undefined) {
      problems.push(`${language}: "${key}" does not exist in English`);
      continue;
    }
    const expected = argumentsOf(source, 'en');
    if (expected !== null && own !== expected)
      problems.push(`${language}: "${key}" has the arguments {${own}}, English has {${expected}}`);
    if (message.trim() === '') problems.push(`${language}: "${key}" is empty`);
  }
  for (const key of Object.keys(english))
    if (!(key in catalogue)) problems.push(`${language}: "${key}" is missing`);
  return problems;
}

/** The names of a message's arguments and tags, sorted; null when the message does not parse. */
function argumentsOf(message: string, language: string): string | null {
  try {
    return [...new Set(namesIn(new IntlMessageFormat(message, language).getAst()))].sort().join(', ');
  } catch {
    return null;
  }
}

function namesIn(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap((node) => [
    ...('value' in node && node.type !== plainText ? [node.value] : []),
    ...('children' in node ? namesIn(node.children) : []),
    ...('options' in node ? Object.values(node.options).flatMap((option) => namesIn(option.value)) : []),
  ]);
}

/** A key counts as used when it stands in quotes, or when a template such as `error.${code}.title` can yield it. */
function unusedKeys(keys: readonly string[], sources: readonly string[]): readonly string[] {
  const text = sources.join('\n');
  const literals = new Set([...text.matchAll(/(['"`])([\w-]+(?:\.[\w-]+)+)\1/g)].map((match) => match[2]));
  const templates = [...text.matchAll(/`([\w-]+\.[\w.-]*\$\{[^`]*)`/g)].map((match) =>
    templatePattern(match[1] ?? ''),
  );
  return keys.filter((key) => !literals.has(key) && !templates.some((pattern) => pattern.test(key)));
}

function templatePattern(template: string): RegExp {
  const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.'));
  return new RegExp(`^${parts.join('[\\w.-]+')}$`);
}
