import { describe, expect, it } from 'vitest';
import { type Policy, rowOf, type SettingName, settingNames } from '../../shared/policy/settings.ts';
import { openProxyResolver } from './proxy.ts';

const defaults = Object.fromEntries(settingNames.map((name) => [name, rowOf(name).default])) as Policy;
const policyWith = (changed: Partial<Record<SettingName, unknown>>): Policy =>
  ({ ...defaults, ...changed }) as Policy;

/** A session that notes what it is told, and fails when `isBroken`. */
function note(isBroken = false) {
  const told: unknown[] = [];
  const logged: string[] = [];
  const session = {
    setProxy: async (config: unknown) => {
      told.push(config);
      if (isBroken) throw new Error('no');
    },
    resolveProxy: async () => {
      if (isBroken) throw new Error('no');
      return 'PROXY p:8080';
    },
    forceReloadProxyConfig: async () => void told.push('reload'),
  };
  const open = (policy: Policy) =>
    openProxyResolver(session, policy, (_level, _module, event) => logged.push(event));
  return { told, logged, open };
}

const url = 'https://mail.corp.example:993/';

describe('what Chromium is told of the proxy', () => {
  it.each([
    [{}, { mode: 'system' }],
    [{ 'network.proxyMode': 'none' }, { mode: 'direct' }],
    [{ 'network.proxyMode': 'wpad' }, { mode: 'auto_detect' }],
    [
      {
        'network.proxyMode': 'fixed',
        'network.proxyServer': 'socks5://p:1080',
        'network.proxyBypass': ['*.corp.example', '10.0.0.0/8'],
      },
      {
        mode: 'fixed_servers',
        proxyRules: 'socks5://p:1080',
        proxyBypassRules: '*.corp.example,10.0.0.0/8',
      },
    ],
    [
      { 'network.proxyMode': 'pac', 'network.proxyPac': 'https://corp.example/proxy.pac' },
      { mode: 'pac_script', pacScript: 'https://corp.example/proxy.pac' },
    ],
    // What the mode needs is missing: better as the system says than around every proxy.
    [{ 'network.proxyMode': 'fixed' }, { mode: 'system' }],
    [{ 'network.proxyMode': 'pac' }, { mode: 'system' }],
  ])('%j', (changed, config) => {
    const { told, open } = note();
    open(policyWith(changed));
    expect(told).toEqual([config]);
  });

  it('changes with the policy, and only then', () => {
    const { told, open } = note();
    const proxies = open(defaults);
    proxies.policyChanged(policyWith({ 'sync.windowDays': 7 }));
    proxies.policyChanged(policyWith({ 'network.proxyMode': 'none' }));
    expect(told).toEqual([{ mode: 'system' }, { mode: 'direct' }]);
  });

  it('is read anew after a failure, and not for every one of a row', async () => {
    const { told, open } = note();
    const proxies = open(defaults);
    expect(await proxies.resolve(url, false)).toBe('PROXY p:8080');
    await proxies.resolve(url, true);
    await proxies.resolve(url, true);
    expect(told).toEqual([{ mode: 'system' }, 'reload']);
  });

  it('is direct where it cannot be found out', async () => {
    const { logged, open } = note(true);
    expect(await open(defaults).resolve(url, false)).toBe('DIRECT');
    expect(logged).toEqual(['not applied', 'not resolved']);
  });
});
