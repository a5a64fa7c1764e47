/** Every name that the documents give as API is public; and the check itself, held to planted errors. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findUnknownNames } from '../support/document-names.js';
import { filesBelow, ROOT } from '../support/modules.js';
import { readPublicNames } from '../support/public-names.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const PUBLIC = readPublicNames();
const documents = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...filesBelow(ROOT, 'docs', '.md'),
];

/** Structures and keys of the vectors' schema, which the vectors' own document explains. */
function vectorNames(): Set<string> {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === 'string') names.add(value);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, below] of Object.entries(value)) {
      names.add(key);
      visit(below);
    }
  };
  visit(JSON.parse(read('vectors/schema.json')));
  return names;
}

describe('names in', () => {
  test.each(documents)('%s are public', (path) => {
    expect(findUnknownNames(read(path), PUBLIC)).toEqual([]);
  });

  test('vectors/README.md are public, or of the schema', () => {
    expect(findUnknownNames(read('vectors/README.md'), PUBLIC, vectorNames())).toEqual([]);
  });
});

describe('the check', () => {
  test('knows names, types, members and codes', () => {
    expect([...PUBLIC.names]).toEqual(
      expect.arrayContaining(['verifyDeviceList', 'TreeHead', 'SAS_LIFETIME_MS']),
    );
    expect([...PUBLIC.members]).toEqual(
      expect.arrayContaining(['destroy', 'nowMs', 'treeSize', 'readCode', 'auditorStartPos']),
    );
    expect([...PUBLIC.codes]).toEqual(expect.arrayContaining(['ERR_SIGNATURE', 'ERR_ARGUMENT_TYPE']));
    expect(PUBLIC.names.has('assertBytes')).toBe(false);
  });

  test.each([
    '`verifyDeviceList`, `verifyDeviceList(bytes, …)`, `TreeHead`, `SAS_LIFETIME_MS`',
    '`ERR_SIGNATURE`, `CKV_SEED`, `draft…`',
    '`destroy()`, `session.attempts`, `nowMs`',
    '`TextEncoder`, `crypto.getRandomValues`, `createHash`',
    '`stored`, `docs/protocol.md`, `sizes.json`, `npm run sizeIt`, verifyNothing',
    '```sh\n`verifyNothing`\n```',
  ])('lets %s pass', (text) => {
    expect(findUnknownNames(text, PUBLIC)).toEqual([]);
  });

  test.each([
    'verifyNothing',
    'verifyNothing(bytes)',
    'NothingVerified',
    'assertBytes',
    'ERR_NOTHING',
    'SAS_NOTHING',
    'nothing()',
    'session.nothing',
    'crypto.nothing',
    'concoct…',
  ])('sees that %s is not public', (name) => {
    expect(findUnknownNames(`Call \`verifyDeviceList\`, then\n\`${name}\`.`, PUBLIC)).toEqual([name]);
  });
});
