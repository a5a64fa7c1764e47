/**
 * A finding: one thing that a person is told about a contact (CKV/1, "Reviewing a contact"). Codes are API and stay
 * stable. When each is raised is in `finding-rules.ts`, the English words are in `texts.ts`.
 */

import type { Reason } from './reason.js';

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
  /** A person has seen this, and it still holds: show it calmly, but trust stays down for an alarm. */
  readonly dismissed: boolean;
  readonly actions: readonly Action[];
  /** What proves it to others, where that is so: keep it and report it. At most 65,536 bytes. */
  readonly evidence: Uint8Array;
  /** Larger evidence came than a state keeps: the app has to keep what it passed in, or nobody has it. */
  readonly evidenceOmitted: boolean;
  /**
   * For the reason `more`: how often something was observed that no longer fits beside the others of its kind, at most
   * 65,535; a lower bound once states were merged. Otherwise 0.
   */
  readonly folded: number;
}

const LEVELS: readonly Level[] = ['notice', 'warning', 'alarm'];

/** Orders levels, quietest first. */
export function rankOf(level: Level): number {
  return LEVELS.indexOf(level);
}
