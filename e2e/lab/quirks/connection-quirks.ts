import { answer, count, type Quirk } from './quirk.ts';
import { textOf } from './wire.ts';

/** More connections of a user than `most` are turned away. */
export function limitsConnections(most: number): Quirk {
  let open = 0;
  return {
    name: 'limitsConnections',
    source: 'Set-ImapSettings MaxConnectionsPerUser: 16; the words are unverified',
    response: (line, conversation) => {
      const { pending } = conversation;
      const isSigningIn = pending !== null && ['LOGIN', 'AUTHENTICATE'].includes(pending.name);
      if (!isSigningIn || !textOf(line).startsWith(`${pending.tag} OK`)) return line;
      if (open < most) {
        open += 1;
        conversation.onEnd(() => {
          open -= 1;
        });
        return line;
      }
      conversation.say('* BYE Connection is closed. 14');
      conversation.hangUp();
      return null;
    },
  };
}

/** Calls `run` after `ms`, unless what it answers is called before. */
type After = (run: () => void, ms: number) => () => void;

const byTheClock: After = (run, ms) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** Whoever waits for news for longer than `limitMs` without another command is thrown out. */
export function endsLongIdling(limitMs: number, after: After = byTheClock): Quirk {
  return {
    name: 'endsLongIdling',
    source: 'Set-ImapSettings AuthenticatedConnectionTimeout: 30 minutes',
    command: ({ name, line }, conversation) => {
      // Any later command means that this waiting is over.
      const mine = count(conversation, 'commands');
      if (name !== 'IDLE') return line;
      const cancel = after(() => {
        if (conversation.memory.get('commands') !== mine) return;
        conversation.say('* BYE Connection is closed. 13');
        conversation.hangUp();
      }, limitMs);
      conversation.onEnd(cancel);
      return line;
    },
  };
}

/** Ends every wait for news after half a second. */
export const saysByeWhileIdling: Quirk = {
  ...endsLongIdling(500),
  name: 'saysByeWhileIdling',
  source: 'node-imap#561',
};

/** Every command after the tenth of a connection is one too many, for a minute and a half. */
export const throttlesForLong: Quirk = {
  name: 'throttlesForLong',
  source: 'imapflow#142: the time is from there',
  command: (command, conversation) =>
    conversation.commands > 10
      ? answer(command, conversation, 'BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds')
      : command.line,
};
