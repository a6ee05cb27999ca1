import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An authority of the lab's own, and what a server shows that it vouches for. */
export interface Certificates {
  /** PEM of the authority, for the policy of the laptops. */
  readonly authority: string;
  readonly key: string;
  readonly certificate: string;
}

/** Makes an authority and a certificate for localhost, good for a day. */
export function makeCertificates(folder: string, name: string): Certificates {
  const file = (suffix: string) => join(folder, `${name}-${suffix}.pem`);
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-days',
    '1',
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
    '1',
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
    'subjectAltName=DNS:localhost,IP:127.0.0.1',
    '-addext',
    'basicConstraints=critical,CA:FALSE',
  );
  const read = (suffix: string) => readFileSync(file(suffix), 'utf8');
  return {
    authority: read('authority'),
    key: read('key'),
    certificate: read('certificate'),
  };
}
