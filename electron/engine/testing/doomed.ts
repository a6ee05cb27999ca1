import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type { Route } from '../../../shared/model/route.ts';
import type { ServerSettings } from '../../../shared/policy/account-settings.ts';
import { ok } from '../../../shared/result.ts';
import { openImapSession } from '../mail/imap-session.ts';
import type { CredentialSource, Credentials } from '../mail/types.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import { silent } from './laptop.ts';

/** What a process that may be killed is told on its command line. */
export interface ChildSetup {
  readonly databaseFile: string;
  readonly account: AccountSummary;
  readonly authorities: readonly string[];
  readonly providers: Readonly<Record<Route, ChildProvider>>;
  /** Where it kills itself, when it comes there the n-th time; null: nowhere. */
  readonly diesAt: { readonly point: string; readonly time: number } | null;
}

export interface ChildProvider {
  readonly imap: ServerSettings;
  readonly submission: ServerSettings;
  readonly credentials: Credentials;
}

/** Kills this process as `kill -9` does when it is its time. To be called at every point worth dying at. */
export function mortal({ diesAt }: ChildSetup): (point: string) => void {
  let times = 0;
  return (point) => {
    if (point !== diesAt?.point) return;
    times += 1;
    if (times === diesAt.time) process.kill(process.pid, 'SIGKILL');
  };
}

export function mailOf({ providers, authorities }: ChildSetup) {
  const network = directNetwork(authorities);
  const credentials =
    (route: Route): CredentialSource =>
    async () =>
      ok(providers[route].credentials);
  return {
    network,
    credentials,
    server: (route: Route) => providers[route].submission,
    openSession: (route: Route) =>
      openImapSession({
        network,
        route,
        server: providers[route].imap,
        credentials: credentials(route),
        log: silent,
      }),
  };
}

export function startChild(module: URL, setup: ChildSetup): ChildProcess {
  const hook = new URL('./sql-as-text.ts', import.meta.url);
  return spawn(process.execPath, ['--import', hook.href, fileURLToPath(module), JSON.stringify(setup)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** How a child ended, and what it had to say. */
export async function endOf(
  child: ChildProcess,
): Promise<{ readonly signal: string | null; readonly output: string }> {
  let output = '';
  child.stdout?.on('data', (text) => {
    output += String(text);
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { signal, output };
}
