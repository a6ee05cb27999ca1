import * as v from 'valibot';
import { accountSettings } from './account-settings.ts';
import { enrolmentProvider, providerOfNobody, thumbprint } from './enrolment-provider.ts';
import { escrowKey } from './escrow-key.ts';

const seconds = (minimum: number, maximum: number) =>
  v.pipe(v.number(), v.minValue(minimum), v.maxValue(maximum));

const days = (minimum: number, maximum: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(minimum), v.maxValue(maximum));

const megabytes = (minimum: number, maximum: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(minimum), v.maxValue(maximum));

/** "host:port" or "[ipv6]:port". */
const hostAndPort = v.pipe(v.string(), v.regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/));

/** A name in DNS, or a part of one. */
const recordName = v.pipe(v.string(), v.maxLength(253), v.regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/));

/** A PEM certificate. */
const certificate = v.pipe(v.string(), v.startsWith('-----BEGIN CERTIFICATE-----'));

/** "host:port", which means HTTP, or with its scheme: "http://", "https://" or "socks5://". */
const proxyServer = v.pipe(
  v.string(),
  v.regex(/^((https?|socks5):\/\/)?(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/),
);

/** The base64 SHA-256 digest of a key. */
const pin = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/));
/** No key has this digest, so that nobody is trusted. */
const pinOfNobody = `${'A'.repeat(43)}=`;

interface Setting<Schema extends v.GenericSchema> {
  readonly schema: Schema;
  /** What holds where nobody says anything. */
  readonly default: v.InferOutput<Schema>;
  /** The first version that knows it. */
  readonly since: string;
  /** When a change takes effect: `once` while the app runs; `restart` when it is started again. */
  readonly appliesAt: 'once' | 'restart';
  /**
   * Given for what security depends on: the value it takes when what the administrator wrote cannot be understood, so
   * that a slip of theirs opens nothing.
   */
  readonly strictest?: v.InferOutput<Schema>;
  /** Whether the person may choose a value of their own where the administrator enforces none. */
  readonly isPersonal?: boolean;
}

const setting = <Schema extends v.GenericSchema>(row: Setting<Schema>): Setting<Schema> => row;

/**
 * The one table of settings. Every value the product can be told from outside stands here and nowhere else. What each
 * one means, in the administrator's words, stands in `help/`, one file for each language.
 */
export const settings = {
  /** How the person reaches their administrator: an address, a number, a page. Shown beside locked settings. */
  'admin.contact': setting({
    schema: v.pipe(v.string(), v.maxLength(200)),
    default: '',
    since: '0.1.0',
    appliesAt: 'once',
  }),
  accounts: setting({
    schema: v.array(accountSettings),
    default: [],
    since: '0.1.0',
    appliesAt: 'restart',
  }),
  'continuity.provider': setting({
    schema: v.nullable(enrolmentProvider),
    default: null,
    since: '0.1.0',
    appliesAt: 'restart',
    strictest: providerOfNobody,
  }),
  'continuity.domain': setting({
    schema: v.nullable(
      v.strictObject({
        spf: v.optional(recordName),
        dkimSelector: v.optional(recordName),
        mx: v.optional(recordName),
      }),
    ),
    default: null,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'continuity.warm': setting({
    schema: v.boolean(),
    default: false,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'provisioning.file': setting({
    schema: v.nullable(v.string()),
    default: null,
    since: '0.1.0',
    appliesAt: 'restart',
  }),
  'provisioning.sealed': setting({
    schema: v.nullable(v.pipe(v.string(), v.maxLength(50_000))),
    default: null,
    since: '0.1.0',
    appliesAt: 'restart',
  }),
  'keystore.allowUnprotected': setting({
    schema: v.boolean(),
    default: false,
    since: '0.1.0',
    appliesAt: 'restart',
    strictest: false,
  }),
  'keystore.escrowKey': setting({
    schema: v.nullable(escrowKey),
    default: null,
    since: '0.1.0',
    appliesAt: 'restart',
    strictest: null,
  }),
  'keystore.keepUnreadableDays': setting({
    schema: days(0, 365),
    default: 30,
    since: '0.1.0',
    appliesAt: 'restart',
  }),
  'network.certificates': setting({
    schema: v.array(certificate),
    default: [],
    since: '0.1.0',
    appliesAt: 'restart',
    strictest: [],
  }),
  'network.neutralHosts': setting({
    schema: v.array(hostAndPort),
    default: ['one.one.one.one:443', 'dns.quad9.net:443', 'www.iana.org:443'],
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'network.portalCheck': setting({
    schema: v.nullable(v.pipe(v.string(), v.url(), v.startsWith('http://'))),
    default: 'http://detectportal.firefox.com/success.txt',
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'network.portalCheckAnswer': setting({
    schema: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
    default: 'success',
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'network.proxyMode': setting({
    schema: v.picklist(['system', 'none', 'fixed', 'pac', 'wpad']),
    default: 'system',
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'network.proxyServer': setting({
    schema: v.nullable(proxyServer),
    default: null,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'network.proxyPac': setting({
    schema: v.nullable(v.pipe(v.string(), v.url(), v.regex(/^(https?|file):/))),
    default: null,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'network.proxyBypass': setting({
    schema: v.array(v.pipe(v.string(), v.regex(/^[^\s,;]+$/))),
    default: [],
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'network.emergencyDirect': setting({
    schema: v.boolean(),
    default: false,
    since: '0.1.0',
    appliesAt: 'once',
    strictest: false,
  }),
  'network.pins': setting({
    schema: v.array(pin),
    default: [],
    since: '0.1.0',
    appliesAt: 'once',
    strictest: [pinOfNobody],
  }),
  'sync.windowDays': setting({
    schema: days(1, 180),
    default: 30,
    since: '0.1.0',
    appliesAt: 'once',
    isPersonal: true,
  }),
  'sync.maximumWindowDays': setting({
    schema: days(1, 180),
    default: 180,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'sync.leftOutFolders': setting({
    schema: v.array(v.string()),
    default: [],
    since: '0.1.0',
    appliesAt: 'once',
    isPersonal: true,
  }),
  'sync.largestAttachmentMegabytes': setting({
    schema: megabytes(1, 150),
    default: 25,
    since: '0.1.0',
    appliesAt: 'once',
    isPersonal: true,
  }),
  'sync.diskMegabytes': setting({
    schema: megabytes(0, 1_000_000),
    default: 5000,
    since: '0.1.0',
    appliesAt: 'once',
    isPersonal: true,
  }),
  'sync.lookThroughSeconds': setting({
    schema: seconds(60, 86_400),
    default: 900,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'sync.pollSeconds': setting({
    schema: seconds(5, 3600),
    default: 60,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'failover.probeSeconds': setting({
    schema: seconds(1, 300),
    default: 2,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'failover.deadlineSeconds': setting({
    schema: seconds(1, 60),
    default: 3,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'failover.idleProbeSeconds': setting({
    schema: seconds(1, 600),
    default: 60,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'failover.signInMinutes': setting({
    schema: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1440)),
    default: 15,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'failover.healthPages': setting({
    schema: v.pipe(v.array(v.pipe(v.string(), v.url(), v.startsWith('https://'))), v.maxLength(8)),
    default: [],
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'failover.holdDownSeconds': setting({
    schema: seconds(0, 3600),
    default: 60,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'failover.spreadSeconds': setting({
    schema: seconds(0, 600),
    default: 90,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'failover.personMayChoose': setting({
    schema: v.boolean(),
    default: true,
    since: '0.1.0',
    appliesAt: 'once',
    strictest: false,
  }),
  'failover.choiceHours': setting({
    schema: v.pipe(v.number(), v.minValue(1), v.maxValue(168)),
    default: 12,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'bulletins.urls': setting({
    schema: v.pipe(v.array(v.pipe(v.string(), v.url(), v.startsWith('https://'))), v.maxLength(8)),
    default: [],
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'bulletins.file': setting({
    schema: v.nullable(v.string()),
    default: null,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'bulletins.keys': setting({
    schema: v.array(thumbprint),
    default: [],
    since: '0.1.0',
    appliesAt: 'once',
    strictest: [],
  }),
  'bulletins.graveKeys': setting({
    schema: v.array(thumbprint),
    default: [],
    since: '0.1.0',
    appliesAt: 'once',
    strictest: [],
  }),
  'bulletins.groups': setting({
    schema: v.array(v.pipe(v.string(), v.maxLength(100))),
    default: [],
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'bulletins.pollSeconds': setting({
    schema: seconds(1, 3600),
    default: 120,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'maintenance.urgentMail': setting({
    schema: v.boolean(),
    default: false,
    since: '0.1.0',
    appliesAt: 'once',
    strictest: false,
  }),
  'reconcile.handoverWaitSeconds': setting({
    schema: seconds(0, 86_400),
    default: 30,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'sending.undoSeconds': setting({
    schema: seconds(0, 120),
    default: 10,
    since: '0.1.0',
    appliesAt: 'once',
  }),
  'sending.sentCopyWaitSeconds': setting({
    schema: seconds(0, 600),
    default: 15,
    since: '0.1.0',
    appliesAt: 'once',
  }),
} satisfies Record<string, Setting<v.GenericSchema>>;

export type SettingName = keyof typeof settings;
export type Policy = { readonly [Name in SettingName]: v.InferOutput<(typeof settings)[Name]['schema']> };

/** The most that a person may choose for a setting is what another one says. */
export const personalLimits: Readonly<Partial<Record<SettingName, SettingName>>> = {
  'sync.windowDays': 'sync.maximumWindowDays',
};

/** A row of the table, whatever its type. */
export type AnySetting = Setting<v.GenericSchema>;

export const settingNames = Object.keys(settings) as readonly SettingName[];

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settings, name);
}

export const rowOf = (name: SettingName): AnySetting => settings[name] as AnySetting;
