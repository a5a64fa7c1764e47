/**
 * Two faces: a log that shows two people different lists has to show them different heads from then on. Devices of
 * one's own, and contacts inside end-to-end encrypted messages, tell each other which heads they see (CKV/1, "The
 * transparency log"; draft, "Detecting Forks").
 *
 *     own    ·  31 ─ 47 ─ 55 ─ 63           distinguished entries and the log's root at each
 *     peer         47 ─ 55 ─ 63 ─ 71        where both lists reach, they have to be the same
 *
 * The draft exchanges roots alone. With positions, lists that do not overlap are told from lists that differ: which
 * entries are distinguished never changes to the left of one that is, so within the span that both lists cover
 * they name the same entries with the same roots, or there are two logs.
 */

import { assertObject } from '../bytes/arguments.js';
import { concatBytes, equalBytes } from '../bytes/compare.js';
import { type Codec, decode, encode, fixedBytes, struct, uint64, vector, version } from '../bytes/codec.js';
import type { LogEvidence } from '../contacts/evidence.js';
import { DecodeError } from '../errors.js';
import type { Client } from '../transparency/client/client.js';
import type {
  DistinguishedHeads,
  DistinguishedRoot,
} from '../transparency/client/distinguished-operation.js';
import { attempt, type DirectoryRequest, type Heard, NONE } from './heard.js';

/** A head of the log, as a device was shown it. */
interface SeenHead {
  readonly position: number;
  readonly root: Uint8Array;
}

interface SeenHeads {
  readonly version: 1;
  readonly heads: readonly SeenHead[];
}

const HEADS_MAX = 255;
const STRUCTURE = 'SeenHeads';
/** version, count, and 40 bytes a head. */
const MAX_BYTES: number = 2 + 40 * HEADS_MAX;

const seenHeadsCodec: Codec<SeenHeads> = /* @__PURE__ */ struct<SeenHeads>({
  version: /* @__PURE__ */ version(1, 1),
  heads: /* @__PURE__ */ vector(
    /* @__PURE__ */ struct<SeenHead>({ position: uint64, root: /* @__PURE__ */ fixedBytes(32) }),
    { min: 0, ceiling: HEADS_MAX },
  ),
});

/** What the log showed of its heads. */
export interface HeardHeads {
  /** Of the recent distinguished log entries, from left to right: the newest is the last. Empty where it was refused. */
  readonly heads: readonly DistinguishedRoot[];
  /** For reviews. */
  readonly log: Heard['log'];
}

/**
 * Asks for the log's recent distinguished heads (draft, "Walking Distinguished Heads"): the newest is where
 * {@link claimIdentifier} begins, all of them are what peers tell each other.
 *
 * @param options as of `client.distinguishedHeads`; default: the ten rightmost
 * @throws argument errors
 * @example
 * const walk = fetchHeads(client);
 * const { heads, log, after } = walk.review(await send('distinguished', walk.request), { nowMs });
 * const message = encodeSeenHeads({ heads });
 */
export function fetchHeads(
  client: Client,
  options?: Parameters<Client['distinguishedHeads']>[0],
): DirectoryRequest<HeardHeads> {
  const { request, verify } = client.distinguishedHeads(options);
  return Object.freeze({
    request,
    review(response: Uint8Array, time: { readonly nowMs: number }) {
      const { result, log = NONE, refusal } = attempt(() => verify(response, time));
      const heads = result?.heads ?? Object.freeze([]);
      return Object.freeze({ heads, log, refusal, before: result?.before, after: result?.after });
    },
  });
}

/**
 * What to tell a peer: the heads that this device was shown (CKV/1, `SeenHeads`).
 * @param own of this device's walk: {@link fetchHeads}
 * @returns fresh: 402 bytes for ten heads
 */
export function encodeSeenHeads(own: Pick<DistinguishedHeads, 'heads'>): Uint8Array {
  assertObject(own, 'own');
  return encode(seenHeadsCodec, { version: 1, heads: own.heads.slice(-HEADS_MAX) }, MAX_BYTES);
}

/**
 * Holds the heads that a peer was shown against one's own.
 *
 * @param own of this device's walk: {@link fetchHeads}
 * @param peer what the peer encoded, over a channel that authenticates the peer: what came through the log shows nothing
 * @returns `fork`, with both lists as evidence; otherwise `none`: they agree as far as both reach, which for lists of
 *   very different times is nowhere
 * @throws DecodeError, UnsupportedError `ERR_VERSION`: what the peer sent; argument errors
 */
export function comparePeerHeads(own: Pick<DistinguishedHeads, 'heads'>, peer: Uint8Array): LogEvidence {
  const theirs = parseSeenHeads(peer);
  const mine = parseSeenHeads(encodeSeenHeads(own));
  const from = Math.max(mine[0]?.position ?? Infinity, theirs[0]?.position ?? Infinity);
  const to = Math.min(mine.at(-1)?.position ?? -1, theirs.at(-1)?.position ?? -1);
  const within = ({ position }: SeenHead): boolean => position >= from && position <= to;
  const [a, b] = [mine.filter(within), theirs.filter(within)];
  const isSame = a.length === b.length && a.every((head, i) => equalHeads(head, b[i] as SeenHead));
  if (isSame) return NONE;
  return Object.freeze({ kind: 'fork', evidence: concatBytes(encodeSeenHeads(own), peer) });
}

function parseSeenHeads(bytes: Uint8Array): readonly SeenHead[] {
  const { heads } = decode(seenHeadsCodec, bytes, STRUCTURE, MAX_BYTES);
  for (const [i, { position }] of heads.entries()) {
    if (i > 0 && position <= (heads[i - 1] as SeenHead).position) {
      throw new DecodeError('ERR_ORDER', STRUCTURE, 0, 'positions do not rise');
    }
  }
  return heads;
}

function equalHeads(a: SeenHead, b: SeenHead): boolean {
  return a.position === b.position && equalBytes(a.root, b.root);
}
