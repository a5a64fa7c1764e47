/**
 * Tasks: many inclusion proofs of one head at once.
 */

import { randomBytes, randomInt } from 'node:crypto';
import { type TreeHead, verifyInclusions } from 'contact-key-verification/log.js';
import { assertRefused } from '../control.js';
import { digest, type Task } from '../harness.js';
import type { Hashers } from '../hashers.js';
import { byCreateHash, foldProof, hashPairsOneByOne } from '../independent.js';
import { foldAndCompare, type Proven } from './proofs.js';

/** Verifies all claims under a head; throws where one is false, and says which. */
type VerifyAll = (head: TreeHead, claims: readonly Proven[]) => Uint8Array;

/**
 * 2^countLog2 inclusion proofs in one tree of 2^height leaves, through `verifyInclusions` by the engines and one
 * after the other by everyone else.
 */
export function proofBatchTask(countLog2: number, height: number, { engines, oneByOne }: Hashers): Task {
  const tree = sampleTree(countLog2, height);
  const units = tree.claims.length;
  const byEngine = engines.map((hasher) => ({
    name: hasher.name,
    verify: ((head, claims) => {
      const { verified, failed } = verifyInclusions(head, claims, { hasher });
      if (failed.length > 0) throw new Error(`false: ${failed.map(({ position }) => position).join()}`);
      return Buffer.concat(verified.map(({ leafHash }) => leafHash));
    }) satisfies VerifyAll,
  }));
  const byMessage = oneByOne.map(({ name, sha256 }) => ({
    name,
    verify: ((head, claims) => {
      for (const [position, claim] of claims.entries()) {
        try {
          foldAndCompare({ head, claim }, sha256);
        } catch {
          throw new Error(`false: ${position}`);
        }
      }
      return Buffer.concat(claims.map(({ leafHash }) => leafHash));
    }) satisfies VerifyAll,
  }));
  const contenders = [...byEngine, ...byMessage];
  for (const { name, verify } of contenders) assertNamesTheFalse(name, verify, tree.head, tree.claims);
  return {
    title: `Inclusion proofs in a tree of 2^${height} leaves, ${units} of one head at a time`,
    unit: 'proofs',
    units,
    baseline: 'node:crypto createHash()',
    contenders: contenders.map(({ name, verify }) => ({
      name,
      run: () => verify(tree.head, tree.claims),
      expected: digest(Buffer.concat(tree.claims.map(({ leafHash }) => leafHash))),
    })),
  };
}

/** @throws Error where one false claim among true ones goes unnoticed, or another one is named */
export function assertNamesTheFalse(
  name: string,
  verify: VerifyAll,
  head: TreeHead,
  claims: readonly Proven[],
): void {
  for (const position of new Set([0, Math.floor(claims.length / 2), claims.length - 1])) {
    const damaged = claims.map((claim, at) =>
      at === position ? { ...claim, leafHash: randomBytes(32) } : claim,
    );
    let said = '';
    assertRefused(name, () => {
      try {
        verify(head, damaged);
      } catch (error) {
        said = String(error);
        throw error;
      }
    });
    if (said !== `Error: false: ${position}`) throw new Error(`${name} named another claim: ${said}`);
  }
}

/**
 * A tree of 2^height leaves with one claim in each of its 2^countLog2 subtrees. What a claim's siblings cover
 * need not exist: any hashes will do below, and only the top is built.
 */
function sampleTree(countLog2: number, height: number): { head: TreeHead; claims: readonly Proven[] } {
  const below = height - countLog2;
  const parts = Array.from({ length: 2 ** countLog2 }, (): Proven => {
    const proof = Array.from({ length: below }, () => randomBytes(32));
    return { index: randomInt(2 ** below), leafHash: randomBytes(32), proof };
  });
  const levels: Uint8Array[] = [Buffer.concat(parts.map((part) => foldProof(part, byCreateHash)))];
  for (let level = levels[0]; level !== undefined && level.length > 32; level = levels.at(-1)) {
    levels.push(hashPairsOneByOne(level, byCreateHash));
  }
  const root = levels.pop() ?? new Uint8Array(0);
  const claims = parts.map(({ index, leafHash, proof }, part): Proven => {
    const top = levels.map((level, above) => {
      const own = Math.floor(part / 2 ** above);
      const sibling = own % 2 === 0 ? own + 1 : own - 1;
      return level.subarray(32 * sibling, 32 * sibling + 32);
    });
    return { index: part * 2 ** below + index, leafHash, proof: [...proof, ...top] };
  });
  return { head: { treeSize: 2 ** height, root }, claims };
}
