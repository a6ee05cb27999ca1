import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecords } from './records.ts';

const types = { txt: 16, mx: 15 } as const;
const noSuchName = 3;
const serverFailed = 2;

/** Answers one question for each packet (RFC 1035 section 4.1). */
function answerTo(question: Buffer): Buffer {
  let end = 12;
  const labels: string[] = [];
  for (let length = question[end] ?? 0; length > 0; length = question[end] ?? 0) {
    labels.push(question.toString('latin1', end + 1, end + 1 + length));
    end += length + 1;
  }
  end += 1;
  const name = labels.join('.').toLowerCase();
  const type = question.readUInt16BE(end);
  const records = {
    [`corp.example ${types.txt}`]: [text(['v=spf1 ', '-all'])],
    [`corp.example ${types.mx}`]: [mx(20, 'two'), mx(10, 'one')],
  }[`${name} ${type}`];
  const code = name.startsWith('broken') ? serverFailed : name.startsWith('gone') ? noSuchName : 0;
  const header = Buffer.alloc(12);
  question.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records?.length ?? 0, 6);
  const answers = (records ?? []).map((data) => {
    const fixed = Buffer.alloc(12);
    fixed.writeUInt16BE(0xc00c, 0);
    fixed.writeUInt16BE(type, 2);
    fixed.writeUInt16BE(1, 4);
    fixed.writeUInt32BE(60, 6);
    fixed.writeUInt16BE(data.length, 10);
    return Buffer.concat([fixed, data]);
  });
  return Buffer.concat([header, question.subarray(12, end + 4), ...answers]);
}

const text = (strings: readonly string[]): Buffer =>
  Buffer.concat(strings.map((one) => Buffer.concat([Buffer.from([one.length]), Buffer.from(one)])));

function mx(preference: number, host: string): Buffer {
  return Buffer.concat([Buffer.from([0, preference, host.length]), Buffer.from(host), Buffer.from([0])]);
}

describe('records in DNS', () => {
  let server: Socket;
  let records: ReturnType<typeof createRecords>;

  beforeAll(async () => {
    server = createSocket('udp4');
    server.on('message', (question, { port, address }) => server.send(answerTo(question), port, address));
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    records = createRecords([`127.0.0.1:${(server.address() as AddressInfo).port}`]);
  });
  afterAll(() => {
    server.close();
  });

  it('are put together from their strings, and sorted by preference', async () => {
    expect(await records.text('corp.example')).toEqual(['v=spf1 -all']);
    expect(await records.mailServers('corp.example')).toEqual(['one', 'two']);
  });

  it('are none where the name is not there, has none of the kind, or is no name', async () => {
    expect(await records.text('gone.example')).toEqual([]);
    expect(await records.text('other.example')).toEqual([]);
    expect(await records.text('a..b')).toEqual([]);
    expect(await records.mailServers('other.example')).toEqual([]);
  });

  it('are not none where the server fails', async () => {
    await expect(records.text('broken.example')).rejects.toThrow();
  });
});
