/**
 * Killing a log's operator, with SIGKILL: at every named point between the first write of a log entry and its
 * acknowledgement, and at any time. Each time the log is opened again, and two things must hold: of no size are there
 * two heads, among all that any of the programs was about to sign; and what was acknowledged is there, provably.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOperator, type Operator } from 'contact-key-verification/operator.js';
import { KT_128_SHA256_Ed25519, SecretBytes } from 'contact-key-verification/suites.js';
import {
  encodeConfiguration,
  encodeSearchRequest,
  parseSearchResponse,
} from 'contact-key-verification/transparency.js';
import { openFileStore } from '../support/file-store.js';

const PROGRAM = fileURLToPath(new URL('../../build/test/crash/programs/operator.js', import.meta.url));

/** In the order in which a log entry comes to be. */
const POINTS = [
  'label before',
  'label torn',
  'version before',
  'opening before',
  'opening after',
  'journal before',
  'journal torn',
  'page before',
  'page after',
  'node before',
  'node after',
  'entry before',
  'entry torn',
  'entry after',
  'signature before',
  'signature after',
  'published before',
  'published torn',
  'published after',
  'acknowledgement before',
];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ckv-crash-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What all programs over one file have said. */
class Record {
  readonly roots = new Map<number, string>();
  readonly acknowledged: { readonly treeSize: number; readonly value: string }[] = [];
  kills = 0;

  /** The last size that was opened or acknowledged. */
  read(output: string): void {
    const lines = output.split('\n');
    // A line that was cut short says nothing.
    for (const line of lines.slice(0, -1)) {
      const [verb, size, root = '', ...rest] = line.split(' ');
      const treeSize = Number(size);
      if (treeSize === 0) continue;
      expect(this.roots.get(treeSize) ?? root, line).toBe(root);
      this.roots.set(treeSize, root);
      if (verb === 'opens') {
        expect(treeSize).toBeGreaterThanOrEqual(this.acknowledged.at(-1)?.treeSize ?? 0);
      }
      if (verb === 'acknowledges') this.acknowledged.push({ treeSize, value: rest.join(' ') });
    }
  }

  /** Runs the program until it is dead. @param afterMs killed from outside, so long after the log is open */
  async run(point: string, afterMs?: number): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, join(folder, 'log'), point], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (afterMs !== undefined && output === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
      output += text;
    });
    const signal = await new Promise((resolve) => child.on('close', (_code, by) => resolve(by)));
    expect(signal).toBe('SIGKILL');
    this.kills++;
    this.read(output);
  }

  /** Opens the log in this program, and searches for all that was acknowledged. */
  async check(): Promise<void> {
    const suite = KT_128_SHA256_Ed25519;
    const vrfKey = suite.vrf.parsePrivateKey(new Uint8Array(32).fill(8));
    const configuration = {
      ciphersuite: suite.id,
      mode: 'contactMonitoring',
      signaturePublicKey: suite.signatures.scheme.derivePublicKey(new Uint8Array(32).fill(7)),
      vrfPublicKey: vrfKey.publicKey.encoded,
      maxAheadMs: 1000,
      maxBehindMs: 1000,
      reasonableMonitoringWindowMs: 50,
      maximumLifetimeMs: undefined,
    } as const;
    const secret = new SecretBytes(new Uint8Array(32).fill(7));
    const store = openFileStore(join(folder, 'log'));
    const operator: Operator = await createOperator(encodeConfiguration(configuration), {
      suite,
      vrfKey,
      store,
      signer: (tbs) => suite.signatures.sign(secret, tbs),
    });
    const { treeSize, root } = operator.head as NonNullable<Operator['head']>;
    expect(this.roots.get(treeSize) ?? 'published just now').toBe(Buffer.from(root).toString('hex'));
    const found = new Set<string>();
    for (const label of new Set(this.acknowledged.map(({ value }) => value.slice(0, 7)))) {
      const known = { last: undefined, label: new TextEncoder().encode(label) };
      const newest = { ...known, version: undefined };
      const bytes = await operator.search(encodeSearchRequest(newest));
      const { version: greatest = 0 } = parseSearchResponse(bytes, configuration, newest);
      for (let version = 0; version <= greatest; version++) {
        const request = { ...known, version };
        const response = await operator.search(encodeSearchRequest(request));
        const { value } = parseSearchResponse(response, configuration, request).value;
        found.add(new TextDecoder().decode(value));
      }
    }
    for (const { value } of this.acknowledged) expect(found).toContain(value);
    store.close();
  }
}

test.each(POINTS)('killed at: %s', async (point) => {
  const record = new Record();
  // In the first log entry, then in later ones, of one log.
  for (const count of [1, 2, 5]) await record.run(`${point} ${count}`);
  await record.check();
  expect(record.kills).toBe(3);
});

test('killed at any time, 150 times', async () => {
  const record = new Record();
  for (let i = 0; i < 150; i++) await record.run('never', (i * 7) % 41);
  await record.check();
  expect(record.kills).toBe(150);
  expect(record.acknowledged.length).toBeGreaterThan(50);
}, 300_000);
