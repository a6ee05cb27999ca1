import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InternetMessageId } from '../../../shared/model/ids.ts';
import type { Random } from '../ports.ts';
import { newThread, replyThread, type ThreadParent } from './reply-headers.ts';
import { threadGuid } from './thread-index.ts';

const id = (text: string) => text as InternetMessageId;
const random: Random = {
  bytes: (count) => new Uint8Array(count).fill(9),
  uuid: () => '00000000-0000-4000-8000-000000000000',
};
const now = Date.UTC(2026, 10, 23, 9);
const parent: ThreadParent = {
  internetMessageId: id('c@x'),
  references: [id('a@x'), id('b@x')],
  threadIndex: null,
  threadTopic: null,
  subject: 'AW: Brochure',
  sentAt: now - 60_000,
};

describe('replyThread', () => {
  it('answers the parent and refers to the whole chain', () => {
    expect(replyThread(parent, now, random)).toMatchObject({
      inReplyTo: 'c@x',
      references: ['a@x', 'b@x', 'c@x'],
      threadTopic: 'Brochure',
    });
  });

  it('leaves the index and the topic of the parent as they are, and adds one block', () => {
    const { threadIndex: index } = newThread('Brochure', now - 60_000, random);
    const reply = replyThread({ ...parent, threadIndex: index, threadTopic: 'RE: odd topic' }, now, random);
    expect(reply.threadTopic).toBe('RE: odd topic');
    expect(reply.threadIndex.subarray(0, 22)).toEqual(index);
    expect(reply.threadIndex).toHaveLength(27);
  });

  it('gives a conversation from outside the same GUID, whoever answers whichever message of it', () => {
    const toRoot = replyThread({ ...parent, internetMessageId: id('a@x'), references: [] }, now, random);
    const toThird = replyThread({ ...parent, sentAt: now - 1 }, now + 1, random);
    const elsewhere = replyThread({ ...parent, internetMessageId: id('z@x'), references: [] }, now, random);
    expect(threadGuid(toThird.threadIndex)).toBe(threadGuid(toRoot.threadIndex));
    expect(threadGuid(elsewhere.threadIndex)).not.toBe(threadGuid(toRoot.threadIndex));
  });

  it('makes an index of its own where the parent has something else', () => {
    const reply = replyThread({ ...parent, threadIndex: new Uint8Array(27).fill(0x5d) }, now, random);
    expect(threadGuid(reply.threadIndex)).not.toBeNull();
  });

  it('keeps a conversation together through any number of replies, within what servers accept', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), (replies) => {
        const first = newThread('Brochure', now, random);
        let last: ThreadParent = { ...parent, ...first, internetMessageId: id('0@x'), sentAt: now };
        for (let number = 1; number <= replies; number += 1) {
          const headers = replyThread(last, now + number, random);
          last = { ...last, ...headers, internetMessageId: id(`${number}@x`), sentAt: now + number };
        }
        expect(last.references.length).toBeLessThanOrEqual(100);
        expect(last.references[0]).toBe('0@x');
        expect(last.references.at(-1)).toBe(`${replies - 1}@x`);
        expect(last.threadTopic).toBe('Brochure');
        expect(last.threadIndex?.length).toBeLessThanOrEqual(2053);
        expect(threadGuid(last.threadIndex ?? new Uint8Array())).toBe(threadGuid(first.threadIndex));
      }),
      { numRuns: 20 },
    );
  });
});

it('newThread begins a conversation of its own', () => {
  expect(newThread('Fwd: Brochure', now, random)).toMatchObject({
    inReplyTo: null,
    references: [],
    threadTopic: 'Brochure',
  });
});
