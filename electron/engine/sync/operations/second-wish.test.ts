import { expect, it } from 'vitest';
import { findPlacement } from '../../cache/queries/placement-store.ts';
import { openLaptop, realClock, realRandom } from '../../testing/laptop.ts';
import { createActions } from './actions.ts';

it('takes a message that was deleted a moment ago from where Exchange still has it', async () => {
  const laptop = openLaptop('anna@corp.example');
  try {
    const { db, account } = laptop;
    const mail = (name: string) => `From: b@x.example\nSubject: ${name}\nMessage-ID: <${name}@x>\n\nx`;
    await laptop.receives(mail('bin'), { path: 'Bin', role: 'trash' });
    await laptop.receives(mail('spam'), { path: 'Spam', role: 'junk' });
    const { messageId, conversationId } = await laptop.receives(mail('offer'), {
      path: 'Sent',
      role: 'sent',
    });
    const actions = createActions({
      account,
      db,
      clock: realClock,
      random: realRandom,
      announce: () => {},
      noted: () => {},
    });
    expect(actions.place(conversationId, 'delete', null).ok).toBe(true);
    expect(actions.place(conversationId, 'junk', null).ok).toBe(true);
    expect(findPlacement(db, messageId)).toMatchObject({ kind: 'junk', toPath: 'Spam' });
    expect(findPlacement(db, messageId)?.takes).toContain('sent');
  } finally {
    laptop.remove();
  }
});
