/**
 * Lint is held to the table of layers. Modules are planted beside a copy of `src`, line by line legal or
 * illegal, and lint must report exactly the illegal lines, each by the right rule.
 */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { filesBelow, ROOT } from '../support/modules.js';

const LINT = join(ROOT, 'node_modules/oxlint/bin/oxlint');
const CONFIGURATION = ['.oxlintrc.json', 'tsconfig.json'];
const IMPORTS = 'eslint(no-restricted-imports)';

/** One line of a planted module, and the rule it breaks, if any. */
type Line = readonly [text: string, breaks?: string];

interface Finding {
  readonly filename: string;
  readonly code: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

let house: string;

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'planted-'));
  for (const path of CONFIGURATION) cpSync(join(ROOT, path), join(house, path));
});

afterEach(() => rmSync(house, { recursive: true, force: true }));

function copySources(): void {
  // Generated modules are out of version control, where lint leaves them alone.
  const filter = (path: string): boolean => !path.endsWith('.generated.ts');
  cpSync(join(ROOT, 'src'), join(house, 'src'), { recursive: true, filter });
}

function plant(path: string, lines: readonly Line[]): void {
  mkdirSync(dirname(join(house, path)), { recursive: true });
  writeFileSync(join(house, path), `${lines.map(([text]) => text).join('\n')}\n`);
}

/** Exit status, and `path:line rule` of every finding, sorted, without repetitions. */
function lint(): { status: number | null; findings: string[] } {
  const args = [LINT, '--deny-warnings', '--format=json'];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: house, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Finding[] };
  const findings = diagnostics.map(
    ({ filename, code, labels }) => `${filename.replaceAll('\\', '/')}:${labels[0]?.span.line} ${code}`,
  );
  return { status, findings: [...new Set(findings)].sort() };
}

/** What lint should find in these modules. */
function illegal(modules: Readonly<Record<string, readonly Line[]>>): string[] {
  const findings = Object.entries(modules).flatMap(([path, lines]) =>
    lines.flatMap(([, breaks], number) => (breaks === undefined ? [] : [`${path}:${number + 1} ${breaks}`])),
  );
  return findings.sort();
}

/** Lints import lines alone, and expects exactly the illegal ones. */
function expectImports(modules: Readonly<Record<string, readonly Line[]>>): void {
  for (const [path, lines] of Object.entries(modules)) plant(path, lines);
  const { status, findings } = lint();
  expect(findings.filter((finding) => finding.endsWith(IMPORTS))).toEqual(illegal(modules));
  expect(status).toBe(1);
}

const importLine = (form: string, specifier: string, isLegal: boolean): Line =>
  isLegal ? [`${form} '${specifier}';`] : [`${form} '${specifier}';`, IMPORTS];

test('the house as it is passes, and one violation of each kind in it does not', () => {
  copySources();
  expect(lint()).toEqual({ status: 0, findings: [] });

  const modules: Record<string, readonly Line[]> = {
    'src/log/planted.ts': [
      ["export { sha256 } from '@noble/hashes/sha2.js';", IMPORTS],
      ["export { generateDevice } from '../keys/device.js';", IMPORTS],
      ["export type { Device } from '../keys/device.js';"],
      ["export { readFileSync } from 'node:fs';", IMPORTS],
      ['export const half = (size: number): number => size >> 1;', 'eslint(no-bitwise)'],
      ['export const load = (): unknown => import("../keys/device.js");', IMPORTS],
      ['export type Device2 = import("../keys/device.js").Device;', 'typescript(consistent-type-imports)'],
    ],
    'src/keys/planted.ts': [
      ["export { treeRoot } from '../log/root.js';", IMPORTS],
      ['export const now = (): number => Date.now();', 'eslint(no-restricted-globals)'],
      ['export const wait = (): unknown => setTimeout(now, 1);', 'eslint(no-restricted-globals)'],
      ['export const get = (): unknown => fetch("planted");', 'eslint(no-restricted-globals)'],
      ['export const seed = (): unknown => process.env;', 'eslint(no-restricted-globals)'],
      ['export const bytes = (): unknown => Buffer.from([1]);', 'eslint(no-restricted-globals)'],
      ['export const ambient = (): unknown => globalThis;', 'eslint(no-restricted-globals)'],
      ['export const print = (): void => console.log(1);', 'eslint(no-restricted-globals)'],
      ['export const roll = (): number => Math.random();', 'eslint(no-restricted-properties)'],
      [
        'export const order = (a: string): number => a.localeCompare("b");',
        'eslint(no-restricted-properties)',
      ],
      ['export const flag = (bits: number): number => bits & 1;'],
      ['export default 1;', 'import(no-default-export)'],
    ],
    'src/codes/planted-loop.ts': [
      ["import { there } from './planted-pool.js';", 'import(no-cycle)'],
      ['export const here: unknown = (): unknown => there;'],
    ],
    'src/codes/planted-pool.ts': [
      ["import { here } from './planted-loop.js';", 'import(no-cycle)'],
      ['export const there: unknown = (): unknown => here;'],
    ],
  };
  for (const [path, lines] of Object.entries(modules)) plant(path, lines);
  const { status, findings } = lint();
  expect(findings).toEqual(illegal(modules));
  expect(status).toBe(1);
});

describe('who may import whom', () => {
  /** What all rooms of transparency may import. */
  const BELOW = ['bytes', 'crypto', 'hashing', 'log', 'prefix'];
  const TRANSPARENCY = [
    'wire',
    'walks',
    'verifier',
    'evidence',
    'client',
    'operator',
    'auditor',
    'credentials',
    'management',
    'witnesses',
  ].map((room) => `transparency/${room}`);
  /** The table: what each room may import, and what by type only; then packages. */
  const TABLE: Record<string, { values: string[]; types?: string[]; packages?: string[] }> = {
    bytes: { values: ['bytes'], packages: ['@scure/base'] },
    crypto: {
      values: ['bytes', 'crypto'],
      packages: [
        '@noble/hashes/sha2.js',
        '@noble/curves/nist.js',
        '@noble/curves/abstract/curve.js',
        '@noble/ciphers/chacha.js',
      ],
    },
    hashing: { values: ['bytes', 'crypto', 'hashing'] },
    log: { values: ['bytes', 'crypto', 'hashing', 'log'], types: ['codes', 'keys', 'prefix'] },
    prefix: { values: ['bytes', 'crypto', 'hashing', 'prefix'], types: ['codes', 'keys', 'log'] },
    keys: { values: ['bytes', 'crypto', 'hashing', 'keys'], types: ['codes', 'log', 'prefix'] },
    codes: {
      values: ['bytes', 'codes', 'crypto', 'hashing'],
      types: ['keys', 'log', 'prefix'],
      packages: ['@scure/base'],
    },
    parallel: { values: ['bytes', 'crypto', 'hashing', 'log', 'parallel'] },
    'transparency/wire': { values: [...BELOW, 'transparency/wire'] },
    'transparency/walks': { values: [...BELOW, 'transparency/walks', 'transparency/wire'] },
    'transparency/verifier': {
      values: [...BELOW, 'transparency/verifier', 'transparency/walks', 'transparency/wire'],
    },
    'transparency/evidence': {
      values: [
        ...BELOW,
        'transparency/evidence',
        'transparency/verifier',
        'transparency/walks',
        'transparency/wire',
      ],
    },
    'transparency/client': {
      values: [
        ...BELOW,
        'transparency/client',
        'transparency/evidence',
        'transparency/verifier',
        'transparency/walks',
        'transparency/wire',
      ],
    },
    'transparency/operator': {
      values: [
        ...BELOW,
        'transparency/operator',
        'transparency/verifier',
        'transparency/walks',
        'transparency/wire',
      ],
    },
    'transparency/auditor': {
      values: [
        ...BELOW,
        'transparency/auditor',
        'transparency/verifier',
        'transparency/walks',
        'transparency/wire',
      ],
    },
    'transparency/credentials': {
      values: [
        ...BELOW,
        'transparency/client',
        'transparency/credentials',
        'transparency/evidence',
        'transparency/verifier',
        'transparency/walks',
        'transparency/wire',
      ],
    },
    'transparency/management': {
      values: [
        ...BELOW,
        'transparency/client',
        'transparency/management',
        'transparency/operator',
        'transparency/verifier',
        'transparency/walks',
        'transparency/wire',
      ],
    },
    'transparency/witnesses': {
      values: [
        ...BELOW,
        'transparency/evidence',
        'transparency/verifier',
        'transparency/wire',
        'transparency/witnesses',
      ],
    },
    contacts: { values: ['bytes', 'contacts'], types: ['codes', 'keys', ...TRANSPARENCY] },
    directory: { values: ['bytes', 'directory', 'keys', ...TRANSPARENCY], types: ['contacts'] },
    transfer: { values: ['bytes', 'codes', 'crypto', 'keys', 'transfer'], packages: ['hpke'] },
    // A room that has no row yet. Nothing leads there: where types may pass, lint names the rooms that may not.
    attic: { values: [] },
  };
  const rooms = Object.keys(TABLE).filter((room) => room !== 'attic');
  /** How a module of a room names a file below `src`. */
  const specifierOf = (room: string, path: string): string => {
    const specifier = posix.relative(room, path);
    return specifier.startsWith('.') ? specifier : `./${specifier}`;
  };

  test('every room there is has a row', () => {
    const folders = filesBelow(ROOT, 'src', '.ts').map((path) => posix.dirname(path).slice('src/'.length));
    expect([...new Set(folders)].filter((room) => room !== '' && !rooms.includes(room))).toEqual([]);
  });

  test('room by room, by value and by type', () => {
    const modules: Record<string, Line[]> = {};
    for (const [from, { values, types = [] }] of Object.entries(TABLE)) {
      modules[`src/${from}/planted.ts`] = rooms.flatMap((to, number) => {
        const specifier = specifierOf(from, `${to}/planted-too.js`);
        const byValue = values.includes(to);
        return [
          importLine(`import { room${number} } from`, specifier, byValue),
          importLine(`export { export${number} } from`, specifier, byValue),
          importLine(`import type { Type${number} } from`, specifier, byValue || types.includes(to)),
          importLine(`export type { ExportType${number} } from`, specifier, byValue || types.includes(to)),
        ];
      });
    }
    expectImports(modules);
  });

  test('packages and everything else', () => {
    const all = [...new Set(Object.values(TABLE).flatMap(({ packages = [] }) => packages))];
    const never = [
      'node:fs',
      'fs',
      'fast-check',
      'contact-key-verification/log.js',
      './../keys/planted.js',
      '/planted.js',
    ];
    /** From `src`. */
    const NEVER = ['bytes.js', 'index.js', '../test/support/property.js'];
    const modules: Record<string, Line[]> = {};
    for (const [from, { packages = [] }] of Object.entries(TABLE)) {
      modules[`src/${from}/planted.ts`] = [
        ...all.map((specifier) => importLine('import', specifier, packages.includes(specifier))),
        importLine('import', specifierOf(from, 'away').replace('away', 'bytes/../keys/planted.js'), false),
        ...[...never, ...NEVER.map((name) => specifierOf(from, name))].map((specifier) =>
          importLine('import', specifier, false),
        ),
        ...['errors.js', 'platform.js'].map((name) => importLine('import', specifierOf(from, name), true)),
      ];
    }
    expectImports(modules);
  });

  test('door by door', () => {
    const doors: Record<string, string[]> = {
      errors: [],
      platform: ['./errors.js'],
      bytes: ['./bytes/planted.js'],
      suites: ['./crypto/planted.js'],
      keys: ['./keys/planted.js'],
      codes: ['./codes/planted.js'],
      contacts: ['./contacts/planted.js'],
      directory: ['./directory/planted.js'],
      transfer: ['./transfer/planted.js'],
      transparency: ['./transparency/wire/planted.js'],
      log: ['./log/planted.js', './hashing/planted.js'],
      prefix: ['./prefix/planted.js', './hashing/planted.js'],
      testing: ['./prefix/planted.js', './transparency/wire/planted.js'],
      operator: ['./transparency/wire/planted.js'],
      auditor: ['./transparency/wire/planted.js'],
      evidence: ['./transparency/wire/planted.js'],
      witnesses: ['./transparency/wire/planted.js'],
      wasm: ['./hashing/planted.js', './hashing/wasm-planted.js'],
      parallel: ['./parallel/planted.js'],
      worker: ['./parallel/planted.js'],
      index: [
        './bytes.js',
        './codes.js',
        './contacts.js',
        './errors.js',
        './keys.js',
        './log.js',
        './suites.js',
      ],
      // A door that has no row yet.
      cellar: [],
    };
    const never = ['./wasm.js', './platform.js', './attic/planted.js', 'node:fs', '@noble/hashes/sha2.js'];
    const all = [...new Set([...Object.values(doors).flat(), ...never])];
    const modules: Record<string, Line[]> = {};
    for (const [door, allowed] of Object.entries(doors)) {
      modules[`src/${door}.ts`] = all.map((specifier) =>
        importLine('export * from', specifier, allowed.includes(specifier)),
      );
    }
    expectImports(modules);
  });

  test('programs and tests', () => {
    const door = 'contact-key-verification/log.js';
    const vectors = 'contact-key-verification/vectors/trees.json';
    const room = '../../src/log/root.js';
    const noble = '@noble/hashes/sha2.js';
    const directory = '../../examples/directory.js';
    const places: Record<string, string[]> = {
      'examples/planted.ts': [door, 'node:fs', './planted-too.js', '../planted-too.js'],
      'bench/planted.ts': [door, 'node:fs', './planted-too.js', '../planted-too.js', noble],
      'test/unit/planted.test.ts': [
        door,
        'node:fs',
        './planted-too.js',
        '../planted-too.js',
        '../support/a.js',
        noble,
        vectors,
        room,
        directory,
      ],
      'test/property/planted.test.ts': [
        door,
        'node:fs',
        './planted-too.js',
        '../planted-too.js',
        '../support/a.js',
        noble,
        vectors,
        directory,
      ],
      'test/reference/planted.ts': ['node:fs', './planted-too.js', noble],
      'test/examples/planted.ts': [door, 'node:fs', './planted-too.js', directory],
      'test/package/programs/planted.ts': [door, vectors, './planted-too.js'],
    };
    const all = [...new Set(Object.values(places).flat())];
    const modules: Record<string, Line[]> = {};
    for (const [path, allowed] of Object.entries(places)) {
      modules[path] = all.map((specifier) => importLine('import', specifier, allowed.includes(specifier)));
    }
    expectImports(modules);
  });
});
