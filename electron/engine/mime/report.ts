import type { InternetMessageId } from '../../../shared/model/ids.ts';
import type { ReportedRecipient } from '../../../shared/model/message-nature.ts';
import { decodeWords } from './encoded-words.ts';
import { type HeaderField, readHeader } from './header.ts';
import { readMessageIds } from './message-ids.ts';
import { encodingOf, field, type Part, partsOf, readStructure } from './structure.ts';
import { decodeTransfer } from './transfer-encoding.ts';
import type { MessageReport } from './types.ts';

const maximumRecipients = 200;
const maximumReason = 500;
/** What of a returned message is looked at: its header. */
const maximumReturned = 262_144;

/**
 * What the message reports, if it is a report: of delivery (RFC 3464), of reading (RFC 8098) or of abuse (RFC 5965) by
 * its parts; or the letter of a mail system that knows none of these, by its sender and its words.
 */
export function readReport(root: Part, text: string): MessageReport | null {
  const parts = [...partsOf(root)];
  const ofType = (pattern: RegExp): Part | undefined => parts.find(({ type }) => pattern.test(type));
  const delivery = ofType(/^message\/(?:global-)?delivery-status$/);
  const disposition = ofType(/^message\/(?:global-)?disposition-notification$/);
  const feedback = ofType(/^message\/feedback-report$/);
  const original = (groups: readonly (readonly HeaderField[])[]): InternetMessageId | null =>
    idIn(groups.flat(), ['original-message-id', 'x-original-message-id']) ??
    returnedId(parts) ??
    answered(root);
  if (delivery !== undefined) {
    const groups = groupsOf(delivery);
    const recipients = groups.filter((group) => valueIn(group, /^(?:final|original)-recipient$/) !== null);
    return {
      kind: deliveryKind(recipients),
      originalMessageId: original(groups),
      recipients: recipients.slice(0, maximumRecipients).map(recipientOf),
    };
  }
  if (disposition !== undefined) {
    const groups = groupsOf(disposition);
    const done = valueIn(groups.flat(), /^disposition$/)?.toLowerCase() ?? '';
    const kind = done.includes('delete') ? 'deleted' : done.includes('display') ? 'read' : 'delivered';
    return {
      kind,
      originalMessageId: original(groups),
      recipients: groups.filter((group) => valueIn(group, /-recipient$/) !== null).map(recipientOf),
    };
  }
  if (feedback !== undefined)
    return { kind: 'complaint', originalMessageId: original(groupsOf(feedback)), recipients: [] };
  return letterOfMailSystem(root, parts, text);
}

/** Groups of fields with empty lines between them. */
function groupsOf(part: Part): readonly (readonly HeaderField[])[] {
  const body = Buffer.from(decodeTransfer(part.body, encodingOf(part)).subarray(0, maximumReturned));
  return body
    .toString('latin1')
    .split(/\n(?:[ \t]*\r?\n)+/)
    .map((group) => readHeader(Buffer.from(group, 'latin1'), null))
    .filter((group) => group.length > 0);
}

function valueIn(group: readonly HeaderField[], name: RegExp): string | null {
  return group.find((entry) => name.test(entry.name))?.value ?? null;
}

function recipientOf(group: readonly HeaderField[]): ReportedRecipient {
  const address = valueIn(group, /^final-recipient$/) ?? valueIn(group, /^original-recipient$/) ?? '';
  const reason = valueIn(group, /^diagnostic-code$/) ?? '';
  return {
    address: withoutKind(address).replace(/^<|>$/g, '').slice(0, 320),
    status: /\d\.\d{1,3}\.\d{1,3}/.exec(valueIn(group, /^status$/) ?? '')?.[0] ?? '',
    reason: withoutKind(decodeWords(reason)).slice(0, maximumReason).toWellFormed(),
  };
}

/** "rfc822; bob@x.example", "smtp; 550 no such user". */
const withoutKind = (value: string): string => value.replace(/^\s*[\w-]{1,30}\s*;/, '').trim();

function deliveryKind(recipients: readonly (readonly HeaderField[])[]): MessageReport['kind'] {
  const actions = recipients.map((group) => {
    const action = /[a-z]+/.exec((valueIn(group, /^action$/) ?? '').toLowerCase())?.[0] ?? '';
    if (action !== '') return action;
    return (
      { 2: 'delivered', 4: 'delayed' }[(valueIn(group, /^status$/) ?? '').trim().slice(0, 1)] ?? 'failed'
    );
  });
  if (actions.includes('failed') || actions.length === 0) return 'failed';
  return actions.includes('delayed') ? 'delayed' : 'delivered';
}

function idIn(fields: readonly HeaderField[], names: readonly string[]): InternetMessageId | null {
  for (const name of names) {
    const value = fields.find((entry) => entry.name === name)?.value;
    const id = value === undefined ? undefined : readMessageIds(decodeWords(value))[0];
    if (id !== undefined) return id;
  }
  return null;
}

/** The Message-ID of the message, or of its header, that the report brings along. */
function returnedId(parts: readonly Part[]): InternetMessageId | null {
  for (const part of parts) {
    if (!/^(?:message\/(?:rfc822|global)|(?:text|message)\/(?:rfc822|global)-headers?)$/.test(part.type))
      continue;
    const returned = decodeTransfer(part.body.subarray(0, maximumReturned), encodingOf(part));
    const id = idIn(readStructure(returned).header, ['message-id']);
    if (id !== null) return id;
  }
  return null;
}

/** Exchange makes its reports answers. */
function answered(root: Part): InternetMessageId | null {
  return idIn(root.header, ['in-reply-to']) ?? readMessageIds(field(root, 'references') ?? '').at(-1) ?? null;
}

const mailSystem = /\b(?:mailer-daemon|mail-daemon|mdaemon|postmaster|mail\s+delivery\s+(?:sub)?system)\b/i;
const bounceSubject =
  /undeliver|delivery (?:status|failure|has failed|problem)|returned (?:mail|to sender)|return(?:ed)? mail|mail delivery|failure (?:notice|delivery)|could not be delivered|nondeliverable|unzustellbar|zustellung|non (?:remis|recapitat)|échec de la remise|no se (?:puede|pudo) entregar|mancato recapito|delayed/i;

/** Before RFC 3464, and where it is unknown: qmail, Exim, Lotus and many others. */
function letterOfMailSystem(root: Part, parts: readonly Part[], text: string): MessageReport | null {
  const failed = field(root, 'x-failed-recipients');
  const isFromSystem = mailSystem.test(field(root, 'from') ?? '');
  if (failed === null && !(isFromSystem && bounceSubject.test(decodeWords(field(root, 'subject') ?? ''))))
    return null;
  const words = text.slice(0, maximumReturned);
  const quoted = /^[>\s]{0,10}Message-ID:\s{0,10}(<[^<>\s]{1,900}>)/im.exec(words)?.[1];
  const isDelayed = /\b(?:delayed|will be retried|still trying|warning: message)\b/i.test(
    `${field(root, 'subject') ?? ''} ${words.slice(0, 300)}`,
  );
  return {
    kind: isDelayed ? 'delayed' : 'failed',
    originalMessageId: returnedId(parts) ?? readMessageIds(quoted ?? '')[0] ?? answered(root),
    recipients: (failed ?? '')
      .split(/[\s,]+/)
      .filter((address) => address.includes('@'))
      .slice(0, maximumRecipients)
      .map((address) => ({
        address,
        status: /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(words)?.[0] ?? '',
        reason: '',
      })),
  };
}
