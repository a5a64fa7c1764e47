/**
 * What Alice reads when something does not fit: her app hands over what happened as data, and shows what the review
 * says in words.
 */

import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import {
  type ContactEvent,
  type DirectoryAnswer,
  describeFinding,
  type LogEvidence,
  reduceContact,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import type { VerifiedDeviceList } from 'contact-key-verification/keys.js';

/** How far the user had come with the contact, and what happened then. */
export interface Happening {
  /** The contact's list that the app goes by. */
  readonly list: VerifiedDeviceList;
  /** Whether the user had compared codes. */
  readonly compared: boolean;
  /** The code of the error that stopped a look-up; or the event, where people noticed. */
  readonly code: string;
  readonly event?: ContactEvent | undefined;
  /** What proves a log's lie to others. */
  readonly evidence: string;
  readonly nowMs: number;
}

/** What the screen shows. */
export interface Told {
  /** Code and level of the loudest finding. */
  readonly finding: string;
  readonly title: string;
  readonly why: string;
  readonly trust: string;
  /** Devices that the app may still encrypt to. */
  readonly devices: number;
}

/** Reviews what happened, as an app does. */
export function tell({ list, compared, code, event, evidence, nowMs }: Happening, name: string): Told {
  const met = reviewContact({ directory: { kind: 'list', list }, nowMs }).state;
  const verified: ContactEvent = { kind: 'code-same', keyId: list.accountKeyId };
  const before = compared ? reduceContact(met, verified, { nowMs }) : met;
  const stored = event === undefined ? before : reduceContact(before, event, { nowMs });
  const heard = event === undefined ? sortOf(code, evidence) : {};
  const { trust, findings, devices } = reviewContact({ stored, ...heard, nowMs });
  const [loudest] = findings;
  if (loudest === undefined) throw new Error(`nothing to tell about ${code}`);
  const { title, why } = describeFinding(loudest);
  const named = (text: string): string => text.replaceAll('{name}', name);
  return {
    finding: `${loudest.code} ${loudest.level}`,
    title: named(title),
    why: named(why),
    trust,
    devices: devices.length,
  };
}

/** An error is the log's or the directory's: errors of proofs and heads are the log's. */
function sortOf(code: string, evidence: string): { directory?: DirectoryAnswer; log?: LogEvidence } {
  if (code === 'ERR_HEAD_MISMATCH') return { log: { kind: 'fork', evidence: encodeUtf8(evidence) } };
  if (code.startsWith('ERR_PROOF_')) return { log: { kind: 'proof-invalid' } };
  return { directory: { kind: 'refused', code } };
}
