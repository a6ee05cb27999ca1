import { invitation } from '../../electron/engine/calendar/testing/invitations.ts';
import { expect, test } from '../fixtures.ts';

test('an invitation that comes in the outage is declined by mail, once, and the answer survives coming back', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await alice.showsNoBanner();
  await lab.exchange.die();
  await alice.showsBanner('continuity');
  const calendar = invitation({
    'ORGANIZER;CN=Clara Weiss': 'mailto:clara@outside.example',
    'ORGANIZER;CN=Bob Fuchs': '',
    'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Anna Berg': '',
    'ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE': 'mailto:alice@corp.example',
  });
  await lab.outside.sends({
    to: 'alice',
    subject: 'East wing at three',
    text: 'Can you come?',
    attachments: [
      {
        filename: 'invite.ics',
        content: calendar,
        contentType: 'text/calendar; charset=utf-8; method=REQUEST',
      },
    ],
  });
  await alice.opens('East wing at three');
  const card = alice.page.getByTestId('meeting');
  await expect(card).toContainText('Room 4');
  await card.getByTestId('meeting-declined').click();
  await expect(card.getByRole('status')).toHaveText('You have declined.');

  const isAnswer = ({ source }: { readonly source: Buffer }) => source.includes('method=REPLY');
  const answer = await lab.outside.receives(isAnswer);
  expect(answer).toMatchObject({ from: 'alice@corp.example', envelopeTo: ['clara@outside.example'] });

  await lab.exchange.comesBack();
  await alice.showsNoBanner(60_000);
  const inSent = async () =>
    (await lab.exchange.mailbox('alice').messages('Sent Items')).filter(
      ({ messageId }) => messageId === answer.messageId,
    ).length;
  await expect.poll(inSent, { timeout: 60_000 }).toBe(1);
  expect(lab.outside.received().filter(isAnswer)).toHaveLength(1);
  await expect(card.getByRole('status')).toHaveText('You have declined.');
});
