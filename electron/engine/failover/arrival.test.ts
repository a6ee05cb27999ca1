import { describe, expect, it } from 'vitest';
import { ChosenRoutes } from '../testing/laptop.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { createArrival } from './arrival.ts';
import { placeOf } from './core/pace.ts';

const address = 'anna@corp.example';
const spreadMs = 90_000;

function laptop(start: 'primary' | 'continuity', spreadSeconds = spreadMs / 1000) {
  const routes = new ChosenRoutes(start);
  const clock = new ManualClock(0);
  const arrival = createArrival({ routes, address, policy: { spreadSeconds }, clock });
  const heard: unknown[] = [];
  arrival.onChange(() => heard.push(arrival.reading()));
  return { routes, clock, arrival, heard };
}

describe('arriving at continuity', () => {
  const turn = placeOf(address) * spreadMs;

  it('waits for its turn to read, and sends at once', () => {
    const { routes, clock, arrival, heard } = laptop('primary');
    routes.choose('continuity');
    expect([arrival.reading(), arrival.sending()]).toEqual([null, 'continuity']);
    clock.advance(turn - 1);
    expect(arrival.reading()).toBeNull();
    clock.advance(2);
    expect(arrival.reading()).toBe('continuity');
    expect(heard).toEqual([null, 'continuity']);
  });

  it('waits for no turn where a session stands already', () => {
    const routes = new ChosenRoutes('primary');
    const arrival = createArrival({
      routes,
      address,
      policy: { spreadSeconds: spreadMs / 1000 },
      clock: new ManualClock(0),
      isThere: () => true,
    });
    routes.choose('continuity');
    expect(arrival.reading()).toBe('continuity');
  });

  it('goes back to Exchange at once, and its turn is over then', () => {
    const { routes, clock, arrival, heard } = laptop('primary');
    routes.choose('continuity');
    routes.choose('primary');
    expect(arrival.reading()).toBe('primary');
    clock.advance(spreadMs);
    expect(heard).toEqual([null, 'primary']);
  });

  it('does not wait when the app starts in an outage, or nothing is to be spread', () => {
    expect(laptop('continuity').arrival.reading()).toBe('continuity');
    const { routes, arrival } = laptop('primary', 0);
    routes.choose('continuity');
    expect(arrival.reading()).toBe('continuity');
  });

  it('is silent when it is stopped', () => {
    const { routes, clock, arrival, heard } = laptop('primary');
    routes.choose('continuity');
    arrival.stop();
    clock.advance(spreadMs);
    routes.choose('primary');
    expect(heard).toEqual([null]);
  });
});
