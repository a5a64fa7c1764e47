/**
 * `npm run example:level`: a log in LevelDB. The store is held against its contract, then a log is filled, closed,
 * opened again, and asked.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createOperator, type Operator } from 'contact-key-verification/operator.js';
import { KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { operatorStoreContract } from 'contact-key-verification/testing.js';
import {
  type Configuration,
  encodeConfiguration,
  encodeSearchRequest,
  parseSearchResponse,
} from 'contact-key-verification/transparency.js';
import { createLevelStore, type LevelDatabase, type LevelPackage } from './level-store.js';

/** The package is installed in `examples/thirdparty` and nowhere else. */
const manifest = new URL(
  'examples/thirdparty/package.json',
  import.meta.resolve('contact-key-verification/package.json'),
);
const found = createRequire(manifest).resolve('classic-level');
const { ClassicLevel } = ((await import(pathToFileURL(found).href)) as { default: LevelPackage }).default;

const folder = mkdtempSync(join(tmpdir(), 'ckv-level-'));
const open: LevelDatabase[] = [];
async function openDatabase(name: string): Promise<LevelDatabase> {
  const database = new ClassicLevel(join(folder, name), { valueEncoding: 'view' });
  await database.open();
  open.push(database);
  return database;
}

try {
  let databases = 0;
  const checks = operatorStoreContract(async () =>
    createLevelStore(await openDatabase(`check ${databases++}`)),
  );
  for (const { run } of checks) await run();
  console.log(`The store keeps ${checks.length} of ${checks.length} points of its contract.`);

  const secret = suite.signatures.scheme.generatePrivateKey();
  const key = new SecretBytes(secret);
  const vrfKey = suite.vrf.generatePrivateKey();
  const configuration: Configuration = {
    ciphersuite: suite.id,
    mode: 'contactMonitoring',
    signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
    vrfPublicKey: vrfKey.publicKey.encoded,
    maxAheadMs: 60_000,
    maxBehindMs: 86_400_000,
    reasonableMonitoringWindowMs: 86_400_000,
    maximumLifetimeMs: undefined,
  };
  const operate = (database: LevelDatabase): Promise<Operator> =>
    createOperator(encodeConfiguration(configuration), {
      suite,
      vrfKey,
      store: createLevelStore(database),
      signer: (treeHeadTbs) => suite.signatures.sign(key, treeHeadTbs),
    });
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);

  const first = await openDatabase('log');
  const operator = await operate(first);
  for (let i = 0; i < 10; i++) {
    await operator.insert([{ label: text('alice'), values: [text(`value ${i}`)] }], { nowMs: Date.now() });
  }
  await first.close();

  const again = await operate(await openDatabase('log'));
  const request = { last: undefined, label: text('alice'), version: undefined };
  const response = await again.search(encodeSearchRequest(request));
  const { version, value } = parseSearchResponse(response, configuration, request);
  console.log(
    `A log of ${again.head?.treeSize} entries, opened again: version ${version} of alice is ` +
      `“${new TextDecoder().decode(value.value)}”, shown in ${response.length} bytes.`,
  );
} finally {
  for (const database of open) await database.close();
  rmSync(folder, { recursive: true, force: true });
}
