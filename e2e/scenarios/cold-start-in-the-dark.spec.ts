import { readFileSync, writeFileSync } from 'node:fs';
import { App } from '../app.ts';
import { expect, test } from '../fixtures.ts';
import type { Lab } from '../lab/lab.ts';
import { quickPolicy } from '../quick-policy.ts';

/** Names that never resolve (RFC 6761 section 6.4): those of Exchange and of its sign-in. */
function inTheDark(lab: Lab) {
  const { exchange, ...account } = lab.accountOf('alice');
  return {
    ...account,
    exchange: {
      imap: { ...exchange.imap, host: 'outlook.relevo.invalid' },
      submission: { ...exchange.submission, host: 'smtp.relevo.invalid' },
      authentication: { ...exchange.authentication, issuer: 'https://login.relevo.invalid' },
    },
  };
}

/** Whether names that do not resolve are an outage or this network's is not told by them alone: the person can. */
async function goesOn(alice: App, lab: Lab, subject: string): Promise<void> {
  await expect(alice.page.getByTestId('view-inbox')).toBeVisible();
  await alice.page.keyboard.press('Control+k');
  await alice.page.getByRole('combobox', { name: 'Commands' }).fill('emergency');
  await alice.page.getByRole('option', { name: 'Use the emergency mailbox' }).click();
  await alice.showsBanner('continuity');
  await lab.outside.sends({ to: 'alice', subject, text: 'Can you answer at all?' });
  await alice.opens(subject);
  await alice.replies(`I can: ${subject}.`);
  await alice.showsOutgoing('accepted');
  const reply = await lab.outside.receives((mail) => mail.text.includes(`I can: ${subject}.`));
  expect(reply.from).toContain('alice@corp.example');
}

test('a cold start while the names of Microsoft do not resolve, with a copy: it is read and searched, and mail goes on', async ({
  lab,
}) => {
  const laptop = lab.policyFor('alice', { overrides: quickPolicy });
  const alice = await App.launch({ policyFile: laptop.policyFile });
  try {
    await lab.outside.sends({ to: 'alice', subject: 'Before the dark', text: 'The lamp is green.' });
    await alice.lists('Before the dark');
    await alice.quit();
    await lab.exchange.die();
    const policy = JSON.parse(readFileSync(laptop.policyFile, 'utf8')) as object;
    writeFileSync(laptop.policyFile, JSON.stringify({ ...policy, accounts: [inTheDark(lab)] }));

    await alice.startAgain();
    await alice.opens('Before the dark');
    await expect(alice.messages().last()).toContainText('The lamp is green.');
    await expect(await alice.searches('lamp')).not.toHaveCount(0);
    await alice.endsSearch();
    await goesOn(alice, lab, 'In the dark, with a copy');
  } finally {
    await alice.dispose();
  }
});

test('the very first start while the names of Microsoft do not resolve, without a copy: mail goes on', async ({
  lab,
}) => {
  await lab.exchange.die();
  const laptop = lab.policyFor('alice', { overrides: { ...quickPolicy, accounts: [inTheDark(lab)] } });
  const alice = await App.launch({ policyFile: laptop.policyFile });
  try {
    await goesOn(alice, lab, 'In the dark, without a copy');
  } finally {
    await alice.dispose();
  }
});

test('the very first start while Exchange and its sign-in refuse: continuity without anybody doing anything', async ({
  lab,
  employee,
}) => {
  await lab.exchange.die();
  await lab.outside.sends({ to: 'alice', subject: 'First of all', text: 'Welcome.' });
  const alice = await employee('alice');
  await alice.showsBanner('continuity');
  await alice.opens('First of all');
  await alice.replies('Thank you.');
  await alice.showsOutgoing('accepted');

  await lab.exchange.comesBack();
  await alice.showsNoBanner(60_000);
  const inbox = await lab.exchange.mailbox('alice').messages('INBOX');
  expect(inbox.filter(({ subject }) => subject === 'First of all')).toHaveLength(1);
  const sent = await lab.exchange.mailbox('alice').messages('Sent Items');
  expect(sent.filter(({ text }) => text.includes('Thank you.'))).toHaveLength(1);
});
