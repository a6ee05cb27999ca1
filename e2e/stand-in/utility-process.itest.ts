import { expect, test } from 'vitest';
import { fixtureFolder, launchFixture } from './fixtures/launch-fixture.ts';

const utility = `${fixtureFolder}/utility.cjs`;

test('messages go both ways, bytes included', async () => {
  const app = await launchFixture();
  const answer = await app.evaluate(({ utilityProcess }, entry) => {
    const child = utilityProcess.fork(entry);
    child.postMessage({ bytes: new Uint8Array([1, 2]), when: new Date(0) });
    return new Promise<{ data: { bytes: Uint8Array; when: Date }; type: string }>((resolve) =>
      child.once('message', resolve),
    );
  }, utility);
  expect(answer.type).toBe('utility');
  expect([...answer.data.bytes]).toEqual([1, 2]);
  expect(answer.data.when).toEqual(new Date(0));
});

test('a port reaches the other process, and another port goes through it', async () => {
  const app = await launchFixture();
  const answers = await app.evaluate(async ({ MessageChannelMain, utilityProcess }, entry) => {
    const child = utilityProcess.fork(entry, ['greetings']);
    const next = (port: Electron.MessagePortMain) =>
      new Promise<unknown>((resolve) => port.once('message', ({ data }) => resolve(data)));
    const outer = new MessageChannelMain();
    // Sent before anybody has the other end: it waits.
    outer.port1.postMessage('first');
    child.postMessage('take this', [outer.port2]);
    const first = next(outer.port1);
    outer.port1.start();
    const inner = new MessageChannelMain();
    const second = first.then(() => {
      outer.port1.postMessage('second', [inner.port2]);
      inner.port1.start();
      return next(inner.port1);
    });
    return [await first, await second];
  }, utility);
  expect(answers).toEqual([
    { asked: 'first', greeting: 'greetings' },
    { asked: 'second', greeting: 'greetings' },
  ]);
});

test('a port closes when the process at its other end dies', async () => {
  const app = await launchFixture();
  const outcome = await app.evaluate(async ({ MessageChannelMain, utilityProcess }, entry) => {
    const child = utilityProcess.fork(entry);
    const { port1, port2 } = new MessageChannelMain();
    child.postMessage('take this', [port2]);
    await new Promise((resolve) => child.once('message', resolve));
    const closed = new Promise<string>((resolve) => port1.once('close', () => resolve('closed')));
    port1.start();
    child.kill();
    return closed;
  }, utility);
  expect(outcome).toBe('closed');
});

test('an end by itself is told with its code', async () => {
  const app = await launchFixture();
  const code = await app.evaluate(({ utilityProcess }, entry) => {
    const child = utilityProcess.fork(entry, [], { stdio: 'ignore' });
    child.postMessage('exit');
    return new Promise((resolve) => child.once('exit', resolve));
  }, utility);
  expect(code).toBe(3);
});

test('kill -9 of a utility process is told to its owner and to the app', async () => {
  const app = await launchFixture();
  const told = await app.evaluate(async ({ app: electron, utilityProcess }, entry) => {
    const child = utilityProcess.fork(entry, [], { serviceName: 'engine' });
    await new Promise<void>((resolve) => child.once('spawn', resolve));
    const gone = new Promise<Electron.Details>((resolve) =>
      electron.once('child-process-gone', (_event, details) => resolve(details)),
    );
    const exit = new Promise<number>((resolve) => child.once('exit', resolve));
    process.kill(child.pid ?? 0, 'SIGKILL');
    const { type, reason, serviceName } = await gone;
    return { type, reason, serviceName, isNormal: (await exit) === 0, pid: child.pid };
  }, utility);
  expect(told).toEqual({
    type: 'Utility',
    reason: 'killed',
    serviceName: 'engine',
    isNormal: false,
    pid: undefined,
  });
});

test('what a utility process prints can be read', async () => {
  const app = await launchFixture();
  const text = await app.evaluate(async ({ utilityProcess }, entry) => {
    const child = utilityProcess.fork(entry, [], { stdio: 'pipe' });
    child.postMessage('throw');
    let printed = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    await new Promise((resolve) => child.once('exit', resolve));
    return printed;
  }, utility);
  expect(text).toContain('asked to');
});
