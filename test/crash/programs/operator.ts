/**
 * A program that operates a log and is killed: by itself at a named point, or from outside at any time. It says what it
 * is about to sign and what was acknowledged, each before it goes on, so that its last words are true.
 *
 *     node operator.js FILE POINT        POINT: `label before 3`, to end before the third write of a label; or `never`
 */

import { writeSync } from 'node:fs';
import { createOperator, type OperatorStore } from 'contact-key-verification/operator.js';
import type { NodeEntry } from 'contact-key-verification/prefix.js';
import { encodeConfiguration } from 'contact-key-verification/transparency.js';
import { KT_128_SHA256_Ed25519, SecretBytes } from 'contact-key-verification/suites.js';
import { type FileStore, openFileStore } from '../../support/file-store.js';

const [, , path = '', point = 'never'] = process.argv;
const [wantedKind, wantedSide, wantedCount = '1'] = point.split(' ');
let countdown = Number(wantedCount);

const say = (...words: readonly (string | number)[]): void => void writeSync(1, `${words.join(' ')}\n`);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Ends the program where it is to end. @param last what it still does */
function reach(kind: string, side: string, last: () => void = () => undefined): void {
  if (kind !== wantedKind || side !== wantedSide) return;
  countdown--;
  if (countdown > 0) return;
  last();
  process.kill(process.pid, 'SIGKILL');
}

/** What a value is, by its key. */
function kindOf(key: string): string {
  const [, name] = /^log-([a-z]+)-/.exec(key) ?? [];
  return name ?? (key.endsWith('!') ? 'journal' : 'page');
}

function watched(store: FileStore): OperatorStore {
  const put = async (entry: NodeEntry): Promise<void> => {
    const kind = kindOf(entry.key);
    reach(kind, 'before');
    reach(kind, 'torn', () => store.tear(entry));
    await store.putMany([entry]);
    reach(kind, 'after');
  };
  return {
    ...store,
    async putMany(entries) {
      for (const entry of entries) await put(entry);
    },
    async putNew(entry) {
      const [known] = await store.getMany([entry.key]);
      if (known !== undefined) return false;
      await put(entry);
      return true;
    },
  };
}

const suite = KT_128_SHA256_Ed25519;
const secret = new SecretBytes(new Uint8Array(32).fill(7));
const vrfKey = suite.vrf.parsePrivateKey(new Uint8Array(32).fill(8));
const configuration = encodeConfiguration({
  ciphersuite: suite.id,
  mode: 'contactMonitoring',
  signaturePublicKey: suite.signatures.scheme.derivePublicKey(new Uint8Array(32).fill(7)),
  vrfPublicKey: vrfKey.publicKey.encoded,
  maxAheadMs: 1000,
  maxBehindMs: 1000,
  reasonableMonitoringWindowMs: 50,
  maximumLifetimeMs: undefined,
});

const operator = await createOperator(configuration, {
  suite,
  vrfKey,
  store: watched(openFileStore(path)),
  signer(treeHeadTbs) {
    // The last 40 bytes of what is signed: tree size and root.
    const tail = Buffer.from(treeHeadTbs.slice(-40));
    say('signs', Number(tail.readBigUInt64BE(0)), hex(tail.subarray(8)));
    reach('signature', 'before');
    const signature = suite.signatures.sign(secret, treeHeadTbs);
    reach('signature', 'after');
    return signature;
  },
});
say('opens', operator.head?.treeSize ?? 0, operator.head === undefined ? '' : hex(operator.head.root));

const text = (name: string): Uint8Array => new TextEncoder().encode(name);
for (;;) {
  // Of values that were not acknowledged, other attempts have others: what is signed differs unless it was fixed.
  const attempt = `${process.pid} ${process.hrtime.bigint()}`;
  const position = operator.head?.treeSize ?? 0;
  const updates = [`label ${position % 3}`, `label ${3 + (position % 2)}`];
  const head = await operator.insert(
    updates.map((label) => ({ label: text(label), values: [text(`${label}: ${attempt}`)] })),
    { nowMs: 1_000_000 + 10 * position },
  );
  reach('acknowledgement', 'before');
  for (const label of updates) say('acknowledges', head.treeSize, hex(head.root), `${label}: ${attempt}`);
}
