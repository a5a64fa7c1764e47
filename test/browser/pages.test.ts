/**
 * The installed package in a browser: every program of `test/package/programs`, from a bundle and from the files
 * themselves through the README's import map, under strict policies. Where no Chromium is installed this says so
 * and checks nothing.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../scripts/sizes/bundle.js';
import { findChromium, showPage } from '../support/chromium.js';
import { Consumer, MANIFEST } from '../support/consumer.js';
import { filesBelow, ROOT } from '../support/modules.js';
import { type Page, type PageReport, PageServer } from '../support/pages.js';
import { EXPECTED, WITHOUT_WASM } from '../support/programs.js';

/** Runs every program and sends the results, and what the policy refused meanwhile, to where the page came from. */
const MAIN = `
import { programs } from './programs/all.js';
const violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(event.effectiveDirective + ' ' + event.blockedURI);
});
const results = {};
for (const [name, work] of Object.entries(programs)) {
  try {
    results[name] = await work();
  } catch (error) {
    results[name] = 'threw ' + error;
  }
}
// Violations are reported in tasks of their own.
await new Promise((resolve) => setTimeout(resolve, 50));
await fetch('/', { method: 'POST', body: JSON.stringify({ results, violations }) });
`;

/** Nothing but modules of this server, and its own address to report to; no text becomes code. */
const strict = (scripts: string): string =>
  `default-src 'none'; base-uri 'none'; connect-src 'self'; require-trusted-types-for 'script'; script-src 'self'${scripts}`;

const importMap = /<!-- import map -->\n```json\n([\s\S]*?)```/.exec(
  readFileSync(join(ROOT, 'README.md'), 'utf8'),
)?.[1] as string;
/** The map, and a line for the vectors, which only tests import. */
const fullMap = importMap.replace(
  '{\n    ',
  `{\n    "${MANIFEST.name}/vectors/": "/node_modules/${MANIFEST.name}/vectors/",\n    `,
);
const mapHash = ` 'sha256-${createHash('sha256').update(fullMap).digest('base64')}'`;

const BUNDLED = '<!doctype html><script type="module" src="/bundled.js"></script>';
const UNBUNDLED =
  `<!doctype html><script type="importmap">${fullMap}</script>` +
  '<script type="module" src="/main.js"></script>';
const WASM = " 'wasm-unsafe-eval'";
const REFUSED = ['script-src wasm-eval'];

const chromium = findChromium();
let consumer: Consumer;
let server: PageServer;

beforeAll(async () => {
  if (chromium === undefined) return;
  consumer = new Consumer();
  consumer.writePrograms();
  const programs = filesBelow(consumer.folder, 'programs', '.ts');
  const { status, stdout } = consumer.compile(programs, { module: 'nodenext', noEmit: false });
  if (status !== 0) throw new Error(stdout);
  consumer.write('main.js', MAIN);
  consumer.write('bundled.js', (await bundle(MAIN, consumer.folder)).code);
  server = new PageServer(consumer.folder);
  await server.start();
});

afterAll(() => {
  if (chromium === undefined) return;
  server.stop();
  consumer.remove();
});

const show = (path: string, page: Page): Promise<PageReport> =>
  showPage(path, server.url, server.report(page));

test.each([
  ['bundled, no policy', BUNDLED, undefined, []],
  ['bundled, a strict policy with WebAssembly', BUNDLED, strict(WASM), []],
  ['bundled, a strict policy without', BUNDLED, strict(''), REFUSED],
  ['unbundled, no policy', UNBUNDLED, undefined, []],
  ['unbundled, a strict policy with WebAssembly', UNBUNDLED, strict(WASM + mapHash), []],
  ['unbundled, a strict policy without', UNBUNDLED, strict(mapHash), REFUSED],
] as const)('in a browser: %s', async (name, html, policy, refused) => {
  if (chromium === undefined) {
    console.info(`in a browser: ${name}: skipped: no Chromium`);
    return;
  }
  const { results, violations } = await show(chromium, { html, policy });
  const expected = refused.length === 0 ? EXPECTED : { ...EXPECTED, wasm: WITHOUT_WASM };
  expect(results).toEqual(expected);
  expect([...new Set(violations)]).toEqual(refused);
  const modules = server.asked.filter((path) => path.startsWith('/node_modules/'));
  expect(modules.length > 0).toBe(html === UNBUNDLED);
});
