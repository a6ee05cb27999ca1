import { readFileSync, writeFileSync } from 'node:fs';
import { App } from '../app.ts';
import { expect, test } from '../fixtures.ts';
import { quickPolicy } from '../quick-policy.ts';

/** Where no mailbox is set up, the window itself asks for a code. */
async function types(app: App, code: string): Promise<void> {
  await app.page.getByTestId('enrol-code').fill(code);
  await app.page.getByTestId('enrol-submit').click();
}

async function enrols(app: App, text: string): Promise<void> {
  await expect(app.page.locator('[data-testid=engine-state][data-state=running]')).toBeAttached();
  const answer = await app.page.evaluate((code) => window.relevo.signIn.enrol({ code }), text);
  expect(answer).toEqual({ ok: true, value: { address: 'alice@corp.example' } });
}

for (const { policy, known } of [
  { policy: 'without accounts', known: false },
  { policy: 'with the account', known: true },
]) {
  test(`a fresh laptop while Exchange and its sign-in are dark, policy ${policy}: a code is enough, and everything is there once afterwards`, async ({
    lab,
  }) => {
    // The provider holds what came since the outage began and, as it copies everything, what came before.
    lab.gateway.mode = 'always';
    const before = await lab.outside.sends({ to: 'alice', subject: 'Before it all', text: 'A week ago.' });
    lab.gateway.mode = 'outage-only';
    await lab.exchange.die();
    const during = await lab.outside.sends({ to: 'alice', subject: 'Ferry tickets', text: 'For how many?' });

    const laptop = lab.policyFor('alice', {
      overrides: {
        ...quickPolicy,
        ...(known ? {} : { accounts: [] }),
        'continuity.provider': lab.enrolment.published,
      },
    });
    // The device management has brought Exchange's refresh token, and no continuity.
    const exchange = lab.issuer.grant('alice@corp.example');
    writeFileSync(
      laptop.provisioningFile,
      JSON.stringify({ secrets: { 'alice@corp.example': { exchange } } }),
    );
    const alice = await App.launch({ policyFile: laptop.policyFile });
    try {
      if (!known)
        await expect(alice.page.locator('[data-testid=problem][data-code="policy.noAccount"]')).toBeVisible();
      const code = lab.enrolment.issueCode('alice@corp.example').toLowerCase().replaceAll('-', ' ');
      await (known ? enrols(alice, code) : types(alice, code));

      await alice.showsBanner('continuity');
      await alice.lists('Before it all', 30_000);
      await alice.opens('Ferry tickets');
      await alice.replies('Four of us, please.');
      await alice.showsOutgoing('accepted');
      const reply = await lab.outside.receives((mail) => mail.text.includes('Four of us'));
      expect(reply.from).toContain('alice@corp.example');
      expect(lab.enrolment.devices.of('alice@corp.example')).toHaveLength(1);

      await lab.exchange.comesBack();
      await alice.showsNoBanner(60_000);
      await alice.goesTo('ledger');
      await expect(alice.page.getByTestId('ledger-outage').first()).toContainText('3 of 3 back in Exchange');
      const inbox = await lab.exchange.mailbox('alice').messages('INBOX');
      for (const { messageId } of [before, during])
        expect(inbox.filter((mail) => mail.messageId === messageId)).toHaveLength(1);
      const sent = await lab.exchange.mailbox('alice').messages('Sent Items');
      expect(sent.filter(({ messageId }) => messageId === reply.messageId)).toHaveLength(1);

      // One account, one conversation of each, before and after the next start.
      for (const isAgain of [false, true]) {
        if (isAgain) {
          await alice.quit();
          await alice.startAgain();
        }
        await alice.goesTo('all');
        await expect(alice.row('Ferry tickets')).toHaveCount(1);
        await expect(alice.row('Before it all')).toHaveCount(1);
        const accounts = await alice.page.evaluate(() => window.relevo.accounts.list({}));
        expect(accounts).toMatchObject({ ok: true, value: [{ address: 'alice@corp.example' }] });
      }
      await alice.opens('Ferry tickets');
      await expect(alice.messages()).toHaveCount(2);
    } finally {
      await alice.dispose();
    }
  });
}

test('policy brings the account that was enrolled: one account goes on, by the settings of the policy', async ({
  lab,
}) => {
  const overrides = { ...quickPolicy, 'continuity.provider': lab.enrolment.published };
  const laptop = lab.policyFor('alice', { overrides: { ...overrides, accounts: [] } });
  const alice = await App.launch({ policyFile: laptop.policyFile });
  try {
    const link = lab.enrolment.linkFor(lab.enrolment.issueCode('alice@corp.example'));
    await types(alice, link);
    await lab.outside.sends({ to: 'alice', subject: 'Unmanaged yet', text: 'Hello' });
    await alice.lists('Unmanaged yet', 30_000);
    await alice.quit();
    const managed = { ...lab.accountOf('alice'), displayName: 'Alice by Policy' };
    const policy = JSON.parse(readFileSync(laptop.policyFile, 'utf8')) as object;
    writeFileSync(laptop.policyFile, JSON.stringify({ ...policy, accounts: [managed] }));
    await alice.startAgain();
    await alice.lists('Unmanaged yet');
    const accounts = await alice.page.evaluate(() => window.relevo.accounts.list({}));
    expect(accounts).toMatchObject({
      ok: true,
      value: [{ address: 'alice@corp.example', displayName: 'Alice by Policy' }],
    });
    await lab.exchange.die();
    await alice.showsBanner('continuity');
    await lab.outside.sends({ to: 'alice', subject: 'By the device’s credential', text: 'Hello again' });
    await alice.lists('By the device’s credential', 30_000);
  } finally {
    await alice.dispose();
  }
});
