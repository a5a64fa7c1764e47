/**
 * Searches of IETF Key Transparency: combined proofs as a user reads them, and whole responses in both cipher
 * suites.
 */
import { answerSearch, retainedAt, type World } from '../../test/reference/keytrans-answers.js';
import { baseBinaryLadder, monitoringBinaryLadder } from '../../test/reference/keytrans-order.js';
import { contextOf, verifyAnswer } from '../../test/reference/keytrans-responses.js';
import {
  type Combined,
  type SearchTask,
  type VerifiedSearch,
  type VersionKey,
  verifySearch,
} from '../../test/reference/keytrans-searches.js';
import { readWire } from '../../test/reference/keytrans-wire.js';
import { addAnswerDamages, addSearchDamages } from './keytrans-search-damages.js';
import { digestSearches } from './keytrans-search-digests.js';
import {
  encodeCombined,
  logFor,
  namedKeys,
  retainedField,
  retainedFrom,
  suiteLog,
} from './keytrans-search-logs.js';
import { bytes, type Fields, hex, type Json, list, number, text, VectorFile } from './vector-file.js';

const orNull = (value: Json | undefined): number | null => (value === null ? null : number(value));

// ------------------------------------------------------------------------------------- judges

function endOf({ terminal, rightmostDistinguished, root, retained }: VerifiedSearch): Fields {
  const { fullSubtrees, frontier } = retainedField(retained) as Fields;
  return {
    terminal,
    rightmostDistinguished,
    root: hex(root),
    fullSubtrees: fullSubtrees as Json,
    frontier: frontier as Json,
  };
}

function judgeProof(input: Fields): Fields {
  const task: SearchTask = {
    treeSize: number(input['treeSize']),
    auditorSize: orNull(input['auditorSize']),
    retained: retainedFrom(input['retained']),
    windowMs: number(input['windowMs']),
    maximumLifetimeMs: orNull(input['maximumLifetimeMs']),
    kind: text(input['kind']) as SearchTask['kind'],
    target: number(input['target']),
  };
  const versions = list(input['versions']).map((field): [number, VersionKey] => {
    const { version, vrfOutput, commitment } = field as Fields;
    const known = commitment === null ? undefined : bytes(commitment);
    return [number(version), { vrfOutput: bytes(vrfOutput), commitment: known }];
  });
  const proof = readWire('CombinedTreeProof', bytes(input['proof']), contextOf(2, false)) as Combined;
  const verified = verifySearch(task, new Map(versions), proof);
  const { auditorRoot } = verified;
  return {
    outcome: verified.outcome,
    ...endOf(verified),
    auditorRoot: auditorRoot === null ? null : hex(auditorRoot),
  };
}

function judgeAnswer(input: Fields): Fields {
  const [configuration, request, response] = ['configuration', 'request', 'response'].map((name) =>
    bytes(input[name]),
  ) as [Buffer, Buffer, Buffer];
  const verified = verifyAnswer(configuration, request, response, retainedFrom(input['retained']));
  const { treeSize, version, value, ...search } = verified;
  return { treeSize, version, value: hex(value), ...endOf(search) };
}

export function keytransSearches(): VectorFile {
  const file = new VectorFile(
    'keytrans-searches',
    'Searches of IETF Key Transparency (draft-ietf-keytrans-protocol, commit 526cc8a): combined proofs as a user reads them, and search responses.',
    { SearchProof: judgeProof, SearchAnswer: judgeAnswer, Searches: digestSearches },
  );
  addProofs(file);
  addSearchDamages(file);
  addAnswers(file);
  addAnswerDamages(file);
  file.valid('Searches', 'searches in all logs to 300 entries', { trees: 300 });
  return file;
}

// ------------------------------------------------------------------------------------- proofs

interface Case {
  readonly treeSize: number;
  readonly last?: number;
  readonly auditorSize?: number;
  readonly windowMs: number;
  readonly maximumLifetimeMs?: number;
  readonly kind?: SearchTask['kind'];
  readonly target: number;
}

function addProof(file: VectorFile, world: World, name: string, given: Case): void {
  const { treeSize, last, auditorSize = null, windowMs, maximumLifetimeMs = null } = given;
  const { kind = 'fixed', target } = given;
  const retained = last === undefined ? null : retainedAt(world, last);
  const task: SearchTask = { treeSize, auditorSize, retained, windowMs, maximumLifetimeMs, kind, target };
  const { proof } = answerSearch(world, task);
  file.valid('SearchProof', name, {
    treeSize,
    auditorSize,
    windowMs,
    maximumLifetimeMs,
    retained: retainedField(retained),
    kind,
    target,
    versions: baseBinaryLadder(target).map((version) => {
      const { vrfOutput, commitment } = world.keyOf(version);
      return { version, vrfOutput: hex(vrfOutput), commitment: hex(commitment as Uint8Array) };
    }),
    proof: hex(encodeCombined(proof)),
  });
}

/** T_0 to T_12 of the draft's worked example, with a window of 20. */
const EXAMPLE_TIMES = [100, 101, 102, 103, 104, 105, 106, 107, 112, 114, 115, 118, 127];
const EXAMPLE = [-1, -1, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2];
/** Entry i at 1000 + 10 i; versions 4 and 5 come at once. */
const LONG = [-1, -1, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 5, 5, 5, 6, 6, 6, 6, 6];
const LONG_TIMES = LONG.map((_, i) => 1000 + 10 * i);
/** Searched for version 1: 7, 3, which is expired, 5, 4. */
const LEAP = [-1, -1, -1, -1, 0, 2, 2, 2];
/** Searched for version 1: 15, 7, which is expired, 11, 9, where it is the greatest. */
const STEP = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 1, 2, 2, 2, 2, 2];
const STEP_TIMES = [0, 0, 0, 0, 0, 0, 0, 0, 25, 30, 35, 40, 60, 80, 100, 120];
const OLD_TIMES = [0, 0, 0, 0, 60, 70, 80, 150];
const LAST_VERSION = 2 ** 32 - 1;

function addProofs(file: VectorFile): void {
  const example = logFor('example', EXAMPLE, EXAMPLE_TIMES, namedKeys('example'));
  const long = logFor('long', LONG, LONG_TIMES, namedKeys('long'));
  const leap = logFor('leap', LEAP, OLD_TIMES, namedKeys('leap'));
  const step = logFor('step', STEP, STEP_TIMES, namedKeys('step'));
  const last = logFor(
    'last version',
    [-1, LAST_VERSION, LAST_VERSION],
    [1, 2, 3],
    namedKeys('last version'),
    monitoringBinaryLadder,
  );
  const greatest = { kind: 'greatest' as const, windowMs: 50 };
  const add = (world: World, name: string, given: Case): void => addProof(file, world, name, given);

  add(example, 'the worked example', { treeSize: 13, last: 4, windowMs: 20, kind: 'greatest', target: 2 });
  add(long, 'greatest: the first tree that a user sees', { ...greatest, treeSize: 21, target: 6 });
  add(long, 'greatest: the same tree again', { ...greatest, treeSize: 21, last: 21, target: 6 });
  add(long, 'greatest: the last entry seen is on the frontier', {
    ...greatest,
    treeSize: 21,
    last: 16,
    target: 6,
  });
  add(long, 'greatest: another entry was seen last', { ...greatest, treeSize: 21, last: 13, target: 6 });
  add(long, 'greatest: no entry is distinguished', { ...greatest, treeSize: 21, windowMs: 1201, target: 6 });
  add(long, 'greatest: the root is distinguished, just', {
    ...greatest,
    treeSize: 21,
    windowMs: 1200,
    target: 6,
  });
  add(long, 'greatest: every entry is distinguished', { ...greatest, treeSize: 21, windowMs: 0, target: 6 });
  add(long, 'greatest: an auditor is behind', {
    ...greatest,
    treeSize: 21,
    last: 13,
    auditorSize: 10,
    target: 6,
  });
  add(long, 'greatest: an auditor has seen all', { ...greatest, treeSize: 21, auditorSize: 21, target: 6 });
  add(long, 'greatest: a tree of three entries', { ...greatest, treeSize: 3, target: 0 });
  add(last, 'greatest: the last version there can be', { ...greatest, treeSize: 3, target: LAST_VERSION });

  add(long, 'fixed: the greatest at some entry', { treeSize: 21, windowMs: 50, target: 1 });
  add(long, 'fixed: never the greatest, and looked up', { treeSize: 21, windowMs: 50, target: 4 });
  add(long, 'fixed: the last entry seen is on the frontier', {
    treeSize: 21,
    last: 16,
    windowMs: 50,
    target: 4,
  });
  add(long, 'fixed: below the subtree that was kept', { treeSize: 21, last: 8, windowMs: 50, target: 0 });
  add(long, 'fixed: the version does not exist', { treeSize: 21, windowMs: 50, target: 9 });
  add(long, 'fixed: the label does not exist yet', { treeSize: 2, windowMs: 50, target: 0 });

  const old = { treeSize: 8, target: 1, maximumLifetimeMs: 100 };
  add(leap, 'expired: one that owners check is to the left, just', { ...old, windowMs: 70 });
  add(leap, 'expired: the entry is itself the leftmost that owners check', { ...old, windowMs: 71 });
  add(leap, 'expired: the one to the left has just expired', { ...old, maximumLifetimeMs: 90, windowMs: 70 });
  add(leap, 'expired: nothing was, just', { ...old, maximumLifetimeMs: 151, windowMs: 71 });
  add(step, 'expired: found in an entry that owners check', { ...old, treeSize: 16, windowMs: 40 });
  add(step, 'expired: found in an entry that owners need not check', { ...old, treeSize: 16, windowMs: 41 });
  add(step, 'expired: the same, by one who comes back', { ...old, treeSize: 16, windowMs: 41, last: 13 });
}

// ------------------------------------------------------------------------------------- answers

function addAnswers(file: VectorFile): void {
  for (const [ciphersuite, curve] of [
    [1, 'P-256'],
    [2, 'Ed25519'],
  ] as const) {
    const log = suiteLog(ciphersuite, `a log, ${curve}`, LONG, LONG_TIMES, 50);
    const add = (name: string, treeSize: number, last: number | undefined, version?: number): void => {
      const { request, response, retained } = log.answer(treeSize, last, version);
      file.valid('SearchAnswer', `${curve}: ${name}`, {
        configuration: hex(log.configuration),
        request: hex(log.encodeRequest(request)),
        response: hex(log.encodeResponse(response, version !== undefined)),
        retained: retainedField(retained),
      });
    };
    add('the greatest version, to a newcomer', 13, undefined);
    add('the greatest version, to one who comes back', 21, 13);
    add('the greatest version, in the same tree', 13, 13);
    add('one version, to a newcomer', 21, undefined, 2);
    add('one version, to one who comes back, looked up', 21, 16, 4);
  }
}
