/** The documents, held to what there is; and the check itself, held to planted errors. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DOORS, MANIFEST } from '../support/consumer.js';
import { findDocumentProblems, type Shelf } from '../support/documents.js';
import { filesBelow, ROOT } from '../support/modules.js';

const textOf = (path: string): [string, string] => [path, readFileSync(join(ROOT, path), 'utf8')];
const markdown = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
const examples = existsSync(join(ROOT, 'test/examples')) ? filesBelow(ROOT, 'test/examples', '.ts') : [];

const shelf: Shelf = {
  documents: new Map([...markdown, ...filesBelow(ROOT, 'docs', '.md')].map(textOf)),
  examples: new Map(examples.map(textOf)),
  specifiers: DOORS.map(({ specifier }) => specifier),
  scripts: Object.keys(MANIFEST.scripts),
};

test('every door, script and block of the documents is there, and every example is shown', () => {
  expect(findDocumentProblems(shelf)).toEqual([]);
});

test('there are documents, doors and scripts to check', () => {
  expect([...shelf.documents.keys()]).toEqual(
    expect.arrayContaining(['README.md', 'SECURITY.md', 'CHANGELOG.md']),
  );
  expect(shelf.specifiers).toContain('contact-key-verification/keys.js');
  expect(shelf.scripts).toContain('demo');
});

test('the two commands of the README are there, and the last thing that CI does is its second', () => {
  const readme = shelf.documents.get('README.md') ?? '';
  expect(readme).toContain('npm ci && npm run demo');
  expect(readme).toContain('npm ci && npm test');
  const [, runScript] = textOf('.ci/run');
  expect(runScript.trimEnd().split('\n').at(-1)).toBe('npm ci && npm test');
});

const WHOLE = "import { a } from 'contact-key-verification/keys.js';\n\na();\n";
const good = [
  'Use `contact-key-verification/keys.js`; the map has `"contact-key-verification/"` and "contact-key-verification".',
  'Type `npm ci && npm run demo -- --json`, or npm run --silent wasm:check.',
  '<!-- test/examples/whole.ts -->',
  `\`\`\`ts\n${WHOLE}\`\`\``,
  '<!-- test/examples/cut.ts -->',
  '```ts\na();\n```',
  '```\nanything\n```',
  '```sh\nnpm ci\n```',
].join('\n');

function problemsOf(text: string): string[] {
  return findDocumentProblems({
    documents: new Map([['README.md', text]]),
    examples: new Map([
      ['test/examples/whole.ts', WHOLE],
      ['test/examples/cut.ts', '// set-up\nconst a = (): void => {};\n// ---\n\na();\n'],
    ]),
    specifiers: ['contact-key-verification', 'contact-key-verification/keys.js'],
    scripts: ['demo', 'wasm:check'],
  });
}

test('a true document passes the check', () => {
  expect(problemsOf(good)).toEqual([]);
});

test.each([
  [
    'a door that is not there',
    ['keys.js`;', 'locks.js`;'],
    'README.md: there is no contact-key-verification/locks.js',
  ],
  ['a script that is not there', ['run demo', 'run demos'], 'README.md: there is no script demos'],
  [
    'a block that differs by a space',
    ['\na();\n```\n```', '\na(); \n```\n```'],
    'README.md: the block is not test/examples/cut.ts',
  ],
  [
    'a block that shows the set-up',
    ['```ts\na();', '```ts\nconst a = (): void => {};\na();'],
    'README.md: the block is not test/examples/cut.ts',
  ],
  ['a block of no example', ['<!-- test/examples/cut.ts -->', ''], 'README.md: a ts block names no example'],
  ['an example that is not there', ['cut.ts', 'cat.ts'], 'README.md: there is no test/examples/cat.ts'],
  ['an example that nobody shows', ['whole.ts', 'cut.ts'], 'test/examples/whole.ts: no document shows it'],
] as const)('the check sees %s', (_, [from, to], problem) => {
  expect(good).toContain(from);
  expect(problemsOf(good.replace(from, to))).toContain(problem);
});

test('the check sees a block that imports a file of this repository', () => {
  const text = "import { a } from '../support/a.js';\n";
  const problems = findDocumentProblems({
    documents: new Map([['README.md', `<!-- test/examples/a.ts -->\n\`\`\`ts\n${text}\`\`\`\n`]]),
    examples: new Map([['test/examples/a.ts', text]]),
    specifiers: [],
    scripts: [],
  });
  expect(problems).toContain('README.md: a reader cannot import what test/examples/a.ts does');
});
