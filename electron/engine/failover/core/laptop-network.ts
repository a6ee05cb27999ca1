/** One address of this laptop, as `os.networkInterfaces()` has it. */
export interface LaptopAddress {
  readonly name: string;
  /** "192.168.1.7/24"; null where the system does not say. */
  readonly cidr: string | null;
  readonly family: 'IPv4' | 'IPv6';
  readonly internal: boolean;
}

/** In which network this laptop is. */
export interface LaptopNetwork {
  /** The networks it has an address in; the same after another lease or another day. */
  readonly name: string;
  readonly hasVpn: boolean;
}

/** What makes networks inside this laptop, which lead nowhere. */
const inner = /^(docker|veth|virbr|vmnet|vboxnet|br-|cni|flannel|vEthernet|awdl|llw|anpi)/i;
/** Tunnels, by what systems and the usual products call them. */
const vpn =
  /^(tun|tap|utun|ppp|wg|ipsec|gpd|cscotun|zt|tailscale|nordlynx)\d*|vpn|anyconnect|globalprotect|pangp|wireguard|zscaler|fortinet|juniper|pulse/i;

export function laptopNetwork(addresses: readonly LaptopAddress[]): LaptopNetwork {
  const outer = addresses.filter(
    ({ internal, name, cidr }) => !internal && cidr !== null && !inner.test(name) && !isLinkLocal(cidr),
  );
  const networks = outer.map(({ cidr, family, name }) => {
    const network = networkOf(cidr ?? '', family);
    return vpn.test(name) ? `vpn ${network}` : network;
  });
  return {
    name: [...new Set(networks)].sort().join(', '),
    hasVpn: outer.some(({ name }) => vpn.test(name)),
  };
}

const isLinkLocal = (cidr: string): boolean => /^(fe[89ab]|169\.254\.)/i.test(cidr);

/** Without the host's part. Of IPv6 the first four groups: the rest changes daily (RFC 8981). */
function networkOf(cidr: string, family: 'IPv4' | 'IPv6'): string {
  const [address = '', length = '32'] = cidr.split('/');
  if (family === 'IPv6') return `${groupsOf(address).slice(0, 4).join(':')}::/64`;
  const bits = Number(length);
  const mask = bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0;
  return `${toText((toNumber(address) & mask) >>> 0)}/${length}`;
}

function groupsOf(address: string): readonly string[] {
  const [head = '', tail = ''] = address.split('::');
  const [left, right] = [head, tail].map((part) => (part === '' ? [] : part.split(':'))) as [
    string[],
    string[],
  ];
  return [
    ...left,
    ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'),
    ...right,
  ];
}

const toNumber = (address: string): number =>
  address.split('.').reduce((sum, part) => (sum * 256 + Number(part)) >>> 0, 0);
const toText = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
