import tls from 'node:tls';

/**
 * Trusts, in the whole process, the authorities that come with Node, those of the system, and `pem` (from the
 * policy). IMAP, SMTP and fetch all verify by it, since none of them is given authorities of its own.
 */
export function trustCertificates(pem: readonly string[]): void {
  tls.setDefaultCACertificates([
    ...new Set([...tls.getCACertificates('bundled'), ...tls.getCACertificates('system'), ...pem]),
  ]);
}
