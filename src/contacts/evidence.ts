/**
 * What a review is given: what the directory said, and what the log proved, as plain data. Nothing is verified
 * here; whoever fills these in has verified (`verifyDeviceList`, a log's client), and says how it ended.
 */

import type { Device } from '../keys/device-list.js';
import type { VerifiedDeviceList } from '../keys/verify-device-list.js';

/** A device as a directory's older interface, or a message, names it. */
export interface NamedDevice {
  readonly signingKey: Device['signingKey'];
  readonly id?: Uint8Array | undefined;
  /** The long-lived messaging keys that were used with it, if known. */
  readonly messagingKeys?: Uint8Array | undefined;
}

/** What every answer may carry besides. */
interface Named {
  /** Devices that the directory names outside the signed list (an older interface, pre-keys, sessions). */
  readonly named?: readonly NamedDevice[] | undefined;
}

/** What the directory said about the identifier. */
export type DirectoryAnswer =
  /** A list that `verifyDeviceList` returned, given the list stored beside this state. */
  | (Named & {
      readonly kind: 'list';
      readonly list: VerifiedDeviceList;
      /** Verified lists of the same contact's other identifiers. */
      readonly others?: readonly VerifiedDeviceList[] | undefined;
    })
  /** A list that `verifyDeviceList` refused. */
  | (Named & {
      readonly kind: 'refused';
      /** The code of the DecodeError, VerificationError, PolicyError or UnsupportedError. */
      readonly code: string;
      /** The refused SignedDeviceList, kept where it proves something. */
      readonly bytes?: Uint8Array | undefined;
    })
  /** It answered that there is no list. */
  | (Named & { readonly kind: 'no-list' })
  /** It was not asked, or did not answer: nothing follows from that. */
  | { readonly kind: 'unreachable' };

/** What a transparency log proved, or did not. The times are the log's own, of the head that was proven against. */
export type LogEvidence =
  /** No log is in use, or it was not asked. */
  | { readonly kind: 'none' }
  /** This list is proven to be the newest of its identifier at that time (KEYTRANS). */
  | {
      readonly kind: 'newest';
      readonly sequence: number;
      readonly listId: Uint8Array;
      readonly provenMs: number;
    }
  /** This list is proven to be in the log; whether it is the newest is not (a plain RFC 6962 log). */
  | {
      readonly kind: 'included';
      readonly sequence: number;
      readonly listId: Uint8Array;
      readonly provenMs: number;
    }
  /** The log did not answer: for this label, or at all. */
  | { readonly kind: 'unavailable'; readonly scope: 'label' | 'log' }
  /** The log's head is older than its own policy allows. */
  | { readonly kind: 'stale' }
  /** Two heads that cannot belong to one log; the evidence convinces others. */
  | { readonly kind: 'fork'; readonly evidence: Uint8Array }
  /** A proof, or a head's signature, was false. */
  | { readonly kind: 'proof-invalid' };
