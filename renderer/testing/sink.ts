import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Sink {
  readonly address: string;
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

/** A proxy that notes what is asked of it and gives nothing. */
export async function startSink(): Promise<Sink> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(404).end();
  });
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
