/** Measures the sizes, writes their file and puts them into the README; `npm run sizes`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { measureSizes } from './measure.js';
import { withSizes } from './readme.js';

const sizes = await measureSizes(process.cwd());
writeFileSync('sizes.json', `${JSON.stringify(sizes, null, 2)}\n`);
writeFileSync('README.md', withSizes(readFileSync('README.md', 'utf8'), sizes));
console.table(sizes);
