import { expect, it } from 'vitest';
import { type LaptopAddress, laptopNetwork } from './laptop-network.ts';

const address = (name: string, cidr: string): LaptopAddress => ({
  name,
  cidr,
  family: cidr.includes(':') ? 'IPv6' : 'IPv4',
  internal: name === 'lo',
});
const wifi = address('wlan0', '192.168.1.37/24');
const nameOf = (...addresses: LaptopAddress[]): string => laptopNetwork(addresses).name;

it('is the same network after another lease, and another day’s temporary address', () => {
  const day = (host: string, suffix: string) =>
    nameOf(address('en0', `10.1.4.${host}/22`), address('en0', `2001:db8:1:2:${suffix}/64`));
  expect(day('9', 'a:b:c:d')).toBe(day('77', '1:2:3:4'));
  expect(day('9', 'a:b:c:d')).toContain('10.1.4.0/22');
});

it('is another one at home, and with a VPN', () => {
  expect(nameOf(wifi)).not.toBe(nameOf(address('wlan0', '192.168.178.37/24')));
  const tunnel = address('utun4', '10.8.0.2/24');
  expect(nameOf(wifi)).not.toBe(nameOf(wifi, tunnel));
  expect(laptopNetwork([wifi, tunnel]).hasVpn).toBe(true);
  expect(laptopNetwork([wifi]).hasVpn).toBe(false);
});

it('is not changed by what leads nowhere', () => {
  expect(
    nameOf(
      wifi,
      address('lo', '127.0.0.1/8'),
      address('docker0', '172.17.0.1/16'),
      address('utun0', 'fe80::1/64'),
    ),
  ).toBe(nameOf(wifi));
  expect(laptopNetwork([address('utun0', 'fe80::1/64')])).toEqual({ name: '', hasVpn: false });
});

it.each(['tun0', 'utun3', 'wg0', 'ppp0', 'Ethernet 3 VPN', 'Cisco AnyConnect', 'tailscale0'])(
  '%s is a VPN',
  (name) => {
    expect(laptopNetwork([address(name, '10.8.0.2/24')]).hasVpn).toBe(true);
  },
);
