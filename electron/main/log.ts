import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LogFields } from '../engine/ports.ts';
import type { LogLevel } from '../engine/protocol.ts';

const maximumBytes = 5 * 1024 * 1024;

export type WriteLog = (level: LogLevel, module: string, event: string, fields?: LogFields) => void;

/**
 * One JSON object a line in `relevo.log`; at 5 MB the file moves to `relevo.log.1`, the one before it goes.
 * Redaction happens here, where nothing can bypass it. A log that cannot be written never stops the product.
 */
export function openLog(folder: string): WriteLog {
  const file = join(folder, 'relevo.log');
  return (level, module, event, fields = {}) => {
    try {
      mkdirSync(folder, { recursive: true });
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > maximumBytes) {
        rmSync(`${file}.1`, { force: true });
        renameSync(file, `${file}.1`);
      }
      const entry = { at: new Date().toISOString(), level, module, event, ...redact(fields) };
      appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
    } catch {
      // A full or read-only disk: the product goes on without its log.
    }
  };
}

/** Takes out whatever looks like an address or a bearer token, in case a module logs more than it should. */
export function redact(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? redactText(value) : value,
    ]),
  );
}

function redactText(text: string): string {
  return text
    .replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, '<address>')
    .replace(/[A-Za-z0-9_-]{40,}/g, '<long value>')
    .slice(0, 500);
}
