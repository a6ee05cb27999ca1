import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, compactVerify, EmbeddedJWK } from 'jose';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Device } from './provider-devices.ts';
import type { SubmittedMail } from './submission.ts';

interface LogEntry {
  readonly takenAt: number;
  readonly recipients: readonly string[];
  isDelivered: boolean;
}

/** What submission took, by account and Message-ID (docs/provider.md, "Delivery log"). It goes back to the start. */
export class DeliveryLog {
  readonly #entries = new Map<string, LogEntry>();
  /** As one that has lost what it knew: everything is `unknown`. */
  isForgetful = false;

  /** Notes a message; the returned function notes that everybody has it. */
  takes({ user, to, source }: SubmittedMail): () => void {
    const [, messageId = ''] = /^message-id:\s*<([^>]*)>/im.exec(source.toString('latin1')) ?? [];
    const entry: LogEntry = { takenAt: Math.floor(Date.now() / 1000), recipients: to, isDelivered: false };
    this.#entries.set(keyOf(user, messageId), entry);
    return () => {
      entry.isDelivered = true;
    };
  }

  of(address: string, messageId: string): object {
    if (this.isForgetful) return { messageId, outcome: 'unknown' };
    const entry = this.#entries.get(keyOf(address, messageId));
    if (entry === undefined) return { messageId, outcome: 'notTaken' };
    const state = entry.isDelivered ? 'delivered' : 'waiting';
    return {
      messageId,
      outcome: 'taken',
      takenAt: entry.takenAt,
      recipients: entry.recipients.map((recipient) => ({ address: recipient, state })),
    };
  }
}

const keyOf = (address: string, messageId: string): string => `${address.toLowerCase()} ${messageId}`;

interface Refusal {
  readonly status: number;
  readonly code: string;
}

/** Remembers the newest head of each device, and countersigns none that contradicts it. */
export class Countersigner {
  readonly #newest = new Map<
    string,
    { readonly key: string; readonly count: number; readonly hash: string | null }
  >();

  async check(head: unknown, device: Device): Promise<Result<object, Refusal>> {
    if (typeof head !== 'string') return err({ status: 400, code: 'request.invalid' });
    try {
      const { payload, protectedHeader } = await compactVerify(head, EmbeddedJWK, { algorithms: ['EdDSA'] });
      const told = JSON.parse(new TextDecoder().decode(payload)) as {
        readonly account: string;
        readonly count: number;
        readonly hash: string | null;
      };
      if (protectedHeader.typ !== 'relevo-ledger+jws' || protectedHeader.jwk === undefined)
        return err({ status: 400, code: 'request.invalid' });
      if (told.account.toLowerCase() !== device.address.toLowerCase())
        return err({ status: 409, code: 'ledger.contradicts' });
      const key = await calculateJwkThumbprint(protectedHeader.jwk);
      const newest = this.#newest.get(device.id);
      const isContradiction =
        newest !== undefined &&
        (newest.key !== key ||
          told.count < newest.count ||
          (told.count === newest.count && told.hash !== newest.hash));
      if (isContradiction) return err({ status: 409, code: 'ledger.contradicts' });
      this.#newest.set(device.id, { key, count: told.count, hash: told.hash });
      const hash = createHash('sha256').update(head).digest('base64url');
      return ok({ head: hash, account: device.address, deviceId: device.id });
    } catch {
      return err({ status: 400, code: 'request.invalid' });
    }
  }
}
