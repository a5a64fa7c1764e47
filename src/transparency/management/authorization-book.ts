/**
 * For which versions of a label a service operator has signed values (draft, "Management"): "only one value for each
 * version of a label is authorized".
 *
 *     authorizations   0: versions 0 │ 1: versions 1 2 │ 2: version 3 │ 3: - none yet -
 *                      settled         settled           open           the next one begins with version 4
 *
 * Each begins where the one before ends, and is written, once, before anything of it is signed. So of two attempts, by
 * one program after another or by two at once, one decides which values these versions have, and the other finds that
 * out before it signs. A version that was written and never sent is lost: the log skips it.
 *
 * An authorization is open as long as the log can still take it, and settled once the log has its first version, or a
 * greater one. The same values are given the same open versions again, as often as they are asked for.
 */

import { type Codec, encode, struct } from '../../bytes/codec.js';
import { equalBytes } from '../../bytes/compare.js';
import { sha256 } from '../../crypto/hash.js';
import { PolicyError, StateError, VerificationError } from '../../errors.js';
import { LABEL_VERSIONS_MAX } from '../operator/update-batch.js';
import { encodeRecord, openRecord } from '../operator/operator-records.js';
import { labelName, type OperatorStore } from '../operator/operator-store.js';
import { VERSION_MAX } from '../walks/order-bounds.js';
import type { NodeEntry } from '../../prefix/node-store.js';
import { labelCodec, valueCodec } from '../wire/wire-context.js';
import {
  authorizationKey,
  authorizationRecord,
  type AuthorizationRecord,
  serviceLabelKey,
  serviceLabelRecord,
  type ServiceLabelRecord,
  valueKey,
} from './service-records.js';

/** Versions of a label that are signed for and not known to be in the log, at most: what a manager can still skip. */
const UNSETTLED_MAX = LABEL_VERSIONS_MAX;

/** What the book says of a label. */
interface LabelAuthorizations {
  /** The greatest version that is known to be in the log. */
  readonly confirmed: number | undefined;
  /** The version that would be signed for next. */
  readonly next: number;
  /** In the order in which they were made. */
  readonly open: readonly AuthorizationRecord[];
}

/** An authorization that the log can still take. */
export interface OpenAuthorization {
  /** The greatest version that is known to be in the log. */
  readonly confirmed: number | undefined;
  readonly firstVersion: number;
  readonly values: readonly Uint8Array[];
}

/** A version that is known to be in the log. */
export interface ConfirmedVersion {
  readonly version: number;
  readonly value: Uint8Array;
}

/** The authorizations of all labels. */
export interface AuthorizationBook {
  /**
   * Fixes which versions values have, durably.
   * @param greatest the greatest version that the request says the label has
   * @returns the version of the first value; the others follow. `undefined` where the log would disregard the values
   * @throws VerificationError `ERR_KNOWN_VERSION`; PolicyError `ERR_ENTRY_FULL`, `ERR_UNSETTLED`
   * @throws StateError `ERR_STORED_STATE`; what the store throws. Then it is fixed, or it is not: asking again tells
   */
  authorize(
    label: Uint8Array,
    greatest: number | undefined,
    values: readonly Uint8Array[],
  ): Promise<number | undefined>;
  /**
   * The newest authorization that the log can still take; `undefined` where there is none.
   * @throws StateError `ERR_STORED_STATE`; what the store throws
   */
  newest(label: Uint8Array): Promise<OpenAuthorization | undefined>;
  /**
   * Settles what cannot get into the log any more, since a version is in it.
   * @returns the version that would be signed for next
   * @throws VerificationError `ERR_GREATEST_VERSION` a greater one was in it before
   * @throws StateError `ERR_STORED_STATE` the version, or its value, is not one that this book knows of: the store is
   *   not the one that it was, or somebody else signs with the key
   */
  settle(label: Uint8Array, confirmed: ConfirmedVersion): Promise<number>;
}

const digested: Codec<{ readonly label: Uint8Array; readonly value: Uint8Array }> = /* @__PURE__ */ struct<{
  readonly label: Uint8Array;
  readonly value: Uint8Array;
}>({ label: labelCodec, value: valueCodec });

/** The book in a store. */
export function openAuthorizationBook(store: OperatorStore): AuthorizationBook {
  async function readAll(
    name: string,
  ): Promise<LabelAuthorizations & { readonly record: ServiceLabelRecord }> {
    const [bytes] = await store.getMany([serviceLabelKey(name)]);
    const record =
      bytes === undefined
        ? { confirmed: undefined, open: 0, openVersion: 0 }
        : openRecord(serviceLabelRecord, bytes, 'label of the service');
    const open: AuthorizationRecord[] = [];
    let next = record.openVersion;
    for (;;) {
      const [stored] = await store.getMany([authorizationKey(name, record.open + open.length)]);
      if (stored === undefined) return { confirmed: record.confirmed, next, open, record };
      const authorization = openRecord(authorizationRecord, stored, 'authorization');
      if (authorization.firstVersion !== next) {
        throw new StateError('ERR_STORED_STATE', 'authorizations do not follow one another');
      }
      open.push(authorization);
      next += authorization.count;
    }
  }

  /** Forgets the values of authorizations that cannot get into the log any more, except those of `open` ones. */
  async function empty(
    name: string,
    from: number,
    settled: readonly AuthorizationRecord[],
    open: readonly AuthorizationRecord[],
  ): Promise<void> {
    const needed = new Set(open.flatMap(({ digests }) => digests.map(valueKey)));
    const keys = new Set(settled.flatMap(({ digests }) => digests.map(valueKey)));
    await store.deleteMany([...keys].filter((key) => !needed.has(key)));
    await store.putMany(
      settled.map((authorization, i) => ({
        key: authorizationKey(name, from + i),
        value: encodeRecord(authorizationRecord, { ...authorization, digests: [] }),
      })),
    );
  }

  return {
    async authorize(label, greatest, values) {
      const name = labelName(label);
      const digests = values.map((value) => digestOf(label, value));
      const count = values.length;
      const known = greatest ?? -1;
      for (;;) {
        const { confirmed = -1, next, open, record } = await readAll(name);
        if (known < confirmed) return undefined;
        if (known >= next) throw new VerificationError('ERR_KNOWN_VERSION', 'the label has no such version');
        const again = open.find((one) => one.firstVersion > known && areEqual(one.digests, digests));
        if (again !== undefined) return again.firstVersion;
        assertRoom(confirmed, next, count);
        await store.putMany(distinct(digests.map(valueKey), values));
        const key = authorizationKey(name, record.open + open.length);
        const value = encodeRecord(authorizationRecord, { firstVersion: next, count, digests });
        if (await store.putNew({ key, value })) return next;
        // Somebody else was faster, and these versions are not free any more.
      }
    },

    async newest(label) {
      const { confirmed, open } = await readAll(labelName(label));
      for (const { firstVersion, digests } of [...open].reverse()) {
        const found = await store.getMany(digests.map(valueKey));
        const values = found.filter((value) => value !== undefined);
        // Settling deletes values first: one that was cut short leaves authorizations without any.
        if (values.length === 0 || values.length < digests.length) continue;
        if (
          !areEqual(
            values.map((value) => digestOf(label, value)),
            digests,
          )
        ) {
          throw new StateError('ERR_STORED_STATE', 'the store has another value than was signed for');
        }
        return { confirmed, firstVersion, values };
      }
      return undefined;
    },

    async settle(label, { version, value }) {
      const name = labelName(label);
      const { confirmed = -1, next, open, record } = await readAll(name);
      if (version < confirmed) {
        throw new VerificationError('ERR_GREATEST_VERSION', 'the label has had a greater version before');
      }
      if (version >= next) {
        throw new StateError('ERR_STORED_STATE', 'the log has a version that nothing was signed for here');
      }
      const settled = open.filter(({ firstVersion }) => firstVersion <= version);
      const [last] = settled.slice(-1);
      const signed = last?.digests[version - last.firstVersion];
      if (signed !== undefined && !equalBytes(signed, digestOf(label, value))) {
        throw new StateError('ERR_STORED_STATE', 'the log has another value than was signed for here');
      }
      if (version === confirmed) return next;
      const left = open.slice(settled.length);
      await empty(name, record.open, settled, left);
      const moved: ServiceLabelRecord = {
        confirmed: version,
        open: record.open + settled.length,
        openVersion: left[0]?.firstVersion ?? next,
      };
      await store.putMany([{ key: serviceLabelKey(name), value: encodeRecord(serviceLabelRecord, moved) }]);
      return next;
    },
  };
}

function digestOf(label: Uint8Array, value: Uint8Array): Uint8Array {
  return sha256(encode(digested, { label, value }));
}

function areEqual(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  return some.length === others.length && some.every((one, i) => equalBytes(one, others[i] as Uint8Array));
}

/** Each key once: a value can come twice in a request. */
function distinct(keys: readonly string[], values: readonly Uint8Array[]): NodeEntry[] {
  return [...new Map(keys.map((key, i) => [key, values[i] as Uint8Array]))].map(([key, value]) => ({
    key,
    value,
  }));
}

/** Whatever is signed for, a manager must be able to skip all before it. */
function assertRoom(confirmed: number, next: number, count: number): void {
  if (count > LABEL_VERSIONS_MAX || next + count > VERSION_MAX) {
    throw new PolicyError('ERR_ENTRY_FULL', 'more new versions than one log entry can hold');
  }
  if (next + count - (confirmed + 1) > UNSETTLED_MAX) {
    throw new PolicyError(
      'ERR_UNSETTLED',
      'too many versions are signed for, and not known to be in the log',
    );
  }
}
