/** Opening a log for operation: what is written, answered and deleted, and in which order. */

import { assertInteger } from '../../bytes/arguments.js';
import { assertBytes } from '../../bytes/compare.js';
import { createTypeScriptHasher } from '../../hashing/typescript-hasher.js';
import { createMemoryNodeStore } from '../../prefix/memory-store.js';
import { createPrefixTree } from '../../prefix/prefix-tree.js';
import { answerAuditorStart, answerAuditorUpdate } from './auditor-answers.js';
import { openAuditorDesk } from './auditor-desk.js';
import { parseConfiguration } from '../wire/configuration.js';
import { answerDistinguished, isAmongLatest } from './distinguished-answer.js';
import { parseDistinguishedRequest } from '../wire/distinguished-messages.js';
import { openArchive } from './log-archive.js';
import { type AnswerParts, checkedHead, type LogSnapshot, openSnapshot } from './log-snapshot.js';
import { issueHeads } from './issued-heads.js';
import { answerContactMonitor } from './monitor-answer.js';
import { parseContactMonitorRequest } from '../wire/monitor-messages.js';
import type { Operator, OperatorHead, UpdateOutcome } from './operator.js';
import {
  type AccessQuestion,
  assertAccess,
  assertOptions,
  type OperatorOptions,
} from './operator-options.js';
import { bindConfiguration, CONFIGURATION_KEY, labelName, openingKey } from './operator-store.js';
import { assertMilliseconds, assertVersion } from '../walks/order-bounds.js';
import { answerOwnerInit, answerOwnerMonitor } from './owner-answers.js';
import { parseOwnerInitRequest, parseOwnerMonitorRequest } from '../wire/owner-messages.js';
import { openPruning } from './pruning.js';
import { openPublication, type PublishedHead } from './publication.js';
import { answerSearch } from './search-answer.js';
import { parseSearchRequest } from '../wire/search-messages.js';
import { copyOfLabel } from '../wire/label-argument.js';
import { answerCredential, answerCredentialUpdate, copyOfQuestion } from './credential-answer.js';
import { createTurnstile } from './turnstile.js';
import { assertUpdates, type NewVersions, prepareBatch, unsigned } from './update-batch.js';
import { createUpdateDesk } from './update-desk.js';
import { openIntake } from './update-intake.js';
import { openVersionBook } from './version-book.js';
import { openLog } from '../verifier/trusted-log.js';

const PAGE_ENTRIES = 50;

/**
 * Opens a log: a new one, or the one that is in the store, with everything that was published of it. Log entries
 * that a program put there and did not come to publish are published now.
 *
 * @param configurationBytes the log's Configuration, the same for as long as there is the log
 * @returns the operator; it holds some thousand log entries and VRF proofs in memory, everything else is in the store
 * @throws DecodeError the configuration, or one of its keys; UnsupportedError `ERR_CIPHER_SUITE`
 * @throws StateError `ERR_STORED_STATE` the store has another log, or is damaged; what store and signer throw
 * @throws VerificationError `ERR_SIGNATURE` the signer has another key than the configuration
 * @throws ArgumentTypeError, ArgumentRangeError
 * @example
 * const operator = await createOperator(configurationBytes, {
 *   suite: KT_128_SHA256_Ed25519,
 *   signer: (treeHeadTbs) => KT_128_SHA256_Ed25519.signatures.sign(signatureKey, treeHeadTbs),
 *   vrfKey,
 *   store,
 * });
 * const response = await operator.search(request);
 */
export async function createOperator<Caller = unknown>(
  configurationBytes: Uint8Array,
  options: OperatorOptions<Caller>,
): Promise<Operator<Caller>> {
  const configuration = parseConfiguration(configurationBytes);
  assertOptions(configuration, options);
  const { suite, signer, vrfKey, access, isRecent = isAmongLatest, pageEntries = PAGE_ENTRIES } = options;
  const { store = createMemoryNodeStore(), hasher = createTypeScriptHasher() } = options;
  const log = openLog(configurationBytes, suite, hasher);
  await bindConfiguration(store, CONFIGURATION_KEY, configurationBytes);

  const turnstile = createTurnstile();
  const archive = openArchive(store);
  const book = openVersionBook(store, suite, vrfKey);
  const prefixTree = createPrefixTree({ store, hasher });
  const publication = await openPublication({ configuration, suite, signer, store, archive, hasher });
  const auditor = await openAuditorDesk({ configuration, suite, store, archive, hasher });
  const { answersDone } = turnstile;
  const pruning = await openPruning({ configuration, store, archive, prefixTree, answersDone });
  const readableFrom = (): number => pruning.readableFrom;
  const parts: AnswerParts = {
    configuration,
    suite,
    store,
    archive,
    prefixTree,
    book,
    auditor,
    readableFrom,
  };

  /** Adds a log entry. Called in a writer's turn, after `recover`. */
  async function sequence(updates: readonly NewVersions[], nowMs: number): Promise<void> {
    const { head } = publication;
    const position = head?.treeSize ?? 0;
    const { leaves: added, records } = await prepareBatch(parts, updates, position);
    await store.putMany(records);
    const tree = await prefixTree.update(head?.newest.prefixTree, { position, added });
    const timestampMs = Math.max(nowMs, head?.newest.timestampMs ?? 0);
    await publication.append({ timestampMs, prefixTree: tree });
  }

  /** A writer's turn: what an earlier one left undone is done first. */
  function write<T>(work: () => Promise<T>): Promise<T> {
    return turnstile.write(async () => {
      await publication.recover();
      return work();
    });
  }

  /** The answer to a request, of the tree that is newest once the rule has let it pass. */
  function answer<Question extends AccessQuestion>(
    question: Question,
    caller: Caller | undefined,
    make: (snapshot: LogSnapshot, request: Question['request']) => Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    return turnstile.answer(async () => {
      await assertAccess(access, question, caller);
      return make(openSnapshot(parts, publication.head, question.request.last), question.request);
    });
  }

  const intake = openIntake(log);
  const updateDesk = createUpdateDesk<Caller>({ parts, intake, access, pageEntries, publication, sequence });

  return Object.freeze<Operator<Caller>>({
    get head() {
      return headOf(publication.head);
    },
    async insert(updates, { nowMs }) {
      assertMilliseconds(nowMs, 'nowMs');
      assertUpdates(updates, configuration);
      return write(async () => {
        await sequence(unsigned(updates), nowMs);
        return headOf(publication.head) as OperatorHead;
      });
    },
    async update(calls, { nowMs }): Promise<readonly UpdateOutcome[]> {
      assertMilliseconds(nowMs, 'nowMs');
      const admitted = await updateDesk.admit(calls);
      const sorted = await write(() => updateDesk.take(admitted, nowMs));
      return turnstile.answer(() => updateDesk.answer(admitted, sorted));
    },
    async newest(label) {
      assertBytes(label, 'a label');
      const { head } = publication;
      if (head === undefined) return undefined;
      // As to somebody who has this tree: no auditor's head is needed.
      const { history, openingIfKept } = await openSnapshot(parts, head, head.treeSize).label(label);
      if (history.greatest === undefined) return undefined;
      const value = (await openingIfKept(history.greatest))?.update.value;
      return Object.freeze({ version: history.greatest, value });
    },
    async search(bytes, caller) {
      const request = parseSearchRequest(bytes);
      return answer({ operation: 'search', request }, caller, (snapshot) =>
        answerSearch(parts, snapshot, request),
      );
    },
    async contactMonitor(bytes, caller) {
      const request = parseContactMonitorRequest(bytes);
      return answer({ operation: 'contactMonitor', request }, caller, (snapshot) =>
        answerContactMonitor(parts, snapshot, request),
      );
    },
    async ownerInit(bytes, caller) {
      const request = parseOwnerInitRequest(bytes);
      return answer({ operation: 'ownerInit', request }, caller, (snapshot) =>
        answerOwnerInit(parts, snapshot, request),
      );
    },
    async ownerMonitor(bytes, caller) {
      const request = parseOwnerMonitorRequest(bytes);
      return answer({ operation: 'ownerMonitor', request }, caller, (snapshot) =>
        answerOwnerMonitor(parts, snapshot, request, pageEntries),
      );
    },
    async distinguished(bytes, caller) {
      const request = parseDistinguishedRequest(bytes);
      return answer({ operation: 'distinguished', request }, caller, (snapshot) =>
        answerDistinguished(parts, snapshot, request, isRecent),
      );
    },
    async distinguishedHeads(after) {
      const newest = checkedHead(publication.head, undefined);
      return issueHeads({ configuration, suite, signer, archive, hasher }, newest, after);
    },
    async credential(label, { position } = {}) {
      const copy = copyOfLabel(label);
      if (position !== undefined) assertInteger(position, 'position', 0, Number.MAX_SAFE_INTEGER);
      return turnstile.answer(() => answerCredential(parts, publication.head, copy, position));
    },
    async credentialUpdate(label, question) {
      const copy = copyOfLabel(label);
      const asked = copyOfQuestion(question);
      return turnstile.answer(() => answerCredentialUpdate(parts, publication.head, copy, asked));
    },
    async deleteOpening(label, version) {
      assertBytes(label, 'a label');
      assertVersion(version, 'version');
      await write(() => store.deleteMany([openingKey(labelName(label), version)]));
    },
    async auditorUpdate(position) {
      assertInteger(position, 'position', 0, Number.MAX_SAFE_INTEGER);
      return turnstile.answer(() => answerAuditorUpdate(parts, publication.head, position));
    },
    auditorStart: () => turnstile.answer(() => answerAuditorStart(parts, publication.head)),
    async takeAuditorHead(bytes) {
      await write(() => auditor.accept(bytes, publication.head));
    },
    async prune() {
      await write(() => pruning.prune(checkedHead(publication.head, undefined), auditor.audited));
    },
  });
}

function headOf(head: PublishedHead | undefined): OperatorHead | undefined {
  if (head === undefined) return undefined;
  const { treeSize, root, newest } = head;
  return Object.freeze({ treeSize, root: Uint8Array.from(root), timestampMs: newest.timestampMs });
}
