import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import {
  capabilitiesBeforeLogin,
  connectTo,
  type Login,
  networkTrusting,
  type Server,
} from './probe/connection.ts';
import { compareSearch, describeFolders, measureNoop } from './probe/read-only.ts';
import { signInByDeviceCode } from './probe/sign-in.ts';
import { probeWithMessage } from './probe/test-message.ts';

const usage = `npm run probe:exchange -- --user ADDRESS --client-id ID [--tenant TENANT]
npm run probe:exchange -- --user ADDRESS --password [--host HOST]

Signs in to a real Exchange and reports how it behaves. It reads; it writes one marked message, which it removes again,
and only after asking. The report holds no address, folder name, subject or text.

  --host, --port   the IMAP server; outlook.office365.com, 993
  --client-id      an application of your tenant: public client, device code allowed, IMAP.AccessAsUser.All
  --tenant         the tenant's id or domain; organizations
  --issuer         an OpenID provider other than Microsoft's
  --scope          what to ask the provider for
  --password       ask for a password instead; PROBE_PASSWORD is taken when it is set
  --ca             a file with certificates to trust besides the system's
  --yes            write the test message without asking
  --no             do not write it, without asking`;

const { values: options } = parseArgs({
  options: {
    host: { type: 'string', default: 'outlook.office365.com' },
    port: { type: 'string', default: '993' },
    user: { type: 'string' },
    'client-id': { type: 'string' },
    tenant: { type: 'string', default: 'organizations' },
    issuer: { type: 'string' },
    scope: { type: 'string' },
    password: { type: 'boolean', default: false },
    ca: { type: 'string' },
    yes: { type: 'boolean', default: false },
    no: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help || options.user === undefined || (options['client-id'] === undefined && !options.password)) {
  console.log(usage);
  process.exit(options.help ? 0 : 2);
}
try {
  await probe(options.user);
} catch (error) {
  console.log(`\nSigning in failed: ${described(error)}`);
  process.exitCode = 1;
}

async function probe(user: string): Promise<void> {
  const server: Server = {
    host: options.host,
    port: Number(options.port),
    ca: options.ca === undefined ? null : readFileSync(options.ca, 'utf8'),
  };
  await section('Capabilities before login', async () => [(await capabilitiesBeforeLogin(server)).join(' ')]);

  const login: Login = { user, secret: await secret(server) };
  const client = await connectTo(server, login);
  const watcher = await connectTo(server, login);
  try {
    await section('Capabilities after login', async () => [[...client.capabilities.keys()].join(' ')]);
    await section('Folders', () => describeFolders(client));
    await section('SEARCH', () => compareSearch(client));
    await section('Latency', () => measureNoop(client));
    if (await mayWrite()) await section('APPEND and IDLE', () => probeWithMessage(client, watcher));
  } finally {
    await Promise.allSettled([client.logout(), watcher.logout()]);
  }
}

/** A part that fails says so and lets the others run. Server texts can name people, so only codes are shown. */
async function section(title: string, observe: () => Promise<readonly string[]>): Promise<void> {
  console.log(`\n## ${title}`);
  try {
    for (const line of await observe()) console.log(`- ${line}`);
  } catch (error) {
    console.log(`- failed: ${described(error)}`);
  }
}

function described(error: unknown): string {
  const { name, code, responseStatus, serverResponseCode, error: oauth } = error as Record<string, unknown>;
  return [name, code, responseStatus, serverResponseCode, oauth].filter(Boolean).join(' ');
}

async function secret(server: Server): Promise<Login['secret']> {
  if (options.password)
    return { kind: 'password', value: process.env.PROBE_PASSWORD ?? (await askUnseen('Password: ')) };
  const issuer = new URL(options.issuer ?? `https://login.microsoftonline.com/${options.tenant}/v2.0`);
  const value = await signInByDeviceCode({
    issuer,
    clientId: options['client-id'] ?? '',
    scope: options.scope ?? null,
    fetch: networkTrusting(server.ca).fetchFor('primary'),
    tell: (sentence) => console.error(sentence),
  });
  return { kind: 'accessToken', value };
}

async function mayWrite(): Promise<boolean> {
  if (options.yes || options.no) return options.yes;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(
    '\nWrite one marked test message to the inbox and remove it again? [y/N] ',
  );
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** A question whose answer does not appear on the screen. */
async function askUnseen(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const answer = await terminal.question('');
  terminal.close();
  process.stderr.write('\n');
  return answer;
}
