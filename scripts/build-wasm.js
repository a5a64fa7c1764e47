/**
 * Compiles the AssemblyScript kernel and embeds it: one module for each target of asconfig.json, as base64 in
 * src/hashing/wasm-modules.generated.ts.
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main as asc } from 'assemblyscript/asc';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const GENERATED = join(ROOT, 'src', 'hashing', 'wasm-modules.generated.ts');

/** The targets of asconfig.json, and the names under which the library imports them. */
export const TARGETS = Object.freeze({ simd: 'SIMD_MODULE', scalar: 'SCALAR_MODULE' });

/**
 * Compiles every target into a directory.
 * @param {string} directory where the modules are written, as TARGET.wasm
 * @returns {Promise<Map<string, Buffer>>} target to module bytes
 */
export async function compileModules(directory) {
  await mkdir(directory, { recursive: true });
  const modules = new Map();
  for (const target of Object.keys(TARGETS)) {
    const outFile = join(directory, `${target}.wasm`);
    const { error, stderr } = await asc([
      ...['--baseDir', ROOT],
      ...['--config', join(ROOT, 'asconfig.json')],
      ...['--target', target],
      ...['--outFile', outFile],
    ]);
    if (error) throw new Error(`asc failed on target ${target}: ${error.message}\n${stderr.toString()}`);
    modules.set(target, await readFile(outFile));
  }
  return modules;
}

/**
 * @param {Map<string, Buffer>} modules
 * @returns {string} the generated source file
 */
function embed(modules) {
  const lines = ['/** Made by scripts/build-wasm.js of the sources in assembly/. */', ''];
  for (const [target, name] of Object.entries(TARGETS)) {
    lines.push(`export const ${name}: string =`, `  '${modules.get(target)?.toString('base64')}';`);
  }
  return `${lines.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const modules = await compileModules(join(ROOT, 'build', 'wasm'));
  await writeFile(GENERATED, embed(modules));
  for (const [target, bytes] of modules) console.log(`${target}.wasm  ${bytes.length} bytes`);
}
