/**
 * What a bundler makes of the package: how large the doors are, held to the committed file and to the README, and
 * that what a program does not import is not in its bundle.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bundle } from '../../scripts/sizes/bundle.js';
import { measuredModules, measureSizes, type Sizes } from '../../scripts/sizes/measure.js';
import { withSizes } from '../../scripts/sizes/readme.js';
import { DOORS, MANIFEST } from '../support/consumer.js';
import { ROOT } from '../support/modules.js';

/** Another brotli, of another Node, may differ by some bytes; 1 %. */
const TOLERANCE = 0.01;
const RECORDED = JSON.parse(readFileSync(join(ROOT, 'sizes.json'), 'utf8')) as Sizes;
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const LOG = `${MANIFEST.name}/log.js`;
const WASM_MAGIC = 'AGFzbQ';

/** What of the log door verifies signatures, makes them, or reads keys. */
const WITH_CURVES = [
  'cosignCheckpoint',
  'cosignCheckpointAsync',
  'deriveVerifierKey',
  'encodeVerifierKey',
  'openCheckpoint',
  'openNote',
  'parseVerifierKey',
  'signCheckpoint',
  'signCheckpointAsync',
  'signNote',
  'signNoteAsync',
];

const isCurve = (path: string): boolean => path.includes('/@noble/curves/');
const exporting = (names: readonly string[]): string => `export { ${names.join(', ')} } from '${LOG}';`;

describe('sizes', () => {
  test('are as recorded; if a change is meant, npm run sizes records it', async () => {
    const sizes = await measureSizes(ROOT);
    expect(Object.keys(sizes)).toEqual(Object.keys(RECORDED));
    const changed = Object.entries(sizes).filter(([module, bytes]) => {
      const recorded = RECORDED[module] ?? 0;
      return Math.abs(bytes - recorded) > TOLERANCE * recorded;
    });
    expect(changed).toEqual([]);
  });

  test('are recorded for every door', () => {
    const doors = DOORS.map(({ specifier }) => `export * from '${specifier}';`);
    expect(measuredModules(ROOT)).toEqual(expect.arrayContaining(doors));
    expect(Object.keys(RECORDED)).toEqual(measuredModules(ROOT));
  });

  test('are in the README as recorded', () => {
    expect(withSizes(README, RECORDED)).toBe(README);
  });

  test('of another value would change the README, and one without a row is refused', () => {
    for (const [module, bytes] of Object.entries(RECORDED)) {
      expect(withSizes(README, { [module]: bytes + 1000 }), module).not.toBe(README);
    }
    expect(() => withSizes(README, { "export * from 'another.js';": 1 })).toThrow('no row');
  });
});

describe('a bundle', () => {
  test('of hashLeaf and verifyInclusion has no curve, and no file of keys, codes or notes', async () => {
    const { modules } = await bundle(exporting(['hashLeaf', 'verifyInclusion']), ROOT);
    expect(
      modules.filter((path) => isCurve(path) || /\/dist\/(?:keys|codes|log\/.*note)/.test(path)),
    ).toEqual([]);
    expect(modules.some((path) => path.endsWith('/dist/log/inclusion.js'))).toBe(true);
    expect(modules.some((path) => path.includes('/@noble/hashes/'))).toBe(true);
  });

  test('of all that the log door has without signatures has no curve', async () => {
    const file = join(ROOT, 'dist/log.js');
    const names = Object.keys((await import(pathToFileURL(file).href)) as object);
    expect(names).toEqual(expect.arrayContaining(WITH_CURVES));
    const without = names.filter((name) => !WITH_CURVES.includes(name));
    expect((await bundle(exporting(without), ROOT)).modules.filter(isCurve)).toEqual([]);
    expect((await bundle(exporting(['parseVerifierKey']), ROOT)).modules.some(isCurve)).toBe(true);
  });

  test.each(DOORS)('of $specifier imported for no name is empty', async ({ specifier }) => {
    const { code, modules } = await bundle(`import '${specifier}';`, ROOT);
    expect({ code: code.trim(), modules }).toEqual({ code: '', modules: [] });
  });

  test.each(DOORS)('of $specifier has the WebAssembly bytes only if it is wasm.js', async ({ specifier }) => {
    const { code } = await bundle(`export * from '${specifier}';`, ROOT);
    expect(code.includes(WASM_MAGIC)).toBe(specifier.endsWith('/wasm.js'));
  });

  test('fails on what is not there', async () => {
    await expect(bundle(exporting(['thatIsNotThere']), ROOT)).rejects.toThrow('thatIsNotThere');
    await expect(bundle(`import '${MANIFEST.name}/log/root.js';`, ROOT)).rejects.toThrow('log/root.js');
  });
});
