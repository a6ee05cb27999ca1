import type { AppError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import type { ServerSettings } from '../../../shared/policy/account-settings.ts';
import type { Result } from '../../../shared/result.ts';

/** What a server is shown at sign-in, obtained afresh for each connection. */
export type Credentials =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'accessToken'; readonly user: string; readonly accessToken: string };

/**
 * Yields credentials for one provider of one account; renews an access token when it is about to expire, or when it
 * is given back as `refused` by the server.
 */
export type CredentialSource = (refused?: Credentials) => Promise<Result<Credentials, AppError>>;

export type FolderRole = 'inbox' | 'sent' | 'drafts' | 'archive' | 'trash' | 'junk' | 'other';

export interface RemoteFolder {
  readonly path: string;
  /** What stands between the names of a folder and of one in it; "/" if it is not known, empty where there are none in others. */
  readonly delimiter?: string;
  readonly role: FolderRole;
  /** False for \Noselect and for folders that hold no mail (Calendar, Contacts, …). */
  readonly holdsMail: boolean;
}

export interface OpenedFolder {
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly messageCount: number;
  /** HIGHESTMODSEQ, where the server offers CONDSTORE and QRESYNC (RFC 7162): then `changes` may be asked. */
  readonly modSeq?: bigint;
}

/** What has happened in a folder since a modification sequence. */
export interface RemoteChanges {
  readonly changed: readonly RemoteFlags[];
  readonly vanished: readonly number[];
}

export interface RemoteFlags {
  readonly uid: number;
  readonly flags: readonly string[];
}

export interface RemoteMessage extends RemoteFlags {
  readonly internalDate: EpochMs;
  /** RFC 5322 bytes as the server gave them. */
  readonly source: Uint8Array;
}

/** A message as a look through its folder shows it. */
export interface RemotePlace extends RemoteFlags {
  readonly internalDate: EpochMs;
}

export interface RemoteHeader extends RemotePlace {
  /** Those header fields that were asked for, e.g. Message-ID, In-Reply-To, References and Thread-Index. */
  readonly header: Uint8Array;
}

/** One entity of a message, as a server describes it (RFC 9051 section 7.5.2, BODYSTRUCTURE). */
export interface ToldPart {
  /** Under which it is fetched, e.g. "1.2"; empty for a multipart that is the whole message. */
  readonly section: string;
  /** Lower case, e.g. "application/pdf". */
  readonly type: string;
  /** Decoded bytes, about; of a multipart 0. */
  readonly size: number;
  readonly isAttached: boolean;
  /** Of a multipart. */
  readonly children: readonly ToldPart[];
}

/** A message of which not everything was fetched. */
export interface RemoteParts {
  /** Of the message. */
  readonly header: Uint8Array;
  /** MIME headers of the parts, by section. */
  readonly headers: ReadonlyMap<string, Uint8Array>;
  /** Bodies in their transfer encoding, by section. */
  readonly bodies: ReadonlyMap<string, Uint8Array>;
}

/**
 * One IMAP connection, signed in. No method throws: expected failures come as `Result`, and after a failure that
 * ends the connection `closed` resolves as well. Every call has a time budget of its own.
 */
export interface ImapSession {
  readonly isUsable: boolean;
  /** Resolves when the connection has ended, with the reason. */
  readonly closed: Promise<AppError>;
  /** Asks for a sign of life; whatever the server answers is one, unless it says that it is unavailable. */
  noop(deadlineMs: number): Promise<Result<null, AppError>>;
  folders(): Promise<Result<readonly RemoteFolder[], AppError>>;
  open(path: string): Promise<Result<OpenedFolder, AppError>>;
  /** UID and flags of every message in the open folder whose UID is in `range` (e.g. "1:*"). */
  flags(range: string): Promise<Result<readonly RemoteFlags[], AppError>>;
  /** Messages of the open folder that came or changed since then, and UIDs that went (RFC 7162, only after a `modSeq`). */
  changes(since: bigint): Promise<Result<RemoteChanges, AppError>>;
  /**
   * UIDs with an internal date on or after `since`, ascending (verified by FETCH, since SEARCH lies on Exchange); with
   * `from`, only that one and higher ones.
   */
  uidsSince(since: EpochMs, from?: number): Promise<Result<readonly number[], AppError>>;
  /** What stands at the places `from` to `to` of the open folder; 1 is the oldest. Those that are gone are left out. */
  places(from: number, to: number): Promise<Result<readonly RemotePlace[], AppError>>;
  /**
   * What ties each of the messages to others; of `stable` headers, those that tell it from every other one; of `drill`
   * alone what marks a drill. A UID that the server does not give is left out.
   */
  headers(
    uids: readonly number[],
    which?: 'tying' | 'stable' | 'drill',
  ): Promise<Result<readonly RemoteHeader[], AppError>>;
  /**
   * Hands over each message as it arrives; a UID the server does not give is left out. `size`: what they have together,
   * about, and who is told now and then how much has come.
   */
  fetch(
    uids: readonly number[],
    receive: (message: RemoteMessage) => Promise<void>,
    size?: { readonly bytes: number; readonly arrived?: (bytes: number) => void },
  ): Promise<Result<null, AppError>>;
  /** What the server says the messages' sizes are, in bytes: of Exchange an estimate. */
  sizes(uids: readonly number[]): Promise<Result<ReadonlyMap<number, number>, AppError>>;
  /** How a message is divided; null when the server does not say, or is gone. */
  structure(uid: number): Promise<Result<ToldPart | null, AppError>>;
  /** Headers and bodies of some of its parts; null when the message is gone. */
  parts(
    uid: number,
    wanted: { readonly headers: readonly string[]; readonly bodies: readonly string[] },
    /** About as much is expected. */
    bytes: number,
  ): Promise<Result<(RemotePlace & RemoteParts) | null, AppError>>;
  /** The first bytes of a message; null when it is gone. */
  beginning(uid: number, length: number): Promise<Result<RemoteMessage | null, AppError>>;
  /**
   * Looks in `path` for a Message-ID among its newest messages; the UID, of several together the first, or null. Leaves
   * the open folder as it was.
   */
  find(path: string, internetMessageId: string, since: EpochMs): Promise<Result<number | null, AppError>>;
  /** The same, but all of them, ascending: two different mails may bear one Message-ID. */
  findAll(
    path: string,
    internetMessageId: string,
    since: EpochMs,
  ): Promise<Result<readonly number[], AppError>>;
  /** Puts bytes into `path` and reads the UID back (APPENDUID, else by looking). */
  append(
    path: string,
    source: Uint8Array,
    flags: readonly string[],
    internalDate: EpochMs,
  ): Promise<Result<{ readonly uid: number | null }, AppError>>;
  /** Takes one message away for good (RFC 4315 UID EXPUNGE); `server.refused` where the server cannot take away just one. */
  remove(path: string, uid: number): Promise<Result<null, AppError>>;
  /**
   * Moves messages to another folder; yields their new UIDs by the old ones as far as the server names them (RFC 4315
   * COPYUID). Without MOVE (RFC 6851) it copies, then takes away, so that a cut leaves them in both.
   */
  move(
    path: string,
    uids: readonly number[],
    to: string,
  ): Promise<Result<ReadonlyMap<number, number>, AppError>>;
  setFlag(path: string, uid: number, flag: string, isSet: boolean): Promise<Result<null, AppError>>;
  /** Waits for news in the open folder (IDLE, or polling where there is none) until `signal` aborts or the link ends. */
  waitForNews(signal: AbortSignal): Promise<'news' | 'stopped' | 'closed'>;
  close(): Promise<void>;
}

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** What a server said to one RCPT when it was not yes. */
export interface RecipientRefusal {
  readonly address: string;
  /** 5xx; else 4xx: later perhaps. */
  readonly isPermanent: boolean;
  /** E.g. "550 5.1.1". */
  readonly response: string;
  /** In the server's own words. May name addresses: for the person, never for a log. */
  readonly sentence: string;
}

/**
 * How one submission ended.
 * `accepted`  2xx to the final dot, for all but the `refused`.
 * `rejected`  5xx: the same bytes will be refused again. `deferred`: it provably was not taken, try again. `refused`
 *             names those recipients to whose RCPT the server said so; nobody else got it either.
 * `unknown`   the final dot was handed to the connection and no answer to it came.
 * `sentence`  the server's answer in its own words, which may name addresses: for the person, never for a log.
 */
export type SubmissionOutcome = { readonly refused?: readonly RecipientRefusal[] } & (
  | { readonly kind: 'accepted'; readonly response: string }
  | {
      readonly kind: 'rejected';
      readonly response: string;
      readonly error: AppError;
      readonly sentence?: string;
    }
  | {
      readonly kind: 'deferred';
      readonly response: string | null;
      readonly error: AppError;
      readonly sentence?: string;
    }
  | { readonly kind: 'unknown'; readonly error: AppError }
);

export interface SubmissionRequest {
  readonly route: Route;
  readonly server: ServerSettings;
  readonly credentials: CredentialSource;
  readonly envelope: Envelope;
  /** Whether the server shall tell when it cannot deliver, or not soon (RFC 3461); it does unless told otherwise. */
  readonly wantsNotices?: boolean;
  readonly source: Uint8Array;
  /** Awaited after the server's 354 and before the first byte of the message leaves. */
  readonly beforeData?: () => Promise<void>;
  /** Awaited after the last byte of the message and before the final dot: until it is done, no server can have taken it. */
  readonly beforeDot?: () => Promise<void>;
  /** What the server said of itself: the largest message it takes, in bytes (RFC 1870); null: it named no limit. */
  readonly met?: (server: { readonly maxSize: number | null }) => void;
}

/** One connection, one message. Never throws. */
export type Submit = (request: SubmissionRequest) => Promise<SubmissionOutcome>;
