/** A key transparency log with its head log, witnesses and users, for tests: everything in memory, nothing over a network. */

import { createHash } from 'node:crypto';
import {
  encodeEntryBundle,
  hashLeaf,
  parseEntryBundlePath,
  parseTilePath,
  signCheckpoint,
  treeRoot,
  type VerifierKey,
} from '../../src/log.js';
import type { Operator, OperatorStore } from '../../src/operator.js';
import type { NodeEntry } from '../../src/prefix.js';
import { KT_128_SHA256_Ed25519 } from '../../src/suites.js';
import { createClient, type DistinguishedHeads } from '../../src/transparency.js';
import {
  createHeadTracker,
  createWitness,
  type HeadLog,
  type HeadLogOptions,
  type HeadTracker,
  type HeadTrackerOptions,
  openHeadLog,
  type Witness,
  type WitnessOutcome,
  type WitnessStore,
} from '../../src/witnesses.js';
import { openLog, type TrustedLog } from '../../src/transparency/verifier/trusted-log.js';
import { encodeTreeHeadTbs } from '../../src/transparency/wire/tree-head.js';
import { encodeWitnessedHead } from '../../src/transparency/witnesses/witnessed-head.js';
import { signerOf, type TestSigner } from '../support/log-notes.js';
import { bytesOf, createWorld, quickSuite, type World } from './operator-world.js';

export const HEADS_ORIGIN = 'example.com/heads';
export const WINDOW_MS = 100;
export const START_MS = 1_700_000_000_000;
export const HEADS_SIGNER: TestSigner = signerOf(HEADS_ORIGIN, 'ed25519', 40);

/** A suite whose signatures are hashes: what is slow here are checkpoints. */
export const QUICK = quickSuite(KT_128_SHA256_Ed25519);

/** A store that can be copied, as a database is from a backup, and made to fail. */
export class CopyableStore implements OperatorStore {
  readonly values: Map<string, Uint8Array>;
  /** Called before and after each write: may throw. */
  onWrite: (side: 'before' | 'after', key: string) => void = () => undefined;

  constructor(values: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.values = new Map(values);
  }

  copy(): CopyableStore {
    return new CopyableStore(this.values);
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return keys.map((key) => this.values.get(key)?.slice());
  }

  async putMany(entries: readonly NodeEntry[]): Promise<void> {
    for (const entry of entries) this.put(entry);
  }

  async putNew(entry: NodeEntry): Promise<boolean> {
    if (this.values.has(entry.key)) return false;
    this.put(entry);
    return true;
  }

  private put({ key, value }: NodeEntry): void {
    this.onWrite('before', key);
    this.values.set(key, value.slice());
    this.onWrite('after', key);
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.values.delete(key);
  }
}

/** A witness's store. */
export function witnessStore(): WitnessStore & { readonly notes: Map<string, Uint8Array> } {
  const notes = new Map<string, Uint8Array>();
  return {
    notes,
    get: async (origin) => notes.get(origin)?.slice(),
    async replace(origin, before, after) {
      const stored = notes.get(origin);
      if (Buffer.compare(stored ?? Buffer.alloc(0), before ?? Buffer.alloc(0)) !== 0) return false;
      notes.set(origin, after.slice());
      return true;
    },
  };
}

/** A witness with its key. */
export interface TestWitness extends Witness {
  readonly key: VerifierKey;
}

export function witnessOf(index: number, store: WitnessStore = witnessStore()): TestWitness {
  const signer = signerOf(`witness.example/${index}`, 'cosignature', 50 + index);
  const logs = [{ origin: HEADS_ORIGIN, keys: [HEADS_SIGNER.key] }];
  return { ...createWitness({ logs, signer, store }), key: signer.key };
}

/** A witness that cosigns whatever it is asked to: its memory is wiped before each request. */
export function colludingWitnessOf(index: number): TestWitness {
  const { key } = witnessOf(index);
  return {
    key,
    checkpoint: async () => undefined,
    async addCheckpoint(body, time) {
      const text = Buffer.from(body).toString();
      const fresh = Buffer.from(`old 0\n\n${text.slice(text.indexOf('\n\n') + 2)}`);
      return witnessOf(index).addCheckpoint(fresh, time);
    },
  };
}

/** A key transparency log, its head log, and time, which passes when entries are added. */
export class WitnessedWorld {
  readonly world: World;
  readonly store: CopyableStore;
  operator!: Operator;
  heads!: HeadLog;
  nowMs = START_MS;

  constructor(store = new CopyableStore(), windowMs: number = WINDOW_MS) {
    this.store = store;
    this.world = createWorld({ suite: QUICK, windowMs, store });
  }

  static async open(options: Partial<HeadLogOptions> = {}, windowMs?: number): Promise<WitnessedWorld> {
    const made = new WitnessedWorld(new CopyableStore(), windowMs);
    return made.reopen(options);
  }

  async reopen(options: Partial<HeadLogOptions> = {}): Promise<this> {
    this.operator = await this.world.open();
    this.heads = await this.openHeads(options);
    return this;
  }

  openHeads(options: Partial<HeadLogOptions> = {}): Promise<HeadLog> {
    const { store } = this;
    return openHeadLog(this.world.bytes, {
      suite: QUICK,
      origin: HEADS_ORIGIN,
      signers: [HEADS_SIGNER],
      store,
      ...options,
    });
  }

  /** The same log up to here, and another one from here on, under the same keys. */
  async fork(options: Partial<HeadLogOptions> = {}): Promise<WitnessedWorld> {
    const other = new WitnessedWorld(this.store.copy());
    other.nowMs = this.nowMs;
    return other.reopen(options);
  }

  /** Adds log entries, so many milliseconds apart. */
  async grow(count: number, stepMs = 40, name = 'x'): Promise<void> {
    for (let i = 0; i < count; i++) {
      this.nowMs += stepMs;
      const label = bytesOf(`label ${this.operator.head?.treeSize ?? 0}`);
      await this.operator.insert([{ label, values: [bytesOf(name)] }], { nowMs: this.nowMs });
    }
  }

  /** Appends what is new, and asks witnesses. */
  async round(witnesses: readonly TestWitness[] = []): Promise<readonly WitnessOutcome[]> {
    await this.append();
    await this.heads.signCheckpoint();
    return this.ask(witnesses);
  }

  async append(): Promise<void> {
    await this.heads.append(await this.operator.distinguishedHeads(this.heads.newest?.position));
  }

  /** Asks each witness, a second time where it has another size. */
  async ask(witnesses: readonly TestWitness[]): Promise<readonly WitnessOutcome[]> {
    const outcomes: WitnessOutcome[] = [];
    for (const witness of witnesses) {
      const once = async (): Promise<WitnessOutcome> => {
        const { body, take } = await this.heads.submit(witness.key);
        return take(await witness.addCheckpoint(body, { nowMs: this.nowMs }));
      };
      const first = await once();
      outcomes.push(first.outcome === 'conflict' ? await once() : first);
    }
    return outcomes;
  }

  /** What a user's client proves of the log. */
  async prove(state?: Uint8Array): Promise<DistinguishedHeads & { readonly after: Uint8Array }> {
    const { request, verify } = createClient(this.world.bytes, { suite: QUICK, state }).distinguishedHeads();
    return verify(await this.operator.distinguished(request), { nowMs: this.nowMs });
  }

  tracker(witnesses: readonly TestWitness[], options: Partial<HeadTrackerOptions> = {}): HeadTracker {
    const keys = witnesses.map(({ key }) => key);
    return createHeadTracker(this.world.bytes, {
      suite: QUICK,
      origin: HEADS_ORIGIN,
      keys: [HEADS_SIGNER.key],
      witnesses: { threshold: Math.floor(keys.length / 2) + 1, keys },
      maxAgeMs: 5000,
      maxLagMs: 1000,
      ...options,
    });
  }

  /** Lets a tracker read the head log that is served. */
  async read(tracker: HeadTracker, from: HeadLog = this.heads): Promise<HeadTracker> {
    const note = await from.read('checkpoint');
    const { paths, verify } = tracker.open(note as Uint8Array, { nowMs: this.nowMs });
    return tracker.at(verify(await filesOf(from, paths)).after);
  }
}

export async function filesOf(heads: HeadLog, paths: readonly string[]): Promise<Uint8Array[]> {
  const files: Uint8Array[] = [];
  for (const path of paths) {
    const file = await heads.read(path);
    if (file === undefined) throw new Error(`nothing at ${path}`);
    files.push(file);
  }
  return files;
}

export const digest = (text: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(text).digest());

/** A head log of any entries, honest or not, made naively: every node is hashed anew from its leaves. */
export class PlainHeads {
  readonly entries: Uint8Array[];
  private readonly leaves = new WeakMap<Uint8Array, Uint8Array>();

  constructor(entries: readonly Uint8Array[]) {
    this.entries = [...entries];
  }

  head(treeSize = this.entries.length): { readonly treeSize: number; readonly root: Uint8Array } {
    return { treeSize, root: this.rootOver(this.entries.slice(0, treeSize)) };
  }

  /** Signed by the head log and cosigned by these. */
  note(witnesses: readonly TestSigner[], nowMs: number, treeSize = this.entries.length): Uint8Array {
    const draft = { origin: HEADS_ORIGIN, ...this.head(treeSize) };
    return signCheckpoint(draft, [HEADS_SIGNER, ...witnesses], { nowMs });
  }

  node(level: number, index: number): Uint8Array {
    return this.rootOver(this.entries.slice(index * 2 ** level, (index + 1) * 2 ** level));
  }

  private rootOver(entries: readonly Uint8Array[]): Uint8Array {
    const leaves = entries.map((entry) => {
      const leaf = this.leaves.get(entry) ?? hashLeaf(entry);
      this.leaves.set(entry, leaf);
      return leaf;
    });
    return treeRoot(new Uint8Array(Buffer.concat(leaves)));
  }

  file(path: string): Uint8Array {
    if (path.startsWith('tile/entries/')) {
      const { index, width } = parseEntryBundlePath(path);
      return encodeEntryBundle(this.entries.slice(index * 256, index * 256 + width));
    }
    const { level, index, width } = parseTilePath(path);
    const nodes = Array.from({ length: width }, (_, i) => this.node(8 * level, index * 256 + i));
    return new Uint8Array(Buffer.concat(nodes));
  }
}

/** Signers of cosignatures that check nothing. */
export const COSIGNERS: readonly TestSigner[] = [0, 1, 2].map((i) =>
  signerOf(`cosigner.example/${i}`, 'cosignature', 70 + i),
);

const logs = new WeakMap<World, TrustedLog>();

/** An entry of a head log, of this log or, with another configuration, of another one. */
export function entryOf(
  world: World,
  position: number,
  timestampMs: number,
  root: Uint8Array = digest(`root ${position}`),
): Uint8Array {
  const log = logs.get(world) ?? openLog(world.bytes, world.suite);
  logs.set(world, log);
  const tbs = encodeTreeHeadTbs({ config: world.configuration, treeSize: position + 1, root });
  return encodeWitnessedHead(log, { position, timestampMs, root, signature: world.sign(tbs) });
}

/** The code that a call is refused with. */
export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined) throw error;
    return code;
  }
  return 'accepted';
}
