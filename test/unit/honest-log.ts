/**
 * A log for tests, in memory: it inserts what it is told to, and answers every request as the draft says. Answers are
 * made by the library's own prover; what they are checked with beside is the naive history that is kept here.
 *
 * It can be made to lie where a test wants it to: `patch` changes a response before it is encoded, `cut` answers from
 * an earlier tree, `fork` copies the log so that the copy goes another way under the same keys.
 */

import { createHash } from 'node:crypto';
import { createPrefixTree, type PrefixLeaf, type PrefixTreeHead } from '../../src/prefix.js';
import { type CipherSuite, SecretBytes } from '../../src/suites.js';
import { type Configuration, encodeConfiguration } from '../../src/transparency/wire/configuration.js';
import {
  type DistinguishedResponse,
  encodeDistinguishedResponse,
  parseDistinguishedRequest,
} from '../../src/transparency/wire/distinguished-messages.js';
import { walkDistinguishedHeads, type IsRecent } from '../../src/transparency/walks/distinguished-heads.js';
import { walkFixedVersion } from '../../src/transparency/walks/fixed-version-search.js';
import { walkGreatestVersion } from '../../src/transparency/walks/greatest-version-search.js';
import { baseLadder, searchLadder } from '../../src/transparency/walks/ladder.js';
import { walkLabelUpdate } from '../../src/transparency/walks/label-update.js';
import {
  type ContactMonitorResponse,
  encodeContactMonitorResponse,
  parseContactMonitorRequest,
} from '../../src/transparency/wire/monitor-messages.js';
import { walkMonitoring } from '../../src/transparency/walks/monitoring.js';
import {
  encodeOwnerInitResponse,
  encodeOwnerMonitorResponse,
  type OwnerInitResponse,
  type OwnerMonitorResponse,
  parseOwnerInitRequest,
  parseOwnerMonitorRequest,
} from '../../src/transparency/wire/owner-messages.js';
import { walkOwnerInitialization, walkOwnerMonitoring } from '../../src/transparency/walks/owner-walks.js';
import {
  type Credential,
  type CredentialUpdate,
  encodeCredential,
  encodeCredentialUpdate,
  parseCredential,
} from '../../src/transparency/wire/credential.js';
import { walkSettlement } from '../../src/transparency/walks/credential-walks.js';
import {
  type CombinedTreeProof,
  encodeLogEntry,
  type PrefixProof,
} from '../../src/transparency/wire/proofs.js';
import {
  type ProofRequest,
  recordProof,
  type StoredLabel,
} from '../../src/transparency/operator/recorded-proof.js';
import {
  type BinaryLadderStep,
  encodeSearchResponse,
  parseSearchRequest,
  type SearchResponse,
} from '../../src/transparency/wire/search-messages.js';
import {
  encodeAuditorTreeHeadTbs,
  encodeTreeHeadTbs,
  type FullTreeHead,
} from '../../src/transparency/wire/tree-head.js';
import {
  encodeUpdateResponse,
  parseUpdateRequest,
  type UpdateResponse,
} from '../../src/transparency/wire/update-messages.js';
import {
  encodeCommitmentValue,
  encodeUpdateTbs,
  encodeVrfInput,
  type UpdateSuffix,
} from '../../src/transparency/wire/update.js';
import { askLookUps, type Walk } from '../../src/transparency/walks/walk.js';

/** A version of a label, as the log has it. */
export interface StoredVersion {
  readonly position: number;
  /** The log entry from which on it is gone: what no log may do. */
  readonly until?: number;
  /** `undefined` for one that was skipped. */
  readonly value: Uint8Array | undefined;
  readonly opening: Uint8Array;
  readonly suffix: UpdateSuffix;
}

/** New versions of a label, for one log entry. */
export interface Insertion {
  readonly label: string;
  readonly values: readonly string[];
  /** Versions to be skipped before them; only with a third-party manager. */
  readonly skipped?: number;
}

export interface LogOptions {
  readonly suite: CipherSuite;
  readonly mode?: Configuration['mode'];
  readonly windowMs?: number;
  readonly lifetimeMs?: number | undefined;
  readonly maxAheadMs?: number;
  readonly maxBehindMs?: number;
  readonly maxAuditorLagMs?: number;
  readonly auditorStartPos?: number;
  /** What its VRF key is made of. */
  readonly vrfSecret?: string;
  /** The configuration that it signs under, where that is not its own. */
  readonly published?: Configuration;
}

/** What a CredentialUpdate is asked for. */
export interface Settlement {
  readonly version: number;
  readonly treeSize: number;
  readonly terminal: number;
  readonly distinguished: number;
}

/** How one answer differs from an honest one. */
export interface Lie<Response> {
  readonly patch?: (response: Response) => Response;
  /** Answers as the log was at this size. */
  readonly cut?: number;
  /** Leaves of the auditor's tree; default: all. */
  readonly auditorSize?: number;
  /** Ends an owner's monitoring after so many looks. */
  readonly looks?: number;
  /** Does not end it where the owner is not to be told of a version. */
  readonly tellsNothing?: boolean;
  /** Answers as if the entries of the label's history were these. */
  readonly history?: readonly StoredVersion[];
  /**
   * Answers with what the log holds, but as if nothing were wrong with it: where an honest prover stops, since what it
   * finds is not what the operation may show, this one goes on.
   */
  readonly shameless?: boolean;
  /** What it pretends to find, where the operation names greatest versions. */
  readonly claims?: readonly StoredVersion[];
  /** Does not keep a head that the user has. */
  readonly neverSame?: boolean;
  /** Asks its own log something else than the operation would. */
  readonly bend?: <Result>(walk: Walk<Result>) => Walk<Result>;
}

interface Entry {
  readonly timestampMs: number;
  /** What the prover is told, which knows no timestamps that decrease. */
  readonly rankMs: number;
  readonly prefixTree: PrefixTreeHead;
}

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest());

export class HonestLog {
  readonly configuration: Configuration;
  readonly entries: Entry[] = [];
  /** By label in hex. */
  readonly history: Map<string, StoredVersion[]> = new Map();
  readonly #suite: CipherSuite;
  readonly #secrets: { readonly head: Uint8Array; readonly auditor: Uint8Array; readonly value: Uint8Array };
  readonly #vrf: ReturnType<CipherSuite['vrf']['parsePrivateKey']>;
  #prefixes = createPrefixTree();
  #leaves: Uint8Array[] = [];
  #nodes: Map<string, Uint8Array> = new Map();
  #outputs: Map<string, { readonly output: Uint8Array; readonly proof: Uint8Array }> = new Map();

  readonly options: LogOptions;

  constructor(options: LogOptions) {
    this.options = options;
    const { suite, mode = 'contactMonitoring' } = options;
    this.#suite = suite;
    const secret = (name: string): Uint8Array => sha256(utf8(`secret ${name}`));
    this.#secrets = { head: secret('head'), auditor: secret('auditor'), value: secret('value') };
    this.#vrf = suite.vrf.parsePrivateKey(secret(options.vrfSecret ?? 'vrf'));
    const keyOf = (bytes: Uint8Array): Uint8Array => suite.signatures.scheme.derivePublicKey(bytes);
    const common = {
      ciphersuite: suite.id,
      signaturePublicKey: keyOf(this.#secrets.head),
      vrfPublicKey: this.#vrf.publicKey.encoded,
      maxAheadMs: options.maxAheadMs ?? 1000,
      maxBehindMs: options.maxBehindMs ?? 100_000,
      reasonableMonitoringWindowMs: options.windowMs ?? 100,
      maximumLifetimeMs: options.lifetimeMs,
    };
    if (options.published !== undefined) this.configuration = options.published;
    else if (mode === 'contactMonitoring') this.configuration = { ...common, mode };
    else if (mode === 'thirdPartyManagement') {
      this.configuration = { ...common, mode, leafPublicKey: keyOf(this.#secrets.value) };
    } else {
      this.configuration = {
        ...common,
        mode,
        maxAuditorLagMs: options.maxAuditorLagMs ?? 1000,
        auditorStartPos: options.auditorStartPos ?? 0,
        auditorPublicKey: keyOf(this.#secrets.auditor),
      };
    }
  }

  get configurationBytes(): Uint8Array {
    return encodeConfiguration(this.configuration);
  }

  get size(): number {
    return this.entries.length;
  }

  /** The newest timestamp. */
  get nowMs(): number {
    return this.entries.at(-1)?.timestampMs ?? 0;
  }

  /** The same log up to now, that can go another way. */
  fork(): HonestLog {
    const copy = new HonestLog(this.options);
    copy.entries.push(...this.entries);
    for (const [label, versions] of this.history) copy.history.set(label, [...versions]);
    copy.#prefixes = this.#prefixes;
    copy.#leaves = [...this.#leaves];
    return copy;
  }

  /** Appends a log entry. */
  async append(
    timestampMs: number,
    insertions: readonly Insertion[] = [],
    base?: PrefixTreeHead,
  ): Promise<void> {
    const position = this.size;
    const added: PrefixLeaf[] = [];
    for (const { label, values, skipped = 0 } of insertions) {
      const name = utf8(label);
      const versions = this.versionsOf(name);
      for (let i = 0; i < skipped + values.length; i++) {
        const version = versions.length;
        const value = i < skipped ? undefined : utf8(values[i - skipped] as string);
        const opening = sha256(utf8(`${label} ${version} ${position} ${String(values[i - skipped])}`)).slice(
          0,
          16,
        );
        const suffix: UpdateSuffix = { signature: this.#signValue(name, version, value) };
        versions.push({ position, value, opening, suffix });
        added.push({
          vrfOutput: this.#vrfOf(name, version).output,
          commitment: this.commitmentOf(name, version, versions) as Uint8Array,
        });
      }
      this.history.set(hex(name), versions);
    }
    await this.appendLeaves(timestampMs, added, [], base);
  }

  /** Appends a log entry with these changes of the prefix tree, whatever the history says. */
  async appendLeaves(
    timestampMs: number,
    added: readonly PrefixLeaf[],
    removed: readonly Uint8Array[] = [],
    base: PrefixTreeHead | undefined = this.entries.at(-1)?.prefixTree,
  ): Promise<void> {
    const position = this.size;
    const prefixTree = await this.#prefixes.update(base, {
      position: forkPosition(this, position),
      added,
      removed,
    });
    const before = this.entries.at(-1)?.rankMs ?? 0;
    this.entries.push({ timestampMs, rankMs: timestampMs < before ? before + 1 : timestampMs, prefixTree });
    this.#leaves.push(sha256(encodeLogEntry({ timestampMs, prefixTree: prefixTree.root })));
  }

  /** Appends a log entry with versions of a label that are made already; its history is to have them, too. */
  async appendStored(
    timestampMs: number,
    label: Uint8Array,
    versions: readonly number[],
    removed: readonly number[] = [],
  ): Promise<void> {
    const added = versions.map((version) => ({
      vrfOutput: this.vrfOutput(label, version),
      commitment: this.commitmentOf(label, version) as Uint8Array,
    }));
    const gone = removed.map((version) => this.vrfOutput(label, version));
    await this.appendLeaves(timestampMs, added, gone);
  }

  versionsOf(label: Uint8Array): StoredVersion[] {
    return this.history.get(hex(label)) ?? [];
  }

  vrfOutput(label: Uint8Array, version: number): Uint8Array {
    return this.#vrfOf(label, version).output;
  }

  vrfProof(label: Uint8Array, version: number): Uint8Array {
    return this.#vrfOf(label, version).proof;
  }

  commitmentOf(
    label: Uint8Array,
    version: number,
    history: readonly StoredVersion[] = this.versionsOf(label),
  ): Uint8Array | undefined {
    const stored = history[version];
    if (stored === undefined) return undefined;
    if (stored.value === undefined) return new Uint8Array(32);
    const { opening, value, suffix } = stored;
    return this.#suite.commit(
      encodeCommitmentValue({ opening, label, version, update: { value, suffix } }, this.configuration),
    );
  }

  /** The greatest version in a log entry, by the naive history. */
  greatestAt(
    label: Uint8Array,
    position: number,
    history: readonly StoredVersion[] = this.versionsOf(label),
  ): number | undefined {
    const count = history.filter(
      (stored) => stored.position <= position && position < (stored.until ?? Infinity),
    ).length;
    return count === 0 ? undefined : count - 1;
  }

  async search(bytes: Uint8Array, lie: Lie<SearchResponse> = {}): Promise<Uint8Array> {
    const request = parseSearchRequest(bytes);
    const { label, last } = request;
    const treeSize = lie.cut ?? this.size;
    const history = lie.history ?? this.versionsOf(label);
    const claims = lie.claims ?? history;
    const greatest = this.greatestAt(label, treeSize - 1, claims);
    const version = request.version ?? greatest;
    const stored = version === undefined ? undefined : claims[version];
    if (version === undefined || stored?.value === undefined) throw new Error('no such version');
    const { reasonableMonitoringWindowMs: windowMs } = this.configuration;
    const walk: Walk<unknown> =
      request.version === undefined
        ? walkGreatestVersion(treeSize, windowMs, version)
        : walkFixedVersion(treeSize, this.configuration, version);
    const { fullTreeHead, proof } = await this.#prove(label, last, treeSize, walk, lie);
    const response: SearchResponse = {
      fullTreeHead,
      version: request.version === undefined ? version : undefined,
      opening: stored.opening,
      value: { value: stored.value, suffix: stored.suffix },
      binaryLadder: baseLadder(version).map((each) =>
        this.#step(label, each, (greatest ?? -1) >= each && each !== version, history),
      ),
      search: proof,
    };
    return encodeSearchResponse(patched(response, lie), this.configuration, request);
  }

  async monitor(bytes: Uint8Array, lie: Lie<ContactMonitorResponse> = {}): Promise<Uint8Array> {
    const { label, last, entries } = parseContactMonitorRequest(bytes);
    const treeSize = lie.cut ?? this.size;
    const windowMs = this.configuration.reasonableMonitoringWindowMs;
    const { fullTreeHead, proof } = await this.#prove(
      label,
      last,
      treeSize,
      walkMonitoring({ treeSize, windowMs }, entries),
      lie,
    );
    return encodeContactMonitorResponse(patched({ fullTreeHead, monitor: proof }, lie), this.configuration);
  }

  async ownerInit(bytes: Uint8Array, lie: Lie<OwnerInitResponse> = {}): Promise<Uint8Array> {
    const { label, last, start } = parseOwnerInitRequest(bytes);
    const treeSize = lie.cut ?? this.size;
    const history = lie.history ?? this.versionsOf(label);
    const claims = lie.claims ?? history;
    const greatest = (position: number): number | undefined => this.greatestAt(label, position, claims);
    const walk = walkOwnerInitialization(treeSize, this.configuration, start, greatest);
    const { fullTreeHead, proof, result } = await this.#prove(label, last, treeSize, walk, lie);
    const greatestVersions = result.flatMap((entry) => entry.greatest ?? []);
    const versions = new Set([0, ...greatestVersions.flatMap(baseLadder)]);
    const response: OwnerInitResponse = {
      fullTreeHead,
      greatestVersions,
      binaryLadder: [...versions]
        .sort((a, b) => a - b)
        .map((version) => this.#step(label, version, version <= (greatestVersions[0] ?? -1), history)),
      init: proof,
    };
    return encodeOwnerInitResponse(patched(response, lie), this.configuration);
  }

  async ownerMonitor(bytes: Uint8Array, lie: Lie<OwnerMonitorResponse> = {}): Promise<Uint8Array> {
    const { label, last, entries, start, greatestVersion } = parseOwnerMonitorRequest(bytes);
    const treeSize = lie.cut ?? this.size;
    const windowMs = this.configuration.reasonableMonitoringWindowMs;
    const history = lie.history ?? this.versionsOf(label);
    const claims = lie.claims ?? history;
    const greatest = (position: number): number | undefined => this.greatestAt(label, position, claims);
    let ladders = 0;
    const { fullTreeHead, proof } = await this.#prove(
      label,
      last,
      treeSize,
      (function* () {
        yield* walkMonitoring({ treeSize, windowMs, ownerStart: start }, entries);
        yield* walkOwnerMonitoring(treeSize, windowMs, start, greatest);
      })(),
      lie,
      (position) => {
        if (lie.tellsNothing !== true && (greatest(position) ?? -1) > (greatestVersion ?? -1)) return true;
        ladders++;
        return ladders > (lie.looks ?? 10);
      },
    );
    return encodeOwnerMonitorResponse(patched({ fullTreeHead, monitor: proof }, lie), this.configuration);
  }

  /** Answers an update; what it brings is inserted first, in an entry of the given time. */
  async update(
    bytes: Uint8Array,
    timestampMs: number,
    lie: Lie<UpdateResponse> & { readonly responses?: number } = {},
  ): Promise<Uint8Array[]> {
    const request = parseUpdateRequest(bytes);
    const { label } = request;
    const known = request.greatestVersion ?? -1;
    const before = this.versionsOf(label).length - 1;
    if (known > before || (known === before && request.values.length === 0)) throw new Error('rejected');
    if (known === before) {
      const values = request.values.map(({ value }) => Buffer.from(value).toString());
      await this.append(timestampMs, [{ label: Buffer.from(label).toString(), values }]);
    }
    const isOwn = known === before;
    const history = lie.claims ?? this.versionsOf(label);
    const responses: Uint8Array[] = [];
    let last = request.last;
    let from = known + 1;
    while (from < history.length && responses.length < (lie.responses ?? Infinity)) {
      const position = (history[from] as StoredVersion).position;
      const versions = history.flatMap((stored, version) => (stored.position === position ? [version] : []));
      const greatest = versions.at(-1) as number;
      const previousGreatest = from === 0 ? undefined : from - 1;
      const treeSize = lie.cut ?? this.size;
      const { fullTreeHead, proof } = await this.#prove(
        label,
        last,
        treeSize,
        walkLabelUpdate(treeSize, this.configuration.reasonableMonitoringWindowMs, {
          position,
          previousGreatest,
          // Whether an entry was at or left of an owner's start does not matter: none of those is asked.
          previousPosition:
            previousGreatest === undefined ? 0 : (history[previousGreatest] as StoredVersion).position,
          versions,
          greatestAt: (at) => this.greatestAt(label, at, history),
        }),
        lie,
      );
      const omitted = new Set(previousGreatest === undefined ? [0] : baseLadder(previousGreatest));
      const stored = versions.map((version) => history[version] as StoredVersion);
      const created = stored.filter(({ value }) => value !== undefined);
      const response: UpdateResponse = {
        fullTreeHead,
        position,
        skippedVersions:
          this.configuration.mode === 'thirdPartyManagement' ? stored.length - created.length : undefined,
        values: isOwn ? [] : created.map(({ value }) => ({ value: value as Uint8Array })),
        info: created.map(({ opening, suffix }) => ({ opening, suffix })),
        binaryLadder: [...new Set([...baseLadder(greatest), ...versions])]
          .sort((a, b) => a - b)
          .filter((version) => !omitted.has(version))
          .map((version) => this.#step(label, version, version < from, history)),
        update: proof,
      };
      responses.push(encodeUpdateResponse(patched(response, lie), this.configuration));
      last = treeSize;
      from = greatest + 1;
    }
    return responses;
  }

  async distinguished(
    bytes: Uint8Array,
    isRecent: IsRecent,
    lie: Lie<DistinguishedResponse> = {},
  ): Promise<Uint8Array> {
    const { last, stop } = parseDistinguishedRequest(bytes);
    const treeSize = lie.cut ?? this.size;
    const walk = walkDistinguishedHeads(
      treeSize,
      this.configuration.reasonableMonitoringWindowMs,
      stop,
      isRecent,
    );
    const { fullTreeHead, proof } = await this.#prove(new Uint8Array(0), last, treeSize, walk, lie);
    return encodeDistinguishedResponse(
      patched({ fullTreeHead, distinguished: proof }, lie),
      this.configuration,
    );
  }

  /**
   * A credential for the greatest version that the log has at a size, on a distinguished entry: standard where that has
   * the version, if nothing else is asked for.
   */
  async credential(
    label: Uint8Array,
    position: number,
    lie: Lie<Credential> & { readonly kind?: Credential['credentialType'] } = {},
  ): Promise<Uint8Array> {
    const { configuration } = this;
    const windowMs = configuration.reasonableMonitoringWindowMs;
    const treeSize = lie.cut ?? this.size;
    const history = lie.history ?? this.versionsOf(label);
    const claims = lie.claims ?? history;
    const version = this.greatestAt(label, treeSize - 1, claims);
    const stored = version === undefined ? undefined : claims[version];
    if (version === undefined || stored?.value === undefined) throw new Error('no such version');
    const isStandard = this.greatestAt(label, position, claims) === version;
    const shown = {
      label,
      version,
      opening: stored.opening,
      value: { value: stored.value, suffix: stored.suffix },
      binaryLadder: baseLadder(version).map((each) => this.#step(label, each, each < version, history)),
      position,
    };
    const advertisedSize = position + 1;
    let credential: Credential;
    if ((lie.kind ?? (isStandard ? 'standard' : 'provisional')) === 'standard') {
      const walk = askLookUps(position, searchLadder(version, version));
      const sizes = { treeSize: advertisedSize, advertisedSize };
      const { proof } = await this.#record(label, sizes, walk, lie);
      credential = {
        ...shown,
        credentialType: 'standard',
        distinguished: proof.prefixProofs[0] as PrefixProof,
      };
    } else {
      const walk = walkGreatestVersion(treeSize, windowMs, version);
      const { proof: search } = await this.#record(label, { treeSize, advertisedSize }, walk, lie);
      const treeHead = { treeSize, signature: this.signHead(treeSize, this.rootAt(treeSize)) };
      credential = { ...shown, credentialType: 'provisional', treeHead, search };
    }
    return encodeCredential(patched(credential, lie), configuration);
  }

  parseCredential(bytes: Uint8Array): Credential {
    return parseCredential(bytes, this.configuration);
  }

  /** What leads from a credential's tree to a distinguished entry. */
  async credentialUpdate(
    label: Uint8Array,
    { version, treeSize, terminal, distinguished }: Settlement,
    lie: Lie<CredentialUpdate> = {},
  ): Promise<Uint8Array> {
    const { mode, reasonableMonitoringWindowMs: windowMs } = this.configuration;
    const walk = walkSettlement({ terminal, version, distinguished }, mode, windowMs);
    const sizes = { treeSize: distinguished + 1, advertisedSize: treeSize };
    const { proof: monitor } = await this.#record(label, sizes, walk, lie);
    return encodeCredentialUpdate(patched({ monitor }, lie));
  }

  /** The root at a size, by the definition. */
  rootAt(treeSize: number): Uint8Array {
    return this.rootOf(0, treeSize);
  }

  /** The root of the leaves from `first` to before `last`. */
  rootOf(first: number, last: number): Uint8Array {
    const root = (begin: number, end: number): Uint8Array => {
      if (end - begin === 1) return this.#leaves[begin] as Uint8Array;
      let half = 1;
      while (half * 2 < end - begin) half *= 2;
      const tag = (size: number): Uint8Array => Uint8Array.of(size === 1 ? 0 : 1);
      const middle = begin + half;
      return sha256(tag(half), root(begin, middle), tag(end - middle), root(middle, end));
    };
    return root(first, last);
  }

  async #prove<Result, Response>(
    label: Uint8Array,
    last: number | undefined,
    treeSize: number,
    walk: Walk<Result>,
    lie: Lie<Response>,
    endsBefore?: ProofRequest['endsBefore'],
  ) {
    const isSame = last === treeSize && lie.neverSame !== true;
    const isAudited = this.configuration.mode === 'thirdPartyAuditing' && !isSame;
    const auditorSize = isAudited ? (lie.auditorSize ?? treeSize) : undefined;
    const sizes = { treeSize, advertisedSize: last, auditorSize, endsBefore };
    const { result, proof } = await this.#record(label, sizes, walk, lie);
    return { result, proof, fullTreeHead: this.#head(treeSize, isSame, auditorSize) };
  }

  async #record<Result, Response>(
    label: Uint8Array,
    sizes: ProofRequest,
    walk: Walk<Result>,
    lie: Lie<Response>,
  ): Promise<{ readonly result: Result; readonly proof: CombinedTreeProof }> {
    const history = lie.history ?? this.versionsOf(label);
    const stored: StoredLabel = {
      holds: (position, version) => {
        const known = history[version];
        return known !== undefined && known.position <= position && position < (known.until ?? Infinity);
      },
      vrfOutput: (version) => this.#vrfOf(label, version).output,
    };
    const { result, proof } = await recordProof(
      sizes,
      {
        entry: async (position) => {
          const { rankMs, prefixTree } = this.entries[position] as Entry;
          return { timestampMs: rankMs, prefixTree };
        },
        nodes: async (ids) => ids.map(({ level, index }) => this.#node(level, index)),
        prefixTree: this.#prefixes,
      },
      stored,
      bent(walk, lie),
    );
    const timestampsMs = proof.timestampsMs.map(
      (rank) => this.entries.find(({ rankMs }) => rankMs === rank)?.timestampMs ?? rank,
    );
    return { result, proof: { ...proof, timestampsMs } };
  }

  #head(treeSize: number, isSame: boolean, auditorSize: number | undefined): FullTreeHead {
    if (isSame) return { headType: 'same' };
    const config = this.configuration;
    const treeHead = {
      treeSize,
      signature: this.#sign('head', encodeTreeHeadTbs({ config, treeSize, root: this.rootAt(treeSize) })),
    };
    if (auditorSize === undefined) return { headType: 'updated', treeHead, auditorTreeHead: undefined };
    const audited = { timestampMs: this.entries[auditorSize - 1]?.timestampMs ?? 0, treeSize: auditorSize };
    const root = auditorSize === 0 ? new Uint8Array(32) : this.rootAt(auditorSize);
    const tbs = encodeAuditorTreeHeadTbs({ config, ...audited, root });
    return {
      headType: 'updated',
      treeHead,
      auditorTreeHead: { ...audited, signature: this.#sign('auditor', tbs) },
    };
  }

  /** Signs whatever it is given, as an operator can. */
  signHead(treeSize: number, root: Uint8Array): Uint8Array {
    return this.#sign('head', encodeTreeHeadTbs({ config: this.configuration, treeSize, root }));
  }

  /** Signs whatever bytes it is given with the key of tree heads: as a log that has one key for two things. */
  signWithHeadKey(message: Uint8Array): Uint8Array {
    return this.#sign('head', message);
  }

  /** Signs whatever it is given, as an auditor can. */
  signAuditor(
    head: { readonly timestampMs: number; readonly treeSize: number },
    root: Uint8Array,
  ): Uint8Array {
    return this.#sign('auditor', encodeAuditorTreeHeadTbs({ config: this.configuration, ...head, root }));
  }

  #sign(name: 'head' | 'auditor' | 'value', message: Uint8Array): Uint8Array {
    return this.#suite.signatures.sign(new SecretBytes(this.#secrets[name]), message);
  }

  #signValue(label: Uint8Array, version: number, value: Uint8Array | undefined): Uint8Array | undefined {
    if (this.configuration.mode !== 'thirdPartyManagement' || value === undefined) return undefined;
    return this.#sign('value', encodeUpdateTbs({ config: this.configuration, label, version, value }));
  }

  #vrfOf(label: Uint8Array, version: number): { readonly output: Uint8Array; readonly proof: Uint8Array } {
    const key = `${hex(label)} ${version}`;
    const known =
      this.#outputs.get(key) ?? this.#suite.vrf.prove(this.#vrf, encodeVrfInput({ label, version }));
    this.#outputs.set(key, known);
    return known;
  }

  #step(
    label: Uint8Array,
    version: number,
    hasCommitment: boolean,
    history: readonly StoredVersion[],
  ): BinaryLadderStep {
    const commitment = hasCommitment ? this.commitmentOf(label, version, history) : undefined;
    return { proof: this.#vrfOf(label, version).proof, commitment };
  }

  #node(level: number, index: number): Uint8Array {
    if (level === 0) return this.#leaves[index] as Uint8Array;
    const key = `${level} ${index}`;
    const tag = Uint8Array.of(level === 1 ? 0 : 1);
    const known =
      this.#nodes.get(key) ??
      sha256(tag, this.#node(level - 1, index * 2), tag, this.#node(level - 1, index * 2 + 1));
    this.#nodes.set(key, known);
    return known;
  }
}

/** Forks share one store of prefix trees, so each writes under positions of its own. */
let forks = 0;
const offsets = new WeakMap<HonestLog, number>();
function forkPosition(log: HonestLog, position: number): number {
  const offset = offsets.get(log) ?? forks++ * 2 ** 20;
  offsets.set(log, offset);
  return position + offset;
}

/** The same walk, which is told that all it looks for is there. */
function* shameless<Result>(walk: Walk<Result>): Walk<Result> {
  let step = walk.next();
  while (step.done !== true) {
    const question = step.value;
    const answer = yield question;
    if (question.ask === 'lookUps') step = walk.next(question.versions.map(() => true));
    else step = walk.next(question.ask === 'searchLadder' ? 0 : answer);
  }
  return step.value;
}

function bent<Result, Response>(walk: Walk<Result>, lie: Lie<Response>): Walk<Result> {
  const asked = lie.bend === undefined ? walk : lie.bend(walk);
  return lie.shameless === true ? shameless(asked) : asked;
}

function patched<Response>(response: Response, { patch }: Lie<Response>): Response {
  return patch === undefined ? response : patch(response);
}
