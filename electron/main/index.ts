import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, type BrowserWindow, powerMonitor } from 'electron';
import type { AppStatus } from '../../shared/contract/app.ts';
import { type AppError, appError } from '../../shared/errors.ts';
import { translator } from '../../shared/messages/index.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { announceChanges, openBridge } from './bridge.ts';
import { EngineHost } from './engine-host.ts';
import { openKeyStore } from './key-store.ts';
import { openLog, type WriteLog } from './log.ts';
import { installMenu } from './menu.ts';
import { guardNavigation, openLink } from './navigation-guard.ts';
import { developmentFile } from './policy/json-files.ts';
import { openPolicy } from './policy/policy-service.ts';
import { systemSource } from './policy/system-source.ts';
import { problemsOf } from './problems.ts';
import { importProvisioning } from './provisioning.ts';
import { saveAttachment } from './save-attachment.ts';
import { systemSealer } from './sealer.ts';
import { createWindow, windowSession } from './window.ts';
import { registerWindowScheme, serveWindow } from './window-protocol.ts';

registerWindowScheme();
app.enableSandbox();
if (app.requestSingleInstanceLock()) void app.whenReady().then(run);
else app.quit();

/** The composition root of the main process: everything is made here and handed what it needs. */
async function run(): Promise<void> {
  const profile = app.getPath('userData');
  const log = openLog(join(profile, 'logs'));
  const namedPolicy = developmentSwitch('policy-file');
  const policy = openPolicy({
    source: namedPolicy === null ? systemSource(process.platform) : developmentFile(namedPolicy),
    personalFile: join(profile, 'settings.json'),
    log,
  });

  let window: BrowserWindow | null = null;
  let engine: EngineHost | null = null;
  let startError: AppError | null = null;

  const unavailable = () => startError ?? appError('engine.restarting', 'soon');
  const attachment = (id: number) => engine?.attachment(id) ?? Promise.resolve(err(unavailable()));

  const status = async (): Promise<Result<AppStatus, AppError>> => {
    const { state, error, accounts } = engine?.status ?? {
      state: 'starting' as const,
      error: null,
      accounts: [],
    };
    return ok({
      version: app.getVersion(),
      engine: startError === null ? state : 'failed',
      accounts,
      problems: problemsOf(policy, error, startError, accounts),
    });
  };

  const bridge = openBridge({
    window: () => window?.webContents ?? null,
    callEngine: async (method, input) => engine?.call(method, input) ?? err(unavailable()),
    mainMethods: {
      'app.status': status,
      'app.openLink': ({ url }) => openLink(url),
      'keyStore.status': () => notYet(),
      'keyStore.newRecoveryCode': () => notYet(),
      'keyStore.recover': () => notYet(),
      'keyStore.rotate': () => notYet(),
      'keyStore.onlyHere': () => notYet(),
      'keyStore.wipe': () => notYet(),
      'policy.effective': () => ok(policy.effective()),
      'policy.change': ({ name, value }) => policy.change(name, value),
      'policy.reset': ({ name }) => policy.reset(name),
      'conversations.saveAttachment': async ({ attachmentId }) => {
        const found = await attachment(attachmentId);
        if (!found.ok) return found;
        return window === null ? ok({ isSaved: false }) : saveAttachment(window, found.value);
      },
    },
  });
  const announce = announceChanges(bridge.push);
  policy.onChange(() => {
    engine?.policyChanged(policy.running);
    announce('policy');
    announce('app');
  });

  const own = windowSession();
  serveWindow(own, join(__dirname, '../renderer'), attachment);
  const showWindow = () => {
    if (window === null) {
      window = createWindow(own, join(__dirname, '../preload/index.cjs'));
      guardNavigation(window.webContents, (url) => bridge.push({ kind: 'linkClicked', url }));
      recoverRenderer(window, log);
      window.on('closed', () => {
        window = null;
      });
    }
    if (window.isMinimized()) window.restore();
    window.focus();
  };
  installMenu(translator(app.getLocale()), (id) => bridge.push({ kind: 'command', id }));
  app.on('second-instance', showWindow);
  app.on('activate', showWindow);
  app.on('window-all-closed', () => app.quit());
  endInOrder(() => engine);
  powerMonitor.on('resume', () => engine?.laptopWoke());
  showWindow();

  const started = await startEngine();
  if (!started.ok) {
    startError = started.error;
    log('warn', 'main', 'engine cannot start', { code: started.error.code });
    announce('app');
  }

  async function startEngine(): Promise<Result<null, AppError>> {
    mkdirSync(profile, { recursive: true });
    const keyStore = openKeyStore(
      join(profile, 'keystore.json'),
      systemSealer(policy.running['keystore.allowUnprotected']),
    );
    const databaseFile = join(profile, 'mail.db');
    const databaseKey = await keyStore.databaseKey(existsSync(databaseFile));
    if (!databaseKey.ok) return databaseKey;
    const imported = await importProvisioning(policy.running['provisioning.file'], keyStore);
    if (!imported.ok) log('warn', 'provisioning', 'not imported', { code: imported.error.code });
    const entry = join(__dirname, '../engine/index.cjs');
    engine = new EngineHost(
      { entry, databaseFile, databaseKey: databaseKey.value, policy: policy.running },
      { keyStore, log, onChanged: announce },
    );
    return ok(null);
  }
}

const notYet = () => err(appError('notFound', 'never'));

/** A switch for developers: the packaged product takes its settings from the device management alone. */
function developmentSwitch(name: string): string | null {
  if (app.isPackaged || !app.commandLine.hasSwitch(name)) return null;
  return app.commandLine.getSwitchValue(name);
}

/** The window holds nothing of its own: when its process dies, it is loaded again. */
function recoverRenderer(window: BrowserWindow, log: WriteLog): void {
  window.webContents.on('render-process-gone', (_event, details) => {
    log('warn', 'main', 'renderer gone', { reason: details.reason });
    if (details.reason !== 'clean-exit') window.webContents.reload();
  });
}

/** The engine closes its database before the process ends. */
function endInOrder(engine: () => EngineHost | null): void {
  let hasStopped = false;
  app.on('before-quit', (event) => {
    const running = engine();
    if (hasStopped || running === null) return;
    event.preventDefault();
    void running.stop().then(() => {
      hasStopped = true;
      app.quit();
    });
  });
}
