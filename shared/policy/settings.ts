import * as v from 'valibot';
import { accountSettings } from './account-settings.ts';

const seconds = (minimum: number, maximum: number) =>
  v.pipe(v.number(), v.minValue(minimum), v.maxValue(maximum));

/** "host:port" or "[ipv6]:port". */
const hostAndPort = v.pipe(v.string(), v.regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/));

interface Setting<Schema extends v.GenericSchema> {
  readonly schema: Schema;
  readonly default: v.InferOutput<Schema>;
  /** For the administrator, in the reference and the policy templates. */
  readonly help: string;
}

const setting = <Schema extends v.GenericSchema>(
  schema: Schema,
  fallback: v.InferOutput<Schema>,
  help: string,
): Setting<Schema> => ({ schema, default: fallback, help });

/** The one table of settings. Every value the product can be told from outside stands here and nowhere else. */
export const settings = {
  accounts: setting(
    v.array(accountSettings),
    [],
    'The mailboxes of the person, each with its two providers.',
  ),
  'provisioning.file': setting(
    v.nullable(v.string()),
    null,
    'A file with the first secrets, brought by the device management. Read once, sealed, then deleted.',
  ),
  'keystore.allowUnprotected': setting(
    v.boolean(),
    false,
    'Linux only: start although the desktop has no key store, which leaves the keys unprotected on disk.',
  ),
  'network.certificates': setting(
    v.array(v.pipe(v.string(), v.startsWith('-----BEGIN CERTIFICATE-----'))),
    [],
    'Certificate authorities (PEM) to trust besides those of the system.',
  ),
  'network.neutralHosts': setting(
    v.array(hostAndPort),
    ['one.one.one.one:443', 'dns.quad9.net:443', 'www.iana.org:443'],
    'Hosts of neither provider. If none of them can be reached, this laptop has no network.',
  ),
  'sync.windowDays': setting(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(180)),
    30,
    'How many days of mail the offline copy holds.',
  ),
  'sync.folders': setting(
    v.array(v.string()),
    ['Archive'],
    'Folders to copy besides Inbox and Sent Items, by their full names.',
  ),
  'sync.pollSeconds': setting(
    seconds(5, 3600),
    60,
    'How often to ask for new mail where the server does not tell.',
  ),
  'failover.probeSeconds': setting(seconds(1, 300), 2, 'How often Exchange is asked for a sign of life.'),
  'failover.deadlineSeconds': setting(
    seconds(1, 60),
    3,
    'How long a sign of life may take before Exchange is suspected, and a fresh connection before that is confirmed.',
  ),
  'failover.holdDownSeconds': setting(
    seconds(0, 3600),
    60,
    'How long Exchange must answer without a fault before it is the route again.',
  ),
  'reconcile.handoverWaitSeconds': setting(
    seconds(0, 86_400),
    30,
    "How long to wait after Exchange's return for the gateway to hand over what it took in, before filing it ourselves.",
  ),
  'sending.sentCopyWaitSeconds': setting(
    seconds(0, 600),
    15,
    'How long to wait for the server to file a sent message in Sent Items by itself, before filing it ourselves.',
  ),
} satisfies Record<string, Setting<v.GenericSchema>>;

export type SettingName = keyof typeof settings;
export type Policy = { readonly [Name in SettingName]: v.InferOutput<(typeof settings)[Name]['schema']> };
