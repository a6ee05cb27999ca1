import type { Session } from 'electron';
import type { Policy } from '../../shared/policy/settings.ts';
import type { WriteLog } from './log.ts';

/** How often the configuration is read anew because something failed, in milliseconds. */
const shortestReloadMs = 30_000;

/** Answers which proxies lead where, as the policy or the system has it. */
export interface ProxyResolver {
  /**
   * In the form of a PAC file's answer. Never rejects: where the resolver fails, the way is direct, as it is for
   * Chromium. With `isRetry` a PAC file is fetched anew first, at most twice a minute.
   */
  resolve(url: string, isRetry: boolean): Promise<string>;
  policyChanged(policy: Policy): void;
}

/** Asks Chromium's own resolver, which knows PAC, WPAD and what each system's settings mean. */
export function openProxyResolver(
  session: Pick<Session, 'setProxy' | 'resolveProxy' | 'forceReloadProxyConfig'>,
  policy: Policy,
  log: WriteLog,
): ProxyResolver {
  let applied: string | null = null;
  let ready: Promise<unknown> = Promise.resolve();
  let reloadedAt = Number.NEGATIVE_INFINITY;

  const apply = (changed: Policy): void => {
    const config = configOf(changed);
    if (JSON.stringify(config) === applied) return;
    applied = JSON.stringify(config);
    ready = session
      .setProxy(config)
      .catch(() => log('warn', 'proxy', 'not applied', { mode: changed['network.proxyMode'] }));
  };
  apply(policy);

  return {
    resolve: async (url, isRetry) => {
      await ready;
      try {
        if (isRetry && performance.now() - reloadedAt > shortestReloadMs) {
          reloadedAt = performance.now();
          await session.forceReloadProxyConfig();
        }
        return await session.resolveProxy(url);
      } catch {
        log('warn', 'proxy', 'not resolved');
        return 'DIRECT';
      }
    },
    policyChanged: apply,
  };
}

function configOf(policy: Policy): Electron.ProxyConfig {
  const server = policy['network.proxyServer'];
  const pac = policy['network.proxyPac'];
  switch (policy['network.proxyMode']) {
    case 'none':
      return { mode: 'direct' };
    case 'fixed':
      if (server === null) return { mode: 'system' };
      return {
        mode: 'fixed_servers',
        proxyRules: server,
        proxyBypassRules: policy['network.proxyBypass'].join(','),
      };
    case 'pac':
      return pac === null ? { mode: 'system' } : { mode: 'pac_script', pacScript: pac };
    case 'wpad':
      return { mode: 'auto_detect' };
    case 'system':
      return { mode: 'system' };
  }
}
