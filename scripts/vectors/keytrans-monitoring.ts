/** Searching and monitoring in IETF Key Transparency, by those who look a label up. */
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { exchangeFile } from './keytrans-exchanges.js';
import { addMonitoringDamages } from './keytrans-monitoring-damages.js';
import { addSearchLies } from './keytrans-search-lies.js';
import { grow, Story } from './keytrans-stories.js';
import type { VectorFile } from './vector-file.js';
import { CURVES, contactLog, contactVersionsAt } from './keytrans-story-logs.js';

export function keytransMonitoring(): VectorFile {
  const file = exchangeFile(
    'keytrans-monitoring',
    'Searching and monitoring a label in IETF Key Transparency (draft-ietf-keytrans-protocol, commit 526cc8a): exchanges of users with a log for contact monitoring, from the first one on.',
  );
  for (const [ciphersuite, curve] of CURVES) {
    addContact(file, contactLog(ciphersuite, curve), curve);
  }
  addSearchLies(file);
  addMonitoringDamages(file);
  return file;
}

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
  user.since(`${user.name}: two versions meet`).monitor('up to a distinguished entry');
  user.monitor('its entry has become distinguished');
  user.search('the greatest version, in a distinguished entry');
  user.search('a version that was never the greatest of an entry on the way', 1);
  user.newcomer().search('one version, to a newcomer', 1);
}
