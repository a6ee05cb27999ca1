import { build, type PlistValue } from 'plist';
import { formOf } from '../../shared/policy/form.ts';
import { rowOf, type SettingName, settingNames } from '../../shared/policy/settings.ts';
import { bundleId } from '../../shared/policy/vendor.ts';
import { explain, helpOf } from './explain.ts';

const server = (host: string, port: number) => ({ host, port, security: 'tls' });

const sampleProvider = (domain: string) => ({
  imap: server(`imap.${domain}`, 993),
  submission: server(`smtp.${domain}`, 465),
  authentication: { kind: 'password', user: 'alice@corp.example' },
});

/** What the sample forces: the smallest policy that is of use. */
const sampleSettings = {
  'admin.contact': 'servicedesk@corp.example',
  accounts: JSON.stringify([
    {
      address: 'alice@corp.example',
      displayName: 'Alice',
      exchange: sampleProvider('corp.example'),
      continuity: sampleProvider('continuity.example'),
    },
  ]),
  'sync.maximumWindowDays': 90,
  defaults: { 'sync.windowDays': 60 },
};

/** A configuration profile for macOS to begin with. */
export function sampleProfile(): string {
  const payload = (identifier: string, uuid: string) => ({
    PayloadDisplayName: 'Relevo',
    PayloadIdentifier: identifier,
    PayloadUUID: uuid,
    PayloadVersion: 1,
  });
  return text({
    ...payload('com.corp.example.relevo', '6C1C6C60-6C2B-4C0E-9B44-0E1C7F9D2A01'),
    PayloadType: 'Configuration',
    PayloadScope: 'System',
    PayloadOrganization: 'Corp Example',
    PayloadDescription: 'Settings of Relevo. What stands in the dictionary "defaults" the person may change.',
    PayloadContent: [
      {
        ...payload('com.corp.example.relevo.settings', 'B7E3B2B0-5D43-4F0C-8F7A-4C9D5B0F7E02'),
        PayloadType: bundleId,
        ...sampleSettings,
      },
    ],
  });
}

/** What the settings are, as editors of profiles read it (ProfileManifests, keys `pfm_…`). */
export function manifest(): string {
  const personal = settingNames.filter((name) => rowOf(name).isPersonal === true);
  return text({
    pfm_domain: bundleId,
    pfm_title: 'Relevo',
    pfm_description: 'Settings of Relevo, the emergency mail client.',
    pfm_format_version: 1,
    pfm_version: 1,
    pfm_interaction: 'combined',
    pfm_platforms: ['macOS'],
    pfm_targets: ['system', 'user'],
    pfm_unique: true,
    pfm_subkeys: [
      ...settingNames.map((name) => subkey(name, true)),
      {
        pfm_name: 'defaults',
        pfm_title: 'Defaults that the person may change',
        pfm_description: 'What holds as long as the person chooses nothing else.',
        pfm_type: 'dictionary',
        pfm_subkeys: personal.map((name) => subkey(name, false)),
      },
    ],
  });
}

function subkey(name: SettingName, isLocked: boolean): Record<string, PlistValue> {
  const { title } = helpOf(name, 'en');
  return {
    pfm_name: name,
    pfm_title: title,
    pfm_description: explain(name, 'en', isLocked).join(' '),
    pfm_app_min: rowOf(name).since,
    ...typeOf(name),
  };
}

function typeOf(name: SettingName): Record<string, PlistValue> {
  const row = rowOf(name);
  const form = formOf(row.schema);
  switch (form.kind) {
    case 'boolean':
      return { pfm_type: 'boolean', pfm_default: row.default as boolean };
    case 'number':
      return {
        pfm_type: form.isInteger ? 'integer' : 'real',
        pfm_default: row.default as number,
        ...(form.minimum === null ? {} : { pfm_range_min: form.minimum }),
        ...(form.maximum === null ? {} : { pfm_range_max: form.maximum }),
      };
    case 'choice':
      return { pfm_type: 'string', pfm_range_list: [...form.options], ...textDefault(row.default) };
    case 'list':
      return {
        pfm_type: 'array',
        pfm_default: [...(row.default as readonly string[])],
        pfm_subkeys: [{ pfm_type: 'string' }],
      };
    case 'text':
    case 'certificates':
    case 'structure':
      return { pfm_type: 'string', ...textDefault(row.default) };
  }
}

const textDefault = (value: unknown): Record<string, PlistValue> =>
  typeof value === 'string' && value !== '' ? { pfm_default: value } : {};

const text = (value: PlistValue): string => `${build(value, { pretty: true })}\n`;
