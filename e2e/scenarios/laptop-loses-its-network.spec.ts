import { expect, test } from '../fixtures.ts';

test('the laptop loses its network: no switch, the reply waits and leaves once when it is back', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  const question = await lab.outside.sends({ to: 'alice', subject: 'Ferry tickets', text: 'Which day?' });
  await alice.lists('Ferry tickets');

  await lab.laptop.network.down();
  await alice.showsBanner('offline', 20_000);
  await alice.opens('Ferry tickets');
  await alice.replies('Thursday, please.');
  await alice.showsOutgoing('queued');

  await alice.kill();
  await alice.startAgain();
  await alice.opens('Ferry tickets');
  await alice.showsOutgoing('queued');

  await lab.laptop.network.up();
  await alice.showsNoBanner(30_000);
  const reply = await lab.outside.receives((mail) => mail.text.includes('Thursday, please.'), 30_000);
  expect(reply.inReplyTo).toBe(question.messageId);
  await alice.showsOutgoing('accepted');
  expect(lab.outside.received().filter((mail) => mail.text.includes('Thursday, please.'))).toHaveLength(1);
});
