/** What a log can answer to a search, and must not: lies that it signs, and answers of another form. */
import type { Combined } from '../../test/reference/keytrans-entries.js';
import type { SearchRequestFields, SearchResponseFields } from '../../test/reference/keytrans-operations.js';
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { answerSearch } from '../../test/reference/keytrans-operator-answers.js';
import type { FullHead, LadderStep } from '../../test/reference/keytrans-users.js';
import { addProofDamages, damages } from './keytrans-exchanges.js';
import { grow, minute, MINUTE } from './keytrans-stories.js';
import { flipped, type VectorFile } from './vector-file.js';
import { contactLog, contactVersionsAt } from './keytrans-story-logs.js';

type Response = SearchResponseFields;
type Updated = Extract<FullHead, { readonly headType: 'updated' }>;

const FIRST = 'contact, Ed25519: the greatest version, to a newcomer';
const SAME = 'contact, Ed25519: an earlier version, in the same tree';
const NEW = 'contact, Ed25519: the greatest version, a new one';
const AGAIN = 'contact, Ed25519: an earlier version, once more';
const WHILE = 'contact, P-256: the greatest version, while another is monitored';
const ONE = 'contact, P-256: one version, to a newcomer';

/** A log of contacts as it was at a size. */
function contacts(size: number, ciphersuite: 1 | 2 = 2): Operator {
  const log = contactLog(ciphersuite, ciphersuite === 1 ? 'P-256' : 'Ed25519');
  grow(log, size, contactVersionsAt);
  return log;
}

export function addSearchLies(file: VectorFile): void {
  const damaged = damages<Response, SearchRequestFields>(file, 'SearchExchange');
  addProofDamages(file, 'SearchExchange', NEW, 'search');
  addHeads(file, damaged);

  const ladder =
    (change: (steps: readonly LadderStep[]) => readonly LadderStep[]) => (response: Response) => ({
      ...response,
      binaryLadder: change(response.binaryLadder),
    });
  const withCommitment = (at: number, commitment: Uint8Array | undefined) =>
    ladder((steps) => steps.map((step, i) => (i === at ? { ...step, commitment } : step)));
  damaged(
    FIRST,
    'ERR_LADDER_STEPS',
    'a version has no VRF proof',
    ladder((steps) => steps.slice(0, -1)),
  );
  damaged(
    FIRST,
    'ERR_LADDER_STEPS',
    'a VRF proof too many',
    ladder((steps) => [...steps, ...steps.slice(-1)]),
  );
  // The ladder of 3 is 0 1 3 7 5 4.
  damaged(
    FIRST,
    'ERR_LADDER_COMMITMENT',
    'a commitment to the version searched for',
    withCommitment(2, Buffer.alloc(32)),
  );
  damaged(
    FIRST,
    'ERR_LADDER_COMMITMENT',
    'a commitment to a version that is not',
    withCommitment(3, Buffer.alloc(32)),
  );
  damaged(
    FIRST,
    'ERR_PREFIX_COMMITMENT',
    'no commitment to a version that is shown',
    withCommitment(0, undefined),
  );
  damaged(
    FIRST,
    'ERR_VRF_PROOF',
    'the VRF proof of another version',
    ladder(([first, second, ...rest]) => [second as LadderStep, first as LadderStep, ...rest]),
  );
  damaged(
    SAME,
    'ERR_RETAINED_VERSION',
    'another commitment than the one kept',
    withCommitment(1, Buffer.alloc(32, 7)),
  );
  damaged(SAME, 'ERR_ENTRY_ROOT', 'another value', (response) => ({
    ...response,
    value: { ...response.value, value: Buffer.from('keys of Mallory') },
  }));
  damaged(FIRST, 'ERR_SIGNATURE', 'another value', (response) => ({
    ...response,
    value: { ...response.value, value: Buffer.from('keys of Mallory') },
  }));
  damaged(FIRST, 'ERR_SIGNATURE', 'another opening', (response) => ({
    ...response,
    opening: flipped(response.opening, 3),
  }));

  addHistories(damaged);
}

type Damaged = ReturnType<typeof damages<Response, SearchRequestFields>>;

/** Histories that the log would like to have had, all signed. */
function addHistories(damaged: Damaged): void {
  damaged(FIRST, 'ERR_PREFIX_COMMITMENT', 'an older version is said to be the greatest', (_, request) => {
    const log = contacts(19);
    log.history = log.history.slice(0, 3);
    return answerSearch(log, request);
  });
  damaged(FIRST, 'ERR_GREATEST_VERSION', 'a version is said to be there, and is not', (_, request) => {
    const log = contacts(18);
    log.appendLeaves(minute(18), []);
    log.history = contacts(19).history;
    return answerSearch(log, request);
  });
  // From entry 20 on, version 3 is gone. Entry 31 is distinguished, so a search begins there and sees nothing of it.
  damaged(WHILE, 'ERR_GREATEST_VERSION', 'a version that is monitored has disappeared', (_, request) => {
    const log = contacts(20, 1);
    const before = log.entry(17);
    while (log.size < 33) log.appendLeaves(minute(log.size), [], before);
    log.history = log.history.slice(0, 3);
    return answerSearch(log, request);
  });
  damaged(ONE, 'ERR_VERSION_ABSENT', 'the log does not hold the version', (_, request) => {
    const log = contactLog(1, 'P-256');
    grow(log, 33);
    log.history = contacts(33, 1).history;
    return answerSearch(log, request);
  });
  damaged(FIRST, 'ERR_TIMESTAMP_ORDER', 'a log entry that is younger than the next', (_, request) => {
    const log = contacts(17);
    log.append(minute(18) + 1, [Buffer.from('keys of entry 17')]);
    log.append(minute(18), [Buffer.from('keys of entry 18')]);
    return answerSearch(log, request);
  });
  damaged(NEW, 'ERR_TIMESTAMP_ORDER', 'a log entry that is older than one that was kept', (_, request) => {
    const log = contacts(20);
    log.append(minute(19) - 1, [Buffer.from('keys of entry 20')]);
    log.append(minute(19) - 1);
    return answerSearch(log, request);
  });
  damaged(NEW, 'ERR_SIGNATURE', 'a log that went another way before the user’s last visit', (_, request) => {
    const log = contactLog(2, 'Ed25519');
    log.append(minute(0) - 1, [Buffer.from('keys of entry 0')]);
    grow(log, 22, contactVersionsAt);
    return answerSearch(log, request);
  });
  // Of the subtree of entries 16 to 23 that was kept, a search for version 2 brings entries 17 and 19.
  damaged(AGAIN, 'ERR_RETAINED_SUBTREE', 'an entry was another when the user came last', (response) => {
    const { timestampsMs, ...rest } = response.search;
    const search: Combined = { ...rest, timestampsMs: timestampsMs.map((ms) => ms + 1) };
    return { ...response, search };
  });
}

function addHeads(file: VectorFile, damaged: Damaged): void {
  const head = (change: (head: Updated) => FullHead) => (response: Response) => ({
    ...response,
    fullTreeHead: change(response.fullTreeHead as Updated),
  });
  damaged(
    FIRST,
    'ERR_HEAD_SAME',
    'the head that a newcomer is said to know',
    head(() => ({ headType: 'same' })),
  );
  damaged(
    FIRST,
    'ERR_HEAD_EMPTY',
    'the head of no entries',
    head((one) => ({
      ...one,
      treeHead: { ...one.treeHead, treeSize: 0 },
    })),
  );
  damaged(
    NEW,
    'ERR_HEAD_ORDER',
    'the head of the tree that the user knows',
    head(() => contacts(20).headOf(20, null)),
  );
  damaged(
    NEW,
    'ERR_HEAD_ORDER',
    'the head of a smaller tree',
    head(() => contacts(20).headOf(19, null)),
  );
  damaged(
    SAME,
    'ERR_HEAD_ORDER',
    'the same head, as if it were new',
    head(() => contacts(19).headOf(19, null)),
  );
  damaged(
    FIRST,
    'ERR_SIGNATURE',
    'signed for another configuration',
    head((one) => {
      const { treeSize } = one.treeHead;
      const other = contacts(19).fork({ windowMs: 15 * MINUTE });
      return {
        ...one,
        treeHead: { treeSize, signature: other.signHead(treeSize, other.log().root(treeSize)) },
      };
    }),
  );

  const last = minute(18);
  const at = (name: string, of: string, nowMs: number): void => {
    file.valid('SearchExchange', `${of}, ${name}`, { ...file.inputOf(of), nowMs });
  };
  at('as early as can be', FIRST, last - MINUTE);
  at('as late as can be', SAME, last + 60 * MINUTE);
  file.invalid(FIRST, 'ERR_HEAD_AHEAD', 'a newest entry ahead of the clock', { nowMs: last - MINUTE - 1 });
  file.invalid(FIRST, 'ERR_HEAD_BEHIND', 'a newest entry behind the clock', {
    nowMs: last + 60 * MINUTE + 1,
  });
  file.invalid(SAME, 'ERR_HEAD_BEHIND', 'the same tree for too long', { nowMs: last + 60 * MINUTE + 1 });
}
