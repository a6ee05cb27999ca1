import { BlockList, isIP } from 'node:net';

/** Never through a proxy, whatever is configured, unless the bypass rules say `<-loopback>`. */
export function isImplicitlyDirect(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    (isIP(host) === 4 && /^(127|169\.254)\./.test(host)) ||
    host === '::1' ||
    /^fe[89ab]/.test(host)
  );
}

/** Of Chromium's rules: host patterns with `*`, a port, CIDR blocks, `<local>` and `<-loopback>`. */
export function bypasses(url: URL, rules: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const each = rules
    .split(/[;,]/)
    .map((rule) => rule.trim().toLowerCase())
    .filter((rule) => rule !== '');
  if (!each.includes('<-loopback>') && isImplicitlyDirect(host)) return true;
  return each.some((rule) => {
    if (rule === '<-loopback>') return false;
    if (rule === '<local>') return !host.includes('.') && isIP(host) === 0;
    if (rule.includes('/')) return isInBlock(host, rule);
    const [, pattern = '', wanted] = /^(.*?)(?::(\d+))?$/.exec(rule) ?? [];
    const whole = pattern.startsWith('.') ? `*${pattern}` : pattern;
    const escaped = whole.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    return (wanted === undefined || wanted === port) && new RegExp(`^${escaped}$`).test(host);
  });
}

function isInBlock(host: string, block: string): boolean {
  const [network = '', bits = ''] = block.split('/');
  const families = [isIP(host), isIP(network)];
  if (families[0] === 0 || families[0] !== families[1]) return false;
  const family = families[0] === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(host, family);
}
