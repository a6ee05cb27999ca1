import { expect, test } from '../fixtures.ts';

test('Exchange refuses every connection: continuity, mail and search go on', async ({ lab, employee }) => {
  const alice = await employee('alice');
  const letter = await lab.outside.sends({
    to: 'alice',
    subject: 'Price list for spring',
    text: 'Here it is.',
  });
  await alice.lists('Price list for spring');

  await lab.exchange.die();
  await alice.showsBanner('continuity');
  await expect(alice.banner).toContainText('Exchange');

  await alice.opens('Price list for spring');
  await expect(alice.messages().last()).toContainText('Here it is.');
  await expect(await alice.searches('spring')).not.toHaveCount(0);
  await alice.endsSearch();

  await lab.outside.sends({
    to: 'alice',
    subject: 'Re: Price list for spring',
    text: 'One more thing.',
    inReplyTo: letter,
  });
  await alice.lists('One more thing.');
  await alice.opens('Price list for spring');
  await expect(alice.messages()).toHaveCount(2);
});
