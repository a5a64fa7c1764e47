/** Writes the files of vectors; `npm run vectors`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vectorFiles } from './index.js';

for (const [name, content] of vectorFiles()) writeFileSync(join('vectors', name), content);
