import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { EffectivePolicy, EffectiveSetting } from '../../shared/model/effective-policy.ts';
import { App } from '../app.ts';
import { expect, test } from '../fixtures.ts';
import { quickPolicy } from '../quick-policy.ts';

async function effective(app: App): Promise<EffectivePolicy> {
  const answer = await app.page.evaluate(() => window.relevo.policy.effective({}));
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value;
}

async function setting(app: App, name: string): Promise<EffectiveSetting | undefined> {
  return (await effective(app)).settings.find((one) => one.name === name);
}

const change = (app: App, name: string, value: string) =>
  app.page.evaluate(([name, value]) => window.relevo.policy.change({ name, value }), [name, value] as const);

test('an enforced policy is changed while the app runs: it takes effect, and what the person chose is locked', async ({
  lab,
}) => {
  await lab.exchange
    .mailbox('alice')
    .append(
      'Archive',
      Buffer.from(
        [
          'From: bob@corp.example',
          'To: alice@corp.example',
          'Subject: A folder IT wants copied',
          `Date: ${new Date().toUTCString()}`,
          'Message-ID: <wanted-by-it@corp.example>',
          '',
          'The plan.',
        ].join('\r\n'),
      ),
    );
  const { policyFile } = lab.policyFor('alice', {
    overrides: { ...quickPolicy, 'sync.leftOutFolders': ['Archive'] },
  });
  const first = JSON.parse(readFileSync(policyFile, 'utf8')) as Record<string, unknown>;
  /** As a device management does it: the new file takes the old one's place. */
  const enforce = (changes: Record<string, unknown>, defaults: Record<string, unknown> = {}) => {
    writeFileSync(`${policyFile}.new`, JSON.stringify({ defaults, enforced: { ...first, ...changes } }));
    renameSync(`${policyFile}.new`, policyFile);
  };

  const alice = await App.launch({ policyFile });
  try {
    await lab.outside.sends({ to: 'alice', subject: 'Before the change', text: 'All is well.' });
    await alice.lists('Before the change');
    await alice.goesTo('all');
    await alice.lists('Before the change');
    await expect(alice.row('A folder IT wants copied')).toHaveCount(0);
    expect(await setting(alice, 'sync.windowDays')).toMatchObject({ source: 'product', isLocked: false });

    // The person chooses, within what the administrator allows.
    expect(await change(alice, 'sync.windowDays', '45')).toMatchObject({ ok: true });
    expect(await setting(alice, 'sync.windowDays')).toMatchObject({ value: '45', source: 'person' });

    enforce({
      'admin.contact': 'Service desk, 4711',
      'keystore.allowUnprotected': false,
      'sync.leftOutFolders': [],
      'sync.windowDays': 10,
    });
    await expect(async () => {
      expect(await setting(alice, 'sync.windowDays')).toMatchObject({
        value: '10',
        source: 'enforced',
        isLocked: true,
        isPersonal: true,
        needsRestart: false,
      });
    }).toPass();
    const { adminContact, refused } = await effective(alice);
    expect(adminContact).toBe('Service desk, 4711');
    expect(refused).toEqual([]);
    expect(await change(alice, 'sync.windowDays', '30')).toMatchObject({
      ok: false,
      error: { code: 'input.invalid', context: { reason: 'locked' } },
    });

    // The engine follows without a restart: the folder is copied now.
    await alice.lists('A folder IT wants copied');

    // What takes a restart says so, and the app goes on.
    expect(await setting(alice, 'keystore.allowUnprotected')).toMatchObject({
      value: 'false',
      isLocked: true,
      needsRestart: true,
    });
    await expect(alice.page.getByTestId('engine-state')).toHaveAttribute('data-state', 'running');

    // A slip of the administrator: named with its place, and everything else holds.
    enforce({ 'sync.windowDays': 'many' }, { 'sync.pollSeconds': 7 });
    await expect(async () => {
      expect((await effective(alice)).refused).toEqual([
        { setting: 'sync.windowDays', place: policyFile, reason: 'value: number expected' },
      ]);
    }).toPass();
    expect(await setting(alice, 'sync.windowDays')).toMatchObject({ value: '45', source: 'person' });
    await expect(alice.page.locator('[data-testid=problem][data-code="policy.invalid"]')).toHaveCount(1);
  } finally {
    await alice.dispose();
  }
});
