import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from '../app.ts';
import { expect, test } from '../fixtures.ts';
import { quickPolicy } from '../quick-policy.ts';
import { familyOf, filesIn, SecretSearch, textsInMemoryOf } from '../secret-search.ts';

const subject = 'Quarterly-figures-8c1f';

/** Everything that the key store of the app seals, opened in its main process, which may know it. */
async function sealedIn(app: App): Promise<readonly string[]> {
  const { databaseKeys, recovery, secrets } = JSON.parse(
    readFileSync(join(app.profile, 'keystore.json'), 'utf8'),
  );
  const sealed: readonly string[] = [
    ...databaseKeys.map((key: { readonly sealed: string }) => key.sealed),
    recovery.escrow.sealedKey,
    ...Object.values<string>(secrets),
  ];
  return app.electron.evaluate(
    ({ safeStorage }, texts) =>
      Promise.all(
        texts.map(async (text) => (await safeStorage.decryptStringAsync(Buffer.from(text, 'base64'))).result),
      ),
    sealed,
  );
}

const processes = (app: App) =>
  app.electron.evaluate(({ app: electron }) =>
    electron.getAppMetrics().map(({ pid, type, serviceName }) => ({ pid, type, serviceName })),
  );

/** Access tokens are JWTs, which start like this; the engine holds them, and nobody else may. */
const accessToken = /eyJ[\w-]{10,}\.eyJ[\w-]{20,}\.[\w-]{20,}/g;

test('after a day with an outage, no secret is in the profile, the logs, a command line, an environment or the window', async ({
  lab,
}) => {
  test.skip(process.platform !== 'linux', 'processes are looked into as Linux shows them');
  const mayReadMemory = process.getuid?.() === 0;
  test.setTimeout(240_000);
  const cli = join(import.meta.dirname, '../../electron/cli/open-escrow.ts');
  const escrow = (...args: string[]) =>
    spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' }).stdout.trim();
  const privateKey = join(lab.folder, 'it.json');
  const laptop = lab.policyFor('alice', {
    overrides: { ...quickPolicy, 'keystore.escrowKey': JSON.parse(escrow('--new-key', privateKey)) },
  });
  const alice = await App.launch({ policyFile: laptop.policyFile });
  try {
    // Signed in, synchronised, an outage with a reply, and back; another key, and a crash of the engine on the way.
    await lab.outside.sends({ to: 'alice', subject, text: 'May I have them?' });
    await alice.opens(subject);
    const first = await sealedIn(alice);
    await lab.exchange.die();
    await alice.showsBanner('continuity');
    await alice.replies('Here they are.');
    await alice.showsOutgoing('accepted');
    const engine = (await processes(alice)).find(({ serviceName }) => serviceName === 'relevo-engine');
    process.kill(engine?.pid ?? 0, 'SIGSEGV');
    await lab.exchange.comesBack();
    await alice.showsNoBanner(60_000);
    expect(await alice.page.evaluate(() => window.relevo.keyStore.rotate({}))).toMatchObject({ ok: true });
    await alice.goesTo('inbox');
    await alice.opens(subject);

    const running = await processes(alice);
    const engineNow = running.find(({ serviceName }) => serviceName === 'relevo-engine')?.pid ?? 0;
    const held = mayReadMemory ? textsInMemoryOf(engineNow, accessToken) : [];
    if (mayReadMemory) expect(held.length).toBeGreaterThan(0);
    const sealed = [...first, ...(await sealedIn(alice))];
    const secrets = [
      ...laptop.secrets,
      lab.passwordOf('alice'),
      ...sealed,
      ...held,
      escrow('--key', privateKey, join(alice.profile, 'recovery.jwe')),
      escrow('--key', privateKey, join(alice.profile, 'recovery.jwe')).replaceAll('-', ''),
    ];
    expect(secrets.every((secret) => secret.length >= 20)).toBe(true);
    const keys = sealed.filter((text) => /^[0-9a-f]{64}$/.test(text)).map((hex) => Buffer.from(hex, 'hex'));
    const search = new SecretSearch([...new Set(secrets), ...keys]);
    const renderers = running.filter(({ type }) => type === 'Tab').map(({ pid }) => pid);
    const family = familyOf(alice.electron.process().pid ?? 0);

    expect(search.inFolder(alice.profile)).toEqual([]);
    expect(search.inStartOf(family)).toEqual([]);
    expect(search.in(Buffer.from(await heapOf(alice)))).toEqual([]);
    expect(existsSync(laptop.provisioningFile)).toBe(false);

    // The search finds what is there.
    const there = new SecretSearch([subject, '"databaseKeys"', 'relevo-engine', '--user-data-dir']);
    expect(there.inFolder(alice.profile).join()).toContain('keystore.json');
    expect(there.inStartOf(family).join()).toContain('cmdline');
    expect(new SecretSearch([process.env.PATH ?? '']).inStartOf(family).join()).toContain('environ');
    expect(there.in(Buffer.from(await heapOf(alice)))).toContain(subject);
    expect(filesIn(join(alice.profile, 'logs')).length).toBeGreaterThan(0);

    if (mayReadMemory) {
      for (const pid of renderers) expect(search.inMemoryOf(pid), `memory of ${pid}`).toEqual([]);
      expect(renderers.flatMap((pid) => there.inMemoryOf(pid))).toContain(subject);
      expect(search.inMemoryOf(engineNow)).toContain(lab.passwordOf('alice'));
    }

    await alice.quit();
    expect(search.inFolder(alice.profile)).toEqual([]);
  } finally {
    await alice.dispose();
  }
});

/** Everything that the page's JavaScript holds, as Chromium writes it down. */
async function heapOf(app: App): Promise<string> {
  const session = await app.page.context().newCDPSession(app.page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return chunks.join('');
}
