import type { App } from '../app.ts';
import { expect, test } from '../fixtures.ts';
import type { Lab } from '../lab/lab.ts';

const folders = ['INBOX', 'Archive', 'Deleted Items'] as const;

/** Where Exchange has a mail of that subject, with its flags. */
async function inExchange(lab: Lab, subject: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders)
    for (const mail of await lab.exchange.mailbox('alice').messages(folder))
      if (mail.subject === subject) {
        const flags = mail.flags.filter((flag) => flag === '\\Flagged' || flag === '\\Seen').sort();
        found.push([folder, ...flags].join(' '));
      }
  return found;
}

async function tidies(alice: App, subject: string, button: 'archive' | 'delete' | 'flag'): Promise<void> {
  await alice.opens(subject);
  await expect(alice.row(subject).first()).toHaveAttribute('data-unread', 'false');
  await alice.page.getByTestId(button).click();
}

test('Alice archives, deletes and flags in an outage: it is shown at once, survives a kill, and Exchange then has exactly that', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  for (const subject of ['Keep this', 'Drop this', 'Mark this', 'Change my mind'])
    await lab.outside.sends({ to: 'alice', subject, text: 'Please read.' });
  for (const subject of ['Keep this', 'Drop this', 'Mark this', 'Change my mind']) await alice.lists(subject);

  await lab.exchange.die();
  await alice.showsBanner('continuity');
  await lab.outside.sends({ to: 'alice', subject: 'Came meanwhile', text: 'By the emergency mailbox.' });
  await alice.lists('Came meanwhile');

  await tidies(alice, 'Keep this', 'archive');
  await expect(alice.row('Keep this')).toHaveCount(0);
  await tidies(alice, 'Drop this', 'delete');
  await expect(alice.row('Drop this')).toHaveCount(0);
  await tidies(alice, 'Came meanwhile', 'archive');
  await expect(alice.row('Came meanwhile')).toHaveCount(0);
  await tidies(alice, 'Mark this', 'flag');
  await expect(alice.row('Mark this').locator('.row-flag')).toHaveCount(1);
  await tidies(alice, 'Change my mind', 'delete');
  await expect(alice.row('Change my mind')).toHaveCount(0);
  await alice.page.getByTestId('undo').click();
  await alice.lists('Change my mind');

  await alice.kill();
  await alice.startAgain();
  await alice.lists('Mark this');
  for (const subject of ['Keep this', 'Drop this', 'Came meanwhile'])
    await expect(alice.row(subject)).toHaveCount(0);
  await alice.goesTo('all');
  await alice.lists('Keep this');
  await alice.goesTo('putAway');
  await alice.lists('Drop this');

  await lab.exchange.comesBack();
  await alice.showsNoBanner(60_000);
  const ends = {
    'Keep this': ['Archive \\Seen'],
    'Drop this': ['Deleted Items \\Seen'],
    'Mark this': ['INBOX \\Flagged \\Seen'],
    'Change my mind': ['INBOX \\Seen'],
    'Came meanwhile': ['Archive \\Seen'],
  };
  for (const [subject, places] of Object.entries(ends))
    await expect.poll(() => inExchange(lab, subject), { timeout: 60_000 }).toEqual(places);

  await alice.goesTo('inbox');
  await alice.lists('Mark this');
  for (const subject of ['Keep this', 'Drop this', 'Came meanwhile'])
    await expect(alice.row(subject)).toHaveCount(0);
});
