import { writeFileSync } from 'node:fs';
import { App } from '../app.ts';
import { expect, test } from '../fixtures.ts';
import type { Lab } from '../lab/lab.ts';
import { quickPolicy } from '../quick-policy.ts';

const alice = 'alice@corp.example';

/** A laptop whose continuity is an enrolment, brought by the device management: nobody types anything. */
async function enrolledLaptop(lab: Lab): Promise<App> {
  const overrides = { ...quickPolicy, 'continuity.provider': lab.enrolment.published };
  const { policyFile, provisioningFile } = lab.policyFor('alice', { overrides });
  const secrets = { [alice]: { exchange: lab.issuer.grant(alice) } };
  writeFileSync(
    provisioningFile,
    JSON.stringify({ secrets, enrolments: [lab.enrolment.linkFor(lab.enrolment.issueCode(alice))] }),
  );
  const app = await App.launch({ policyFile });
  await expect.poll(() => lab.enrolment.devices.of(alice).length).toBe(1);
  return app;
}

async function saysThatItIsShutOut(app: App): Promise<void> {
  const notice = '[data-testid=sign-in][data-provider=continuity][data-reason=revoked]';
  await expect(app.page.locator(notice)).toBeVisible();
}

test('a device is shut out in an outage: it says so, keeps its mail, and stops knocking', async ({ lab }) => {
  const app = await enrolledLaptop(lab);
  try {
    await lab.outside.sends({ to: 'alice', subject: 'Kept here', text: 'The text stays.' });
    await app.lists('Kept here');
    await lab.exchange.die();
    await app.showsBanner('continuity');
    await lab.outside.sends({ to: 'alice', subject: 'By the device', text: 'Hello' });
    await app.lists('By the device');

    lab.enrolment.devices.revoke(alice);
    // The provider ends what is open.
    await lab.continuity.imap.fault('reset');
    await lab.continuity.imap.fault('none');
    await saysThatItIsShutOut(app);
    await app.opens('Kept here');
    await expect(app.messages()).toContainText(['The text stays.']);

    const knocks = lab.continuity.connections;
    const questions = lab.enrolment.requests.length;
    await app.writesReply('This one waits.');
    await app.sends();
    await app.showsOutgoing('queued');
    await app.quit();
    await app.startAgain();
    await app.showsBanner('continuity');
    await saysThatItIsShutOut(app);
    await app.opens('Kept here');
    expect(lab.continuity.connections).toBe(knocks);
    expect(lab.enrolment.requests).toHaveLength(questions);

    // A new code lets it in again, and what waited leaves.
    const code = lab.enrolment.issueCode(alice);
    expect(
      await app.page.evaluate((typed) => window.relevo.signIn.enrol({ code: typed }), code),
    ).toMatchObject({
      ok: true,
    });
    await lab.outside.receives((mail) => mail.text.includes('This one waits.'));
    await expect(app.page.getByTestId('sign-in')).toHaveCount(0);
  } finally {
    await app.dispose();
  }
});

test('a device is shut out while all is calm: the daily rehearsal finds out, and says so before it matters', async ({
  lab,
}) => {
  const app = await enrolledLaptop(lab);
  try {
    await lab.outside.sends({ to: 'alice', subject: 'All is calm', text: 'Hello' });
    await app.lists('All is calm');
    const rehearse = () =>
      app.page.evaluate(async () => {
        const accounts = await window.relevo.accounts.list({});
        const accountId = accounts.ok ? accounts.value[0]?.id : undefined;
        if (accountId === undefined) throw new Error('no account');
        return window.relevo.readiness.rehearse({ accountId });
      });
    // The newest is listed before the copy is complete.
    await expect.poll(rehearse).toMatchObject({
      ok: true,
      value: {
        checks: [
          { name: 'continuitySignIn', level: 'good' },
          { name: 'rehearsal', level: 'good', error: null },
          { name: 'copy', level: 'good' },
          { name: 'keyStore' },
          { name: 'domain', level: 'good' },
          { name: 'certificates', level: 'good' },
          { name: 'clock', level: 'good' },
          { name: 'policy', level: 'good' },
          { name: 'exchangeSignIn', level: 'good' },
        ],
      },
    });
    expect(lab.outside.received()).toEqual([]);

    lab.enrolment.devices.revoke(alice);
    await rehearse();
    const states = () =>
      app.page.evaluate(async () => {
        const answer = await window.relevo.signIn.status({});
        return answer.ok ? answer.value.map(({ provider, method, state }) => [provider, method, state]) : [];
      });
    await expect
      .poll(states)
      .toContainEqual(['continuity', 'enrolment', { kind: 'needed', reason: 'revoked' }]);
    const report = await app.page.evaluate(() => window.relevo.readiness.report({}));
    expect(report).toMatchObject({ ok: true, value: [{ level: 'bad' }] });
    await saysThatItIsShutOut(app);
    await app.opens('All is calm');
  } finally {
    await app.dispose();
  }
});
