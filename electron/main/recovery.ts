import type { AppError } from '../../shared/errors.ts';
import { appError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { MainMethods } from './bridge.ts';
import type { EngineHost } from './engine-host.ts';
import type { KeyStore } from './key-store.ts';
import type { OnlyHereFile } from './recovery-only-here.ts';
import { removeDatabase, setAside } from './recovery-set-aside.ts';

type KeyStoreMethods = Pick<MainMethods, Extract<keyof MainMethods, `keyStore.${string}`>>;

interface RecoveryPorts {
  readonly keyStore: KeyStore;
  readonly onlyHere: OnlyHereFile;
  readonly files: { readonly database: string; readonly keyStore: string; readonly setAside: string };
  /** Days that a copy which cannot be opened is kept when the person begins anew; 0: not at all. */
  readonly keepDays: () => number;
  /** Null while none has been started. */
  readonly engine: () => EngineHost | null;
  /** Ends the engine if there is one, runs `between`, and starts one. */
  readonly restartEngine: (
    between?: () => Promise<Result<null, AppError>>,
  ) => Promise<Result<null, AppError>>;
  /** Leaves a code with IT where policy wants that. */
  readonly keepEscrow: () => Promise<void>;
}

/** What a person can do about the keys of their copy. */
export function createKeyStoreMethods(ports: RecoveryPorts): KeyStoreMethods {
  const { keyStore, onlyHere, files } = ports;
  const isOpen = () => ports.engine()?.status.state === 'running';

  /** A copy that opens is deleted, as the person asked; one that does not may open another day. */
  const clear = async (isReadable: boolean): Promise<Result<null, AppError>> => {
    try {
      if (isReadable || ports.keepDays() === 0) removeDatabase(files.database);
      else setAside(files.setAside, files, Date.now());
    } catch {
      return err(appError('storage.failed', 'afterUserAction'));
    }
    onlyHere.remove();
    return keyStore.beginAnew();
  };

  return {
    'keyStore.status': () => ok(keyStore.protection()),
    'keyStore.newRecoveryCode': async () => {
      const code = await keyStore.newRecoveryCode('code');
      return code.ok ? ok({ code: code.value }) : code;
    },
    'keyStore.recover': async ({ code }) => {
      const recovered = await keyStore.recover(code);
      if (!recovered.ok || isOpen()) return recovered;
      return ports.restartEngine();
    },
    'keyStore.rotate': async () => {
      const engine = ports.engine();
      if (engine === null || !isOpen()) return err(appError('engine.restarting', 'soon'));
      const next = await keyStore.nextDatabaseKey();
      if (!next.ok) return next;
      const done = await engine.rekey(next.value);
      // Which key it was when the engine could not say, it says when it starts again.
      if (!done.ok) return done;
      const settled = await keyStore.settleOn(next.value);
      if (settled.ok) await ports.keepEscrow();
      return settled;
    },
    'keyStore.onlyHere': () => ok(onlyHere.read()),
    'keyStore.wipe': () => {
      const isReadable = isOpen();
      return ports.restartEngine(() => clear(isReadable));
    },
  };
}
