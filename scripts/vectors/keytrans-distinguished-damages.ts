/** What a log can answer to a walk over its distinguished heads, and must not. */
import type { Combined } from '../../test/reference/keytrans-entries.js';
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { answerDistinguished } from '../../test/reference/keytrans-operator-answers.js';
import type { FullHead } from '../../test/reference/keytrans-users.js';
import { addProofDamages, damages } from './keytrans-exchanges.js';
import { grow, minute } from './keytrans-stories.js';
import { flipped, type VectorFile } from './vector-file.js';
import { auditedWalkLog, walkLog, walkVersionsAt } from './keytrans-story-logs.js';

interface Response {
  readonly fullTreeHead: FullHead;
  readonly distinguished: Combined;
}

interface Request {
  readonly last: number | undefined;
  readonly stop: number | undefined;
}

const CONTACT = 'contact monitoring, Ed25519';
const YOUNG = `${CONTACT}: a young log`;
const THREE = `${CONTACT}: the three rightmost, by one who comes back`;
const SAME = `${CONTACT}: the same tree, and more of it`;
const STOP = 'contact monitoring, P-256: down to a stop';
const TEN = 'contact monitoring, P-256: ten, to a newcomer';
const AUDITED = 'auditing, Ed25519: ten, and none that has expired';

function walks(ciphersuite: 1 | 2, size: number): Operator {
  const log = walkLog(ciphersuite);
  grow(log, size, walkVersionsAt);
  return log;
}

export function addDistinguishedDamages(file: VectorFile): void {
  const damaged = damages<Response, Request>(file, 'DistinguishedExchange');
  addProofDamages(file, 'DistinguishedExchange', THREE, 'distinguished');
  const answer = (log: Operator, count: number, stop?: number) => (_: Response, request: Request) =>
    answerDistinguished(log, { ...request, stop }, { count });

  damaged(TEN, 'ERR_PROOF_TIMESTAMPS', 'the walk ends early', answer(walks(1, 27), 5));
  damaged(TEN, 'ERR_PROOF_TIMESTAMPS', 'the walk goes on', answer(walks(1, 27), 200));
  damaged(
    SAME,
    'ERR_PROOF_TIMESTAMPS',
    'the walk ends at a stop that nobody asked for',
    answer(walks(2, 27), 6, 15),
  );
  damaged(STOP, 'ERR_PROOF_TIMESTAMPS', 'the walk does not end at the stop', answer(walks(1, 27), 10));
  const proof = (change: (proof: Combined) => Partial<Combined>) => (response: Response) => ({
    ...response,
    distinguished: { ...response.distinguished, ...change(response.distinguished) },
  });
  damaged(
    TEN,
    'ERR_PROOF_ROOTS',
    'an entry has no prefix root',
    proof(({ prefixRoots }) => ({
      prefixRoots: prefixRoots.slice(1),
    })),
  );
  damaged(
    TEN,
    'ERR_PROOF_LENGTH',
    'a head in the log tree is missing',
    proof(({ inclusion: { elements } }) => ({
      inclusion: { elements: elements.slice(1) },
    })),
  );
  damaged(
    TEN,
    'ERR_SIGNATURE',
    'another prefix root',
    proof(({ prefixRoots }) => ({
      prefixRoots: prefixRoots.map((root, i) => (i === 2 ? flipped(root, 5) : root)),
    })),
  );
  damaged(
    TEN,
    'ERR_SIGNATURE',
    'another time of an entry',
    proof(({ timestampsMs }) => ({
      timestampsMs: timestampsMs.map((ms, i) => (i === timestampsMs.length - 1 ? ms + 1 : ms)),
    })),
  );
  damaged(
    SAME,
    'ERR_RETAINED_SUBTREE',
    'an entry was another when the user came last',
    proof(({ prefixRoots }) => ({
      prefixRoots: prefixRoots.map((root, i) => (i === 0 ? flipped(root, 5) : root)),
    })),
  );
  damaged(YOUNG, 'ERR_HEAD_SAME', 'the head that a newcomer is said to know', (response) => ({
    ...response,
    fullTreeHead: { headType: 'same' },
  }));
  damaged(YOUNG, 'ERR_HEAD_EMPTY', 'the head of no entries', (response) => ({
    ...response,
    fullTreeHead: { headType: 'updated', treeHead: { treeSize: 0, signature: Buffer.alloc(64) } },
  }));
  damaged(THREE, 'ERR_HEAD_ORDER', 'the head of the tree that the user knows', (response) => ({
    ...response,
    fullTreeHead: walks(2, 3).headOf(3, null),
  }));
  damaged(THREE, 'ERR_SIGNATURE', 'a fork: another log since the user came last', (_, request) => {
    const log = walkLog(2);
    log.append(minute(0), [Buffer.from('keys of Mallory')]);
    grow(log, 27, walkVersionsAt);
    return answerDistinguished(log, request, { count: 3 });
  });
  damaged(TEN, 'ERR_TIMESTAMP_ORDER', 'an entry that is younger than the next', (_, request) => {
    const log = walks(1, 19);
    log.append(minute(24));
    grow(log, 27, walkVersionsAt);
    return answerDistinguished(log, request, { count: 10 });
  });
  damaged(AUDITED, 'ERR_AUDITOR_LAG', 'the auditor is too far behind', (_, request) => {
    const log = auditedWalkLog(2);
    grow(log, 20, walkVersionsAt);
    return answerDistinguished(log, request, { count: 10 }, { auditorSize: 14 });
  });
  file.invalid(SAME, 'ERR_HEAD_BEHIND', 'the same tree for too long', { nowMs: minute(26 + 60) + 1 });
  file.invalid(THREE, 'ERR_HEAD_AHEAD', 'a newest entry ahead of the clock', { nowMs: minute(26 - 1) - 1 });
}
