import { createServer as createPlain, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { parentPort, workerData } from 'node:worker_threads';

/** For a thread of its own, which goes on while the test's own stands still: greets and answers, each after a while. */
const { cert, key, greeting, answerMs } = workerData as {
  readonly cert: string | null;
  readonly key: string | null;
  readonly greeting: string;
  readonly answerMs: number;
};

const serve = (socket: Socket): void => {
  const say = (line: string): void => void setTimeout(() => socket.write(`${line}\r\n`), answerMs);
  socket.on('error', () => {});
  socket.on('data', (data) => {
    for (const line of data.toString().split('\r\n').filter(Boolean)) say(`${line.split(' ')[0]} OK done`);
  });
  say(greeting);
};
const server = cert === null || key === null ? createPlain(serve) : createTls({ cert, key }, serve);
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as { port: number }).port));
