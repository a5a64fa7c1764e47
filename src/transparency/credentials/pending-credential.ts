/**
 * A provisional credential on the way to its final verification, as bytes that the program keeps. They are nobody's to
 * interpret; whoever can change them decides what is verified in the end.
 *
 *     struct {
 *       uint16 version = 1;
 *       opaque log[32];                          suite, mode and keys of the log
 *       opaque credential<0..2^32-1>;            as it was received; at most 2^21 bytes
 *       HashValue full_subtrees<1..2^8-1>;       of the log whose newest entry was the one at the credential's position
 *       LogEntry frontier<1..2^8-1>;             as many again
 *       optional<Update> update;                 one that came early
 *     } PendingCredential;
 *
 *     struct { opaque update<0..2^32-1>; } Update;      a CredentialUpdate; at most 2^20 bytes
 *
 * The whole credential is kept, and is verified again: what was concluded from it is not what has to be believed, and if
 * the log turns out to have lied, this is what shows it.
 */

import { type Codec, constant, decode, encode, opaque, struct } from '../../bytes/codec.js';
import { equalBytes } from '../../bytes/compare.js';
import { optional } from '../../bytes/variants.js';
import { DecodeError, StateError } from '../../errors.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import type { TreeView } from '../verifier/tree-view.js';
import { frontier } from '../walks/search-tree.js';
import { parseCredential } from '../wire/credential.js';
import { type LogEntry, logEntryCodec } from '../wire/proofs.js';
import { hashCodec, vector8 } from '../wire/wire-context.js';
import type { ProvisionalCredential } from './provisional-credential.js';

/** Bytes of a credential: one value of the greatest size, and a proof as large again. */
export const CREDENTIAL_MAX_BYTES: number = 2 ** 21;
/** Bytes of a CredentialUpdate: a path of 52 log entries has a few hundred kB. */
export const UPDATE_MAX_BYTES: number = 2 ** 20;
const PENDING_MAX_BYTES: number = 2 ** 22;

/** A provisional credential that is verified initially. Frozen. */
export interface PendingCredential {
  /** As received. */
  readonly bytes: Uint8Array;
  readonly credential: ProvisionalCredential;
  /** The log as the user knew it, its newest entry the distinguished one that the credential rests on. */
  readonly base: TreeView;
  /** A CredentialUpdate that came before the user knew the entry that it leads to, as received. */
  readonly update: Uint8Array | undefined;
}

interface WirePending {
  readonly version: 1;
  readonly log: Uint8Array;
  readonly credential: Uint8Array;
  readonly fullSubtrees: readonly Uint8Array[];
  readonly frontier: readonly LogEntry[];
  readonly update: Uint8Array | undefined;
}

const pendingCodec: Codec<WirePending> = /* @__PURE__ */ struct<WirePending>({
  version: /* @__PURE__ */ constant(2, 1),
  log: hashCodec,
  credential: /* @__PURE__ */ opaque(0, 2 ** 32 - 1, CREDENTIAL_MAX_BYTES),
  fullSubtrees: /* @__PURE__ */ vector8(hashCodec),
  frontier: /* @__PURE__ */ vector8(logEntryCodec),
  update: /* @__PURE__ */ optional(/* @__PURE__ */ opaque(0, 2 ** 32 - 1, UPDATE_MAX_BYTES)),
});

/** A pending credential as bytes, fresh. */
export function encodePending({ id }: TrustedLog, { bytes, base, update }: PendingCredential): Uint8Array {
  const { fullSubtrees } = base;
  const entries = base.frontier.map(({ timestampMs, prefixTree }) => ({ timestampMs, prefixTree }));
  return encode(pendingCodec, {
    version: 1,
    log: id,
    credential: bytes,
    fullSubtrees,
    frontier: entries,
    update,
  });
}

/**
 * A pending credential from bytes.
 * @throws StateError `ERR_STORED_STATE`; `ERR_STATE_LOG` it belongs to another log
 */
export function decodePending(log: TrustedLog, bytes: Uint8Array): PendingCredential {
  return stored(() => {
    const wire = decode(pendingCodec, bytes, 'PendingCredential', PENDING_MAX_BYTES);
    if (!equalBytes(wire.log, log.id)) throw new StateError('ERR_STATE_LOG', 'the credential of another log');
    const credential = parseCredential(wire.credential, log.configuration);
    if (credential.credentialType !== 'provisional') throw damaged();
    return Object.freeze({
      bytes: wire.credential,
      credential,
      base: openBase(wire, credential.position + 1),
      update: wire.update,
    });
  });
}

/** Runs what reads stored bytes; that they cannot be read is damage. @throws StateError `ERR_STORED_STATE` */
export function stored<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) throw damaged();
    throw error;
  }
}

function openBase({ fullSubtrees, frontier: entries }: WirePending, treeSize: number): TreeView {
  if (!Number.isSafeInteger(treeSize)) throw damaged();
  const positions = frontier(treeSize);
  if (positions.length !== entries.length || positions.length !== fullSubtrees.length) throw damaged();
  const known = entries.map((entry, i) => Object.freeze({ position: positions[i] as number, ...entry }));
  return Object.freeze({ treeSize, fullSubtrees, frontier: Object.freeze(known) });
}

export function damaged(): StateError {
  return new StateError('ERR_STORED_STATE', 'the pending credential is not what this library writes');
}
