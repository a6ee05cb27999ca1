/** How a setting is shown and changed, told by its JSON text. */
export type ValueKind = 'boolean' | 'number' | 'text' | 'json';

export function kindOfValue(json: string): ValueKind {
  const value = parsed(json);
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return 'number';
  return typeof value === 'string' ? 'text' : 'json';
}

/** What stands in the field: text without its quotes, lists and objects over several lines. */
export function toTyped(json: string): string {
  const value = parsed(json);
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : json;
}

/** The JSON text of what was typed; null: it is none of that kind. */
export function fromTyped(kind: ValueKind, typed: string): string | null {
  if (kind === 'text') return JSON.stringify(typed);
  const value = parsed(typed);
  if (value === undefined) return null;
  return kind === 'json' || typeof value === kind ? JSON.stringify(value) : null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
