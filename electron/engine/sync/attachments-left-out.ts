import type { AppError } from '../../../shared/errors.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { ImapSession, RemotePlace } from '../mail/types.ts';
import { parseMessage, readMessage } from '../mime/parse.ts';
import { assemble, readCut } from '../mime/partial.ts';
import type { ParsedMessage } from '../mime/types.ts';
import { planParts } from './core/left-out.ts';

/** Where a server does not say how a message is divided, its text and small attachments are looked for in so many bytes. */
const beginningBytes = 1024 * 1024;

export interface SlimMessage extends RemotePlace {
  readonly message: ParsedMessage;
}

/**
 * `whole`: nothing has to be left out, or it cannot be told what. `gone`: the server gave nothing.
 */
export type Slim =
  | { readonly kind: 'whole' | 'gone' }
  | { readonly kind: 'slim'; readonly fetched: SlimMessage };

/**
 * Fetches a large message of the open folder without those attachments that have more than `largest` bytes: by the
 * server's description of it, and where that makes no sense (Exchange's may be malformed) by its beginning.
 * `claimed`: its size as the server says.
 */
export async function fetchSlim(
  session: ImapSession,
  uid: number,
  { largest, claimed }: { readonly largest: number; readonly claimed: number },
): Promise<Result<Slim, AppError>> {
  const told = await session.structure(uid);
  if (!told.ok && !session.isUsable) return told;
  const plan = told.ok && told.value !== null ? planParts(told.value, largest) : null;
  if (!told.ok || told.value === null || plan === null) return fetchBeginning(session, uid, claimed);
  if (plan.leaveOut.length === 0) return ok({ kind: 'whole' });

  const isSingle = told.value.children.length === 0;
  const headers = isSingle ? [] : [...plan.fetch, ...plan.leaveOut];
  const parts = await session.parts(uid, { headers, bodies: plan.fetch }, claimed);
  if (!parts.ok) return parts;
  if (parts.value === null) return ok({ kind: 'gone' });
  const { header, headers: given, bodies, ...place } = parts.value;
  const root = assemble(told.value, header, (section) => ({
    header: given.get(section) ?? new Uint8Array(0),
    body: bodies.get(section) ?? null,
  }));
  return ok(slim(place, readMessage(root)));
}

async function fetchBeginning(
  session: ImapSession,
  uid: number,
  claimed: number,
): Promise<Result<Slim, AppError>> {
  const beginning = await session.beginning(uid, beginningBytes);
  if (!beginning.ok) return beginning;
  if (beginning.value === null) return ok({ kind: 'gone' });
  const { source, ...place } = beginning.value;
  if (source.length < beginningBytes) return ok(slim(place, await parseMessage(source)));
  const root = readCut(source, claimed - source.length);
  return ok(root === null ? { kind: 'whole' } : slim(place, readMessage(root)));
}

function slim({ uid, flags, internalDate }: RemotePlace, message: ParsedMessage): Slim {
  return { kind: 'slim', fetched: { uid, flags, internalDate, message } };
}
