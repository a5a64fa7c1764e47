/**
 * Packages of `test/oracles/thirdparty/package.json`. They are installed beside that file only, so they are loaded from
 * there, and each oracle states the few names it uses as an interface of its own.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const manifest = new URL(
  'test/oracles/thirdparty/package.json',
  import.meta.resolve('contact-key-verification/package.json'),
);

/** A package, as the oracle that uses it sees it. */
export async function load<Package>(name: string): Promise<Package> {
  return (await import(pathToFileURL(createRequire(manifest).resolve(name)).href)) as Package;
}

/** The version that stands in the manifest, where versions are exact. */
export function versionOf(name: string): string {
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  };
  return `${name} ${dependencies[name]}`;
}
