/**
 * Contacts: what a person is told about a contact's keys, when, and why; and which devices count. Everything is a pure
 * step over plain data: reviews, events, merging one's own devices' states, texts, storage.
 *
 * Rules: CKV/1, "Reviewing a contact" (docs/protocol.md).
 */

export type { Assessment, Trust } from './contacts/assess.js';
export { encodeContact, parseContact } from './contacts/encoding.js';
export { type ContactEvent, reduceContact } from './contacts/event.js';
export type { DirectoryAnswer, LogEvidence, NamedDevice } from './contacts/evidence.js';
export type { Action, Finding, FindingCode, FindingSubject, Level } from './contacts/finding.js';
export { type FindingRule, FINDINGS } from './contacts/finding-rules.js';
export { mergeContacts } from './contacts/merge.js';
export { type ContactPolicy, DEFAULT_CONTACT_POLICY } from './contacts/policy.js';
export { type Reason, REASONS } from './contacts/reason.js';
export { createContact, type Review, reviewContact, type ReviewInput } from './contacts/review.js';
export type {
  ContactDevice,
  ContactState,
  Handover,
  ListInUse,
  ListName,
  Note,
  Pin,
  PinnedBy,
  Trouble,
} from './contacts/state.js';
export {
  ACTION_TEXTS,
  COMPARING_TEXT,
  describeFinding,
  FINDING_TEXTS,
  type FindingText,
  LEVEL_TEXTS,
  MORE_TEXT,
  TRUST_TEXTS,
} from './contacts/texts.js';
