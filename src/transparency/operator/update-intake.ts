/**
 * What a log takes of an owner's update request: as the owner sent it, or, in a log with a third-party manager, as the
 * service operator signed it and forwards it (draft, "Updating a Label" and "Management").
 *
 *     the next version is 4        signed_version 4   values a b   ─▶  4: a   5: b
 *                                  signed_version 6   values a b   ─▶  4: -   5: -   6: a   7: b        skipped: 2
 *                                  signed_version 3   values a     ─▶  refused: the service operator has gone back
 *
 * Requests whose values are disregarded are not held to any of this: nothing of them gets into the log, and of a request
 * that is repeated, since its answer was lost, the values are in the log already.
 */

import { PolicyError, VerificationError } from '../../errors.js';
import { VERSION_MAX } from '../walks/order-bounds.js';
import { verifyValue } from '../verifier/ladder-steps.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import { full, LABEL_VERSIONS_MAX, type NewVersions, unsigned } from './update-batch.js';
import {
  type ManagerUpdateRequest,
  parseManagerUpdateRequest,
  parseUpdateRequest,
  type UpdateRequest,
} from '../wire/update-messages.js';

/** A request for new versions, in whichever form the log takes them. */
export type OwnerRequest = UpdateRequest | ManagerUpdateRequest;

/** How requests are read, and what of them goes into the log. */
export interface UpdateIntake {
  /**
   * Reads a request.
   * @throws DecodeError a code of the wire; VerificationError `ERR_SIGNED_NOTHING`
   */
  parse(bytes: Uint8Array): OwnerRequest;
  /**
   * What a request puts into the next log entry.
   * @param next the version that the label gets next
   * @throws PolicyError `ERR_UPDATE_EMPTY`, `ERR_ENTRY_FULL`
   * @throws VerificationError `ERR_SIGNED_VERSION`, `ERR_VALUE_SIGNATURE`
   */
  take(request: OwnerRequest, next: number): NewVersions;
}

/** The intake of a log. */
export function openIntake(log: TrustedLog): UpdateIntake {
  return log.configuration.mode === 'thirdPartyManagement' ? managedIntake(log) : OWN_INTAKE;
}

/** Values are the log's own matter. */
const OWN_INTAKE: UpdateIntake = /* @__PURE__ */ Object.freeze<UpdateIntake>({
  parse: parseUpdateRequest,
  take({ label, values }, next) {
    assertRoom(values.length, next);
    return unsigned([{ label, values: values.map(({ value }) => value) }])[0] as NewVersions;
  },
});

/** Values are the service operator's: nothing that it has not signed, for just that version, gets into the log. */
function managedIntake(log: TrustedLog): UpdateIntake {
  return {
    parse(bytes) {
      const request = parseManagerUpdateRequest(bytes, log.configuration);
      if (request.values.length === 0 && request.signedVersion !== 0) {
        throw new VerificationError('ERR_SIGNED_NOTHING', 'a version is signed for, and no value');
      }
      return request;
    },
    take(request, next) {
      // It is one of those that `parse` gave.
      const { label, values, signedVersion } = request as ManagerUpdateRequest;
      const skipped = signedVersion - next;
      if (values.length > 0 && skipped < 0) {
        throw new VerificationError('ERR_SIGNED_VERSION', 'the label has the version that is signed for');
      }
      assertRoom(values.length, next, skipped);
      for (const [i, update] of values.entries()) {
        verifyValue(log, { label, version: signedVersion + i, update });
      }
      return { label, skipped, values };
    },
  };
}

/** The greatest version of all cannot be proven to be the greatest. */
function assertRoom(values: number, next: number, skipped = 0): void {
  if (values === 0) throw new PolicyError('ERR_UPDATE_EMPTY', 'there is nothing new of the label');
  if (skipped + values > LABEL_VERSIONS_MAX || next + skipped + values > VERSION_MAX) throw full();
}
