/** Updates of a label in IETF Key Transparency, as its owner verifies them. */
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { exchangeFile } from './keytrans-exchanges.js';
import { grow, minute, MINUTE, Story } from './keytrans-stories.js';
import { addUpdateDamages } from './keytrans-update-damages.js';
import type { VectorFile } from './vector-file.js';
import { CURVES, keys, updateLog, updateVersionsAt } from './keytrans-story-logs.js';

export function keytransLabelUpdates(): VectorFile {
  const file = exchangeFile(
    'keytrans-label-updates',
    'Updating a label in IETF Key Transparency (draft-ietf-keytrans-protocol, commit 526cc8a): exchanges of its owner with a log, from the first one on.',
  );
  for (const [ciphersuite, curve] of CURVES) {
    addContactOwner(file, updateLog(ciphersuite, 'contactMonitoring'), curve);
    addManaged(file, updateLog(ciphersuite, 'thirdPartyManagement'), curve);
    addAudited(file, updateLog(ciphersuite, 'thirdPartyAuditing'), curve);
  }
  addUpdateDamages(file);
  return file;
}

function addContactOwner(file: VectorFile, log: Operator, curve: string): void {
  const owner = new Story(file, log, `contact monitoring, ${curve}`);
  const create = (what: string, values: readonly Buffer[]): void => {
    owner.update(what, values, 1, () => log.append(minute(log.size), values));
  };
  grow(log, 20, updateVersionsAt);
  owner.ownerInit('ownership begins', 15);
  create('one version', keys('a'));
  grow(log, 24);
  owner.ownerMonitor('what was created comes further up');
  create('three versions', keys('b', 'c', 'd'));
  // Others insert versions 6, and 7 and 8.
  grow(log, 30, (position) => ({ 26: 1, 28: 2 })[position] ?? 0);
  owner.update('two insertions by others, and values that are disregarded', keys('e'), 2);
  grow(log, 33);
  owner.ownerMonitor('all versions come to a distinguished entry');
  const values = keys('f', 'g', 'h', 'i', 'j');
  const late = minute(log.size - 1) + 20 * MINUTE;
  owner.update('five versions in a distinguished entry', values, 1, () => log.append(late, values));
  owner.search('the owner looks for the greatest version');
}

function addManaged(file: VectorFile, log: Operator, curve: string): void {
  const owner = new Story(file, log, `management, ${curve}`);
  grow(log, 20, updateVersionsAt);
  owner.ownerInit('ownership begins', 15);
  const values = keys('a');
  owner.update('a version, after two that are skipped', values, 1, () =>
    log.append(minute(log.size), values, 2),
  );
  log.append(minute(log.size), keys('b', 'c'), 1);
  owner.update('told of two versions, after one that was skipped', [], 1);
  owner.update('a version, and none is skipped', keys('d'), 1, () => log.append(minute(log.size), keys('d')));
  grow(log, 33);
  owner.ownerMonitor('skipped versions are versions');
}

function addAudited(file: VectorFile, log: Operator, curve: string): void {
  const owner = new Story(file, log, `auditing, ${curve}`);
  grow(log, 20);
  owner.ownerInit('ownership of a label that does not exist', 15);
  const sequence = (values: readonly Buffer[]) => () => log.append(minute(log.size), values);
  owner.update('the first version', keys('a'), 1, sequence(keys('a')));
  log.append(minute(log.size), keys('b'));
  log.append(minute(log.size), keys('c'));
  owner.update('two insertions by others', [], 2);
}
