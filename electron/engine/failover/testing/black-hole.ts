import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';

export interface Hole {
  readonly child: ChildProcess;
  readonly fillers: readonly net.Socket[];
}

/** A stopped process whose backlog is full: the kernel drops every further SYN. */
export async function digHole(port: number): Promise<Hole> {
  const listening = `require('node:net').createServer().listen({ port: ${port}, host: '127.0.0.1', backlog: 1 }, () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', listening], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  const fillers = Array.from({ length: 4 }, () =>
    net.connect({ port, host: '127.0.0.1' }).on('error', () => undefined),
  );
  // A backlog of n holds n + 1.
  await new Promise<void>((resolve) => {
    let connected = 0;
    for (const filler of fillers)
      filler.once('connect', () => {
        connected += 1;
        if (connected === 2) resolve();
      });
  });
  return { child, fillers };
}
