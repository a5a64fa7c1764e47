import {
  assembleConsistency,
  createTypeScriptHasher,
  planConsistency,
  type TreeHead,
  type TreeScheme,
  verifyConsistency,
} from 'contact-key-verification/log.js';
import { describe, expect, it } from 'vitest';
import {
  grow,
  leafList,
  type NodeStore,
  outcome,
  replaced,
  schemes,
  untouchable,
} from '../support/log-tree.js';
import { PROOF } from '../support/rfc6962.js';

const SIZES = 100;
const hasher = createTypeScriptHasher();
const leaves = leafList(SIZES);

function prove(store: NodeStore, olderSize: number, newerSize: number, scheme?: TreeScheme): Uint8Array[] {
  const plan = planConsistency({ olderSize, newerSize });
  return assembleConsistency(plan, store.fetch(plan.nodes), { hasher, scheme });
}

describe('consistency proofs', () => {
  it('are those of RFC 6962, for every pair of sizes up to 64', () => {
    const { store } = grow(leaves.slice(0, 64), { hasher });
    for (let newer = 1; newer <= 64; newer++) {
      for (let older = 1; older <= newer; older++) {
        expect(prove(store, older, newer)).toEqual(PROOF(older, leaves.slice(0, newer)));
      }
    }
  });

  it.each(schemes.map((scheme) => ({ scheme, name: scheme.name })))(
    'verify for every pair up to 100 under $name, and between no other heads',
    ({ scheme }) => {
      const options = { hasher, scheme };
      const tree = grow(leaves, options);
      for (let newer = 1; newer <= SIZES; newer++) {
        for (let older = 1; older <= newer; older++) {
          const proof = prove(tree.store, older, newer, scheme);
          const verify = (from: number, to: number): string =>
            outcome(() => verifyConsistency(tree.head(from), tree.head(to), proof, options));
          if (verify(older, newer) !== 'accepted') expect.unreachable(`refused: ${older} to ${newer}`);
          if (older === newer) continue;
          const neighbours: [number, number][] = [
            [older - 1, newer],
            [older + 1, newer],
            [older, newer - 1],
            [older, newer + 1],
          ];
          for (const [from, to] of neighbours) {
            if (from < 1 || to > SIZES || from > to) continue;
            if (verify(from, to) === 'accepted') {
              expect.unreachable(`the proof from ${older} to ${newer} also serves ${from} to ${to}`);
            }
          }
        }
      }
    },
  );
});

describe('verifyConsistency', () => {
  const tree = grow(leaves.slice(0, 13), { hasher });
  const older = tree.head(6);
  const newer = tree.head(13);
  const proof = prove(tree.store, 6, 13);
  const [p0, p1, p2, p3] = proof as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

  const refusal = (damaged: unknown, from: TreeHead = older, to: TreeHead = newer): string =>
    outcome(() => verifyConsistency(from, to, damaged as Uint8Array[]));

  it('returns the newer head, frozen, with its own copy of the root', () => {
    const result = verifyConsistency(older, newer, proof);
    expect(result).toEqual(newer);
    expect(Object.isFrozen(result)).toBe(true);
    expect(result.root).not.toBe(newer.root);
  });

  it('accepts equal heads by an empty proof, and by no other', () => {
    expect(verifyConsistency(newer, tree.head(13), [])).toEqual(newer);
    expect(refusal([p0], newer, newer)).toBe('ERR_PROOF_LENGTH');
  });

  it('names a fork, whatever proof comes with it', () => {
    const forked = { treeSize: 13, root: older.root };
    for (const any of [[], proof, [p0], null]) {
      expect(refusal(any, newer, forked)).toBe('ERR_HEAD_MISMATCH');
    }
  });

  it('refuses a log that went back', () => {
    for (const any of [[], proof]) expect(refusal(any, newer, older)).toBe('ERR_HEAD_ORDER');
  });

  it.each([
    { damage: 'truncated at the end', damaged: [p0, p1, p2], code: 'ERR_PROOF_LENGTH' },
    { damage: 'truncated at the start', damaged: [p1, p2, p3], code: 'ERR_PROOF_LENGTH' },
    { damage: 'empty', damaged: [], code: 'ERR_PROOF_LENGTH' },
    { damage: 'extended by a root', damaged: [...proof, newer.root], code: 'ERR_PROOF_LENGTH' },
    { damage: 'preceded by a root', damaged: [older.root, ...proof], code: 'ERR_PROOF_LENGTH' },
    { damage: 'with one hash twice', damaged: [p0, p1, p1, p2, p3], code: 'ERR_PROOF_LENGTH' },
    { damage: 'with one hash in place of its neighbour', damaged: [p0, p1, p1, p3], code: 'ERR_PROOF_ROOT' },
    { damage: 'swapped', damaged: [p1, p0, p2, p3], code: 'ERR_PROOF_ROOT' },
    { damage: 'reversed', damaged: [p3, p2, p1, p0], code: 'ERR_PROOF_ROOT' },
    { damage: 'with a hash of 31 bytes', damaged: [p0.subarray(1), p1, p2, p3], code: 'ERR_LENGTH' },
    { damage: 'with a hash of 33 bytes', damaged: [p0, p1, p2, new Uint8Array(33)], code: 'ERR_LENGTH' },
    { damage: 'with a hole', damaged: [p0, undefined, p2, p3], code: 'ERR_ARGUMENT_TYPE' },
    { damage: 'missing', damaged: undefined, code: 'ERR_ARGUMENT_TYPE' },
  ])('refuses a proof $damage: $code', ({ damaged, code }) => {
    expect(refusal(damaged)).toBe(code);
  });

  it('refuses any single-bit flip of a proof, and of either root', () => {
    for (const [i, hash] of [...proof, older.root, newer.root].entries()) {
      for (let bit = 0; bit < 256; bit++) {
        const flipped = hash.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit % 8));
        const from = i === 4 ? { treeSize: 6, root: flipped } : older;
        const to = i === 5 ? { treeSize: 13, root: flipped } : newer;
        expect(refusal(i < 4 ? replaced(proof, i, flipped) : proof, from, to)).toBe('ERR_PROOF_ROOT');
      }
    }
  });

  it('refuses a newer tree that changed an old leaf, with the best proof a liar has', () => {
    const forged = [...leaves.slice(0, 13)];
    forged[2] = leaves[50] as Uint8Array;
    const lie = grow(forged, { hasher });
    expect(refusal(prove(lie.store, 6, 13), older, lie.head(13))).toBe('ERR_PROOF_ROOT');
    expect(refusal(prove(tree.store, 6, 13), older, lie.head(13))).toBe('ERR_PROOF_ROOT');
    // From its own past the liar is consistent: only a head kept from before catches it.
    expect(refusal(prove(lie.store, 6, 13), lie.head(6), lie.head(13))).toBe('accepted');
  });

  it('checks the older root too where the older tree is not a subtree', () => {
    expect(refusal(proof, { treeSize: 6, root: tree.head(5).root })).toBe('ERR_PROOF_ROOT');
  });

  it('refuses a wrong length before it reads or hashes anything', () => {
    const endless = {
      length: 1_000_000,
      get 0(): Uint8Array {
        return expect.unreachable('read');
      },
    };
    for (const wrong of [endless, [], proof.slice(1)]) {
      const run = (): unknown => verifyConsistency(older, newer, wrong, { hasher: untouchable });
      expect(outcome(run)).toBe('ERR_PROOF_LENGTH');
    }
  });

  it('reads length and each hash once', () => {
    const reads: string[] = [];
    const watched = new Proxy(proof, {
      get(target, key, receiver) {
        reads.push(String(key));
        return Reflect.get(target, key, receiver);
      },
    });
    verifyConsistency(older, newer, watched);
    expect(reads).toEqual(['length', '0', '1', '2', '3']);
  });

  it('refuses malformed heads on either side: every tree extends the empty one', () => {
    const { root } = newer;
    for (const treeSize of [0, -1, 1.5, Number.NaN, 2 ** 53]) {
      expect(refusal([], { treeSize, root }, newer)).toBe('ERR_ARGUMENT_RANGE');
      expect(refusal([], older, { treeSize, root })).toBe('ERR_ARGUMENT_RANGE');
      expect(refusal([], { treeSize, root }, { treeSize, root })).toBe('ERR_ARGUMENT_RANGE');
    }
    for (const head of [null, undefined, { treeSize: 6n, root }, { treeSize: '6', root }, { treeSize: 6 }]) {
      expect(outcome(() => verifyConsistency(head as never, newer, []))).toBe('ERR_ARGUMENT_TYPE');
      expect(outcome(() => verifyConsistency(older, head as never, []))).toBe('ERR_ARGUMENT_TYPE');
    }
    for (const length of [0, 12, 31]) {
      expect(refusal([], { treeSize: 6, root: root.slice(0, length) }, newer)).toBe('ERR_ARGUMENT_RANGE');
    }
  });
});
