import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import type { LaptopAddress } from './core/laptop-network.ts';
import { createLaptopWatch, type LaptopWatch } from './laptop-watch.ts';

const at = (name: string, cidr: string): LaptopAddress => ({ name, cidr, family: 'IPv4', internal: false });

describe('the watch over the laptop', () => {
  let clock: ManualClock;
  let addresses: readonly LaptopAddress[];
  let looks: number;
  let told: string[];
  let watch: LaptopWatch;

  beforeEach(() => {
    clock = new ManualClock();
    addresses = [at('wlan0', '192.168.1.7/24')];
    looks = 0;
    told = [];
    watch = createLaptopWatch({
      clock,
      addresses: () => {
        looks += 1;
        return addresses;
      },
      networkChanged: () => told.push('another network'),
      slept: () => told.push('slept'),
    });
    watch.start();
  });

  it('tells within seconds that a VPN came, once, and that it went', () => {
    addresses = [...addresses, at('tun0', '10.8.0.2/24')];
    clock.advance(20_000);
    expect(told).toEqual(['another network']);
    expect(watch.here().hasVpn).toBe(true);
    addresses = addresses.slice(0, 1);
    clock.advance(5_000);
    expect(told).toEqual(['another network', 'another network']);
  });

  it('takes another lease of the same network for no change', () => {
    addresses = [at('wlan0', '192.168.1.99/24')];
    clock.advance(60_000);
    expect(told).toEqual([]);
  });

  it('notices a sleep of which no system tells, and judges the network of before no more', () => {
    clock.sleep(3_600_000);
    addresses = [at('wlan0', '10.0.0.7/24')];
    clock.advance(5_000);
    expect(told).toEqual(['slept']);
  });

  it('looks once a minute while nobody is there, and at once when somebody comes back', () => {
    watch.attend({ presence: 'away', isOnBattery: true });
    clock.advance(5_000);
    looks = 0;
    clock.advance(600_000);
    expect(looks).toBe(10);
    addresses = [];
    watch.attend({ presence: 'working', isOnBattery: false });
    expect(told).toEqual(['another network']);
  });

  it('looks no more when it has stopped', () => {
    watch.stop();
    looks = 0;
    clock.advance(600_000);
    expect(looks).toBe(0);
  });
});
