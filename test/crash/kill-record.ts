/** What programs that were killed have said, held against each other and against what they left in their file. */

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createOperator, type Operator } from 'contact-key-verification/operator.js';
import { KT_128_SHA256_Ed25519, SecretBytes } from 'contact-key-verification/suites.js';
import {
  encodeConfiguration,
  encodeSearchRequest,
  parseSearchResponse,
} from 'contact-key-verification/transparency.js';
import { expect } from 'vitest';
import { openFileStore } from '../support/file-store.js';

const PROGRAM = fileURLToPath(new URL('../../build/test/crash/programs/operator.js', import.meta.url));

/** `expect`, for claims that are made in methods. */
const claim: typeof expect = expect;

/** What all programs over one file have said. */
export class KillRecord {
  readonly file: string;
  readonly roots = new Map<number, string>();
  readonly acknowledged: { readonly treeSize: number; readonly value: string }[] = [];
  kills = 0;

  constructor(file: string) {
    this.file = file;
  }

  /** Of a size there is one root, whichever program names it. */
  #see(treeSize: number, root: string): void {
    claim(this.roots.get(treeSize) ?? root).toBe(root);
    this.roots.set(treeSize, root);
  }

  /** Takes down what a program has said. */
  read(output: string): void {
    const lines = output.split('\n');
    // A line that was cut short says nothing.
    for (const line of lines.slice(0, -1)) {
      const [verb, size, root = '', ...rest] = line.split(' ');
      const treeSize = Number(size);
      if (treeSize === 0) continue;
      this.#see(treeSize, root);
      if (verb === 'opens') {
        claim(treeSize).toBeGreaterThanOrEqual(this.acknowledged.at(-1)?.treeSize ?? 0);
      }
      if (verb === 'acknowledges') this.acknowledged.push({ treeSize, value: rest.join(' ') });
    }
  }

  /** Runs the program until it is dead. @param afterMs killed from outside, so long after the log is open */
  async run(point: string, afterMs?: number): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, this.file, point], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // A program that does not come to its point is ended, and its test fails below.
    const guard = setTimeout(() => child.kill('SIGTERM'), 20_000);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (afterMs !== undefined && output === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
      output += text;
    });
    const signal = await new Promise((resolve) => child.on('close', (_code, by) => resolve(by)));
    clearTimeout(guard);
    claim(signal).toBe('SIGKILL');
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
    const store = openFileStore(this.file);
    const operator: Operator = await createOperator(encodeConfiguration(configuration), {
      suite,
      vrfKey,
      store,
      signer: (tbs) => suite.signatures.sign(secret, tbs),
    });
    const { treeSize, root } = operator.head as NonNullable<Operator['head']>;
    this.#see(treeSize, Buffer.from(root).toString('hex'));
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
    for (const { value } of this.acknowledged) claim(found).toContain(value);
    store.close();
  }
}
