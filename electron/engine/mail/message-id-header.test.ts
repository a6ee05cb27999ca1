import { expect, it } from 'vitest';
import { messageIdsOf } from './message-id-header.ts';

it.each([
  ['its own Message-ID', 'Subject: x\r\nMessage-ID: <a@b>\r\n\r\nMessage-ID: <not@this>', ['a@b']],
  ['a folded one', 'Message-Id:\r\n <long@b>\r\n\r\n', ['long@b']],
  [
    'the one it had before a server renamed it',
    'Message-ID: <new@b>\nX-Microsoft-Original-Message-ID: <old@b>\n\n',
    ['new@b', 'old@b'],
  ],
  ['one without brackets', 'Message-ID: bare@b\r\n', ['bare@b']],
  ['none', 'Subject: Message-ID\r\n\r\n', []],
])('finds %s', (_what, source, ids) => {
  expect(messageIdsOf(Buffer.from(source))).toEqual(ids);
});
