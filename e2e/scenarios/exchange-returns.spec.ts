import { expect, test } from '../fixtures.ts';

for (const handsOver of [true, false]) {
  test(`Exchange returns and the gateway ${handsOver ? 'hands over' : 'hands nothing over'}: everything is there once, and the ledger proves it`, async ({
    lab,
    employee,
  }) => {
    lab.gateway.handsOver = handsOver;
    const alice = await employee('alice');
    const first = await lab.outside.sends({ to: 'alice', subject: 'Boat hire', text: 'For how many?' });
    await alice.lists('Boat hire');

    await lab.exchange.die();
    await alice.showsBanner('continuity');
    const second = await lab.outside.sends({
      to: 'alice',
      subject: 'Boat hire',
      text: 'And when?',
      inReplyTo: first,
    });
    await alice.opens('Boat hire');
    await expect(alice.messages()).toHaveCount(2);
    await alice.replies('Six of us, on Friday.');
    await alice.showsOutgoing('accepted');
    const reply = await lab.outside.receives((mail) => mail.text.includes('Six of us'));

    await lab.exchange.comesBack();
    await alice.showsNoBanner(60_000);
    await alice.goesTo('ledger');
    await expect(alice.page.getByTestId('ledger-outage').first()).toContainText('2 of 2 back in Exchange');
    await alice.page.getByTestId('ledger-outage').first().click();
    await expect(alice.ledgerEntries()).toHaveCount(2);
    await expect(alice.ledgerEntries('pending')).toHaveCount(0);
    await expect(alice.ledgerEntries('failed')).toHaveCount(0);

    const inbox = await lab.exchange.mailbox('alice').messages('INBOX');
    const sent = await lab.exchange.mailbox('alice').messages('Sent Items');
    expect(inbox.filter(({ messageId }) => messageId === second.messageId)).toHaveLength(1);
    const filed = sent.filter(({ messageId }) => messageId === reply.messageId);
    expect(filed).toHaveLength(1);
    expect(filed[0]?.flags).toContain('\\Seen');
    expect(Math.abs((filed[0]?.internalDate.getTime() ?? 0) - reply.date.getTime())).toBeLessThan(2000);

    await alice.quit();
    await alice.startAgain();
    await alice.goesTo('ledger');
    await expect(alice.page.getByTestId('ledger-outage')).toHaveCount(1);
    await expect(alice.page.getByTestId('ledger-outage').first()).toContainText('2 of 2 back in Exchange');
    expect((await lab.exchange.mailbox('alice').messages('INBOX')).map(({ messageId }) => messageId)).toEqual(
      inbox.map(({ messageId }) => messageId),
    );
    expect(await lab.exchange.mailbox('alice').messages('Sent Items')).toHaveLength(sent.length);
  });
}
