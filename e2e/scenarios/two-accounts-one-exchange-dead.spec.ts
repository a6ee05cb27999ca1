import { readFileSync, writeFileSync } from 'node:fs';
import { App } from '../app.ts';
import { test as base, expect } from '../fixtures.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { quickPolicy } from '../quick-policy.ts';

/** Of another company, with servers of its own. */
const test = base.extend<{ readonly otherLab: Lab }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's dependencies from this pattern
  otherLab: async ({}, use) => {
    const lab = await startLab({ employees: ['carol'], seed: { messages: 10 } });
    await use(lab);
    await lab.stop();
  },
});

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

/** One laptop with an account at each of two companies. */
async function opensBoth(lab: Lab, otherLab: Lab): Promise<App> {
  const own = lab.policyFor('alice', { overrides: quickPolicy });
  const other = otherLab.policyFor('carol');
  const [policy, otherPolicy] = [read(own.policyFile), read(other.policyFile)];
  const joined = (name: string) => ({ [name]: [...policy[name], ...otherPolicy[name]] });
  writeFileSync(
    own.policyFile,
    JSON.stringify({ ...policy, ...joined('accounts'), ...joined('network.certificates') }),
  );
  const secrets = { ...read(own.provisioningFile).secrets, ...read(other.provisioningFile).secrets };
  writeFileSync(own.provisioningFile, JSON.stringify({ secrets }));
  return App.launch({ policyFile: own.policyFile });
}

test('one of two Exchanges dies, then the continuity of the other company as well: what is written in one account leaves by its own ways or not at all', async ({
  lab,
  otherLab,
}) => {
  const app = await opensBoth(lab, otherLab);
  try {
    await lab.outside.sends({ to: 'alice', subject: 'Boat hire', text: 'For how many?' });
    await otherLab.outside.sends({ to: 'carol', subject: 'Choir practice', text: 'Are you coming?' });
    await app.lists('Boat hire');
    await app.turnsTo('carol@corp.example');
    await app.lists('Choir practice');
    await expect(app.row('Boat hire')).toHaveCount(0);

    await lab.exchange.die();
    await lab.continuity.die();
    await app.opens('Choir practice');
    await app.replies('Yes, at eight.');
    await app.showsOutgoing('accepted');
    await app.showsNoBanner();

    await app.turnsTo('alice@corp.example');
    await app.opens('Boat hire');
    await app.replies('Six of us.');
    await expect(app.page.getByTestId('view-outbox')).toContainText('1');

    await otherLab.outside.receives(({ text }) => text.includes('Yes, at eight.'));
    await app.turnsTo('carol@corp.example');
    await app.opens('Choir practice');
    await app.replies('Or at nine.');
    await otherLab.outside.receives(({ text }) => text.includes('Or at nine.'));
    await expect(app.page.getByTestId('view-outbox')).not.toContainText('1');

    await lab.continuity.comesBack();
    const reply = await lab.outside.receives(({ text }) => text.includes('Six of us.'));
    expect(reply).toMatchObject({ from: 'alice@corp.example', envelopeFrom: 'alice@corp.example' });
    expect(lab.outside.received().map(({ from }) => from)).toEqual(['alice@corp.example']);
    expect(new Set(otherLab.outside.received().map(({ from }) => from))).toEqual(
      new Set(['carol@corp.example']),
    );
    expect(otherLab.outside.received()).toHaveLength(2);
  } finally {
    await app.dispose();
  }
});
