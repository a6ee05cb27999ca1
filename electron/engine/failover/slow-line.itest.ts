import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { LabLaptop } from '../../../e2e/proof/lab-laptop.ts';

const megabyte = 1_000_000;

const largeMail = (): string => {
  const line = `${'A'.repeat(72)}\r\n`;
  const head = [
    'From: Clara <clara@outside.example>',
    'To: Anna <slow@corp.example>',
    'Subject: The large one',
    'Message-ID: <large@outside.example>',
    `Date: ${new Date().toUTCString()}`,
    '\r\n',
  ];
  return head.join('\r\n') + line.repeat((2 * megabyte) / line.length);
};

describe('a line of 60 kB/s on which everything waits for four seconds behind a large mail', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ employees: ['slow'] });
  });
  afterAll(() => lab.stop());

  it('no switch for as long as the mail comes, and one when the line goes dead', async () => {
    const laptop = await LabLaptop.start(lab, 'slow');
    try {
      await laptop.is('primary');
      const kinds = new Set<string>();
      const isPast = (bytes: number) => async (): Promise<boolean> => {
        kinds.add((await laptop.status()).kind);
        return laptop.carried > bytes;
      };
      await laptop.meets({ line: { bytesPerSecond: 60_000, freeAt: 0, queue: 256 * 1024 } });
      await lab.exchange.mailbox('slow').append('INBOX', Buffer.from(largeMail()));
      const before = laptop.carried;
      await laptop.until(isPast(before + 0.9 * megabyte), 'The large mail does not come');
      expect([...kinds]).not.toContain('continuity');
      await laptop.meets('blackhole');
      const begun = performance.now();
      await laptop.is('continuity');
      console.info(`noticed after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    } finally {
      await laptop.remove();
    }
  });
});
