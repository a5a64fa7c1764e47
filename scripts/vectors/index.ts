/** All files of vectors, by file name. */
import { checkpoints } from './checkpoints.js';
import { cipherSuites } from './cipher-suites.js';
import { codeSessions } from './code-sessions.js';
import { deviceLists } from './device-lists.js';
import { directory } from './directory.js';
import { keys } from './keys.js';
import { keytransAudits } from './keytrans-audits.js';
import { keytransCredentials } from './keytrans-credentials.js';
import { keytransDistinguished } from './keytrans-distinguished.js';
import { keytransEvidence } from './keytrans-evidence.js';
import { keytransLabelUpdates } from './keytrans-label-updates.js';
import { keytransLog } from './keytrans-log.js';
import { keytransManagement } from './keytrans-management.js';
import { keytransMonitoring } from './keytrans-monitoring.js';
import { keytransOrder } from './keytrans-order.js';
import { keytransOwners } from './keytrans-owners.js';
import { keytransSearches } from './keytrans-searches.js';
import { keytransWire } from './keytrans-wire.js';
import { keytransWitnessedHeads } from './keytrans-witnessed-heads.js';
import { notes } from './notes.js';
import { prefixTrees } from './prefix-trees.js';
import { publicCodes } from './public-codes.js';
import { qrPayloads } from './qr-payloads.js';
import { safetyNumbers } from './safety-numbers.js';
import { signatures } from './signatures.js';
import { textEncodings } from './text-encodings.js';
import { tiles } from './tiles.js';
import { transfer } from './transfer.js';
import { trees } from './trees.js';
import { vrfs } from './vrf.js';

/** Every file with its whole text: the same on every run. */
export function vectorFiles(): ReadonlyMap<string, string> {
  const files = [
    textEncodings(),
    keys(),
    signatures(),
    deviceLists(),
    codeSessions(),
    publicCodes(),
    safetyNumbers(),
    qrPayloads(),
    directory(),
    transfer(),
    trees(),
    keytransLog(),
    keytransOrder(),
    keytransSearches(),
    keytransMonitoring(),
    keytransOwners(),
    keytransLabelUpdates(),
    keytransManagement(),
    keytransDistinguished(),
    keytransAudits(),
    keytransEvidence(),
    keytransWitnessedHeads(),
    keytransCredentials(),
    notes(),
    checkpoints(),
    tiles(),
    keytransWire(),
    vrfs(),
    cipherSuites(),
    prefixTrees(),
  ];
  return new Map(files.map((file) => [`${file.name}.json`, file.text()]));
}
