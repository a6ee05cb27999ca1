import type { App } from '../app.ts';
import { expect, test } from '../fixtures.ts';
import type { Lab } from '../lab/lab.ts';
import type { SubmissionPoint } from '../lab/submission.ts';

const text = 'We take the blue one.';
const arrived = (lab: Lab) => lab.outside.received().filter((mail) => mail.text.includes(text));

/** Alice has read a question in the outage and is about to answer it. */
async function answersInTheOutage(lab: Lab, alice: App): Promise<void> {
  await lab.outside.sends({ to: 'alice', subject: 'Which colour?', text: 'Blue or green?' });
  await alice.lists('Which colour?');
  await lab.exchange.die();
  await alice.showsBanner('continuity');
  await alice.opens('Which colour?');
}

async function startsAgain(alice: App): Promise<void> {
  await alice.startAgain();
  await alice.opens('Which colour?');
}

test('killed while writing: the draft is there again', async ({ lab, employee }) => {
  const alice = await employee('alice');
  await answersInTheOutage(lab, alice);
  await alice.writesReply(text);
  await expect(alice.page.getByTestId('composer')).toContainText('Saved on this computer');
  await alice.kill();
  await alice.startAgain();
  await alice.goesTo('drafts');
  await alice.page.getByTestId('draft').getByRole('button').click();
  await expect(alice.page.getByTestId('composer-text')).toHaveValue(new RegExp(text));
  await alice.sends();
  await alice.showsOutgoing('accepted');
  expect(arrived(lab)).toHaveLength(1);
});

test('killed in the middle of a sentence: no more than the last second of it is lost', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await answersInTheOutage(lab, alice);
  await alice.writesReply('');
  const field = alice.page.getByTestId('composer-text');
  await field.focus();
  await field.press('Control+Home');
  const typed: { readonly words: string; readonly at: number }[] = [];
  const began = Date.now();
  // Without a pause that anything could be saved in.
  for (let words = ''; Date.now() - began < 4000; ) {
    const key = 'abcdefghij'[words.length % 10] ?? '';
    await alice.page.keyboard.type(key);
    words += key;
    typed.push({ words, at: Date.now() });
  }
  const killedAt = Date.now();
  await alice.kill();
  const due = typed.findLast(({ at }) => at <= killedAt - 1000)?.words ?? '';
  expect(due.length).toBeGreaterThan(10);
  await alice.startAgain();
  await alice.goesTo('drafts');
  await alice.page.getByTestId('draft').getByRole('button').click();
  const kept = await alice.page.getByTestId('composer-text').inputValue();
  expect(kept.startsWith(due), `${kept.length} of ${due.length}`).toBe(true);
});

for (const point of ['connected', 'signedIn', 'recipient'] satisfies SubmissionPoint[]) {
  test(`killed at "${point}", before the message was handed over: it leaves once after the restart`, async ({
    lab,
    employee,
  }) => {
    const alice = await employee('alice');
    await answersInTheOutage(lab, alice);
    const held = lab.continuity.submission.holdsAt(point);
    await alice.replies(text);
    const release = await held;
    await alice.kill();
    release();
    await startsAgain(alice);
    await alice.showsOutgoing('accepted');
    expect(arrived(lab)).toHaveLength(1);
  });
}

test('killed as the server asks for the message: it leaves once, or is "uncertain" if its bytes had begun to leave', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await answersInTheOutage(lab, alice);
  const held = lab.continuity.submission.holdsAt('data');
  await alice.replies(text);
  const release = await held;
  await alice.kill();
  release();
  await startsAgain(alice);
  const known = alice.page
    .getByTestId('reader')
    .locator('[data-outgoing=accepted], [data-outgoing=uncertain]');
  await expect(known).toBeVisible({ timeout: 60_000 });
  if ((await known.getAttribute('data-outgoing')) === 'accepted') expect(arrived(lab)).toHaveLength(1);
  else expect(arrived(lab).length).toBeLessThanOrEqual(1);
});

test('killed after the server took the message, before it said so: "uncertain", and never twice', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await answersInTheOutage(lab, alice);
  const held = lab.continuity.submission.holdsAt('accepted');
  await alice.replies(text);
  const release = await held;
  await alice.kill();
  release();
  await startsAgain(alice);
  await alice.showsOutgoing('uncertain');
  await alice.goesTo('outbox');
  const item = alice.outboxItems('uncertain');
  await expect(item.getByTestId('decide-again')).toBeVisible();
  expect(arrived(lab)).toHaveLength(1);

  await item.getByTestId('decide-sent').click();
  await expect(alice.outboxItems()).toHaveCount(0);
  await alice.goesTo('inbox');
  await alice.opens('Which colour?');
  await alice.showsOutgoing('accepted');
  expect(arrived(lab)).toHaveLength(1);
});

test('killed right after the server said yes: it stays sent, and is sent once', async ({ lab, employee }) => {
  const alice = await employee('alice');
  await answersInTheOutage(lab, alice);
  await alice.replies(text);
  await lab.outside.receives((mail) => mail.text.includes(text));
  await alice.showsOutgoing('accepted');
  await alice.kill();
  await startsAgain(alice);
  await alice.showsOutgoing('accepted');
  expect(arrived(lab)).toHaveLength(1);
  await expect
    .poll(async () => (await lab.continuity.mailbox('alice').messages('Sent')).length, { timeout: 60_000 })
    .toBe(1);
});

test('the server takes the message and the connection breaks before it says so: uncertain, and nothing is sent again', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await answersInTheOutage(lab, alice);
  lab.continuity.submission.script = 'acceptSilently';
  await alice.replies(text);
  await alice.showsOutgoing('uncertain');
  lab.continuity.submission.script = 'accept';
  await alice.kill();
  await startsAgain(alice);
  await alice.showsOutgoing('uncertain');
  expect(arrived(lab)).toHaveLength(1);
});

test('the server refuses the message: it stays, with the reason, and can be sent again', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await answersInTheOutage(lab, alice);
  lab.continuity.submission.script = { refuse: 'data', code: 554 };
  await alice.replies(text);
  await alice.showsOutgoing('rejected');
  lab.continuity.submission.script = 'accept';
  await alice.goesTo('outbox');
  await expect(alice.outboxItems('rejected')).toContainText('554');
  await alice.outboxItems('rejected').getByTestId('decide-again').click();
  await lab.outside.receives((mail) => mail.text.includes(text));
  await expect(alice.outboxItems()).toHaveCount(0);
  expect(arrived(lab)).toHaveLength(1);
});
