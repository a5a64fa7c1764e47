/** What a log can say of a third party, and must not. */
import type { SearchRequestFields, SearchResponseFields } from '../../test/reference/keytrans-operations.js';
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { answerSearch } from '../../test/reference/keytrans-operator-answers.js';
import type { AuditorHead, FullHead } from '../../test/reference/keytrans-users.js';
import { damages } from './keytrans-exchanges.js';
import { grow, minute } from './keytrans-stories.js';
import { flipped, type VectorFile } from './vector-file.js';
import { auditedLog, managedLog, thirdVersionsAt } from './keytrans-story-logs.js';

type Response = SearchResponseFields;
type Updated = Extract<FullHead, { readonly headType: 'updated' }>;

const MANAGED = 'management, Ed25519: a value that the operator signed';
const YOUNG = 'management, P-256: a version of an entry that has not expired';
const AUDITED = 'auditing, Ed25519: the auditor is behind';
const SEEN = 'auditing, P-256: the auditor is behind';
const ANOTHER = 'another auditor, and a label that is not in the starting entry';

export function addThirdPartyLies(file: VectorFile): void {
  const damaged = damages<Response, SearchRequestFields>(file, 'SearchExchange');
  damaged(MANAGED, 'ERR_VALUE_SIGNATURE', 'a value that the operator did not sign', (response) => ({
    ...response,
    value: { ...response.value, value: Buffer.from('keys of Mallory') },
  }));
  damaged(
    MANAGED,
    'ERR_VALUE_SIGNATURE',
    'a value that the operator signed for another version',
    (response) => {
      const { value } = response.value;
      const signature = managedLog(2, 'Ed25519').signValue(2, value);
      return { ...response, value: { value, suffix: { signature } } };
    },
  );
  // Entry 7 has expired by then, and entry 9, where version 0 is the greatest, is not distinguished.
  damaged(
    YOUNG,
    'ERR_VERSION_EXPIRED',
    'no owner may have checked the version before it expired',
    (_, request) => {
      const log = managedLog(1, 'P-256');
      const times = [3, 3, 3, 3, 3, 3, 3, 3, 4, 5, 5, 6, 9, 9, 9, 15];
      for (const [position, time] of times.entries()) {
        const values = thirdVersionsAt(position) === 1 ? [Buffer.from(`keys of entry ${position}`)] : [];
        log.append(minute(time), values);
      }
      return answerSearch(log, request);
    },
  );
  const audited = (ciphersuite: 1 | 2, curve: string, size = 12): Operator => {
    const log = auditedLog(ciphersuite, curve);
    grow(log, size, thirdVersionsAt);
    return log;
  };
  const auditor = (change: (head: AuditorHead) => AuditorHead) => (response: Response) => {
    const one = response.fullTreeHead as Updated;
    return {
      ...response,
      fullTreeHead: { ...one, auditorTreeHead: change(one.auditorTreeHead as AuditorHead) },
    };
  };
  damaged(
    AUDITED,
    'ERR_AUDITOR_SIGNATURE',
    'another signature of the auditor',
    auditor((one) => ({
      ...one,
      signature: flipped(one.signature, 7),
    })),
  );
  damaged(
    AUDITED,
    'ERR_AUDITOR_SIGNATURE',
    'the operator signs for the auditor',
    auditor((one) => {
      const log = audited(2, 'Ed25519');
      return { ...one, signature: log.signHead(one.treeSize, log.log().root(one.treeSize)) };
    }),
  );
  damaged(
    SEEN,
    'ERR_AUDITOR_SIGNATURE',
    'the auditor has seen another log',
    auditor(() => {
      const other = auditedLog(1, 'P-256');
      grow(other, 9);
      return other.auditorHead(9);
    }),
  );
  damaged(
    SEEN,
    'ERR_AUDITOR_TIME',
    'the auditor is ahead of the newest entry',
    auditor(() => audited(1, 'P-256').auditorHead(9, minute(11) + 1)),
  );
  damaged(SEEN, 'ERR_AUDITOR_LAG', 'the auditor is too far behind', (_, request) =>
    answerSearch(audited(1, 'P-256'), request, { auditorSize: 6 }),
  );
  damaged(
    SEEN,
    'ERR_HEAD_ORDER',
    'the auditor has seen a larger tree',
    auditor(() => audited(1, 'P-256', 13).auditorHead(13, minute(11))),
  );
  damaged(
    AUDITED,
    'ERR_HEAD_EMPTY',
    'the auditor has seen nothing',
    auditor((one) => ({ ...one, treeSize: 0 })),
  );
  // Its auditor began with entry 10, and the one that the user heard before had seen nine entries.
  file.invalid(`auditing, Ed25519: ${ANOTHER}`, 'ERR_AUDITOR_START', 'entries that no auditor has seen', {
    before: AUDITED,
  });
}
