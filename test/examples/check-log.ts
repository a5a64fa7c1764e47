import {
  assembleConsistency,
  assembleInclusion,
  createTreeBuilder,
  hashLeaf as leafOf,
  type NodeId,
  planConsistency,
  planInclusion,
} from 'contact-key-verification/log.js';

const store = new Map<string, Uint8Array>();
const builder = createTreeBuilder({
  onNodes: ({ level, index, hashes }) => store.set(`${level}/${index}`, hashes),
});
const fetch = (nodes: readonly NodeId[]): Uint8Array[] =>
  nodes.map(({ level, index }) => store.get(`${level}/${index}`) as Uint8Array);
const entry = Uint8Array.of(2);
for (let i = 0; i < 5; i++) builder.append(leafOf(Uint8Array.of(i)));
const older = { treeSize: 5, root: builder.root() };
for (let i = 5; i < 7; i++) builder.append(leafOf(Uint8Array.of(i)));
const newer = { treeSize: 7, root: builder.root() };
const index = 2;
const inclusionPlan = planInclusion({ treeSize: 7, index });
const inclusion = assembleInclusion(inclusionPlan, fetch(inclusionPlan.nodes));
const consistencyPlan = planConsistency({ olderSize: 5, newerSize: 7 });
const consistency = assembleConsistency(consistencyPlan, fetch(consistencyPlan.nodes));
// ---
import { hashLeaf, verifyConsistency, verifyInclusion } from 'contact-key-verification';

// Both heads, { treeSize, root }, come from the log, and its signature over them was checked.
const head = verifyConsistency(older, newer, consistency); // nothing was taken out or changed since
verifyInclusion(head, { index, leafHash: hashLeaf(entry), proof: inclusion }); // this entry is in the log
