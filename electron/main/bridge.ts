import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import * as v from 'valibot';
import { type BridgeEvent, type Topic, topics } from '../../shared/contract/events.ts';
import { type ContractMethods, channelOf, contract, eventChannel } from '../../shared/contract/index.ts';
import type { Domain } from '../../shared/contract/method.ts';
import { type AppError, appError } from '../../shared/errors.ts';
import { err, type Result } from '../../shared/result.ts';
import { isWindowUrl } from './window-protocol.ts';

export type MainMethods = ContractMethods<'main'>;

interface BridgePorts {
  readonly window: () => WebContents | null;
  readonly callEngine: (method: string, input: unknown) => Promise<Result<unknown, AppError>>;
  readonly mainMethods: MainMethods;
}

/** Registers every method of the contract. Each call: is it our window's top frame? is the input valid? then on. */
export function openBridge(ports: BridgePorts): { readonly push: (event: BridgeEvent) => void } {
  for (const [domain, methods] of Object.entries(contract as Readonly<Record<string, Domain>>)) {
    for (const [name, method] of Object.entries(methods)) {
      ipcMain.handle(channelOf(domain, name), async (event, input: unknown) => {
        if (!isFromWindow(event, ports.window()))
          return err(appError('input.invalid', 'never', { part: 'sender' }));
        const parsed = v.safeParse(method.input, input);
        if (!parsed.success) return err(appError('input.invalid', 'never', { part: 'input' }));
        const fullName = `${domain}.${name}`;
        if (method.servedBy === 'engine') return ports.callEngine(fullName, parsed.output);
        // The contract's type says that main serves exactly these, and the schema has just checked the input.
        return ports.mainMethods[fullName as keyof MainMethods](parsed.output as never);
      });
    }
  }
  return {
    push: (event) => {
      const window = ports.window();
      if (window !== null && !window.isDestroyed()) window.send(eventChannel, event);
    },
  };
}

/** Only the top frame of our own window, showing our own page, may call: no mail, no popup, no other page. */
function isFromWindow(event: IpcMainInvokeEvent, window: WebContents | null): boolean {
  const frame = event.senderFrame;
  return (
    window !== null &&
    event.sender === window &&
    frame !== null &&
    frame === window.mainFrame &&
    isWindowUrl(frame.url)
  );
}

/** Counts revisions and sends at most one `changed` per topic and turn of the event loop. */
export function announceChanges(push: (event: BridgeEvent) => void): (topic: Topic) => void {
  const revisions = new Map<Topic, number>(topics.map((topic) => [topic, 0]));
  const due = new Set<Topic>();
  return (topic) => {
    revisions.set(topic, (revisions.get(topic) ?? 0) + 1);
    if (due.has(topic)) return;
    due.add(topic);
    setImmediate(() => {
      due.delete(topic);
      push({ kind: 'changed', topic, revision: revisions.get(topic) ?? 0 });
    });
  };
}
