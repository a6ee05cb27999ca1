import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** For `node --import`: migrations are imported as text, as the bundle does it. */
registerHooks({
  load: (url, context, next) =>
    url.endsWith('.sql')
      ? {
          format: 'module',
          source: `export default ${JSON.stringify(readFileSync(new URL(url), 'utf8'))}`,
          shortCircuit: true,
        }
      : next(url, context),
});
