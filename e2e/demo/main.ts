import { parseArgs } from 'node:util';
import { runPanel } from './panel.ts';
import { runTour } from './tour.ts';

/** `npm run demo`: the lab, the app, and a panel to pull the plug; `-- --tour` plays the whole outage unattended. */
const { values } = parseArgs({
  options: { tour: { type: 'boolean', default: false }, screenshots: { type: 'string' } },
});

// Everything has been stopped by then; a socket that lingers is nothing to wait for.
process.exit(values.tour ? await runTour(values.screenshots ?? 'test-results/tour') : await runPanel());
