import { calculateJwkThumbprint, compactVerify, EmbeddedJWK, type JWK } from 'jose';
import * as v from 'valibot';
import { bulletinKinds, bulletinLanguages } from '../../../shared/model/bulletin.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Bulletin, Refusal } from './core/bulletin.ts';

/** How a part of a mail that holds bulletins is marked, by one or the other (docs/provider.md). */
export const bulletinPart = {
  contentType: 'application/vnd.relevo.bulletin',
  extension: '.bulletin',
} as const;
/** `typ` in the header of a bulletin's signature. */
export const bulletinJwsType = 'relevo-bulletin+jws';

/** In bytes. */
const largestBulletin = 16 * 1024;
/** Everything that one place has to say. */
export const largestBoard = 64 * 1024;
const mostOnABoard = 50;
/** How long after its issue a bulletin may be taken at most. */
const longestValidity = 400 * 24 * 60 * 60;

/** Seconds since 1970, as in RFC 7519. */
const numericDate = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e11));

/** Without control characters, nor those that turn the direction of writing: it stands in the banner. */
const plainText = (longest: number) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(longest),
    v.regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u),
  );
const lowerCase = v.pipe(v.string(), v.maxLength(320), v.toLowerCase());
const list = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(v.array(item), v.minLength(1), v.maxLength(200));

const window = v.pipe(
  v.object({ from: numericDate, until: numericDate }),
  v.check(({ from, until }) => from < until),
);

export const bulletinPayload = v.pipe(
  v.object({
    issuer: plainText(100),
    matter: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/)),
    sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    kind: v.picklist(bulletinKinds),
    iat: numericDate,
    exp: numericDate,
    window: v.optional(window),
    scope: v.optional(
      v.strictObject({
        domains: v.optional(list(lowerCase)),
        groups: v.optional(list(v.pipe(v.string(), v.maxLength(100)))),
        addresses: v.optional(list(lowerCase)),
        platforms: v.optional(list(v.picklist(['win32', 'darwin', 'linux']))),
        percentage: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
      }),
      {},
    ),
    texts: v.optional(v.object(v.entriesFromList(bulletinLanguages, v.optional(plainText(500)))), {}),
  }),
  v.check(({ iat, exp }) => iat < exp && exp - iat <= longestValidity),
  v.check(({ kind, window }) => (kind === 'maintenance' || kind === 'drill') === (window !== undefined)),
);
export type BulletinPayload = v.InferInput<typeof bulletinPayload>;

export interface SignedBulletin {
  readonly bulletin: Bulletin;
  /** The thumbprint of the key that signed it; nothing has been said of its being trusted. */
  readonly key: string;
}

/**
 * A bulletin from its compact JWS (RFC 7515, Ed25519 by RFC 8037), whoever signed it. Refuses what is `oversized`,
 * `malformed`, or has a bad `signature`; never throws.
 */
export async function readBulletin(jws: string): Promise<Result<SignedBulletin, Refusal>> {
  if (jws.length > largestBulletin) return err('oversized');
  try {
    const { payload, protectedHeader } = await compactVerify(jws, EmbeddedJWK, { algorithms: ['EdDSA'] });
    if (protectedHeader.typ !== bulletinJwsType) return err('malformed');
    const key = await calculateJwkThumbprint(protectedHeader.jwk as JWK);
    const parsed = v.safeParse(bulletinPayload, JSON.parse(new TextDecoder().decode(payload)));
    return parsed.success ? ok({ bulletin: bulletinOf(parsed.output), key }) : err('malformed');
  } catch (error) {
    const isForged = (error as { readonly code?: unknown }).code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED';
    return err(isForged ? 'signature' : 'malformed');
  }
}

/**
 * The bulletins of a board, a file or a part of a mail, one on each line; empty lines, and those with #, are none. `rest`
 * is what cannot be any, or is too much.
 */
export function bulletinsIn(board: string): { readonly bulletins: readonly string[]; readonly rest: string } {
  const lines = board
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const isCompact = (line: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(line);
  const bulletins = lines.filter(isCompact);
  const rest = [...lines.filter((line) => !isCompact(line)), ...bulletins.slice(mostOnABoard)];
  return { bulletins: bulletins.slice(0, mostOnABoard), rest: rest.join('\n') };
}

function bulletinOf({
  iat,
  exp,
  window,
  scope,
  texts,
  ...rest
}: v.InferOutput<typeof bulletinPayload>): Bulletin {
  return {
    ...rest,
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
    window: window === undefined ? null : { from: window.from * 1000, until: window.until * 1000 },
    scope: scope as Bulletin['scope'],
    texts: texts as Bulletin['texts'],
  };
}
