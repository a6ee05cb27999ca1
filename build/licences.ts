/** An installed package as package-lock.json lists it. */
export interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

/**
 * Licences that let us ship a closed product without asking anybody. MPL-2.0 binds the files that it stands in: they ship
 * as they are, and the notices say where their source is (its section 3.2).
 */
const allowed: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
]);

/** Installed for development, shipped nevertheless. */
const shippedTools: ReadonlySet<string> = new Set(['node_modules/electron']);

/** The packages that reach a customer, by path: what production needs, and Electron. */
export function shippedPackages(
  lock: Readonly<Record<string, LockedPackage>>,
): ReadonlyMap<string, LockedPackage> {
  return new Map(
    Object.entries(lock).filter(
      ([path, entry]) =>
        path !== '' && (shippedTools.has(path) || !(entry.dev || entry.optional || entry.devOptional)),
    ),
  );
}

/** One sentence for each shipped package whose licence is not on the list. */
export function licenceProblems(lock: Readonly<Record<string, LockedPackage>>): readonly string[] {
  return [...shippedPackages(lock)]
    .filter(([, { license }]) => !isAllowed(license ?? ''))
    .map(
      ([path, { license }]) =>
        `${path.replace(/^.*node_modules\//, '')} has the licence ${license ?? 'unknown'}`,
    );
}

/** Evaluates an SPDX expression without nested parentheses: one side of OR, every side of AND. */
function isAllowed(expression: string): boolean {
  return expression
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => allowed.has(licence.trim())));
}
