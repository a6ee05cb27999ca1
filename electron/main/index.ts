import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, type BrowserWindow, powerMonitor, session, shell } from 'electron';
import type { AppStatus } from '../../shared/contract/app.ts';
import { type AppError, appError } from '../../shared/errors.ts';
import { translator } from '../../shared/messages/index.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { AttachmentBytes, ExportWanted } from '../engine/protocol.ts';
import { watchAttention } from './attention.ts';
import { announceChanges, openBridge } from './bridge.ts';
import { createBrowserOpener } from './browser.ts';
import { EngineHost } from './engine-host.ts';
import { openKeyStore } from './key-store.ts';
import { openLog, type WriteLog } from './log.ts';
import { installMenu } from './menu.ts';
import { guardNavigation, openLink } from './navigation-guard.ts';
import { developmentFile } from './policy/json-files.ts';
import { openPolicy } from './policy/policy-service.ts';
import { systemSource } from './policy/system-source.ts';
import { printPage } from './print-page.ts';
import { problemsOf } from './problems.ts';
import { importProvisioning } from './provisioning.ts';
import { openProxyResolver } from './proxy.ts';
import { readSource } from './read-source.ts';
import { createKeyStoreMethods } from './recovery.ts';
import { keepEscrow } from './recovery-escrow.ts';
import { openOnlyHere } from './recovery-only-here.ts';
import { removeExpired } from './recovery-set-aside.ts';
import { saveFile } from './save-file.ts';
import { systemSealer } from './sealer.ts';
import { createWindow, windowSession } from './window.ts';
import { accentColour, onAccentChange, openWindowPreferences } from './window-preferences.ts';
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

  const files = {
    database: join(profile, 'mail.db'),
    keyStore: join(profile, 'keystore.json'),
    setAside: join(profile, 'unreadable'),
  };
  const keyStore = openKeyStore(files.keyStore, systemSealer(policy.running['keystore.allowUnprotected']));
  const proxies = openProxyResolver(session.fromPartition('relevo-network'), policy.running, log);
  const onlyHere = openOnlyHere(join(profile, 'only-here.json'));

  const preferences = openWindowPreferences(join(profile, 'window.json'));

  let window: BrowserWindow | null = null;
  let engine: EngineHost | null = null;
  let startError: AppError | null = null;
  const attention = watchAttention({ app, powerMonitor }, (seen) => engine?.attend(seen));

  const unavailable = () => startError ?? appError('engine.restarting', 'soon');
  const attachment = (id: number) => engine?.attachment(id) ?? Promise.resolve(err(unavailable()));

  const exported = async (wanted: ExportWanted) => engine?.exportFile(wanted) ?? err(unavailable());
  const save = async (file: AttachmentBytes) =>
    window === null ? ok({ isSaved: false }) : saveFile(window, file);

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
      problems: problemsOf(policy, keyStore, error, startError, accounts),
    });
  };

  const bridge = openBridge({
    window: () => window?.webContents ?? null,
    callEngine: async (method, input) => engine?.call(method, input) ?? err(unavailable()),
    mainMethods: {
      'app.status': status,
      'app.openLink': ({ url }) => openLink(url),
      ...createKeyStoreMethods({
        keyStore,
        onlyHere,
        files,
        keepDays: () => policy.running['keystore.keepUnreadableDays'],
        engine: () => engine,
        restartEngine,
        keepEscrow: escrow,
      }),
      'preferences.read': () => ok({ preferences: preferences.read(), accent: accentColour() }),
      'preferences.keep': preferences.keep,
      'policy.effective': () => ok(policy.effective()),
      'policy.change': ({ name, value }) => policy.change(name, value),
      'policy.reset': ({ name }) => policy.reset(name),
      'conversations.saveAttachment': async ({ attachmentId }) => {
        const found = await attachment(attachmentId);
        return found.ok ? save(found.value) : found;
      },
      'messages.export': async (wanted) => {
        const file = await exported({ kind: 'messages', ...wanted });
        return file.ok ? save(file.value) : file;
      },
      'messages.source': async ({ messageId }) => {
        const file = await exported({ kind: 'messages', messageIds: [messageId] });
        return file.ok ? ok(readSource(file.value.content)) : file;
      },
      'ledger.export': async ({ form, ...of }) => {
        const isPrinted = form === 'pdf';
        const file = await exported({ kind: 'ledger', ...of, form: isPrinted ? 'page' : form });
        if (!file.ok || !isPrinted) return file.ok ? save(file.value) : file;
        const printed = await printPage(Buffer.from(file.value.content).toString('utf8'));
        if (!printed.ok) return printed;
        const fileName = file.value.fileName.replace(/\.html$/, '.pdf');
        return save({ fileName, contentType: 'application/pdf', content: printed.value });
      },
    },
  });
  const announce = announceChanges(bridge.push);
  policy.onChange(() => {
    proxies.policyChanged(policy.running);
    engine?.policyChanged(
      policy.running,
      policy.effective().settings.some(({ needsRestart }) => needsRestart),
    );
    announce('policy');
    announce('app');
  });

  onAccentChange(() => announce('preferences'));

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

  removeExpired(files.setAside, policy.running['keystore.keepUnreadableDays'], Date.now());
  await restartEngine();

  /** Ends the engine if there is one, does what has to be done without one, and starts it. */
  async function restartEngine(
    between: () => Promise<Result<null, AppError>> = async () => ok(null),
  ): Promise<Result<null, AppError>> {
    const running = engine;
    engine = null;
    await running?.stop();
    const done = await between();
    const started = await startEngine();
    startError = started.ok ? null : started.error;
    if (startError !== null)
      log('warn', 'main', 'engine cannot start', { code: startError.code, ...startError.context });
    announce('app');
    return done.ok ? started : done;
  }

  async function startEngine(): Promise<Result<null, AppError>> {
    mkdirSync(profile, { recursive: true });
    const databaseKeys = await keyStore.databaseKeys(existsSync(files.database));
    if (!databaseKeys.ok) return databaseKeys;
    const changedFrom = keyStore.changedFrom();
    if (changedFrom !== null)
      log('warn', 'keystore', 'changed', { was: changedFrom, is: keyStore.protection().backend });
    await escrow();
    const imported = await importProvisioning(
      {
        file: policy.running['provisioning.file'],
        sealed: policy.running['provisioning.sealed'],
        deviceKeyFile: join(profile, 'device-key.json'),
      },
      keyStore,
    );
    if (!imported.ok) log('warn', 'provisioning', 'not imported', { code: imported.error.code });
    const entry = join(__dirname, '../engine/index.cjs');
    engine = new EngineHost(
      { entry, databaseFile: files.database, databaseKeys: databaseKeys.value, policy: policy.running },
      {
        keyStore,
        proxies,
        attention,
        openBrowser: createBrowserOpener((url) => shell.openExternal(url)),
        log,
        onChanged: announce,
        onOpened: (key) => void keyStore.settleOn(key),
        onOnlyHere: onlyHere.write,
      },
    );
    return ok(null);
  }

  async function escrow(): Promise<void> {
    const kept = await keepEscrow(
      join(profile, 'recovery.jwe'),
      policy.running['keystore.escrowKey'],
      keyStore,
    );
    if (!kept.ok) log('warn', 'keystore', 'no code left with IT', { code: kept.error.code });
  }
}

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
