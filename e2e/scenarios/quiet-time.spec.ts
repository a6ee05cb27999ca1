import { expect, test } from '../fixtures.ts';

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

test('a planned maintenance: announced, sending is held, moved, and everything leaves in order afterwards', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice', { policy: { 'maintenance.urgentMail': true } });
  await lab.outside.sends({ to: 'alice', subject: 'Roof works', text: 'When can we begin?' });
  await alice.lists('Roof works');

  const maintenance = { kind: 'maintenance', matter: 'move', texts: { en: 'The servers move.' } } as const;
  await lab.bulletins.post({ ...maintenance, window: { from: inSeconds(3600), until: inSeconds(7200) } });
  await alice.showsBanner('primary');
  await expect(alice.banner).toContainText('Planned maintenance');
  await expect(alice.banner).toContainText('The servers move.');
  await expect(alice.page.getByTestId('banner-countdown')).toContainText('Begins in');

  // It begins earlier than announced.
  const window = { from: inSeconds(-1), until: inSeconds(1800) };
  await lab.bulletins.post({ ...maintenance, window });
  await alice.showsBanner('quiet');
  await expect(alice.banner).toContainText('Changed; it was to be');

  lab.gateway.mode = 'maintenance';
  await lab.outside.sends({ to: 'alice', subject: 'Roof works', text: 'Any news?' });

  // Composing goes on; what is sent is held, whatever Exchange does meanwhile.
  await lab.exchange.die();
  await alice.opens('Roof works');
  await alice.writesReply('First: on Monday.');
  await expect(alice.page.getByTestId('sending-note')).toContainText('Planned maintenance: held');
  await alice.sends();
  await alice.showsOutgoing('queued');
  await alice.replies('Second: bring the crane.');
  await alice.replies('Third: the gate is open.');
  await alice.goesTo('outbox');
  await expect(alice.outboxItems('queued')).toHaveCount(3);
  await expect(alice.page.getByTestId('held').first()).toContainText('leaves at about');
  expect(lab.outside.received().filter(({ from }) => from.includes('alice'))).toEqual([]);
  await expect(alice.row('Any news?')).toHaveCount(0);

  // One cannot wait.
  await alice.outboxItems('queued').nth(2).getByTestId('send-urgently').click();
  await lab.outside.receives((mail) => mail.text.startsWith('Third'));
  await expect(alice.outboxItems('queued')).toHaveCount(2);
  await alice.showsBanner('quiet');

  // Done sooner than planned. The laptop is started again in between, and knows what it held.
  await alice.quit();
  await lab.exchange.comesBack();
  await alice.startAgain();
  await alice.showsBanner('quiet');
  await lab.bulletins.post({ ...maintenance, window: { ...window, until: inSeconds(2) } });
  await lab.outside.receives((mail) => mail.text.startsWith('Second'));
  const left = lab.outside
    .received()
    .map(({ text }) => /^(First|Second|Third)/.exec(text)?.[0])
    .filter((word) => word !== undefined);
  expect(left).toEqual(['Third', 'First', 'Second']);
  await expect(alice.banner).toContainText('The planned maintenance is over.');
  await lab.gateway.release();
  await alice.lists('Any news?');

  // What left urgently stands in Exchange as well.
  await expect(async () => {
    const sent = await lab.exchange.mailbox('alice').messages('Sent Items');
    for (const word of ['First', 'Second', 'Third'])
      expect(sent.filter(({ text }) => text.startsWith(word))).toHaveLength(1);
  }).toPass({ timeout: 60_000 });
});

test('a planned maintenance is called off within, and one that overruns is an outage like any', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await lab.outside.sends({ to: 'alice', subject: 'Keys', text: 'Where are they?' });
  await alice.lists('Keys');
  await lab.bulletins.post({
    kind: 'maintenance',
    matter: 'patch',
    window: { from: inSeconds(-5), until: inSeconds(1800) },
  });
  await alice.showsBanner('quiet');
  await alice.opens('Keys');
  await alice.replies('Under the mat.');
  await alice.showsOutgoing('queued');
  await lab.bulletins.post({ kind: 'end', matter: 'patch' });
  await lab.outside.receives((mail) => mail.text.includes('Under the mat'));
  await alice.showsBanner('primary');

  await lab.bulletins.post({
    kind: 'maintenance',
    matter: 'again',
    window: { from: inSeconds(-5), until: inSeconds(8) },
  });
  await alice.showsBanner('quiet');
  await lab.exchange.die();
  await alice.replies('And the spare ones too.');
  await alice.showsBanner('continuity');
  await lab.outside.receives((mail) => mail.text.includes('the spare ones'));
});
