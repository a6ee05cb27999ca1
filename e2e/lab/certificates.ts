import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An authority of the lab's own, and what a server shows that it vouches for. */
export interface Certificates {
  /** PEM of the authority, for the policy of the laptops. */
  readonly authority: string;
  readonly key: string;
  readonly certificate: string;
}

/** What can be wrong with a certificate besides its authority. */
export type Flaw = 'wrongHost' | 'expired' | 'notYetValid' | 'selfSigned';

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });

/** Makes an authority and a certificate for localhost, good for a day. */
export function makeCertificates(folder: string, name: string): Certificates {
  const file = fileIn(folder, name);
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-days',
    '30',
    '-subj',
    `/CN=${name} authority`,
    '-keyout',
    file('authority-key'),
    '-out',
    file('authority'),
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign',
  );
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-days',
    '30',
    '-subj',
    '/CN=localhost',
    '-CA',
    file('authority'),
    '-CAkey',
    file('authority-key'),
    '-keyout',
    file('key'),
    '-out',
    file('certificate'),
    '-addext',
    'subjectAltName=DNS:localhost,DNS:exchange.corp.example,IP:127.0.0.1',
    '-addext',
    'basicConstraints=critical,CA:FALSE',
  );
  return read(folder, name, name);
}

/** Makes a certificate of the authority called `authority` in `folder` that must not be believed. */
export function makeFlawed(folder: string, authority: string, flaw: Flaw): Certificates {
  const name = `${authority}-${flaw}`;
  const [file, signer] = [fileIn(folder, name), fileIn(folder, authority)];
  const names = flaw === 'wrongHost' ? 'DNS:elsewhere.example' : 'DNS:localhost,IP:127.0.0.1';
  if (flaw === 'selfSigned') {
    const subject = ['-days', '1', '-subj', '/CN=localhost', '-addext', `subjectAltName=${names}`];
    openssl('req', '-x509', ...newKey, ...subject, '-keyout', file('key'), '-out', file('certificate'));
    return read(folder, name, authority);
  }
  openssl('req', ...newKey, '-subj', '/CN=localhost', '-keyout', file('key'), '-out', file('request'));
  // Of openssl's commands, only `ca` can be told both ends of a certificate's life in every version.
  const office = join(folder, `${name}-office`);
  mkdirSync(office);
  const paper = (title: string, text: string): string => {
    writeFileSync(join(office, title), text);
    return join(office, title);
  };
  const configuration = paper(
    'configuration',
    `[ca]
default_ca = lab
[lab]
database = ${paper('index', '')}
serial = ${paper('serial', '01\n')}
new_certs_dir = ${office}
default_md = sha256
policy = anything
[anything]
commonName = supplied
[server]
basicConstraints = critical,CA:FALSE
subjectAltName = ${names}
`.replaceAll('\\', '/'),
  );
  const [from, to] = lifeOf(flaw);
  openssl(
    'ca',
    '-batch',
    '-notext',
    '-config',
    configuration,
    '-extensions',
    'server',
    '-cert',
    signer('authority'),
    '-keyfile',
    signer('authority-key'),
    '-startdate',
    from,
    '-enddate',
    to,
    '-in',
    file('request'),
    '-out',
    file('certificate'),
  );
  rmSync(office, { recursive: true });
  return read(folder, name, authority);
}

/** In UTC, as openssl writes it: "20260131235959Z". */
function lifeOf(flaw: Flaw): readonly [from: string, to: string] {
  const inDays = (days: number): string =>
    new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+|[-:T]/g, '');
  if (flaw === 'expired') return [inDays(-2), inDays(-1)];
  return flaw === 'notYetValid' ? [inDays(1), inDays(2)] : [inDays(-1), inDays(1)];
}

const fileIn = (folder: string, name: string) => (suffix: string) => join(folder, `${name}-${suffix}.pem`);

function read(folder: string, name: string, authority: string): Certificates {
  const file = fileIn(folder, name);
  return {
    authority: readFileSync(fileIn(folder, authority)('authority'), 'utf8'),
    key: readFileSync(file('key'), 'utf8'),
    certificate: readFileSync(file('certificate'), 'utf8'),
  };
}
