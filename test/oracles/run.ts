/**
 * `npm run oracles`: ours against other people's implementations. Prints how many cases each compared, and fails
 * on any difference, on an oracle that cannot run, and on one that compared fewer cases than it has.
 */

import { Ledger } from './ledger.js';
import { merkleTrees } from './merkle.js';
import { openSsl } from './openssl.js';
import { safetyNumbers } from './safety-numbers.js';
import { webCrypto } from './web-crypto.js';

let failed = false;
for (const { name, expected, run } of [safetyNumbers, webCrypto, openSsl, merkleTrees]) {
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
