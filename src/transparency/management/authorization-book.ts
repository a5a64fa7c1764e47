/**
 * For which versions of a label a service operator has signed values (draft, "Management"): "only one value for each
 * version of a label is authorized".
 *
 *     authorizations   0: versions 0 │ 1: versions 1 2 │ 2: version 3 │ 3: - none yet -
 *                      settled         settled           open           the next one begins with version 4
 *
 * Each begins where the one before ends, and is written, once, before anything of it is signed. So of two attempts, by
 * one program after another or by two at once, one decides which values these versions have, and the other finds that
 * out before it signs. A version that was written and never signed is lost: the log skips it.
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
import { HASH_BYTES, valueCodec, vector8 } from '../wire/wire-context.js';
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
export const UNSETTLED_MAX = LABEL_VERSIONS_MAX;

/** What the book says of a label. */
export interface LabelAuthorizations {
  /** The greatest version that is known to be in the log. */
  readonly confirmed: number | undefined;
  /** The version that would be signed for next. */
  readonly next: number;
  /** In the order in which they were made. */
  readonly open: readonly AuthorizationRecord[];
}

/** A version that is known to be in the log. */
export interface ConfirmedVersion {
  readonly version: number;
  readonly value: Uint8Array;
}

/** The authorizations of all labels. */
export interface AuthorizationBook {
  /** @throws StateError `ERR_STORED_STATE`; what the store throws */
  read(label: Uint8Array): Promise<LabelAuthorizations>;
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
  /** The values of an open authorization; `undefined` where they were never stored. */
  values(label: Uint8Array, open: AuthorizationRecord): Promise<readonly Uint8Array[] | undefined>;
  /**
   * Settles what cannot get into the log any more, since a version is in it.
   * @throws VerificationError `ERR_GREATEST_VERSION` a greater one was in it before
   * @throws StateError `ERR_STORED_STATE` the version, or its value, is not one that this book knows of: the store is
   *   not the one that it was, or somebody else signs with the key
   */
  settle(label: Uint8Array, confirmed: ConfirmedVersion): Promise<void>;
}

const digested: Codec<{ readonly values: readonly Uint8Array[] }> = /* @__PURE__ */ struct<{
  readonly values: readonly Uint8Array[];
}>({ values: /* @__PURE__ */ vector8(valueCodec) });
const SETTLED: Uint8Array = /* @__PURE__ */ new Uint8Array(HASH_BYTES);

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

  /** Forgets the values of authorizations: none of them can get into the log any more. */
  async function empty(name: string, from: number, settled: readonly AuthorizationRecord[]): Promise<void> {
    const versions = settled.flatMap(({ firstVersion, count }) =>
      Array.from({ length: count }, (_, i) => firstVersion + i),
    );
    await store.putMany(
      settled.map((authorization, i) => ({
        key: authorizationKey(name, from + i),
        value: encodeRecord(authorizationRecord, { ...authorization, digest: SETTLED }),
      })),
    );
    await store.deleteMany(versions.map((version) => valueKey(name, version)));
  }

  return {
    read: (label) => readAll(labelName(label)),

    async authorize(label, greatest, values) {
      const name = labelName(label);
      const digest = sha256(encode(digested, { values }));
      const count = values.length;
      for (;;) {
        const { confirmed = -1, next, open, record } = await readAll(name);
        const known = greatest ?? -1;
        if (known < confirmed) return undefined;
        if (known >= next) throw new VerificationError('ERR_KNOWN_VERSION', 'the label has no such version');
        const again = open.find((one) => one.firstVersion > known && equalBytes(one.digest, digest));
        const firstVersion = again?.firstVersion ?? next;
        if (again === undefined) {
          assertRoom(confirmed, next, count);
          const key = authorizationKey(name, record.open + open.length);
          const value = encodeRecord(authorizationRecord, { firstVersion, count, digest });
          // Somebody else can have been faster: then these versions are not free any more.
          if (!(await store.putNew({ key, value }))) continue;
        }
        await store.putMany(values.map((value, i) => ({ key: valueKey(name, firstVersion + i), value })));
        return firstVersion;
      }
    },

    async values(label, { firstVersion, count, digest }) {
      const name = labelName(label);
      const keys = Array.from({ length: count }, (_, i) => valueKey(name, firstVersion + i));
      const values = (await store.getMany(keys)).filter((value) => value !== undefined);
      const isWhole = values.length === count && equalBytes(sha256(encode(digested, { values })), digest);
      return isWhole ? values : undefined;
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
      const [signed] = await store.getMany([valueKey(name, version)]);
      if (signed !== undefined && !equalBytes(signed, value)) {
        throw new StateError('ERR_STORED_STATE', 'the log has another value than was signed here');
      }
      const settled = open.filter(({ firstVersion }) => firstVersion <= version);
      if (settled.length > 0) await empty(name, record.open, settled);
      const [first] = open.slice(settled.length);
      const moved: ServiceLabelRecord = {
        confirmed: version,
        open: record.open + settled.length,
        openVersion: first?.firstVersion ?? next,
      };
      if (settled.length === 0 && version === confirmed) return;
      await store.putMany([{ key: serviceLabelKey(name), value: encodeRecord(serviceLabelRecord, moved) }]);
    },
  };
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
