/** Logs to search in, and what of them stands in the vectors. */
import { keyPairFrom, signMessage } from '../../test/reference/keys.js';
import {
  answerSearch,
  logOf,
  retainedAt,
  type World,
  type WorldEntry,
} from '../../test/reference/keytrans-answers.js';
import { baseBinaryLadder } from '../../test/reference/keytrans-order.js';
import {
  type ConfigurationValue,
  contextOf,
  type RequestValue,
  type ResponseValue,
  SUITES,
} from '../../test/reference/keytrans-responses.js';
import type { Combined, Retained, SearchTask, VersionKey } from '../../test/reference/keytrans-searches.js';
import { writeWire } from '../../test/reference/keytrans-wire.js';
import { insert, type Tree } from '../../test/reference/prefix-tree.js';
import { commitment, vrfOutput, vrfProve } from '../../test/reference/vrf.js';
import { bytesOf } from './people.js';
import { bytes, type Fields, hex, type Json, list, number } from './vector-file.js';

/**
 * A log in which one label gets versions, and another label one in two of three entries.
 * @param greatest the greatest version of the label at each entry; -1 for none
 * @param versions those up to the greatest that are there
 */
export function logFor(
  name: string,
  greatest: readonly number[],
  times: readonly number[],
  keyOf: World['keyOf'],
  versions: (upTo: number) => readonly number[] = (upTo) => Array.from({ length: upTo + 1 }, (_, i) => i),
): World {
  let tree: Tree;
  const there = new Set<number>();
  const entries = greatest.map((upTo, position): WorldEntry => {
    const added = upTo < 0 ? [] : versions(upTo).filter((version) => !there.has(version));
    for (const version of added) {
      there.add(version);
      const { vrfOutput: key, commitment: value } = keyOf(version);
      tree = insert(tree, { vrfOutput: key, commitment: value as Uint8Array });
    }
    if (position % 3 !== 0) {
      tree = insert(tree, {
        vrfOutput: bytesOf(`${name}, another label ${position}`),
        commitment: bytesOf(`${name}, another commitment ${position}`),
      });
    }
    return { timestampMs: times[position] as number, tree, greatest: upTo };
  });
  return { entries, keyOf };
}

/** Keys that stand for those of a cipher suite. */
export const namedKeys =
  (name: string): World['keyOf'] =>
  (version) => ({
    vrfOutput: bytesOf(`${name}, version ${version}`),
    commitment: bytesOf(`${name}, commitment to version ${version}`),
  });

// ------------------------------------------------------------------------------------- fields

export const retainedField = (retained: Retained | null): Json =>
  retained && {
    treeSize: retained.treeSize,
    fullSubtrees: retained.fullSubtrees.map(hex),
    frontier: retained.frontier.map(({ position, timestampMs, prefixTree }) => ({
      position,
      timestampMs,
      prefixTree: hex(prefixTree),
    })),
  };

export function retainedFrom(field: Json | undefined): Retained | null {
  if (field === null) return null;
  const { treeSize, fullSubtrees, frontier } = field as Fields;
  return {
    treeSize: number(treeSize),
    fullSubtrees: list(fullSubtrees).map(bytes),
    frontier: list(frontier).map((entry) => {
      const { position, timestampMs, prefixTree } = entry as Fields;
      return {
        position: number(position),
        timestampMs: number(timestampMs),
        prefixTree: bytes(prefixTree),
      };
    }),
  };
}

export const encodeCombined = (proof: Combined): Buffer =>
  writeWire('CombinedTreeProof', proof, contextOf(2, false)).bytes;

// ------------------------------------------------------------------------------------- answers

/** A log with the keys of a cipher suite. */
export interface SuiteLog {
  readonly world: World;
  readonly config: ConfigurationValue;
  readonly configuration: Buffer;
  /** The response to a request of a user who saw the tree at `last`. */
  answer(treeSize: number, last: number | undefined, version: number | undefined): Answered;
  encodeRequest(request: RequestValue): Buffer;
  encodeResponse(response: ResponseValue, namesVersion: boolean): Buffer;
}

export interface Answered {
  readonly request: RequestValue;
  readonly response: ResponseValue;
  readonly retained: Retained | null;
}

const LABEL = Buffer.from('alice@example.org');
export const valueOf = (version: number): Buffer => Buffer.from(`the keys of Alice, version ${version}`);

export function suiteLog(
  ciphersuite: 1 | 2,
  name: string,
  greatest: readonly number[],
  times: readonly number[],
  windowMs: number,
): SuiteLog {
  const { vrf, scheme } = SUITES[ciphersuite] as { readonly vrf: string; readonly scheme: number };
  const vrfSecret = bytesOf(`${name}, VRF`);
  const pair = keyPairFrom(scheme, bytesOf(`${name}, operator`));
  const encode = (structure: string, value: unknown, namesVersion = false): Buffer =>
    writeWire(structure, value, contextOf(ciphersuite, namesVersion)).bytes;
  const vrfOf = (version: number) => vrfProve(vrf, vrfSecret, encode('VrfInput', { label: LABEL, version }));
  const openingOf = (version: number): Buffer => bytesOf(`${name}, opening ${version}`).subarray(0, 16);
  const updateOf = (version: number) => ({ value: valueOf(version), suffix: { signature: undefined } });
  const keyOf = (version: number): VersionKey => ({
    vrfOutput: vrfOutput(vrfOf(version).beta),
    commitment: commitment(
      encode('CommitmentValue', {
        opening: openingOf(version),
        label: LABEL,
        version,
        update: updateOf(version),
      }),
    ),
  });
  const config: ConfigurationValue = {
    ciphersuite,
    mode: 'contactMonitoring',
    signaturePublicKey: pair.publicKey.key,
    vrfPublicKey: vrfOf(0).PK,
    maxAheadMs: 60_000,
    maxBehindMs: 86_400_000,
    reasonableMonitoringWindowMs: windowMs,
    maximumLifetimeMs: undefined,
  };
  const world = logFor(name, greatest, times, keyOf);

  function headOf(treeSize: number, last: number | undefined): ResponseValue['fullTreeHead'] {
    if (treeSize === last) return { headType: 'same' };
    const tbs = encode('TreeHeadTbs', { config, treeSize, root: logOf(world).root(treeSize) });
    return {
      headType: 'updated',
      treeHead: { treeSize, signature: signMessage(pair, tbs) },
      auditorTreeHead: undefined,
    };
  }

  return {
    world,
    config,
    configuration: encode('Configuration', config),
    answer(treeSize, last, version) {
      const newest = (world.entries[treeSize - 1] as WorldEntry).greatest;
      const target = version ?? newest;
      const retained = last === undefined ? null : retainedAt(world, last);
      const task: SearchTask = {
        treeSize,
        auditorSize: null,
        retained,
        windowMs,
        maximumLifetimeMs: null,
        kind: version === undefined ? 'greatest' : 'fixed',
        target,
      };
      const { proof } = answerSearch(world, task);
      return {
        request: { last, label: LABEL, version },
        retained,
        response: {
          fullTreeHead: headOf(treeSize, last),
          version: version === undefined ? target : undefined,
          opening: openingOf(target),
          value: updateOf(target),
          binaryLadder: baseBinaryLadder(target).map((each) => ({
            proof: vrfOf(each).pi,
            commitment: each === target || each > newest ? undefined : keyOf(each).commitment,
          })),
          search: proof,
        },
      };
    },
    encodeRequest: (request) => encode('SearchRequest', request),
    encodeResponse: (response, namesVersion) => encode('SearchResponse', response, namesVersion),
  };
}
