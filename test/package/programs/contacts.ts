/** Somebody compared a key, the list is withheld, and another own device learns of it. */

import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import {
  createContact,
  describeFinding,
  encodeContact,
  mergeContacts,
  parseContact,
  reduceContact,
  reviewContact,
} from 'contact-key-verification/contacts.js';

export function work(): string {
  const nowMs = 1_700_000_000_000;
  const met = createContact({ identifier: encodeUtf8('tel:+15551234567') });
  const keyId = new Uint8Array(32).fill(1);
  const compared = reduceContact(met, { kind: 'code-same', keyId }, { nowMs });
  const { state } = reviewContact({ stored: compared, directory: { kind: 'no-list' }, nowMs });
  const merged = mergeContacts(met, parseContact(encodeContact(state)));
  const { trust, findings } = reviewContact({ stored: merged, nowMs });
  const told = findings.map((finding) => `${finding.code}: ${describeFinding(finding).title}`);
  return `${trust}, ${told.join()}`;
}
