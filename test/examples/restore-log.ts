import {
  createOperator as open,
  type Operator,
  type OperatorStore,
} from 'contact-key-verification/operator.js';
import { KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { encodeConfiguration } from 'contact-key-verification/transparency.js';

const secret = suite.signatures.scheme.generatePrivateKey();
const key = new SecretBytes(secret);
const vrfKey = suite.vrf.generatePrivateKey();
const configuration = encodeConfiguration({
  ciphersuite: suite.id,
  mode: 'contactMonitoring',
  signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
  vrfPublicKey: vrfKey.publicKey.encoded,
  maxAheadMs: 300_000,
  maxBehindMs: 3_600_000,
  reasonableMonitoringWindowMs: 86_400_000,
  maximumLifetimeMs: undefined,
});
const signWithKey = (treeHeadTbs: Uint8Array): Uint8Array => suite.signatures.sign(key, treeHeadTbs);

/** A store that can be copied, as a database can. */
class Database implements OperatorStore {
  readonly #values: Map<string, Uint8Array>;
  constructor(values: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.#values = new Map(values);
  }
  copy(): Database {
    return new Database(this.#values);
  }
  async getMany(keys: readonly string[]) {
    return keys.map((name) => this.#values.get(name)?.slice());
  }
  async putMany(entries: readonly { key: string; value: Uint8Array }[]) {
    for (const { key: name, value } of entries) this.#values.set(name, value.slice());
  }
  async putNew(entry: { key: string; value: Uint8Array }) {
    if (this.#values.has(entry.key)) return false;
    await this.putMany([entry]);
    return true;
  }
  async deleteMany(keys: readonly string[]) {
    for (const name of keys) this.#values.delete(name);
  }
}
const database = new Database();
/** Of the machine that has the key; survives it, and is in no backup of the database. */
let remembered: Signed | undefined;
const memory = {
  read: async () => remembered,
  write: async (signed: Signed) => {
    remembered = signed;
  },
};
const openLog = (store: OperatorStore): Promise<Operator> =>
  open(configuration, { suite, vrfKey, store, signer });
const nowMs = Date.now();
// ---
import { equalBytes } from 'contact-key-verification/bytes.js';
import type { TreeHeadSigner } from 'contact-key-verification/operator.js';
import { parseTreeHeadTbs } from 'contact-key-verification/transparency.js';

interface Signed {
  readonly treeSize: number;
  readonly root: Uint8Array;
}

/** Stands where the key is, not where the database is. One call at a time. */
const signer: TreeHeadSigner = async (treeHeadTbs) => {
  const { treeSize, root } = parseTreeHeadTbs(treeHeadTbs);
  const last = (await memory.read()) ?? { treeSize: 0, root };
  const isAgain = treeSize === last.treeSize && equalBytes(root, last.root);
  if (!isAgain && treeSize !== last.treeSize + 1) {
    throw new Error(`not signed: ${treeSize} entries after ${last.treeSize}`);
  }
  await memory.write({ treeSize, root }); // durably, before anybody can see the signature
  return signWithKey(treeHeadTbs);
};

const operator = await openLog(database);
await operator.insert([], { nowMs });
const backup = database.copy();
await operator.insert([], { nowMs });

// The database is lost. Before the backup goes into service: is it as new as what was signed?
const restored = await openLog(backup.copy());
console.log('the backup has', restored.head?.treeSize, 'of', (await memory.read())?.treeSize, 'entries');
// Whoever does not ask is stopped by the signer, which does not sign a second tree of two entries.
await restored
  .insert([{ label: Uint8Array.of(1), values: [Uint8Array.of(2)] }], { nowMs })
  .catch(console.log);
