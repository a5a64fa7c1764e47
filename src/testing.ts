/**
 * For other people's tests: the contracts that their parts must keep, as named checks for any test framework.
 */

export { type ContractCheck, nodeStoreContract } from './prefix/node-store-contract.js';
export type { NodeEntry, NodeStore } from './prefix/node-store.js';
export { operatorStoreContract } from './transparency/operator/operator-store-contract.js';
export type { OperatorStore } from './transparency/operator/operator-store.js';
