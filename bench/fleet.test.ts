import { describe, expect, it } from 'vitest';
import { simulate } from './fleet/simulation.ts';
import { rowsOf, scenes } from './fleet.ts';

const clients = 500;

describe('a fleet', () => {
  // So few come unevenly: what share comes in a second is asked of 20,000 by `npm run bench -- fleet`.
  it.each(scenes.map((scene) => [scene.name, scene] as const))(
    'comes and goes with everybody: %s',
    (_, scene) => {
      const report = simulate({ ...scene.story, clients, seed: 1 });
      const rows = rowsOf(scene, report, clients).filter(
        ({ unit, must }) => unit !== '%' && must !== undefined,
      );
      for (const { name, value, must } of rows) expect(value, name).toBeLessThanOrEqual(must ?? 0);
      const sum = (series: Uint32Array): number => series.reduce((total, one) => total + one, 0);
      expect(sum(report.continuity)).toBe(clients);
      expect(sum(report.exchange)).toBeGreaterThanOrEqual(clients);
    },
  );
});
