/** The declarations as a consumer's compiler reads them: the oldest supported and the newest, all options alike. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Consumer, DOORS, MANIFEST, run } from '../support/consumer.js';
import { filesBelow, ROOT } from '../support/modules.js';

/** The packages in which the compilers are installed, and what each must say of itself. */
const COMPILERS = [
  ['typescript-5.9', /^5\.9\.\d+$/],
  ['typescript', /^7\.\d+\.\d+$/],
] as const;
const RESOLUTIONS = [
  ['nodenext', { module: 'nodenext' }],
  ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
] as const;
const EXACTNESS = [
  ['exact optional properties', true],
  ['loose optional properties', false],
] as const;
const MATRIX = COMPILERS.flatMap(([compiler]) =>
  RESOLUTIONS.flatMap(([resolution, options]) =>
    EXACTNESS.map(
      ([exactness, isExact]) =>
        [compiler, resolution, exactness, { ...options, exactOptionalPropertyTypes: isExact }] as const,
    ),
  ),
);

const everything = DOORS.map(({ specifier }, i) => `import * as door${i} from '${specifier}';`)
  .concat(`export const doors: object[] = [${DOORS.map((_, i) => `door${i}`).join(', ')}];`, '')
  .join('\n');

function versionOf(compiler: string): string {
  const manifest = readFileSync(join(ROOT, 'node_modules', compiler, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

let consumer: Consumer;
let files: string[];

beforeAll(() => {
  consumer = new Consumer();
  consumer.writePrograms();
  consumer.write('everything.ts', everything);
  files = ['everything.ts', ...filesBelow(consumer.folder, 'programs', '.ts')];
});

afterAll(() => consumer.remove());

describe('every door and every program compiles, with every library checked', () => {
  test.each(MATRIX)('%s, %s, %s', (compiler, _, __, options) => {
    const { status, stdout } = consumer.compile(files, options, compiler);
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  test.each([
    ['node16', { module: 'node16' }, ['everything.ts']],
    ['the DOM', { module: 'nodenext', lib: ['ES2022', 'DOM'] }, undefined],
    ['the latest library', { module: 'nodenext', lib: ['ESNext', 'DOM', 'DOM.Iterable'] }, undefined],
  ])('with %s', (_, options, only) => {
    const { status, stdout } = consumer.compile(only ?? files, options);
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});

/** A key that WebCrypto keeps, a list that is sent, and both ends of a worker: no cast, no copy. */
const BROWSER = `import { createWebPort, createWorkerPool, type WorkerPool } from '${MANIFEST.name}/parallel.js';
import { serveWorker } from '${MANIFEST.name}/worker.js';
import type { Signer, VerifiedDeviceList } from '${MANIFEST.name}/keys.js';
import type { PublicKey } from '${MANIFEST.name}/suites.js';

export const signerOf = (publicKey: PublicKey, key: CryptoKey): Signer => ({
  publicKey,
  sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', key, message)),
});
export const publish = (list: VerifiedDeviceList): Promise<Response> =>
  fetch('/publish', { method: 'PUT', body: list.encoded });

export const pool: WorkerPool = createWorkerPool({
  spawn: () => createWebPort(new Worker('/worker.js', { type: 'module' })),
  workers: navigator.hardwareConcurrency,
});
export const build = (stream: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> =>
  pool.createTreeBuilder().appendAll(stream, { signal });
export const serve = (port: MessagePort): void => serveWorker(port);
`;

test.each(COMPILERS.map(([compiler]) => compiler))(
  '%s: a browser signs, sends and hashes in workers',
  (compiler) => {
    consumer.write('browser.ts', BROWSER);
    const options = { module: 'nodenext', lib: ['ES2022', 'DOM'] };
    expect(consumer.compile(['browser.ts'], options, compiler).stdout).toBe('');
  },
);

test.each(COMPILERS.map(([compiler]) => compiler))('%s: a Web Worker serves', (compiler) => {
  consumer.write(
    'scope.ts',
    `import { serveWorker } from '${MANIFEST.name}/worker.js';\nserveWorker(self);\n`,
  );
  const options = { module: 'nodenext', lib: ['ES2022', 'WebWorker'] };
  expect(consumer.compile(['scope.ts'], options, compiler).stdout).toBe('');
});

describe('compiling proves something', () => {
  const WRONG = {
    TS2305: `import { thatIsNotThere } from '${MANIFEST.name}/errors.js';`,
    TS2307: `import * as room from '${MANIFEST.name}/log/root.js';`,
    TS2345: `import { hashLeaf } from '${MANIFEST.name}/log.js';\nhashLeaf('text');`,
  };

  test.each(
    COMPILERS.flatMap(([compiler]) => Object.entries(WRONG).map(([code, text]) => [compiler, code, text])),
  )('%s says %s of what is wrong', (compiler, code, text) => {
    consumer.write('wrong.ts', `${text}\n`);
    const { status, stdout } = consumer.compile(['wrong.ts'], { module: 'nodenext' }, compiler);
    expect(stdout).toContain(code);
    expect(status).not.toBe(0);
  });

  test.each(COMPILERS)('%s is of the version that its name says', (compiler, version) => {
    expect(versionOf(compiler)).toMatch(version);
  });

  // Two compilers want this command; a clean install gives it to the project's own.
  test('tsc is still the newest', () => {
    const { stdout } = run('npx', ['--no', '--', 'tsc', '--version'], ROOT);
    expect(stdout.trim()).toBe(`Version ${versionOf('typescript')}`);
  });
});
