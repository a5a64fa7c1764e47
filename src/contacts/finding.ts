/**
 * What a person can be told about a contact: one row per finding of CKV/1, "Reviewing a contact". Codes are API
 * and stay stable; their English words are in `texts.ts`.
 */

/** How loud a finding is. An alarm stays until a person has seen it, and makes a contact doubtful. */
export type Level = 'notice' | 'warning' | 'alarm';

/** What the app can offer the person to do. */
export type Action =
  | 'compare-codes'
  | 'contact-out-of-band'
  | 'wait-and-retry'
  | 'update-app'
  | 'remove-device'
  | 'report'
  | 'accept-change';

/** Stable code of a finding. */
export type FindingCode =
  | 'device-added'
  | 'device-removed'
  | 'device-rekeyed'
  | 'device-unsigned'
  | 'list-invalid'
  | 'list-unauthored'
  | 'list-gap'
  | 'update-needed'
  | 'verified-key-changed'
  | 'account-key-reset'
  | 'account-key-succeeded'
  | 'codes-differ'
  | 'code-interrupted'
  | 'public-code-mismatch'
  | 'public-code-old'
  | 'list-rollback'
  | 'list-fork'
  | 'directory-outdated'
  | 'log-outdated'
  | 'log-proof-invalid'
  | 'log-fork'
  | 'log-unavailable'
  | 'log-stale'
  | 'verification-off'
  | 'verification-missing'
  | 'own-device-added'
  | 'own-device-unknown'
  | 'own-list-foreign';

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
    when: 'lists between are missing, so the newer one is not used (warning: past the limit, or they have expired)',
    levels: ['notice', 'warning'],
    actions: ['wait-and-retry'],
  },
  'update-needed': {
    when: 'the list has a version or scheme that this app does not know (warning: past the limit)',
    levels: ['notice', 'warning'],
    actions: ['update-app'],
  },
  'verified-key-changed': {
    when: 'the key in use is not, by a full chain, the one a person compared; or two compared keys contradict each other',
    levels: ['alarm'],
    actions: ['compare-codes', 'contact-out-of-band', 'accept-change'],
  },
  'account-key-reset': {
    when: 'the account began again, or identifiers are of two chains, and nobody had compared',
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
    when: 'two lists of one sequence, evidence kept',
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
    when: 'two heads that cannot belong to one log, evidence kept',
    levels: ['alarm'],
    actions: ['report'],
  },
  'log-unavailable': {
    when: 'the log cannot be checked now (warning: past the limit)',
    levels: ['notice', 'warning'],
    actions: ['wait-and-retry'],
  },
  'log-stale': {
    when: "the log's proof is too old, or from the future (warning: past the limit)",
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
    when: "one's own entry shows a list that no device of one's own made",
    levels: ['alarm'],
    actions: ['report', 'remove-device'],
  },
};

/** More exactly why a finding was raised; stable codes, numbered in stored states by their order. Only append. */
export const REASONS = [
  'list-changed',
  'named-by-directory',
  'message-sender',
  'just-removed',
  'not-decodable',
  'not-true',
  'other-identifier',
  'account-key-alone',
  'lists-missing',
  'lists-expired',
  'not-from-stored-list',
  'unknown-version',
  'unknown-scheme',
  'reset',
  'no-chain',
  'chain-without-device',
  'chain-with-device',
  'two-compared-keys',
  'two-identifiers',
  'session-different',
  'false-reveal',
  'number-different',
  'qr-different',
  'session-cancelled',
  'session-expired',
  'session-aborted',
  'further-start',
  'code-saved',
  'log-proves-older',
  'log-shows-other',
  'directory-shows-other',
  'devices-accepted-two',
  'directory-shows-older',
  'log-shows-newer',
  'log-shows-older',
  'proof-false',
  'two-heads',
  'this-contact',
  'whole-log',
  'too-old',
  'from-the-future',
  'signed-off',
  'no-list',
  'own-device',
  'not-own-device',
  'more',
] as const;

/** Stable code of a reason. */
export type Reason = (typeof REASONS)[number];

/** Whose finding it is. */
export interface FindingSubject {
  /** A contact's account, or this user's own. */
  readonly owner: 'contact' | 'own';
  /** Of the account; empty where no list has come yet. */
  readonly identifier: Uint8Array;
  /** The device it is about, if it is about one. */
  readonly device?: { readonly id: Uint8Array; readonly signingKey: Uint8Array } | undefined;
}

/** One thing to tell a person. Frozen data: nothing in it is a sentence. */
export interface Finding {
  /** Names this finding in a `finding-seen` event; the same facts have the same id. */
  readonly id: string;
  readonly code: FindingCode;
  readonly level: Level;
  readonly why: Reason;
  readonly subject: FindingSubject;
  /** keyId or list id before and after, 32 bytes; empty where the finding is about neither. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** Of the list it is about, or `undefined`. */
  readonly sequence: number | undefined;
  /** When it was first and last observed, ms. */
  readonly sinceMs: number;
  readonly lastMs: number;
  /** A person has seen these facts, and they still hold: show it calmly, but trust stays down for an alarm. */
  readonly dismissed: boolean;
  readonly actions: readonly Action[];
  /** What proves it to others, where that is so: keep it and report it. */
  readonly evidence: Uint8Array;
}

const LEVELS: readonly Level[] = ['notice', 'warning', 'alarm'];

/** Orders levels, quietest first. */
export function rankOf(level: Level): number {
  return LEVELS.indexOf(level);
}
