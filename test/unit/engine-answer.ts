/**
 * A SearchResponse read as the draft's "Search" says, step by step, with the engine in the middle: VRF proofs,
 * commitments, the walk, and the tree head's signature over the root that comes out.
 */
import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from '../../src/suites.js';
import type { TreeHasher } from '../../src/hashing/tree-hasher.js';
import type { Configuration } from '../../src/transparency/wire/configuration.js';
import { baseLadder } from '../../src/transparency/walks/ladder.js';
import {
  evaluateProof,
  type EvaluatedProof,
  type KnownVersion,
} from '../../src/transparency/verifier/received-proof.js';
import type { SearchRequest, SearchResponse } from '../../src/transparency/wire/search-messages.js';
import { encodeTreeHeadTbs } from '../../src/transparency/wire/tree-head.js';
import type { TreeView } from '../../src/transparency/verifier/tree-view.js';
import { encodeCommitmentValue, encodeVrfInput } from '../../src/transparency/wire/update.js';
import { type SearchOutcome, walkOf } from './engine-world.js';

const SUITES = { 1: KT_128_SHA256_P256, 2: KT_128_SHA256_Ed25519 };

/** An exchange, and what the user had kept. */
export interface Answer {
  readonly configuration: Configuration;
  readonly request: SearchRequest;
  readonly response: SearchResponse;
  readonly view: TreeView | undefined;
}

/** The version that was searched for. */
export const targetOf = ({ request, response }: Answer): number =>
  request.version ?? (response.version as number);

export function treeSizeOf({ request, response: { fullTreeHead } }: Answer): number {
  return fullTreeHead.headType === 'updated' ? fullTreeHead.treeHead.treeSize : (request.last as number);
}

/** Steps 2 and 3: VRF outputs from verified proofs, and the commitments. */
export function ladderOf(answer: Answer): ReadonlyMap<number, KnownVersion> {
  const { configuration, request, response } = answer;
  const { label } = request;
  const target = targetOf(answer);
  const suite = SUITES[configuration.ciphersuite];
  const vrfKey = suite.vrf.parsePublicKey(configuration.vrfPublicKey);
  const ladder = baseLadder(target);
  if (response.binaryLadder.length !== ladder.length) throw new Error('another ladder');
  return new Map(
    ladder.map((version, i) => {
      const { proof, commitment } = response.binaryLadder[i] as SearchResponse['binaryLadder'][number];
      const vrfOutput = suite.vrf.verify(vrfKey, encodeVrfInput({ label, version }), proof);
      if (version !== target) return [version, { vrfOutput, commitment }];
      if (commitment !== undefined) throw new Error('a commitment to the target version');
      const opened = { opening: response.opening, label, version, update: response.value };
      return [version, { vrfOutput, commitment: suite.commit(encodeCommitmentValue(opened, configuration)) }];
    }),
  );
}

/** Steps 4 and 5: candidates. */
export function evaluateAnswer(answer: Answer, hasher?: TreeHasher): EvaluatedProof<SearchOutcome> {
  const { configuration, request, response, view } = answer;
  const treeSize = treeSizeOf(answer);
  const walk = walkOf({
    treeSize,
    auditorSize: null,
    retained: null,
    windowMs: configuration.reasonableMonitoringWindowMs,
    maximumLifetimeMs: configuration.maximumLifetimeMs ?? null,
    kind: request.version === undefined ? 'greatest' : 'fixed',
    target: targetOf(answer),
  });
  const received = { treeSize, view, versions: ladderOf(answer), proof: response.search };
  return evaluateProof(received, walk, { hasher });
}

/** Step 6. A head that is the same has been verified before; the root must come out of what was kept of it. */
export function verifyHead({ configuration, response }: Answer, root: Uint8Array): void {
  const { fullTreeHead } = response;
  if (fullTreeHead.headType === 'same') return;
  const { treeSize, signature } = fullTreeHead.treeHead;
  const { signatures } = SUITES[configuration.ciphersuite];
  const key = signatures.parsePublicKey(configuration.signaturePublicKey);
  signatures.verify(key, encodeTreeHeadTbs({ config: configuration, treeSize, root }), signature);
}
