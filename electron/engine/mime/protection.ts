import type { MessageProtection } from '../../../shared/model/message-nature.ts';
import { type Part, partsOf } from './structure.ts';

/**
 * What the message says it is protected by: S/MIME (RFC 8551), PGP/MIME (RFC 3156) or PGP in its text. Encryption counts
 * more than a signature. Also found where a server has taken the multipart around it apart.
 */
export function protectionOf(root: Part, text: string): MessageProtection | null {
  const found = [...partsOf(root)].map(ofPart);
  return (
    found.find((kind) => kind === 'smimeEncrypted' || kind === 'pgpEncrypted') ??
    found.find((kind) => kind !== null) ??
    inText(text)
  );
}

function ofPart({ type, parameters }: Part): MessageProtection | null {
  const protocol = parameters.get('protocol')?.toLowerCase() ?? '';
  if (type === 'multipart/signed') return protocol.includes('pkcs7') ? 'smimeSigned' : 'pgpSigned';
  if (type === 'multipart/encrypted' || type === 'application/pgp-encrypted') return 'pgpEncrypted';
  if (type === 'application/pgp-signature') return 'pgpSigned';
  if (/^application\/(?:x-)?pkcs7-signature$/.test(type)) return 'smimeSigned';
  if (!/^application\/(?:x-)?pkcs7-mime$/.test(type)) return null;
  const kind = parameters.get('smime-type')?.toLowerCase() ?? '';
  if (kind === 'certs-only') return null;
  return kind === 'signed-data' || /\.p7s$/i.test(parameters.get('name') ?? '')
    ? 'smimeSigned'
    : 'smimeEncrypted';
}

function inText(text: string): MessageProtection | null {
  if (!text.includes('-----BEGIN PGP ')) return null;
  if (/^-----BEGIN PGP MESSAGE-----\s*$/m.test(text)) return 'pgpEncrypted';
  return /^-----BEGIN PGP SIGNED MESSAGE-----\s*$/m.test(text) ? 'pgpSigned' : null;
}
