/** The published vectors of head logs against the library: entries, what witnesses are asked and answer, comparing. */

import { describe, expect, test } from 'vitest';
import { hashLeaf, parseVerifierKey, signCheckpoint, treeRoot } from '../../src/log.js';
import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from '../../src/suites.js';
import { openLog } from '../../src/transparency/verifier/trusted-log.js';
import { parseConfiguration } from '../../src/transparency/wire/configuration.js';
import { compareHeads, type ProvenHead } from '../../src/transparency/witnesses/compare-heads.js';
import type { TrackerState } from '../../src/transparency/witnesses/tracker-state.js';
import {
  assertNext,
  encodeWitnessedHead,
  parseWitnessedHead,
  type WitnessedHead,
} from '../../src/transparency/witnesses/witnessed-head.js';
import {
  createWitness,
  encodeAddCheckpoint,
  openWitnessAnswer,
  parseAddCheckpoint,
} from '../../src/witnesses.js';
import { signerOf } from '../support/log-notes.js';
import { byteList, bytes, type Fields, hex, number, PUBLISHED, text, textList } from '../vectors/files.js';
import { bytesOf, textOf } from './operator-world.js';
import { START_MS } from './witness-world.js';

const FILE = PUBLISHED.find(({ file }) => file === 'keytrans-witnessed-heads');
const SUITES = { 1: KT_128_SHA256_P256, 2: KT_128_SHA256_Ed25519 };

const headFields = ({ position, timestampMs, root }: ProvenHead): Fields => ({
  position,
  timestampMs,
  root: hex(root),
});
const headFrom = (value: unknown): WitnessedHead => {
  const { position, timestampMs, root } = value as Fields;
  return {
    position: number(position),
    timestampMs: number(timestampMs),
    root: bytes(root),
    signature: new Uint8Array(0),
  };
};
const headsFrom = (value: unknown): WitnessedHead[] => (value as readonly unknown[]).map(headFrom);

function entries(input: Fields): Fields {
  const configuration = bytes(input['configuration']);
  const log = openLog(configuration, SUITES[parseConfiguration(configuration).ciphersuite]);
  const heads: WitnessedHead[] = [];
  const given = byteList(input['entries']);
  for (const entry of given) {
    const head = parseWitnessedHead(log, entry);
    assertNext(log, heads.at(-1), head);
    expect(encodeWitnessedHead(log, head)).toEqual(entry);
    heads.push(head);
  }
  const root = treeRoot(new Uint8Array(Buffer.concat(given.map((entry) => hashLeaf(entry)))));
  return { heads: heads.map(headFields), root: hex(root) };
}

function request({ body }: Fields): Fields {
  const read = parseAddCheckpoint(bytesOf(text(body)));
  expect(textOf(encodeAddCheckpoint(read))).toBe(body);
  return { ...read, proof: read.proof.map(hex), checkpoint: textOf(read.checkpoint) };
}

function answer({ status, body, checkpoint, keys }: Fields): Fields {
  const answered = { status: number(status), body: bytesOf(text(body)) };
  const opened = openWitnessAnswer(answered, bytesOf(text(checkpoint)), textList(keys));
  const absent = { lines: null, cosignedBy: null, treeSize: null, status: null };
  return opened.outcome === 'cosigned'
    ? { ...absent, ...opened, lines: textOf(opened.lines) }
    : { ...absent, ...opened };
}

async function decision({ body, logs, latest }: Fields): Promise<Fields> {
  const signer = signerOf('witness.example/w', 'cosignature', 80);
  const known = (logs as readonly Fields[]).map(({ origin, keys }) => ({
    origin: text(origin),
    keys: textList(keys).map((key) => parseVerifierKey(key)),
  }));
  const head = latest as Fields | null;
  const stored =
    head === null
      ? undefined
      : signCheckpoint(
          { origin: text(known[0]?.origin), treeSize: number(head['treeSize']), root: bytes(head['root']) },
          [signer],
          { nowMs: START_MS },
        );
  const store = { get: async () => stored, replace: async () => true };
  const given = await createWitness({ logs: known, signer, store }).addCheckpoint(bytesOf(text(body)), {
    nowMs: START_MS,
  });
  return { status: given.status, size: given.status === 409 ? Number(textOf(given.body)) : null };
}

function comparison({ matched, pending, heads, oldestMs }: Fields): Fields {
  const state = {
    matched: matched === null ? undefined : headFrom(matched),
    pending: headsFrom(pending),
  } as unknown as TrackerState;
  const { result, state: after } = compareHeads(state, headsFrom(heads), number(oldestMs));
  const absent = { witnessed: null, proven: null, matched: null, pending: 0, skipped: 0 };
  const { newestMs, ...found } = { newestMs: 0, ...result };
  expect(newestMs).toBeGreaterThanOrEqual(0);
  // What is kept afterwards is what was there, without what is done with.
  const all = [...(state.matched === undefined ? [] : [state.matched]), ...state.pending];
  const kept = [...(after.matched === undefined ? [] : [after.matched]), ...after.pending];
  expect(kept).toEqual(all.slice(all.length - kept.length));
  const shown = Object.entries(found).map(([name, value]) => [
    name,
    typeof value === 'object' ? headFields(value) : value,
  ]);
  return { ...absent, ...Object.fromEntries(shown) };
}

const JUDGES: Readonly<Record<string, (input: Fields) => Fields | Promise<Fields>>> = {
  HeadLogEntries: entries,
  AddCheckpoint: request,
  WitnessAnswer: answer,
  WitnessDecision: decision,
  WitnessedComparison: comparison,
};
const judgeOf = (structure: string): ((input: Fields) => Fields | Promise<Fields>) => {
  const judge = JUDGES[structure];
  if (judge === undefined) throw new Error(`nothing judges ${structure}`);
  return judge;
};

describe('the published head logs', () => {
  test.each(FILE?.valid ?? [])('$name', async ({ structure, input, output }) => {
    expect(await judgeOf(structure)(input)).toEqual(output);
  });

  test.each(FILE?.invalid ?? [])('$name', async ({ structure, input, code }) => {
    const judged = (async () => judgeOf(structure)(input))();
    await expect(judged).rejects.toMatchObject({ code });
  });

  test('are there', () => {
    expect(FILE?.valid.length).toBeGreaterThan(50);
    expect(FILE?.invalid.length).toBeGreaterThan(25);
  });
});
