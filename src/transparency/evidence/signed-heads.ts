/**
 * The log's roots at several sizes, tied to one signed head: what one user tells another of the log, so that the other
 * need not take the user's word for it, and can prove a fork to anyone.
 *
 *     struct {
 *       uint16 version = 1;
 *       SideHead head;
 *       uint64 sizes<0..2^8-1>;                   rising, below the head's
 *       HashValue nodes<1..2^16-1>;               of each run of leaves between two sizes the balanced subtrees;
 *     } SignedHeads;                              where there are no sizes: the root
 */

import { assertObject } from '../../bytes/arguments.js';
import { equalBytes } from '../../bytes/compare.js';
import { type Codec, decode, encode, struct, uint64, vector, version } from '../../bytes/codec.js';
import type { CipherSuite } from '../../crypto/cipher-suite.js';
import { ArgumentRangeError, MisbehaviorError } from '../../errors.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import { createTypeScriptHasher } from '../../hashing/typescript-hasher.js';
import { openLog, type TrustedLog } from '../verifier/trusted-log.js';
import { type Configuration, encodeConfiguration } from '../wire/configuration.js';
import { hashCodec, vector8 } from '../wire/wire-context.js';
import { type CutTree, cutAt, rootsAtCuts } from './cut-tree.js';
import { encodeEvidence, type ForkSide, type SideHead, sideHeadCodec } from './evidence.js';
import { assertOwnKeys } from './own-keys.js';
import { verifySignedRoot } from './signed-head.js';

declare const verified: unique symbol;

/** Bytes of signed heads: room for 255 sizes and the longest runs between them. */
export const SIGNED_HEADS_MAX_BYTES: number = 2 ** 20;

/** A signed head, and what it takes to compute the log's roots at some sizes. */
export interface SignedHeads {
  /** Who signed, the tree's size, and the signature. */
  readonly head: SideHead;
  /** Rising, 1 to the head's size less 1: at most 255. */
  readonly sizes: readonly number[];
  /** From left to right, 32 bytes each: the balanced subtrees between the sizes; the root where there are none. */
  readonly nodes: readonly Uint8Array[];
}

/** The log's root at a size. */
export interface RootAtSize {
  readonly treeSize: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** Signed heads whose signature has been checked. Made by `verifySignedHeads` and `openSignedHeads` only. Frozen. */
export interface VerifiedSignedHeads extends SignedHeads {
  readonly [verified]: true;
  readonly configuration: Configuration;
  /** At all sizes, that of the head included: from left to right. */
  readonly roots: readonly RootAtSize[];
}

/** What two users who compare signed heads know. Frozen. */
export type SignedHeadComparison =
  /** One log, as far as both reach: they agree at this size, the largest that both have. */
  | { readonly outcome: 'same'; readonly treeSize: number }
  /** They have no size in common: nothing is known. Compare again with newer ones. */
  | { readonly outcome: 'apart' };

const wireCodec: Codec<SignedHeads & { readonly version: 1 }> = /* @__PURE__ */ struct<
  SignedHeads & { readonly version: 1 }
>({
  version: /* @__PURE__ */ version(2, 1),
  head: sideHeadCodec,
  sizes: /* @__PURE__ */ vector8(uint64),
  nodes: /* @__PURE__ */ vector(hashCodec, { min: 1, ceiling: 2 ** 16 - 1, upFront: true }),
});

/** How signed things are checked. */
export interface SuiteOptions {
  /** The log's suite. */
  readonly suite: CipherSuite;
  /** Default: the engine in TypeScript. */
  readonly hasher?: TreeHasher | undefined;
}

/**
 * Signed heads as bytes, for a peer, or to keep. Also of a head alone: `sizes` empty, `nodes` its root.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeSignedHeads({ head, sizes, nodes }: SignedHeads): Uint8Array {
  return encode(wireCodec, { version: 1, head, sizes, nodes }, SIGNED_HEADS_MAX_BYTES);
}

/**
 * Signed heads from bytes, with their signature checked. **Shown**: whoever has the key of the log's heads, or of its
 * auditor, has signed a log with these roots. Not shown: that it is the only one.
 *
 * @param configurationBytes of the log, from a source that the program trusts
 * @param bytes at most 2^20, from anywhere; not changed
 * @returns frozen, fresh
 * @throws VerificationError `ERR_SIGNATURE`, `ERR_AUDITOR_SIGNATURE`, `ERR_HEAD_EMPTY`, `ERR_HEAD_ORDER`,
 *   `ERR_PROOF_LENGTH`, `ERR_EVIDENCE_KEYS`
 * @throws DecodeError codes of the wire and of a configuration; UnsupportedError `ERR_VERSION`, `ERR_CIPHER_SUITE`;
 *   ArgumentTypeError
 */
export function verifySignedHeads(
  configurationBytes: Uint8Array,
  bytes: Uint8Array,
  options: SuiteOptions,
): VerifiedSignedHeads {
  assertObject(options, 'options');
  const log = openLog(configurationBytes, options.suite, options.hasher);
  const { head, sizes, nodes } = decode(wireCodec, bytes, 'SignedHeads', SIGNED_HEADS_MAX_BYTES);
  return openHeads(log, head, { cuts: [...sizes, head.treeSize], nodes });
}

/**
 * A signed head over a tree that is cut at some sizes.
 * @throws VerificationError as {@link verifySignedHeads}
 */
export function openHeads(log: TrustedLog, head: SideHead, tree: CutTree): VerifiedSignedHeads {
  assertOwnKeys(log.configuration);
  const { cuts, nodes } = tree;
  const roots = rootsAtCuts(tree, log.hasher);
  verifySignedRoot(log, head, roots.at(-1) as Uint8Array);
  return Object.freeze({
    configuration: log.configuration,
    head: Object.freeze({ ...head }),
    sizes: Object.freeze(cuts.slice(0, -1)),
    nodes: Object.freeze([...nodes]),
    roots: Object.freeze(
      cuts.map((treeSize, i) => Object.freeze({ treeSize, root: roots[i] as Uint8Array })),
    ),
  }) as VerifiedSignedHeads;
}

/**
 * Compares what two users, or one at two times, were shown of a log, at every size that both have.
 *
 * @param own signed heads
 * @param peer of the other: it does not matter over which channel they came
 * @param options engine
 * @returns that they agree, or have no size in common
 * @throws MisbehaviorError `ERR_LOG_FORK` they differ, by the smallest size that shows it
 * @throws ArgumentRangeError heads of two configurations: these say nothing of each other; ArgumentTypeError
 */
export function compareSignedHeads(
  own: VerifiedSignedHeads,
  peer: VerifiedSignedHeads,
  { hasher = createTypeScriptHasher() }: { readonly hasher?: TreeHasher | undefined } = {},
): SignedHeadComparison {
  assertObject(own, 'own');
  assertObject(peer, 'peer');
  const { configuration } = own;
  if (!equalBytes(encodeConfiguration(configuration), encodeConfiguration(peer.configuration))) {
    throw new ArgumentRangeError('heads of two logs cannot be compared');
  }
  let agreed: number | undefined;
  for (const { treeSize, root } of own.roots) {
    const other = peer.roots.find((each) => each.treeSize === treeSize);
    if (other === undefined) continue;
    if (!equalBytes(root, other.root)) {
      const [first, second] = [sideOf(own, treeSize, hasher), sideOf(peer, treeSize, hasher)];
      const accusation = { kind: 'fork', size: treeSize, first, second } as const;
      throw new MisbehaviorError(
        'ERR_LOG_FORK',
        'the log has two roots at one size',
        encodeEvidence({ configuration, accusation }),
      );
    }
    agreed = treeSize;
  }
  return Object.freeze(agreed === undefined ? { outcome: 'apart' } : { outcome: 'same', treeSize: agreed });
}

function sideOf({ head, sizes, nodes }: VerifiedSignedHeads, size: number, hasher: TreeHasher): ForkSide {
  const tree = { cuts: [...sizes, head.treeSize], nodes };
  return { head, nodes: cutAt(tree, size === head.treeSize ? [] : [size], hasher).nodes };
}
