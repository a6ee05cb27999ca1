import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecords } from './records.ts';
import { startSmallDns } from './testing/small-dns.ts';

describe('records in DNS', () => {
  let server: Awaited<ReturnType<typeof startSmallDns>>;
  let records: ReturnType<typeof createRecords>;

  beforeAll(async () => {
    server = await startSmallDns({
      text: { 'corp.example': [['v=spf1 ', '-all']] },
      mailServers: {
        'corp.example': [
          { preference: 20, host: 'two' },
          { preference: 10, host: 'one' },
        ],
      },
    });
    records = createRecords([server.address]);
  });
  afterAll(() => server.stop());

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
