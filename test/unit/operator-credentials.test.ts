/** What an operator issues, its users verify; what it may not issue, it refuses. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../src/transparency/client/create-client.js';
import { createCredentialReader } from '../../src/transparency/credentials/create-credential-reader.js';
import type { SettledCredential } from '../../src/transparency/credentials/credential-reader.js';
import type { Operator } from '../../src/transparency/operator/operator.js';
import { parseCredential } from '../../src/transparency/wire/credential.js';
import { type CipherSuite, KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from '../../src/suites.js';
import { checkAsync } from '../support/property.js';
import { bytesOf, createWorld, quickSuite, textOf, type World } from './operator-world.js';

const ALICE = bytesOf('alice');
const WINDOW_MS = 100;

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    const { name, code } = error as Error & { readonly code?: string };
    return `${name} ${code}`;
  }
  return 'accepted';
}

const insert = (operator: Operator, label: string, value: string, nowMs: number) =>
  operator.insert([{ label: bytesOf(label), values: [bytesOf(value)] }], { nowMs });

/** A user who has walked the distinguished heads. */
async function readerOf(world: World, operator: Operator, nowMs: number, state?: Uint8Array) {
  const client = createClient(world.bytes, { suite: world.suite, state });
  const { request, verify } = client.distinguishedHeads();
  const { after, heads } = verify(await operator.distinguished(request), { nowMs });
  const reader = createCredentialReader(world.bytes, { suite: world.suite, state: after });
  return { reader, after, heads };
}

const suites: readonly (readonly [string, CipherSuite])[] = [
  ['Ed25519', KT_128_SHA256_Ed25519],
  ['P-256', KT_128_SHA256_P256],
];

describe.each(suites)('a log of %s', (_, suite) => {
  test.each([undefined, 1000])('issues what its users verify, auditor’s lag %s', async (maxAuditorLagMs) => {
    const world = createWorld({
      suite,
      windowMs: WINDOW_MS,
      ...(maxAuditorLagMs === undefined ? {} : { maxAuditorLagMs }),
    });
    const operator = await world.open();
    let nowMs = 10_000;
    for (const name of ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']) {
      await insert(operator, name, `${name} 0`, nowMs);
      nowMs += 30;
    }
    const snapshot = async (): Promise<void> => {
      if (maxAuditorLagMs === undefined) return;
      const { createAuditor } = await import('../../src/auditor.js');
      let auditor = createAuditor(world.bytes, { suite, signer: world.signAsAuditor });
      while (auditor.treeSize < (operator.head?.treeSize ?? 0)) {
        const { after, head } = auditor.apply(await operator.auditorUpdate(auditor.treeSize));
        auditor = auditor.at(after);
        if (head !== undefined && auditor.treeSize === operator.head?.treeSize)
          await operator.takeAuditorHead(head);
      }
    };
    await snapshot();
    const bob = await readerOf(world, operator, nowMs);
    const first = bob.reader.verify(await operator.credential(ALICE), { label: ALICE });
    expect([first.kind, textOf(first.value), first.position]).toEqual([
      'standard',
      'alice 0',
      bob.heads.at(-1)?.position,
    ]);
    // A newer version: the same entry has it not.
    await insert(operator, 'alice', 'alice 1', nowMs);
    const second = bob.reader.verify(await operator.credential(ALICE, { position: first.position }), {
      label: ALICE,
    });
    expect([second.kind, textOf(second.value)]).toEqual(['provisional', 'alice 1']);
    const { pending } = second as { readonly pending: Uint8Array };
    const waiting = bob.reader.settle(pending) as Exclude<
      SettledCredential,
      { readonly outcome: 'verified' }
    >;
    expect(waiting.outcome).toBe('waiting');
    expect(await codeOf(() => operator.credentialUpdate(ALICE, waiting.needed))).toBe(
      'PolicyError ERR_CREDENTIAL_POSITION',
    );
    for (let i = 0; i < 6; i++) {
      nowMs += 40;
      await insert(operator, `later ${i}`, 'x', nowMs);
    }
    await snapshot();
    const later = await readerOf(world, operator, nowMs, bob.after);
    const asked = later.reader.settle(pending);
    const outcome =
      asked.outcome === 'verified'
        ? asked
        : later.reader.settle(pending, { update: await operator.credentialUpdate(ALICE, asked.needed) });
    expect(outcome.outcome).toBe('verified');
  });

  test('makes a standard credential of an answer to a search', async () => {
    const world = createWorld({ suite, windowMs: WINDOW_MS });
    const operator = await world.open();
    let nowMs = 10_000;
    for (const name of ['alice', 'bob', 'carol', 'dave', 'erin', 'alice', 'grace', 'heidi']) {
      await insert(operator, name, `${name} at ${nowMs}`, nowMs);
      nowMs += 40;
    }
    const { reader, after } = await readerOf(world, operator, nowMs);
    const { request } = createClient(world.bytes, { suite, state: after }).search(ALICE);
    const credential = reader.fromSearch(ALICE, await operator.search(request));
    const issued = await operator.credential(ALICE);
    expect(parseCredential(credential, world.configuration)).toEqual(
      parseCredential(issued, world.configuration),
    );
    expect(textOf(reader.verify(credential, { label: ALICE }).value)).toBe('alice at 10200');
    // A version that no distinguished entry has yet makes none.
    await insert(operator, 'alice', 'newest', nowMs);
    const newest = createClient(world.bytes, { suite, state: after }).search(ALICE);
    const answer = await operator.search(newest.request);
    expect(await codeOf(async () => reader.fromSearch(ALICE, answer))).toBe(
      'PolicyError ERR_CREDENTIAL_POSITION',
    );
    const nobody = createCredentialReader(world.bytes, { suite });
    const older = await operator.search(request);
    expect(await codeOf(async () => nobody.fromSearch(ALICE, older))).toBe(
      'PolicyError ERR_CREDENTIAL_POSITION',
    );
  });
});

test('what an operator refuses', async () => {
  const world = createWorld({
    suite: quickSuite(KT_128_SHA256_Ed25519),
    windowMs: WINDOW_MS,
    lifetimeMs: 400,
  });
  const operator = await world.open();
  expect(await codeOf(() => operator.credential(ALICE))).toBe('StateError ERR_NOT_READY');
  let nowMs = 10_000;
  for (let i = 0; i < 14; i++) {
    await insert(operator, i % 5 === 2 ? 'alice' : `user ${i}`, `${i}`, nowMs);
    nowMs += 40;
  }
  const { heads } = await readerOf(world, operator, nowMs);
  const positions = heads.map(({ position }) => position);
  const asked = { version: 2, treeSize: 14, terminal: 13 };
  const outcomes = await Promise.all(
    (
      [
        () => operator.credential(bytesOf('nobody')),
        () => operator.credential(ALICE, { position: 1 }),
        () => operator.credential(ALICE, { position: 14 }),
        () => operator.credential(ALICE, { position: 12 }),
        () => operator.credential(ALICE, { position: -1 }),
        () => operator.credential(new Uint8Array(256)),
        () => operator.credential('alice' as never),
        () => operator.credentialUpdate(ALICE, { ...asked, terminal: 14 }),
        () => operator.credentialUpdate(ALICE, { ...asked, treeSize: 15 }),
        () => operator.credentialUpdate(ALICE, { ...asked, treeSize: 0 }),
        () => operator.credentialUpdate(ALICE, { ...asked, version: 1 }),
        () => operator.credentialUpdate(ALICE, { ...asked, terminal: 1 }),
        () => operator.credentialUpdate(ALICE, { ...asked, distinguished: 99 }),
        () => operator.credentialUpdate(ALICE, { ...asked, distinguished: 11 }),
        () => operator.credentialUpdate(ALICE, undefined as never),
        () => operator.credentialUpdate(ALICE, asked),
        () => operator.credentialUpdate(ALICE, { version: 2, treeSize: 13, terminal: 12, distinguished: 13 }),
      ] as const
    ).map(codeOf),
  );
  expect(positions.at(-1)).toBeLessThan(12);
  expect(outcomes).toEqual([
    'PolicyError ERR_NO_VERSION',
    'PolicyError ERR_CREDENTIAL_POSITION',
    'PolicyError ERR_CREDENTIAL_POSITION',
    'PolicyError ERR_CREDENTIAL_POSITION',
    'RangeError ERR_ARGUMENT_RANGE',
    'RangeError ERR_ARGUMENT_RANGE',
    'TypeError ERR_ARGUMENT_TYPE',
    'VerificationError ERR_INDEX_RANGE',
    'VerificationError ERR_HEAD_ORDER',
    'RangeError ERR_ARGUMENT_RANGE',
    'VerificationError ERR_KNOWN_VERSION',
    'VerificationError ERR_KNOWN_VERSION',
    'PolicyError ERR_CREDENTIAL_POSITION',
    'PolicyError ERR_CREDENTIAL_POSITION',
    'TypeError ERR_ARGUMENT_TYPE',
    'PolicyError ERR_CREDENTIAL_POSITION',
    'PolicyError ERR_CREDENTIAL_POSITION',
  ]);
  await operator.deleteOpening(ALICE, 2);
  expect(await codeOf(() => operator.credential(ALICE))).toBe('PolicyError ERR_OPENING_DELETED');
});

test('whatever the history, what is issued is verified', async () => {
  const suite = quickSuite(KT_128_SHA256_P256);
  const seen = new Set<string>();
  await checkAsync(
    fc.asyncProperty(
      fc.constantFrom(0, 60, 150),
      fc.array(fc.record({ isAlice: fc.boolean(), byMs: fc.nat({ max: 80 }) }), {
        minLength: 1,
        maxLength: 16,
      }),
      fc.nat({ max: 15 }),
      fc.nat({ max: 3 }),
      async (windowMs, entries, walkAt, back) => {
        const world = createWorld({ suite, windowMs });
        const operator = await world.open();
        let nowMs = 10_000;
        await insert(operator, 'alice', 'alice 0', nowMs);
        let bob: Awaited<ReturnType<typeof readerOf>> | undefined;
        for (const [i, { isAlice, byMs }] of entries.entries()) {
          nowMs += byMs;
          await insert(operator, isAlice ? 'alice' : `user ${i}`, `${i}`, nowMs);
          if (i !== walkAt % entries.length) continue;
          bob = await readerOf(world, operator, nowMs);
        }
        if (bob === undefined) throw new Error('bob walks once');
        const base = bob.heads.at(-1 - back);
        if (base === undefined) return;
        const credential = await operator.credential(ALICE, { position: base.position });
        const verified = bob.reader.verify(credential, { label: ALICE });
        seen.add(verified.kind);
        if (verified.kind === 'standard') return;
        for (let i = 0; i < 8; i++) {
          nowMs += 70;
          await insert(operator, `later ${i}`, 'x', nowMs);
        }
        const later = await readerOf(world, operator, nowMs, bob.after);
        const asked = later.reader.settle(verified.pending);
        seen.add(asked.outcome);
        if (asked.outcome === 'verified') return;
        const update = await operator.credentialUpdate(ALICE, asked.needed);
        expect(later.reader.settle(verified.pending, { update }).outcome).toBe('verified');
      },
    ),
  );
  for (const each of ['provisional', 'standard', 'verified']) expect(seen.has(each)).toBe(true);
});
