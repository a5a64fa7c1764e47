/** Damages of combined proofs and of search responses: a queue too short or too long, or something else in it. */
import {
  type ConfigurationValue,
  contextOf,
  type RequestValue,
  type ResponseValue,
} from '../../test/reference/keytrans-responses.js';
import type { Combined } from '../../test/reference/keytrans-searches.js';
import { readWire, writeWire } from '../../test/reference/keytrans-wire.js';
import type { Proof, Result } from '../../test/reference/prefix-tree.js';
import { encodeCombined } from './keytrans-search-logs.js';
import { bytes, type Fields, flipped, hex, type Json, list, type VectorFile } from './vector-file.js';

const ZERO = Buffer.alloc(32);
const NEVER: Proof = { results: [], elements: [ZERO] };

const without = <T>(all: readonly T[], at: number): T[] => all.filter((_, i) => i !== at);
const altered = <T>(all: readonly T[], at: number, change: (one: T) => T): T[] =>
  all.map((one, i) => (i === at ? change(one) : one));
const flip = (hash: Uint8Array): Buffer => flipped(hash, 0);

export function addSearchDamages(file: VectorFile): void {
  const EXAMPLE = 'the worked example';
  const FIRST = 'greatest: the first tree that a user sees';
  const SAME = 'greatest: the same tree again';
  const LOOKED = 'fixed: never the greatest, and looked up';
  const BELOW = 'fixed: below the subtree that was kept';
  const AUDITED = 'greatest: an auditor is behind';

  const damaged = (of: string, code: string, damage: string, change: (proof: Combined) => Combined): void => {
    const proof = readWire('CombinedTreeProof', bytes(file.inputOf(of)['proof']), contextOf(2, false));
    file.invalid(of, code, damage, { proof: hex(encodeCombined(change(proof as Combined))) });
  };
  const onSearch = (at: number, change: (proof: Proof) => Proof) => (proof: Combined) => ({
    ...proof,
    prefixProofs: altered(proof.prefixProofs, at, change),
  });
  const times = (change: (all: readonly number[]) => number[]) => (proof: Combined) => ({
    ...proof,
    timestampsMs: change(proof.timestampsMs),
  });

  damaged(
    EXAMPLE,
    'ERR_PROOF_TIMESTAMPS',
    'no timestamp',
    times(() => []),
  );
  damaged(
    EXAMPLE,
    'ERR_PROOF_TIMESTAMPS',
    'the last timestamp is missing',
    times((all) => all.slice(0, -1)),
  );
  damaged(
    EXAMPLE,
    'ERR_PROOF_TIMESTAMPS',
    'a timestamp that was kept',
    times((all) => [...all, 127]),
  );
  damaged(
    SAME,
    'ERR_PROOF_TIMESTAMPS',
    'a timestamp where all were kept',
    times(() => [1200]),
  );

  const searches = (change: (all: readonly Proof[]) => Proof[]) => (proof: Combined) => ({
    ...proof,
    prefixProofs: change(proof.prefixProofs),
  });
  damaged(
    EXAMPLE,
    'ERR_PROOF_SEARCHES',
    'no prefix proof',
    searches(() => []),
  );
  damaged(
    EXAMPLE,
    'ERR_PROOF_SEARCHES',
    'the last prefix proof is missing',
    searches((all) => without(all, 1)),
  );
  damaged(
    EXAMPLE,
    'ERR_PROOF_SEARCHES',
    'a prefix proof of nothing is left over',
    searches((all) => [...all, NEVER]),
  );
  damaged(
    LOOKED,
    'ERR_PROOF_SEARCHES',
    'the version is not looked up',
    searches((all) => all.slice(0, -1)),
  );

  const roots = (change: (all: readonly Uint8Array[]) => Uint8Array[]) => (proof: Combined) => ({
    ...proof,
    prefixRoots: change(proof.prefixRoots),
  });
  damaged(
    EXAMPLE,
    'ERR_PROOF_ROOTS',
    'the prefix root is missing',
    roots(() => []),
  );
  damaged(
    EXAMPLE,
    'ERR_PROOF_ROOTS',
    'a prefix root is left over',
    roots((all) => [...all, ZERO]),
  );
  damaged(
    SAME,
    'ERR_PROOF_ROOTS',
    'a prefix root where all were kept',
    roots(() => [ZERO]),
  );

  const elements = (change: (all: readonly Uint8Array[]) => Uint8Array[]) => (proof: Combined) => ({
    ...proof,
    inclusion: { elements: change(proof.inclusion.elements) },
  });
  damaged(
    EXAMPLE,
    'ERR_PROOF_LENGTH',
    'a head is missing',
    elements((all) => without(all, 0)),
  );
  damaged(
    EXAMPLE,
    'ERR_PROOF_LENGTH',
    'a head is left over',
    elements((all) => [...all, ZERO]),
  );
  damaged(
    SAME,
    'ERR_PROOF_LENGTH',
    'a head where all were kept',
    elements(() => [ZERO]),
  );
  file.invalid(EXAMPLE, 'ERR_PROOF_LENGTH', 'read by one who kept nothing', { retained: null });
  damaged(
    EXAMPLE,
    'ERR_PROOF_LENGTH',
    'a node of a prefix tree is left over',
    onSearch(0, ({ results, elements: nodes }) => ({ results, elements: [...nodes, ZERO] })),
  );

  damaged(
    EXAMPLE,
    'ERR_TIMESTAMP_ORDER',
    'a timestamp below the one kept',
    times(() => [102, 118, 127]),
  );
  damaged(
    EXAMPLE,
    'ERR_TIMESTAMP_ORDER',
    'a timestamp below the one before',
    times(() => [107, 118, 117]),
  );
  damaged(
    FIRST,
    'ERR_TIMESTAMP_ORDER',
    'two timestamps in each other’s place',
    times(([a, b, ...rest]) => [b as number, a as number, ...rest]),
  );
  damaged(
    LOOKED,
    'ERR_TIMESTAMP_ORDER',
    'a timestamp above one to the right',
    times((all) => altered(all, 3, () => 1150)),
  );

  const other = ({ results, elements: nodes }: Proof): Proof => ({
    results,
    elements: altered(nodes, 0, flip),
  });
  damaged(SAME, 'ERR_ENTRY_ROOT', 'a look leads to another root than the one kept', onSearch(0, other));
  damaged(LOOKED, 'ERR_ENTRY_ROOT', 'two looks into one entry lead to two roots', (proof) =>
    onSearch(proof.prefixProofs.length - 1, other)(proof),
  );
  const keptOf = (of: string, change: (retained: Fields) => Fields): Fields => ({
    retained: change(file.inputOf(of)['retained'] as Fields),
  });
  const entries = (at: number, change: Fields) => (retained: Fields) => ({
    ...retained,
    frontier: altered(list(retained['frontier']), at, (entry) => ({ ...(entry as Fields), ...change })),
  });
  const zeros = hex(ZERO);
  file.invalid(
    SAME,
    'ERR_ENTRY_ROOT',
    'another prefix root was kept',
    keptOf(SAME, entries(1, { prefixTree: zeros })),
  );
  file.invalid(
    BELOW,
    'ERR_RETAINED_SUBTREE',
    'another head was kept',
    keptOf(BELOW, (retained) => ({ ...retained, fullSubtrees: [zeros] })),
  );

  const more =
    (extra: Result[]) =>
    ({ results, elements: nodes }: Proof): Proof => ({
      results: [...results, ...extra],
      elements: nodes,
    });
  const fewer = ({ results, elements: nodes }: Proof): Proof => ({
    results: results.slice(0, -1),
    elements: nodes,
  });
  damaged(EXAMPLE, 'ERR_LADDER_LENGTH', 'a ladder ends too early', onSearch(0, fewer));
  damaged(
    EXAMPLE,
    'ERR_LADDER_LENGTH',
    'nothing is looked up',
    onSearch(1, () => NEVER),
  );
  damaged(
    EXAMPLE,
    'ERR_LADDER_LENGTH',
    'a ladder goes on after it is decided',
    onSearch(0, more([{ resultType: 'inclusion', depth: 3 }])),
  );
  damaged(
    EXAMPLE,
    'ERR_LADDER_LENGTH',
    'what may be left out is shown again',
    onSearch(1, ({ results, elements: nodes }) => ({
      results: [{ resultType: 'inclusion', depth: 3 }, ...results],
      elements: nodes,
    })),
  );

  const shown =
    (at: number, result: (depth: number) => Result) =>
    (proof: Proof): Proof => ({
      results: altered(proof.results.slice(0, at + 1), at, ({ depth }) => result(depth)),
      elements: proof.elements,
    });
  // The ladder of 2 is 0 1 3 2: what is said of 3 decides, and what is said of 2 in the last entry.
  damaged(
    EXAMPLE,
    'ERR_GREATEST_VERSION',
    'the last entry has a greater version',
    onSearch(
      1,
      shown(0, (depth) => ({ resultType: 'inclusion', depth })),
    ),
  );
  const hidden = list(file.inputOf(FIRST)['versions'])[0] as Fields;
  const leaf = { vrfOutput: bytes(hidden['vrfOutput']), commitment: bytes(hidden['commitment']) };
  damaged(
    FIRST,
    'ERR_PREFIX_LEAF_KEY',
    'a version is hidden behind its own leaf',
    onSearch(
      0,
      shown(0, (depth) => ({ resultType: 'nonInclusionLeaf', leaf, depth })),
    ),
  );
  file.invalid(FIRST, 'ERR_PREFIX_COMMITMENT', 'nothing is known of what is there', {
    versions: list(file.inputOf(FIRST)['versions']).map((field) => ({
      ...(field as Fields),
      commitment: null,
    })),
  });

  file.invalid(FIRST, 'ERR_HEAD_EMPTY', 'a tree of no entries', { treeSize: 0 });
  file.invalid(AUDITED, 'ERR_HEAD_EMPTY', 'an auditor who has seen nothing', { auditorSize: 0 });
  file.invalid(EXAMPLE, 'ERR_HEAD_ORDER', 'a tree that has shrunk', { treeSize: 3 });
  file.invalid(AUDITED, 'ERR_HEAD_ORDER', 'an auditor who has seen more', { auditorSize: 22 });
  const stored = (damage: string, change: (retained: Fields) => Fields): void =>
    file.invalid(SAME, 'ERR_STORED_STATE', damage, keptOf(SAME, change));
  stored('of no tree', (retained) => ({ ...retained, treeSize: 0 }));
  stored('a log entry was not kept', (retained) => ({
    ...retained,
    frontier: without(list(retained['frontier']), 0),
  }));
  stored('an entry that is not on the frontier', entries(0, { position: 14 }));
  stored('timestamps that decrease', entries(0, { timestampMs: 1201 }));
  stored('a head was not kept', (retained) => ({
    ...retained,
    fullSubtrees: without(list(retained['fullSubtrees']) as Json[], 0),
  }));
}

export function addAnswerDamages(file: VectorFile): void {
  const damaged = (
    of: string,
    code: string,
    damage: string,
    change: (response: ResponseValue) => ResponseValue,
  ): void => {
    const input = file.inputOf(of);
    const request = readWire('SearchRequest', bytes(input['request']), contextOf(1, false)) as RequestValue;
    const configuration = bytes(input['configuration']);
    const { ciphersuite } = readWire(
      'Configuration',
      configuration,
      contextOf(1, false),
    ) as ConfigurationValue;
    const context = contextOf(ciphersuite, request.version !== undefined);
    const response = readWire('SearchResponse', bytes(input['response']), context) as ResponseValue;
    const { bytes: written } = writeWire('SearchResponse', change(response), context);
    file.invalid(of, code, damage, { response: hex(written) });
  };
  const step =
    (
      at: number,
      change: (one: ResponseValue['binaryLadder'][number]) => ResponseValue['binaryLadder'][number],
    ) =>
    (response: ResponseValue): ResponseValue => ({
      ...response,
      binaryLadder: altered(response.binaryLadder, at, change),
    });

  const FIRST = 'Ed25519: the greatest version, to a newcomer';
  const BACK = 'P-256: the greatest version, to one who comes back';
  const SAME = 'Ed25519: the greatest version, in the same tree';
  const ONE = 'P-256: one version, to a newcomer';
  // A byte of the challenge: what is left is a point and a scalar.
  damaged(
    FIRST,
    'ERR_VRF_PROOF',
    'the VRF proof of one version is false',
    step(1, (one) => ({ ...one, proof: flipped(one.proof, 35) })),
  );
  damaged(BACK, 'ERR_VRF_PROOF', 'the VRF proof of another version', (response) =>
    step(1, (one) => ({ ...one, proof: (response.binaryLadder[0] as { proof: Uint8Array }).proof }))(
      response,
    ),
  );
  damaged(FIRST, 'ERR_SIGNATURE', 'another opening', (response) => ({
    ...response,
    opening: flipped(response.opening, 3),
  }));
  damaged(ONE, 'ERR_SIGNATURE', 'another value', (response) => ({
    ...response,
    value: { ...response.value, value: Buffer.from('the keys of Mallory') },
  }));
  damaged(BACK, 'ERR_SIGNATURE', 'the last entry a millisecond later', (response) => ({
    ...response,
    search: {
      ...response.search,
      timestampsMs: altered(
        response.search.timestampsMs,
        -1 + response.search.timestampsMs.length,
        (ms) => ms + 1,
      ),
    },
  }));
  damaged(BACK, 'ERR_SIGNATURE', 'another head in the log tree', (response) => ({
    ...response,
    search: {
      ...response.search,
      inclusion: { elements: altered(response.search.inclusion.elements, 0, flip) },
    },
  }));
  damaged(FIRST, 'ERR_SIGNATURE', 'another signature', (response) => {
    const { fullTreeHead } = response;
    if (fullTreeHead.headType === 'same') throw new Error('nothing is signed');
    const { treeSize, signature } = fullTreeHead.treeHead;
    return {
      ...response,
      fullTreeHead: { ...fullTreeHead, treeHead: { treeSize, signature: flipped(signature, 40) } },
    };
  });
  damaged(SAME, 'ERR_ENTRY_ROOT', 'another opening', (response) => ({
    ...response,
    opening: flipped(response.opening, 3),
  }));
  damaged(SAME, 'ERR_PROOF_LENGTH', 'a head where all were kept', (response) => ({
    ...response,
    search: { ...response.search, inclusion: { elements: [ZERO] } },
  }));
}
