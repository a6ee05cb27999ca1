import { electronEnvironment } from '../e2e/stand-in/launcher.ts';
import { bundle } from './bundle.ts';
import { repository, runTool } from './run.ts';

/** `npm start`: bundles and runs the app. Switches go through: `npm start -- --policy-file=policy.json`. */
await bundle();
const { code } = await runTool('electron', 'electron', [repository, ...process.argv.slice(2)], {
  output: 'inherit',
  env: electronEnvironment(),
});
process.exitCode = code;
