/**
 * What the programs in `test/package/programs` return, wherever they run: under every Node, from a bundle in a
 * browser, from the files themselves in a browser. They are facts that hold for fresh keys too, and answers known
 * from elsewhere: the published vectors, and Python's and Node's own hashes and keys.
 */

import { MANIFEST } from './consumer.js';

/** The result of each program. */
export const EXPECTED: Readonly<Record<string, string>> = {
  auditor: '3 entries, the same root, ERR_ENTRY_ROOT, ERR_TIMESTAMP_ORDER, not signed',
  bytes: '4 forms, Wm_Dq_CflJE, ERR_UTF8',
  codes:
    'session same, ckv1qy7z5unlujzj2rfvf4n98u28v38u5x0n963vx7rrfnyhugttlwh9wnttkvn, ' +
    '68199 59514 88617 02574 82453 24965 75560 60857 21723 43528 55581 97544',
  contacts: 'doubtful, verification-missing: The device list of {name} has disappeared.',
  credentials: 'standard, standard, ERR_CREDENTIAL_EARLY, provisional waiting verified',
  directory: 'published, newest, consistent, 1 device, none',
  errors: 'ERR_TEXT_ENCODING, ERR_PROOF_LENGTH, ERR_DESTROYED, ERR_ARGUMENT_TYPE, ERR_ARGUMENT_RANGE',
  evidence: 'same, ERR_LOG_FORK, fork by log, ERR_SIGNATURE',
  index: 'list 0 of 1 device, code current, leaf 0 of 1',
  keys: '3 formats, list 1 of 2 devices, mark kept',
  log:
    '4 tiles, root d13e1284d9cee7a30253fefd4e1f09129bf9583ea82d2d0c5cfc7d8aa4b66ab3, 10 hashes, ' +
    'ERR_PROOF_ROOT',
  operator: '1 entry, 1 second updated, 1 second same, ERR_NO_VERSION',
  parallel: '0 workers, the same root of 10000, 1 verified, ERR_INDEX_RANGE, ERR_SPENT',
  suites:
    'P-256 f76c58635579597c true false true, Ed25519 7f837cb5947838fd true false true, ' +
    '43b9b3360d95361a, 50249a879340cf22, 208f260ca834ce50',
  transfer: 'the same key, ERR_SPENT, restored, ERR_SEALED',
  transparency:
    'contactMonitoring every 86400000 ms in 96 bytes, 01000000000000003205616c69636500, ' +
    'entry of 1700000000000, ERR_ENUM',
  prefix: 'included false true, root b8bc7d, audited true, ERR_PREFIX_LEAF_KEY',
  testing: '15 checks, 22 for a log, ERR_STORE_CONTRACT',
  vectors: 'trees: 7 of 7 leaves right',
  wasm: 'an engine, wasm, 0d343e158593aac020307dd7864714aa1d2318202d1d739c024a49582027bd92',
  witnesses: '8 heads, cosigned cosigned conflict conflict, same, not shown',
  worker: '2 workers, c24e2e221851e7f6658ddea887881935f0733d3718c7bb8e3e61e15f03e3913c',
};

/** The result of the program `wasm` where the platform forbids WebAssembly. */
export const WITHOUT_WASM: string =
  EXPECTED['wasm']?.replace('an engine, wasm', 'no engine, ERR_NO_WEBASSEMBLY') ?? '';

/** The public specifier that a program is about. */
export function doorOf(program: string): string {
  if (program === 'index') return MANIFEST.name;
  return `${MANIFEST.name}/${program === 'vectors' ? 'vectors/trees.json' : `${program}.js`}`;
}
