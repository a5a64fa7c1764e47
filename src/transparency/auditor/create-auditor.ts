/** Making auditors: what they are given is checked and copied here, before anything sees it. */

import { assertArray, assertInteger, assertObject } from '../../bytes/arguments.js';
import { assertBytes } from '../../bytes/compare.js';
import type { PublicKey } from '../../crypto/public-key.js';
import { ArgumentRangeError, ArgumentTypeError, UnsupportedError } from '../../errors.js';
import { createTreeBuilder } from '../../log/builder.js';
import { keytransLog } from '../../log/keytrans.js';
import { auditUpdates } from './audit-update.js';
import type { ApplyOptions, AuditedLog, Auditor, AuditorOptions, AuditorSigner } from './auditor.js';
import { type AuditorState, firstState, stateFrom, type TimedEntry } from './auditor-state.js';
import { decodeAuditorState, encodeAuditorState, INSERTIONS_MAX } from './auditor-state-encoding.js';
import { parseAuditorUpdate } from '../wire/auditor-update.js';
import { assertMilliseconds } from '../walks/order-bounds.js';
import { parseCombinedTreeProof } from '../wire/proofs.js';
import {
  type AuditorTreeHead,
  encodeAuditorTreeHead,
  encodeAuditorTreeHeadTbs,
  parseAuditorTreeHead,
} from '../wire/tree-head.js';
import { openLog, type TrustedLog, verifySignature } from '../verifier/trusted-log.js';

const INSERTIONS_KEPT = 65_536;

/**
 * Creates the auditor of a log.
 *
 * @param configurationBytes the log's configuration, which every head that is signed covers: from a source that the
 *   program trusts
 * @returns frozen; it shares nothing with what it was given
 * @throws DecodeError the configuration, a key of it, `start` or `newestHead`; UnsupportedError `ERR_CIPHER_SUITE`;
 *   `ERR_DEPLOYMENT_MODE` a log without an auditor
 * @throws StateError `ERR_STORED_STATE`, `ERR_STATE_LOG`
 * @throws VerificationError `ERR_AUDITOR_SIGNATURE` the newest head has the state's size and another root, or another
 *   key; codes of combined proofs, where `start` is none
 * @throws ArgumentTypeError, ArgumentRangeError; also where `start` is missing, or is given to an auditor from 0 on
 * @example
 * const auditor = createAuditor(configuration, { suite: KT_128_SHA256_Ed25519, signer, state });
 * const { head, before, after } = auditor.apply(await operator.auditorUpdate(auditor.treeSize), { nowMs });
 */
export function createAuditor(configurationBytes: Uint8Array, options: AuditorOptions): Auditor {
  assertObject(options, 'options');
  const { suite, signer, state, start, newestHead, hasher, insertionsKept = INSERTIONS_KEPT } = options;
  if (typeof signer !== 'function') throw new ArgumentTypeError('signer must be a function');
  assertInteger(insertionsKept, 'insertionsKept', 0, INSERTIONS_MAX);
  const log = openLog(configurationBytes, suite, hasher);
  const newest = newestHead === undefined ? undefined : parseAuditorTreeHead(newestHead);
  return auditorOver({ log, signer, start: startOf(log, start), newest, insertionsKept }, state);
}

/** What an auditor is, whatever its state. */
interface AuditorParts {
  readonly log: TrustedLog;
  readonly signer: AuditorSigner;
  /** Where there is no stored state yet; `undefined` where one was needed, and none was given. */
  readonly start: AuditorState | undefined;
  readonly newest: AuditorTreeHead | undefined;
  readonly insertionsKept: number;
}

function startOf(log: TrustedLog, proof: Uint8Array | undefined): AuditorState | undefined {
  const { configuration } = log;
  if (configuration.mode !== 'thirdPartyAuditing') {
    throw new UnsupportedError('ERR_DEPLOYMENT_MODE', 'this log has no auditor');
  }
  const { auditorStartPos } = configuration;
  if (proof === undefined) return auditorStartPos === 0 ? firstState() : undefined;
  if (auditorStartPos === 0) throw new ArgumentRangeError('an auditor from 0 on has no start to be told of');
  return stateFrom(log, auditorStartPos, parseCombinedTreeProof(proof));
}

function auditorOver(parts: AuditorParts, stored: Uint8Array | undefined): Auditor {
  const { log, newest } = parts;
  const bytes = stored === undefined ? undefined : copyOf(stored);
  const state = bytes === undefined ? parts.start : decodeAuditorState(log, bytes);
  if (state === undefined)
    throw new ArgumentTypeError('an auditor from the middle on needs start, or a state');
  const root = state.treeSize === 0 ? undefined : rootOf(log, state);
  if (root !== undefined && newest?.treeSize === state.treeSize) {
    verifyOwn(log, newest, root, newestMs(state));
  }

  /** Audits; what is still to be done is to sign. */
  function audit(updates: Uint8Array | readonly Uint8Array[], options: ApplyOptions): Unsigned {
    assertObject(options, 'options');
    const { nowMs } = options;
    if (nowMs !== undefined) assertMilliseconds(nowMs, 'nowMs');
    const list = updates instanceof Uint8Array ? [updates] : updates;
    assertArray(list, 'updates');
    if (list.length === 0) throw new ArgumentRangeError('there is no update');
    const audited = auditUpdates(state as AuditorState, list.map(parseAuditorUpdate), {
      log,
      nowMs,
      insertionsKept: parts.insertionsKept,
      checkpoint: newest && {
        treeSize: newest.treeSize,
        compare: (reached, timestampMs) => verifyOwn(log, newest, reached, timestampMs),
      },
    });
    const { treeSize } = audited.state;
    return {
      ...audited,
      timestampMs: newestMs(audited.state),
      signature:
        treeSize < (newest?.treeSize ?? 0)
          ? 'not now'
          : treeSize === newest?.treeSize
            ? newest.signature
            : 'needed',
    };
  }

  function finish(unsigned: Unsigned, signature: Uint8Array | undefined): AuditedLog {
    const { state: next, timestampMs, root: reached } = unsigned;
    const { treeSize } = next;
    const head = signature === undefined ? undefined : Object.freeze({ timestampMs, treeSize, signature });
    return Object.freeze({
      treeSize,
      timestampMs,
      root: reached.slice(),
      head: head && encodeAuditorTreeHead(head),
      before: bytes?.slice(),
      after: encodeAuditorState(log, { ...next, head: head ?? next.head }),
    });
  }

  return Object.freeze<Auditor>({
    configuration: log.configuration,
    treeSize: state.treeSize,
    get root() {
      return root?.slice();
    },
    get head() {
      return state.head && encodeAuditorTreeHead(state.head);
    },
    at: (next) => auditorOver(parts, next),
    apply(updates, options = {}) {
      const unsigned = audit(updates, options);
      const { signature } = unsigned;
      if (signature === 'not now') return finish(unsigned, undefined);
      if (signature !== 'needed') return finish(unsigned, signature);
      const tbs = tbsOf(log, unsigned);
      return finish(unsigned, checked(log, tbs, parts.signer(Uint8Array.from(tbs))));
    },
    async applyAsync(updates, options = {}) {
      const unsigned = audit(updates, options);
      const { signature } = unsigned;
      if (signature === 'not now') return finish(unsigned, undefined);
      if (signature !== 'needed') return finish(unsigned, signature);
      const tbs = tbsOf(log, unsigned);
      return finish(unsigned, checked(log, tbs, await parts.signer(Uint8Array.from(tbs))));
    },
  });
}

/** Log entries that are audited. */
interface Unsigned {
  readonly state: AuditorState;
  readonly root: Uint8Array;
  readonly timestampMs: number;
  /** One there was already; or one that has to be made, or must not be made. */
  readonly signature: Uint8Array | 'needed' | 'not now';
}

function tbsOf(log: TrustedLog, { state, root, timestampMs }: Omit<Unsigned, 'signature'>): Uint8Array {
  const { configuration: config } = log;
  return encodeAuditorTreeHeadTbs({ config, timestampMs, treeSize: state.treeSize, root });
}

/** An outside signer may be broken or hold another key; nothing it makes is passed on unchecked. */
function checked({ suite, auditorKey }: TrustedLog, tbs: Uint8Array, signature: unknown): Uint8Array {
  assertBytes(signature, 'a signature (a signer that answers later needs applyAsync)');
  suite.signatures.verify(auditorKey as PublicKey, tbs, signature);
  return Uint8Array.from(signature);
}

/** Whether a head of this auditor's is one of this root. */
function verifyOwn(
  log: TrustedLog,
  { treeSize, signature }: AuditorTreeHead,
  root: Uint8Array,
  timestampMs: number,
): void {
  const { configuration: config, auditorKey } = log;
  const tbs = encodeAuditorTreeHeadTbs({ config, timestampMs, treeSize, root });
  verifySignature(log, auditorKey as PublicKey, tbs, signature, 'ERR_AUDITOR_SIGNATURE');
}

function rootOf({ hasher }: TrustedLog, { treeSize, fullSubtrees: edge }: AuditorState): Uint8Array {
  return createTreeBuilder({ scheme: keytransLog, hasher, state: { treeSize, edge } }).root();
}

function newestMs({ frontier }: AuditorState): number {
  return (frontier.at(-1) as TimedEntry).timestampMs;
}

function copyOf(state: Uint8Array): Uint8Array {
  assertBytes(state, 'state');
  return Uint8Array.from(state);
}
