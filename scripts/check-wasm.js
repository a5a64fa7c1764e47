/**
 * Proves that the modules in dist/ are those of the sources in assembly/: compiles them again, in a temporary
 * directory, and compares byte for byte. Exits with 1 where dist/ is missing or differs.
 */

import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileModules, TARGETS } from './build-wasm.js';

const EMBEDDED = new URL('../dist/hashing/wasm-modules.generated.js', import.meta.url);

/** @returns {Promise<string[]>} what is wrong, if anything */
async function findProblems() {
  try {
    await access(EMBEDDED);
  } catch {
    return ['dist/ embeds no modules; run `npm run build` first'];
  }
  /** @type {Record<string, unknown>} */
  const embedded = await import(EMBEDDED.href);
  const directory = await mkdtemp(join(tmpdir(), 'check-wasm-'));
  try {
    const modules = await compileModules(directory);
    return Object.entries(TARGETS).flatMap(([target, name]) => {
      const text = embedded[name];
      if (typeof text !== 'string') return [`dist/ exports no ${name}`];
      if (modules.get(target)?.equals(Buffer.from(text, 'base64'))) return [];
      return [`${target}.wasm in dist/ is not what assembly/ compiles to`];
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

const problems = await findProblems();
for (const problem of problems) console.error(`check-wasm: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
else console.log('check-wasm: dist/ embeds exactly what assembly/ compiles to');
