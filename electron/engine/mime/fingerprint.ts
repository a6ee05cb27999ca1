import { createHash } from 'node:crypto';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { ParsedMessage } from './types.ts';

/** More of a text than this is not compared. */
const comparedLength = 400_000;
/** Parts that Exchange makes anew each time it is asked for them, with other boundaries and stamps. */
const madeAnew = /^(message\/|text\/calendar\b)/i;
/** Addresses of pages: what protects from bad ones puts its own in their place on the way in. */
const pages = /\b(?:https?|ftp):\/\/[^\s<>"]+/giu;
/** What Exchange writes in place of an address that it has resolved to an entry of its directory. */
const resolved = /^imceaex-/i;

/** The headers that no server changes on the way, but for what it adds. */
export interface StableHeaders {
  readonly from: string;
  /** A whole second; null: none that means anything. */
  readonly sentAt: EpochMs | null;
  readonly subject: string;
  /** To and Cc, each once. */
  readonly recipients: readonly string[];
}

/**
 * What tells a message from every other one where its Message-ID does not: stable headers and decoded content. Never its
 * bytes, nor their number: Exchange makes them anew at each fetch, and estimates their size.
 */
export interface Fingerprint extends StableHeaders {
  readonly words: readonly string[];
  readonly attachments: readonly AttachmentPrint[];
}

interface AttachmentPrint {
  readonly fileName: string;
  /** SHA-256 of the content in hexadecimal; null where it says nothing or is not here. */
  readonly content: string | null;
}

/**
 * `equal`: all that both say is the same. `alike`: one holds all that the other says, and more: a banner, a footer, a
 * subject's mark, a recipient that was resolved. `different`: they contradict each other.
 */
export type Likeness = 'equal' | 'alike' | 'different';

/** `sentAt`: null when the Date header was not believed. */
export function stableHeaders({
  from,
  sentAt,
  subject,
  to,
  cc,
}: Pick<ParsedMessage, 'from' | 'sentAt' | 'subject' | 'to' | 'cc'>): StableHeaders {
  const addresses = [...to, ...cc].map(({ address }) => address.trim().toLowerCase());
  return {
    from: from.address.trim().toLowerCase(),
    sentAt: sentAt === null ? null : Math.floor(sentAt / 1000) * 1000,
    subject: wordsOf(subject).join(' '),
    recipients: [...new Set(addresses)].filter((address) => address !== '' && !resolved.test(address)).sort(),
  };
}

export function fingerprintOf(message: ParsedMessage): Fingerprint {
  return {
    ...stableHeaders(message),
    words: wordsOf(message.text),
    attachments: message.attachments.map(({ fileName, contentType, content, absentSize }) =>
      attachmentPrint(
        fileName,
        contentType,
        absentSize === undefined ? createHash('sha256').update(content).digest() : null,
      ),
    ),
  };
}

/** `sha256`: of the decoded content; null when it is not here. */
export function attachmentPrint(
  fileName: string,
  contentType: string,
  sha256: Uint8Array | null,
): AttachmentPrint {
  const isTelling = sha256 !== null && !madeAnew.test(contentType);
  return { fileName, content: isTelling ? Buffer.from(sha256).toString('hex') : null };
}

/** The words of a text: neither its line ends, nor its layout, nor the form of its characters, nor where its links lead. */
export function wordsOf(text: string): readonly string[] {
  const compared = text.slice(0, comparedLength).replace(pages, ' ').normalize('NFKC').toLowerCase();
  return compared.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

export function compareHeaders(one: StableHeaders, other: StableHeaders): Likeness {
  return worst([
    one.from === other.from ? 'equal' : 'different',
    one.sentAt === other.sentAt
      ? 'equal'
      : one.sentAt === null || other.sentAt === null
        ? 'alike'
        : 'different',
    compareSubjects(one.subject, other.subject),
    compareSets(one.recipients, other.recipients),
  ]);
}

export function compareFingerprints(one: Fingerprint, other: Fingerprint): Likeness {
  return worst([
    compareHeaders(one, other),
    compareSets(one.words, other.words),
    compareAttachments(one.attachments, other.attachments),
  ]);
}

function worst(found: readonly Likeness[]): Likeness {
  if (found.includes('different')) return 'different';
  return found.includes('alike') ? 'alike' : 'equal';
}

/** A server marks a subject at its beginning: "[External] Offer". */
function compareSubjects(one: string, other: string): Likeness {
  if (one === other) return 'equal';
  return ` ${one}`.endsWith(` ${other}`) || ` ${other}`.endsWith(` ${one}`) ? 'alike' : 'different';
}

function compareSets(one: readonly string[], other: readonly string[]): Likeness {
  if (one.length === other.length && one.every((word, index) => word === other[index])) return 'equal';
  return holdsAll(one, other) || holdsAll(other, one) ? 'alike' : 'different';
}

/** Whether each of `some` is among `all`, as often as there. */
function holdsAll(all: readonly string[], some: readonly string[]): boolean {
  if (some.length > all.length) return false;
  const left = new Map<string, number>();
  for (const word of all) left.set(word, (left.get(word) ?? 0) + 1);
  return some.every((word) => {
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count > 0;
  });
}

function compareAttachments(one: readonly AttachmentPrint[], other: readonly AttachmentPrint[]): Likeness {
  const [fewer, more] = one.length <= other.length ? [one, other] : [other, one];
  const left = [...more];
  for (const attachment of fewer) {
    const at = left.findIndex((candidate) => isSameAttachment(attachment, candidate));
    if (at < 0) return 'different';
    left.splice(at, 1);
  }
  return left.length === 0 ? 'equal' : 'alike';
}

const isSameAttachment = (one: AttachmentPrint, other: AttachmentPrint): boolean =>
  one.content === null || other.content === null
    ? one.fileName === other.fileName
    : one.content === other.content;
