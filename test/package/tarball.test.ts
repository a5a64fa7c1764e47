/**
 * The package as strangers get it: packed, installed without a network, and looked into. `npm test` builds `dist`
 * first; what is tested here is that build.
 */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Consumer, DOORS, MANIFEST } from '../support/consumer.js';
import { filesBelow, importsOf, resolveImport, ROOT } from '../support/modules.js';

let consumer: Consumer;

beforeAll(() => {
  consumer = new Consumer();
});

afterAll(() => consumer.remove());

/** All that is loaded with a module of the package: its files, and the packages it names. */
function reach(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set([entry]);
  const packages = new Set<string>();
  for (const file of files) {
    for (const { specifier } of importsOf(consumer.read(file))) {
      const target = resolveImport(file, specifier);
      if (target === undefined) packages.add(specifier);
      else files.add(target);
    }
  }
  return { files, packages };
}

const sourceOf = (file: string): string =>
  join(ROOT, file.replace(/^dist\//, 'src/').replace(/\.js$/, '.ts'));
const isGenerated = (path: string): boolean => path.endsWith('.generated.js');
/** The door that needs the optional peers. */
const TRANSFER = 'dist/transfer.js';
/** Whether a specifier is of this package. */
const isOf = (name: string, specifier: string): boolean =>
  specifier === name || specifier.startsWith(`${name}/`);
/** How every WebAssembly module begins, in base64. */
const WASM_MAGIC = 'AGFzbQ';

describe('the tarball', () => {
  test('holds the build, the vectors and the documents, and nothing else', () => {
    const others = consumer.files.filter((path) => !/^(?:dist|docs|vectors)\//.test(path));
    expect(others).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json']);
  });

  test('holds one module and one declaration for each source, so nothing stale', () => {
    const built = filesBelow(ROOT, 'src', '.ts').flatMap((path) => {
      const stem = path.replace(/^src\//, 'dist/').replace(/\.ts$/, '');
      return [`${stem}.d.ts`, `${stem}.js`];
    });
    expect(consumer.files.filter((path) => path.startsWith('dist/'))).toEqual(built.sort());
  });

  test('holds the vectors with their schema, licence and explanation', () => {
    const vectors = consumer.files.filter((path) => path.startsWith('vectors/'));
    expect(vectors).toEqual(
      readdirSync(join(ROOT, 'vectors'))
        .map((name) => `vectors/${name}`)
        .sort(),
    );
    expect(vectors).toEqual(
      expect.arrayContaining([
        'vectors/LICENSE',
        'vectors/README.md',
        'vectors/schema.json',
        'vectors/trees.json',
      ]),
    );
  });

  test('points to no source maps', () => {
    const pointing = consumer.files.filter((path) => consumer.read(path).includes('sourceMappingURL='));
    expect(pointing.filter((path) => path.startsWith('dist/'))).toEqual([]);
  });
});

describe('under Node', () => {
  test.each(DOORS)('$specifier has the names that its source has', async ({ specifier, file }) => {
    const { status, stdout, stderr } = consumer.node(
      `import * as door from '${specifier}';\nconsole.log(JSON.stringify(Object.keys(door)));\n`,
    );
    expect(status, stderr).toBe(0);
    const source = (await import(pathToFileURL(sourceOf(file)).href)) as object;
    const names = Object.keys(source).sort();
    expect(names.length).toBeGreaterThan(0);
    expect(JSON.parse(stdout)).toEqual(names);
  });

  test.each(['dist/log/root.js', 'platform.js', 'log', 'log/root.js'])('%s is no way in', (path) => {
    const { status, stderr } = consumer.node(`import '${MANIFEST.name}/${path}';`);
    expect(stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
    expect(status).not.toBe(0);
  });
});

describe('what a door loads', () => {
  test.each(DOORS)('$specifier: files of the package and declared dependencies', ({ file }) => {
    const { files, packages } = reach(file);
    expect([...files].filter((path) => !consumer.files.includes(path))).toEqual([]);
    const { dependencies, peerDependencies } = MANIFEST;
    const declared = file === TRANSFER ? { ...dependencies, ...peerDependencies } : dependencies;
    const isDeclared = (name: string): boolean => Object.keys(declared).some((known) => isOf(known, name));
    expect([...packages].filter((name) => !isDeclared(name))).toEqual([]);
  });

  test.each(DOORS)('$specifier: the WebAssembly bytes only if it is wasm.js', ({ file }) => {
    const carriers = [...reach(file).files].filter(
      (path) => isGenerated(path) || consumer.read(path).includes(WASM_MAGIC),
    );
    expect(carriers.length).toBe(file === 'dist/wasm.js' ? 1 : 0);
  });

  test.each(['dist/errors.js', 'dist/bytes.js'])('%s: no curve and no hash', (file) => {
    expect([...reach(file).packages].filter((name) => name.startsWith('@noble/'))).toEqual([]);
    expect([...reach('dist/suites.js').packages].some((name) => name.startsWith('@noble/'))).toBe(true);
  });

  test('of the optional peers each by transfer.js, by way of one module, and by no other door', () => {
    const { peerDependencies, peerDependenciesMeta } = MANIFEST;
    const peers = Object.keys(peerDependencies);
    expect(peers).toEqual(['@noble/ciphers', 'hpke']);
    expect(peers.map((name) => peerDependenciesMeta[name])).toEqual([{ optional: true }, { optional: true }]);
    const reaching = DOORS.filter(({ file }) =>
      [...reach(file).packages].some((name) => peers.some((peer) => isOf(peer, name))),
    );
    expect(reaching.map(({ file }) => file)).toEqual([TRANSFER]);
    const { packages } = reach(TRANSFER);
    expect(peers.filter((peer) => ![...packages].some((name) => isOf(peer, name)))).toEqual([]);
  });

  test('nothing of Node, in no file', () => {
    const modules = consumer.files.filter((path) => path.endsWith('.js'));
    const ofNode = modules.filter((path) =>
      importsOf(consumer.read(path)).some(({ specifier }) => specifier.startsWith('node:')),
    );
    expect(ofNode).toEqual([]);
    expect(modules.length).toBeGreaterThan(DOORS.length);
  });
});

describe('without the optional peers', () => {
  let bare: Consumer;

  beforeAll(() => {
    bare = new Consumer({ peers: false });
  });

  afterAll(() => bare.remove());

  test('every door but transfer.js loads, and it says what is missing', () => {
    const text = DOORS.map(
      ({ specifier }) =>
        `await import('${specifier}').then(() => {}, (error) => console.log('${specifier}', error.code, error.message));`,
    );
    const { status, stdout, stderr } = bare.node(text.join('\n'));
    expect(status, stderr).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/transfer\.js ERR_MODULE_NOT_FOUND .*(?:hpke|@noble\/ciphers)/);
  });
});
