/**
 * When each finding is raised, how loud, and what the app can offer: one row per finding of CKV/1, "Reviewing a
 * contact". The table in docs/findings.md is made from this one.
 */

import type { Action, FindingCode, Level } from './finding.js';

/** One row of the table of findings. */
export interface FindingRule {
  /** When it is raised, for the documentation. */
  readonly when: string;
  /** The levels it can have, quietest first. */
  readonly levels: readonly Level[];
  readonly actions: readonly Action[];
}

/** Every finding there is, in the order of CKV/1; the order numbers them in stored states. Only append. */
export const FINDINGS: Readonly<Record<FindingCode, FindingRule>> = {
  'device-added': {
    when: 'the signed list has a signing key that it had not',
    levels: ['notice'],
    actions: ['compare-codes'],
  },
  'device-removed': { when: 'the signed list no longer has a signing key', levels: ['notice'], actions: [] },
  'device-rekeyed': { when: 'a listed device has other messaging keys', levels: ['notice'], actions: [] },
  'device-unsigned': {
    when: 'the directory names, or a message is from, a device or key outside the list (notice: just removed)',
    levels: ['notice', 'alarm'],
    actions: ['contact-out-of-band', 'report'],
  },
  'list-invalid': {
    when: 'the list is false, undecodable, or speaks for another identifier',
    levels: ['alarm'],
    actions: ['contact-out-of-band', 'report'],
  },
  'list-unauthored': {
    when: 'a list by the account key alone, after a list with devices',
    levels: ['warning'],
    actions: ['contact-out-of-band', 'compare-codes'],
  },
  'list-gap': {
    when: 'lists between are missing, so the newer one is not used (warning: past the limit, or nobody saw them: they have expired, or devices merged)',
    levels: ['notice', 'warning'],
    actions: ['wait-and-retry', 'compare-codes'],
  },
  'update-needed': {
    when: 'the list has a version or scheme that this app does not know (warning: past the limit)',
    levels: ['notice', 'warning'],
    actions: ['update-app'],
  },
  'verified-key-changed': {
    when: 'the key in use is not, by a full chain, the one a person compared; identifiers are of two chains; or two compared keys contradict each other',
    levels: ['alarm'],
    actions: ['compare-codes', 'contact-out-of-band', 'accept-change'],
  },
  'account-key-reset': {
    when: 'the account began again, or identifiers are of two chains, and nobody had compared on the device that saw it',
    levels: ['warning'],
    actions: ['compare-codes', 'contact-out-of-band', 'accept-change'],
  },
  'account-key-succeeded': {
    when: 'the account key before handed over to a new one (warning: the mark does not move with it)',
    levels: ['notice', 'warning'],
    actions: ['compare-codes'],
  },
  'codes-differ': {
    when: 'the user said so (session, safety number, QR), or the other side revealed falsely',
    levels: ['alarm'],
    actions: ['contact-out-of-band', 'compare-codes', 'report'],
  },
  'code-interrupted': {
    when: 'a code session ended otherwise, or a further start came (warning: from the third)',
    levels: ['notice', 'warning'],
    actions: ['compare-codes', 'contact-out-of-band'],
  },
  'public-code-mismatch': {
    when: 'the saved public code fits no key of the chain',
    levels: ['alarm'],
    actions: ['contact-out-of-band', 'compare-codes', 'report'],
  },
  'public-code-old': {
    when: 'the saved public code fits an earlier key',
    levels: ['notice'],
    actions: ['compare-codes'],
  },
  'list-rollback': {
    when: 'the log proves an older list to be the newest',
    levels: ['alarm'],
    actions: ['report'],
  },
  'list-fork': {
    when: 'two lists of one sequence',
    levels: ['alarm'],
    actions: ['report', 'contact-out-of-band'],
  },
  'directory-outdated': {
    when: 'the directory has an older list than the one in use (alarm: past the limit)',
    levels: ['notice', 'alarm'],
    actions: ['wait-and-retry', 'report'],
  },
  'log-outdated': {
    when: 'the log does not show the list in use (alarm: past the limit)',
    levels: ['notice', 'alarm'],
    actions: ['wait-and-retry', 'report'],
  },
  'log-proof-invalid': {
    when: "the log's proof is false (alarm: repeated)",
    levels: ['warning', 'alarm'],
    actions: ['wait-and-retry', 'report'],
  },
  'log-fork': {
    when: 'two heads that cannot belong to one log',
    levels: ['alarm'],
    actions: ['report'],
  },
  'log-unavailable': {
    when: 'the log cannot be checked now (warning: past the limit)',
    levels: ['notice', 'warning'],
    actions: ['wait-and-retry'],
  },
  'log-stale': {
    when: "the log's proof is too old, from the future, or was seen apart from the list in use (warning: past the limit)",
    levels: ['notice', 'warning'],
    actions: ['wait-and-retry'],
  },
  'verification-off': {
    when: 'the newest list says, signed, that the account takes no part',
    levels: ['warning'],
    actions: ['contact-out-of-band'],
  },
  'verification-missing': {
    when: 'there was a list with verification on, a compared key or a saved code, and now no list',
    levels: ['alarm'],
    actions: ['contact-out-of-band', 'report'],
  },
  'own-device-added': {
    when: "another device of one's own added one",
    levels: ['notice'],
    actions: ['remove-device'],
  },
  'own-device-unknown': {
    when: "one's own entry has a device that no device of one's own added",
    levels: ['alarm'],
    actions: ['remove-device', 'report'],
  },
  'own-list-foreign': {
    when: "one's own entry shows a list that no device of one's own made, or says that it made",
    levels: ['alarm'],
    actions: ['report', 'remove-device', 'accept-change'],
  },
};
