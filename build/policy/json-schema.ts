import type { SchemaNode } from '../../shared/policy/form.ts';
import { rowOf, settingNames } from '../../shared/policy/settings.ts';
import { explain } from './explain.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** What a valibot schema holds besides what every form needs. */
interface FullNode extends SchemaNode {
  readonly entries?: Readonly<Record<string, FullNode>>;
  readonly literal?: unknown;
  readonly pipe?: readonly FullNode[];
  readonly wrapped?: FullNode;
  readonly item?: FullNode;
  readonly key?: FullNode;
  readonly value?: FullNode;
}

/** JSON Schema 2020-12 of a policy file: its two parts, and what stands in none, which is enforced. */
export function policySchema(): JsonSchema {
  const properties = Object.fromEntries(
    settingNames.map((name) => {
      const row = rowOf(name);
      return [
        name,
        {
          description: explain(name, 'en', true).join(' '),
          ...jsonSchemaOf(row.schema as unknown as FullNode),
          default: row.default,
        },
      ];
    }),
  );
  const references = Object.fromEntries(
    settingNames.map((name) => [name, { $ref: `#/$defs/settings/properties/${name}` }]),
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:relevo:policy',
    title: 'Relevo policy',
    description: 'What an administrator decides for a laptop.',
    type: 'object',
    properties: {
      defaults: {
        description: 'What holds as long as the person chooses nothing else.',
        $ref: '#/$defs/settings',
      },
      enforced: { description: 'What the person cannot change.', $ref: '#/$defs/settings' },
      ...references,
    },
    additionalProperties: false,
    $defs: { settings: { type: 'object', properties, additionalProperties: false } },
  };
}

/** Throws on a schema that it does not know, so that none is generated that would promise less than the product checks. */
export function jsonSchemaOf(node: FullNode): JsonSchema {
  const checks = checksOf(node);
  const limits = Object.assign({}, ...checks.map(limitOf)) as JsonSchema;
  switch (node.type) {
    case 'string':
    case 'boolean':
      return { type: node.type, ...limits };
    case 'number':
      return { type: checks.some(({ type }) => type === 'integer') ? 'integer' : 'number', ...limits };
    case 'array':
      return {
        type: 'array',
        ...(node.item === undefined ? {} : { items: jsonSchemaOf(node.item) }),
        ...forArrays(limits),
      };
    case 'literal':
      return { const: node.literal };
    case 'picklist':
      return { enum: node.options };
    case 'optional':
    case 'exact_optional':
      return inner(node);
    case 'nullable':
      return { anyOf: [inner(node), { type: 'null' }] };
    case 'strict_object':
    case 'object': {
      const entries = Object.entries(node.entries ?? {});
      return {
        type: 'object',
        properties: Object.fromEntries(entries.map(([name, entry]) => [name, jsonSchemaOf(entry)])),
        required: entries.filter(([, { type }]) => !type.endsWith('optional')).map(([name]) => name),
        ...(node.type === 'strict_object' ? { additionalProperties: false } : {}),
      };
    }
    case 'record':
      return {
        type: 'object',
        ...(node.key === undefined ? {} : { propertyNames: jsonSchemaOf(node.key) }),
        ...(node.value === undefined ? {} : { additionalProperties: jsonSchemaOf(node.value) }),
      };
    case 'variant':
    case 'union':
      return { anyOf: (node.options ?? []).map((option) => jsonSchemaOf(option as FullNode)) };
    default:
      throw new Error(`no JSON Schema for ${node.type}`);
  }
}

function inner(node: FullNode): JsonSchema {
  if (node.wrapped === undefined) throw new Error(`${node.type} wraps nothing`);
  return jsonSchemaOf(node.wrapped);
}

/** A pipe may begin with a schema that is a pipe itself. */
function checksOf(node: FullNode): readonly FullNode[] {
  return (node.pipe ?? []).flatMap((part) => {
    if (part.kind === 'schema') return part === node ? [] : checksOf(part);
    return part.kind === 'validation' ? [part] : [];
  });
}

function limitOf({ type, requirement }: FullNode): JsonSchema {
  switch (type) {
    case 'min_value':
      return { minimum: requirement };
    case 'max_value':
      return { maximum: requirement };
    case 'min_length':
      return { minLength: requirement };
    case 'max_length':
      return { maxLength: requirement };
    case 'non_empty':
      return { minLength: 1 };
    case 'regex':
      return { pattern: (requirement as RegExp).source };
    case 'starts_with':
      return { pattern: `^${String(requirement).replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}` };
    case 'url':
      return { format: 'uri' };
    case 'email':
      return { format: 'email' };
    case 'integer':
      return {};
    // What a function decides cannot be written down; the product checks it all the same.
    case 'check':
      return {};
    default:
      throw new Error(`no JSON Schema for ${type}`);
  }
}

function forArrays({ minLength, maxLength }: JsonSchema): JsonSchema {
  return {
    ...(minLength === undefined ? {} : { minItems: minLength }),
    ...(maxLength === undefined ? {} : { maxItems: maxLength }),
  };
}
