/**
 * What each door costs an app, in bytes as they travel: everything it exports, bundled, minified, compressed with
 * brotli at its highest level. And what few names cost, as bundlers drop the rest.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { bundle } from './bundle.js';

/** The file of sizes: bytes by the module that is bundled. */
export type Sizes = Readonly<Record<string, number>>;

const NAME = 'contact-key-verification';
/** What an app that only checks needs of some doors, and what a client of a log needs. */
const SELECTIONS: readonly string[] = [
  `export { hashLeaf, verifyInclusion } from '${NAME}/log.js';`,
  `export { openCheckpoint } from '${NAME}/log.js';`,
  `export { verifyDeviceList } from '${NAME}/keys.js';`,
  clientWith('KT_128_SHA256_Ed25519'),
  clientWith('KT_128_SHA256_P256'),
];

function clientWith(suite: string): string {
  return `export { createClient } from '${NAME}/transparency.js'; export { ${suite} } from '${NAME}/suites.js';`;
}

/** The text of every module to bundle, doors first. */
export function measuredModules(root: string): string[] {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Readonly<Record<string, string>>;
  };
  const doors = Object.keys(exports).filter((key) => key === '.' || key.endsWith('.js'));
  return [...doors.map((key) => `export * from '${NAME}${key.slice(1)}';`), ...SELECTIONS];
}

/** Measures the build in `dist`. */
export async function measureSizes(root: string): Promise<Sizes> {
  const sizes: Record<string, number> = {};
  for (const text of measuredModules(root)) {
    const { code } = await bundle(text, root);
    sizes[text] = brotliCompressSync(code).length;
  }
  return sizes;
}
