import { expect, test } from '../fixtures.ts';

test('a reply while all is well: sent once, filed once, in the same conversation on the wire', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  const question = await lab.outside.sends({
    to: 'alice',
    subject: 'AW: Brochure',
    text: 'Shall we print it?',
    headers: {
      'Thread-Topic': 'Brochure',
      'Thread-Index': 'AQHbXDPrABEiM0RVZneImaq7zN3u/w==',
      References: '<root@outside.example>',
    },
  });
  await alice.opens('Brochure');
  await alice.replies('Yes, print it.');
  await alice.showsOutgoing('accepted');

  const reply = await lab.outside.receives((mail) => mail.text.includes('Yes, print it.'));
  expect(reply.inReplyTo).toBe(question.messageId);
  expect(reply.references).toEqual(['root@outside.example', question.messageId]);
  expect(reply.header('thread-topic')).toBe('Brochure');
  const threadIndex = Buffer.from(reply.header('thread-index') ?? '', 'base64');
  expect(threadIndex).toHaveLength(27);
  expect(threadIndex.subarray(0, 22).toString('base64')).toBe('AQHbXDPrABEiM0RVZneImaq7zN3u/w==');
  expect(reply.subject).toBe('RE: Brochure');
  expect(lab.outside.received().filter((mail) => mail.messageId === reply.messageId)).toHaveLength(1);

  await expect
    .poll(async () => {
      const sent = await lab.exchange.mailbox('alice').messages('Sent Items');
      return sent.filter(({ messageId }) => messageId === reply.messageId).length;
    })
    .toBe(1);
  await alice.goesTo('sent');
  await alice.lists('Brochure');
});
