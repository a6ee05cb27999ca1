import type { App } from '../app.ts';
import { expect, test } from '../fixtures.ts';
import { signInAt } from '../lab/issuer/person.ts';
import type { Lab } from '../lab/lab.ts';

/** Exchange ends its connections: everybody has to sign in again. */
async function endsConnections(lab: Lab): Promise<void> {
  await lab.exchange.imap.fault('reset');
  await lab.exchange.imap.fault('none');
}

/** The sign-in is named, not Exchange: the banner says that Exchange answers, and no outage is in the ledger. */
async function namesTheSignIn(alice: App): Promise<void> {
  await expect(alice.page.getByTestId('sync-error')).toContainText('The sign-in service cannot be reached.', {
    timeout: 60_000,
  });
  const banner = alice.page.getByTestId('banner');
  await expect(banner).toHaveAttribute('data-kind', 'primary');
  await expect(banner).toContainText('Exchange itself answers');
  const outages = await alice.page.evaluate(async () => {
    const accounts = await window.relevo.accounts.list({});
    const accountId = accounts.ok ? accounts.value[0]?.id : undefined;
    return accountId === undefined ? null : window.relevo.ledger.outages({ accountId });
  });
  expect(outages).toEqual({ ok: true, value: [] });
}

test('the identity provider alone is dark for a day: mail goes on while the token lives, a cold start shows what is here, and all goes on when it is back', async ({
  lab,
  employee,
}) => {
  const seconds = 24;
  lab.issuer.tokenLifetime = seconds;
  const alice = await employee('alice');
  await lab.outside.sends({ to: 'alice', subject: 'Before the day', text: 'Keep me.' });
  await alice.lists('Before the day');

  await lab.issuer.dark();
  const expiredAt = Date.now() + seconds * 1000;
  await endsConnections(lab);
  await lab.outside.sends({ to: 'alice', subject: 'While the token lives', text: 'In time.' });
  await alice.lists('While the token lives');

  await expect.poll(() => Date.now(), { timeout: 60_000 }).toBeGreaterThan(expiredAt);
  await endsConnections(lab);
  await namesTheSignIn(alice);

  await alice.quit();
  await alice.startAgain();
  await namesTheSignIn(alice);
  await alice.opens('While the token lives');
  await expect(alice.messages().last()).toContainText('In time.');
  await alice.replies('I answer all the same.');
  await alice.showsOutgoing('queued');
  await expect(alice.page.getByTestId('sign-in')).toHaveCount(0);

  await lab.issuer.comesBack();
  await lab.outside.sends({ to: 'alice', subject: 'After the day', text: 'There you are.' });
  await alice.lists('After the day', 90_000);
  await lab.outside.receives((mail) => mail.text.includes('I answer all the same.'), 90_000);
  await expect(alice.page.getByTestId('sync-error')).toHaveCount(0);
});

test('the identity provider wants to see the person again: asked once, mail stays readable, and a sign-in in the browser is enough', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await lab.outside.sends({ to: 'alice', subject: 'Before the question', text: 'Keep me.' });
  await alice.lists('Before the question');
  await alice.quit();
  lab.issuer.wantsToSee('alice@corp.example');
  await alice.startAgain();
  await expect(alice.page.locator('[data-testid=sign-in][data-reason=interaction]')).toBeVisible();
  await alice.opens('Before the question');
  await alice.showsNoBanner();

  await alice.electron.evaluate(({ shell }) => {
    const links: string[] = [];
    Object.assign(globalThis, { links });
    shell.openExternal = async (url: string) => {
      links.push(url);
    };
  });
  await alice.page.getByTestId('sign-in-browser').click();
  await expect(alice.page.locator('[data-testid=sign-in][data-state=waiting]')).toBeVisible();
  const link = await alice.electron.evaluate(
    () => (globalThis as unknown as { readonly links: readonly string[] }).links[0] ?? '',
  );
  expect(link).toMatch(/^https:\/\/localhost:/);
  const back = await signInAt(link, { address: 'alice@corp.example', password: lab.passwordOf('alice') });
  expect(await (await fetch(back ?? link)).text()).toContain('You are signed in.');
  await expect(alice.page.getByTestId('sign-in')).toHaveCount(0);
  await lab.outside.sends({ to: 'alice', subject: 'After the question', text: 'Welcome back.' });
  await alice.lists('After the question');
});
