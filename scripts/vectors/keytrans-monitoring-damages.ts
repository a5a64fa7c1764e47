/** What a log can answer to contact monitoring, and must not. */
import type { MonitorResponseFields } from '../../test/reference/keytrans-operations.js';
import type { MapEntry } from '../../test/reference/keytrans-monitoring.js';
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { answerContactMonitor } from '../../test/reference/keytrans-operator-answers.js';
import { insert, type Proof, type Tree } from '../../test/reference/prefix-tree.js';
import { addProofDamages, damages } from './keytrans-exchanges.js';
import { grow, minute } from './keytrans-stories.js';
import type { VectorFile } from './vector-file.js';
import { contactLog, contactVersionsAt } from './keytrans-story-logs.js';

type Response = MonitorResponseFields;
type Request = { readonly last: number | undefined; readonly entries: readonly MapEntry[] };

/** Entries 17 and 18 brought versions 2 and 3, and 19 has come to stand above them. */
const MEET = 'contact, Ed25519: two versions meet';
/** Versions 3 and 4, in entries 19 and 21; 23 is above them. */
const AGAIN = 'contact, P-256: two versions meet again';
const SAME = 'contact, Ed25519: one comes to the entry of another';
const END = 'contact, Ed25519: up to a distinguished entry';

/** The log of a curve up to a size, and then with the same prefix tree for ever. */
function cutAt(ciphersuite: 1 | 2, honest: number, size: number, treeOf: (log: Operator) => Tree): Operator {
  const log = contactLog(ciphersuite, ciphersuite === 1 ? 'P-256' : 'Ed25519');
  grow(log, honest, contactVersionsAt);
  const before = { tree: treeOf(log) };
  while (log.size < size) log.appendLeaves(minute(log.size), [], before);
  return log;
}

export function addMonitoringDamages(file: VectorFile): void {
  const damaged = damages<Response, Request>(file, 'MonitorExchange');
  addProofDamages(file, 'MonitorExchange', AGAIN, 'monitor');
  const asIn = (log: Operator) => (_: Response, request: Request) => answerContactMonitor(log, request);

  damaged(
    MEET,
    'ERR_MONITORED_VERSION',
    'the version is gone from the entry above',
    asIn(cutAt(2, 19, 20, (log) => log.entry(17).tree)),
  );
  damaged(
    AGAIN,
    'ERR_MONITORED_VERSION',
    'the greater version is gone from the entry above',
    asIn(cutAt(1, 22, 24, (log) => log.entry(19).tree)),
  );
  // Of the ladder of version 3, 0 1 3, all must be there.
  damaged(
    MEET,
    'ERR_MONITORED_VERSION',
    'an earlier version is gone from the entry above',
    asIn(
      cutAt(2, 19, 20, (log) =>
        [1, 2, 3].reduce<Tree>((tree, version) => insert(tree, log.leaf(version)), undefined),
      ),
    ),
  );
  damaged(
    END,
    'ERR_MONITORED_VERSION',
    'the version is gone from the distinguished entry',
    asIn(cutAt(2, 20, 33, (log) => log.entry(17).tree)),
  );
  damaged(
    MEET,
    'ERR_SIGNATURE',
    'another value in place of the version’s',
    asIn(
      cutAt(2, 19, 20, (log) => {
        const leaves = [0, 1, 2, 3].map((version) => log.leaf(version));
        const changed = leaves.map((leaf, i) =>
          i === 3 ? { ...leaf, commitment: Buffer.alloc(32, 1) } : leaf,
        );
        return changed.reduce<Tree>((tree, leaf) => insert(tree, leaf), undefined);
      }),
    ),
  );

  const searches = (change: (all: readonly Proof[]) => readonly Proof[]) => (response: Response) => ({
    ...response,
    monitor: { ...response.monitor, prefixProofs: change(response.monitor.prefixProofs) },
  });
  damaged(
    MEET,
    'ERR_PROOF_SEARCHES',
    'nothing is shown of the entry above',
    searches(() => []),
  );
  damaged(
    SAME,
    'ERR_PROOF_SEARCHES',
    'the second ladder is skipped',
    searches((all) => all.slice(0, 1)),
  );
  damaged(
    MEET,
    'ERR_PREFIX_COUNT',
    'a ladder ends too early',
    searches((all) => all.map(({ results, elements }) => ({ results: results.slice(0, -1), elements }))),
  );
  damaged(MEET, 'ERR_PREFIX_LEAF_KEY', 'the version is hidden behind its own leaf', (response) => {
    const { leaf } = { leaf: cutAt(2, 19, 19, () => undefined).leaf(3) };
    return searches((all) =>
      all.map(({ results, elements }) => ({
        results: results.map((result, i) =>
          i === 2 ? { resultType: 'nonInclusionLeaf' as const, leaf, depth: result.depth } : result,
        ),
        elements,
      })),
    )(response);
  });
  damaged(SAME, 'ERR_ENTRY_ROOT', 'a ladder leads to another root than the one kept', (response) =>
    searches((all) =>
      all.map(({ results, elements }, i) => ({
        results,
        elements: i === 1 ? elements.map(() => Buffer.alloc(32, 1)) : elements,
      })),
    )(response),
  );
  damaged(MEET, 'ERR_TIMESTAMP_ORDER', 'the entry above is older than one that was kept', (_, request) => {
    const log = contactLog(2, 'Ed25519');
    grow(log, 19, contactVersionsAt);
    log.append(minute(18) - 1);
    return answerContactMonitor(log, request);
  });
  damaged(MEET, 'ERR_PROOF_TIMESTAMPS', 'the new entry has no timestamp', (response) => ({
    ...response,
    monitor: { ...response.monitor, timestampsMs: [] },
  }));
  const known = (size: number) => (response: Response) => ({
    ...response,
    fullTreeHead: cutAt(2, 19, 19, () => undefined).headOf(size, null),
  });
  damaged(MEET, 'ERR_HEAD_ORDER', 'the head of the tree that the user knows', known(19));
  damaged(MEET, 'ERR_HEAD_ORDER', 'the head of a smaller tree', known(18));
  file.invalid(MEET, 'ERR_HEAD_BEHIND', 'a newest entry behind the clock', { nowMs: minute(19 + 60) + 1 });
  file.invalid(SAME, 'ERR_HEAD_BEHIND', 'the same tree for too long', { nowMs: minute(23 + 60) + 1 });
  file.invalid(MEET, 'ERR_HEAD_AHEAD', 'a newest entry ahead of the clock', { nowMs: minute(19 - 1) - 1 });
}
