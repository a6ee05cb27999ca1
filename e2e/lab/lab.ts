import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountSettings } from '../../shared/policy/account-settings.ts';
import { BulletinBoard } from './bulletin-board.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { Dovecot } from './dovecot.ts';
import { FaultProxy } from './fault-proxy.ts';
import { Gateway } from './gateway.ts';
import { Issuer } from './issuer/issuer.ts';
import { clientId, exchangeScopes } from './issuer/openid-provider.ts';
import { handOver } from './lmtp.ts';
import { Mailbox } from './mailbox.ts';
import { Outside } from './outside.ts';
import { Provider } from './provider.ts';
import { ProviderApi } from './provider-api.ts';
import type { Quirk } from './quirks/quirk.ts';
import { type Given, type Misuse, QuirkProxy } from './quirks/quirk-proxy.ts';
import { seedMailbox } from './seeder.ts';
import { Submission, type SubmittedMail } from './submission.ts';

export interface LabOptions {
  /** How Exchange's IMAP differs from a plain server. */
  readonly quirks?: readonly Quirk[];
  /** Names; the address is `<name>@corp.example`. */
  readonly employees?: readonly string[];
  /** Mailboxes that every employee may open, each an account of its own: see `policyFor`. */
  readonly shared?: readonly string[];
  readonly seed?: { readonly messages: number; readonly seed?: number };
}

export interface LaptopFiles {
  readonly policyFile: string;
  readonly provisioningFile: string;
  /** Every secret that the laptop is given, for tests that look for them where they must not be. */
  readonly secrets: readonly string[];
}

/** What Exchange Online says before a sign-in (seen in 2026): neither CONDSTORE nor SPECIAL-USE. */
const exchangeCapability =
  'IMAP4 IMAP4rev1 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+';

const exchangeFolders = [
  { name: 'Sent Items', specialUse: '\\Sent' },
  { name: 'Drafts', specialUse: '\\Drafts' },
  { name: 'Deleted Items', specialUse: '\\Trash' },
  { name: 'Junk Email', specialUse: '\\Junk' },
  { name: 'Archive' },
  { name: 'Calendar' },
  { name: 'Contacts' },
];

const continuityFolders = [
  { name: 'Sent', specialUse: '\\Sent' },
  { name: 'Drafts', specialUse: '\\Drafts' },
  { name: 'Trash', specialUse: '\\Trash' },
];

export const addressOf = (employee: string): string =>
  employee.includes('@') ? employee : `${employee}@corp.example`;
const nameOf = (employee: string): string => `${employee.charAt(0).toUpperCase()}${employee.slice(1)} Berg`;
const isInCompany = (address: string): boolean => address.toLowerCase().endsWith('@corp.example');

/** Two real mail providers, a gateway, the world outside, and the network between them and the laptops. */
export class Lab {
  readonly exchange: Provider;
  readonly continuity: Provider;
  readonly issuer: Issuer;
  readonly gateway: Gateway;
  /** Where laptops of the continuity provider's customers enrol. */
  readonly enrolment: ProviderApi;
  /** Where the company posts what it declares. */
  readonly bulletins: BulletinBoard;
  readonly outside: Outside;
  readonly laptop: { readonly network: { down(): Promise<void>; up(): Promise<void> } };
  readonly employees: readonly string[];
  readonly folder: string;
  /** Whether Exchange files what it is given to send in Sent Items by itself, as Exchange Online does. */
  savesSentItself = true;
  /** Commands that a laptop used without Exchange having offered them. Noted only where there are quirks, or `[]`. */
  readonly misuses: readonly Misuse[];
  /** The commands that Exchange was given, and how many connections were signed in at once: noted like `misuses`. */
  get wire(): { readonly given: readonly Given[]; readonly mostConnections: number } {
    return this.#parts.quirkProxy ?? { given: [], mostConnections: 0 };
  }
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { exchange, continuity, issuer, gateway, enrolment, bulletins, outside, folder, employees } = parts;
    this.exchange = exchange;
    this.continuity = continuity;
    this.issuer = issuer;
    this.gateway = gateway;
    this.enrolment = enrolment;
    this.bulletins = bulletins;
    this.outside = outside;
    this.folder = folder;
    this.employees = employees;
    this.misuses = parts.quirkProxy?.misuses ?? [];
    const cut = async (isCut: boolean) => {
      await Promise.all(parts.laptopPorts.map((proxy) => proxy.cut(isCut)));
    };
    this.laptop = { network: { down: () => cut(true), up: () => cut(false) } };
  }

  /** The settings of an employee's account, as the policy of every laptop of theirs has them. */
  accountOf(employee: string): AccountSettings {
    const { exchange, continuity, issuer } = this;
    const address = addressOf(employee);
    const host = 'localhost';
    return {
      address,
      displayName: nameOf(employee),
      exchange: {
        imap: { host, port: exchange.imap.port, security: 'tls' },
        submission: { host, port: exchange.submissionPort.port, security: 'starttls' },
        authentication: {
          kind: 'oauth',
          issuer: issuer.url,
          clientId,
          scopes: [...exchangeScopes],
          user: address,
        },
      },
      continuity: {
        imap: { host, port: continuity.imap.port, security: 'tls' },
        submission: { host, port: continuity.submissionPort.port, security: 'starttls' },
        authentication: { kind: 'password', user: address },
      },
    };
  }

  /** Writes the policy and the first secrets of a laptop, as the device management brings them. */
  policyFor(
    employee: string,
    options: {
      readonly laptop?: string;
      /** Shared mailboxes that this laptop opens as well. */
      readonly shared?: readonly string[];
      readonly overrides?: Readonly<Record<string, unknown>>;
    } = {},
  ): LaptopFiles {
    const { authorities, neutralHosts, passwords, bulletinPort } = this.#parts;
    const base = join(
      this.folder,
      `${employee}-${options.laptop ?? 'laptop'}-${randomBytes(4).toString('hex')}`,
    );
    const files = { policyFile: `${base}-policy.json`, provisioningFile: `${base}-provisioning.json` };
    const mailboxes = [employee, ...(options.shared ?? [])];
    const own = addressOf(employee);
    const secrets = Object.fromEntries(
      mailboxes.map((name) => [
        addressOf(name),
        {
          ...(name === employee ? { exchange: this.issuer.grant(own) } : {}),
          continuity: passwords.get(name) ?? '',
        },
      ]),
    );
    const policy = {
      accounts: mailboxes.map((name) =>
        name === employee ? this.accountOf(name) : { ...this.accountOf(name), isShared: true, openedBy: own },
      ),
      'provisioning.file': files.provisioningFile,
      'network.certificates': authorities,
      // The page of this lab's own network: nobody is asked outside of it.
      'network.portalCheck': null,
      'network.neutralHosts': neutralHosts.map((proxy) => `localhost:${proxy.port}`),
      ...this.bulletins.policyBehind(bulletinPort.port),
      ...options.overrides,
    };
    writeFileSync(files.policyFile, JSON.stringify(policy, null, 2));
    writeFileSync(files.provisioningFile, JSON.stringify({ secrets }));
    return { ...files, secrets: Object.values(secrets).flatMap((pair) => Object.values(pair)) };
  }

  /** The ports of the hosts of neither provider. */
  get neutralPorts(): readonly number[] {
    return this.#parts.neutralHosts.map(({ port }) => port);
  }

  /** PEM of the authorities behind both providers' certificates. */
  get authorities(): readonly string[] {
    return this.#parts.authorities;
  }

  /** The password of an employee at the continuity provider and, for other mail clients, at Exchange. */
  passwordOf(employee: string): string {
    return this.#parts.passwords.get(employee) ?? '';
  }

  /** Ends every server and removes every file. Throws when a laptop has used what Exchange had not offered. */
  async stop(): Promise<void> {
    await this.#parts.stop();
    if (this.misuses.length > 0) throw new Error(`not offered: ${JSON.stringify(this.misuses)}`);
  }

  /** For those who misuse it on purpose. */
  forgetMisuses(): void {
    this.#parts.quirkProxy?.misuses.splice(0);
  }
}

interface Parts {
  readonly quirkProxy: QuirkProxy | null;
  readonly folder: string;
  readonly employees: readonly string[];
  readonly exchange: Provider;
  readonly continuity: Provider;
  readonly issuer: Issuer;
  readonly gateway: Gateway;
  readonly enrolment: ProviderApi;
  readonly bulletins: BulletinBoard;
  readonly bulletinPort: FaultProxy;
  readonly outside: Outside;
  readonly passwords: ReadonlyMap<string, string>;
  readonly authorities: readonly string[];
  readonly neutralHosts: readonly FaultProxy[];
  readonly laptopPorts: readonly FaultProxy[];
  readonly stop: () => Promise<void>;
}

/** Starts everything on loopback, on ports of its own, in a folder of its own. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const employees = options.employees ?? ['alice'];
  const mailboxes = [...employees, ...(options.shared ?? [])];
  const folder = mkdtempSync(join(tmpdir(), 'relevo-lab-'));
  chmodSync(folder, 0o755);
  const passwords = new Map(mailboxes.map((name) => [name, `pw-${randomBytes(12).toString('hex')}`]));
  const users = mailboxes.map((name) => ({ name: addressOf(name), password: passwords.get(name) ?? '' }));
  const sharedAddresses = (options.shared ?? []).map(addressOf);
  const tokenSecret = new Uint8Array(randomBytes(32));
  const [exchangeTls, continuityTls] = [
    makeCertificates(folder, 'exchange'),
    makeCertificates(folder, 'continuity'),
  ];
  const dovecot = (name: string, certificates: Certificates) => ({
    name,
    certificates,
    users,
    shared: sharedAddresses,
  });
  const [exchangeServer, continuityServer, issuer, outside] = await Promise.all([
    Dovecot.start({
      ...dovecot('exchange', exchangeTls),
      capability: exchangeCapability,
      folders: exchangeFolders,
      tokenSecret,
    }),
    Dovecot.start({ ...dovecot('continuity', continuityTls), capability: null, folders: continuityFolders }),
    Issuer.start({
      certificates: exchangeTls,
      secret: tokenSecret,
      signsIn: (address, password) => passwords.get(address.split('@')[0] ?? '') === password,
    }),
    Outside.start(addressOf),
  ]);
  const delivery = await FaultProxy.before(exchangeServer.lmtpPort);
  const gateway = await Gateway.start({
    exchangePort: delivery.port,
    continuityPort: continuityServer.lmtpPort,
  });
  outside.writesTo(gateway.port);

  const mailboxOf = (server: Dovecot, certificates: Certificates) => (employee: string) =>
    new Mailbox(server.imapPort, addressOf(employee), passwords.get(employee) ?? '', certificates.authority);
  const exchangeMailbox = mailboxOf(exchangeServer, exchangeTls);
  let lab: Lab | null = null;

  const deliver = async (mail: SubmittedMail, toCompany: (to: string) => Promise<void>) => {
    for (const to of mail.to) {
      if (isInCompany(to)) await toCompany(to);
      else await handOver(outside.port, { from: mail.from, to: [to] }, mail.source, 'smtp');
    }
  };
  const exchangeSubmission = await Submission.start({
    certificates: exchangeTls,
    mechanisms: ['XOAUTH2'],
    signIn: async ({ user, accessToken }) => {
      const person = accessToken === null ? null : await issuer.verify(accessToken);
      return person !== null && sharedAddresses.includes(user) ? user : person;
    },
    accept: async (mail) => {
      if (lab?.savesSentItself === true)
        await exchangeMailbox(mail.user.split('@')[0] ?? '').append('Sent Items', mail.source, ['\\Seen']);
      await deliver(mail, (to) =>
        handOver(exchangeServer.lmtpPort, { from: mail.from, to: [to] }, mail.source, 'lmtp'),
      );
    },
  });
  const enrolment = await ProviderApi.start({
    certificates: continuityTls,
    accountOf: (address) => {
      if (lab === null) throw new Error('not started');
      return lab.accountOf(address.split('@')[0] ?? '');
    },
    changed: (devices) =>
      continuityServer.setAliases(
        devices.flatMap(({ id, address, secret, nextSecret, isRevoked }) =>
          isRevoked
            ? []
            : [
                {
                  name: id,
                  user: address,
                  passwords: [secret, ...(nextSecret === null ? [] : [nextSecret])],
                },
              ],
        ),
      ),
  });
  const continuitySubmission = await Submission.start({
    certificates: continuityTls,
    mechanisms: ['PLAIN'],
    signIn: async ({ user, password }) => {
      if (passwords.get(user.split('@')[0] ?? '') === password) return user;
      const device = enrolment.devices.signIn(user, password ?? '');
      return device === null || device.isRevoked ? null : device.address;
    },
    accept: async (mail) => {
      const delivered = enrolment.deliveryLog.takes(mail);
      // A laptop's drill goes to its own emergency mailbox, and nowhere else (docs/provider.md, "Drills").
      const isDrill =
        enrolment.offers.drills &&
        mail.to.every((to) => to === mail.from) &&
        /^x-relevo-drill:/im.test(mail.source.toString('latin1').split(/\r?\n\r?\n/, 1)[0] ?? '');
      await deliver(mail, (to) =>
        isDrill
          ? handOver(continuityServer.lmtpPort, { from: mail.from, to: [to] }, mail.source, 'lmtp')
          : gateway.takes({ from: mail.from, to, source: mail.source }),
      );
      delivered();
    },
  });

  const bulletins = await BulletinBoard.start(continuityTls);
  const neutral = [await startNeutralHost(), await startNeutralHost()];
  const { quirks } = options;
  const quirkProxy =
    quirks === undefined
      ? null
      : await QuirkProxy.before({ certificates: exchangeTls, upstream: exchangeServer.imapPort, quirks });
  const before = (port: number) => FaultProxy.before(port);
  const [
    exchangeImap,
    exchangeSmtp,
    issuerPort,
    continuityImap,
    continuitySmtp,
    enrolmentPort,
    bulletinPort,
    ...neutralHosts
  ] = await Promise.all([
    before(quirkProxy?.port ?? exchangeServer.imapPort),
    before(exchangeSubmission.port),
    before(issuer.port),
    before(continuityServer.imapPort),
    before(continuitySubmission.port),
    before(enrolment.port),
    before(bulletins.port),
    ...neutral.map(({ port }) => before(port)),
  ]);
  await issuer.publishedBehind(issuerPort);
  enrolment.publishedAs(enrolmentPort.port);

  lab = new Lab({
    quirkProxy,
    folder,
    employees,
    exchange: new Provider({
      imap: exchangeImap,
      submissionPort: exchangeSmtp,
      submission: exchangeSubmission,
      others: [delivery, issuerPort],
      mailbox: exchangeMailbox,
    }),
    continuity: new Provider({
      imap: continuityImap,
      submissionPort: continuitySmtp,
      submission: continuitySubmission,
      others: [enrolmentPort],
      mailbox: mailboxOf(continuityServer, continuityTls),
    }),
    issuer,
    gateway,
    enrolment,
    bulletins,
    bulletinPort,
    outside,
    passwords,
    authorities: [exchangeTls.authority, continuityTls.authority],
    neutralHosts,
    laptopPorts: [
      exchangeImap,
      exchangeSmtp,
      issuerPort,
      continuityImap,
      continuitySmtp,
      enrolmentPort,
      bulletinPort,
      ...neutralHosts,
    ],
    stop: async () => {
      await gateway.stop();
      await quirkProxy?.stop();
      const proxies = [
        exchangeImap,
        exchangeSmtp,
        issuerPort,
        continuityImap,
        continuitySmtp,
        enrolmentPort,
        bulletinPort,
        delivery,
        ...neutralHosts,
      ];
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await Promise.all([
        exchangeSubmission.stop(),
        continuitySubmission.stop(),
        enrolment.stop(),
        bulletins.stop(),
        issuer.stop(),
        outside.stop(),
      ]);
      await Promise.all([
        exchangeServer.stop(),
        continuityServer.stop(),
        ...neutral.map(({ stop }) => stop()),
      ]);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  });
  if (options.seed !== undefined) await seed(lab, mailboxes, options.seed.messages, options.seed.seed ?? 1);
  return lab;
}

async function seed(
  lab: Lab,
  mailboxes: readonly string[],
  messages: number,
  firstSeed: number,
): Promise<void> {
  await Promise.all(
    mailboxes.map(async (employee, index) => {
      const mails = await seedMailbox({
        employee: { name: nameOf(employee), address: addressOf(employee) },
        messages,
        seed: firstSeed + index,
        now: Date.now(),
      });
      await lab.exchange.mailbox(employee).appendAll(mails);
    }),
  );
}

/** A host of neither provider, which answers a connection and nothing else. */
async function startNeutralHost(): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
