/**
 * What lint cannot say about the layers: doors hold re-exports only, loading a module does nothing, and every
 * import leads to a file inside `src`. Who may import whom is lint's; `lint.test.ts` holds lint to the table.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { effectsOf, filesBelow, importsOf, isDoor, resolveImport, ROOT } from '../support/modules.js';

/** Modules of rank 0: they lie where the doors lie, but have content of their own. */
const RANK_0 = new Set(['src/errors.ts', 'src/platform.ts']);

const sources = filesBelow(ROOT, 'src', '.ts').filter((path) => !path.endsWith('.generated.ts'));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('every module of src', () => {
  test.each(sources)('%s declares and does nothing', (path) => {
    expect(effectsOf(read(path))).toEqual([]);
  });

  test.each(sources)('%s imports files that exist, inside src, by their .js names', (path) => {
    const targets = importsOf(read(path)).flatMap(({ specifier }) => resolveImport(path, specifier) ?? []);
    expect(targets.filter((target) => !/^src\/.+\.js$/.test(target))).toEqual([]);
    // Generated modules exist after a build only.
    const written = targets.filter((target) => !target.endsWith('.generated.js'));
    expect(written.filter((target) => !existsSync(join(ROOT, target.replace(/\.js$/, '.ts'))))).toEqual([]);
  });

  test.each(sources.filter((path) => /^src\/[^/]+$/.test(path) && !RANK_0.has(path)))(
    '%s is a door: a comment and re-exports',
    (path) => {
      const text = read(path);
      expect(text.startsWith('/**')).toBe(true);
      expect(isDoor(text)).toBe(true);
    },
  );
});

describe('the checks themselves', () => {
  test.each([
    ['a call', 'start();'],
    ['a call in an exported constant', 'export const a = start();'],
    ['a nested call', 'const a = { b: [start()] };'],
    ['a constructor', 'const a = new Engine();'],
    ['an import for its effect', "import './engine.js';"],
    ['a variable', 'let a = 1;'],
    ['an exported variable', 'export let a = 1;'],
    ['a branch', 'if (a) { b; }'],
    ['an assignment', 'const a = (b.c = 1);'],
    ['a static field', 'class A { static b = start(); }'],
    ['a static block', 'class A { static { start(); } }'],
    ['an enum', 'enum A { B }'],
    ['a namespace', 'namespace A { export const b = 1; }'],
    ['a default export', 'export default 1;'],
    ['a top-level await', 'const a = await b;'],
  ])('see %s', (_, text) => {
    expect(effectsOf(text)).toHaveLength(1);
  });

  test.each([
    ['functions', 'export function a(): void { start(); } const b = () => start();'],
    ['classes', 'export class A { #b = start(); c() { start(); } static d = 1; static e() { start(); } }'],
    ['types', 'export interface A { b: 1 } type C = A;'],
    [
      'constants',
      "const a = [1, 2 ** 32 - 1] as const; const b = new Set(['c']); const d = Object.freeze({});",
    ],
    ['marked calls', 'const a: number = /* @__PURE__ */ struct({ b: opaque(0, 1) });'],
  ])('let %s pass', (_, text) => {
    expect(effectsOf(text)).toEqual([]);
  });

  test('a door with content is none', () => {
    expect(isDoor("export { a } from './a/b.js'; export type { c } from './a/d.js';")).toBe(true);
    expect(isDoor("import { a } from './a/b.js'; export { a };")).toBe(false);
    expect(isDoor('export const a = 1;')).toBe(false);
  });

  test('imports of all kinds are seen, and which of them are types only', () => {
    const text = `
      import { a } from './1.js';
      import type { b } from './2.js';
      import { type c } from './3.js';
      export { d } from './4.js';
      export type { e } from './5.js';
      export * from './6.js';
      const f = () => import('./7.js');
      type G = import('./8.js').G;
      // import './9.js'
      const h = "import './10.js'";
    `;
    const seen = importsOf(text).map(({ specifier, typeOnly }) => `${specifier}${typeOnly ? ' type' : ''}`);
    expect(seen).toEqual([
      './1.js',
      './2.js type',
      './3.js',
      './4.js',
      './5.js type',
      './6.js',
      './7.js',
      './8.js type',
    ]);
  });
});
