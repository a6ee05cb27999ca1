import type { AppStatus } from '../../shared/contract/app.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { BulletinNotice } from '../../shared/model/bulletin.ts';
import type {
  AttachmentSummary,
  ConversationDetail,
  Decision,
  FetchProgress,
  MailFolder,
  SenderFacts,
} from '../../shared/model/conversation.ts';
import type { EffectivePolicy } from '../../shared/model/effective-policy.ts';
import type { FailoverStatus } from '../../shared/model/failover.ts';
import type { Identity } from '../../shared/model/identity.ts';
import type {
  AttachmentId,
  ConversationId,
  DraftId,
  EpochMs,
  MessageId,
  OutageId,
  OutgoingId,
} from '../../shared/model/ids.ts';
import type { KeyProtection, OnlyHere } from '../../shared/model/key-protection.ts';
import type { LedgerEntry, LedgerProof, OutageSummary } from '../../shared/model/ledger.ts';
import type { AgendaItem, MeetingCard } from '../../shared/model/meeting.ts';
import type { Draft, DraftKind, OutgoingSummary } from '../../shared/model/outgoing.ts';
import type { Pin } from '../../shared/model/pin.ts';
import type { Readiness } from '../../shared/model/readiness.ts';
import type { SignInStatus } from '../../shared/model/sign-in.ts';
import type { SyncStatus } from '../../shared/model/sync.ts';
import { defaultPreferences, type WindowPreferences } from '../../shared/model/window-preferences.ts';
import {
  account,
  accountId,
  alice,
  day,
  entry,
  mailbox,
  minute,
  outgoing,
  person,
  sharedAccount,
  telling,
  twice,
} from './sample-mail.ts';
import { agenda, meetings } from './sample-meetings.ts';
import { identities, keyProtection, policy, readiness, signIns, unready } from './sample-settings.ts';

/** All that the window is told in a situation. */
export interface Scene {
  readonly status: AppStatus;
  readonly failover: readonly FailoverStatus[];
  readonly sync: readonly SyncStatus[];
  readonly conversations: readonly ConversationDetail[];
  readonly folders: readonly MailFolder[];
  readonly decisions: readonly Decision[];
  readonly meetings: Readonly<Record<number, MeetingCard>>;
  readonly agenda: readonly AgendaItem[];
  readonly fetching: readonly FetchProgress[];
  readonly pins: readonly Pin[];
  readonly drafts: readonly Draft[];
  readonly newDraft: (kind: DraftKind, parentId: MessageId | null) => Draft;
  readonly outbox: readonly OutgoingSummary[];
  readonly outgoingId: OutgoingId;
  readonly outages: readonly OutageSummary[];
  readonly entries: readonly LedgerEntry[];
  readonly proof: LedgerProof;
  readonly coveredSince: EpochMs | null;
  readonly signIns: readonly SignInStatus[];
  readonly identities: readonly Identity[];
  readonly readiness: readonly Readiness[];
  readonly keyProtection: KeyProtection;
  readonly onlyHere: OnlyHere;
  readonly policy: EffectivePolicy;
  readonly preferences: WindowPreferences;
  /** Of every message. */
  readonly sender: SenderFacts;
  /** The system's accent colour. */
  readonly accent: string | null;
  /** Methods that fail, and how; methods that never answer. */
  readonly errors: Readonly<Record<string, ErrorCode>>;
  readonly silent: readonly string[];
  /** What is clicked before the face of the situation is there, by test id. */
  readonly clicks: readonly string[];
}

/** Every situation that the window has a face for, by name. */
export function scenes(now: EpochMs): Readonly<Record<string, Scene>> {
  const primary: FailoverStatus = {
    accountId,
    kind: 'primary',
    since: now - 3 * day,
    outageSince: null,
    cause: null,
    reading: 'primary',
    sending: 'primary',
    network: 'fine',
    signInAwaySince: null,
    exchangeHost: 'outlook.office365.com',
    evidence: [],
    override: null,
    notices: [],
    mayGoUrgently: false,
    chosen: null,
    mayChoose: true,
  };
  const away: FailoverStatus = {
    ...primary,
    kind: 'continuity',
    since: now - 34 * minute,
    outageSince: now - 35 * minute,
    cause: 'refused',
    reading: 'continuity',
    sending: 'continuity',
  };
  const current: SyncStatus = {
    accountId,
    kind: 'current',
    route: 'primary',
    done: 240,
    total: 240,
    lastCompleteAt: now - minute,
    completeness: { copied: 240, missing: 0, oldestMissingAt: null },
    error: null,
  };
  const well: Scene = {
    status: { version: '0.1.0', engine: 'running', accounts: [account], problems: [] },
    failover: [primary],
    sync: [current],
    conversations: mailbox(now),
    folders: [
      { path: 'INBOX', role: 'inbox' },
      { path: 'Archive', role: 'archive' },
      { path: 'Clients/Harbour', role: 'other' },
      { path: 'Clients/Night shift', role: 'other' },
      { path: 'Deleted Items', role: 'trash' },
    ],
    decisions: [],
    meetings: {},
    agenda: [],
    fetching: [],
    pins: [],
    drafts: [],
    newDraft: (kind, parentId) => ({
      id: '11111111-1111-4111-8111-111111111111' as DraftId,
      accountId,
      kind,
      parentId,
      conversationId: parentId === null ? null : (101 as ConversationId),
      from: alice.address,
      to: kind === 'new' || kind === 'forward' ? [] : [person(1)],
      cc: kind === 'replyAll' ? [person(0)] : [],
      bcc: [],
      attachments: [],
      notPassedOn: [],
      subject: kind === 'new' ? '' : 'RE: Contract for the east wing',
      text:
        kind === 'new'
          ? ''
          : '\n\n2026-11-24 10:12, María José Iglesias <mj@x.example>:\n> Clause 4 has changed once more.\n',
      html: null,
      quotesHtml: false,
      updatedAt: now,
    }),
    outbox: [],
    outgoingId: '22222222-2222-4222-8222-222222222222' as OutgoingId,
    outages: [],
    entries: [],
    proof: {
      lines: 12,
      device: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
      countersigned: { lines: 12, at: now - 18 * minute },
    },
    coveredSince: now - 30 * day,
    signIns: signIns(now),
    identities,
    readiness: [readiness(now)],
    keyProtection: keyProtection(now),
    onlyHere: { unsent: 1, drafts: 2, unreconciled: 0, countedAt: now - 4 * minute },
    policy,
    preferences: defaultPreferences,
    sender: { replyTo: [], isFirstContact: false, knownDomains: ['puertosur.example'] },
    accent: null,
    errors: {},
    silent: [],
    clicks: [],
  };
  const outage: Scene = {
    ...well,
    failover: [away],
    outages: [
      {
        id: 9 as OutageId,
        accountId,
        startedAt: now - 35 * minute,
        endedAt: null,
        cause: 'refused',
        total: 2,
        verified: 0,
      },
    ],
  };
  const notice: BulletinNotice = {
    matter: 'move-2026-11',
    kind: 'maintenance',
    phase: 'running',
    issuer: 'Nordlicht IT',
    texts: {
      en: 'The mail servers move to the new data centre.',
      de: 'Die Mailserver ziehen in das neue Rechenzentrum um.',
      es: 'Los servidores de correo se trasladan al nuevo centro de datos.',
      fr: 'Les serveurs de messagerie déménagent dans le nouveau centre de données.',
      it: 'I server di posta si trasferiscono nel nuovo centro dati.',
    },
    issuedAt: now - 2 * day,
    window: { from: now - 25 * minute, until: now + 65 * minute },
    formerWindow: null,
  };
  const announced: BulletinNotice = {
    ...notice,
    phase: 'announced',
    window: { from: now + 40 * minute, until: now + 130 * minute },
  };
  const told = (notices: BulletinNotice): Scene => ({
    ...well,
    failover: [{ ...primary, notices: [notices] }],
  });
  const draft: Draft = {
    ...well.newDraft('reply', 104 as MessageId),
    text: 'Dear María José,\n\nwe accept clause 4.2 and',
  };
  const during = (status: Partial<FailoverStatus>): Scene => ({
    ...outage,
    failover: [{ ...away, ...status }],
  });
  const troubled = (problem: ErrorCode, status: Partial<AppStatus>): Scene => ({
    ...well,
    status: { ...well.status, problems: [{ code: problem, retry: 'afterUserAction' }], ...status },
  });
  const needsSignIn = (status: Partial<SignInStatus>): Scene => ({
    ...well,
    signIns: signIns(now).map((one) =>
      one.provider === (status.provider ?? 'exchange') ? { ...one, ...status } : one,
    ),
  });
  const shared: Scene = {
    ...well,
    status: { ...well.status, accounts: [account, sharedAccount] },
    signIns: [
      ...signIns(now),
      {
        accountId: sharedAccount.id,
        provider: 'continuity',
        method: 'enrolment',
        state: { kind: 'needed', reason: 'missing' },
        acceptedAt: null,
      },
    ],
  };
  const firstStart: Scene = {
    ...troubled('policy.noAccount', { accounts: [] }),
    failover: [],
    sync: [],
    signIns: [],
  };
  const keyLost: Scene = {
    ...troubled('keystore.unreadable', { engine: 'failed', accounts: [] }),
    failover: [],
    sync: [],
    signIns: [],
    onlyHere: { unsent: 3, drafts: 1, unreconciled: 12, countedAt: now - 26 * minute },
  };
  const plans: AttachmentSummary = {
    id: 901 as AttachmentId,
    fileName: 'plans.zip',
    contentType: 'application/zip',
    size: 42_000_000,
    contentId: null,
    isInline: false,
    isHere: false,
  };
  const largeAttachments: Scene = {
    ...well,
    conversations: well.conversations.map((one) => ({
      ...one,
      messages: one.messages.map((message) => ({ ...message, attachments: [plans] })),
    })),
    clicks: ['conversation-row'],
  };
  const file = (id: number, fileName: string, contentType: string): AttachmentSummary => ({
    ...plans,
    id: id as AttachmentId,
    fileName,
    contentType,
    size: 41_000,
    isHere: true,
  });
  const withFiles: Scene = {
    ...well,
    conversations: well.conversations.slice(3, 4).map((one) => ({
      ...one,
      messages: one.messages.map((message) => ({
        ...message,
        attachments: [
          file(911, 'Site.png', 'image/png'),
          file(912, 'Invoice.pdf.exe', 'application/pdf'),
          file(913, 'Plan.pdf', 'application/pdf'),
        ],
      })),
    })),
    clicks: ['conversation-row'],
  };
  const [first, ...others] = well.conversations;
  const kept: Scene = {
    ...well,
    conversations:
      first === undefined ? [] : [{ ...first, summary: { ...first.summary, isPinned: true } }, ...others],
    sync: [
      { ...current, completeness: { copied: 2310, missing: 3, oldestMissingAt: Date.UTC(2026, 9, 12, 12) } },
    ],
    pins: [
      { target: { kind: 'conversation', conversationId: 101 as ConversationId }, name: 'Contract' },
      { target: { kind: 'folder', path: 'Clients/Harbour' }, name: 'Clients/Harbour' },
    ],
  };
  const deleted = well.conversations.map((one) => ({
    ...one,
    summary: { ...one.summary, isInInbox: false, putAway: 'trash' as const },
  }));
  return {
    well,
    compact: {
      ...well,
      preferences: { ...defaultPreferences, density: 'compact' },
      clicks: ['conversation-row'],
    },
    withFiles,
    suspicious: {
      ...well,
      sender: {
        replyTo: [{ name: '', address: 'mj.iglesias@freemail.example' }],
        isFirstContact: true,
        knownDomains: ['puert0sur.example'],
      },
      clicks: ['conversation-row'],
    },
    folded: {
      ...well,
      preferences: { ...defaultPreferences, isSidebarWide: false, showsReader: false },
      accent: '#c2185b',
    },
    putAway: { ...well, conversations: deleted, clicks: ['view-putAway'] },
    moving: { ...well, clicks: ['conversation-row', 'move'] },
    destroying: { ...well, conversations: deleted, clicks: ['conversation-row', 'delete'] },
    largeAttachments,
    largeAttachmentsOffline: { ...largeAttachments, errors: { 'attachments.fetch': 'server.unavailable' } },
    largeAttachmentsOnTheirWay: {
      ...largeAttachments,
      silent: ['attachments.fetch'],
      fetching: well.conversations.flatMap(({ messages }) =>
        messages.map(({ id }) => ({ messageId: id, received: 12_000_000, total: 57_000_000 })),
      ),
    },
    kept: { ...kept, clicks: ['conversation-row'] },
    settingsKept: { ...kept, clicks: ['view-settings'] },
    decided: { ...well, decisions: [{ id: 7, code: 'movedElsewhere', topic: 'Boat hire' }] },
    noArchive: { ...well, errors: { 'conversations.archive': 'notFound' } },
    suspect: { ...well, failover: [{ ...primary, kind: 'suspect', since: now - 4000 }] },
    offline: during({
      kind: 'offline',
      since: now - 3 * minute,
      outageSince: null,
      cause: null,
      reading: null,
      sending: null,
    }),
    offlineInOutage: during({ kind: 'offline', since: now - 3 * minute, reading: null, sending: null }),
    refused: outage,
    hanging: during({ cause: 'hanging' }),
    closed: during({ cause: 'closed' }),
    tls: during({ cause: 'tls' }),
    unavailable: during({ cause: 'unavailable' }),
    yesterday: during({ cause: 'unavailable', outageSince: now - 1.4 * day, since: now - 1.4 * day }),
    submission: during({ cause: 'submission', reading: 'primary' }),
    holdDown: during({ kind: 'returning' }),
    reconciling: during({ kind: 'returning', reading: 'primary', sending: 'primary' }),
    quiet: during({
      kind: 'quiet',
      since: now - 25 * minute,
      outageSince: null,
      cause: null,
      reading: 'primary',
      sending: null,
      override: 'bulletin',
      mayChoose: false,
      notices: [notice],
    }),
    quietOutbox: {
      ...during({
        kind: 'quiet',
        outageSince: null,
        cause: null,
        reading: 'primary',
        sending: null,
        override: 'bulletin',
        mayChoose: false,
        notices: [notice],
        mayGoUrgently: true,
      }),
      outbox: [{ ...outgoing(now, 'queued', 'RE: Contract for the east wing', 1), reason: 'noWay' }],
      clicks: ['view-outbox'],
    },
    quietMoved: during({
      kind: 'quiet',
      since: now - 25 * minute,
      outageSince: null,
      cause: null,
      reading: 'primary',
      sending: null,
      override: 'bulletin',
      mayChoose: false,
      notices: [{ ...notice, formerWindow: { from: now - 25 * minute, until: now + 5 * minute } }],
    }),
    quietInOutage: during({ kind: 'quiet', override: 'bulletin', mayChoose: false, notices: [notice] }),
    quietAnnounced: told(announced),
    quietOver: told({ ...notice, phase: 'over' }),
    quietCancelled: told({ ...announced, phase: 'cancelled' }),
    drillAnnounced: told({ ...announced, kind: 'drill' }),
    drill: during({
      cause: 'drill',
      override: 'bulletin',
      mayChoose: false,
      notices: [{ ...notice, kind: 'drill' }],
    }),
    declared: during({
      cause: 'declared',
      override: 'bulletin',
      mayChoose: false,
      notices: [
        {
          ...notice,
          kind: 'outage',
          window: null,
          texts: { en: 'Details by telephone: 4711. <b>Not</b> by https://phishing.example/' },
        },
      ],
    }),
    chosen: during({
      cause: 'chosen',
      override: 'person',
      chosen: { route: 'continuity', at: now - 35 * minute, until: now + 660 * minute },
    }),
    chosenExchange: {
      ...well,
      failover: [
        {
          ...primary,
          override: 'person',
          chosen: { route: 'primary', at: now - 5 * minute, until: now + 660 * minute },
        },
      ],
    },
    chosenOffline: during({
      kind: 'offline',
      reading: null,
      sending: null,
      override: 'person',
      chosen: { route: 'continuity', at: now - 35 * minute, until: now + 660 * minute },
    }),
    incident: during({
      kind: 'incident',
      cause: 'incident',
      override: 'bulletin',
      mayChoose: false,
      notices: [{ ...notice, kind: 'incident', window: null }],
    }),
    starting: { ...well, status: { ...well.status, engine: 'starting', accounts: [] } },
    restarting: { ...well, status: { ...well.status, engine: 'restarting' } },
    failed: troubled('database.wrongKey', { engine: 'failed' }),
    failedAtFirst: troubled('keystore.unavailable', { engine: 'failed', accounts: [] }),
    badPolicy: troubled('policy.invalid', {}),
    signInRefused: {
      ...well,
      sync: [{ ...current, kind: 'failed', error: { code: 'auth.refused', retry: 'afterUserAction' } }],
    },
    firstSync: {
      ...well,
      conversations: mailbox(now).slice(0, 3),
      sync: [{ ...current, kind: 'syncing', done: 86, total: 240, lastCompleteAt: null }],
    },
    firstSyncEmpty: {
      ...well,
      conversations: [],
      sync: [{ ...current, kind: 'syncing', done: 0, total: 0, lastCompleteAt: null }],
    },
    undelivered: { ...well, conversations: telling(now), clicks: ['conversation-row', 'message-notes'] },
    encrypted: {
      ...well,
      conversations: telling(now).slice(1),
      clicks: ['conversation-row', 'message-notes'],
    },
    invitation: {
      ...well,
      conversations: telling(now).slice(2),
      meetings: meetings(now),
      clicks: ['conversation-row', 'meeting'],
    },
    invitationMoved: {
      ...well,
      conversations: telling(now).slice(2),
      meetings: meetings(now, { kind: 'update', answer: 'accepted', conflicts: [] }),
      clicks: ['conversation-row', 'meeting'],
    },
    meetingCancelled: {
      ...well,
      conversations: telling(now).slice(2),
      meetings: meetings(now, { kind: 'cancellation', mayAnswer: false, conflicts: [] }),
      clicks: ['conversation-row', 'meeting'],
    },
    meetingUnreadable: {
      ...well,
      conversations: telling(now).slice(2),
      clicks: ['conversation-row', 'meeting'],
    },
    agenda: { ...outage, agenda: agenda(now), clicks: ['view-agenda'] },
    agendaEmpty: { ...well, clicks: ['view-agenda'] },
    loading: {
      ...well,
      silent: ['conversations.list', 'outbox.list', 'ledger.outages', 'conversations.open'],
    },
    broken: {
      ...well,
      errors: {
        'conversations.list': 'storage.failed',
        'outbox.list': 'storage.failed',
        'ledger.outages': 'storage.failed',
        'conversations.open': 'database.damaged',
      },
    },
    /** Answers quote HTML. */
    quotesHtml: {
      ...well,
      newDraft: (kind, parentId) => ({ ...well.newDraft(kind, parentId), quotesHtml: kind !== 'new' }),
    },
    sendFails: { ...outage, errors: { 'drafts.send': 'storage.full' } },
    drafts: {
      ...outage,
      drafts: [
        draft,
        {
          ...well.newDraft('new', null),
          id: '33333333-3333-4333-8333-333333333333' as DraftId,
          subject: 'Minutes of Monday',
        },
      ],
    },
    outbox: {
      ...outage,
      outbox: [
        outgoing(now, 'queued', 'RE: Contract for the east wing', 1),
        outgoing(now, 'handedOver', 'Lunch on Thursday?', 2),
        {
          ...outgoing(now, 'uncertain', 'RE: Offer 2026-118', 3),
          deliveryLog: {
            outcome: 'notTaken',
            takenAt: null,
            recipients: [],
            askedAt: now - minute,
            isSafeToSendAgain: false,
          },
        },
        outgoing(now, 'rejected', 'Invitation to the topping-out ceremony', 4),
      ],
    },
    ledger: {
      ...well,
      outages: [
        {
          id: 9 as OutageId,
          accountId,
          startedAt: now - 3 * 60 * minute,
          endedAt: now - 24 * minute,
          cause: 'hanging',
          total: 6,
          verified: 6,
        },
        {
          id: 8 as OutageId,
          accountId,
          startedAt: now - 20 * day,
          endedAt: now - 19.9 * day,
          cause: 'refused',
          total: 31,
          verified: 31,
        },
      ],
      entries: [0, 1, 2, 3, 4, 5].map((index) =>
        entry(now, index, index % 3 === 0 ? 'appended' : 'handedOver', index % 3 === 0 ? 'sent' : 'received'),
      ),
    },
    twoCopies: { ...well, conversations: twice(now, false), clicks: ['conversation-row'] },
    twoCopiesApart: { ...well, conversations: twice(now, true), clicks: ['conversation-row'] },
    ledgerLong: {
      ...outage,
      outages: [
        {
          id: 9 as OutageId,
          accountId,
          startedAt: now - 3 * day,
          endedAt: now - 2 * minute,
          cause: 'hanging',
          total: 5000,
          verified: 4990,
        },
      ],
      entries: Array.from({ length: 5000 }, (_, index) =>
        entry(now, index, index % 500 === 9 ? 'failed' : 'handedOver', index % 4 === 0 ? 'sent' : 'received'),
      ),
      clicks: ['view-ledger'],
    },
    ledgerBroken: { ...well, errors: { 'ledger.outages': 'storage.failed' }, clicks: ['view-ledger'] },
    ledgerOpen: {
      ...outage,
      outages: [
        {
          id: 9 as OutageId,
          accountId,
          startedAt: now - 3 * 60 * minute,
          endedAt: now - 2 * minute,
          cause: 'submission',
          total: 4,
          verified: 2,
        },
      ],
      entries: [
        entry(now, 0, 'appended', 'sent'),
        entry(now, 1, 'handedOver', 'received'),
        entry(now, 2, 'pending', 'received'),
        entry(now, 3, 'failed', 'sent'),
        { ...entry(now, 4, 'changed', 'received'), change: 'archive', folder: 'Archive' },
      ],
      proof: { ...well.proof, countersigned: null },
      clicks: ['view-ledger'],
    },
    twoAccounts: shared,
    signInMissing: needsSignIn({ state: { kind: 'needed', reason: 'missing' }, acceptedAt: null }),
    signInInteraction: needsSignIn({ state: { kind: 'needed', reason: 'interaction' } }),
    signInWrongPassword: {
      ...needsSignIn({ method: 'password', state: { kind: 'needed', reason: 'refused' } }),
      errors: { 'signIn.password': 'auth.refused' },
    },
    signInRevoked: {
      ...needsSignIn({
        provider: 'continuity',
        method: 'enrolment',
        state: { kind: 'needed', reason: 'revoked' },
      }),
      errors: { 'signIn.enrol': 'enrolment.invalidCode' },
    },
    signInInBrowser: needsSignIn({ state: { kind: 'waiting', deviceCode: null } }),
    signInByCode: needsSignIn({
      state: {
        kind: 'waiting',
        deviceCode: {
          userCode: 'WDJB-MJHT',
          verificationUrl: 'https://login.nordlicht.example/device',
          expiresAt: now + 15 * minute,
        },
      },
    }),
    signInInOutage: { ...needsSignIn({ state: { kind: 'needed', reason: 'refused' } }), failover: [away] },
    firstStart,
    firstStartRefused: { ...firstStart, errors: { 'signIn.enrol': 'enrolment.invalidCode' } },
    firstStartUnreachable: { ...firstStart, errors: { 'signIn.enrol': 'enrolment.unreachable' } },
    firstStartBusy: { ...firstStart, silent: ['signIn.enrol'] },
    keyLost,
    keyLostWrongCode: { ...keyLost, errors: { 'keyStore.recover': 'input.invalid' } },
    keyLostNothing: {
      ...keyLost,
      onlyHere: { unsent: 0, drafts: 0, unreconciled: 0, countedAt: now - day },
    },
    keyLostNotCounted: {
      ...keyLost,
      onlyHere: { unsent: 0, drafts: 0, unreconciled: 0, countedAt: null },
      clicks: ['wipe'],
    },
    settingsMailboxes: { ...shared, clicks: ['view-settings'] },
    settingsSenders: { ...outage, clicks: ['view-settings', 'tab-senders', 'signature-edit'] },
    settingsReady: { ...well, clicks: ['view-settings', 'tab-readiness'] },
    settingsNotReady: {
      ...well,
      readiness: [unready(now)],
      clicks: ['view-settings', 'tab-readiness'],
    },
    settingsRehearsing: {
      ...well,
      silent: ['readiness.rehearse'],
      clicks: ['view-settings', 'tab-readiness', 'rehearse'],
    },
    settingsKeys: { ...well, clicks: ['view-settings', 'tab-keys'] },
    settingsKeysUnprotected: {
      ...well,
      keyProtection: { backend: 'basic_text', isProtected: false, recovery: 'escrow', keyMadeAt: null },
      clicks: ['view-settings', 'tab-keys'],
    },
    settingsRecoveryCode: { ...well, clicks: ['view-settings', 'tab-keys', 'recovery-code-make'] },
    settingsPolicy: { ...well, clicks: ['view-settings', 'tab-policy', 'setting-change'] },
    settingsBroken: {
      ...well,
      errors: { 'policy.effective': 'storage.failed', 'signIn.status': 'engine.restarting' },
      clicks: ['view-settings', 'tab-policy'],
    },
  };
}
