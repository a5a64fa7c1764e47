/**
 * A messenger's key directory over a key transparency log, in memory, honest or lying.
 *
 * An honest directory takes the next list of whoever the identifier belongs to, and answers what its log says. A lying
 * one does whatever it wants, because it holds the log's keys: it can put anything under any identifier, copy its log
 * and show each copy to somebody else, answer from a copy that is long out of date. What it lacks are the private keys of
 * the people in it. How it forges is in `lies.ts`.
 */

import { encodeUtf8, parseUtf8 } from 'contact-key-verification/bytes.js';
import { verifyPublication } from 'contact-key-verification/directory.js';
import { DecodeError, PolicyError, VerificationError } from 'contact-key-verification/errors.js';
import type { TreeHasher } from 'contact-key-verification/log.js';
import { type AccessRule, createOperator, type Operator } from 'contact-key-verification/operator.js';
import { KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { type Configuration, encodeConfiguration } from 'contact-key-verification/transparency.js';
import { CopyingStore } from './copying-store.js';
import { type Asker, type Operation, Refused, type Server } from './server.js';

export const MINUTE: number = 60_000;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;

/** What a log is, whatever is in it: its configuration, and the keys that make it this one. */
interface Keys {
  readonly hasher: TreeHasher;
  readonly configuration: Uint8Array;
  readonly signatureKey: SecretBytes;
  readonly vrfKey: ReturnType<typeof suite.vrf.generatePrivateKey>;
}

/** Labels in one log entry, while a log is filled. */
const BATCH = 50;
/** Entries that other people add while time passes. */
const PASSING_ENTRIES = 12;

export class Directory implements Server {
  readonly #keys: Keys;
  readonly #store: CopyingStore;
  readonly #operator: Operator<string>;
  /** Other people’s labels so far. */
  #others: number;

  private constructor(keys: Keys, store: CopyingStore, operator: Operator<string>, others: number) {
    this.#keys = keys;
    this.#store = store;
    this.#operator = operator;
    this.#others = others;
  }

  /** A new log. */
  static open(hasher: TreeHasher): Promise<Directory> {
    const secret = suite.signatures.scheme.generatePrivateKey();
    const vrfKey = suite.vrf.generatePrivateKey();
    const configuration: Configuration = {
      ciphersuite: suite.id,
      mode: 'contactMonitoring',
      signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
      vrfPublicKey: vrfKey.publicKey.encoded,
      maxAheadMs: MINUTE,
      maxBehindMs: DAY,
      reasonableMonitoringWindowMs: HOUR,
      maximumLifetimeMs: undefined,
    };
    const signatureKey = new SecretBytes(secret);
    const keys = { hasher, configuration: encodeConfiguration(configuration), signatureKey, vrfKey };
    return Directory.#operate(keys, new CopyingStore(), 0);
  }

  static async #operate(keys: Keys, store: CopyingStore, others: number): Promise<Directory> {
    const { configuration, hasher, signatureKey, vrfKey } = keys;
    const access: AccessRule<string> = async ({ operation, request }, caller) => {
      // Anybody may look anybody up. What is an owner's, only the account of that identifier may do.
      if (operation === 'update' || operation === 'ownerInit' || operation === 'ownerMonitor') {
        if (caller !== parseUtf8(request.label)) return false;
      }
      if (operation === 'update') verifyPublication(request, await operator.newest(request.label));
      return true;
    };
    const operator: Operator<string> = await createOperator(configuration, {
      suite,
      vrfKey,
      store,
      hasher,
      access,
      signer: (treeHeadTbs) => suite.signatures.sign(signatureKey, treeHeadTbs),
    });
    return new Directory(keys, store, operator, others);
  }

  /** The log's configuration, which every app ships with. */
  get configuration(): Uint8Array {
    return this.#keys.configuration;
  }

  /** Log entries: each has the changes of some time, of as many labels as there were. */
  get treeSize(): number {
    return this.#operator.head?.treeSize ?? 0;
  }

  async answer(operation: Operation, request: Uint8Array, { caller }: Asker): Promise<Uint8Array> {
    return orRefused(() => this.#operator[operation](request, caller));
  }

  async update(request: Uint8Array, { caller, nowMs }: Asker): Promise<readonly Uint8Array[]> {
    // A busy server collects calls for a second or so, and makes one log entry of them.
    const [outcome] = await this.#operator.update([{ request, caller }], { nowMs });
    const { responses, refusal } = outcome ?? {};
    if (responses !== undefined) return responses;
    if (refusal?.code === 'ERR_UPDATE_EMPTY') return [];
    throw new Refused(refusal?.code ?? 'ERR_ACCESS');
  }

  /** Other people publish, spread evenly over some time. @param progress how many labels so far */
  async fill(
    labels: number,
    time: { readonly fromMs: number; readonly toMs: number },
    { batch = BATCH, progress = () => {} }: { batch?: number; progress?: (done: number) => void } = {},
  ): Promise<void> {
    const { fromMs, toMs } = time;
    for (let done = 0; done < labels; ) {
      const count = Math.min(batch, labels - done);
      done += count;
      const nowMs = Math.round(fromMs + ((toMs - fromMs) * done) / labels);
      // Nobody looks these people up, so nobody minds what their lists are.
      const updates = Array.from({ length: count }, () => ({
        label: encodeUtf8(`tel:+1999${String(this.#others++).padStart(7, '0')}`),
        values: [new Uint8Array(500)],
      }));
      await this.#operator.insert(updates, { nowMs });
      progress(done);
    }
  }

  /** Some time passes, in which other people publish. */
  async live(fromMs: number, toMs: number): Promise<void> {
    await this.fill(PASSING_ENTRIES, { fromMs, toMs }, { batch: 1 });
  }

  /** Puts bytes under an identifier without asking anybody: what a lying operator does. */
  async insert(identifier: string, bytes: Uint8Array, nowMs: number): Promise<void> {
    await this.#operator.insert([{ label: encodeUtf8(identifier), values: [bytes] }], { nowMs });
  }

  /** The same log up to here, under the same keys, going its own way from now on: the second face of a liar. */
  fork(): Promise<Directory> {
    return Directory.#operate(this.#keys, this.#store.copy(), this.#others);
  }

  /** Another log under the same keys, with next to nothing in it: what a liar may show to somebody who is new. */
  async face(nowMs: number): Promise<Directory> {
    const face = await Directory.#operate(this.#keys, new CopyingStore(), 0);
    await face.live(nowMs - HOUR, nowMs);
    return face;
  }
}

/** What is wrong with a request goes back to whoever made it; what is wrong with the server does not. */
async function orRefused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isRequest =
      error instanceof DecodeError || error instanceof VerificationError || error instanceof PolicyError;
    if (isRequest) throw new Refused(error.code);
    throw error;
  }
}
