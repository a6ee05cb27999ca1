import { expect, test } from '../fixtures.ts';

test('two employees write to each other in the outage and both see one conversation', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  const bob = await employee('bob');
  await lab.exchange.mailbox('alice').folders();
  const opening = await lab.outside.sends({
    to: ['alice', 'bob'],
    subject: 'Harbour plan',
    text: 'For both of you.',
  });
  await alice.lists('Harbour plan');
  await bob.lists('Harbour plan');

  await lab.exchange.die();
  await alice.showsBanner('continuity');
  await bob.showsBanner('continuity');

  await alice.opens('Harbour plan');
  await alice.repliesToAll('Bob, can you take it?');
  await alice.showsOutgoing('accepted');
  await bob.opens('Harbour plan');
  await expect(bob.messages()).toHaveCount(2);
  await bob.repliesToAll('Yes, I will.');
  await bob.showsOutgoing('accepted');

  await alice.opens('Harbour plan');
  await expect(alice.messages()).toHaveCount(3);
  await expect(bob.messages()).toHaveCount(3);
  await expect(alice.row('Harbour plan')).toHaveCount(1);
  await expect(bob.row('Harbour plan')).toHaveCount(1);
  const heard = await lab.outside.receives((mail) => mail.text.includes('Yes, I will.'));
  expect(heard.references).toContain(opening.messageId);
});
