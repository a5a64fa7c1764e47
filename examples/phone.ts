/**
 * A person's app: it checks what the log proves, hands over what it heard of each contact, and decides nothing itself.
 */

import type { LogEvidence } from 'contact-key-verification/contacts.js';
import { hashLeaf, verifyConsistency, verifyInclusion } from 'contact-key-verification/log.js';
import type { PublicKey } from 'contact-key-verification/suites.js';
import { codeOf, Contact, type Heard } from './contact.js';
import type { Answer, Knowledge } from './directory.js';
import { encodeHeads, type SignedHead, verifyHead } from './signed-head.js';

/** Anything that answers look-ups: a directory, or what stands between it and the phone. */
export interface AnswersLookups {
  lookUp(identifier: string, known: Knowledge): Answer;
}

export class Phone {
  readonly #logKey: PublicKey;
  readonly #contacts = new Map<string, Contact>();
  #head: SignedHead | undefined;

  /** @param logKey the log's key, shipped with the app */
  constructor(logKey: PublicKey) {
    this.#logKey = logKey;
  }

  /** The newest head this phone accepted, as the log signed it. Apps pass it on inside messages. */
  get head(): SignedHead | undefined {
    return this.#head;
  }

  /** What this phone knows of a contact. */
  contact(identifier: string): Contact {
    const contact = this.#contacts.get(identifier) ?? new Contact(identifier);
    this.#contacts.set(identifier, contact);
    return contact;
  }

  /**
   * Looks a contact up. Lists count only where the log's head is signed, extends the head before, and has them in it;
   * then each is verified against the one before, and reviewed.
   */
  lookUp(directory: AnswersLookups, identifier: string, nowMs: number): Heard {
    const contact = this.contact(identifier);
    const answer = directory.lookUp(identifier, {
      treeSize: this.#head?.treeSize ?? 0,
      sequence: contact.list?.sequence ?? 0,
    });
    try {
      this.#checkProofs(answer);
    } catch (error) {
      return this.#hearError(contact, error, answer.head, nowMs);
    }
    this.#head = answer.head;
    if (answer.lists.length === 0) return contact.hearNothing(nowMs);
    let heard: Heard = contact.review(nowMs);
    for (const { bytes } of answer.lists) {
      heard = contact.hearList(bytes, nowMs);
      if (heard.refusal !== undefined) break;
    }
    return heard;
  }

  /** A contact's app sent the head it saw, inside a message: of one size, there is one head. */
  hearHead(identifier: string, theirs: SignedHead, nowMs: number): Heard {
    const contact = this.contact(identifier);
    try {
      const head = verifyHead(theirs, this.#logKey);
      // Heads of two sizes need a proof of consistency, which the directory has to give.
      if (head.treeSize === this.#head?.treeSize) verifyConsistency(this.#head, head, []);
      return contact.review(nowMs);
    } catch (error) {
      return this.#hearError(contact, error, theirs, nowMs);
    }
  }

  /** The same phone, going its own way from now on. */
  fork(): Phone {
    const copy = new Phone(this.#logKey);
    for (const [identifier, contact] of this.#contacts) copy.#contacts.set(identifier, contact.fork());
    copy.#head = this.#head;
    return copy;
  }

  #checkProofs(answer: Answer): void {
    const head = verifyHead(answer.head, this.#logKey);
    if (this.#head !== undefined) verifyConsistency(this.#head, head, [...answer.consistency]);
    for (const { bytes, index, proof } of answer.lists) {
      verifyInclusion(head, { index, leafHash: hashLeaf(bytes), proof: [...proof] });
    }
  }

  /** Two signed heads that contradict each other convince anybody; another error only says that a proof was false. */
  #hearError(contact: Contact, error: unknown, head: SignedHead, nowMs: number): Heard {
    const refusal = codeOf(error);
    const mine = this.#head;
    const log: LogEvidence =
      refusal === 'ERR_HEAD_MISMATCH' && mine !== undefined
        ? { kind: 'fork', evidence: encodeHeads(mine, head) }
        : { kind: 'proof-invalid' };
    return { ...contact.hearOfLog(log, nowMs), refusal };
  }
}
