/**
 * What a service operator stores, as bytes by key.
 *
 * | key | value | written |
 * | --- | --- | --- |
 * | `service-authorization-…` | for which versions of a label values were signed, one record after the other | once, by `putNew`, before anything is signed; emptied when settled |
 * | `service-value-…` | a value, for as long as it can still get into the log | before its authorization; deleted when that is settled |
 * | `service-label-…` | how far a label's authorizations are settled | after an answer of the manager is verified |
 * | `service-manager` | the newest view of the manager's log | after an answer of the manager is verified |
 * | `service-configuration` | of which log all this is | once, by `putNew` |
 */

import { encodeHex } from '../../bytes/text.js';
import { type Codec, struct, uint32, uint64, uint8 } from '../../bytes/codec.js';
import { optional } from '../../bytes/variants.js';
import { hashCodec, vector8 } from '../wire/wire-context.js';

/** Consecutive versions of a label for which the values of one request are signed. */
export interface AuthorizationRecord {
  readonly firstVersion: number;
  /** 1 to 191. */
  readonly count: number;
  /** Of each value, 32 bytes; none once it is settled. */
  readonly digests: readonly Uint8Array[];
}

/** How far a label's authorizations are settled. */
export interface ServiceLabelRecord {
  /** The greatest version that is known to be in the log. */
  readonly confirmed: number | undefined;
  /** Which authorization is the first that is not settled, counted from 0. */
  readonly open: number;
  /** The first version of that authorization, or of the next one to be made. */
  readonly openVersion: number;
}

export const authorizationRecord: Codec<AuthorizationRecord> = /* @__PURE__ */ struct<AuthorizationRecord>({
  firstVersion: uint32,
  count: uint8,
  digests: /* @__PURE__ */ vector8(hashCodec),
});

export const serviceLabelRecord: Codec<ServiceLabelRecord> = /* @__PURE__ */ struct<ServiceLabelRecord>({
  confirmed: /* @__PURE__ */ optional(uint32),
  open: uint64,
  openVersion: uint32,
});

export const SERVICE_CONFIGURATION_KEY = 'service-configuration';
export const MANAGER_KEY = 'service-manager';

/** The key of a label's record. */
export function serviceLabelKey(name: string): string {
  return `service-label-${name}`;
}

/** The key of one of a label's authorizations. */
export function authorizationKey(name: string, index: number): string {
  return `service-authorization-${name}-${index.toString(16)}`;
}

/** The key of a value. */
export function valueKey(digest: Uint8Array): string {
  return `service-value-${encodeHex(digest)}`;
}
