/** Distinguished heads of IETF Key Transparency, and comparing them with those of others. */
import { commonRoots } from '../../test/reference/keytrans-distinguished.js';
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { readWire, writeWire } from '../../test/reference/keytrans-wire.js';
import { addDistinguishedDamages } from './keytrans-distinguished-damages.js';
import { exchangeFile, PLAIN } from './keytrans-exchanges.js';
import { grow, MINUTE, Story } from './keytrans-stories.js';
import { bytes, type Fields, hex, type Json, list, type VectorFile } from './vector-file.js';
import { CURVES, auditedWalkLog, managedWalkLog, walkLog, walkVersionsAt } from './keytrans-story-logs.js';

const rootsOf = (field: Json | undefined): readonly Uint8Array[] =>
  (readWire('DistinguishedHead', bytes(field), PLAIN) as { readonly heads: readonly Uint8Array[] }).heads;

export const encodeHeads = (heads: readonly Uint8Array[]): string =>
  hex(writeWire('DistinguishedHead', { heads }, PLAIN).bytes);

export function keytransDistinguished(): VectorFile {
  const file = exchangeFile(
    'keytrans-distinguished',
    'Walking distinguished heads in IETF Key Transparency (draft-ietf-keytrans-protocol, commit 526cc8a), and comparing what two users were shown.',
    { RootComparison: ({ own, peer }) => ({ overlap: commonRoots(rootsOf(own), rootsOf(peer)) }) },
  );
  for (const [ciphersuite, curve] of CURVES) {
    addWalks(file, walkLog(ciphersuite), `contact monitoring, ${curve}`);
    addShortWalks(file, managedWalkLog(ciphersuite), `management, ${curve}`);
    addShortWalks(file, auditedWalkLog(ciphersuite), `auditing, ${curve}`);
  }
  addDistinguishedDamages(file);
  addComparisons(file);
  return file;
}

function addWalks(file: VectorFile, log: Operator, name: string): void {
  const user = new Story(file, log, name);
  grow(log, 3, walkVersionsAt);
  user.distinguished('a young log', { count: 10 });
  grow(log, 27, walkVersionsAt);
  user.distinguished('the three rightmost, by one who comes back', { count: 3 });
  user.distinguished('the same tree, and more of it', { count: 6 });
  user.distinguished('down to a stop', { count: 10 }, 15);
  user.newcomer().distinguished('ten, to a newcomer', { count: 10 });
  grow(log, 32, walkVersionsAt);
  user.distinguished('those of ten minutes', { withinMs: 10 * MINUTE });
  user.distinguished('a stop that is above all', { count: 10 }, 31);
}

function addShortWalks(file: VectorFile, log: Operator, name: string): void {
  const user = new Story(file, log, name);
  grow(log, 20, walkVersionsAt);
  user.distinguished('ten, and none that has expired', { count: 10 });
  grow(log, 23, walkVersionsAt);
  user.distinguished('two, by one who comes back', { count: 2 });
}

function addComparisons(file: VectorFile): void {
  const rootsIn = (name: string): Uint8Array[] =>
    list(file.outputOf(name)['heads']).map((head) => bytes((head as Fields)['root']));
  const older = rootsIn('contact monitoring, Ed25519: ten, to a newcomer');
  const newer = rootsIn('contact monitoring, Ed25519: those of ten minutes');
  const foreign = rootsIn('management, Ed25519: ten, and none that has expired');
  const compare = (name: string, own: readonly Uint8Array[], peer: readonly Uint8Array[]): void => {
    file.valid('RootComparison', name, { own: encodeHeads(own), peer: encodeHeads(peer) });
  };
  compare('the same roots', older, older);
  compare('the peer came later', older, newer);
  compare('the peer came earlier', newer, older);
  compare('the peer has fewer', older, older.slice(-2));
  compare('the peer has fewer, of the left end', older, older.slice(0, 2));
  compare('one root in common', older.slice(0, 3), older.slice(2));
  compare('roots of the middle', older, older.slice(2, 4));
  compare('the newest root differs: a fork', older, [...older.slice(0, -1), foreign[0] as Uint8Array]);
  compare('a root between differs: a fork', older, [
    ...older.slice(0, 2),
    foreign[0] as Uint8Array,
    ...older.slice(3),
  ]);
  compare('another log', older, foreign);
  compare('no time in common', older.slice(0, 2), older.slice(2));
  compare('the peer has none', older, []);
  const [of] = ['the peer came later'];
  file.invalid(of, 'ERR_TRUNCATED', 'a root is cut off', { peer: encodeHeads(newer).slice(0, -2) });
  file.invalid(of, 'ERR_TRAILING_BYTES', 'a byte is left over', { peer: `${encodeHeads(newer)}00` });
}
