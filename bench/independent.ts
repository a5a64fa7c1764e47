/**
 * What the library must compute, by Node's own cryptography: the expected results come from here, never from a
 * contender.
 */

import { createHash, createHmac, hash } from 'node:crypto';

/** SHA-256 of one message. */
export type Sha256 = (message: Uint8Array) => Uint8Array;

/** Node's two ways to SHA-256. */
export const byCreateHash: Sha256 = (message) => createHash('sha256').update(message).digest();
export const byHash: Sha256 = (message) => hash('sha256', message, 'buffer');

/** RFC 9162, section 2.1.1: what sets leaves apart from nodes. */
const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

/** Leaves of one length to their hashes, one message after another. */
export function hashLeavesOneByOne(leaves: Uint8Array, length: number, sha256: Sha256): Uint8Array {
  const digests = new Uint8Array((leaves.length / length) * 32);
  const message = new Uint8Array(1 + length);
  message[0] = LEAF_PREFIX;
  for (let i = 0; i * length < leaves.length; i++) {
    message.set(leaves.subarray(i * length, (i + 1) * length), 1);
    digests.set(sha256(message), 32 * i);
  }
  return digests;
}

/** Pairs of hashes to nodes, one message after another; with other tags, other tagged pairs. */
export function hashPairsOneByOne(
  hashes: Uint8Array,
  sha256: Sha256,
  { left, right }: { readonly left: number; readonly right?: number | undefined } = { left: NODE_PREFIX },
): Uint8Array {
  const digests = new Uint8Array(hashes.length / 2);
  const message = new Uint8Array(right === undefined ? 65 : 66);
  message[0] = left;
  for (let i = 0; i * 64 < hashes.length; i++) {
    message.set(hashes.subarray(64 * i, 64 * i + 64), 1);
    if (right !== undefined) {
      message[33] = right;
      message.set(hashes.subarray(64 * i + 32, 64 * i + 64), 34);
    }
    digests.set(sha256(message), 32 * i);
  }
  return digests;
}

/** 2^height leaf hashes to a root, level by level, with whatever hashes a level. */
export function foldLevels(
  leafHashes: Uint8Array,
  hashPairs: (hashes: Uint8Array) => Uint8Array,
): Uint8Array {
  let level = leafHashes;
  while (level.length > 32) level = hashPairs(level);
  return level;
}

/** The root that an inclusion proof in a tree of 2^n leaves leads to. */
export function foldProof(
  { index, leafHash, proof }: { index: number; leafHash: Uint8Array; proof: readonly Uint8Array[] },
  sha256: Sha256,
): Uint8Array {
  const message = new Uint8Array(65);
  message[0] = NODE_PREFIX;
  let node = leafHash;
  for (const [level, sibling] of proof.entries()) {
    const isRight = Math.floor(index / 2 ** level) % 2 === 1;
    message.set(isRight ? sibling : node, 1);
    message.set(isRight ? node : sibling, 33);
    node = sha256(message);
  }
  return node;
}

/** struct { opaque label<0..255>; opaque content<0..2^32-1>; } of CKV/1. */
export function encodeLabelled(purpose: string, content: Uint8Array): Uint8Array {
  const label = Buffer.from(`CKV/1 ${purpose}`);
  const lengths = Buffer.alloc(4);
  lengths.writeUInt32BE(content.length);
  return Buffer.concat([Uint8Array.of(label.length), label, lengths, content]);
}

/** H(purpose, content) of CKV/1. */
export function hashLabelled(purpose: string, content: Uint8Array): Uint8Array {
  return byCreateHash(encodeLabelled(purpose, content));
}

/**
 * The 8 digits of a code session about contacts, from its three messages (CKV/1, "The 8-digit code"); nothing
 * where they are no such messages or the reveal does not open the commitment.
 */
export function sasCode(
  { start, reply, reveal }: { readonly start: Buffer; readonly reply: Buffer; readonly reveal: Buffer },
  initiator: Uint8Array,
  responder: Uint8Array,
): string | undefined {
  const sessionId = start.subarray(3, 19);
  const commitment = start.subarray(19);
  const [replyNonce, revealNonce] = [reply.subarray(18), reveal.subarray(18)];
  const subject = (bytes: Uint8Array): Uint8Array => Buffer.concat([Uint8Array.of(0, bytes.length), bytes]);
  const context = [Uint8Array.of(1, 1), sessionId, subject(initiator)];
  const opened = hashLabelled('sas commitment', Buffer.concat([...context, revealNonce]));
  const areMessages =
    start.equals(Buffer.concat([Uint8Array.of(1, 1, 1), sessionId, opened])) &&
    reply.equals(Buffer.concat([Uint8Array.of(1, 2), sessionId, replyNonce])) &&
    reveal.equals(Buffer.concat([Uint8Array.of(1, 3), sessionId, revealNonce]));
  if (!areMessages) return undefined;
  const mac = createHmac('sha256', Buffer.concat([revealNonce, replyNonce]))
    .update(encodeLabelled('sas code', Buffer.concat([...context, subject(responder), commitment])))
    .digest();
  return String(mac.readBigUInt64BE() % 100_000_000n).padStart(8, '0');
}

/** A safety number's 60 digits, with whatever computes SHA-512. */
export function safetyNumber(
  parties: readonly { readonly id: Uint8Array; readonly key: Uint8Array }[],
  iterations: number,
  sha512: Sha256,
): string {
  const halves = parties.map(({ id, key }) => {
    let last = sha512(Buffer.concat([Uint8Array.of(0, 0), key, id, key]));
    for (let done = 1; done < iterations; done++) last = sha512(Buffer.concat([last, key]));
    const groups = [0, 5, 10, 15, 20, 25].map((at) => Buffer.from(last).readUIntBE(at, 5) % 100_000);
    return groups.map((group) => String(group).padStart(5, '0')).join('');
  });
  return halves.sort().join('');
}
