import * as v from 'valibot';
import type { AppError } from '../../../shared/errors.ts';
import { type PendingEnrolment, pendingEnrolments } from '../../../shared/policy/provisioning.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Random, SecretName, Secrets } from '../ports.ts';

/** Where main leaves what the device management brought, and where a crash finds what was begun. */
const secretName: SecretName = { address: 'enrolment', provider: 'device' };

/**
 * Codes on their way to becoming credentials, in the key store: what was begun goes on after a crash, under the same
 * name, and the provider gives the same answer.
 */
export interface PendingEnrolments {
  list(): Promise<Result<readonly PendingEnrolment[], AppError>>;
  /**
   * To be sealed before the provider is asked. Yields the name to redeem the code under: the earlier one, if there is
   * one, however the code was typed then.
   */
  begin(text: string, code: string): Promise<Result<string, AppError>>;
  /** It became a credential that is sealed, or the provider will never take it. */
  end(text: string): Promise<Result<null, AppError>>;
}

export function createPendingEnrolments(secrets: Secrets, random: Random): PendingEnrolments {
  const list = async (): Promise<Result<readonly PendingEnrolment[], AppError>> => {
    const kept = await secrets.get(secretName);
    if (!kept.ok) return kept.error.code === 'auth.missing' ? ok([]) : kept;
    const parsed = v.safeParse(pendingEnrolments, readJson(kept.value));
    return ok(parsed.success ? parsed.output : []);
  };
  const write = (pending: readonly PendingEnrolment[]) => secrets.put(secretName, JSON.stringify(pending));

  return {
    list,
    begin: async (text, code) => {
      const known = await list();
      if (!known.ok) return known;
      const before = known.value.find(({ begun }) => begun?.code === code)?.begun ?? null;
      const redemption = before?.redemption ?? Buffer.from(random.bytes(24)).toString('base64url');
      const others = known.value.filter((one) => one.text !== text && one.begun?.code !== code);
      const written = await write([...others, { text, begun: { code, redemption } }]);
      return written.ok ? ok(redemption) : written;
    },
    end: async (text) => {
      const known = await list();
      if (!known.ok) return known;
      return write(known.value.filter((one) => one.text !== text));
    },
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
