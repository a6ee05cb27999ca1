import { test as base, expect } from '../fixtures.ts';
import { type Lab, startLab } from '../lab/lab.ts';

const office = 'office@corp.example';

const test = base.extend<{ readonly lab: Lab }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's dependencies from this pattern
  lab: async ({}, use) => {
    const lab = await startLab({ employees: ['alice', 'bob'], shared: ['office'], seed: { messages: 20 } });
    await use(lab);
    await lab.stop();
  },
});

for (const handsOver of [true, false]) {
  test(`two employees work in one shared mailbox while Exchange is away, and the gateway ${handsOver ? 'hands over' : 'hands nothing over'}: each sees what the other answered, and Exchange has all of it once`, async ({
    lab,
    employee,
  }) => {
    lab.gateway.handsOver = handsOver;
    const [alice, bob] = [
      await employee('alice', { shared: ['office'] }),
      await employee('bob', { shared: ['office'] }),
    ];
    await lab.outside.sends({ to: 'office', subject: 'Opening hours', text: 'On Sundays?' });
    for (const one of [alice, bob]) {
      await one.turnsTo(office);
      await one.lists('Opening hours');
    }

    await lab.exchange.die();
    for (const one of [alice, bob]) await one.showsBanner('continuity');
    const asked = await lab.outside.sends({ to: 'office', subject: 'Spare key', text: 'Who has it?' });
    await bob.lists('Spare key');
    await alice.opens('Spare key');
    await alice.replies('The front desk has it.');
    await alice.showsOutgoing('accepted');

    const answers = () =>
      lab.outside.received().filter(({ text }) => text.startsWith('The front desk has it.'));
    const reply = await lab.outside.receives(({ text }) => text.includes('The front desk has it.'));
    expect(reply).toMatchObject({ from: office, envelopeFrom: office });
    await bob.opens('Spare key');
    await expect(bob.messages()).toHaveCount(2);
    await expect(bob.messages().last()).toContainText('The front desk has it.');

    await lab.exchange.comesBack();
    for (const one of [alice, bob]) {
      await one.showsNoBanner(60_000);
      await one.goesTo('ledger');
      await expect(one.page.getByTestId('ledger-outage').first()).toContainText('2 of 2 back in Exchange');
      await one.goesTo('inbox');
      await one.opens('Spare key');
      await expect(one.messages()).toHaveCount(2);
    }
    const stands = async (folder: string, messageId: string | null) =>
      (await lab.exchange.mailbox('office').messages(folder)).filter((mail) => mail.messageId === messageId);
    const [received, ...more] = await stands('INBOX', asked.messageId);
    expect(more).toEqual([]);
    expect(received?.flags).toContain('\\Answered');
    expect(await stands('Sent Items', reply.messageId)).toHaveLength(1);
    expect(await stands('INBOX', reply.messageId)).toEqual([]);

    await bob.replies('And I have the other one.');
    await bob.showsOutgoing('accepted');
    await expect(alice.messages()).toHaveCount(3);
    await expect(alice.messages().last()).toContainText('And I have the other one.');
    expect(answers()).toHaveLength(1);
    for (const person of ['alice', 'bob'])
      for (const folder of ['INBOX', 'Sent Items'])
        expect(
          (await lab.exchange.mailbox(person).messages(folder)).filter(({ subject }) =>
            /Spare key|Opening hours/.test(subject),
          ),
        ).toEqual([]);
  });
}
