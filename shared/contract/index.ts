import { accounts } from './accounts.ts';
import { addresses } from './addresses.ts';
import { app } from './app.ts';
import { attachments } from './attachments.ts';
import { calendar } from './calendar.ts';
import { conversations } from './conversations.ts';
import { drafts } from './drafts.ts';
import type { BridgeEvent } from './events.ts';
import { failover } from './failover.ts';
import { identities } from './identities.ts';
import { keyStore } from './key-store.ts';
import { ledger } from './ledger.ts';
import { messages } from './messages.ts';
import type { DomainApi, MethodsServedBy, Server } from './method.ts';
import { outbox } from './outbox.ts';
import { pins } from './pins.ts';
import { policy } from './policy.ts';
import { preferences } from './preferences.ts';
import { readiness } from './readiness.ts';
import { search } from './search.ts';
import { signIn } from './sign-in.ts';

/** The whole bridge. The preload exposes exactly these functions, main validates exactly these inputs. */
export const contract = {
  accounts,
  addresses,
  app,
  attachments,
  calendar,
  conversations,
  drafts,
  failover,
  identities,
  keyStore,
  ledger,
  messages,
  outbox,
  pins,
  policy,
  preferences,
  readiness,
  search,
  signIn,
};

export type Contract = typeof contract;

/** `window.relevo` in the renderer. */
export type BridgeApi = { readonly [Name in keyof Contract]: DomainApi<Contract[Name]> } & {
  /** Calls `listener` for every event until the returned function is called. */
  readonly subscribe: (listener: (event: BridgeEvent) => void) => () => void;
};

/** The IPC channel of a method, e.g. `relevo:drafts.send`. */
export function channelOf(domain: string, name: string): string {
  return `relevo:${domain}.${name}`;
}

/** The channel on which main pushes `BridgeEvent`s. */
export const eventChannel = 'relevo:event';

/** Path, relative to the window's page, under which an attachment's bytes are served: `attachment/<id>`. */
export const attachmentPath = 'attachment/';

/** The methods that the engine or main implements, by full name. */
export type ContractMethods<ServedBy extends Server> = MethodsServedBy<ServedBy, Contract>;
