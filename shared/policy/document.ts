import { formOf, type SettingForm } from './form.ts';
import type { PolicyDocument, PolicyReading } from './resolve.ts';
import { isSettingName, rowOf } from './settings.ts';

/** Reads a policy text: a JSON object, see `documentsOf`. Never throws. */
export function readJsonPolicy(place: string, text: string): PolicyReading {
  try {
    return documentsOf(place, JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return refusedSource(place, 'not a JSON object');
  }
}

/**
 * Takes an object apart: what stands in its part `defaults` are the administrator's defaults, what stands in its part
 * `enforced`, or in none, is enforced.
 */
export function documentsOf(place: string, root: unknown): PolicyReading {
  if (!isRecord(root)) return refusedSource(place, 'not a JSON object');
  const { defaults, enforced, ...flat } = root;
  const documents: PolicyDocument[] = [];
  for (const [part, layer, values] of [
    ['defaults', 'default', defaults],
    ['', 'enforced', flat],
    ['enforced', 'enforced', enforced],
  ] as const) {
    if (values === undefined) continue;
    if (!isRecord(values)) return refusedSource(place, `${part}: object expected`);
    documents.push({ place, layer, values });
  }
  return { documents, refused: [] };
}

/** A whole source that says nothing, because it cannot be understood or must not be believed. */
export function refusedSource(place: string, reason: string): PolicyReading {
  return { documents: [], refused: [{ setting: null, place, reason }] };
}

export function joinReadings(readings: readonly PolicyReading[]): PolicyReading {
  return {
    documents: readings.flatMap(({ documents }) => documents),
    refused: readings.flatMap(({ refused }) => refused),
  };
}

/**
 * What a registry or a property list holds, as the table's types: a list may be text with one entry on each line, what
 * has structure may be JSON text, yes and no may be 1 and 0. What cannot be read that way stays as it is, and is
 * refused later.
 */
export function readTextForms(reading: PolicyReading): PolicyReading {
  const documents = reading.documents.map((document) => ({
    ...document,
    values: Object.fromEntries(
      Object.entries(document.values).map(([name, value]) => [
        name,
        isSettingName(name) ? fromTextForm(formOf(rowOf(name).schema), value) : value,
      ]),
    ),
  }));
  return { ...reading, documents };
}

function fromTextForm(form: SettingForm, value: unknown): unknown {
  const text = textOf(value);
  switch (form.kind) {
    case 'boolean':
      if (value === 1 || text === '1' || text === 'true') return true;
      return value === 0 || text === '0' || text === 'false' ? false : value;
    case 'number':
      return text !== null && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : value;
    case 'text':
    case 'choice':
      return value;
    case 'list':
      if (typeof value === 'string' && !value.startsWith('[')) return linesOf(value);
      return typeof value === 'string' ? fromJson(value) : withoutEmptyLines(value);
    case 'certificates':
      return text === null ? value : splitCertificates(text, value);
    case 'structure':
      return text === null ? value : fromJson(text, value);
  }
}

/** A text, or a list of lines as a multi-line value of the registry comes. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim();
  return Array.isArray(value) && value.length > 0 && value.every((line) => typeof line === 'string')
    ? value.join('\n').trim()
    : null;
}

const linesOf = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

const withoutEmptyLines = (value: unknown): unknown =>
  Array.isArray(value) ? value.filter((line) => line !== '') : value;

function splitCertificates(text: string, value: unknown): unknown {
  if (text === '') return [];
  if (text.startsWith('[')) return fromJson(text, value);
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  // Anything besides certificates is a slip that must show.
  return text.replace(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g, '').trim() === ''
    ? found.map((certificate) => `${certificate}\n`)
    : value;
}

function fromJson(text: string, otherwise: unknown = text): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !ArrayBuffer.isView(value)
  );
}
