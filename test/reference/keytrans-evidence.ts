/**
 * Evidence that a log of draft-ietf-keytrans-protocol contradicts itself, by the page "Evidence" of CKV/1, slowly: what a
 * third person reads and checks, and what users tell each other of the log.
 */
import { concat, demand, equal, uint } from './encoding.js';
import { verifyMessage } from './keys.js';
import { WireReader, WireWriter } from './keytrans-bytes.js';
import { type Context, LARGEST_VALUE, must, Nc, Nh, Np, readHash, writeHash } from './keytrans-context.js';
import { AuditorTreeHead, Configuration, LogEntry, TreeHead, UpdateValue } from './keytrans-heads.js';
import { evaluate, isBalanced, leafValue, logEntry, type Range } from './keytrans-log.js';
import { PrefixProof } from './keytrans-proofs.js';
import { contextOf, type LogConfiguration, SUITES, type UpdateField } from './keytrans-users.js';
import { writeWire } from './keytrans-wire.js';
import { evaluate as evaluatePrefix, type Proof, type Search } from './prefix-tree.js';
import { keytransParent, split } from './tree.js';
import { checkCommitment, vrfOutput, vrfVerify } from './vrf.js';

type Bytes = Uint8Array;

export interface Head {
  readonly signer: 'log' | 'auditor';
  readonly treeSize: number;
  readonly signature: Bytes;
  /** Of an auditor's head. */
  readonly timestampMs?: number;
}

export interface ForkSide {
  readonly head: Head;
  readonly nodes: readonly Bytes[];
}

export interface VersionSide {
  readonly treeHead: { readonly treeSize: number; readonly signature: Bytes };
  readonly position: number;
  readonly timestampMs: number;
  readonly inclusion: readonly Bytes[];
  readonly lookups: readonly Search[];
  readonly proof: Proof;
  readonly opened: { readonly opening: Bytes; readonly update: UpdateField } | undefined;
}

export interface Placed {
  readonly position: number;
  readonly entry: { readonly timestampMs: number; readonly prefixTree: Bytes };
}

export interface SignedValue {
  readonly value: Bytes;
  readonly signature: Bytes;
}

export type Accusation =
  | { readonly kind: 'fork'; readonly size: number; readonly sides: readonly ForkSide[] }
  | {
      readonly kind: 'changedVersion';
      readonly label: Bytes;
      readonly version: number;
      readonly vrfProof: Bytes;
      readonly sides: readonly VersionSide[];
    }
  | {
      readonly kind: 'reversedTime';
      readonly treeHead: VersionSide['treeHead'];
      readonly entries: readonly Placed[];
      readonly inclusion: readonly Bytes[];
    }
  | {
      readonly kind: 'twoValues';
      readonly label: Bytes;
      readonly version: number;
      readonly values: readonly SignedValue[];
    };

export interface SignedHeads {
  readonly head: Head;
  readonly sizes: readonly number[];
  readonly nodes: readonly Bytes[];
}

export interface VersionProof {
  readonly label: Bytes;
  readonly version: number;
  readonly vrfProof: Bytes;
  readonly side: VersionSide;
}

// ------------------------------------------------------------------------------------- forms

function readHead(r: WireReader, c: Context): Head {
  if (r.enumerator([1, 2]) === 1) return { signer: 'log', ...TreeHead.read(r, c) };
  return { signer: 'auditor', ...AuditorTreeHead.read(r, c) };
}

function writeHead(w: WireWriter, head: Head, c: Context): void {
  w.enumerator([1, 2], head.signer === 'log' ? 1 : 2);
  if (head.signer === 'log') TreeHead.write(w, head, c);
  else AuditorTreeHead.write(w, { ...head, timestampMs: must(head.timestampMs) }, c);
}

/** At least one of them: `<1..…>`. */
function readSome<T>(r: WireReader, width: number, least: number, read: () => T): T[] {
  const values = r.vector(width, least, read);
  demand(values.length > 0, 'vector-length');
  return values;
}

const readForkSide = (r: WireReader, c: Context): ForkSide => ({
  head: readHead(r, c),
  nodes: readSome(r, 1, Nh, readHash(r)),
});

function writeForkSide(w: WireWriter, { head, nodes }: ForkSide, c: Context): void {
  writeHead(w, head, c);
  w.vector(1, nodes, writeHash(w));
}

const readVersionSide = (r: WireReader, c: Context): VersionSide => ({
  treeHead: TreeHead.read(r, c),
  position: r.uint(8),
  timestampMs: r.uint(8),
  inclusion: r.vector(1, Nh, readHash(r)),
  lookups: readSome(r, 1, Nh + 1, () => ({ vrfOutput: r.fixed(Nh), commitment: r.optional(readHash(r)) })),
  proof: PrefixProof.read(r, c) as Proof,
  opened: r.optional(() => ({ opening: r.fixed(Nc), update: UpdateValue.read(r, c) as UpdateField })),
});

function writeVersionSide(w: WireWriter, side: VersionSide, c: Context): void {
  TreeHead.write(w, side.treeHead, c);
  w.uint64(side.position);
  w.uint64(side.timestampMs);
  w.vector(1, side.inclusion, writeHash(w));
  w.vector(1, side.lookups, ({ vrfOutput: output, commitment }) => {
    w.fixed(Nh, output);
    w.optional(commitment, writeHash(w));
  });
  PrefixProof.write(w, side.proof as never, c);
  w.optional(side.opened, ({ opening, update }) => {
    w.fixed(Nc, opening);
    UpdateValue.write(w, update, c);
  });
}

const readPlaced = (r: WireReader, c: Context): Placed => ({
  position: r.uint(8),
  entry: LogEntry.read(r, c),
});
const readSignedValue = (r: WireReader): SignedValue => ({
  value: r.opaque(4, LARGEST_VALUE),
  signature: r.opaque(2),
});

function readAccusation(r: WireReader, c: Context): Accusation {
  const kind = r.enumerator([1, 2, 3, 4]);
  if (kind === 1) {
    return { kind: 'fork', size: r.uint(8), sides: [readForkSide(r, c), readForkSide(r, c)] };
  }
  if (kind === 3) {
    return {
      kind: 'reversedTime',
      treeHead: TreeHead.read(r, c),
      entries: [readPlaced(r, c), readPlaced(r, c)],
      inclusion: r.vector(1, Nh, readHash(r)),
    };
  }
  const named = { label: r.opaque(1), version: r.uint(4) };
  if (kind === 4) return { kind: 'twoValues', ...named, values: [readSignedValue(r), readSignedValue(r)] };
  return {
    kind: 'changedVersion',
    ...named,
    vrfProof: r.fixed(Np(c)),
    sides: [readVersionSide(r, c), readVersionSide(r, c)],
  };
}

function writeAccusation(w: WireWriter, given: Accusation, c: Context): void {
  w.enumerator([1, 2, 3, 4], ['fork', 'changedVersion', 'reversedTime', 'twoValues'].indexOf(given.kind) + 1);
  if (given.kind === 'fork') {
    w.uint64(given.size);
    for (const side of given.sides) writeForkSide(w, side, c);
  } else if (given.kind === 'reversedTime') {
    TreeHead.write(w, given.treeHead, c);
    for (const { position, entry } of given.entries) {
      w.uint64(position);
      LogEntry.write(w, entry, c);
    }
    w.vector(1, given.inclusion, writeHash(w));
  } else {
    w.opaque(1, given.label);
    w.uint(4, given.version);
    if (given.kind === 'changedVersion') {
      w.fixed(Np(c), given.vrfProof);
      for (const side of given.sides) writeVersionSide(w, side, c);
    } else {
      for (const { value, signature } of given.values) {
        w.opaque(4, value);
        w.opaque(2, signature);
      }
    }
  }
}

export function encodeEvidence(config: LogConfiguration, accusation: Accusation): Buffer {
  const w = new WireWriter();
  const c = contextOf(config);
  w.uint(2, 1);
  Configuration.write(w, config as never, c);
  writeAccusation(w, accusation, c);
  return w.bytes();
}

export function encodeSignedHeads({ head, sizes, nodes }: SignedHeads, config: LogConfiguration): Buffer {
  const w = new WireWriter();
  w.uint(2, 1);
  writeHead(w, head, contextOf(config));
  w.vector(1, sizes, (size) => w.uint64(size));
  w.vector(2, nodes, writeHash(w));
  return w.bytes();
}

export function encodeVersionProof(proof: VersionProof, config: LogConfiguration): Buffer {
  const w = new WireWriter();
  const c = contextOf(config);
  w.uint(2, 1);
  w.opaque(1, proof.label);
  w.uint(4, proof.version);
  w.fixed(Np(c), proof.vrfProof);
  writeVersionSide(w, proof.side, c);
  return w.bytes();
}

// ------------------------------------------------------------------------------------- logs

function configurationOf(bytes: Bytes): LogConfiguration {
  const r = new WireReader(bytes);
  const config = Configuration.read(r, { ciphersuite: 2, mode: '', namesVersion: false });
  r.end();
  return config as LogConfiguration;
}

function isSigned(config: LogConfiguration, key: Bytes | undefined, tbs: Bytes, signature: Bytes): boolean {
  return verifyMessage({ scheme: SUITES[config.ciphersuite].scheme, key: must(key) }, tbs, signature);
}

const tbsOf = (config: LogConfiguration, name: string, fields: object): Buffer =>
  writeWire(name, { config, ...fields }, contextOf(config)).bytes;

function verifyHead(
  config: LogConfiguration,
  { signer, treeSize, signature, timestampMs }: Head,
  root: Bytes,
): void {
  if (signer === 'log') {
    const tbs = tbsOf(config, 'TreeHeadTbs', { treeSize, root });
    demand(isSigned(config, config.signaturePublicKey, tbs, signature), 'signature');
    return;
  }
  demand(config.mode === 'thirdPartyAuditing', 'auditor-signature');
  const tbs = tbsOf(config, 'AuditorTreeHeadTbs', { timestampMs, treeSize, root });
  demand(isSigned(config, config.auditorPublicKey, tbs, signature), 'auditor-signature');
}

/** "A manager and a service operator with one key": then a value may be a head. */
function demandOwnKeys(config: LogConfiguration): void {
  if (config.mode !== 'thirdPartyManagement') return;
  demand(!equal(config.signaturePublicKey, must(config.leafPublicKey)), 'evidence-keys');
}

/** The roots at some sizes and that of the whole, from balanced subtrees that do not cross these sizes. */
export function rootsOf(treeSize: number, sizes: readonly number[], nodes: readonly Bytes[]): Bytes[] {
  const ends = [...sizes, treeSize];
  demand(
    ends.every((end) => end > 0),
    'empty-head',
  );
  demand(
    ends.every((end, i) => i === 0 || end > (ends[i - 1] as number)),
    'heads-reversed',
  );
  if (sizes.length === 0) {
    demand(nodes.length === 1, 'proof-length');
    return [nodes[0] as Bytes];
  }
  const ranges = cutRanges(treeSize, sizes);
  demand(nodes.length === ranges.length, 'proof-length');
  const known = new Map(ranges.map(([begin, end], i) => [`${begin} ${end}`, nodes[i] as Bytes]));
  const value = (begin: number, end: number): Bytes => {
    const there = known.get(`${begin} ${end}`);
    if (there !== undefined) return there;
    const k = split(end - begin);
    return keytransParent(value(begin, begin + k), k === 1, value(begin + k, end), end - begin - k === 1);
  };
  return ends.map((end) => value(0, end));
}

/** The balanced subtrees that a tree falls into when it is cut at some sizes. */
export function cutRanges(treeSize: number, sizes: readonly number[]): Range[] {
  const inside = (begin: number, end: number): Range[] => {
    const isCut = sizes.some((size) => begin < size && size < end);
    if (!isCut && isBalanced(end - begin)) return [[begin, end]];
    const middle = begin + split(end - begin);
    return [...inside(begin, middle), ...inside(middle, end)];
  };
  return inside(0, treeSize);
}

// ------------------------------------------------------------------------------------- evidence

/** What evidence proves against a log, or a `Refusal`. @param meant the encoded configuration, or null for any log */
export function verifyEvidence(bytes: Bytes, meant: Bytes | null) {
  demand(bytes.length <= 2 ** 22, 'too-large');
  const r = new WireReader(bytes);
  demand(r.uint(2) === 1, 'unknown-version');
  const config = Configuration.read(r, { ciphersuite: 2, mode: '', namesVersion: false }) as LogConfiguration;
  const accusation = readAccusation(r, contextOf(config));
  r.end();
  const accused = writeWire('Configuration', config, contextOf(config)).bytes;
  demand(meant === null || equal(meant, accused), 'evidence-other-log');
  demandOwnKeys(config);
  return { kind: accusation.kind, ...factsOf(config, accusation) };
}

function factsOf(config: LogConfiguration, accusation: Accusation) {
  switch (accusation.kind) {
    case 'fork': {
      const { size, sides } = accusation;
      const heads = sides.map(({ head, nodes }) => {
        const { signer, treeSize } = head;
        const roots = rootsOf(treeSize, size === treeSize ? [] : [size], nodes);
        const root = roots.at(-1) as Bytes;
        verifyHead(config, head, root);
        return { signer, treeSize, root, rootAtSize: roots[0] as Bytes };
      });
      demand(!equal(...pair(heads.map(({ rootAtSize }) => rootAtSize))), 'evidence-agrees');
      return { accused: [...new Set(heads.map(({ signer }) => signer))], size, heads };
    }
    case 'changedVersion': {
      const { label, version, vrfProof, sides } = accusation;
      const versions = sides.map((side) => provenVersion(config, { label, version, vrfProof, side }));
      demand(!equal(...pair(versions.map(({ commitment }) => commitment))), 'evidence-agrees');
      demand(!isExpired(config, pair(versions)), 'evidence-expired');
      return { accused: ['log'], label, version, versions };
    }
    case 'reversedTime': {
      const { treeHead, entries, inclusion } = accusation;
      const [left, right] = pair(entries);
      const isReversed = left.position < right.position && left.entry.timestampMs > right.entry.timestampMs;
      demand(isReversed, 'evidence-agrees');
      verifyEntries(config, treeHead, entries, inclusion);
      return {
        accused: ['log'],
        treeSize: treeHead.treeSize,
        entries: entries.map(({ position, entry: { timestampMs } }) => ({ position, timestampMs })),
      };
    }
    case 'twoValues': {
      const { label, version, values } = accusation;
      demand(config.mode === 'thirdPartyManagement', 'value-signature');
      verifyTwoValues(config, label, version, values);
      demand(!equal(...pair(values.map(({ value }) => value))), 'evidence-agrees');
      return { accused: ['serviceOperator'], label, version, values: values.map(({ value }) => value) };
    }
  }
}

const pair = <T>(two: readonly T[]): readonly [T, T] => [two[0] as T, two[1] as T];

function verifyTwoValues(
  config: LogConfiguration,
  label: Bytes,
  version: number,
  values: readonly SignedValue[],
): void {
  for (const { value, signature } of values) {
    const tbs = tbsOf(config, 'UpdateTbs', { label, version, value });
    demand(isSigned(config, config.leafPublicKey, tbs, signature), 'value-signature');
  }
}

/** Log entries in the tree of a signed head. */
function verifyEntries(
  config: LogConfiguration,
  { treeSize, signature }: VersionSide['treeHead'],
  entries: readonly Placed[],
  inclusion: readonly Bytes[],
): void {
  demand(treeSize > 0, 'empty-head');
  demand(
    entries.every(({ position }) => position < treeSize),
    'index-beyond-tree',
  );
  const batch = { n: treeSize, leaves: entries.map(({ position }) => position), m: 0, nP: 0 };
  const leaves = entries.map(({ entry }) => leafValue(logEntry(entry.timestampMs, entry.prefixTree)));
  const { root } = evaluate(batch, leaves, [], inclusion);
  verifyHead(config, { signer: 'log', treeSize, signature }, root);
}

function provenVersion(config: LogConfiguration, { label, version, vrfProof, side }: VersionProof) {
  const context = contextOf(config);
  const alpha = writeWire('VrfInput', { label, version }, context).bytes;
  const key = vrfOutput(vrfVerify(SUITES[config.ciphersuite].vrf, config.vrfPublicKey, alpha, vrfProof));
  const { treeHead, position, timestampMs, inclusion, lookups, proof, opened } = side;
  const at = lookups.findIndex(({ vrfOutput: output }) => equal(output, key));
  const commitment = lookups[at]?.commitment;
  demand(commitment !== undefined && proof.results[at]?.resultType === 'inclusion', 'prefix-absent');
  if (opened !== undefined) {
    const committed = writeWire('CommitmentValue', { label, version, ...opened }, context).bytes;
    checkCommitment(commitment as Bytes, committed);
  }
  const prefixTree = evaluatePrefix(lookups, proof);
  verifyEntries(config, treeHead, [{ position, entry: { timestampMs, prefixTree } }], inclusion);
  return {
    treeSize: treeHead.treeSize,
    position,
    timestampMs,
    commitment: commitment as Bytes,
    value: opened?.update.value,
  };
}

/** "subtracting … and checking if the result is greater than or equal to the defined duration" */
function isExpired(
  { maximumLifetimeMs }: LogConfiguration,
  [a, b]: readonly [{ readonly timestampMs: number }, { readonly timestampMs: number }],
): boolean {
  return maximumLifetimeMs !== undefined && Math.abs(a.timestampMs - b.timestampMs) >= maximumLifetimeMs;
}

// ------------------------------------------------------------------------------------- comparing

function openSignedHeads(config: LogConfiguration, bytes: Bytes): Map<number, Bytes> {
  demand(bytes.length <= 2 ** 20, 'too-large');
  const r = new WireReader(bytes);
  demand(r.uint(2) === 1, 'unknown-version');
  const head = readHead(r, contextOf(config));
  const sizes = r.vector(1, 8, () => r.uint(8));
  const nodes = readSome(r, 2, Nh, readHash(r));
  r.end();
  demandOwnKeys(config);
  const roots = rootsOf(head.treeSize, sizes, nodes);
  verifyHead(config, head, roots.at(-1) as Bytes);
  return new Map([...sizes, head.treeSize].map((size, i) => [size, roots[i] as Bytes]));
}

/** The largest size at which two users were shown one root, or null for none in common. */
export function compareSignedHeads(configuration: Bytes, own: Bytes, peer: Bytes): number | null {
  const config = configurationOf(configuration);
  const [mine, theirs] = [openSignedHeads(config, own), openSignedHeads(config, peer)];
  const common = [...mine.keys()].filter((size) => theirs.has(size));
  for (const size of common) demand(equal(mine.get(size) as Bytes, theirs.get(size) as Bytes), 'log-fork');
  return common.at(-1) ?? null;
}

function openVersionProof(config: LogConfiguration, bytes: Bytes) {
  demand(bytes.length <= 2 ** 22, 'too-large');
  const r = new WireReader(bytes);
  const context = contextOf(config);
  demand(r.uint(2) === 1, 'unknown-version');
  const named = { label: r.opaque(1), version: r.uint(4), vrfProof: r.fixed(Np(context)) };
  const side = readVersionSide(r, context);
  r.end();
  demandOwnKeys(config);
  return { ...named, ...provenVersion(config, { ...named, side }) };
}

/** Whether two proofs are of one version: then it has one commitment. */
export function compareVersionProofs(configuration: Bytes, own: Bytes, peer: Bytes): boolean {
  const config = configurationOf(configuration);
  const [mine, theirs] = [openVersionProof(config, own), openVersionProof(config, peer)];
  if (mine.version !== theirs.version || !equal(mine.label, theirs.label)) return false;
  if (equal(mine.commitment, theirs.commitment)) return true;
  demand(!isExpired(config, [mine, theirs]), 'entry-expired');
  demand(false, 'version-changed');
  return false;
}

/** Two values that are signed as one version have to be one value. */
export function compareSignedValues(
  configuration: Bytes,
  { label, version }: { readonly label: Bytes; readonly version: number },
  values: readonly SignedValue[],
): void {
  const config = configurationOf(configuration);
  demandOwnKeys(config);
  if (equal(...pair(values.map(({ value }) => value)))) return;
  demand(config.mode === 'thirdPartyManagement', 'value-signature');
  verifyTwoValues(config, label, version, values);
  demand(false, 'value-signed-twice');
}

/** The bytes of an UpdateTBS that are those of a TreeHeadTBS, of these 31 bytes of value; its size and its root. */
export function headLikeValue(value: Bytes): {
  readonly version: number;
  readonly treeSize: number;
  readonly root: Buffer;
} {
  if (value.length !== 31) throw new Error('a root has 32 bytes');
  return { version: 1, treeSize: 2 ** 24, root: concat(uint(1, 31), value) };
}
