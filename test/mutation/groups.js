/** Which files are mutated together, and the tests that must notice. */

/** Unit tests of the transparency room: they run in a quarter of a minute, all of them. */
const UNIT = ['test/unit/transparency-*.test.ts'];

/** @type {Record<string, { readonly files: readonly string[], readonly tests: readonly string[] }>} */
export const groups = {
  walks: {
    files: [
      'walk',
      'update-view',
      'greatest-version-search',
      'fixed-version-search',
      'monitoring',
      'owner-walks',
      'label-update',
      'distinguished-heads',
      'distinguished',
      'search-tree',
      'ladder',
      'ladder-steps',
    ],
    tests: UNIT,
  },
  engine: {
    files: [
      'entry-ledger',
      'received-proof',
      'recorded-proof',
      'verified-proof',
      'tree-view',
      'head-comparison',
      'order-bounds',
      'monitor-map',
    ],
    tests: UNIT,
  },
  state: {
    files: [
      'client-state',
      'state-encoding',
      'trusted-log',
      'owned-label',
      'operation',
      'search-operation',
      'monitor-operation',
      'owner-operations',
      'update-operation',
      'distinguished-operation',
      'create-client',
    ],
    tests: UNIT,
  },
  operator: {
    files: ['version-book'],
    tests: [
      'test/unit/operator.test.ts',
      'test/unit/operator-options.test.ts',
      'test/unit/operator-recovery.test.ts',
      'test/unit/operator-refusals.test.ts',
    ],
  },
};
