/**
 * `npm run oracles`, and `npm run oracles:witness`, which needs Go, OpenSSH and SQLite: ours against other people's implementations. Prints how many cases each compared, and fails
 * on any difference, on an oracle that cannot run, and on one that compared fewer cases than it has.
 */

import { Ledger } from './ledger.js';
import { merkleTrees } from './merkle.js';
import { openSsl } from './openssl.js';
import { litewitness } from './litewitness.js';
import { safetyNumbers } from './safety-numbers.js';
import { webCrypto } from './web-crypto.js';

const oracles =
  process.argv[2] === 'witness' ? [litewitness] : [safetyNumbers, webCrypto, openSsl, merkleTrees];
let failed = false;
for (const { name, expected, run } of oracles) {
  const ledger = new Ledger();
  let against = '';
  try {
    against = await run(ledger);
  } catch (error) {
    console.error(error);
  }
  const { cases, differences } = ledger;
  const agrees = against !== '' && cases === expected && differences === 0;
  failed ||= !agrees;
  console.log(
    `${agrees ? 'agree ' : 'DIFFER'}  ${name}: ${cases} of ${expected} cases, ${differences} differences` +
      `${against === '' ? '' : ` (${against})`}`,
  );
  for (const difference of ledger.shownDifferences()) console.log(`  ${difference}`);
}
if (failed) process.exitCode = 1;
