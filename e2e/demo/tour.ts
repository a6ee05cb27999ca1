import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect } from 'playwright/test';
import type { App } from '../app.ts';
import type { Lab } from '../lab/lab.ts';
import type { SentFromOutside } from '../lab/outside.ts';
import { startEmployee, startWorld } from './world.ts';

interface Scene {
  readonly lab: Lab;
  readonly alice: App;
  readonly bob: App;
  /** Where the screenshots go. */
  readonly folder: string;
  /** The message from outside that everything here answers, once it has been sent. */
  opening: SentFromOutside | null;
}

interface Step {
  readonly title: string;
  /** Does it, checks that it is true, and yields the evidence to print. Throws when it is not true. */
  readonly play: (scene: Scene) => Promise<readonly string[]>;
}

const topic = 'Contract for the east wing';

const steps: readonly Step[] = [
  {
    title: 'Set-up: both accounts from a policy file, nobody typed anything',
    play: async ({ alice }) => {
      const status = await alice.page.evaluate(() => window.relevo.app.status({}));
      expect(status).toMatchObject({ ok: true, value: { engine: 'running', problems: [] } });
      return ['engine running, no problem reported'];
    },
  },
  {
    title: 'Sync: the last 30 days arrive while the window is usable',
    play: async (scene) => {
      const { lab, alice } = scene;
      await expect(alice.page.getByTestId('conversation-row').first()).toBeVisible({ timeout: 20_000 });
      await expect(alice.page.getByTestId('sync-progress')).toHaveCount(0, { timeout: 60_000 });
      const sentAt = Date.now();
      scene.opening = await lab.outside.sends({
        to: ['alice', 'bob'],
        subject: topic,
        text: 'Could you both look at clause 4?',
      });
      await alice.lists(topic);
      return [`new mail in the list ${Date.now() - sentAt} ms after it was sent`];
    },
  },
  {
    title: 'Reply while all is well: sent once, in the same conversation',
    play: async (scene) => {
      const { lab, alice } = scene;
      await alice.opens(topic);
      await alice.replies('I will read it this morning.');
      await alice.showsOutgoing('accepted');
      const reply = await lab.outside.receives((mail) => mail.text.includes('read it this morning'));
      return [
        `In-Reply-To ${reply.inReplyTo}`,
        `Thread-Topic ${reply.header('thread-topic')}, Thread-Index of ${Buffer.from(reply.header('thread-index') ?? '', 'base64').length} bytes`,
      ];
    },
  },
  {
    title: 'Outage: Exchange refuses every connection',
    play: async ({ lab, alice, bob, opening }) => {
      const diedAt = Date.now();
      await lab.exchange.die();
      await alice.showsBanner('continuity', 10_000);
      const seconds = ((Date.now() - diedAt) / 1000).toFixed(1);
      await bob.showsBanner('continuity', 10_000);
      await lab.outside.sends({
        to: ['alice', 'bob'],
        subject: `Re: ${topic}`,
        text: 'Clause 4 has changed once more.',
        ...(opening === null ? {} : { inReplyTo: opening }),
      });
      await alice.lists('Clause 4 has changed once more');
      return [`continuity after ${seconds} s`, 'new mail arrived through continuity'];
    },
  },
  {
    title: 'Reply in the outage: by the other provider, into the same conversation, from her own address',
    play: async ({ lab, alice }) => {
      await alice.opens(topic);
      await alice.repliesToAll('Understood, we accept the change.');
      await alice.showsOutgoing('accepted');
      const reply = await lab.outside.receives((mail) => mail.text.includes('we accept the change'));
      return [`from ${reply.from}`, `In-Reply-To ${reply.inReplyTo}`];
    },
  },
  {
    title: 'Two employees write to each other',
    play: async ({ alice, bob }) => {
      await bob.opens(topic);
      await expect(bob.page.getByTestId('reader')).toContainText('we accept the change');
      await bob.repliesToAll('Then I will countersign today.');
      await alice.opens(topic);
      await expect(alice.page.getByTestId('reader')).toContainText('countersign today', { timeout: 20_000 });
      return [`one conversation on both laptops, ${await alice.messages().count()} messages`];
    },
  },
  {
    title: "The laptop's network goes as well: the reply waits",
    play: async (scene) => {
      const { lab, alice } = scene;
      await lab.laptop.network.down();
      await alice.showsBanner('offline', 20_000);
      await alice.opens(topic);
      await alice.repliesToAll('I am on the train, more later.');
      await alice.showsOutgoing('queued');
      await alice.screenshot(join(scene.folder, '7-offline.png'));
      await alice.kill();
      await alice.startAgain();
      await lab.laptop.network.up();
      const late = await lab.outside.receives((mail) => mail.text.includes('on the train'), 40_000);
      const count = lab.outside.received().filter((mail) => mail.messageId === late.messageId).length;
      expect(count).toBe(1);
      return [
        'the app was killed meanwhile (SIGKILL) and started again',
        'it left once, when the network was back',
      ];
    },
  },
  {
    title: 'Exchange returns: back, and everything carried over once',
    play: async ({ lab, alice }) => {
      await lab.exchange.comesBack();
      await alice.showsNoBanner(60_000);
      await alice.goesTo('ledger');
      const outage = alice.page.getByTestId('ledger-outage').first();
      await expect(outage).toContainText(/(\d+) of \1 back in Exchange/);
      await outage.click();
      await expect(alice.ledgerEntries('pending')).toHaveCount(0);
      const entries = await alice.ledgerEntries().count();
      const sent = await lab.exchange.mailbox('alice').messages('Sent Items');
      const ids = sent.map(({ messageId }) => messageId);
      expect(new Set(ids).size).toBe(ids.length);
      return [
        `the ledger names ${entries} messages, all verified in Exchange`,
        'no Message-ID twice in Sent Items',
      ];
    },
  },
];

/** Plays the way through an outage unattended. Prints each step with its evidence; 0 only if every step was true. */
export async function runTour(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const lab = await startWorld();
  const scene: Scene = {
    lab,
    alice: await startEmployee(lab, 'alice'),
    bob: await startEmployee(lab, 'bob'),
    folder,
    opening: null,
  };
  let failed = 0;
  for (const [index, step] of steps.entries()) {
    const file = join(folder, `${index + 1}.png`);
    try {
      const evidence = await step.play(scene);
      console.log(`✓ ${index + 1}. ${step.title}`);
      for (const line of evidence) console.log(`     ${line}`);
    } catch (error) {
      failed += 1;
      console.log(`✗ ${index + 1}. ${step.title}`);
      console.log(
        `     ${error instanceof Error ? error.message.split('\n').slice(0, 6).join('\n     ') : String(error)}`,
      );
    }
    await scene.alice.screenshot(file).catch(() => console.log('     no screenshot: the window is gone'));
    console.log(`     ${resolve(file)}`);
    if (failed > 0) break;
  }
  await Promise.all([scene.alice.dispose(), scene.bob.dispose()]);
  await lab.stop();
  console.log(
    failed === 0 ? `All ${steps.length} steps were true.` : 'The tour stopped at a step that was not true.',
  );
  return failed === 0 ? 0 : 1;
}
