/** What peers tell each other of the heads that a log showed them. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePeerHeads, encodeSeenHeads, fetchHeads } from '../../src/directory.js';
import type { DistinguishedRoot } from '../../src/transparency.js';
import { codeOf } from '../support/accounts.js';
import { check } from '../support/property.js';
import { Server } from './directory-world.js';

const root = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const heads = (...list: readonly (readonly [position: number, byte: number])[]) => ({
  heads: list.map(([position, byte]): DistinguishedRoot => ({ position, timestampMs: 0, root: root(byte) })),
});
const kindOf = (own: ReturnType<typeof heads>, peer: ReturnType<typeof heads>): string =>
  comparePeerHeads(own, encodeSeenHeads(peer)).kind;

test.each([
  ['none', 'the same list', heads([3, 1], [7, 2]), heads([3, 1], [7, 2])],
  ['none', 'lists that overlap', heads([3, 1], [7, 2]), heads([7, 2], [9, 3])],
  ['none', 'lists that do not reach each other', heads([3, 1], [7, 2]), heads([9, 3])],
  ['none', 'an empty list', heads([3, 1]), heads()],
  ['none', 'two empty lists', heads(), heads()],
  ['fork', 'another root', heads([3, 1], [7, 2]), heads([3, 1], [7, 9])],
  ['fork', 'an entry that the peer lacks', heads([3, 1], [5, 2], [7, 3]), heads([3, 1], [7, 3])],
  ['fork', 'an entry that the peer has besides', heads([3, 1], [7, 3]), heads([3, 1], [5, 2], [7, 3])],
  ['fork', 'no entry in common within the same span', heads([3, 1], [7, 3]), heads([4, 1], [6, 3])],
  ['fork', 'one entry inside the other’s span', heads([3, 1], [7, 3]), heads([5, 1])],
])('%s: %s', (kind, _, own, peer) => {
  expect(kindOf(own, peer)).toBe(kind);
  expect(kindOf(peer, own)).toBe(kind);
});

test('the encoding, byte by byte', () => {
  const expected = `01 01 0000000000000103 ${'07'.repeat(32)}`.replaceAll(' ', '');
  expect(Buffer.from(encodeSeenHeads(heads([0x103, 7]))).toString('hex')).toBe(expected);
  const many = heads(...Array.from({ length: 300 }, (_, i) => [i, 1] as const));
  expect(encodeSeenHeads(many)).toHaveLength(2 + 255 * 40);
  expect(kindOf(many, many)).toBe('none');
});

test('the evidence is both lists', () => {
  const [own, peer] = [heads([3, 1]), heads([3, 2])];
  const evidence = Buffer.concat([encodeSeenHeads(own), encodeSeenHeads(peer)]);
  expect(comparePeerHeads(own, encodeSeenHeads(peer))).toEqual({
    kind: 'fork',
    evidence: new Uint8Array(evidence),
  });
});

test.each([
  ['ERR_VERSION', '0200'],
  ['ERR_TRUNCATED', '0101'],
  ['ERR_TRAILING_BYTES', '010000'],
  ['ERR_INTEGER', `0101ffffffffffffffff${'07'.repeat(32)}`],
  ['ERR_ORDER', `0102${`0000000000000003${'07'.repeat(32)}`.repeat(2)}`],
  ['ERR_TRUNCATED', ''],
  ['ERR_TOO_LARGE', '00'.repeat(2 + 255 * 40 + 1)],
])('what a peer sends is read strictly: %s', (code, hex) => {
  expect(codeOf(() => comparePeerHeads(heads([1, 1]), new Uint8Array(Buffer.from(hex, 'hex'))))).toBe(code);
});

test('of one growing log, any two users agree, whenever they walked; of a fork they do not', async () => {
  const server = await Server.open({ windowMs: 60 });
  const forked = await Server.open({ windowMs: 60 });
  const walks = [];
  for (let i = 0; i < 25; i++) {
    await server.fill(1 + (i % 3), 5 + ((i * 7) % 40));
    walks.push(await server.heads());
  }
  await forked.fill(60, 30);
  const other = await forked.heads();
  for (const a of walks) {
    for (const b of walks) expect(comparePeerHeads(a, encodeSeenHeads(b)).kind).toBe('none');
  }
  const newest = walks.at(-1) as (typeof walks)[number];
  const reached = newest.heads.some(({ position }) => position >= (other.heads[0]?.position ?? Infinity));
  expect(comparePeerHeads(other, encodeSeenHeads(newest)).kind).toBe(reached ? 'fork' : 'none');
});

test('runs of one sequence of heads never look forked, and any change within the common span does', () => {
  const sequence = fc.uniqueArray(fc.nat(1000), { minLength: 2, maxLength: 30 });
  check(
    fc.property(sequence, fc.nat(), fc.nat(), fc.nat(), fc.nat(), (positions, a, b, c, d) => {
      const all = positions.sort((x, y) => x - y).map((position) => [position, position % 251] as const);
      const run = (from: number, length: number) => {
        const start = from % all.length;
        return all.slice(start, start + 1 + (length % (all.length - start)));
      };
      const [own, peer] = [run(a, b), run(c, d)];
      expect(kindOf(heads(...own), heads(...peer))).toBe('none');
      const hit = own.find(([position]) => peer.some(([other]) => other === position));
      if (hit === undefined) return;
      const changed = peer.map(
        ([position, byte]) => [position, position === hit[0] ? byte + 1 : byte] as const,
      );
      expect(kindOf(heads(...own), heads(...changed))).toBe('fork');
    }),
  );
});

test('a log’s heads are fetched as its client walks them, and a false answer leaves no trace', async () => {
  const server = await Server.open({ windowMs: 60 });
  await server.fill(20, 30);
  const { nowMs } = server;
  const client = server.client();
  const { request, review } = fetchHeads(client);
  const response = await server.operator.distinguished(request);
  const walked = await server.heads(client);
  expect(walked.heads.length).toBeGreaterThan(3);
  expect(review(response, { nowMs })).toEqual({
    heads: walked.heads,
    log: { kind: 'none' },
    refusal: undefined,
    before: undefined,
    after: walked.after,
  });
  const nothing = { heads: [], before: undefined, after: undefined };
  const cut = review(response.subarray(1), { nowMs });
  expect(cut).toEqual({ ...nothing, log: { kind: 'proof-invalid' }, refusal: cut.refusal });
  expect(cut.refusal).toMatch(/^ERR_/);
  const late = review(response, { nowMs: nowMs + 2000 });
  expect(late).toEqual({ ...nothing, log: { kind: 'stale' }, refusal: 'ERR_HEAD_BEHIND' });

  const two = fetchHeads(client, { recent: { count: 2 } });
  expect(two.review(response, { nowMs }).refusal).toBeDefined();
  expect(codeOf(() => fetchHeads(client, { stop: -1 }))).toBe('ERR_ARGUMENT_RANGE');
});
