import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from '../run.ts';
import { generatedPolicyFiles } from './generate.ts';

/** `npm run policy`: writes the templates and the reference page from the table of settings. */
for (const [path, content] of generatedPolicyFiles()) {
  const file = join(repository, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  console.log(path);
}
