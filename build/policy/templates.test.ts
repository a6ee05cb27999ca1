import { parse } from 'plist';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readManagedPreferences } from '../../electron/main/policy/managed-preferences.ts';
import { escrowKey } from '../../shared/policy/escrow-key.ts';
import { formOf, type SchemaNode } from '../../shared/policy/form.ts';
import { resolvePolicy } from '../../shared/policy/resolve.ts';
import { rowOf, settingNames } from '../../shared/policy/settings.ts';
import { registryLayers } from '../../shared/policy/vendor.ts';
import { adml, admx } from './admx.ts';
import { admlLanguages, generatedPolicyFiles } from './generate.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { descendants, element, type XmlElement, xmlText } from './xml.ts';

/**
 * The rules of Microsoft's schema for administrative templates (MS-GPREG section 7), as far as our templates use it,
 * and those that it cannot express: every reference leads somewhere.
 */
const template = admx();
const all = descendants(template);
const named = (name: string, inside: readonly XmlElement[] = all) =>
  inside.filter((one) => one.name === name);
const attribute = (one: XmlElement, name: string): string => one.attributes[name] ?? '';
const elementsOf = (one: XmlElement): readonly XmlElement[] =>
  one.children.filter((child): child is XmlElement => typeof child !== 'string');
const childNames = (one: XmlElement): readonly string[] => elementsOf(one).map(({ name }) => name);
const unique = (values: readonly string[]) => expect(values).toEqual([...new Set(values)]);

describe('xmlText', () => {
  it('escapes what XML gives a meaning, and keeps the lines of a text', () => {
    expect(xmlText(element('a', { b: '"<&>"' }, element('c', {}, 'x & <y>\n\nz'), element('d')))).toBe(
      '<?xml version="1.0" encoding="utf-8"?>\n<a b="&quot;&lt;&amp;&gt;&quot;">\n  <c>x &amp; &lt;y&gt;\n\nz</c>\n  <d />\n</a>\n',
    );
  });
});

describe('relevo.admx', () => {
  it('has its parts in the order of the schema', () => {
    expect(childNames(template)).toEqual([
      'policyNamespaces',
      'resources',
      'supportedOn',
      'categories',
      'policies',
    ]);
  });

  it('has the parts of each policy in the order of the schema', () => {
    for (const policy of named('policy')) {
      const order = ['parentCategory', 'supportedOn', 'enabledValue', 'disabledValue', 'elements'];
      expect(childNames(policy)).toEqual(order.filter((name) => childNames(policy).includes(name)));
      expect(childNames(policy).slice(0, 2)).toEqual(['parentCategory', 'supportedOn']);
    }
  });

  it('names everything once, of letters, digits and underscores', () => {
    for (const kind of ['policy', 'category', 'definition']) {
      const names = named(kind).map((one) => attribute(one, 'name'));
      unique(names);
      for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_]+$/);
    }
    unique(['decimal', 'text', 'multiText', 'enum'].flatMap((kind) => named(kind).flatMap(idOf)));
  });

  const idOf = (one: XmlElement) => (one.attributes.id === undefined ? [] : [one.attributes.id]);

  it('refers only to categories and versions that it defines', () => {
    const categories = named('category').map((one) => attribute(one, 'name'));
    for (const { attributes } of named('parentCategory')) expect(categories).toContain(attributes.ref);
    const versions = named('definition').map((one) => attribute(one, 'name'));
    const policies = named('policies').flatMap(elementsOf);
    for (const { attributes } of policies.flatMap((policy) => named('supportedOn', elementsOf(policy))))
      expect(versions).toContain(attributes.ref);
  });

  it('writes where the reader reads: each setting enforced, each personal one as a default besides', () => {
    const written = named('policy').map((policy) => {
      const value = policy.attributes.valueName ?? attribute(valueElement(policy), 'valueName');
      return `${policy.attributes.key}\\${value}`;
    });
    const keyOf = Object.fromEntries(registryLayers.map(({ layer, key }) => [layer, key]));
    expect(written).toEqual([
      ...settingNames.map((name) => `${keyOf.enforced}\\${name}`),
      ...settingNames
        .filter((name) => rowOf(name).isPersonal === true)
        .map((name) => `${keyOf.default}\\${name}`),
    ]);
    for (const policy of named('policy')) expect(policy.attributes.class).toBe('Machine');
  });

  const valueElement = (policy: XmlElement): XmlElement => {
    const [elements] = named('elements', elementsOf(policy));
    const [value] = elements === undefined ? [] : elementsOf(elements);
    return value ?? element('none');
  };

  it('allows only numbers that Windows can hold and the product accepts', () => {
    for (const { attributes } of named('decimal').filter((one) => one.attributes.id !== undefined)) {
      const [minimum, maximum] = [Number(attributes.minValue), Number(attributes.maxValue)];
      expect(Number.isInteger(minimum) && minimum >= 0 && maximum > minimum && maximum < 2 ** 32).toBe(true);
      const name = settingNames.find((one) => one === attributes.valueName);
      for (const value of [minimum, maximum])
        expect(name !== undefined && v.safeParse(rowOf(name).schema, value).success).toBe(true);
    }
  });
});

describe.each(Object.entries(admlLanguages))('%s/relevo.adml', (_folder, language) => {
  const resources = adml(language);
  const inside = descendants(resources);
  const strings = named('string', inside).map((one) => attribute(one, 'id'));
  const presentations = named('presentation', inside);
  const referred = (kind: string) =>
    all
      .flatMap(({ attributes }) => Object.values(attributes))
      .flatMap((value) => value.match(new RegExp(`^\\$\\(${kind}\\.([A-Za-z0-9_]+)\\)$`))?.[1] ?? []);

  it('has its parts in the order of the schema', () => {
    expect(childNames(resources)).toEqual(['displayName', 'description', 'resources']);
    expect(named('resources', inside).map(childNames)).toEqual([['stringTable', 'presentationTable']]);
  });

  it('says every text that the template refers to, and no other', () => {
    unique(strings);
    expect([...strings].sort()).toEqual([...new Set(referred('string'))].sort());
    for (const { children } of named('string', inside)) expect(String(children[0]).trim()).not.toBe('');
  });

  it('shows every form that the template refers to, and no other', () => {
    const ids = presentations.map((one) => attribute(one, 'id'));
    unique(ids);
    expect([...ids].sort()).toEqual([...new Set(referred('presentation'))].sort());
  });

  it('shows for each value the control that suits its type', () => {
    const controls: Readonly<Record<string, string>> = {
      decimalTextBox: 'decimal',
      textBox: 'text',
      multiTextBox: 'multiText',
      dropdownList: 'enum',
    };
    for (const control of presentations.flatMap(elementsOf)) {
      const [value] = all.filter(({ attributes }) => attributes.id === control.attributes.refId);
      expect(value?.name).toBe(controls[control.name]);
    }
  });
});

describe('relevo.mobileconfig', () => {
  const profile = generatedPolicyFiles().get('build/policy/templates/relevo.mobileconfig') ?? '';
  const { PayloadContent } = parse(profile) as unknown as {
    PayloadContent: readonly Record<string, unknown>[];
  };

  it('is a policy that the product takes whole', () => {
    const { PayloadDisplayName, ...forced } = PayloadContent[0] ?? {};
    expect(PayloadDisplayName).toBe('Relevo');
    const plist = xmlText(element('plist', { version: '1.0' }, plistDictionary(forced)));
    const reading = readManagedPreferences('managed', Buffer.from(plist));
    const { policy, refused } = resolvePolicy(reading, { place: 'settings.json', values: {} });
    expect(refused).toEqual([]);
    expect(policy.accounts.map(({ address }) => address)).toEqual(['alice@corp.example']);
    expect(policy['sync.windowDays']).toBe(60);
  });

  /** What macOS makes of it: text, numbers and one dictionary. */
  const plistDictionary = (values: Record<string, unknown>): XmlElement =>
    element(
      'dict',
      {},
      ...Object.entries(values).flatMap(([key, value]) => [
        element('key', {}, key),
        typeof value === 'object' && value !== null
          ? plistDictionary(value as Record<string, unknown>)
          : element(typeof value === 'number' ? 'integer' : 'string', {}, String(value)),
      ]),
    );
});

describe('the manifest of the profile', () => {
  it('describes every setting', () => {
    const manifest = generatedPolicyFiles().get('build/policy/templates/com.relevo.app.plist') ?? '';
    const { pfm_subkeys } = parse(manifest) as unknown as { pfm_subkeys: readonly Record<string, unknown>[] };
    expect(pfm_subkeys.map(({ pfm_name }) => pfm_name)).toEqual([...settingNames, 'defaults']);
    for (const { pfm_type } of pfm_subkeys)
      expect(['boolean', 'integer', 'real', 'string', 'array', 'dictionary']).toContain(pfm_type);
  });
});

describe('jsonSchemaOf', () => {
  const convert = (schema: v.GenericSchema) => jsonSchemaOf(schema as unknown as SchemaNode);

  it('says what a schema says', () => {
    expect(
      convert(
        v.strictObject({
          kind: v.picklist(['a', 'b']),
          host: v.pipe(v.string(), v.minLength(1), v.regex(/^x/)),
          port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
          more: v.nullable(v.array(v.boolean())),
        }),
      ),
    ).toEqual({
      type: 'object',
      properties: {
        kind: { enum: ['a', 'b'] },
        host: { type: 'string', minLength: 1, pattern: '^x' },
        port: { type: 'integer', minimum: 1 },
        more: { anyOf: [{ type: 'array', items: { type: 'boolean' } }, { type: 'null' }] },
      },
      required: ['kind', 'host', 'more'],
      additionalProperties: false,
    });
  });

  it('keeps every check of a pipe that begins with a pipe', () => {
    const variants = convert(escrowKey).anyOf as readonly { properties: Record<string, unknown> }[];
    expect(variants[1]?.properties.n).toEqual({
      type: 'string',
      pattern: '^[A-Za-z0-9_-]+$',
      minLength: 342,
    });
  });

  it('refuses to describe what it does not know', () => {
    expect(() => convert(v.map(v.string(), v.string()))).toThrow('no JSON Schema for map');
  });
});

describe('formOf', () => {
  it('finds a form for every setting', () => {
    expect(settingNames.map((name) => formOf(rowOf(name).schema).kind)).toHaveLength(settingNames.length);
    expect(formOf(rowOf('accounts').schema).kind).toBe('structure');
    expect(formOf(rowOf('network.certificates').schema).kind).toBe('certificates');
    expect(formOf(v.picklist(['a']))).toEqual({ kind: 'choice', options: ['a'] });
  });
});
