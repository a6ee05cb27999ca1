import { CompactSign, calculateJwkThumbprint, importJWK, type JWK } from 'jose';
import { type BulletinPayload, bulletinJwsType } from './bulletin-format.ts';

/** A private Ed25519 key, as `npm run bulletin -- key` writes it. */
export interface BulletinKey extends JWK {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly d: string;
}

/** The compact JWS of a bulletin (docs/provider.md). Whether it makes sense is for `bulletinPayload` to say. */
export async function signBulletin(payload: BulletinPayload, key: BulletinKey): Promise<string> {
  const { kty, crv, x } = key;
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'EdDSA', typ: bulletinJwsType, jwk: { kty, crv, x } })
    .sign(await importJWK(key, 'EdDSA'));
}

/** What `bulletins.keys` or `bulletins.graveKeys` of the policy name. */
export function thumbprintOf({ kty, crv, x }: BulletinKey): Promise<string> {
  return calculateJwkThumbprint({ kty, crv, x });
}
