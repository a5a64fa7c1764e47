/**
 * The published files themselves: made by the generator and by nothing else, in the shape that the schema says, and
 * with at least one case for every error code that outside bytes can bring about.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { vectorFiles } from '../../scripts/vectors/index.js';
import { problemsOf } from '../support/json-schema.js';
import { filesBelow, importsOf, resolveImport, ROOT } from '../support/modules.js';
import { type Fields, type InvalidCase, PUBLISHED, PUBLISHED_NAMES, publishedText } from './files.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const made = vectorFiles();

describe('the generator', () => {
  test.each([...made])('makes the bytes of %s again', (name, content) => {
    expect(content === publishedText(name), 'npm run vectors makes another file').toBe(true);
  });

  test('makes every file there is', () => {
    expect([...made.keys()].sort()).toEqual(PUBLISHED_NAMES);
  });

  test('sees the reference and Node, and nothing of the library', () => {
    const modules = [
      ...filesBelow(ROOT, 'scripts/vectors', '.ts'),
      ...filesBelow(ROOT, 'test/reference', '.ts'),
    ];
    const outside = modules.flatMap((path) =>
      importsOf(read(path)).flatMap(({ specifier }) => {
        const target = resolveImport(path, specifier) ?? specifier;
        return /^(?:node:|scripts\/vectors\/|test\/reference\/)/.test(target) ? [] : [`${path}: ${target}`];
      }),
    );
    expect(outside).toEqual([]);
    expect(modules.length).toBeGreaterThan(20);
  });
});

// ------------------------------------------------------------------------------------- shape

const schema = JSON.parse(publishedText('schema.json')) as Fields;

describe('the schema', () => {
  test.each(PUBLISHED)('describes $file', (file) => {
    expect(problemsOf(file, schema)).toEqual([]);
  });

  test.each([
    ['a field too many', { more: 1 }],
    ['another file of definitions', { $schema: './other.json' }],
    ['no valid case', { valid: [] }],
    ['a case of no structure', { invalid: [{ ...firstInvalid(), structure: 'Nothing' }] }],
    ['a code that is none', { invalid: [{ ...firstInvalid(), code: 'refused' }] }],
    [
      'hex in upper case',
      { valid: [{ name: 'x', structure: 'LeafHash', input: { data: 'FF' }, output: {} }] },
    ],
    ['an input with a field too many', { invalid: [{ ...firstInvalid(), input: { text: '', more: 1 } }] }],
    ['an invalid case without its base', { invalid: [{ ...firstInvalid(), of: undefined }] }],
  ])('refuses %s', (_, change) => {
    const file = { ...(JSON.parse(publishedText('text-encodings.json')) as Fields), ...change };
    expect(problemsOf(JSON.parse(JSON.stringify(file)), schema)).not.toEqual([]);
  });

  test('with a keyword that nobody enforces is no schema', () => {
    expect(() => problemsOf({}, { propertyNames: {} })).toThrow('unknown keyword');
  });
});

function firstInvalid(): InvalidCase {
  const first = PUBLISHED.find(({ file }) => file === 'text-encodings')?.invalid[0];
  if (first === undefined) throw new Error('no invalid case');
  return first;
}

// ------------------------------------------------------------------------------------- damages

describe.each(PUBLISHED)('every invalid case of $file', ({ valid, invalid }) => {
  const names = [...valid, ...invalid].map(({ name }) => name);

  test('has a name of its own', () => {
    expect(new Set(names).size).toBe(names.length);
  });

  test('is a valid case with one field changed', () => {
    const changes = invalid.map((damaged) => {
      const base = valid.find(({ name }) => name === damaged.of);
      expect(base?.structure).toBe(damaged.structure);
      const fields = new Set([...Object.keys(base?.input ?? {}), ...Object.keys(damaged.input)]);
      const same = (field: string): boolean =>
        JSON.stringify(base?.input[field]) === JSON.stringify(damaged.input[field]);
      return [damaged.name, [...fields].filter((field) => !same(field)).length];
    });
    expect(changes.filter(([, count]) => count !== 1)).toEqual([]);
  });

  test('is one of at most five of its kind', () => {
    const kinds = new Map<string, number>();
    for (const { structure, code } of invalid) {
      const kind = `${structure} ${code}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect([...kinds].filter(([, count]) => count > 5)).toEqual([]);
  });
});

test('there are at least 150 invalid cases', () => {
  expect(PUBLISHED.flatMap(({ invalid }) => invalid).length).toBeGreaterThanOrEqual(150);
});

test('each story begins with nothing, and goes on from what was kept in the same log', () => {
  const stories = PUBLISHED.filter(({ valid }) =>
    valid.some(({ output }) => 'after' in output && output['after'] instanceof Object),
  );
  expect(stories.map(({ file }) => file).sort()).toEqual([
    'keytrans-audits',
    'keytrans-distinguished',
    'keytrans-label-updates',
    'keytrans-monitoring',
    'keytrans-owners',
  ]);
  for (const { valid, invalid } of stories) {
    const ends = valid.map(({ name }) => name);
    const begin = valid.filter(({ input }) => input['before'] === null);
    expect(begin.length).toBeGreaterThan(3);
    const odd = [...valid, ...invalid].filter(({ name, input }) => {
      const before = input['before'] ?? null;
      const own = ends.indexOf(name);
      return before !== null && !ends.slice(0, own === -1 ? undefined : own).includes(String(before));
    });
    expect(odd).toEqual([]);
  }
});

test('each list of a chain has the one before it stored', () => {
  const lists = PUBLISHED.find(({ chains }) => chains !== undefined);
  const inputs = new Map(lists?.valid.map(({ name, input }) => [name, input]));
  for (const { steps } of lists?.chains ?? []) {
    const [first, ...later] = steps.map((step) => inputs.get(step) as Fields);
    expect(first).not.toHaveProperty('stored');
    expect(later.map(({ stored }) => stored)).toEqual(
      [first, ...later].slice(0, -1).map((step) => step?.['signed']),
    );
  }
  expect(lists?.chains?.length).toBeGreaterThan(0);
});

// ------------------------------------------------------------------------------------- codes

/** Codes that no bytes from outside can bring about, and why. */
const NOT_FROM_OUTSIDE: Readonly<Record<string, string>> = {
  ERR_SAS_LIVE: 'the program begins a second session while it holds the first',
  ERR_SAS_ATTEMPTS: 'the user has begun too many sessions; their times are the program’s own',
  ERR_SAS_EXPIRED: 'time has passed',
  ERR_LINK_EXPIRED: 'time has passed',
  ERR_STATE_LIMIT: 'the program keeps too many labels',
  ERR_STATE_LOG: 'the program stores the states of several logs, and takes the wrong one',
  ERR_DESTROYED: 'the program uses a secret that it destroyed',
  ERR_SPENT: 'the program uses a session that has ended',
  ERR_NOT_READY: 'the program asks before the session is complete',
  ERR_STORE_CONTRACT: 'a store that the program brings does not keep its contract',
  ERR_WORKER: 'a worker thread of the program has failed',
  ERR_NO_RANDOMNESS: 'the platform has no CSPRNG',
  ERR_NO_TEXT_CODER: 'the platform has no strict UTF-8 coders',
  ERR_NO_WEBASSEMBLY: 'the platform has no WebAssembly',
  ERR_SELF_TEST: 'the platform computes wrong digests',
  ERR_MONITOR_MAP: 'whether a map is in order depends on the log that is asked',
  ERR_ACCESS: 'a rule of the program forbids it',
  ERR_NO_VERSION: 'the log that is asked lacks the version',
  ERR_OPENING_DELETED: 'the program has deleted an opening',
  ERR_VERSION_SKIPPED: 'the log that is asked has skipped the version',
  ERR_UNSETTLED: 'the program has authorized too much that it does not know to be in the log',
  ERR_HEAD_UNVERIFIED: 'the program has not followed the log',
  ERR_RESPONSE_SIZE: 'the log that is asked would have to say too much at once',
  ERR_AUDITOR_HEAD: 'an operator has no recent auditor’s head',
  ERR_TIME_REVERSED: 'an answer comes to evidence of reversed time, of which there are cases',
  ERR_HEAD_LOG_GAP: 'the user was away for longer than one step reads',
  ERR_DEPLOYMENT_MODE: 'the program serves a log of a mode that the operator does not serve',
  ERR_ARGUMENT_TYPE: 'the program passes a value of the wrong kind',
  ERR_ARGUMENT_RANGE: 'the program passes a value out of bounds',
};

describe('every error code', () => {
  const text = read('src/errors.ts');
  const unions = text.slice(0, text.indexOf('export type ErrorCode ='));
  const known = Array.from(
    unions.matchAll(/^(?: {2}\| |export type \w+ = .*)'ERR_.*$/gm),
    ([line]) => line,
  ).flatMap((line) => Array.from(line.matchAll(/'(ERR_[A-Z0-9_]+)'/g), (match) => String(match[1])));
  const codes = [...new Set(known)].sort();
  const shown = new Set(PUBLISHED.flatMap(({ invalid }) => invalid.map(({ code }) => code)));

  test('of the source is either shown or explained', () => {
    expect([...shown, ...Object.keys(NOT_FROM_OUTSIDE)].sort()).toEqual(codes);
    expect(codes.length).toBeGreaterThan(50);
  });
});
