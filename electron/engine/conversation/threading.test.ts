import { describe, expect, it } from 'vitest';
import type { InternetMessageId } from '../../../shared/model/ids.ts';
import { conversationKeys } from './threading.ts';

const id = (text: string) => text as InternetMessageId;
const message = {
  internetMessageId: id('c@x'),
  originalMessageId: null,
  inReplyTo: [],
  references: [],
  threadIndex: null,
  report: null,
};

describe('conversationKeys', () => {
  it('are the ids that a message has, answers and refers to or reports on, each once, and the GUID of its index', () => {
    expect(
      conversationKeys({
        internetMessageId: id('c@x'),
        originalMessageId: id('was@x'),
        inReplyTo: [id('b@x')],
        references: [id('a@x'), id('b@x')],
        threadIndex: new Uint8Array(22).fill(1),
        report: { kind: 'failed', originalMessageId: id('sent@x'), recipients: [] },
      }),
    ).toEqual(['id:c@x', 'id:was@x', 'id:sent@x', 'id:b@x', 'id:a@x', `ti:${'01'.repeat(16)}`]);
  });

  it('are the ends of a chain that is too long', () => {
    const references = Array.from({ length: 5000 }, (_, number) => id(`${number}@x`));
    const keys = conversationKeys({ ...message, references });
    expect(keys).toHaveLength(201);
    expect(keys).toContain('id:0@x');
    expect(keys).toContain('id:4999@x');
  });

  it('do not include what is no Thread-Index', () => {
    expect(conversationKeys({ ...message, threadIndex: new Uint8Array(27).fill(0x5d) })).toEqual(['id:c@x']);
  });
});
