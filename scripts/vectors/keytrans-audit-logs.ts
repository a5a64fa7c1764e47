/** The logs that auditors follow: one entry a minute, each with its changes, and what its operator tells of it. */
import { type Update, updateOf } from '../../test/reference/keytrans-auditor.js';
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { contextOf } from '../../test/reference/keytrans-users.js';
import { writeWire } from '../../test/reference/keytrans-wire.js';
import { change, type Leaf, type Tree } from '../../test/reference/prefix-tree.js';
import { logNamed, MINUTE, minute } from './keytrans-stories.js';
import { hex } from './vector-file.js';

/** Names of leaves that a log entry adds, removes, or gives another value. */
export interface Changes {
  readonly added?: readonly string[];
  readonly removed?: readonly string[];
  readonly replaced?: readonly string[];
}

/**
 * With a window of four minutes: 3 stands above the first seven entries, 5 is distinguished once there is 7, which is the
 * next root, 9 once there is 11, and 11 once there is 12.
 */
const CHANGES: readonly Changes[] = [
  { added: ['a', 'b', 'c'] },
  { added: ['d'] },
  {},
  { added: ['e', 'f'] },
  { removed: ['a'], added: ['g'] },
  { replaced: ['b'] },
  {},
  { removed: ['c'] },
  { added: ['a', 'h', 'i'] },
  { added: ['j'] },
  { added: ['k', 'l'] },
  { removed: ['h'], replaced: ['e'] },
  { removed: ['j', 'k'], added: ['h'] },
  {},
];

/** One leaf that comes and goes, where every entry is distinguished. */
const ONE_LEAF: readonly Changes[] = [
  { added: ['a'] },
  { removed: ['a'] },
  {},
  { added: ['a'] },
  { replaced: ['a'] },
];

export class AuditLog {
  readonly operator: Operator;
  readonly updates: readonly Update[];
  readonly #trees: readonly Tree[];
  /** After each entry: the entry that gave a name its value. */
  readonly #values: readonly ReadonlyMap<string, number>[];

  constructor(operator: Operator, changes: readonly Changes[]) {
    this.operator = operator;
    const updates: Update[] = [];
    const trees: Tree[] = [];
    const values: ReadonlyMap<string, number>[] = [];
    for (const [position, { added = [], removed = [], replaced = [] }] of changes.entries()) {
      const there = values.at(-1) ?? new Map<string, number>();
      const old = [...removed, ...replaced].map((name) => this.leaf(name, there.get(name)));
      const fresh = [...added, ...replaced].map((name) => this.leaf(name, position));
      const before = trees.at(-1);
      updates.push(updateOf(before, minute(position), fresh, old));
      trees.push(
        change(
          before,
          fresh,
          old.map(({ vrfOutput }) => vrfOutput),
        ),
      );
      values.push(
        new Map([
          ...[...there].filter(([name]) => !removed.includes(name)),
          ...[...added, ...replaced].map((name): [string, number] => [name, position]),
        ]),
      );
    }
    this.updates = updates;
    this.#trees = trees;
    this.#values = values;
    operator.entries = trees.map((tree, position) => ({ timestampMs: minute(position), tree }));
  }

  /** A leaf with the value that an entry gave it. */
  leaf(name: string, position: number | undefined): Leaf {
    const { secret } = this.operator.options;
    return {
      vrfOutput: secret(`VRF output of ${name}`),
      commitment: secret(`commitment of ${name} in entry ${position}`),
    };
  }

  /** A leaf as it was before an entry. */
  leafBefore(name: string, position: number): Leaf {
    return this.leaf(name, this.#values[position - 1]?.get(name));
  }

  /** What could be told of an entry instead: these changes, proven in the tree before it. */
  tell(
    position: number,
    added: readonly Leaf[],
    removed: readonly Leaf[] = [],
    timestampMs = minute(position),
  ): Update {
    return updateOf(this.#trees[position - 1], timestampMs, added, removed);
  }

  encode(structure: string, fields: unknown): string {
    return hex(writeWire(structure, fields, contextOf(this.operator.config)).bytes);
  }

  /** Encoded updates of the entries from one position to before another. */
  told(from: number, to: number): string[] {
    return this.updates.slice(from, to).map((update) => this.encode('AuditorUpdate', update));
  }

  /** What an auditor who begins after so many entries is told of them. */
  start(size: number): string {
    const { proof } = this.operator.answer(undefined, () => undefined, { treeSize: size });
    return this.encode('CombinedTreeProof', proof);
  }

  /** The auditor's head of a size. */
  head(size: number): string {
    return this.encode('AuditorTreeHead', this.operator.auditorHead(size));
  }

  get secret(): string {
    return hex(this.operator.options.secret('auditor'));
  }
}

const logOf = (
  name: string,
  ciphersuite: 1 | 2,
  curve: string,
  windowMs: number,
  auditorStartPos = 0,
): Operator =>
  logNamed(`${name}, ${curve}`, { ciphersuite, mode: 'thirdPartyAuditing', windowMs, auditorStartPos });

export const wholeLog = (ciphersuite: 1 | 2, curve: string): AuditLog =>
  new AuditLog(logOf('audits', ciphersuite, curve, 4 * MINUTE), CHANGES);

/** The auditor begins with entry 6. */
export const MIDDLE = 6;
export const middleLog = (ciphersuite: 1 | 2, curve: string): AuditLog =>
  new AuditLog(logOf('audits from the middle', ciphersuite, curve, 4 * MINUTE, MIDDLE), CHANGES);

export const oneLeafLog = (ciphersuite: 1 | 2, curve: string): AuditLog =>
  new AuditLog(logOf('audits of one leaf', ciphersuite, curve, 0), ONE_LEAF);
