import type * as v from 'valibot';

/** How a setting is written where there is no JSON: in a registry, a property list, a form of an administrator's tool. */
export type SettingForm =
  | { readonly kind: 'boolean' }
  | {
      readonly kind: 'number';
      readonly minimum: number | null;
      readonly maximum: number | null;
      readonly isInteger: boolean;
    }
  | { readonly kind: 'text'; readonly maximumLength: number | null }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  /** Texts, one on each line. */
  | { readonly kind: 'list' }
  /** PEM, one after the other. */
  | { readonly kind: 'certificates' }
  /** JSON text. */
  | { readonly kind: 'structure' };

/** A schema as far as its form needs it; valibot keeps these on every schema object. */
export interface SchemaNode {
  readonly type: string;
  readonly kind: string;
  readonly requirement?: unknown;
  readonly pipe?: readonly SchemaNode[];
  readonly wrapped?: SchemaNode;
  readonly item?: SchemaNode;
  readonly options?: readonly unknown[];
}

/** The form of a setting, derived from its schema. */
export function formOf(schema: v.GenericSchema): SettingForm {
  return formOfNode(schema as unknown as SchemaNode);
}

function formOfNode(node: SchemaNode): SettingForm {
  switch (node.type) {
    case 'nullable':
    case 'optional':
      return node.wrapped === undefined ? { kind: 'structure' } : formOfNode(node.wrapped);
    case 'boolean':
      return { kind: 'boolean' };
    case 'number':
      return {
        kind: 'number',
        minimum: numberOf(node, 'min_value'),
        maximum: numberOf(node, 'max_value'),
        isInteger: checkOf(node, 'integer') !== undefined,
      };
    case 'string':
      return { kind: 'text', maximumLength: numberOf(node, 'max_length') };
    case 'picklist':
      return { kind: 'choice', options: (node.options ?? []).map(String) };
    case 'array': {
      if (node.item?.type !== 'string') return { kind: 'structure' };
      const start = checkOf(node.item, 'starts_with')?.requirement;
      return { kind: String(start).startsWith('-----BEGIN CERTIFICATE') ? 'certificates' : 'list' };
    }
    default:
      return { kind: 'structure' };
  }
}

function checkOf(node: SchemaNode, type: string): SchemaNode | undefined {
  return node.pipe?.find((check) => check.kind === 'validation' && check.type === type);
}

function numberOf(node: SchemaNode, type: string): number | null {
  const requirement = checkOf(node, type)?.requirement;
  return typeof requirement === 'number' ? requirement : null;
}
