/** What an operator can tell an auditor, and must not. */
import type { Update } from '../../test/reference/keytrans-auditor.js';
import type { Leaf, Result } from '../../test/reference/prefix-tree.js';
import { type AuditLog, wholeLog } from './keytrans-audit-logs.js';
import { minute } from './keytrans-stories.js';
import { bytes, cut, flipped, hex, list, longer, type VectorFile } from './vector-file.js';

const ED25519 = 'from the beginning, Ed25519';
const P256 = 'from the beginning, P-256';

/** Of each case: which log, and the entry whose update is changed. */
const FIRST = { of: `${P256}: the first log entry`, at: 0 };
const SHOWN = { of: `${ED25519}: a leaf removed that a distinguished entry has shown`, at: 4 };
const REPLACED = { of: `${P256}: a value replaced`, at: 5 };
const NOTHING = { of: `${ED25519}: an entry without changes`, at: 6 };
const ROOT = { of: `${P256}: a leaf removed in the entry that is the next root`, at: 7 };
const SOON = { of: `${ED25519}: a leaf removed as soon as a distinguished entry shows it`, at: 11 };
const YOUNG = { of: `${P256}: leaves that no distinguished entry shows yet, one of them put back`, at: 10 };
type Place = typeof FIRST;

const revalued = ({ vrfOutput, commitment }: Leaf): Leaf => ({
  vrfOutput,
  commitment: flipped(commitment, 31),
});
/** A leaf whose key differs in the last bit. */
const twin = ({ vrfOutput, commitment }: Leaf): Leaf => ({ vrfOutput: flipped(vrfOutput, 31), commitment });

function withResult(update: Update, index: number, change: (result: Result) => Result): Update {
  const { results, elements } = update.proof;
  return {
    ...update,
    proof: { elements, results: results.map((one, i) => (i === index ? change(one) : one)) },
  };
}

const withElements = (
  update: Update,
  change: (all: readonly Uint8Array[]) => readonly Uint8Array[],
): Update => ({
  ...update,
  proof: { results: update.proof.results, elements: change(update.proof.elements) },
});

const swapped = (update: Update): Update => ({
  ...update,
  added: [...update.added].reverse(),
  removed: [...update.removed].reverse(),
  proof: { ...update.proof, results: [...update.proof.results].reverse() },
});

export function addAuditDamages(file: VectorFile): void {
  const logs = { [P256]: wholeLog(1, 'P-256'), [ED25519]: wholeLog(2, 'Ed25519') };
  const logOf = ({ of }: Place): AuditLog => (of.startsWith(P256) ? logs[P256] : logs[ED25519]) as AuditLog;

  /** The last update of a case is another one. */
  const damaged = (
    place: Place,
    code: string,
    damage: string,
    change: (update: Update, log: AuditLog) => Update,
  ): void => {
    const log = logOf(place);
    const update = log.encode('AuditorUpdate', change(log.updates[place.at] as Update, log));
    const updates = [...list(file.inputOf(place.of)['updates']).slice(0, -1), update];
    file.invalid(place.of, code, damage, { updates });
  };

  addForms(file, damaged);
  addOverwriting(damaged);
  addRemovals(damaged);
  addProofs(damaged);
  addHistories(file, logOf);
}

type Damaged = (
  place: Place,
  code: string,
  damage: string,
  change: (update: Update, log: AuditLog) => Update,
) => void;

function addForms(file: VectorFile, damaged: Damaged): void {
  damaged(REPLACED, 'ERR_TIMESTAMP_ORDER', 'a log entry that is older than the one before', (update) => ({
    ...update,
    timestampMs: minute(4) - 1,
  }));
  file.invalid(REPLACED.of, 'ERR_HEAD_AHEAD', 'the auditor’s clock is behind', { nowMs: minute(4) - 1 });
  damaged(FIRST, 'ERR_PREFIX_ORDER', 'added leaves out of order', swapped);
  damaged(SHOWN, 'ERR_PREFIX_ORDER', 'removed leaves out of order', (_, log) => {
    const leaves = ['b', 'c'].map((name) => log.leafBefore(name, 4));
    return swapped(log.tell(4, [], leaves));
  });
  damaged(SHOWN, 'ERR_PREFIX_DUPLICATE', 'a key added twice, with two values', (_, log) => {
    const leaf = log.leaf('g', 4);
    return log.tell(4, [leaf, revalued(leaf)]);
  });
  damaged(SHOWN, 'ERR_PREFIX_DUPLICATE', 'a leaf removed twice', (_, log) => {
    const leaf = log.leafBefore('a', 4);
    return log.tell(4, [], [leaf, leaf]);
  });
  const lastOf = ({ of }: Place): Buffer => bytes(list(file.inputOf(of)['updates']).at(-1));
  file.invalid(FIRST.of, 'ERR_TRAILING_BYTES', 'a byte after the update', {
    updates: [hex(longer(lastOf(FIRST)))],
  });
  file.invalid(FIRST.of, 'ERR_TRUNCATED', 'the last byte is missing', { updates: [hex(cut(lastOf(FIRST)))] });
}

/** A value that is there is given another one, without its leaf being removed. */
function addOverwriting(damaged: Damaged): void {
  const overwritten = (log: AuditLog, at: number): Update =>
    log.tell(at, [revalued(log.leafBefore('b', at))]);
  const depthOf = (log: AuditLog, at: number): number =>
    overwritten(log, at).proof.results[0]?.depth as number;
  damaged(REPLACED, 'ERR_PREFIX_PRESENT', 'a value overwritten in place', (_, log) => overwritten(log, 5));
  damaged(
    REPLACED,
    'ERR_PREFIX_LEAF_KEY',
    'a value overwritten, its leaf said to be in its own way',
    (_, log) =>
      withResult(overwritten(log, 5), 0, ({ depth }) => ({
        resultType: 'nonInclusionLeaf',
        leaf: log.leafBefore('b', 5),
        depth,
      })),
  );
  damaged(SHOWN, 'ERR_ENTRY_ROOT', 'a value overwritten, its place said to be empty', (_, log) =>
    withResult(overwritten(log, 4), 0, () => ({ resultType: 'nonInclusionParent', depth: depthOf(log, 4) })),
  );
  damaged(
    SHOWN,
    'ERR_PREFIX_LEAF_PATH',
    'a value overwritten, behind a leaf that is not in its way',
    (_, log) => {
      const leaf = log.leafBefore('b', 4);
      const opposite = { ...leaf, vrfOutput: flipped(leaf.vrfOutput, 0, 128) };
      return withResult(overwritten(log, 4), 0, () => ({
        resultType: 'nonInclusionLeaf',
        leaf: opposite,
        depth: 1,
      }));
    },
  );
  damaged(
    REPLACED,
    'ERR_PREFIX_CONFLICT',
    'the place of a replaced value shown empty and taken at once',
    (update) => withResult(update, 0, ({ depth }) => ({ resultType: 'nonInclusionParent', depth })),
  );
}

function addRemovals(damaged: Damaged): void {
  damaged(SHOWN, 'ERR_PREFIX_ABSENT', 'a leaf removed that is not there', (_, log) =>
    log.tell(4, [], [log.leaf('nobody', 0)]),
  );
  damaged(ROOT, 'ERR_PREFIX_ABSENT', 'a leaf removed that was removed before', (_, log) =>
    log.tell(7, [], [log.leafBefore('a', 4)]),
  );
  damaged(SOON, 'ERR_REMOVED_EARLY', 'a leaf removed that no distinguished entry has shown', (_, log) =>
    log.tell(11, [], [log.leafBefore('k', 11)]),
  );
  damaged(
    SOON,
    'ERR_REMOVED_EARLY',
    'a leaf removed a millisecond before a distinguished entry shows it',
    (update) => ({
      ...update,
      timestampMs: minute(11) - 1,
    }),
  );
  damaged(SOON, 'ERR_REMOVED_EARLY', 'a value replaced that no distinguished entry has shown', (_, log) =>
    log.tell(11, [log.leaf('l', 11)], [log.leafBefore('l', 11)]),
  );
  damaged(
    YOUNG,
    'ERR_REMOVED_EARLY',
    'a leaf removed that was shown, removed, and put back since',
    (_, log) => log.tell(10, [], [log.leafBefore('a', 10)]),
  );
}

function addProofs(damaged: Damaged): void {
  damaged(SHOWN, 'ERR_PROOF_LENGTH', 'a node left out of the proof', (update) =>
    withElements(update, (all) => all.slice(1)),
  );
  damaged(ROOT, 'ERR_PROOF_LENGTH', 'a node too many in the proof', (update) =>
    withElements(update, (all) => [...all, Buffer.alloc(32)]),
  );
  damaged(NOTHING, 'ERR_PROOF_LENGTH', 'an entry without changes, of two trees', (update) =>
    withElements(update, (all) => [...all, ...all]),
  );
  damaged(SHOWN, 'ERR_ENTRY_ROOT', 'a sibling changed that no change touches', (update) =>
    withElements(update, ([first, ...rest]) => [flipped(first as Uint8Array, 31), ...rest]),
  );
  damaged(FIRST, 'ERR_PREFIX_COUNT', 'a leaf added without a search for it', (update) => ({
    ...update,
    proof: { ...update.proof, results: update.proof.results.slice(1) },
  }));
  damaged(SHOWN, 'ERR_PREFIX_COUNT', 'a search for a leaf that is not changed', (update, log) => ({
    ...update,
    proof: log.tell(4, [...update.added, log.leaf('nobody', 4)], update.removed).proof,
  }));
  damaged(YOUNG, 'ERR_PREFIX_DEPTH', 'two leaves whose places would have no depth', (_, log) => {
    const leaf = log.leaf('k', 10);
    return log.tell(10, [leaf, twin(leaf)]);
  });
}

/** Updates that are true each, in another place. */
function addHistories(file: VectorFile, logOf: (place: Place) => AuditLog): void {
  const told = list(file.inputOf(YOUNG.of)['updates']);
  const [eighth, ninth, tenth] = told as [string, string, string];
  // All of one time, so that nothing but their trees says in which order they belong.
  const log = logOf(YOUNG);
  const now = minute(10);
  const [first, second] = [8, 9].map((at) => {
    const { added, removed } = log.updates[at] as Update;
    return log.encode('AuditorUpdate', log.tell(at, added, removed, now));
  }) as [string, string];
  file.invalid(YOUNG.of, 'ERR_ENTRY_ROOT', 'two updates in each other’s place', { updates: [second, first] });
  file.invalid(YOUNG.of, 'ERR_ENTRY_ROOT', 'an update left out', { updates: [eighth, tenth] });
  file.invalid(YOUNG.of, 'ERR_ENTRY_ROOT', 'an update told twice', {
    updates: [eighth, ninth, ninth, tenth],
  });
}
