/**
 * The lockfiles: exact versions with their digests, from whichever registry the reader uses; and what only
 * oracles, benchmarks and a look at the package need, among it a package under the AGPL, in lockfiles of its own.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../support/modules.js';

interface Manifest {
  readonly workspaces?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Lockfile {
  readonly packages: Readonly<
    Record<string, Manifest & { readonly resolved?: string; readonly integrity?: string }>
  >;
}

const APART = [
  'test/mutation/thirdparty',
  'test/oracles/thirdparty',
  'test/package/thirdparty',
  'bench/thirdparty',
  'examples/thirdparty',
];
const read = <T>(path: string): T => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as T;
const lockfileOf = (folder: string): Lockfile => read(join(folder, 'package-lock.json'));

describe.each(['.', ...APART])('the lockfile of %s', (folder) => {
  const { '': root, ...packages } = lockfileOf(folder).packages;

  test('is that of its manifest', () => {
    const { dependencies, devDependencies } = read<Manifest>(join(folder, 'package.json'));
    expect({ ...root?.dependencies, ...root?.devDependencies }).toEqual({
      ...dependencies,
      ...devDependencies,
    });
    expect(Object.keys(packages).length).toBeGreaterThan(0);
  });

  test('holds exact versions with digests, and names no place to get them from', () => {
    const wanted = Object.values({ ...root?.dependencies, ...root?.devDependencies });
    expect(wanted.filter((version) => !/^(?:npm:[\w-]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    const loose = Object.entries(packages).filter(
      ([, { resolved, integrity }]) => resolved !== undefined || integrity === undefined,
    );
    expect(loose).toEqual([]);
  });
});

test('the root installs nothing of what oracles, peers and package tools need', () => {
  expect(read<Manifest>('package.json').workspaces).toBeUndefined();
  const installed = Object.keys(lockfileOf('.').packages);
  expect(
    installed.filter((path) =>
      /libsignal|rfc9162|chainsafe|hash-wasm|classic-level|arethetypeswrong/.test(path),
    ),
  ).toEqual([]);
  const apart = APART.flatMap((folder) => Object.keys(lockfileOf(folder).packages));
  expect(apart).toEqual(expect.arrayContaining(['node_modules/@signalapp/libsignal-client']));
});
