/**
 * A pool of real Web Workers: they hash, they fail, and a policy forbids them. Where no Chromium is installed this
 * says so and checks nothing.
 */

import { treeRoot } from 'contact-key-verification/log.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../scripts/sizes/bundle.js';
import { findChromium, showPage } from '../support/chromium.js';
import { Consumer, MANIFEST } from '../support/consumer.js';
import { PageServer } from '../support/pages.js';

const LEAVES = 200_000;

const HONEST = `
import { serveWorker } from '${MANIFEST.name}/worker.js';
import { tryCreateWasmHasher } from '${MANIFEST.name}/wasm.js';
serveWorker(self, { hasher: tryCreateWasmHasher() });
`;
const FAILING = `${HONEST}
self.addEventListener('message', () => { throw new Error('broken worker'); });
`;

/** Every result as text: what a pool of these workers computes, or the code with which it rejects. */
const MAIN = `
import { createWebPort, createWorkerPool } from '${MANIFEST.name}/parallel.js';
import { encodeHex } from '${MANIFEST.name}/bytes.js';
const violations = [];
document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
const leafHashes = new Uint8Array(32 * ${LEAVES}).map((_, i) => i % 251);
const results = {};
for (const file of ['honest.js', 'failing.js', 'missing.js']) {
  const pool = createWorkerPool({
    spawn: () => createWebPort(new Worker('/' + file, { type: 'module' })),
    workers: 2,
  });
  try {
    const root = encodeHex(await pool.treeRoot(leafHashes));
    results[file] = (pool.workers > 0 ? 'workers, ' : 'no workers, ') + root;
  } catch (error) {
    results[file] = error.code ?? String(error);
  }
  pool.close();
}
// Violations are reported in tasks of their own.
await new Promise((resolve) => setTimeout(resolve, 50));
await fetch('/', { method: 'POST', body: JSON.stringify({ results, violations }) });
`;

const chromium = findChromium();
const leafHashes = new Uint8Array(32 * LEAVES).map((_, i) => i % 251);
const root = Buffer.from(treeRoot(leafHashes)).toString('hex');
let consumer: Consumer;
let server: PageServer;

beforeAll(async () => {
  if (chromium === undefined) return;
  consumer = new Consumer();
  for (const [file, text] of Object.entries({ honest: HONEST, failing: FAILING, main: MAIN })) {
    consumer.write(`${file}.js`, (await bundle(text, consumer.folder)).code);
  }
  server = new PageServer(consumer.folder);
  await server.start();
});

afterAll(() => {
  if (chromium === undefined) return;
  server.stop();
  consumer.remove();
});

const POLICY = "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
test.each([
  [
    'allowed',
    `${POLICY}; worker-src 'self'`,
    { 'honest.js': `workers, ${root}`, 'failing.js': 'ERR_WORKER', 'missing.js': `no workers, ${root}` },
    [],
  ],
  [
    'forbidden',
    `${POLICY}; worker-src 'none'`,
    {
      'honest.js': `no workers, ${root}`,
      'failing.js': `no workers, ${root}`,
      'missing.js': `no workers, ${root}`,
    },
    ['worker-src'],
  ],
])('Web Workers, %s by the policy', async (name, policy, expected, refused) => {
  if (chromium === undefined) {
    console.info(`Web Workers, ${name}: skipped: no Chromium`);
    return;
  }
  const html = '<!doctype html><script type="module" src="/main.js"></script>';
  const { results, violations } = await showPage(chromium, server.url, server.report({ html, policy }));
  expect(results).toEqual(expected);
  expect([...new Set(violations)]).toEqual(refused);
});
