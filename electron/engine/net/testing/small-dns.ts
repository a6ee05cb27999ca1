import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** What is answered, by name and type, e.g. "corp.example TXT"; what is not there has no records. */
export interface SmallZone {
  readonly text?: Readonly<Record<string, readonly (readonly string[])[]>>;
  readonly mailServers?: Readonly<
    Record<string, readonly { readonly preference: number; readonly host: string }[]>
  >;
}

const types = { text: 16, mailServers: 15 } as const;
const noSuchName = 3;
const serverFailed = 2;

/**
 * A name server on loopback that knows TXT and MX (RFC 1035). Names that begin with "gone" do not exist, for those that
 * begin with "broken" it fails.
 */
export async function startSmallDns(zone: SmallZone): Promise<{ readonly address: string; stop(): void }> {
  const server = createSocket('udp4');
  server.on('message', (question, { port, address }) => server.send(answerTo(question, zone), port, address));
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
    },
  };
}

function answerTo(question: Buffer, zone: SmallZone): Buffer {
  let end = 12;
  const labels: string[] = [];
  for (let length = question[end] ?? 0; length > 0; length = question[end] ?? 0) {
    labels.push(question.toString('latin1', end + 1, end + 1 + length));
    end += length + 1;
  }
  end += 1;
  const name = labels.join('.').toLowerCase();
  const type = question.readUInt16BE(end);
  const records =
    type === types.text
      ? (zone.text?.[name] ?? []).map(text)
      : type === types.mailServers
        ? (zone.mailServers?.[name] ?? []).map(mailServer)
        : [];
  const code = name.startsWith('broken') ? serverFailed : name.startsWith('gone') ? noSuchName : 0;
  const header = Buffer.alloc(12);
  question.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  const answers = records.map((data) => {
    const fixed = Buffer.alloc(12);
    // The name of the question.
    fixed.writeUInt16BE(0xc00c, 0);
    fixed.writeUInt16BE(type, 2);
    fixed.writeUInt16BE(1, 4);
    fixed.writeUInt32BE(60, 6);
    fixed.writeUInt16BE(data.length, 10);
    return Buffer.concat([fixed, data]);
  });
  return Buffer.concat([header, question.subarray(12, end + 4), ...answers]);
}

const labelled = (texts: readonly string[]): Buffer =>
  Buffer.concat(texts.map((one) => Buffer.concat([Buffer.from([one.length]), Buffer.from(one)])));
const text = (strings: readonly string[]): Buffer => labelled(strings);
const mailServer = ({ preference, host }: { readonly preference: number; readonly host: string }): Buffer =>
  Buffer.concat([Buffer.from([0, preference]), labelled(host.split('.')), Buffer.from([0])]);
