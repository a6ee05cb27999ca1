import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import {
  type ConnectionOptions,
  checkServerIdentity,
  createSecureContext,
  getCACertificates,
  type SecureContext,
} from 'node:tls';
import { pinMismatch } from './failure.ts';

/** Whom a connection trusts. */
export interface Trust {
  /** For a connection to `host`. With `isPinned`, the server's own key has to be one of the pins as well. */
  optionsFor(host: string, isPinned: boolean): ConnectionOptions;
  /** When the certificate that a host showed last, and that was verified, ends; null: none was met. */
  endsAt(host: string): number | null;
}

export interface TrustPolicy {
  /** PEM. Those of the start. */
  readonly authorities: readonly string[];
  /**
   * Base64 SHA-256 digests of a server's SubjectPublicKeyInfo (RFC 7469 section 2.4); none: nothing is pinned. Only the
   * server's own key counts: what it sends along as its chain is not what was verified.
   */
  readonly pins: readonly string[];
}

/**
 * Trusts the authorities that come with Node, those of the system, and those of the policy. The host name is always
 * checked, and nothing older than TLS 1.2 is spoken.
 */
export function createTrust(policy: TrustPolicy): Trust {
  const ends = new Map<string, number>();
  let context: SecureContext | null = null;
  const secureContext = (): SecureContext => {
    context ??= createSecureContext({
      ca: [
        ...new Set([...getCACertificates('bundled'), ...getCACertificates('system'), ...policy.authorities]),
      ],
      minVersion: 'TLSv1.2',
    });
    return context;
  };

  return {
    optionsFor: (host, isPinned) => ({
      host,
      servername: isIP(host) === 0 ? host : '',
      secureContext: secureContext(),
      rejectUnauthorized: true,
      checkServerIdentity: (name, certificate) => {
        const mismatch = checkServerIdentity(name === '' ? host : name, certificate);
        if (mismatch === undefined) ends.set(host, Date.parse(certificate.valid_to));
        const { pins } = policy;
        if (mismatch !== undefined || !isPinned || pins.length === 0) return mismatch;
        if (pins.includes(pinOf(certificate.raw))) return undefined;
        return Object.assign(new Error('The key of the server is not pinned'), { code: pinMismatch });
      },
    }),
    endsAt: (host) => ends.get(host) ?? null,
  };
}

/** The pin of a certificate, from its DER or PEM bytes. */
export function pinOf(certificate: Buffer | string): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}
