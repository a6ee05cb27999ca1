import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../../e2e/lab/fault-proxy.ts';
import { addressOf, type Lab } from '../../e2e/lab/lab.ts';
import { LabProxy } from '../../e2e/lab/proxy.ts';
import { answer, type Conversation, count, type Quirk } from '../../e2e/lab/quirks/quirk.ts';
import { QuirkProxy } from '../../e2e/lab/quirks/quirk-proxy.ts';
import { SleepingClock } from '../../electron/engine/testing/sleeping-clock.ts';
import { BenchLaptop, type LaptopOptions } from './laptop.ts';
import { exchangeHost } from './links.ts';

/** Something that is no outage of Exchange. */
export interface Calm {
  readonly name: string;
  /** For how long the laptop is watched, in seconds of real time. */
  readonly seconds: number;
  /** Lives through it, until the end of the watch. */
  live(laptop: BenchLaptop): Promise<void>;
  readonly start?: (options: LaptopOptions) => Promise<Started>;
  /** Nobody can ever sign in, so that it is never calm. */
  readonly isShutOut?: true;
}

interface Started {
  readonly laptop: BenchLaptop;
  readonly end: () => Promise<void>;
}

const link = async (laptop: BenchLaptop, which: 'all' | 'exchange', fault: Fault): Promise<void> => {
  await Promise.all(laptop.links[which].map((one) => one.fault(fault)));
};

/** A fault for so many seconds, and then none. */
const passing = (which: 'all' | 'exchange', fault: Fault, seconds: number) => async (laptop: BenchLaptop) => {
  await link(laptop, which, fault);
  await pause(seconds * 1000);
  await link(laptop, which, 'none');
};

export const calms: readonly Calm[] = [
  { name: 'Wi-Fi gone for 12 s', seconds: 25, live: passing('all', 'refuse', 12) },
  { name: 'captive portal for 15 s', seconds: 28, live: passing('all', 'portal', 15) },
  {
    name: 'VPN drop for 20 s',
    seconds: 32,
    start: async (options) => {
      const laptop = await BenchLaptop.start({ ...options, isHouseExchange: true });
      return { laptop, end: () => laptop.stop() };
    },
    live: async (laptop) => {
      laptop.names.trouble = { code: 'ENOTFOUND', names: exchangeHost };
      await passing('exchange', 'blackhole', 20)(laptop);
      laptop.names.trouble = null;
    },
  },
  {
    name: 'DNS of the laptop gone for 15 s, its connections cut',
    seconds: 28,
    live: async (laptop) => {
      laptop.names.trouble = { code: 'EAI_AGAIN', names: 'all' };
      await link(laptop, 'all', 'reset');
      await link(laptop, 'all', 'none');
      await pause(15_000);
      laptop.names.trouble = null;
    },
  },
  {
    name: '60 kB/s behind the fetch of a mail of 3 MB',
    seconds: 30,
    live: async (laptop) => {
      await link(laptop, 'all', { line: { bytesPerSecond: 60_000, freeAt: 0 } });
      await laptop.lab.exchange.mailbox(laptop.employee).append('INBOX', largeMail());
    },
  },
  { name: '800 ms each way', seconds: 30, live: (laptop) => link(laptop, 'all', { latency: 800 }) },
  { name: '20% loss', seconds: 30, live: (laptop) => link(laptop, 'all', { loss: 0.2 }) },
  {
    name: 'sleep of an hour (by the engine’s clock) and wake, Wi-Fi 3 s later',
    seconds: 25,
    start: async (options) => {
      const clock = new SleepingClock();
      const laptop = await BenchLaptop.start({ ...options, clock });
      clocks.set(laptop, clock);
      return { laptop, end: () => laptop.stop() };
    },
    live: async (laptop) => {
      const clock = clocks.get(laptop);
      clock?.sleep();
      await link(laptop, 'all', 'blackhole');
      await pause(4000);
      await link(laptop, 'all', 'refuse');
      clock?.wake(3_600_000);
      laptop.engine.laptopWoke();
      await pause(3000);
      await link(laptop, 'all', 'none');
    },
  },
  {
    name: 'routine BYE on every connection, every 8 s',
    seconds: 25,
    start: (options) => behindQuirk(options, (conversation) => conversation.commands > 8, saysBye),
    live: startQuirk,
  },
  {
    name: 'throttling of every third command',
    seconds: 25,
    start: (options) => behindQuirk(options, ({ commands }) => commands > 3 && commands % 3 === 0, throttled),
    live: startQuirk,
  },
  {
    name: 'one cut connection, three times',
    seconds: 25,
    live: async ({ links }) => {
      for (let time = 0; time < 3; time++) {
        links.imap.cutOne();
        await pause(6000);
      }
    },
  },
  {
    name: 'expired token that cannot be renewed, its connections cut',
    seconds: 25,
    live: async (laptop) => {
      laptop.lab.issuer.revoke(addressOf(laptop.employee));
      await pause(tokenSeconds * 1000);
      await link(laptop, 'exchange', 'reset');
      await link(laptop, 'exchange', 'none');
    },
  },
  {
    name: 'wrong password from the start',
    seconds: 25,
    isShutOut: true,
    start: async (options) => {
      const laptop = await BenchLaptop.start({ ...options, password: 'not this one' });
      return { laptop, end: () => laptop.stop() };
    },
    live: async () => {},
  },
  {
    name: 'server restart of 3 s, announced by BYE',
    seconds: 22,
    start: async (options) => {
      const standing = new Set<Conversation>();
      const started = await behind(options, (command, conversation) => {
        if (count(conversation, 'commands') > 1) return command.line;
        standing.add(conversation);
        conversation.onEnd(() => standing.delete(conversation));
        return command.line;
      });
      conversations.set(started.laptop, standing);
      return started;
    },
    live: async (laptop) => {
      for (const conversation of conversations.get(laptop) ?? []) {
        conversation.say('* BYE Server shutting down.');
        conversation.hangUp();
      }
      // So that it is heard before the ports close.
      await pause(5);
      await passing('exchange', 'refuse', 3)(laptop);
    },
  },
  {
    name: 'server restart of 3 s without a word, while nobody sends',
    seconds: 22,
    live: passing('exchange', 'refuse', 3),
  },
  {
    name: 'proxy restarted, away for 5 s',
    seconds: 25,
    start: async (options) => {
      const proxy = await LabProxy.start({ kind: 'http' });
      const laptop = await BenchLaptop.start({ ...options, proxy: proxy.way });
      proxies.set(laptop, proxy);
      return {
        laptop,
        end: async () => {
          await laptop.stop();
          await proxy.stop();
        },
      };
    },
    live: async (laptop) => {
      const proxy = proxies.get(laptop);
      await proxy?.down();
      await pause(5000);
      await proxy?.up();
    },
  },
];

/** How long access tokens last in the lab of these scenarios. */
export const tokenSeconds = 12;

/** How often the laptop was sent to continuity, with reading or with sending. */
export async function falseSwitches(options: LaptopOptions, calm: Calm): Promise<number> {
  const plain = async (): Promise<Started> => {
    const laptop = await BenchLaptop.start(options);
    return { laptop, end: () => laptop.stop() };
  };
  const { laptop, end } = await (calm.start?.(options) ?? plain());
  try {
    // One that has left by itself, on a machine that is too busy to listen, counts as well.
    if (calm.isShutOut !== true && !(await laptop.isCalm())) return 1;
    await Promise.all([calm.live(laptop), pause(calm.seconds * 1000)]);
    const isAway = laptop.seen.map(
      ({ reading, sending }) => reading === 'continuity' || sending === 'continuity',
    );
    return isAway.filter((away, index) => away && isAway[index - 1] !== true).length;
  } finally {
    await end();
  }
}

const clocks = new WeakMap<BenchLaptop, SleepingClock>();
const proxies = new WeakMap<BenchLaptop, LabProxy>();
const quirks = new WeakMap<BenchLaptop, { isOn: boolean }>();
const conversations = new WeakMap<BenchLaptop, ReadonlySet<Conversation>>();

async function startQuirk(laptop: BenchLaptop): Promise<void> {
  const quirk = quirks.get(laptop);
  if (quirk !== undefined) quirk.isOn = true;
}

type Command = NonNullable<Quirk['command']>;

const saysBye: Command = (_command, conversation) => {
  conversation.say('* BYE Connection is closed. 13');
  conversation.hangUp();
  return 'answered';
};

const throttled: Command = (command, conversation) =>
  answer(command, conversation, 'BAD Request is throttled. Suggested Backoff Time: 2000 milliseconds');

async function behindQuirk(
  options: LaptopOptions,
  isDue: (conversation: Conversation) => boolean,
  acts: Command,
): Promise<Started> {
  const state = { isOn: false };
  const started = await behind(options, (command, conversation) =>
    state.isOn && isDue(conversation) ? acts(command, conversation) : command.line,
  );
  quirks.set(started.laptop, state);
  return started;
}

/** A laptop whose Exchange hears every command through `hears` first. */
async function behind(options: LaptopOptions, hears: Command): Promise<Started> {
  const proxy = await QuirkProxy.before({
    certificates: certificatesOf(options.lab),
    upstream: options.lab.exchange.imap.port,
    quirks: [{ name: 'bench', source: 'node-imap#561, imapflow#142', command: hears }],
  });
  const laptop = await BenchLaptop.start({ ...options, imapPort: proxy.port });
  return {
    laptop,
    end: async () => {
      await laptop.stop();
      await proxy.stop();
    },
  };
}

/** Exchange's own, as the lab has made them. */
function certificatesOf(lab: Lab) {
  const read = (name: string): string => readFileSync(join(lab.folder, `exchange-${name}.pem`), 'utf8');
  return { authority: read('authority'), key: read('key'), certificate: read('certificate') };
}

function largeMail(): Buffer {
  const line = `${Buffer.alloc(54, 7).toString('base64')}\r\n`;
  const head = [
    'From: Clara <clara@outside.example>',
    'To: Anna <anna@corp.example>',
    'Subject: The large one',
    `Message-ID: <${Math.random().toString(36).slice(2)}@outside.example>`,
    `Date: ${new Date().toUTCString()}`,
    'MIME-Version: 1.0',
    'Content-Type: application/octet-stream; name="large.bin"',
    'Content-Transfer-Encoding: base64',
    '\r\n',
  ];
  return Buffer.from(head.join('\r\n') + line.repeat(Math.ceil(3_000_000 / line.length)));
}
