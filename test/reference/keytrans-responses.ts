/**
 * A SearchResponse as a user verifies it: the six steps of "Search" under "User Operations" (draft-ietf-keytrans-
 * protocol, commit 526cc8a), in a log that is deployed for contact monitoring. What the user's clock decides is left
 * out.
 */
import { demand, Refusal } from './encoding.js';
import { ECDSA_P256_SHA256, ED25519, verifyMessage } from './keys.js';
import type { Context } from './keytrans-context.js';
import * as order from './keytrans-order.js';
import {
  type Combined,
  type Retained,
  type SearchTask,
  type VerifiedSearch,
  type VersionKey,
  verifySearch,
} from './keytrans-searches.js';
import { readWire, writeWire } from './keytrans-wire.js';
import { commitment, vrfOutput, vrfVerify } from './vrf.js';

type Bytes = Uint8Array;

export interface ConfigurationValue {
  readonly ciphersuite: number;
  readonly mode: string;
  readonly signaturePublicKey: Bytes;
  readonly vrfPublicKey: Bytes;
  readonly maxAheadMs: number;
  readonly maxBehindMs: number;
  readonly reasonableMonitoringWindowMs: number;
  readonly maximumLifetimeMs: number | undefined;
}

export interface RequestValue {
  readonly last: number | undefined;
  readonly label: Bytes;
  readonly version: number | undefined;
}

export interface ResponseValue {
  readonly fullTreeHead:
    | { readonly headType: 'same' }
    | {
        readonly headType: 'updated';
        readonly treeHead: { readonly treeSize: number; readonly signature: Bytes };
        readonly auditorTreeHead: undefined;
      };
  readonly version: number | undefined;
  readonly opening: Bytes;
  readonly value: { readonly value: Bytes; readonly suffix: { readonly signature: undefined } };
  readonly binaryLadder: readonly { readonly proof: Bytes; readonly commitment: Bytes | undefined }[];
  readonly search: Combined;
}

export const SUITES: Readonly<Record<number, { readonly vrf: string; readonly scheme: number }>> = {
  1: { vrf: 'ECVRF-P256-SHA256-TAI', scheme: ECDSA_P256_SHA256 },
  2: { vrf: 'ECVRF-EDWARDS25519-SHA512-TAI', scheme: ED25519 },
};

export const contextOf = (ciphersuite: number, namesVersion: boolean): Context => ({
  ciphersuite,
  mode: 'contactMonitoring',
  namesVersion,
});

export interface VerifiedAnswer extends VerifiedSearch {
  readonly treeSize: number;
  readonly version: number;
  readonly value: Bytes;
}

export function verifyAnswer(
  configurationBytes: Bytes,
  requestBytes: Bytes,
  responseBytes: Bytes,
  retained: Retained | null,
): VerifiedAnswer {
  const plain = contextOf(1, false);
  const config = readWire('Configuration', configurationBytes, plain) as ConfigurationValue;
  const request = readWire('SearchRequest', requestBytes, plain) as RequestValue;
  const context = contextOf(config.ciphersuite, request.version !== undefined);
  const response = readWire('SearchResponse', responseBytes, context) as ResponseValue;
  const { label } = request;
  const version = (request.version ?? response.version) as number;
  const suite = SUITES[config.ciphersuite] as { readonly vrf: string; readonly scheme: number };
  const encode = (name: string, value: unknown): Buffer => writeWire(name, value, context).bytes;

  // Step 2
  const ladder = order.baseBinaryLadder(version);
  demand(response.binaryLadder.length === ladder.length, 'ladder-length');
  demand(response.binaryLadder[ladder.indexOf(version)]?.commitment === undefined, 'ladder-length');
  // Step 3
  const { opening, value: update } = response;
  const target = commitment(encode('CommitmentValue', { opening, label, version, update }));
  const versions = new Map<number, VersionKey>();
  for (const [i, each] of ladder.entries()) {
    const step = response.binaryLadder[i] as ResponseValue['binaryLadder'][number];
    const beta = vrfVerify(
      suite.vrf,
      config.vrfPublicKey,
      encode('VrfInput', { label, version: each }),
      step.proof,
    );
    versions.set(each, {
      vrfOutput: vrfOutput(beta),
      commitment: each === version ? target : step.commitment,
    });
  }
  // Steps 4 and 5
  const { fullTreeHead } = response;
  const treeSize = fullTreeHead.headType === 'same' ? retained?.treeSize : fullTreeHead.treeHead.treeSize;
  if (treeSize === undefined || retained?.treeSize !== request.last) throw new Error('another user');
  const task: SearchTask = {
    treeSize,
    auditorSize: null,
    retained,
    windowMs: config.reasonableMonitoringWindowMs,
    maximumLifetimeMs: config.maximumLifetimeMs ?? null,
    kind: request.version === undefined ? 'greatest' : 'fixed',
    target: version,
  };
  const verified = verifySearch(task, versions, response.search);
  if (verified.outcome !== 'found') throw new Error('a negative result is no SearchResponse');
  // Step 6
  if (fullTreeHead.headType === 'updated') {
    const tbs = encode('TreeHeadTbs', { config, treeSize, root: verified.root });
    const key = { scheme: suite.scheme, key: config.signaturePublicKey };
    if (!verifyMessage(key, tbs, fullTreeHead.treeHead.signature)) throw new Refusal('signature');
  }
  return { ...verified, treeSize, version, value: update.value };
}
