/**
 * A messenger's key directory over a key transparency log: device lists as values, identifiers as labels, sequences as
 * versions (CKV/1, "The transparency log"); and the log's answers as what `reviewContact` takes.
 *
 *     contact's identifier ─▶ lookUpDevices  ─▶ { directory, log } ─▶ reviewContact
 *     own identifiers      ─▶ claimIdentifier, publishDevices, fetchOwnDevices ─▶ review of one's own account
 *     what is due          ─▶ watchIdentifier
 *     the log's heads      ─▶ fetchHeads; what peers saw of them: encodeSeenHeads, comparePeerHeads
 *     the server           ─▶ verifyPublication
 *
 * All of it stands on `createClient` (`transparency.js`) and `createOperator` (`operator.js`), and on any transport.
 *
 * Logs with a third-party manager can skip versions, and no list can follow on a sequence that was skipped: device
 * lists belong into logs of the other two deployment modes.
 */

export type { Answered, DirectoryRequest, Heard } from './directory/heard.js';
export { lookUpDevices, type LookedUp, type LookUpOptions } from './directory/look-up.js';
export {
  claimIdentifier,
  fetchOwnDevices,
  type OwnAnswer,
  type OwnNews,
  publishDevices,
} from './directory/own-devices.js';
export { comparePeerHeads, encodeSeenHeads, fetchHeads, type HeardHeads } from './directory/peer-heads.js';
export { verifyPublication } from './directory/publication.js';
export { watchIdentifier, type Watched } from './directory/watch.js';
