import { type AppError } from '../../../shared/errors.ts';
import { type Result } from '../../../shared/result.ts';
import type { Secrets } from '../ports.ts';
import type { LedgerKey } from './ledger-file.ts';
/**
 * The key by which this laptop signs its ledgers, from the key store; made when first asked for. A key that cannot be
 * read is not replaced: what it has signed would be another device's. `input.invalid` then.
 */
export declare function openSigningKey(secrets: Secrets): Promise<Result<LedgerKey, AppError>>;
