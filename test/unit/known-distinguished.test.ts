/** The recent distinguished entries that a client keeps: what is kept of each, which, and how it is stored. */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/transparency/client/client.js';
import type { ClientState } from '../../src/transparency/client/client-state.js';
import { createClient } from '../../src/transparency/client/create-client.js';
import {
  closeDistinguished,
  KNOWN_DISTINGUISHED_MAX,
  type KnownDistinguished,
  openDistinguished,
  type WireDistinguished,
} from '../../src/transparency/client/known-distinguished.js';
import { decodeState, encodeState } from '../../src/transparency/client/state-encoding.js';
import { openLog } from '../../src/transparency/verifier/trusted-log.js';
import { frontier } from '../../src/transparency/walks/search-tree.js';
import { check } from '../support/property.js';
import { ALICE, clientOf, codeOf, grow, hex, logOf, searched, utf8 } from './client-world.js';
import { distinguishedOf, knownTo, stateBytes, walked } from './credential-world.js';
import type { HonestLog } from './honest-log.js';
import { PAPER_SUITE } from './paper-suite.js';

function stateOf(log: HonestLog, client: Client): ClientState {
  const trusted = openLog(log.configurationBytes, PAPER_SUITE);
  return decodeState(trusted, stateBytes(client));
}

/** What must be kept of an entry, from the log itself. */
function expected(log: HonestLog, position: number): object {
  const entry = (at: number) => ({
    position: at,
    timestampMs: log.entries[at]?.timestampMs,
    prefixTree: hex(log.entries[at]?.prefixTree.root as Uint8Array),
  });
  let begin = 0;
  const fullSubtrees = frontier(position + 1).map((at) => {
    const subtree = log.rootOf(begin, at + 1);
    begin = at + 1;
    return hex(subtree);
  });
  return { treeSize: position + 1, fullSubtrees, frontier: frontier(position + 1).map(entry) };
}

const readable = ({ view }: KnownDistinguished): object => ({
  treeSize: view.treeSize,
  fullSubtrees: view.fullSubtrees.map(hex),
  frontier: view.frontier.map((each) => ({ ...each, prefixTree: hex(each.prefixTree) })),
});

describe('what a walk leaves behind', () => {
  test('is each recent entry as the last of its tree, whatever was known before', async () => {
    const log = await logOf(1, { windowMs: 35 });
    let returning = clientOf(log);
    while (log.size < 61) {
      await grow(log, 1 + (log.size % 5));
      returning = await walked(log, log.size % 2 === 0 ? await searchedBy(log, returning) : returning);
      const recent = distinguishedOf(log).slice(-10);
      for (const client of [await walked(log), returning]) {
        expect(stateOf(log, client).distinguished.map(readable)).toEqual(
          recent.map((position) => expected(log, position)),
        );
      }
    }
    expect(distinguishedOf(log).length).toBeGreaterThan(10);
  });

  test('in all three modes', async () => {
    for (const mode of ['contactMonitoring', 'thirdPartyManagement', 'thirdPartyAuditing'] as const) {
      const log = await logOf(27, { mode, windowMs: 35 });
      expect(knownTo(log, await walked(log))).toEqual(distinguishedOf(log).slice(-10));
    }
  });

  test('is what the program’s definition calls recent, and never more than ten', async () => {
    const log = await logOf(40, { windowMs: 0 });
    const last = (count: number): number[] => Array.from({ length: count }, (_, i) => 40 - count + i);
    for (const [recent, count] of [
      [{ count: 3 }, 3],
      [{ count: 10 }, 10],
      [{ count: 11 }, 10],
      [{ count: 255 }, 10],
      [{ withinMs: 31 }, 4],
      [{ withinMs: 0 }, 0],
      [{ withinMs: 1_000_000 }, 10],
    ] as const) {
      expect(knownTo(log, await walked(log, clientOf(log), { recent }))).toEqual(last(count));
    }
    expect(KNOWN_DISTINGUISHED_MAX).toBe(10);
  });

  test('is joined with what was known where the walk stops there, and pruned', async () => {
    const log = await logOf(30, { windowMs: 0 });
    let client = await walked(log, clientOf(log), { recent: { count: 5 } });
    await grow(log, 2);
    client = await walked(log, client, { recent: { count: 5 }, stop: 29 });
    expect(knownTo(log, client)).toEqual([27, 28, 29, 30, 31]);
    const within = { withinMs: 25 };
    client = await walked(log, client, { recent: within, stop: 31 });
    expect(knownTo(log, client)).toEqual([29, 30, 31]);
    await grow(log, 20);
    client = await walked(log, client, { recent: within, stop: 51 });
    expect(knownTo(log, client)).toEqual([]);
  });

  test('is left alone by every other operation', async () => {
    const log = await logOf(30, { windowMs: 35 });
    const client = await walked(log);
    const known = knownTo(log, client);
    expect(known.length).toBeGreaterThan(3);
    await grow(log, 5);
    const other = await searchedBy(log, client);
    expect(knownTo(log, other)).toEqual(known);
    const { request, verify } = other.monitor(ALICE);
    await grow(log, 3);
    const monitored = other.at(verify(await log.monitor(request), { nowMs: log.nowMs }).after);
    expect(knownTo(log, monitored)).toEqual(known);
    expect(knownTo(log, monitored.at(monitored.forget(ALICE).after))).toEqual(known);
  });

  test('does not hold expired entries', async () => {
    const log = await logOf(40, { windowMs: 10, lifetimeMs: 55 });
    expect(knownTo(log, await walked(log))).toEqual([34, 35, 36, 37, 38, 39]);
  });
});

async function searchedBy(log: HonestLog, client: Client): Promise<Client> {
  const { request, verify } = client.search(ALICE);
  return client.at(verify(await log.search(request), { nowMs: log.nowMs }).after);
}

// ------------------------------------------------------------------------------------- stored

describe('stored', () => {
  const known = async () => {
    const log = await logOf(30, { windowMs: 35 });
    return { log, state: stateOf(log, await walked(log)) };
  };

  test('it comes back', async () => {
    const { log, state } = await known();
    const trusted = openLog(log.configurationBytes, PAPER_SUITE);
    const bytes = encodeState(trusted, state);
    expect(decodeState(trusted, bytes)).toEqual(state);
    expect(hex(encodeState(trusted, decodeState(trusted, bytes)))).toBe(hex(bytes));
  });

  test('any changed byte is another state or none', async () => {
    const { log, state } = await known();
    const trusted = openLog(log.configurationBytes, PAPER_SUITE);
    const bytes = encodeState(trusted, { ...state, labels: [] });
    check(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = ((damaged[at] as number) + difference) % 256;
        let other: ClientState;
        try {
          other = decodeState(trusted, damaged);
        } catch (error) {
          expect((error as { readonly code: string }).code).toMatch(/^ERR_(?:STORED_STATE|STATE_LOG)$/);
          return;
        }
        expect(hex(encodeState(trusted, other))).toBe(hex(damaged));
      }),
    );
  });

  const node = (position: number, timestampMs = 5): WireDistinguished['nodes'][number] => ({
    position,
    entry: { timestampMs, prefixTree: new Uint8Array(32).fill(position) },
    subtree: new Uint8Array(32).fill(100 + position),
  });
  // 4 stands behind 3, 5 behind 3; 3 alone.
  const whole: WireDistinguished = {
    nodes: [node(3), node(4), node(5)],
    entries: [{ position: 4 }, { position: 5 }],
  };
  test.each<[name: string, isOpened: boolean, wire: WireDistinguished, treeSize: number]>([
    ['what was written', true, whole, 6],
    ['nothing', true, { nodes: [], entries: [] }, 0],
    ['an entry beyond the tree', false, whole, 5],
    ['an entry twice', false, { ...whole, entries: [{ position: 4 }, { position: 4 }, { position: 5 }] }, 6],
    ['entries in another order', false, { ...whole, entries: [...whole.entries].reverse() }, 6],
    ['nodes in another order', false, { ...whole, nodes: [...whole.nodes].reverse() }, 6],
    ['a node twice', false, { ...whole, nodes: [node(3), node(3), node(4), node(5)] }, 6],
    ['a node that is on no frontier', false, { ...whole, nodes: [node(1), ...whole.nodes] }, 6],
    ['an entry without an ancestor', false, { ...whole, nodes: [node(4), node(5)] }, 6],
    ['an entry without itself', false, { ...whole, nodes: [node(3), node(5)] }, 6],
    ['timestamps that fall', false, { ...whole, nodes: [node(3, 6), node(4), node(5)] }, 6],
    ['timestamps that rise', true, { ...whole, nodes: [node(3, 4), node(4), node(5, 6)] }, 6],
  ])('%s: %s', (_, isOpened, wire, treeSize) => {
    const opened = openDistinguished(wire, treeSize);
    expect(opened !== undefined).toBe(isOpened);
    if (opened !== undefined) expect(closeDistinguished(opened)).toEqual(wire);
  });

  test('ten entries and no more', () => {
    const of = (count: number): WireDistinguished => ({
      nodes: Array.from({ length: 16 }, (_, i) => node(i)),
      entries: Array.from({ length: count }, (_, i) => ({ position: 16 - count + i })),
    });
    const isOpened = (count: number): boolean => {
      const { entries, nodes } = of(count);
      const used = new Set(entries.flatMap(({ position }) => frontier(position + 1)));
      return (
        openDistinguished({ entries, nodes: nodes.filter((each) => used.has(each.position)) }, 16) !==
        undefined
      );
    };
    expect([isOpened(10), isOpened(11)]).toEqual([true, false]);
  });
});

// ------------------------------------------------------------------------------------- earlier versions

describe('a state of version 1', () => {
  const { version1 } = JSON.parse(
    readFileSync(new URL('../fixtures/client-states.json', import.meta.url), 'utf8'),
  ) as {
    readonly version1: {
      readonly [mode: string]: { readonly configuration: string; readonly state: string };
    };
  };
  const fromHex = (digits: string): Uint8Array => new Uint8Array(Buffer.from(digits, 'hex'));

  test.each(Object.keys(version1))(
    'in mode %s, is read as one that knows no distinguished entry',
    async (mode) => {
      const { configuration, state: stored } = version1[mode] as {
        readonly configuration: string;
        readonly state: string;
      };
      const trusted = openLog(fromHex(configuration), PAPER_SUITE);
      const state = decodeState(trusted, fromHex(stored));
      expect(state.distinguished).toEqual([]);
      expect(state.labels).toHaveLength(mode === 'contactMonitoring' ? 3 : 1);
      expect(state.head?.treeHead.treeSize).toBe(30);
      // The same log goes on, and so does its user.
      const log = await logOf(27, { mode: mode as never });
      await grow(log, 10);
      const old = createClient(fromHex(configuration), { suite: PAPER_SUITE, state: fromHex(stored) });
      const client = await walked(log, await searchedBy(log, old));
      expect(knownTo(log, client)).toEqual(distinguishedOf(log).slice(-10));
      expect(stateOf(log, client).labels).toHaveLength(state.labels.length);
      // Written again, it is of version 2 and otherwise the same.
      const { before, after } = old.forget(utf8('nobody'));
      expect(hex(before as Uint8Array)).toBe(stored);
      expect(hex(after).startsWith('0002')).toBe(true);
      expect(after.length).toBe(stored.length / 2 + 3);
      expect(decodeState(trusted, after)).toEqual(state);
    },
  );

  test('has no room for distinguished entries', async () => {
    const log = await logOf(27);
    const { after } = (await searched(log)).forget(utf8('nobody'));
    after[1] = 1;
    expect(codeOf(() => clientOf(log, after))).toBe('ERR_STORED_STATE');
  });
});
