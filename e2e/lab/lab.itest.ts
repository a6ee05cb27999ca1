import { existsSync, readFileSync } from 'node:fs';
import { ImapFlow } from 'imapflow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from './lab.ts';
import { seedMailbox } from './seeder.ts';

function accessToken(lab: Lab): Promise<string> {
  return lab.issuer.accessTokenFor('alice@corp.example');
}

function laptopClient(lab: Lab, token: string, user = 'alice@corp.example', isPatient = true): ImapFlow {
  return new ImapFlow({
    host: 'localhost',
    port: lab.exchange.imap.port,
    secure: true,
    tls: { rejectUnauthorized: false },
    auth: { user, accessToken: token },
    logger: false,
    ...(isPatient ? {} : { connectionTimeout: 2000, greetingTimeout: 1000, socketTimeout: 1500 }),
  });
}

describe('the lab', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await startLab({ employees: ['alice', 'bob'] });
  });
  afterEach(async () => {
    await lab.stop();
  });

  it('advertises what Exchange Online advertises, and names its folders as Exchange does', async () => {
    const client = laptopClient(lab, await accessToken(lab));
    await client.connect();
    const advertised = [...client.capabilities.keys()];
    expect(advertised).toContain('MOVE');
    for (const absent of ['CONDSTORE', 'QRESYNC', 'SPECIAL-USE', 'ESEARCH', 'SORT', 'NOTIFY'])
      expect(advertised).not.toContain(absent);
    expect((await client.list()).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['INBOX', 'Sent Items', 'Deleted Items', 'Archive', 'Calendar']),
    );
    await client.logout();
  });

  it('lets nobody in with a token that has expired', async () => {
    lab.issuer.tokenLifetime = -60;
    await expect(laptopClient(lab, await accessToken(lab)).connect()).rejects.toThrow();
  });

  it.each([
    'refuse',
    'reset',
    'fin',
    'silent',
    'blackhole',
    'unanswered',
    'portal',
    { cutAfter: 50 },
    { stallAfter: 50 },
    { deafAfter: 2 },
  ] as const)('keeps a laptop out while the fault is %j, and lets it in again afterwards', async (fault) => {
    const token = await accessToken(lab);
    await lab.exchange.fault(fault);
    const failing = laptopClient(lab, token, 'alice@corp.example', false);
    failing.on('error', () => undefined);
    await expect(failing.connect()).rejects.toThrow();
    await lab.exchange.comesBack();
    const client = laptopClient(lab, token);
    await client.connect();
    await client.logout();
  });

  it('takes mail into continuity while Exchange is down, and hands it over once', async () => {
    await lab.exchange.die();
    const { messageId } = await lab.outside.sends({ to: 'alice', subject: 'In the outage', text: 'x' });
    const ids = async (provider: 'exchange' | 'continuity') =>
      (await lab[provider].mailbox('alice').messages('INBOX')).map((mail) => mail.messageId);
    expect(await ids('continuity')).toEqual([messageId]);
    expect(await ids('exchange')).toEqual([]);
    await lab.exchange.comesBack();
    await expect.poll(() => ids('exchange')).toEqual([messageId]);
    expect(await ids('continuity')).toEqual([messageId]);
  });

  it('copies everything to both in the mode always, and queues everything in maintenance', async () => {
    lab.gateway.mode = 'always';
    const first = await lab.outside.sends({ to: 'bob', subject: 'One', text: 'x' });
    lab.gateway.mode = 'maintenance';
    const second = await lab.outside.sends({ to: 'bob', subject: 'Two', text: 'x' });
    const third = await lab.outside.sends({ to: 'bob', subject: 'Three', text: 'x' });
    const ids = async (provider: 'exchange' | 'continuity') =>
      (await lab[provider].mailbox('bob').messages('INBOX')).map((mail) => mail.messageId);
    expect([await ids('exchange'), await ids('continuity')]).toEqual([[first.messageId], [first.messageId]]);
    await lab.gateway.release();
    expect(await ids('exchange')).toEqual([first.messageId, second.messageId, third.messageId]);
  });

  it('has shared mailboxes, which the laptops of several employees open as accounts of their own', async () => {
    const office = await startLab({ employees: ['alice', 'bob'], shared: ['office'], seed: { messages: 5 } });
    try {
      const { messageId } = await office.outside.sends({
        to: 'office',
        subject: 'For whoever reads it',
        text: 'x',
      });
      const stored = await office.exchange.mailbox('office').messages('INBOX');
      expect(stored.map((mail) => mail.messageId)).toContain(messageId);
      for (const employee of ['alice', 'bob']) {
        const laptop = office.policyFor(employee, { shared: ['office'] });
        const { accounts } = JSON.parse(readFileSync(laptop.policyFile, 'utf8'));
        expect(accounts.map(({ address }: { address: string }) => address)).toEqual([
          `${employee}@corp.example`,
          'office@corp.example',
        ]);
        expect(laptop.secrets).toHaveLength(3);
        expect(accounts[1]).toMatchObject({ isShared: true, openedBy: `${employee}@corp.example` });
      }
      // Exchange's way into a shared mailbox: the mailbox's name, the person's token.
      const token = await accessToken(office);
      const client = laptopClient(office, token, 'office@corp.example');
      await client.connect();
      expect(await client.status('INBOX', { messages: true })).toMatchObject({ messages: stored.length });
      await client.logout();
      await expect(laptopClient(office, token, 'bob@corp.example').connect()).rejects.toThrow();
    } finally {
      await office.stop();
    }
  });

  it('leaves nothing behind', async () => {
    const another = await startLab();
    const port = another.exchange.imap.port;
    await another.stop();
    expect(existsSync(another.folder)).toBe(false);
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
  });
});

describe('the seeder', () => {
  it('makes the same mailbox from the same seed, and another from another', async () => {
    const make = (seed: number) =>
      seedMailbox({
        employee: { name: 'Alice', address: 'alice@corp.example' },
        messages: 40,
        seed,
        now: 1.7e12,
      });
    const [first, again, other] = await Promise.all([make(1), make(1), make(2)]);
    expect(first).toHaveLength(40);
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
  });
});
