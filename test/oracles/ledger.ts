/**
 * The book that an oracle keeps: how many cases it compared, and which of them differed.
 */

/** One implementation to agree with. */
export interface Oracle {
  readonly name: string;
  /** How many cases must have been compared at the end: fewer means that something was silently left out. */
  readonly expected: number;
  /** Compares, and says which version it compared with. */
  run(ledger: Ledger): Promise<string>;
}

/** Differences beyond these are counted, not printed. */
const SHOWN_MAX = 10;

/** Counts cases and keeps what differed. */
export class Ledger {
  #cases = 0;
  readonly #differences: string[] = [];

  get cases(): number {
    return this.#cases;
  }

  get differences(): number {
    return this.#differences.length;
  }

  /** One case: both sides computed the same bytes or the same text. */
  same(what: string, ours: Uint8Array | string, theirs: Uint8Array | string): void {
    this.holds(
      `${what}\n    ours   ${shown(ours)}\n    theirs ${shown(theirs)}`,
      shown(ours) === shown(theirs),
    );
  }

  /** One case: something is true. */
  holds(what: string, isTrue: boolean): void {
    this.#cases++;
    if (!isTrue) this.#differences.push(what);
  }

  /** The first differences, one paragraph each. */
  shownDifferences(): readonly string[] {
    return this.#differences.slice(0, SHOWN_MAX);
  }
}

function shown(value: Uint8Array | string): string {
  return typeof value === 'string' ? JSON.stringify(value) : Buffer.from(value).toString('hex');
}
