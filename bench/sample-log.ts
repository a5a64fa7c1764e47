/**
 * A log for benchmarks: its store is in memory, its clock is moved by hand, and its labels are numbered.
 */

import { createHash } from 'node:crypto';
import type { TreeHasher } from 'contact-key-verification/log.js';
import { createOperator, type LabelUpdate, type Operator } from 'contact-key-verification/operator.js';
import { createMemoryNodeStore, type MemoryNodeStore } from 'contact-key-verification/prefix.js';
import { type CipherSuite, SecretBytes } from 'contact-key-verification/suites.js';
import { type Configuration, encodeConfiguration } from 'contact-key-verification/transparency.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';

/** The reasonable monitoring window of these logs: a day. */
export const WINDOW_MS = 86_400_000;

/** A log, without an operator yet. */
export interface SampleLog {
  readonly suite: CipherSuite;
  readonly configuration: Configuration;
  readonly configurationBytes: Uint8Array;
  readonly store: MemoryNodeStore;
  /** The log's time, in milliseconds since 1970. */
  nowMs: number;
  /** Its operator, with the suite or with {@link withoutVrf} of it. One at a time writes. */
  open(chosen: CipherSuite): Promise<Operator>;
}

/** A log with new keys. */
export function createSampleLog(suite: CipherSuite): SampleLog {
  const secret = suite.signatures.scheme.generatePrivateKey();
  const key = new SecretBytes(secret);
  const vrfKey = suite.vrf.generatePrivateKey();
  const configuration: Configuration = {
    ciphersuite: suite.id,
    mode: 'contactMonitoring',
    signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
    vrfPublicKey: vrfKey.publicKey.encoded,
    maxAheadMs: 60_000,
    maxBehindMs: 60_000,
    reasonableMonitoringWindowMs: WINDOW_MS,
    maximumLifetimeMs: undefined,
  };
  const configurationBytes = encodeConfiguration(configuration);
  const store = createMemoryNodeStore();
  const hasher: TreeHasher = createWasmHasher();
  return {
    suite,
    configuration,
    configurationBytes,
    store,
    nowMs: 1_700_000_000_000,
    open: (chosen) =>
      createOperator(configurationBytes, {
        suite: chosen,
        vrfKey,
        store,
        hasher,
        signer: (treeHeadTbs) => suite.signatures.sign(key, treeHeadTbs),
      }),
  };
}

/** A suite with a hash in the place of its VRF: to fill logs, as the VRF would take an hour for 10^6 labels. */
export function withoutVrf(suite: CipherSuite): CipherSuite {
  return {
    ...suite,
    vrf: {
      ...suite.vrf,
      prove: (_, input) => {
        const output = new Uint8Array(createHash('sha256').update(input).digest());
        return { output, proof: new Uint8Array(suite.vrf.proofLength).fill(output[0] as number) };
      },
    },
  };
}

/** UTF-8. */
export const text = (label: string): Uint8Array => new TextEncoder().encode(label);

/** A label's next version, with a value of its own for each label. */
export const updateOf = (label: string): LabelUpdate => ({ label: text(label), values: [valueOf(label)] });

/** The value of every version of a label. */
export const valueOf = (label: string): Uint8Array => text(`value of ${label}`);

/** Inserts the labels of these numbers, so many in a log entry, an entry every so many milliseconds. */
export async function fillLog(
  log: SampleLog,
  operator: Operator,
  {
    from,
    to,
    batch,
    everyMs,
  }: {
    readonly from: number;
    readonly to: number;
    readonly batch: number;
    readonly everyMs: number;
  },
): Promise<void> {
  for (let at = from; at < to; at += batch) {
    const count = Math.min(batch, to - at);
    log.nowMs += everyMs;
    await operator.insert(
      Array.from({ length: count }, (_, i) => updateOf(`label ${at + i}`)),
      { nowMs: log.nowMs },
    );
  }
}
