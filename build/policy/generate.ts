import { bundleId } from '../../shared/policy/vendor.ts';
import { adml, admx } from './admx.ts';
import type { Language } from './explain.ts';
import { policySchema } from './json-schema.ts';
import { manifest, sampleProfile } from './mobileconfig.ts';
import { referencePage } from './reference.ts';
import { xmlText } from './xml.ts';

/** By the names that Windows gives their folders. */
export const admlLanguages = {
  'en-US': 'en',
  'de-DE': 'de',
  'es-ES': 'es',
  'fr-FR': 'fr',
  'it-IT': 'it',
} as const satisfies Readonly<Record<string, Language>>;

const templates = 'build/policy/templates';

/** Everything that is derived from the table of settings, by path in the repository. The types are TypeScript's own work. */
export function generatedPolicyFiles(): ReadonlyMap<string, string> {
  return new Map([
    [`${templates}/relevo.schema.json`, `${JSON.stringify(policySchema(), null, 2)}\n`],
    [`${templates}/relevo.admx`, xmlText(admx())],
    ...Object.entries(admlLanguages).map(
      ([folder, language]) => [`${templates}/${folder}/relevo.adml`, xmlText(adml(language))] as const,
    ),
    [`${templates}/relevo.mobileconfig`, sampleProfile()],
    [`${templates}/${bundleId}.plist`, manifest()],
    ['docs/policy.md', referencePage()],
  ]);
}
