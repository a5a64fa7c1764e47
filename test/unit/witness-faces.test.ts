/**
 * A log that shows two faces: one history to Alice, another to Bob, under the same keys, with everything signed. What
 * witnesses make of it, by how many of them are honest, and what users find who compare.
 */

import { describe, expect, test } from 'vitest';
import { MisbehaviorError } from '../../src/errors.js';
import {
  compareSignedHeads,
  encodeSignedHeads,
  openSignedHeads,
  verifyEvidence,
  verifySignedHeads,
} from '../../src/evidence.js';
import { createClient } from '../../src/transparency.js';
import { openHeadLog } from '../../src/witnesses.js';
import {
  codeOf,
  colludingWitnessOf,
  filesOf,
  HEADS_ORIGIN,
  HEADS_SIGNER,
  QUICK,
  CopyableStore,
  type TestWitness,
  WitnessedWorld,
  witnessOf,
} from './witness-world.js';

const policyOf = (witnesses: readonly TestWitness[]) => ({
  threshold: 2,
  keys: witnesses.map(({ key }) => key),
});

/** Two logs that have their first entries in common, and Alice and Bob, who have compared up to there. */
async function twoFaces(witnesses: readonly TestWitness[]) {
  const options = { witnesses: policyOf(witnesses) };
  const alice = await WitnessedWorld.open(options);
  await alice.grow(12);
  await alice.round(witnesses);
  const tracker = await alice.read(alice.tracker(witnesses));
  const compared = tracker.compare(await alice.prove(), { nowMs: alice.nowMs });
  expect(compared.outcome).toBe('same');
  const bob = await alice.fork(options);
  return { alice, bob, tracker: tracker.at(compared.after) };
}

/** Reads and compares: an outcome, or the code of what is refused. */
async function follow(
  world: WitnessedWorld,
  tracker: ReturnType<WitnessedWorld['tracker']>,
  heads = world.heads,
): Promise<string> {
  const note = (await heads.read('checkpoint')) as Uint8Array;
  let reading: ReturnType<typeof tracker.open>;
  try {
    reading = tracker.open(note, { nowMs: world.nowMs });
  } catch (error) {
    return (error as { code: string }).code;
  }
  const files = await filesOf(heads, reading.paths);
  const { after } = reading.verify(files);
  return tracker.at(after).compare(await world.prove(), { nowMs: world.nowMs }).outcome;
}

function catchError(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

/** Appends heads of both faces to one head log, as far as one can stand after the other. */
async function appendWhatFits(alice: WitnessedWorld, bob: WitnessedWorld): Promise<void> {
  const heads = [
    ...(await alice.operator.distinguishedHeads()),
    ...(await bob.operator.distinguishedHeads()),
  ].sort((a, b) => a.position - b.position);
  for (const head of heads) {
    const { position = -1, timestampMs = 0 } = alice.heads.newest ?? {};
    if (head.position > position && head.timestampMs >= timestampMs) await alice.heads.append([head]);
  }
}

describe('a log with a head log for each face', () => {
  test('gets cosignatures for one of them only, if the witnesses are honest', async () => {
    const witnesses = [0, 1, 2].map((i) => witnessOf(i));
    const { alice, bob, tracker } = await twoFaces(witnesses);
    await alice.grow(8, 40, 'face for Alice');
    await bob.grow(8, 40, 'face for Bob');
    const first = await alice.round(witnesses);
    const second = await bob.round(witnesses);
    expect(first.map(({ outcome }) => outcome)).toEqual(['cosigned', 'cosigned', 'cosigned']);
    expect(second).toEqual(witnesses.map(() => ({ outcome: 'refused', status: 422 })));
    expect(await follow(alice, tracker)).toBe('same');

    // Bob can be shown the checkpoint from before, until that is too old; or one without witnesses, or Alice's.
    expect(await follow(bob, tracker)).toBe('same');
    await bob.grow(130);
    expect(await follow(bob, tracker)).toBe('ERR_CHECKPOINT_TIME');
    const bare = await bob.heads.signCheckpoint();
    expect(codeOf(() => tracker.open(bare, { nowMs: bob.nowMs }))).toBe('ERR_WITNESSES');
    await bob.operator.insert([], { nowMs: bob.nowMs });
    alice.nowMs = bob.nowMs;
    await alice.heads.signCheckpoint();
    await alice.ask(witnesses);
    expect(await follow(bob, tracker, alice.heads)).toBe('head-log-late');
  });

  test('gets them for both if one of three witnesses colludes and two are not both asked', async () => {
    // Two of three: two checkpoints have one witness in common, and that one has no memory.
    const honest = [witnessOf(0), witnessOf(1)];
    const colluding = colludingWitnessOf(2);
    const witnesses = [...honest, colluding];
    const { alice, bob, tracker } = await twoFaces(witnesses);
    await alice.grow(8, 40, 'face for Alice');
    await bob.grow(8, 40, 'face for Bob');
    await alice.round([honest[0] as TestWitness, colluding]);
    await bob.round([honest[1] as TestWitness, colluding]);
    expect(await follow(alice, tracker)).toBe('same');
    expect(await follow(bob, tracker)).toBe('same');
    // Whoever asks for all three is not deceived: 3 > (3 + 1) / 2.
    const strict = { witnesses: { threshold: 3, keys: witnesses.map(({ key }) => key) } };
    expect(await follow(alice, alice.tracker(witnesses, strict))).toBe('ERR_WITNESSES');
    expect(await follow(bob, bob.tracker(witnesses, strict))).toBe('ERR_WITNESSES');
    // And those who come to see both checkpoints, do: they are of one size, or do not extend each other.
    const seen = await alice.read(tracker);
    expect(await follow(bob, seen)).toBe('ERR_HEAD_MISMATCH');
  });
});

describe('a log with one head log', () => {
  test('that holds the heads of one face is found out by those who see the other', async () => {
    const witnesses = [0, 1, 2].map((i) => witnessOf(i));
    const { alice, bob, tracker } = await twoFaces(witnesses);
    await alice.grow(8, 40, 'face for Alice');
    await bob.grow(8, 40, 'face for Bob');
    await alice.round(witnesses);
    expect(await follow(alice, tracker)).toBe('same');
    expect(await follow(bob, tracker, alice.heads)).toBe('other-root');
  });

  test('that holds the heads of one face is evidence, together with what was proven to those who see the other', async () => {
    const witnesses = [0, 1, 2].map((i) => witnessOf(i));
    const { alice, bob, tracker } = await twoFaces(witnesses);
    await alice.grow(8, 40, 'face for Alice');
    await bob.grow(8, 40, 'face for Bob');
    await alice.round(witnesses);
    const configuration = alice.world.bytes;
    const { request } = createClient(configuration, { suite: QUICK }).distinguishedHeads();
    const response = await bob.operator.distinguished(request);
    const result = (await bob.read(tracker, alice.heads)).compare(await bob.prove(), {
      nowMs: bob.nowMs,
    });
    if (result.outcome !== 'other-root') throw new Error(`unexpected outcome ${result.outcome}`);

    const { position, root, signature } = result.witnessed;
    const head = { signer: 'log', treeSize: position + 1, signature } as const;
    const witnessed = encodeSignedHeads({ head, sizes: [], nodes: [root] });
    const error = catchError(() =>
      compareSignedHeads(
        openSignedHeads(configuration, { request, response }, { suite: QUICK }),
        verifySignedHeads(configuration, witnessed, { suite: QUICK }),
      ),
    );
    expect(error).toBeInstanceOf(MisbehaviorError);
    const { evidence } = error as MisbehaviorError;
    expect(verifyEvidence(evidence, { configuration, suites: [QUICK] })).toMatchObject({
      kind: 'fork',
      size: position + 1,
      accused: ['log'],
    });
  });

  test('that holds none of what came after is late', async () => {
    const witnesses = [0, 1, 2].map((i) => witnessOf(i));
    const { alice, tracker } = await twoFaces(witnesses);
    await alice.grow(20, 40, 'face for Alice');
    expect(await follow(alice, tracker)).toBe('same');
    await alice.grow(20, 40, 'face for Alice');
    await alice.heads.signCheckpoint();
    await alice.ask(witnesses);
    expect(await follow(alice, tracker)).toBe('head-log-late');
  });

  test('that holds the heads of both, in turns, is found out by both, who compare in time', async () => {
    const witnesses = [0, 1, 2].map((i) => witnessOf(i));
    const { alice, bob, tracker } = await twoFaces(witnesses);
    const found = new Map<string, string>();
    let [forAlice, forBob] = [tracker, tracker];
    const beganMs = alice.nowMs;
    while (found.size < 2) {
      await alice.grow(2, 60, 'face for Alice');
      await bob.grow(3, 40, 'face for Bob');
      await appendWhatFits(alice, bob);
      await alice.heads.signCheckpoint();
      await alice.ask(witnesses);
      for (const [name, world] of Object.entries({ alice, bob })) {
        if (found.has(name)) continue;
        const read = await world.read(name === 'alice' ? forAlice : forBob, alice.heads);
        const { outcome, after } = read.compare(await world.prove(), { nowMs: world.nowMs });
        if (name === 'alice') forAlice = read.at(after);
        else forBob = read.at(after);
        if (outcome !== 'same') found.set(name, outcome);
      }
    }
    const alarms = ['foreign', 'other-root', 'omitted', 'head-log-late', 'log-late'];
    for (const outcome of found.values()) expect(alarms).toContain(outcome);
    expect(alice.nowMs - beganMs).toBeLessThanOrEqual(1000 + 120);
  });

  test('can be opened under the origin of another only with its keys', async () => {
    const { alice } = await twoFaces([0, 1, 2].map((i) => witnessOf(i)));
    const options = { suite: QUICK, origin: 'example.com/other', signers: [HEADS_SIGNER] };
    await expect(openHeadLog(alice.world.bytes, { ...options, store: alice.store })).rejects.toMatchObject({
      code: 'ERR_STATE_LOG',
    });
    const fresh = await openHeadLog(alice.world.bytes, {
      ...options,
      origin: HEADS_ORIGIN,
      store: new CopyableStore(),
    });
    expect([fresh.treeSize, fresh.newest, await fresh.read('checkpoint')]).toEqual([0, undefined, undefined]);
  });
});
