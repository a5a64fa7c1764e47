/**
 * A toy of the code session with a switch for every rule, to see what each rule is for: an attack that works with
 * one rule taken out must fail with all of them in. Codes have 3 digits here, so that an attack which needs as many
 * tries as there are codes is over at once; keys are names. It shares no code with the library.
 */

import { createHash } from 'node:crypto';

/** Each rule as a sentence that can be taken out. */
export interface ToyRules {
  /** The revealed nonce has to open the commitment. */
  readonly commitmentChecked: boolean;
  /** A responder answers one start for each act of its user. */
  readonly attended: boolean;
  /** Five sessions are enough for a day. */
  readonly counted: boolean;
  /** Both keys are fixed before the first message. */
  readonly keysFixed: boolean;
  /** Our own commitment, coming from the peer, ends the session. */
  readonly reflectionRefused: boolean;
  /** A peer with our own key is refused. */
  readonly ownKeyRefused: boolean;
  /** A state that is restored twice answers two starts with two unrelated nonces. */
  readonly nonceForEachStart: boolean;
}

export const ALL_RULES: ToyRules = {
  commitmentChecked: true,
  attended: true,
  counted: true,
  keysFixed: true,
  reflectionRefused: true,
  ownKeyRefused: true,
  nonceForEachStart: true,
};

export const CODES = 1000;

/** Why the toy refuses. */
export class ToyRefusal extends Error {}

const hash = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

export interface ToyStart {
  readonly id: string;
  readonly commitment: string;
}

export const commit = (id: string, initiatorKey: string, nonce: string): ToyStart => ({
  id,
  commitment: hash('commitment', id, initiatorKey, nonce),
});

export function toyCode(
  start: ToyStart,
  initiatorKey: string,
  responderKey: string,
  nonces: readonly [string, string],
): number {
  const digest = hash('code', start.id, start.commitment, initiatorKey, responderKey, ...nonces);
  return Number.parseInt(digest.slice(0, 12), 16) % CODES;
}

/** A phone with one contact. Its secrets come from its name, so every run is the same. */
export class ToyPhone {
  readonly #rules: ToyRules;
  readonly #own: string;
  readonly #directory: () => string;
  #fixedPeer: string | undefined;
  #acts = 0;
  #sessions = 0;
  #drawn = 0;
  #initiated: { start: ToyStart; nonce: string; reply?: string } | undefined;
  #answered: { start: ToyStart; nonce: string; reveal?: string } | undefined;

  /** @param directory the key that the directory names for the contact, now */
  constructor(rules: ToyRules, own: string, directory: () => string) {
    this.#rules = rules;
    this.#own = own;
    this.#directory = directory;
  }

  /** The user presses the button. */
  act(): void {
    if (this.#rules.ownKeyRefused && this.#directory() === this.#own) throw new ToyRefusal('own key');
    this.#acts++;
    this.#fixedPeer = this.#directory();
  }

  begin(): ToyStart {
    this.act();
    this.#count();
    const nonce = this.#draw();
    const start = commit(this.#draw(), this.#own, nonce);
    this.#initiated = { start, nonce };
    return start;
  }

  /** Answers a start with a nonce; `undefined` where it does not answer. */
  takeStart(start: ToyStart): string | undefined {
    if (this.#rules.reflectionRefused && start.commitment === this.#initiated?.start.commitment) {
      throw new ToyRefusal('reflected');
    }
    if (this.#rules.attended) {
      if (this.#acts === 0) return undefined;
      this.#acts--;
    } else {
      this.#fixedPeer = this.#directory();
    }
    this.#count();
    const nonce = this.#draw();
    this.#answered = { start, nonce };
    return nonce;
  }

  /** The app loses its newest state: the phone is back where its user pressed the button. */
  restoreOldState(): void {
    this.#acts = 1;
    if (!this.#rules.nonceForEachStart) this.#drawn--;
  }

  takeReply(nonce: string): string {
    if (this.#initiated === undefined) throw new ToyRefusal('unexpected');
    this.#initiated.reply = nonce;
    return this.#initiated.nonce;
  }

  takeReveal(nonce: string): void {
    if (this.#answered === undefined) throw new ToyRefusal('unexpected');
    const { start } = this.#answered;
    if (this.#rules.commitmentChecked && commit(start.id, this.peer, nonce).commitment !== start.commitment) {
      throw new ToyRefusal('commitment');
    }
    this.#answered.reveal = nonce;
  }

  /** The key that this phone would pin now. */
  get peer(): string {
    return this.#rules.keysFixed ? (this.#fixedPeer as string) : this.#directory();
  }

  /** The code on its screen, or `undefined`. */
  get code(): number | undefined {
    if (this.#answered?.reveal !== undefined) {
      const { start, nonce, reveal } = this.#answered;
      return toyCode(start, this.peer, this.#own, [reveal, nonce]);
    }
    if (this.#initiated?.reply === undefined) return undefined;
    const { start, nonce, reply } = this.#initiated;
    return toyCode(start, this.#own, this.peer, [nonce, reply]);
  }

  #count(): void {
    this.#sessions++;
    if (this.#rules.counted && this.#sessions > 5) throw new ToyRefusal('attempts');
  }

  #draw(): string {
    return hash('secret', this.#own, String(this.#drawn++));
  }
}

/** What an attack came to: the phones show one code and pin a false key, or why not. */
export type Attack = 'fooled' | 'codes differ' | 'no answer' | (string & {});

function outcome(run: () => 'fooled' | 'codes differ' | 'no answer'): Attack {
  try {
    return run();
  } catch (error) {
    if (error instanceof ToyRefusal) return error.message;
    throw error;
  }
}

/** Two phones that both hold Mallory's key for the other, Alice's session with him being over. */
function inTheMiddle(rules: ToyRules): { alice: ToyPhone; bob: ToyPhone; target: number } {
  const alice = new ToyPhone(rules, 'alice', () => 'mallory as bob');
  const bob = new ToyPhone(rules, 'bob', () => 'mallory as alice');
  alice.begin();
  alice.takeReply('any nonce');
  return { alice, bob, target: alice.code as number };
}

/** A nonce for which Bob will show the code that Alice already sees, once his own nonce is known. */
function findNonce(start: ToyStart, bobNonce: string, target: number): string {
  for (let i = 0; ; i++) {
    const nonce = `tried ${i}`;
    if (toyCode(start, 'mallory as alice', 'bob', [nonce, bobNonce]) === target) return nonce;
  }
}

/** Mallory commits to nothing, waits for Bob's nonce, and then looks for one of his own that fits. */
export function attackWithWrongCommitment(rules: ToyRules): Attack {
  return outcome(() => {
    const { bob, target } = inTheMiddle(rules);
    bob.act();
    const start = { id: 'id', commitment: 'nothing' };
    const bobNonce = bob.takeStart(start);
    if (bobNonce === undefined) return 'no answer';
    bob.takeReveal(findNonce(start, bobNonce, target));
    return bob.code === target ? 'fooled' : 'codes differ';
  });
}

/**
 * Who commits knows the code first. Mallory begins honest sessions with Bob and drops them until one shows the code
 * that Alice sees. Bob's user pressed the button once, or, where he is `patient`, as often as Mallory likes.
 */
export function attackByTrying(rules: ToyRules, { patient }: { patient: boolean }): Attack {
  return outcome(() => {
    const { bob, target } = inTheMiddle(rules);
    bob.act();
    for (let i = 0; i < 20 * CODES; i++) {
      const nonce = `nonce ${i}`;
      const start = commit(`id ${i}`, 'mallory as alice', nonce);
      const bobNonce = bob.takeStart(start);
      if (bobNonce === undefined) return 'no answer';
      if (toyCode(start, 'mallory as alice', 'bob', [nonce, bobNonce]) === target) {
        bob.takeReveal(nonce);
        return bob.code === target ? 'fooled' : 'codes differ';
      }
      if (patient) bob.act();
    }
    return 'codes differ';
  });
}

/** The directory waits until both nonces are known, and then names a key for Bob that gives the same code. */
export function attackWithLateKey(rules: ToyRules): Attack {
  return outcome(() => {
    let named = 'bob';
    const alice = new ToyPhone(rules, 'alice', () => named);
    const bob = new ToyPhone(rules, 'bob', () => 'alice');
    bob.act();
    const start = alice.begin();
    const bobNonce = bob.takeStart(start);
    if (bobNonce === undefined) return 'no answer';
    bob.takeReveal(alice.takeReply(bobNonce));
    for (let i = 0; i < 20 * CODES; i++) {
      named = `mallory ${i}`;
      if (alice.peer === named && alice.code === bob.code) return 'fooled';
    }
    // The key that she pins is still the one from before the first message.
    return alice.peer === 'bob' ? 'codes differ' : 'no answer';
  });
}

/** Mallory has no nonce at all: he plays Alice's own messages back to her, until her phone shows a code. */
export function attackByReflection(rules: ToyRules): Attack {
  return outcome(() => {
    const alice = new ToyPhone(rules, 'alice', () => 'alice');
    const start = alice.begin();
    const nonce = alice.takeStart(start);
    if (nonce === undefined) return 'no answer';
    alice.takeReveal(alice.takeReply(nonce));
    return alice.code === undefined ? 'codes differ' : 'fooled';
  });
}

/** Bob's app restores a state from before his reply; so Mallory commits with Bob's nonce in view. */
export function attackOnOldState(rules: ToyRules): Attack {
  return outcome(() => {
    const { bob, target } = inTheMiddle(rules);
    bob.act();
    const seen = bob.takeStart(commit('probe', 'mallory as alice', 'probe'));
    if (seen === undefined) return 'no answer';
    bob.restoreOldState();
    for (let i = 0; ; i++) {
      const start = commit('id', 'mallory as alice', `tried ${i}`);
      if (toyCode(start, 'mallory as alice', 'bob', [`tried ${i}`, seen]) !== target) continue;
      if (bob.takeStart(start) === undefined) return 'no answer';
      bob.takeReveal(`tried ${i}`);
      return bob.code === target ? 'fooled' : 'codes differ';
    }
  });
}
