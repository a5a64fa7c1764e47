/**
 * What growing a prefix tree costs, as Markdown tables.
 */

import type { Growth, GrowthPlan } from './prefix-growth.js';
import { duration, table } from './report.js';
import { timesTwoBillion } from './week.js';

const BATCHES = [
  { entries: 1, samples: 200 },
  { entries: 100, samples: 30 },
  { entries: 10_000, samples: 5 },
];
const PROOFS = [
  { keys: 1, samples: 200 },
  { keys: 20, samples: 100 },
];

/** 10^4, 10^5 and 10^6 leaves. */
export const GROWTH: GrowthPlan = { sizes: [1e4, 1e5, 1e6], batches: BATCHES, proofs: PROOFS };
/** 10^7 too: minutes, and some gigabytes. */
export const LARGE_GROWTH: GrowthPlan = { ...GROWTH, sizes: [1e4, 1e5, 1e6, 1e7] };
/** For a look in between. */
export const QUICK_GROWTH: GrowthPlan = {
  sizes: [1e4],
  batches: [
    { entries: 1, samples: 20 },
    { entries: 1000, samples: 3 },
  ],
  proofs: [{ keys: 20, samples: 10 }],
};

/** Everything that was measured. */
export function growthTables({ costs, proofs, memory }: Growth): string {
  const microseconds = (value: number): string => duration(value * 1000);
  const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
  const inserted = costs.map((cost) => [
    count(cost.leaves),
    count(cost.entries),
    cost.engine,
    microseconds(cost.microsecondsPerEntry),
    `${count(timesTwoBillion(cost.microsecondsPerEntry * 1000))} ×`,
    count(cost.nodesHashed / cost.entries),
    microseconds(cost.storeMicroseconds),
    count(cost.roundTrips),
    count(cost.pagesRead / cost.entries),
    count(cost.pagesWritten / cost.entries),
  ]);
  const proven = proofs.map((cost) => [
    count(cost.leaves),
    count(cost.keys),
    cost.engine,
    count(cost.bytes),
    microseconds(cost.proveMicroseconds),
    microseconds(cost.verifyMicroseconds),
  ]);
  const held = memory.map(({ leaves, pages, storeBytesPerLeaf, processBytesPerLeaf }) => [
    count(leaves),
    count(pages),
    count(storeBytesPerLeaf),
    count(processBytesPerLeaf),
  ]);
  return [
    '**Insertion into a prefix tree**, on one thread, with the node store in memory',
    table(
      [
        'leaves',
        'batch',
        'engine',
        'an entry',
        'two billion a week',
        'nodes hashed',
        'in the store',
        'reads',
        'pages read',
        'pages written',
      ],
      inserted,
    ),
    'Reads are calls of `getMany` for a batch; nodes, time in the store and pages are counted for an entry.',
    '**Proofs from it**, half of the keys included',
    table(['leaves', 'keys', 'engine', 'bytes', 'proving', 'verifying'], proven),
    '**Memory of it**, in bytes for a leaf',
    table(['leaves', 'pages', 'in the store, for a leaf', 'in the process, for a leaf'], held),
  ].join('\n\n');
}
