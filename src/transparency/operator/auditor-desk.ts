/**
 * The heads that a third-party auditor hands to the operator (draft, "Auditing" and "Auditor Tree Head Signature"):
 * checked like a user would, so that no answer is sent that a user must refuse.
 */

import type { PublicKey } from '../../crypto/public-key.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import type { CipherSuite } from '../../crypto/cipher-suite.js';
import { PolicyError, VerificationError } from '../../errors.js';
import { createTreeBuilder } from '../../log/builder.js';
import { keytransLog } from '../../log/keytrans.js';
import { balancedNodes } from '../../log/shape.js';
import type { Configuration } from '../wire/configuration.js';
import type { LogArchive } from './log-archive.js';
import { AUDITOR_KEY, type OperatorStore } from './operator-store.js';
import type { PublishedHead } from './publication.js';
import {
  type AuditorTreeHead,
  encodeAuditorTreeHead,
  encodeAuditorTreeHeadTbs,
  parseAuditorTreeHead,
} from '../wire/tree-head.js';

/** What checking an auditor's heads needs. */
export interface AuditorParts {
  readonly configuration: Configuration;
  readonly suite: CipherSuite;
  readonly store: OperatorStore;
  readonly archive: LogArchive;
  readonly hasher: TreeHasher;
}

/** The auditor's newest head. */
export interface AuditorDesk {
  /**
   * Log entries that the auditor is known to have processed; `Infinity` in a log without an auditor. The update of the
   * next one needs the prefix tree of the last of these, so that it must not be deleted.
   */
  readonly audited: number;
  /**
   * Takes a newer head, for the answers from then on.
   * @param bytes an AuditorTreeHead
   * @param head the newest of the log
   * @throws DecodeError a code of the wire; VerificationError `ERR_SIGNATURE`, `ERR_HEAD_EMPTY`, `ERR_HEAD_ORDER`
   * @throws PolicyError `ERR_AUDITOR_HEAD` the log has no auditor; older than the one there is; of another time than
   *   its newest log entry
   */
  accept(bytes: Uint8Array, head: PublishedHead | undefined): Promise<void>;
  /**
   * The auditor's head to send with a tree head; `undefined` in a log without an auditor.
   * @throws PolicyError `ERR_AUDITOR_HEAD` none came yet, or it lags further behind than users accept
   */
  headFor(head: PublishedHead): AuditorTreeHead | undefined;
}

/** Opens the desk of a log. @throws DecodeError; what the store throws */
export async function openAuditorDesk(parts: AuditorParts): Promise<AuditorDesk> {
  const { configuration, suite, store } = parts;
  if (configuration.mode !== 'thirdPartyAuditing') {
    return {
      audited: Number.POSITIVE_INFINITY,
      accept: () => Promise.reject(refusal('this log has no auditor')),
      headFor: () => undefined,
    };
  }
  const { maxAuditorLagMs } = configuration;
  const publicKey = suite.signatures.parsePublicKey(configuration.auditorPublicKey);
  const [stored] = await store.getMany([AUDITOR_KEY]);
  let newest = stored === undefined ? undefined : parseAuditorTreeHead(stored);

  return {
    get audited() {
      return newest?.treeSize ?? 0;
    },
    async accept(bytes, head) {
      const offered = parseAuditorTreeHead(bytes);
      await verify(parts, publicKey, offered, head);
      if (newest !== undefined && offered.treeSize < newest.treeSize) throw refusal('there is a newer one');
      await store.putMany([{ key: AUDITOR_KEY, value: encodeAuditorTreeHead(offered) }]);
      newest = offered;
    },
    headFor({ newest: { timestampMs } }) {
      if (newest === undefined) throw refusal('no auditor’s head has come yet');
      if (timestampMs - newest.timestampMs > maxAuditorLagMs)
        throw refusal('the auditor lags too far behind');
      return newest;
    },
  };
}

async function verify(
  { configuration, suite, archive, hasher }: AuditorParts,
  publicKey: PublicKey,
  { treeSize, timestampMs, signature }: AuditorTreeHead,
  head: PublishedHead | undefined,
): Promise<void> {
  if (treeSize === 0) throw new VerificationError('ERR_HEAD_EMPTY', 'a head of no entries');
  if (head === undefined || treeSize > head.treeSize) {
    throw new VerificationError('ERR_HEAD_ORDER', 'the log has no tree of that size yet');
  }
  const edge = await archive.nodes(balancedNodes({ begin: 0, end: treeSize }));
  const root = createTreeBuilder({ scheme: keytransLog, hasher, state: { treeSize, edge } }).root();
  const tbs = encodeAuditorTreeHeadTbs({ config: configuration, timestampMs, treeSize, root });
  suite.signatures.verify(publicKey, tbs, signature);
  const last = await archive.entry(treeSize - 1);
  if (last.timestampMs !== timestampMs) throw refusal('the time is not that of the newest entry');
}

function refusal(problem: string): PolicyError {
  return new PolicyError('ERR_AUDITOR_HEAD', problem);
}
