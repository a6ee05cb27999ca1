import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { App } from '../app.ts';
import { expect, test } from '../fixtures.ts';
import { quickPolicy } from '../quick-policy.ts';

const problem = (app: App, code: string) => app.page.locator(`[data-testid=problem][data-code="${code}"]`);

test('a broken mail: what can be read of it is shown, and the rest of the mailbox arrives', async ({
  lab,
  employee,
}) => {
  const mailbox = lab.exchange.mailbox('alice');
  const broken = [
    'Content-Type: multipart/mixed; boundary="never"\r\nSubject: Broken in the middle\r\nFrom: x\r\n\r\n--never\r\nContent-Type: text/plain\r\n\r\nThe half of it',
    `Subject: ${'deep '.repeat(10)}\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n${'--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n'.repeat(500)}`,
    '\u0000\u0001\u0002 no mail at all',
    `From: a@b.example\r\nSubject: =?utf-9?X?broken?= \u00ff\u00fe\r\nDate: never\r\nMessage-ID: <>\r\n\r\n${'\u00ff'.repeat(2000)}`,
    `Subject: Long line\r\n\r\n${'x'.repeat(9000)}`,
  ];
  for (const source of broken) await mailbox.append('INBOX', Buffer.from(source, 'latin1'));
  await lab.outside.sends({ to: 'alice', subject: 'After the broken ones', text: 'I arrive.' });
  const alice = await employee('alice');
  await alice.lists('After the broken ones');
  await alice.opens('Broken in the middle');
  await expect(alice.messages()).toContainText(['The half of it']);
  await expect(alice.page.getByTestId('engine-state')).toHaveAttribute('data-state', 'running');
});

test('a server that speaks nonsense: everything cached can be read, and nothing crashes', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await lab.outside.sends({ to: 'alice', subject: 'Before the nonsense', text: 'All is well.' });
  await alice.lists('Before the nonsense');
  await lab.exchange.speaksNonsense();
  await expect(alice.page.getByTestId('sync-error')).toContainText('prevents encryption.');
  await alice.opens('Before the nonsense');
  await expect(alice.page.getByTestId('engine-state')).toHaveAttribute('data-state', 'running');
  await lab.exchange.comesBack();
  await lab.outside.sends({ to: 'alice', subject: 'After the nonsense', text: 'Well again.' });
  await alice.lists('After the nonsense', 60_000);
  await expect(alice.page.getByTestId('sync-error')).toHaveCount(0);
});

test('a wrong password at the continuity provider: it says so, and what is cached can be read', async ({
  lab,
}) => {
  const laptop = lab.policyFor('alice', { overrides: quickPolicy });
  const secrets = JSON.parse(readFileSync(laptop.provisioningFile, 'utf8'));
  secrets.secrets['alice@corp.example'].continuity = 'wrong';
  writeFileSync(laptop.provisioningFile, JSON.stringify(secrets));
  const alice = await App.launch({ policyFile: laptop.policyFile });
  try {
    await lab.outside.sends({ to: 'alice', subject: 'Cached in time', text: 'Keep me.' });
    await alice.lists('Cached in time');
    await lab.exchange.die();
    await alice.showsBanner('continuity');
    await expect(alice.page.locator('[data-testid=sign-in][data-provider=continuity]')).toContainText(
      'was refused',
    );
    await alice.opens('Cached in time');
    await alice.replies('I am still here.');
    await alice.showsOutgoing('queued');
  } finally {
    await alice.dispose();
  }
});

test('a sign-in that Exchange no longer accepts: it says so once, calmly, and it is no outage', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await lab.outside.sends({ to: 'alice', subject: 'Before the expiry', text: 'Keep me.' });
  await alice.lists('Before the expiry');
  await alice.quit();
  lab.issuer.mode = 'invalidGrant';
  await alice.startAgain();
  await expect(alice.page.locator('[data-testid=sign-in][data-reason=refused]')).toContainText(
    'This concerns your sign-in, not Exchange itself.',
  );
  await alice.opens('Before the expiry');
  await expect(alice.banner).toHaveCount(0);
  lab.issuer.mode = 'works';
  await alice.quit();
  await alice.startAgain();
  await lab.outside.sends({ to: 'alice', subject: 'After the expiry', text: 'Back.' });
  await alice.lists('After the expiry');
});

test('a broken policy: it names the trouble and goes on with what it knows', async ({ lab }) => {
  const laptop = lab.policyFor('alice', { overrides: quickPolicy });
  const good = readFileSync(laptop.policyFile, 'utf8');
  writeFileSync(
    laptop.policyFile,
    good.replace('"failover.holdDownSeconds": 2', '"failover.holdDownSeconds": "two", "nonsense": 1'),
  );
  const alice = await App.launch({ policyFile: laptop.policyFile });
  try {
    await expect(problem(alice, 'policy.invalid')).toHaveCount(2);
    await expect(alice.page.getByTestId('conversation-row').first()).toBeVisible();
    await alice.quit();
    writeFileSync(laptop.policyFile, '{ "accounts": [');
    await alice.startAgain();
    await expect(problem(alice, 'policy.noAccount')).toBeVisible();
    await expect(problem(alice, 'policy.invalid')).toBeVisible();
    await alice.quit();
    writeFileSync(laptop.policyFile, good);
    await alice.startAgain();
    await expect(alice.page.getByTestId('conversation-row').first()).toBeVisible();
  } finally {
    await alice.dispose();
  }
});

test('a wrong database key, and a key store of another machine: it says so and touches nothing', async ({
  employee,
}) => {
  const alice = await employee('alice');
  await alice.lists('');
  await alice.quit();
  const keyStore = join(alice.profile, 'keystore.json');
  const good = readFileSync(keyStore, 'utf8');
  const before = readFileSync(join(alice.profile, 'mail.db'));

  writeFileSync(keyStore, good.replace(/"sealed": "(.{8})/, '"sealed": "AAAAAAAA'));
  await alice.startAgain();
  await expect(alice.page.getByTestId('key-lost')).toBeVisible();
  await alice.quit();
  rmSync(keyStore);
  await alice.startAgain();
  await expect(alice.page.getByTestId('key-lost')).toBeVisible();
  await alice.quit();
  expect(readFileSync(join(alice.profile, 'mail.db')).equals(before)).toBe(true);

  writeFileSync(keyStore, good);
  writeFileSync(join(alice.profile, 'mail.db'), Buffer.concat([Buffer.alloc(64, 7), before.subarray(64)]));
  await alice.startAgain();
  await expect(problem(alice, 'database.wrongKey')).toContainText('Nothing was changed.');
  await alice.quit();
  writeFileSync(join(alice.profile, 'mail.db'), before);
  await alice.startAgain();
  await alice.lists('');
});

test('a database from the future: it is refused and left as it is', async ({ employee }) => {
  const alice = await employee('alice');
  await alice.lists('');
  const key = await alice.electron.evaluate(async ({ app, safeStorage }) => {
    const { readFileSync: read } = process.getBuiltinModule('node:fs');
    const { databaseKeys } = JSON.parse(read(`${app.getPath('userData')}/keystore.json`, 'utf8'));
    return (await safeStorage.decryptStringAsync(Buffer.from(databaseKeys[0].sealed, 'base64'))).result;
  });
  await alice.quit();
  const db = new BetterSqlite3(join(alice.profile, 'mail.db'));
  db.pragma("cipher = 'aegis'");
  db.pragma("algorithm = 'aegis-256'");
  db.pragma(`key = "raw:${key}"`);
  db.pragma('user_version = 999');
  db.close();
  await alice.startAgain();
  await expect(problem(alice, 'database.fromTheFuture')).toContainText('newer version of Relevo');
});

const canMount = process.platform === 'linux' && process.getuid?.() === 0;

test('a full disk: what was written stays in the window, and leaves once there is room', async ({ lab }) => {
  test.skip(!canMount, 'only root on Linux can mount a small disk');
  const disk = await mkdtemp(join(tmpdir(), 'relevo-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=120m', 'tmpfs', disk]);
  const ballast = join(disk, 'ballast');
  let alice: App | null = null;
  try {
    const { policyFile } = lab.policyFor('alice', { overrides: quickPolicy });
    alice = await App.launch({ policyFile, profile: join(disk, 'profile') });
    await lab.outside.sends({ to: 'alice', subject: 'The disk is filling', text: 'Really?' });
    await alice.opens('The disk is filling');
    await expect(alice.page.getByTestId('sync-progress')).toHaveCount(0);
    await alice.writesReply('Yes. ');
    await expect(alice.page.getByTestId('composer')).toContainText('Saved on this computer');
    const long = `Yes. ${`${'x'.repeat(99)}\n`.repeat(13_000)}`;
    try {
      execFileSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=64k'], { stdio: 'ignore' });
    } catch {
      // dd ends when the disk is full: that is what it is for.
    }
    // Playwright types a text of that length for half a minute, and to lay it out takes the browser some seconds.
    await alice.page.getByTestId('composer-text').evaluate((field: HTMLTextAreaElement, text) => {
      field.focus();
      field.select();
      field.setRangeText(text);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }, long);
    await expect(alice.page.locator('[data-testid=error][data-code="storage.full"]')).toBeVisible({
      timeout: 60_000,
    });
    await expect(alice.page.getByTestId('composer-text')).toHaveValue(/^Yes\. x/);
    expect(lab.outside.received()).toHaveLength(0);

    rmSync(ballast);
    await alice.page.getByTestId('composer-text').fill('Yes, there is room again.');
    await alice.sends();
    await lab.outside.receives((mail) => mail.text.includes('room again'));
  } finally {
    await alice?.dispose();
    execFileSync('umount', ['-l', disk]);
    await rm(disk, { recursive: true, force: true });
  }
});
