/** Owners of labels in IETF Key Transparency: taking one over and monitoring it, in logs of all modes. */
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { exchangeFile } from './keytrans-exchanges.js';
import { addOwnerDamages } from './keytrans-owner-damages.js';
import { grow, Story } from './keytrans-stories.js';
import { addThirdPartyLies } from './keytrans-third-party-lies.js';
import type { VectorFile } from './vector-file.js';
import {
  CURVES,
  auditedLog,
  managedLog,
  ownerLog,
  ownerVersionsAt,
  thirdVersionsAt,
} from './keytrans-story-logs.js';

export function keytransOwners(): VectorFile {
  const file = exchangeFile(
    'keytrans-owners',
    'Owning a label in IETF Key Transparency (draft-ietf-keytrans-protocol, commit 526cc8a), with third parties and without: exchanges of users with a log, from the first one on.',
  );
  for (const [ciphersuite, curve] of CURVES) {
    addOwner(file, ownerLog(ciphersuite, curve), curve);
    addManaged(file, managedLog(ciphersuite, curve), curve);
    addAudited(file, auditedLog(ciphersuite, curve), curve);
  }
  addThirdPartyLies(file);
  addOwnerDamages(file);
  return file;
}

function addOwner(file: VectorFile, log: Operator, curve: string): void {
  const owner = new Story(file, log, `owner, ${curve}`);
  grow(log, 20, ownerVersionsAt);
  owner.ownerInit('from an entry whose ancestors lack the label', 13);
  owner.ownerMonitor('a page of two entries', 2);
  owner.ownerMonitor('the last page', 2);
  owner.ownerMonitor('nothing new');
  grow(log, 24, ownerVersionsAt);
  owner.ownerMonitor('new entries');
  grow(log, 32, ownerVersionsAt);
  owner.ownerMonitor('up to a version that is not the owner’s');
  owner.ownerMonitor('no further, while the version is not known');
}

function addManaged(file: VectorFile, log: Operator, curve: string): void {
  const user = new Story(file, log, `management, ${curve}`);
  grow(log, 14, thirdVersionsAt);
  user.search('a value that the operator signed');
  grow(log, 16, thirdVersionsAt);
  user.newcomer().search('a version of an entry that has not expired', 0);
  grow(log, 20, thirdVersionsAt);
  const owner = user.newcomer();
  owner.ownerInit('from an entry whose ancestors have just expired', 11);
  grow(log, 24);
  owner.ownerMonitor('up to a version that is not the owner’s');
}

function addAudited(file: VectorFile, log: Operator, curve: string): void {
  const user = new Story(file, log, `auditing, ${curve}`);
  grow(log, 12, thirdVersionsAt);
  user.search('the auditor is behind', undefined, { auditorSize: 9 });
  user.search('the same tree', 0);
  const other = user.newcomer();
  other.search('the auditor has seen all');
  // The log changes its auditor; the new one began with entry 10.
  other.log = log.fork({ auditor: 'another auditor', auditorStartPos: 10 });
  grow(other.log, 16, () => 0);
  other.ownerInit('another auditor, and a label that is not in the starting entry', 1);
  other.ownerMonitor('up to the label’s first version');
}
