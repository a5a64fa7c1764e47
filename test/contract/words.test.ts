/**
 * Words that have no place in a published repository: paths of somebody's machine, hosts of package registries,
 * notes to oneself, and talk about how the work was organised. The patterns are put together from pieces, so
 * that this file does not match itself.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/modules.js';

/** Folders that version control leaves out, or keeps for itself. */
const NOT_OURS = new Set(['.git', 'build', 'coverage', 'dist', 'node_modules']);

/** A name at the start of an absolute path, not somewhere inside a relative one. */
const topFolder = (name: string): string => `(?<![\\w.*})\\]-])/${name}(?=[/\\s'"\`),;]|$)`;
const anyOf = (parts: readonly string[], flags = ''): RegExp => new RegExp(parts.join('|'), `m${flags}`);

const UNWANTED: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a machine path', anyOf(['tmp', 'home', 'root', 'work', 'Users', 'mnt'].map(topFolder))],
  ['a drive', anyOf([`\\b[A-Z]:${'\\\\'}{1,2}Users`])],
  [
    'a registry host',
    anyOf(['npmjs\\.' + 'org', 'yarn' + 'pkg\\.com', 'registry\\.[a-z]+\\.[a-z]+', 'npm' + 'mirror']),
  ],
  [
    'a note to oneself',
    anyOf(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].map((word) => `\\b${word}\\b`)),
  ],
  [
    'workplace talk',
    anyOf(
      [
        'work' + 'tree',
        'sub' + 'agent',
        'clau' + 'de',
        'anthro' + 'pic',
        'chat' + 'gpt',
        'open' + 'ai',
        'L' + 'LM',
        'C' + 'EO',
      ]
        .map((word) => `\\b${word}s?\\b`)
        .concat('\\bissue ' + '#?\\d'),
      'i',
    ),
  ],
];

function ourFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name) && !name.endsWith('.generated.ts') && !name.endsWith('.tgz'))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? ourFiles(path) : [path];
    });
}

/** Every unwanted thing in a text, with the line it stands on. */
function unwantedIn(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, number) =>
      UNWANTED.filter(([, pattern]) => pattern.test(line)).map(([what]) => `${number + 1}: ${what}`),
    );
}

test('no file of the repository holds one', () => {
  const files = ourFiles('');
  expect(files).toContain('package-lock.json');
  expect(files).toContain(join('.ci', 'run'));
  const found = files.flatMap((path) =>
    unwantedIn(readFileSync(join(ROOT, path), 'utf8')).map((finding) => `${path}:${finding}`),
  );
  expect(found).toEqual([]);
});

test.each([
  ['a machine path', ['see /', 'tmp/log.txt']],
  ['a machine path', ["'/", "home/someone'"]],
  ['a machine path', ['/', 'root/.cache']],
  ['a machine path', ['cd /', 'root']],
  ['a drive', ['C:', '\\Users\\someone']],
  ['a registry host', ['https://registry.', 'example.org/a.tgz']],
  ['a registry host', ['npmjs.', 'org']],
  ['a note to oneself', ['// TO', 'DO: later']],
  ['workplace talk', ['in my work', 'tree']],
  ['workplace talk', ['Fixes issue ', '#12']],
])('%s is seen: %j', (what, pieces) => {
  expect(unwantedIn(`\n${pieces.join('')}\n`)).toEqual([`2: ${what}`]);
});

test.each([
  "import { treeRoot } from '../../src/log/root.js';",
  'a/b/tmp/c, ./home/x, ${folder}/root, test/work/',
  'https://github.com/sponsors/someone',
  'a code session, a work in progress, a hacker, todos',
])('%s is fine', (text) => {
  expect(unwantedIn(text)).toEqual([]);
});
