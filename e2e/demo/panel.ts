import { emitKeypressEvents } from 'node:readline';
import type { App } from '../app.ts';
import { startEmployee, startWorld } from './world.ts';

interface Key {
  readonly key: string;
  readonly does: string;
  run(): Promise<void>;
}

const letters = [
  ['Can you confirm the meeting room?', 'We would be eight people, from ten to twelve.'],
  ['Angebot für den Herbst', 'Anbei wie besprochen die Eckdaten. Passt das so?'],
  ['Factura de octubre', '¿Puede revisarla antes del viernes?'],
  ['Your delivery is on its way', 'It should arrive on Thursday before noon.'],
] as const;

/** The lab and the app side by side; one key for each thing that can happen to them. Yields the exit code. */
export async function runPanel(): Promise<number> {
  console.log('Starting the mail servers …');
  const lab = await startWorld();
  console.log('Starting Relevo …');
  const alice = await startEmployee(lab, 'alice');
  let letterCount = 0;

  const keys: readonly Key[] = [
    { key: 'k', does: 'kill Exchange (connections are refused)', run: () => lab.exchange.die() },
    { key: 'h', does: 'hang Exchange (it accepts and never answers)', run: () => lab.exchange.hang() },
    { key: 'b', does: 'bring Exchange back', run: () => lab.exchange.comesBack() },
    { key: 'n', does: "pull the laptop's network", run: () => lab.laptop.network.down() },
    { key: 'p', does: 'plug it in again', run: () => lab.laptop.network.up() },
    {
      key: 'm',
      does: 'send in a mail from outside',
      run: async () => {
        const [subject, text] = letters[letterCount++ % letters.length] ?? letters[0];
        await lab.outside.sends({ to: 'alice', subject, text });
      },
    },
  ];

  console.log(`\n${keys.map(({ key, does }) => `  ${key}  ${does}`).join('\n')}\n  q  quit\n`);
  await untilQuit(alice, keys, () => {
    const received = lab.outside.received().length;
    console.log(`     the outside world has received ${received} message${received === 1 ? '' : 's'} so far`);
  });
  await alice.dispose();
  await lab.stop();
  return 0;
}

async function untilQuit(app: App, keys: readonly Key[], report: () => void): Promise<void> {
  const { stdin } = process;
  emitKeypressEvents(stdin);
  if (stdin.isTTY) stdin.setRawMode(true);
  await new Promise<void>((resolve) => {
    app.electron.once('close', () => resolve());
    process.once('SIGTERM', () => resolve());
    stdin.on('keypress', (_text, pressed: { readonly name?: string; readonly ctrl?: boolean }) => {
      if (pressed.name === 'q' || (pressed.ctrl === true && pressed.name === 'c')) return resolve();
      const key = keys.find(({ key: name }) => name === pressed.name);
      if (key === undefined) return;
      console.log(`  ${key.key}  ${key.does}`);
      void key
        .run()
        .then(report, (error: unknown) => console.log(`     that did not work: ${String(error)}`));
    });
    stdin.once('end', () => resolve());
  });
  if (stdin.isTTY) stdin.setRawMode(false);
  stdin.pause();
}
