import { formOf, type SettingForm } from '../../shared/policy/form.ts';
import { help } from '../../shared/policy/help/index.ts';
import { rowOf, type SettingName, settingNames } from '../../shared/policy/settings.ts';
import { registryLayers } from '../../shared/policy/vendor.ts';
import { explain, groupOf, helpOf, type Language } from './explain.ts';
import { phrases } from './phrases.ts';
import { element, type XmlElement } from './xml.ts';

/**
 * Microsoft's administrative templates (MS-GPREG section 7): what can be set, and its texts in one language. What is
 * enforced stands in a category for each group of settings; what the person may change, in one of its own.
 */

type Layer = (typeof registryLayers)[number]['layer'];

const namespaces = {
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  revision: '1.0',
  schemaVersion: '1.0',
  xmlns: 'http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions',
};

/** The longest text of a value that the product sets no limit to, in characters; Windows would allow 1023. */
const longText = '1000000';

const groups = [...new Set(settingNames.map(groupOf))];
const versions = [...new Set(settingNames.map((name) => rowOf(name).since))];

/** Every policy of the template: each setting enforced, the personal ones as a default besides. */
const policies: readonly { readonly name: SettingName; readonly layer: Layer }[] = [
  ...settingNames.map((name) => ({ name, layer: 'enforced' as const })),
  ...settingNames
    .filter((name) => rowOf(name).isPersonal === true)
    .map((name) => ({ name, layer: 'default' as const })),
];

/** The schema allows letters, digits and `_` in names. */
const identifier = (name: string): string => name.replaceAll(/[^A-Za-z0-9]/g, '_');
const policyId = (name: SettingName, layer: Layer): string =>
  layer === 'enforced' ? identifier(name) : `${identifier(name)}_Default`;
const versionId = (version: string): string => `SUPPORTED_${identifier(version)}`;
const stringRef = (id: string): string => `$(string.${id})`;

export function admx(): XmlElement {
  return element(
    'policyDefinitions',
    namespaces,
    element(
      'policyNamespaces',
      {},
      element('target', { prefix: 'relevo', namespace: 'Relevo.Policies.Relevo' }),
    ),
    element('resources', { minRequiredRevision: '1.0' }),
    element(
      'supportedOn',
      {},
      element(
        'definitions',
        {},
        ...versions.map((version) =>
          element('definition', { name: versionId(version), displayName: stringRef(versionId(version)) }),
        ),
      ),
    ),
    element(
      'categories',
      {},
      element('category', { name: 'Relevo', displayName: stringRef('Relevo') }),
      ...groups.map((group) =>
        element(
          'category',
          { name: `Group_${group}`, displayName: stringRef(`Group_${group}`) },
          element('parentCategory', { ref: 'Relevo' }),
        ),
      ),
      element(
        'category',
        { name: 'Defaults', displayName: stringRef('Defaults'), explainText: stringRef('Defaults_Explain') },
        element('parentCategory', { ref: 'Relevo' }),
      ),
    ),
    element('policies', {}, ...policies.map(({ name, layer }) => policy(name, layer))),
  );
}

function policy(name: SettingName, layer: Layer): XmlElement {
  const id = policyId(name, layer);
  const form = formOf(rowOf(name).schema);
  const key = registryLayers.find((one) => one.layer === layer)?.key ?? '';
  const isBoolean = form.kind === 'boolean';
  return element(
    'policy',
    {
      name: id,
      class: 'Machine',
      displayName: stringRef(id),
      explainText: stringRef(`${id}_Explain`),
      ...(isBoolean ? {} : { presentation: `$(presentation.${id})` }),
      key,
      ...(isBoolean ? { valueName: name } : {}),
    },
    element('parentCategory', { ref: layer === 'enforced' ? `Group_${groupOf(name)}` : 'Defaults' }),
    element('supportedOn', { ref: versionId(rowOf(name).since) }),
    ...(isBoolean
      ? [
          element('enabledValue', {}, element('decimal', { value: '1' })),
          element('disabledValue', {}, element('decimal', { value: '0' })),
        ]
      : [element('elements', {}, policyElement(id, name, form))]),
  );
}

function policyElement(id: string, name: SettingName, form: SettingForm): XmlElement {
  const attributes = { id: elementId(id), valueName: name, required: 'true' };
  switch (form.kind) {
    case 'number':
      return element('decimal', {
        ...attributes,
        minValue: String(Math.ceil(form.minimum ?? 0)),
        maxValue: String(Math.floor(form.maximum ?? 0xffff_ffff)),
      });
    case 'choice':
      return element(
        'enum',
        attributes,
        ...form.options.map((option) =>
          element(
            'item',
            { displayName: stringRef(`${id}_${identifier(option)}`) },
            element('value', {}, element('string', {}, option)),
          ),
        ),
      );
    case 'text':
      return element('text', { ...attributes, maxLength: String(form.maximumLength ?? longText) });
    default:
      return element('multiText', { ...attributes, maxLength: longText });
  }
}

const elementId = (policyName: string): string => `${policyName}_Value`;

export function adml(language: Language): XmlElement {
  const say = phrases[language];
  const { groups: groupTitles } = help[language];
  const strings: (readonly [id: string, text: string])[] = [
    ['Relevo', 'Relevo'],
    ['Defaults', say.defaults],
    ['Defaults_Explain', say.defaultsExplained],
    ...versions.map((version) => [versionId(version), say.supportedFrom(version)] as const),
    ...groups.map((group) => [`Group_${group}`, groupTitles[group]] as const),
    ...policies.flatMap(({ name, layer }) => policyStrings(name, layer, language)),
  ];
  return element(
    'policyDefinitionResources',
    namespaces,
    element('displayName', {}, 'Relevo'),
    element('description', {}, say.about),
    element(
      'resources',
      {},
      element('stringTable', {}, ...strings.map(([id, text]) => element('string', { id }, text))),
      element(
        'presentationTable',
        {},
        ...policies.flatMap(({ name, layer }) => presentation(name, layer, language)),
      ),
    ),
  );
}

function policyStrings(name: SettingName, layer: Layer, language: Language) {
  const id = policyId(name, layer);
  const form = formOf(rowOf(name).schema);
  const options = form.kind === 'choice' ? form.options : [];
  return [
    [id, helpOf(name, language).title] as const,
    [`${id}_Explain`, explain(name, language, layer === 'enforced').join('\n\n')] as const,
    ...options.map((option) => [`${id}_${identifier(option)}`, option] as const),
  ];
}

function presentation(name: SettingName, layer: Layer, language: Language): readonly XmlElement[] {
  const form = formOf(rowOf(name).schema);
  const fallback = rowOf(name).default;
  const id = policyId(name, layer);
  const { title } = helpOf(name, language);
  const refId = elementId(id);
  const box = (): XmlElement | null => {
    switch (form.kind) {
      case 'boolean':
        return null;
      case 'number':
        return element('decimalTextBox', { refId, defaultValue: String(Math.ceil(Number(fallback))) }, title);
      case 'choice':
        return element(
          'dropdownList',
          { refId, noSort: 'true', ...defaultItem(form.options, fallback) },
          title,
        );
      case 'text':
        return element('textBox', { refId }, element('label', {}, title));
      default:
        return element('multiTextBox', { refId, defaultHeight: form.kind === 'list' ? '4' : '12' }, title);
    }
  };
  const found = box();
  return found === null ? [] : [element('presentation', { id }, found)];
}

function defaultItem(options: readonly string[], fallback: unknown): Readonly<Record<string, string>> {
  const at = options.indexOf(String(fallback));
  return at < 0 ? {} : { defaultItem: String(at) };
}
