/**
 * Corpora made by others. They are not part of this project: they run where a folder `shared/vectors` lies beside
 * the project, or where FOREIGN_VECTORS names one; elsewhere their tests say that nothing was checked.
 *
 * Each corpus states how many cases it has. It prints how many ran, and fails when the two differ, so that cases
 * cannot get lost without notice.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ROOT } from './modules.js';

export const FOREIGN: string = process.env['FOREIGN_VECTORS'] ?? join(ROOT, '../shared/vectors');

/** Runs one case of a corpus; a failure names the case. */
export type RunCase = (name: string, run: () => unknown) => Promise<void>;

/** One folder of the collection. */
export interface Folder {
  text(path: string): string;
  bytes(path: string): Uint8Array;
  json<T>(path: string): T;
  has(path: string): boolean;
  /** The files below a path, relative to the folder, sorted. */
  files(path: string): string[];
}

/**
 * Checks one corpus, inside a test whose name is the corpus's.
 * @param folder below the collection; where it is missing, nothing is checked
 * @param expected cases
 */
export async function checkCorpus(
  folder: string,
  expected: number,
  run: (files: Folder, runCase: RunCase) => Promise<void>,
): Promise<void> {
  const corpus = expect.getState().currentTestName ?? '';
  const path = join(FOREIGN, folder);
  if (!existsSync(path)) {
    console.info(`${corpus}: the foreign vectors are not there, nothing was checked`);
    return;
  }
  let ran = 0;
  await run(folderAt(path), async (name, check) => {
    try {
      await check();
    } catch (error) {
      throw new Error(`${corpus}, ${name}: ${(error as Error).message}`, { cause: error });
    }
    ran++;
  });
  console.info(`${corpus}: ran ${ran} of ${expected} expected`);
  expect(ran).toBe(expected);
}

function folderAt(root: string): Folder {
  const bytes = (path: string): Uint8Array => new Uint8Array(readFileSync(join(root, path)));
  const text = (path: string): string => readFileSync(join(root, path), 'utf8');
  return {
    bytes,
    text,
    json: (path) => JSON.parse(text(path)),
    has: (path) => existsSync(join(root, path)),
    files(path) {
      return readdirSync(join(root, path), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .sort();
    },
  };
}

export const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
export const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
export const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
