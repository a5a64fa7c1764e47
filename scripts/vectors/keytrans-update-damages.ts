/** What a log can answer to an owner's update, and must not. */
import type {
  UpdateRequestFields,
  UpdateResponseFields,
} from '../../test/reference/keytrans-owner-operations.js';
import { NO_LEAVES, type Operator } from '../../test/reference/keytrans-operator.js';
import { answerOwnerMonitor, answerUpdate } from '../../test/reference/keytrans-operator-answers.js';
import type { MonitorResponseFields } from '../../test/reference/keytrans-operations.js';
import type { OwnerMonitorRequestFields } from '../../test/reference/keytrans-owner-operations.js';
import type { LadderStep } from '../../test/reference/keytrans-users.js';
import { addProofDamages, damages } from './keytrans-exchanges.js';
import { grow, minute } from './keytrans-stories.js';
import { flipped, list, type VectorFile } from './vector-file.js';
import { keys, updateLog, updateVersionsAt } from './keytrans-story-logs.js';

type Response = UpdateResponseFields;

const CONTACT = 'contact monitoring, Ed25519';
/** Version 2, in entry 20. */
const ONE = `${CONTACT}: one version`;
/** Versions 3 to 5, in entry 24. */
const THREE = `${CONTACT}: three versions`;
/** Version 6 in entry 26; 7 and 8 in 28. */
const OTHERS = `${CONTACT}: two insertions by others, and values that are disregarded`;
/** From entry 20 up to 21 and 23. */
const UP = `${CONTACT}: what was created comes further up`;
const WHOLE = `${CONTACT}: all versions come to a distinguished entry`;
/** Versions 9 to 13, in entry 33. */
const FIVE = 'contact monitoring, P-256: five versions in a distinguished entry';
/** Versions 2 and 3 are skipped; 4, in entry 20. */
const SKIPPED = 'management, P-256: a version, after two that are skipped';
/** Version 5 is skipped; 6 and 7, in entry 21. */
const TOLD = 'management, Ed25519: told of two versions, after one that was skipped';
const FIRST = 'auditing, Ed25519: the first version';

/** A log in which the owner has created versions up to 5, as in the story, up to a size of 25 at most. */
function honest(ciphersuite: 1 | 2, size: number): Operator {
  const log = updateLog(ciphersuite, 'contactMonitoring');
  grow(log, Math.min(size, 20), updateVersionsAt);
  if (size > 20) log.append(minute(20), keys('a'));
  grow(log, Math.min(size, 24));
  if (size > 24) log.append(minute(24), keys('b', 'c', 'd'));
  return log;
}

/** What the operator of a log says of the versions that it would like to have inserted. */
const saying = (log: Operator, history: Operator): Operator => {
  log.history = history.history;
  return log;
};

export function addUpdateDamages(file: VectorFile): void {
  const damaged = damages<Response, UpdateRequestFields>(file, 'UpdateExchange');
  addOthers(file);
  addForms(damaged);
  addLies(damaged);

  const seen = damages<MonitorResponseFields, OwnerMonitorRequestFields>(file, 'OwnerMonitorExchange');
  seen(WHOLE, 'ERR_PROOF_LENGTH', 'a step of monitoring is skipped', (response) => ({
    ...response,
    monitor: { ...response.monitor, prefixProofs: response.monitor.prefixProofs.slice(1) },
  }));
  seen(
    UP,
    'ERR_MONITORED_VERSION',
    'the version that was created is gone from an entry above',
    (_, request) => {
      const log = honest(2, 21);
      while (log.size < 24) log.appendLeaves(minute(log.size), [], log.entry(19));
      return answerOwnerMonitor(log, request, 10);
    },
  );
  seen(UP, 'ERR_PROOF_SEARCHES', 'the last step of monitoring is skipped', (response) => ({
    ...response,
    monitor: { ...response.monitor, prefixProofs: response.monitor.prefixProofs.slice(0, -1) },
  }));
}

type Damaged = ReturnType<typeof damages<Response, UpdateRequestFields>>;

function addOthers(file: VectorFile): void {
  addProofDamages(file, 'UpdateExchange', ONE, 'update');
  const responses = list(file.inputOf(OTHERS)['responses']);
  file.invalid(OTHERS, 'ERR_UPDATE_POSITION', 'the first response comes twice', {
    responses: [responses[0] as string, responses[0] as string],
  });
  file.invalid(OTHERS, 'ERR_UPDATE_VERSIONS', 'no response', { responses: [] });
  file.invalid(OTHERS, 'ERR_UPDATE_POSITION', 'the second response alone', { responses: responses.slice(1) });
  file.invalid(ONE, 'ERR_HEAD_BEHIND', 'a newest entry behind the clock', { nowMs: minute(20 + 60) + 1 });
  file.invalid(ONE, 'ERR_HEAD_AHEAD', 'a newest entry ahead of the clock', { nowMs: minute(20 - 1) - 1 });
}

function addForms(damaged: Damaged): void {
  const fields = (change: Partial<Response>) => (response: Response) => ({ ...response, ...change });
  damaged(ONE, 'ERR_UPDATE_POSITION', 'the starting entry', fields({ position: 15 }));
  damaged(THREE, 'ERR_UPDATE_POSITION', 'the entry of the version before', fields({ position: 20 }));
  damaged(ONE, 'ERR_UPDATE_POSITION', 'an entry that is not there yet', fields({ position: 21 }));
  damaged(ONE, 'ERR_UPDATE_VERSIONS', 'no opening', fields({ info: [] }));
  damaged(THREE, 'ERR_UPDATE_VERSIONS', 'an opening too few', ({ info, ...rest }) => ({
    ...rest,
    info: info.slice(1),
  }));
  damaged(ONE, 'ERR_UPDATE_VERSIONS', 'an opening too many', ({ info, ...rest }) => ({
    ...rest,
    info: [...info, ...info],
  }));
  damaged(TOLD, 'ERR_UPDATE_VERSIONS', 'a value too many', ({ values, ...rest }) => ({
    ...rest,
    values: [...values, ...values],
  }));
  const steps = (change: (all: readonly LadderStep[]) => readonly LadderStep[]) => (response: Response) => ({
    ...response,
    binaryLadder: change(response.binaryLadder),
  });
  damaged(
    THREE,
    'ERR_LADDER_STEPS',
    'a version has no VRF proof',
    steps((all) => all.slice(1)),
  );
  damaged(ONE, 'ERR_LADDER_STEPS', 'a VRF proof of what the owner knows', (response) => {
    const proof = honest(2, 20).vrf(0).pi;
    return steps((all) => [{ proof, commitment: undefined }, ...all])(response);
  });
  damaged(
    SKIPPED,
    'ERR_LADDER_STEPS',
    'more versions are skipped than there can be proofs',
    fields({ skippedVersions: 2 ** 32 - 1 }),
  );
  damaged(SKIPPED, 'ERR_VALUE_SIGNATURE', 'a version less is skipped', fields({ skippedVersions: 1 }));
  damaged(
    THREE,
    'ERR_LADDER_COMMITMENT',
    'a commitment to a new version',
    steps((all) => all.map((step, i) => (i === 0 ? { ...step, commitment: Buffer.alloc(32) } : step))),
  );
  damaged(
    THREE,
    'ERR_VRF_PROOF',
    'the VRF proofs in another order',
    steps((all) => [...all].reverse()),
  );
  damaged(FIRST, 'ERR_SIGNATURE', 'another opening', ({ info, ...rest }) => ({
    ...rest,
    info: info.map((one) => ({ ...one, opening: flipped(one.opening, 2) })),
  }));
  damaged(
    SKIPPED,
    'ERR_VALUE_SIGNATURE',
    'the operator signed the value for the version that was skipped',
    ({ info, ...rest }) => {
      const signature = updateLog(1, 'thirdPartyManagement').signValue(2, keys('a')[0] as Buffer);
      return { ...rest, info: info.map(({ opening }) => ({ opening, suffix: { signature } })) };
    },
  );
  damaged(TOLD, 'ERR_VALUE_SIGNATURE', 'a value that the operator did not sign', ({ values, ...rest }) => ({
    ...rest,
    values: values.map((one, i) => (i === 1 ? { value: Buffer.from('keys of Mallory') } : one)),
  }));
  damaged(FIRST, 'ERR_AUDITOR_SIGNATURE', 'no signature of the auditor', (response) => {
    const head = response.fullTreeHead;
    if (head.headType === 'same' || head.auditorTreeHead === undefined) throw new Error('no auditor');
    return {
      ...response,
      fullTreeHead: { ...head, auditorTreeHead: { ...head.auditorTreeHead, signature: Buffer.alloc(64) } },
    };
  });
  damaged(ONE, 'ERR_HEAD_ORDER', 'the head of the tree that the owner knows', (response) => ({
    ...response,
    fullTreeHead: honest(2, 20).headOf(20, null),
  }));
}

/** All of it signed. */
function addLies(damaged: Damaged): void {
  const mallory = Buffer.from('keys of Mallory');
  damaged(ONE, 'ERR_SIGNATURE', 'another value in place of the one that was asked for', (_, request) => {
    const log = honest(2, 20);
    log.append(minute(20), [mallory]);
    return answerUpdate(log, request, true);
  });
  damaged(ONE, 'ERR_GREATEST_VERSION', 'the version is not in the entry', (_, request) => {
    const log = honest(2, 20);
    log.appendLeaves(minute(20), []);
    return answerUpdate(saying(log, honest(2, 21)), request, true);
  });
  damaged(ONE, 'ERR_PREFIX_COMMITMENT', 'the entry holds a version more', (_, request) => {
    const log = honest(2, 20);
    log.append(minute(20), [...keys('a'), mallory]);
    return answerUpdate(saying(log, honest(2, 21)), request, true);
  });
  damaged(THREE, 'ERR_UPDATED_VERSION', 'one of the versions is not in the entry', (_, request) => {
    const log = honest(2, 24);
    const whole = honest(2, 25);
    log.appendLeaves(
      minute(24),
      [3, 5].map((version) => whole.leaf(version)),
    );
    return answerUpdate(saying(log, whole), request, true);
  });
  damaged(
    FIVE,
    'ERR_UPDATED_VERSION',
    'one of the versions is not in the distinguished entry',
    (_, request) => {
      const log = honest(1, 25);
      grow(log, 33, (position) => ({ 26: 1, 28: 2 })[position] ?? 0);
      const whole = log.fork();
      whole.append(minute(52), keys('f', 'g', 'h', 'i', 'j'));
      log.appendLeaves(
        minute(52),
        [9, 11, 12, 13].map((version) => whole.leaf(version)),
      );
      return answerUpdate(saying(log, whole), request, true);
    },
  );
  // Entry 25 has Mallory's version 6; from 26 on, it is the one that the owner is told of.
  damaged(
    OTHERS,
    'ERR_GREATEST_VERSION',
    'the version had another value in the entry before',
    (_, request) => {
      const whole = honest(2, 25);
      grow(whole, 30, (position) => ({ 26: 1, 28: 2 })[position] ?? 0);
      const log = honest(2, 25);
      log.appendLeaves(minute(25), [{ ...whole.leaf(6), commitment: Buffer.alloc(32, 1) }]);
      log.appendLeaves(minute(26), [whole.leaf(6)], log.entry(24));
      log.appendLeaves(minute(27), []);
      log.appendLeaves(
        minute(28),
        [7, 8].map((version) => whole.leaf(version)),
      );
      log.appendLeaves(minute(29), []);
      return answerUpdate(saying(log, whole), request, false);
    },
  );
  damaged(OTHERS, 'ERR_GREATEST_VERSION', 'the version before was gone for a while', (_, request) => {
    const whole = honest(2, 25);
    grow(whole, 30, (position) => ({ 26: 1, 28: 2 })[position] ?? 0);
    const log = honest(2, 25);
    log.appendLeaves(minute(25), [], log.entry(23));
    while (log.size < 30) log.appendLeaves(minute(log.size), [], whole.entry(log.size));
    return answerUpdate(saying(log, whole), request, false);
  });
  damaged(FIRST, 'ERR_GREATEST_VERSION', 'the label is gone again', (_, request) => {
    const log = updateLog(2, 'thirdPartyAuditing');
    grow(log, 20);
    const whole = log.fork();
    whole.append(minute(20), keys('a'));
    log.appendLeaves(minute(20), [], NO_LEAVES);
    return answerUpdate(saying(log, whole), request, true);
  });
  damaged(SKIPPED, 'ERR_ENTRY_ROOT', 'a version that is said to be skipped has a value', (_, request) => {
    const log = updateLog(1, 'thirdPartyManagement');
    grow(log, 20, updateVersionsAt);
    const whole = log.fork();
    whole.append(minute(20), keys('a'), 2);
    const secret = { ...whole.leaf(2), commitment: Buffer.alloc(32, 1) };
    log.appendLeaves(minute(20), [secret, whole.leaf(3), whole.leaf(4)]);
    return answerUpdate(saying(log, whole), request, true);
  });
  damaged(THREE, 'ERR_TIMESTAMP_ORDER', 'an entry that is older than one that was kept', (_, request) => {
    const log = honest(2, 24);
    log.append(minute(22), keys('b', 'c', 'd'));
    return answerUpdate(log, request, true);
  });
}
