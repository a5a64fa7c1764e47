/**
 * A user of a log, made of walks alone: asks in bytes, reads every answer, verifies its VRF proofs, commitments, proof
 * and signatures, and keeps what the draft makes users keep.
 */

import type { Operator } from '../../src/operator.js';
import {
  walkDistinguishedHeads,
  type DistinguishedEntry,
} from '../../src/transparency/walks/distinguished-heads.js';
import {
  encodeDistinguishedRequest,
  parseDistinguishedResponse,
} from '../../src/transparency/wire/distinguished-messages.js';
import { walkFixedVersion } from '../../src/transparency/walks/fixed-version-search.js';
import {
  type SearchResult,
  walkGreatestVersion,
} from '../../src/transparency/walks/greatest-version-search.js';
import { baseLadder } from '../../src/transparency/walks/ladder.js';
import { walkLabelUpdate } from '../../src/transparency/walks/label-update.js';
import {
  encodeContactMonitorRequest,
  type MonitorMapEntry,
  parseContactMonitorResponse,
} from '../../src/transparency/wire/monitor-messages.js';
import { walkMonitoring } from '../../src/transparency/walks/monitoring.js';
import {
  encodeOwnerInitRequest,
  encodeOwnerMonitorRequest,
  parseOwnerInitResponse,
  parseOwnerMonitorResponse,
} from '../../src/transparency/wire/owner-messages.js';
import {
  type OwnerMonitoring,
  walkOwnerInitialization,
  walkOwnerMonitoring,
} from '../../src/transparency/walks/owner-walks.js';
import type { CombinedTreeProof } from '../../src/transparency/wire/proofs.js';
import { evaluateProof, type KnownVersion } from '../../src/transparency/verifier/received-proof.js';
import {
  type BinaryLadderStep,
  encodeSearchRequest,
  parseSearchResponse,
} from '../../src/transparency/wire/search-messages.js';
import {
  encodeAuditorTreeHeadTbs,
  encodeTreeHeadTbs,
  type FullTreeHead,
} from '../../src/transparency/wire/tree-head.js';
import type { TreeView } from '../../src/transparency/verifier/tree-view.js';
import { encodeCommitmentValue, encodeVrfInput } from '../../src/transparency/wire/update.js';
import { encodeUpdateRequest, parseUpdateResponse } from '../../src/transparency/wire/update-messages.js';
import type { Walk } from '../../src/transparency/walks/walk.js';
import { bytesOf, textOf, type World } from './operator-world.js';

/** What a user knows of a label's versions, by version. */
export type Versions = Map<number, KnownVersion>;

/** What an owner keeps of a label. */
export interface Owned {
  readonly label: string;
  readonly versions: Versions;
  start: number;
  /** Greatest versions by the positions from which on they are, ascending. */
  readonly history: { readonly position: number; readonly greatest: number }[];
  map: MonitorMapEntry[];
}

export interface Found extends SearchResult {
  readonly version: number;
  readonly value: string;
  readonly versions: Versions;
}

/** A user who begins with a view, or with none. */
export class User {
  readonly world: World;
  readonly operator: Operator;
  view: TreeView | undefined;
  /** Timestamps, as the log shows them, by position. */
  heads: FullTreeHead['headType'][] = [];

  constructor(world: World, operator: Operator, view?: TreeView) {
    this.world = world;
    this.operator = operator;
    this.view = view;
  }

  get last(): number | undefined {
    return this.view?.treeSize;
  }

  /** Searches for a version, or for the greatest. */
  async search(label: string, version?: number): Promise<Found> {
    const { configuration } = this.world;
    const request = { last: this.last, label: bytesOf(label), version };
    const bytes = await this.operator.search(encodeSearchRequest(request));
    const response = parseSearchResponse(bytes, configuration, request);
    const target = version ?? (response.version as number);
    const versions: Versions = new Map();
    const ladder = baseLadder(target);
    equal(response.binaryLadder.length, ladder.length);
    for (const [i, rung] of ladder.entries()) this.#learn(versions, label, rung, response.binaryLadder[i]);
    equal(versions.get(target)?.commitment, undefined);
    this.#open(versions, label, target, response.opening, response.value.value);
    const size = this.#sizeOf(response.fullTreeHead);
    const walk: Walk<unknown> =
      version === undefined
        ? walkGreatestVersion(size, configuration.reasonableMonitoringWindowMs, target)
        : walkFixedVersion(size, configuration, target);
    const result = this.#verify(response.fullTreeHead, response.search, versions, walk);
    if (version !== undefined) equal((result as { outcome: string }).outcome, 'found');
    return { ...(result as SearchResult), version: target, value: textOf(response.value.value), versions };
  }

  /** Monitors versions of a label. Returns the map that is left. */
  async monitor(
    label: string,
    entries: readonly MonitorMapEntry[],
    versions: Versions,
  ): Promise<MonitorMapEntry[]> {
    const { configuration } = this.world;
    const request = { last: this.last, label: bytesOf(label), entries };
    const bytes = await this.operator.contactMonitor(encodeContactMonitorRequest(request));
    const { fullTreeHead, monitor } = parseContactMonitorResponse(bytes, configuration);
    const treeSize = this.#sizeOf(fullTreeHead);
    const walk = walkMonitoring({ treeSize, windowMs: configuration.reasonableMonitoringWindowMs }, entries);
    return this.#verify(fullTreeHead, monitor, versions, walk);
  }

  /** Takes over a label from a distinguished entry on. */
  async own(label: string, start: number): Promise<Owned> {
    const { configuration } = this.world;
    const request = { last: this.last, label: bytesOf(label), start };
    const bytes = await this.operator.ownerInit(encodeOwnerInitRequest(request));
    const { fullTreeHead, greatestVersions, binaryLadder, init } = parseOwnerInitResponse(
      bytes,
      configuration,
    );
    const versions: Versions = new Map();
    const rungs = [...new Set([0, ...greatestVersions.flatMap(baseLadder)])].sort((a, b) => a - b);
    equal(binaryLadder.length, rungs.length);
    for (const [i, rung] of rungs.entries()) {
      this.#learn(versions, label, rung, binaryLadder[i]);
      equal(versions.get(rung)?.commitment !== undefined, rung <= (greatestVersions[0] ?? -1));
    }
    const size = this.#sizeOf(fullTreeHead);
    const walk = walkOwnerInitialization(size, configuration, start, (_, index) => greatestVersions[index]);
    const owned = this.#verify(fullTreeHead, init, versions, walk);
    equal(owned.length >= greatestVersions.length, true);
    const history = owned
      .flatMap(({ position, greatest }) => (greatest === undefined ? [] : [{ position, greatest }]))
      .reverse();
    return { label, versions, start, history, map: [] };
  }

  /** Monitors an owned label, one response. Returns whether there is more. */
  async monitorOwned(owned: Owned): Promise<boolean> {
    const { configuration } = this.world;
    const { label, start, map: entries, versions } = owned;
    const windowMs = configuration.reasonableMonitoringWindowMs;
    const greatestVersion = owned.history.at(-1)?.greatest;
    const request = { last: this.last, label: bytesOf(label), entries, start, greatestVersion };
    const bytes = await this.operator.ownerMonitor(encodeOwnerMonitorRequest(request));
    const { fullTreeHead, monitor } = parseOwnerMonitorResponse(bytes, configuration);
    const treeSize = this.#sizeOf(fullTreeHead);
    const walk = function* (): Walk<{ map: MonitorMapEntry[]; far: OwnerMonitoring }> {
      const map = yield* walkMonitoring({ treeSize, windowMs, ownerStart: start }, entries);
      const far = yield* walkOwnerMonitoring(treeSize, windowMs, start, (position) =>
        greatestAt(owned, position),
      );
      return { map, far };
    };
    const { map, far } = this.#verify(fullTreeHead, monitor, versions, walk());
    // A map has one version for a position: where two have climbed to one, the greater.
    owned.map = map.filter(({ position }, i) => position !== map[i + 1]?.position);
    owned.start = far.verified;
    return far.isPartial;
  }

  /** Asks to create versions, or to be told of those there are. Returns the values, by version. */
  async update(owned: Owned, values: readonly string[], nowMs: number): Promise<Map<number, string>> {
    const { label } = owned;
    const request = {
      last: this.last,
      label: bytesOf(label),
      greatestVersion: owned.history.at(-1)?.greatest,
      values: values.map((value) => ({ value: bytesOf(value) })),
    };
    const [outcome] = await this.operator.update([{ request: encodeUpdateRequest(request) }], { nowMs });
    if (outcome?.responses === undefined) throw outcome?.refusal;
    const learnt = new Map<number, string>();
    for (const response of outcome.responses) this.take(owned, values, response, learnt);
    return learnt;
  }

  /** Reads one response to an update request. */
  take(owned: Owned, values: readonly string[], bytes: Uint8Array, learnt: Map<number, string>): void {
    const { configuration } = this.world;
    const { label, versions, history } = owned;
    const { position: previousPosition = 0, greatest: previousGreatest } = history.at(-1) ?? {};
    const response = parseUpdateResponse(bytes, configuration);
    const given = response.values.length > 0 ? response.values.map(({ value }) => textOf(value)) : values;
    const first = (previousGreatest ?? -1) + 1;
    const inserted = given.map((_, i) => first + i);
    equal(response.info.length, inserted.length);
    const rungs = ladderOf(inserted, previousGreatest);
    equal(response.binaryLadder.length, rungs.length);
    for (const [i, rung] of rungs.entries()) {
      this.#learn(versions, label, rung, response.binaryLadder[i]);
      equal(response.binaryLadder[i]?.commitment !== undefined, rung < first);
    }
    for (const [i, version] of inserted.entries()) {
      this.#open(
        versions,
        label,
        version,
        response.info[i]?.opening as Uint8Array,
        bytesOf(given[i] as string),
      );
      learnt.set(version, given[i] as string);
    }
    const { position } = response;
    const size = this.#sizeOf(response.fullTreeHead);
    const walk = walkLabelUpdate(size, configuration.reasonableMonitoringWindowMs, {
      position,
      previousGreatest,
      previousPosition: Math.max(owned.start, previousPosition),
      versions: inserted,
      greatestAt: (at) => greatestAt(owned, at),
    });
    const { isDistinguished } = this.#verify(response.fullTreeHead, response.update, versions, walk);
    const greatest = inserted.at(-1) as number;
    history.push({ position, greatest });
    if (!isDistinguished) owned.map.push({ position, version: greatest });
  }

  async distinguished(stop: number | undefined, max = 10): Promise<readonly DistinguishedEntry[]> {
    const { configuration } = this.world;
    const bytes = await this.operator.distinguished(encodeDistinguishedRequest({ last: this.last, stop }));
    const { fullTreeHead, distinguished } = parseDistinguishedResponse(bytes, configuration);
    const size = this.#sizeOf(fullTreeHead);
    const { maximumLifetimeMs: lifetime = Infinity, reasonableMonitoringWindowMs: windowMs } = configuration;
    const walk = walkDistinguishedHeads(
      size,
      windowMs,
      stop,
      ({ timestampMs }, before, newestMs) => before < max && newestMs - timestampMs < lifetime,
    );
    return this.#verify(fullTreeHead, distinguished, new Map(), walk);
  }

  #sizeOf(head: FullTreeHead): number {
    this.heads.push(head.headType);
    return head.headType === 'updated' ? head.treeHead.treeSize : (this.last as number);
  }

  #learn(versions: Versions, label: string, version: number, step: BinaryLadderStep | undefined): void {
    const { suite, configuration } = this.world;
    const key = suite.vrf.parsePublicKey(configuration.vrfPublicKey);
    const { proof, commitment } = step as BinaryLadderStep;
    const vrfOutput = suite.vrf.verify(key, encodeVrfInput({ label: bytesOf(label), version }), proof);
    versions.set(version, { vrfOutput, commitment });
  }

  #open(versions: Versions, label: string, version: number, opening: Uint8Array, value: Uint8Array): void {
    const { suite, configuration } = this.world;
    const update = { value, suffix: { signature: undefined } };
    const message = encodeCommitmentValue({ opening, label: bytesOf(label), version, update }, configuration);
    const known = versions.get(version) as KnownVersion;
    versions.set(version, { vrfOutput: known.vrfOutput, commitment: suite.commit(message) });
  }

  /** Runs the walk over the proof, verifies both signatures, and keeps the view. */
  #verify<Result>(
    head: FullTreeHead,
    proof: CombinedTreeProof,
    versions: Versions,
    walk: Walk<Result>,
  ): Result {
    const { suite, configuration: config } = this.world;
    const isUpdated = head.headType === 'updated';
    const treeSize = isUpdated ? head.treeHead.treeSize : (this.last as number);
    if (isUpdated) equal(treeSize > (this.last ?? 0), true);
    const auditor = isUpdated ? head.auditorTreeHead : undefined;
    const received = { treeSize, view: this.view, auditorSize: auditor?.treeSize, versions, proof };
    const evaluated = evaluateProof(received, walk);
    if (isUpdated) {
      const key = suite.signatures.parsePublicKey(config.signaturePublicKey);
      const tbs = encodeTreeHeadTbs({ config, treeSize, root: evaluated.root });
      suite.signatures.verify(key, tbs, head.treeHead.signature);
    } else {
      equal(Buffer.compare(evaluated.root, this.operator.head?.root as Uint8Array), 0);
    }
    if (config.mode === 'thirdPartyAuditing' && auditor !== undefined) {
      const root = evaluated.auditorRoot as Uint8Array;
      const tbs = encodeAuditorTreeHeadTbs({ ...auditor, config, root });
      suite.signatures.verify(
        suite.signatures.parsePublicKey(config.auditorPublicKey),
        tbs,
        auditor.signature,
      );
    }
    this.view = evaluated.view;
    return evaluated.result;
  }
}

/** What the owner expects in an entry. */
function greatestAt({ history }: Owned, position: number): number | undefined {
  let greatest: number | undefined;
  for (const known of history) if (known.position <= position) ({ greatest } = known);
  return greatest;
}

/** The versions of which an update proves VRF outputs, as the draft words it. */
function ladderOf(inserted: readonly number[], previous: number | undefined): number[] {
  const wanted = new Set(baseLadder(inserted.at(-1) as number));
  if (inserted.length > 1) for (const version of inserted) wanted.add(version);
  for (const version of previous === undefined ? [0] : baseLadder(previous)) wanted.delete(version);
  return [...wanted].sort((a, b) => a - b);
}

function equal<T>(found: T, expected: T): void {
  if (found !== expected) throw new Error(`${String(found)} where ${String(expected)} is expected`);
}
