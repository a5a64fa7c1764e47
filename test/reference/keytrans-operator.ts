/**
 * A transparency log as its operator runs it (draft-ietf-keytrans-protocol, commit 526cc8a): the history of one label
 * among others, under keys that can sign anything. Proofs come about as the draft suggests: "executing exactly the same
 * algorithms as the user, appending each timestamp or search proof to the structure the first time it would be requested".
 *
 * It looks into the prefix trees that are there, whatever they are, and checks nothing: where the history it goes by and
 * its trees do not agree, it lies.
 */
import { type KeyPair, keyPairFrom, signMessage } from './keys.js';
import { type Combined, Entries, type Retained, type VersionKey } from './keytrans-entries.js';
import { batchProof, KeytransLog, leafValue, logEntry } from './keytrans-log.js';
import type { Owned } from './keytrans-monitoring.js';
import * as order from './keytrans-order.js';
import { type Ends, Recording } from './keytrans-recording.js';
import {
  type AuditorHead,
  contextOf,
  type FullHead,
  type LogConfiguration,
  SUITES,
} from './keytrans-users.js';
import { writeWire } from './keytrans-wire.js';
import { insert, type Leaf, type Tree, value as rootOf } from './prefix-tree.js';
import { commitment, vrfOutput, vrfProve, type VrfTrace } from './vrf.js';

type Bytes = Uint8Array;

export interface LogOptions {
  readonly ciphersuite: 1 | 2;
  readonly mode: LogConfiguration['mode'];
  readonly windowMs: number;
  readonly maximumLifetimeMs?: number;
  readonly label: Bytes;
  /** 32 bytes for a name. */
  readonly secret: (name: string) => Bytes;
  readonly auditorStartPos?: number;
  /** Which auditor; default: the first. */
  readonly auditor?: string;
}

export interface StoredVersion {
  readonly position: number;
  /** Null for a version that was skipped. */
  readonly value: Bytes | null;
  readonly opening: Bytes;
  readonly signature: Bytes | undefined;
}

export interface LogEntry {
  readonly timestampMs: number;
  readonly tree: Tree;
}

export const NO_LEAVES: Pick<LogEntry, 'tree'> = { tree: undefined };

export interface Answering {
  /** As the log was then; default: all of it. */
  readonly treeSize?: number;
  /** Null where no auditor's head goes with it, as in credentials. */
  readonly auditorSize?: number | null;
  readonly ends?: Ends | undefined;
}

export class Operator {
  readonly options: LogOptions;
  readonly config: LogConfiguration;
  entries: readonly LogEntry[] = [];
  /** Of the label, by version. */
  history: readonly StoredVersion[] = [];
  readonly #keys: Readonly<Record<'head' | 'leaf' | 'auditor', KeyPair>>;
  readonly #vrfs: Map<number, VrfTrace>;

  constructor(options: LogOptions, vrfs: Map<number, VrfTrace> = new Map()) {
    this.options = options;
    this.#vrfs = vrfs;
    const { ciphersuite, mode, secret } = options;
    const { scheme } = SUITES[ciphersuite];
    const auditor = options.auditor ?? 'auditor';
    this.#keys = {
      head: keyPairFrom(scheme, secret('operator or manager')),
      leaf: keyPairFrom(scheme, secret('service operator')),
      auditor: keyPairFrom(scheme, secret(auditor)),
    };
    const third = {
      contactMonitoring: {},
      thirdPartyManagement: { leafPublicKey: this.#keys.leaf.publicKey.key },
      thirdPartyAuditing: {
        maxAuditorLagMs: 300_000,
        auditorStartPos: options.auditorStartPos ?? 0,
        auditorPublicKey: this.#keys.auditor.publicKey.key,
      },
    };
    this.config = {
      ciphersuite,
      mode,
      signaturePublicKey: this.#keys.head.publicKey.key,
      vrfPublicKey: this.vrf(0).PK,
      ...third[mode],
      maxAheadMs: 60_000,
      maxBehindMs: 3_600_000,
      reasonableMonitoringWindowMs: options.windowMs,
      maximumLifetimeMs: options.maximumLifetimeMs,
    };
  }

  // ----------------------------------------------------------------------------------- the log

  get size(): number {
    return this.entries.length;
  }

  get configuration(): Buffer {
    return this.#encode('Configuration', this.config);
  }

  /** The same up to here, under the same keys; what follows is its own. */
  fork(change: Partial<LogOptions> = {}): Operator {
    const copy = new Operator({ ...this.options, ...change }, this.#vrfs);
    copy.entries = this.entries;
    copy.history = this.history;
    return copy;
  }

  /** A log entry with new versions of the label, skipped ones first, and one of another label. */
  append(timestampMs: number, values: readonly Bytes[] = [], skipped = 0): void {
    const position = this.size;
    const first = this.history.length;
    const added: StoredVersion[] = Array.from({ length: skipped + values.length }, (_, i) => {
      const version = first + i;
      const value = i < skipped ? null : (values[i - skipped] as Bytes);
      const opening = this.options
        .secret(`opening of version ${version} in entry ${position}`)
        .subarray(0, 16);
      return {
        position,
        value,
        opening,
        signature: value === null ? undefined : this.signValue(version, value),
      };
    });
    this.history = [...this.history, ...added];
    const leaves = added.map((_, i) => this.leaf(first + i));
    const vrf = this.options.secret(`another label in entry ${position}`);
    this.appendLeaves(timestampMs, [
      ...leaves,
      { vrfOutput: vrf, commitment: this.options.secret('its value') },
    ]);
  }

  /** A log entry with these leaves more than those of another, whatever the history says. */
  appendLeaves(
    timestampMs: number,
    leaves: readonly Leaf[],
    before: Pick<LogEntry, 'tree'> = this.entries.at(-1) ?? NO_LEAVES,
  ): void {
    const tree = leaves.reduce<Tree>((rest, leaf) => insert(rest, leaf), before.tree);
    this.entries = [...this.entries, { timestampMs, tree }];
  }

  leaf(version: number): Leaf {
    const { vrfOutput: output, commitment: given } = this.keyOf(version);
    if (given === undefined) throw new Error(`no version ${version}`);
    return { vrfOutput: output, commitment: given };
  }

  greatestAt(x: number): number {
    return this.history.filter(({ position }) => position <= x).length - 1;
  }

  // ----------------------------------------------------------------------------------- one version

  vrf(version: number): VrfTrace {
    const { ciphersuite, label, secret } = this.options;
    const input = this.#encode('VrfInput', { label, version });
    const trace = this.#vrfs.get(version) ?? vrfProve(SUITES[ciphersuite].vrf, secret('VRF'), input);
    this.#vrfs.set(version, trace);
    return trace;
  }

  keyOf(version: number): VersionKey {
    const output = vrfOutput(this.vrf(version).beta);
    const stored = this.history[version];
    if (stored === undefined) return { vrfOutput: output, commitment: undefined };
    const { value, opening, signature } = stored;
    if (value === null) return { vrfOutput: output, commitment: Buffer.alloc(32) };
    const { label } = this.options;
    const update = { value, suffix: { signature } };
    return {
      vrfOutput: output,
      commitment: commitment(this.#encode('CommitmentValue', { opening, label, version, update })),
    };
  }

  signValue(version: number, value: Bytes): Buffer | undefined {
    const { config } = this;
    if (config.mode !== 'thirdPartyManagement') return undefined;
    const { label } = this.options;
    return signMessage(this.#keys.leaf, this.#encode('UpdateTbs', { config, label, version, value }));
  }

  /** "the position where the versions up to the known one were inserted", as an owner who knows them has it. */
  ownedUpTo(greatest: number, start: number): Owned {
    const known = this.history.slice(0, greatest + 1);
    const positions = [...new Set(known.map(({ position }) => position))];
    const all = positions.map((position) => ({
      position,
      version: known.filter((one) => one.position <= position).length - 1,
    }));
    return {
      start,
      greatestAtStart: [...all].reverse().find(({ position }) => position <= start)?.version ?? null,
      later: all.filter(({ position }) => position > start),
    };
  }

  // ----------------------------------------------------------------------------------- proofs and heads

  log(): KeytransLog {
    return new KeytransLog((x) => {
      const { timestampMs, tree } = this.entry(x);
      return leafValue(logEntry(timestampMs, rootOf(tree)));
    });
  }

  entry(x: number): LogEntry {
    const found = this.entries[x];
    if (found === undefined) throw new Error(`no entry ${x}`);
    return found;
  }

  /** The response's common part, to a user who advertised a size. */
  answer<Result>(
    last: number | undefined,
    algorithms: (entries: Entries) => Result,
    { treeSize = this.size, auditorSize = treeSize, ends }: Answering = {},
  ): { readonly fullTreeHead: FullHead; readonly proof: Combined; readonly result: Result } {
    const isSame = last === treeSize;
    const audited = this.config.mode === 'thirdPartyAuditing' && !isSame ? auditorSize : null;
    const log = this.log();
    const kept = last === undefined ? [] : order.frontier(last);
    const task = {
      treeSize,
      auditorSize: null,
      retained:
        last === undefined
          ? null
          : {
              treeSize: last,
              fullSubtrees: [],
              frontier: kept.map((position) => {
                const { timestampMs, tree } = this.entry(position);
                return { position, timestampMs, prefixTree: rootOf(tree) };
              }),
            },
      windowMs: this.options.windowMs,
      maximumLifetimeMs: this.options.maximumLifetimeMs ?? null,
    };
    const record = new Recording(this, ends);
    const entries = new Entries(task, record);
    entries.updateView();
    const result = algorithms(entries);
    const leaves = entries.given();
    const ranges = batchProof({ n: treeSize, leaves, m: last ?? 0, nP: audited ?? 0 });
    return {
      fullTreeHead: isSame ? { headType: 'same' } : this.headOf(treeSize, audited),
      proof: {
        timestampsMs: record.timestampsMs,
        prefixProofs: record.prefixProofs,
        prefixRoots: entries.withoutRoot().map((x) => rootOf(this.entry(x).tree)),
        inclusion: { elements: ranges.map((range) => log.value(range)) },
      },
      result,
    };
  }

  /** What a user keeps of the tree of a size. */
  retainedAt(treeSize: number): Retained {
    return {
      treeSize,
      fullSubtrees: this.log().fullSubtrees(treeSize),
      frontier: order.frontier(treeSize).map((position) => {
        const { timestampMs, tree } = this.entry(position);
        return { position, timestampMs, prefixTree: rootOf(tree) };
      }),
    };
  }

  headOf(treeSize: number, auditorSize: number | null): Exclude<FullHead, { readonly headType: 'same' }> {
    return {
      headType: 'updated',
      treeHead: { treeSize, signature: this.signHead(treeSize, this.log().root(treeSize)) },
      auditorTreeHead: auditorSize === null ? undefined : this.auditorHead(auditorSize),
    };
  }

  signHead(treeSize: number, root: Bytes): Buffer {
    return signMessage(this.#keys.head, this.#encode('TreeHeadTbs', { config: this.config, treeSize, root }));
  }

  auditorHead(treeSize: number, timestampMs: number = this.entry(treeSize - 1).timestampMs): AuditorHead {
    const tbs = { config: this.config, timestampMs, treeSize, root: this.log().root(treeSize) };
    return {
      timestampMs,
      treeSize,
      signature: signMessage(this.#keys.auditor, this.#encode('AuditorTreeHeadTbs', tbs)),
    };
  }

  #encode(name: string, fields: unknown): Buffer {
    return writeWire(name, fields, contextOf(this.options)).bytes;
  }
}
