import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';

export interface ScriptedServer {
  readonly port: number;
  /** What clients have said, line by line. */
  readonly heard: readonly string[];
  close(): void;
}

/** Speaks for the server: called with the connection once it stands, and with each line that the client says. */
export interface Script {
  readonly connected: (socket: Socket) => void;
  readonly said: (line: string, socket: Socket) => void;
}

/** A server of lines on a loopback port of its own, over TLS unless there is no certificate. */
export async function startScriptedServer(
  tls: { readonly cert: string; readonly key: string } | null,
  script: Script,
): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  const heard: string[] = [];
  const connected = (socket: Socket | TLSSocket): void => {
    let unread = '';
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.on('data', (data) => {
      const lines = (unread + data.toString('latin1')).split('\r\n');
      unread = lines.pop() ?? '';
      for (const line of lines) {
        heard.push(line);
        script.said(line, socket);
      }
    });
    script.connected(socket);
  };
  const server = tls === null ? createTcpServer(connected) : createServer(tls, connected);
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
