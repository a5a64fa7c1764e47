/** Monitoring in IETF Key Transparency: by those who looked a label up, and by its owner. */
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { exchangeFile } from './keytrans-exchanges.js';
import { addMonitoringDamages } from './keytrans-monitoring-damages.js';
import { addOwnerDamages } from './keytrans-owner-damages.js';
import { addSearchLies } from './keytrans-search-lies.js';
import { grow, logNamed, MINUTE, Story } from './keytrans-stories.js';
import type { VectorFile } from './vector-file.js';

export const CURVES = [
  [1, 'P-256'],
  [2, 'Ed25519'],
] as const;

export function keytransMonitoring(): VectorFile {
  const file = exchangeFile(
    'keytrans-monitoring',
    'Searching, monitoring and owning a label in IETF Key Transparency (draft-ietf-keytrans-protocol, commit 526cc8a): exchanges of users with a log, from the first one on.',
  );
  for (const [ciphersuite, curve] of CURVES) {
    addContact(file, contactLog(ciphersuite, curve), curve);
    addOwner(file, ownerLog(ciphersuite, curve), curve);
    addManaged(file, managedLog(ciphersuite, curve), curve);
    addAudited(file, auditedLog(ciphersuite, curve), curve);
  }
  addSearchLies(file);
  addMonitoringDamages(file);
  addOwnerDamages(file);
  return file;
}

/** Version 0 in entry 0, 1 in 3, 2 in 17, 3 in 18, 4 in 20. Entry 15 is distinguished, and then none until 31 is. */
const CONTACT_VERSIONS = [0, 3, 17, 18, 20];
export const contactVersionsAt = (position: number): number => (CONTACT_VERSIONS.includes(position) ? 1 : 0);

export const contactLog = (ciphersuite: 1 | 2, curve: string): Operator =>
  logNamed(`contacts, ${curve}`, { ciphersuite, mode: 'contactMonitoring', windowMs: 16 * MINUTE });

function addContact(file: VectorFile, log: Operator, curve: string): void {
  const user = new Story(file, log, `contact, ${curve}`);
  const at = (size: number): void => grow(log, size, contactVersionsAt);
  at(19);
  user.search('the greatest version, to a newcomer');
  user.search('an earlier version, in the same tree', 2);
  user.monitor('the same tree');
  at(20);
  user.monitor('two versions meet');
  at(22);
  user.search('the greatest version, a new one');
  at(24);
  user.monitor('two versions meet again');
  user.search('an earlier version, once more', 2);
  user.monitor('one comes to the entry of another');
  user.since(user.last).ownerInit('who becomes the owner', 15);
  at(33);
  user.since(`${user.name}: two versions meet`).search('the greatest version, while another is monitored');
  user.monitor('up to a distinguished entry');
  user.search('the greatest version, in a distinguished entry');
  user.search('a version that was never the greatest of an entry on the way', 1);
  user.newcomer().search('one version, to a newcomer', 1);
}

/** Version 0 in entry 9, 1 and 2 in 10, 3 in 25. */
export const ownerVersionsAt = (position: number): number => ({ 9: 1, 10: 2, 25: 1 })[position] ?? 0;

export const ownerLog = (ciphersuite: 1 | 2, curve: string): Operator =>
  logNamed(`an owner, ${curve}`, { ciphersuite, mode: 'contactMonitoring', windowMs: 4 * MINUTE });

function addOwner(file: VectorFile, log: Operator, curve: string): void {
  const owner = new Story(file, log, `owner, ${curve}`);
  grow(log, 20, ownerVersionsAt);
  owner.ownerInit('from an entry whose ancestors lack the label', 13);
  owner.ownerMonitor('a page of two entries', 2);
  owner.ownerMonitor('the last page', 2);
  owner.ownerMonitor('nothing new');
  grow(log, 28, ownerVersionsAt);
  owner.ownerMonitor('up to a version that is not the owner’s');
  owner.ownerMonitor('no further, while the version is not known');
}

export const managedLog = (ciphersuite: 1 | 2, curve: string): Operator =>
  logNamed(`a manager, ${curve}`, {
    ciphersuite,
    mode: 'thirdPartyManagement',
    windowMs: 4 * MINUTE,
    maximumLifetimeMs: 12 * MINUTE,
  });

/** Version 0 in entry 6, 1 in 10, 2 in 16. */
export const thirdVersionsAt = (position: number): number => ([6, 10, 16].includes(position) ? 1 : 0);

function addManaged(file: VectorFile, log: Operator, curve: string): void {
  const user = new Story(file, log, `management, ${curve}`);
  grow(log, 14, thirdVersionsAt);
  user.search('a value that the operator signed');
  grow(log, 16, thirdVersionsAt);
  user.newcomer().search('a version of an entry that has not expired', 0);
  grow(log, 20, thirdVersionsAt);
  user.ownerInit('from an entry whose ancestors have just expired', 11);
  grow(log, 24);
  user.ownerMonitor('up to a version that is not the owner’s');
}

export const auditedLog = (ciphersuite: 1 | 2, curve: string): Operator =>
  logNamed(`an auditor, ${curve}`, { ciphersuite, mode: 'thirdPartyAuditing', windowMs: 4 * MINUTE });

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
