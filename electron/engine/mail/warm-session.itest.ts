import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { LabLaptop } from '../../../e2e/proof/lab-laptop.ts';
import { realClock } from '../testing/laptop.ts';

describe('before an outage', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ employees: ['warm', 'cold'] });
  });
  afterAll(() => lab.stop());

  it('continuity is met by nobody, unless policy keeps a session warm, and then an outage begins with that', async () => {
    const cold = await LabLaptop.start(lab, 'cold');
    try {
      await cold.is('primary');
      await cold.losesExchange();
      await cold.until(async () => (await cold.status()).kind === 'suspect', 'no doubt');
      expect(lab.continuity.connections).toBe(0);
    } finally {
      await cold.remove();
    }

    const warm = await LabLaptop.start(lab, 'warm', realClock, { 'continuity.warm': true });
    try {
      await warm.is('primary');
      await expect.poll(() => lab.continuity.imap.standing, { timeout: 60_000 }).toBe(1);
      const before = lab.continuity.imap.connections;
      await lab.outside.sends({ to: 'warm', subject: 'All is well', text: 'Yes.' });
      await warm.sees('All is well');
      await lab.exchange.die();
      await lab.outside.sends({ to: 'warm', subject: 'There at once', text: 'Yes.' });
      await warm.sees('There at once');
      // The second is the one by which sync listens for news.
      expect(lab.continuity.imap.connections).toBeLessThanOrEqual(before + 1);
    } finally {
      await warm.remove();
    }
  });
});
