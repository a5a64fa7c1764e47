/** What a log can answer to an owner, and must not. */
import type { MonitorResponseFields } from '../../test/reference/keytrans-operations.js';
import type {
  OwnerInitRequestFields,
  OwnerInitResponseFields,
  OwnerMonitorRequestFields,
} from '../../test/reference/keytrans-owner-operations.js';
import { NO_LEAVES, type Operator } from '../../test/reference/keytrans-operator.js';
import { answerOwnerInit, answerOwnerMonitor } from '../../test/reference/keytrans-operator-answers.js';
import type { LadderStep } from '../../test/reference/keytrans-users.js';
import { addProofDamages, damages } from './keytrans-exchanges.js';
import { grow, minute } from './keytrans-stories.js';
import type { VectorFile } from './vector-file.js';
import { managedLog, ownerLog, ownerVersionsAt, thirdVersionsAt } from './keytrans-story-logs.js';

type Init = OwnerInitResponseFields;

/** From entry 13 on, of 20: entries 13 and 11 hold version 2, and 7 does not hold the label. */
const BEGIN = 'owner, Ed25519: from an entry whose ancestors lack the label';
/** From entry 11 on, which holds version 1; 7 has expired. */
const EXPIRED = 'management, P-256: from an entry whose ancestors have just expired';
const ABSENT = 'auditing, P-256: another auditor, and a label that is not in the starting entry';
/** Entries 15 and 17. */
const PAGE = 'owner, Ed25519: a page of two entries';
/** Entry 19. */
const LAST = 'owner, P-256: the last page';
const NOTHING = 'owner, Ed25519: nothing new';
/** Entries 21 and 23, in a tree of 24. */
const NEW = 'owner, Ed25519: new entries';
/** Entries 25 and 27, in a tree of 32; 29 holds version 3. */
const FURTHER = 'owner, Ed25519: up to a version that is not the owner’s';

/** An owner's log whose entries have these times. */
function timed(
  log: Operator,
  size: number,
  versionsAt: (position: number) => number,
  time: (x: number) => number,
): Operator {
  while (log.size < size) {
    const values = Array.from({ length: versionsAt(log.size) }, (_, i) =>
      Buffer.from(`keys of entry ${log.size}, ${i}`),
    );
    log.append(minute(time(log.size)), values);
  }
  return log;
}

export function addOwnerDamages(file: VectorFile): void {
  addInitDamages(file);
  addMonitorDamages(file);
}

function addInitDamages(file: VectorFile): void {
  const damaged = damages<Init, OwnerInitRequestFields>(file, 'OwnerInitExchange');
  addProofDamages(file, 'OwnerInitExchange', BEGIN, 'init');
  const owners = (): Operator => ownerLog(2, 'Ed25519');

  damaged(BEGIN, 'ERR_OWNER_START', 'the start is not distinguished', (_, request) =>
    answerOwnerInit(
      timed(owners(), 20, ownerVersionsAt, (x) => (x < 11 || x > 15 ? x : 15)),
      request,
    ),
  );
  damaged(EXPIRED, 'ERR_OWNER_START', 'the start has expired', (_, request) =>
    answerOwnerInit(
      timed(managedLog(1, 'P-256'), 20, thirdVersionsAt, (x) => (x < 12 ? 7 : x)),
      request,
    ),
  );
  damaged(BEGIN, 'ERR_OWNER_START', 'the log ends before the start', (response, request) => {
    const log = owners();
    grow(log, 20, ownerVersionsAt);
    const { fullTreeHead, proof } = log.answer(request.last, () => null, { treeSize: 13 });
    return { ...response, fullTreeHead, init: proof };
  });
  const versions = (greatestVersions: readonly number[]) => (response: Init) => ({
    ...response,
    greatestVersions,
  });
  damaged(BEGIN, 'ERR_OWNED_VERSIONS', 'the versions rise to the left', versions([1, 2]));
  // The ladders of 1 and 0 together have the same versions as that of 1.
  damaged(EXPIRED, 'ERR_OWNED_VERSIONS', 'a version of an entry that has expired', versions([1, 0]));
  // The ladder of 2, 0 1 3 2, is also that of 1.
  damaged(BEGIN, 'ERR_PREFIX_COMMITMENT', 'no version is said to be where there was one', (response) => ({
    ...response,
    ...versions([])(response),
    binaryLadder: response.binaryLadder.slice(0, 1).map(({ proof }) => ({ proof, commitment: undefined })),
    init: { ...response.init, prefixProofs: firstLookedUp(response) },
  }));
  damaged(
    BEGIN,
    'ERR_GREATEST_VERSION',
    'a version that the starting entry does not hold yet',
    (_, request) => {
      const log = owners();
      grow(log, 13, (x) => (x === 10 ? 0 : ownerVersionsAt(x)));
      const { entries } = log;
      while (log.size < 20) log.appendLeaves(minute(log.size), []);
      const other = owners();
      grow(other, 20, ownerVersionsAt);
      log.history = other.history;
      if (entries.length !== 13) throw new Error('13 entries');
      return answerOwnerInit(log, request);
    },
  );
  damaged(
    BEGIN,
    'ERR_GREATEST_VERSION',
    'a version is said to have been there before it was',
    (_, request) => {
      const log = owners();
      grow(log, 20, ownerVersionsAt);
      log.history = log.history.map((one) => ({ ...one, position: Math.min(one.position, 5) }));
      return answerOwnerInit(log, request);
    },
  );
  const steps = (change: (all: readonly LadderStep[]) => readonly LadderStep[]) => (response: Init) => ({
    ...response,
    binaryLadder: change(response.binaryLadder),
  });
  const committed = (at: number, commitment: Buffer | undefined) =>
    steps((all) => all.map((step, i) => (i === at ? { ...step, commitment } : step)));
  damaged(
    BEGIN,
    'ERR_LADDER_STEPS',
    'a version has no VRF proof',
    steps((all) => all.slice(1)),
  );
  damaged(
    BEGIN,
    'ERR_LADDER_STEPS',
    'a VRF proof too many',
    steps((all) => [...all, ...all.slice(-1)]),
  );
  damaged(
    ABSENT,
    'ERR_LADDER_COMMITMENT',
    'a commitment where the label is not',
    committed(0, Buffer.alloc(32)),
  );
  damaged(
    BEGIN,
    'ERR_LADDER_COMMITMENT',
    'a commitment to a version that is not',
    committed(3, Buffer.alloc(32)),
  );
  damaged(BEGIN, 'ERR_LADDER_COMMITMENT', 'no commitment to the greatest version', committed(2, undefined));
  damaged(BEGIN, 'ERR_PREFIX_COMMITMENT', 'no commitment to an earlier version', committed(0, undefined));
  damaged(BEGIN, 'ERR_SIGNATURE', 'another commitment', committed(1, Buffer.alloc(32, 1)));
  damaged(
    BEGIN,
    'ERR_VRF_PROOF',
    'the VRF proofs in another order',
    steps((all) => [...all].reverse().map((step, i) => ({ ...step, commitment: all[i]?.commitment }))),
  );
  damaged(BEGIN, 'ERR_HEAD_SAME', 'the head that a newcomer is said to know', (response) => ({
    ...response,
    fullTreeHead: { headType: 'same' },
  }));
  damaged(BEGIN, 'ERR_PROOF_SEARCHES', 'nothing is shown of the last ancestor', (response) => ({
    ...response,
    init: { ...response.init, prefixProofs: response.init.prefixProofs.slice(0, -1) },
  }));
}

/** What is shown of the starting entry, and of it the first lookup alone. */
function firstLookedUp(response: Init): Init['init']['prefixProofs'] {
  const log = ownerLog(2, 'Ed25519');
  grow(log, 20, ownerVersionsAt);
  const { proof } = log.answer(undefined, (entries) => entries.lookUp(13, [0]));
  return [...proof.prefixProofs, ...response.init.prefixProofs.slice(1)];
}

function addMonitorDamages(file: VectorFile): void {
  const damaged = damages<MonitorResponseFields, OwnerMonitorRequestFields>(file, 'OwnerMonitorExchange');
  addProofDamages(file, 'OwnerMonitorExchange', NEW, 'monitor');
  /** The owner's log to entry 23, and then another way. */
  const grown = (further: (log: Operator) => void): Operator => {
    const log = ownerLog(2, 'Ed25519');
    grow(log, 24, ownerVersionsAt);
    further(log);
    return log;
  };
  const never = (_x: number, _expected: number | null, looks: number): boolean => looks >= 2;

  damaged(
    FURTHER,
    'ERR_PREFIX_COMMITMENT',
    'a version that is not the owner’s, as if it were not there',
    (_, request) => {
      const log = grown((one) => grow(one, 32, (x) => (x === 24 ? 1 : 0)));
      return answerOwnerMonitor(log, request, 2, { ends: never });
    },
  );
  damaged(FURTHER, 'ERR_GREATEST_VERSION', 'the greatest version is gone', (_, request) => {
    const log = grown((one) => {
      const before = one.entry(9);
      while (one.size < 32) one.appendLeaves(minute(one.size), [], before);
    });
    return answerOwnerMonitor(log, request, 2, { ends: never });
  });
  damaged(FURTHER, 'ERR_GREATEST_VERSION', 'the label is gone', (_, request) => {
    const log = grown((one) => {
      while (one.size < 32) one.appendLeaves(minute(one.size), [], NO_LEAVES);
    });
    return answerOwnerMonitor(log, request, 2, { ends: never });
  });
  damaged(FURTHER, 'ERR_SIGNATURE', 'another value in place of the owner’s', (_, request) => {
    const log = grown((one) => {
      const tree = [0, 1]
        .map((version) => one.leaf(version))
        .concat({ ...one.leaf(2), commitment: Buffer.alloc(32, 1) });
      one.appendLeaves(minute(24), tree, NO_LEAVES);
      while (one.size < 32) one.appendLeaves(minute(one.size), []);
    });
    return answerOwnerMonitor(log, request, 2, { ends: never });
  });
  const searches = (
    of: string,
    code: string,
    damage: string,
    change: (all: readonly unknown[]) => readonly unknown[],
  ): void =>
    damaged(of, code, damage, (response) => ({
      ...response,
      monitor: { ...response.monitor, prefixProofs: change(response.monitor.prefixProofs) },
    }));
  searches(PAGE, 'ERR_ENTRY_ROOT', 'the entries of a page in another order', (all) => [...all].reverse());
  searches(LAST, 'ERR_PROOF_SEARCHES', 'the last entry is shown twice', (all) => [...all, ...all]);
  searches(NOTHING, 'ERR_PROOF_SEARCHES', 'something is shown where nothing is left', () => [
    { results: [], elements: [Buffer.alloc(32)] },
  ]);
  searches(LAST, 'ERR_LADDER_LENGTH', 'a ladder leaves out what was shown before', (all) =>
    (all as MonitorResponseFields['monitor']['prefixProofs']).map(({ results, elements }) => ({
      results: results.slice(1),
      elements,
    })),
  );
  damaged(FURTHER, 'ERR_HEAD_ORDER', 'the head of the tree that the owner knows', (response) => ({
    ...response,
    fullTreeHead: grown(() => {}).headOf(24, null),
  }));
  damaged(
    FURTHER,
    'ERR_TIMESTAMP_ORDER',
    'new entries that are older than one that was kept',
    (_, request) => {
      const log = grown((one) =>
        timed(
          one,
          32,
          () => 0,
          () => 22,
        ),
      );
      return answerOwnerMonitor(log, request, 2);
    },
  );
  file.invalid(NOTHING, 'ERR_HEAD_BEHIND', 'the same tree for too long', { nowMs: minute(19 + 60) + 1 });
  file.invalid(FURTHER, 'ERR_HEAD_AHEAD', 'a newest entry ahead of the clock', { nowMs: minute(31 - 1) - 1 });
}
