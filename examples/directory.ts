/**
 * A messenger's key directory and its transparency log, in memory, honest or lying.
 *
 * An honest directory stores what people publish and proves what it stores. A lying one does whatever its
 * operator wants: it holds the log's key, so it can append anything and sign any head. What it lacks are the
 * private keys of the people in it. Lies are made in `lies.ts`.
 *
 * This log is a plain one (RFC 6962). It proves that an entry is in it and that nothing was taken out, but not
 * that an entry is the newest of its identifier.
 */

import {
  generatePrivateKey,
  type PrivateKey,
  type VerifiedDeviceList,
} from 'contact-key-verification/keys.js';
import {
  assembleConsistency,
  assembleInclusion,
  createTreeBuilder,
  hashLeaf,
  planConsistency,
  planInclusion,
  type NodeId,
  type TreeBuilder,
  type TreeBuilderState,
  type TreeHasher,
} from 'contact-key-verification/log.js';
import { ed25519, type PublicKey } from 'contact-key-verification/suites.js';
import { Contact } from './contact.js';
import { NodeStore } from './node-store.js';
import { type SignedHead, signHead } from './signed-head.js';

/** One published list, with the proof that it is in the log. */
export interface LoggedList {
  /** SignedDeviceList. */
  readonly bytes: Uint8Array;
  /** Where it stands in the log. */
  readonly index: number;
  /** Inclusion under the answer's head. */
  readonly proof: readonly Uint8Array[];
}

/** What the directory says about an identifier. */
export interface Answer {
  readonly head: SignedHead;
  /** From the head the asker knows to this one. */
  readonly consistency: readonly Uint8Array[];
  /** The lists the asker has not seen, oldest first. */
  readonly lists: readonly LoggedList[];
}

/** What an asker already knows. */
export interface Knowledge {
  /** Entries in the newest head it accepted; 0 for none. */
  readonly treeSize: number;
  /** Sequence of the first list it wants. */
  readonly sequence: number;
}

interface LogState {
  readonly key: PrivateKey;
  readonly hasher: TreeHasher;
  readonly nodes: NodeStore;
  readonly tree?: TreeBuilderState;
  readonly lists: ReadonlyMap<string, readonly { bytes: Uint8Array; index: number }[]>;
  readonly accounts: ReadonlyMap<string, Contact>;
}

const ENTRY_LENGTH = 32;
const LEAF_PREFIX = 0x00;
const BATCH = 2 ** 15;

export class Directory {
  readonly #state: LogState;
  readonly #builder: TreeBuilder;
  readonly #lists: Map<string, { bytes: Uint8Array; index: number }[]>;
  /** Every account as a contact would see it who reads along. */
  readonly #accounts: Map<string, Contact>;

  private constructor(state: LogState) {
    this.#state = state;
    this.#lists = new Map([...state.lists].map(([identifier, lists]) => [identifier, [...lists]]));
    this.#accounts = new Map(
      [...state.accounts].map(([identifier, account]) => [identifier, account.fork()]),
    );
    this.#builder = createTreeBuilder({
      hasher: state.hasher,
      ...(state.tree === undefined ? {} : { state: state.tree }),
      onNodes: ({ level, index, hashes }) => state.nodes.put(level, index, hashes),
    });
  }

  static open(hasher: TreeHasher): Directory {
    return new Directory({
      key: generatePrivateKey(ed25519),
      hasher,
      nodes: new NodeStore(),
      lists: new Map(),
      accounts: new Map(),
    });
  }

  /** The log's public key, which every app ships with. */
  get logKey(): PublicKey {
    return this.#state.key.publicKey;
  }

  get treeSize(): number {
    return this.#builder.treeSize;
  }

  /**
   * Other people's entries, as commitments of 32 bytes each, so that the log has the size of a real one.
   * @param progress called after each batch with the number of entries so far
   */
  fill(count: number, progress: (done: number) => void = () => {}): void {
    const entries = new Uint8Array(BATCH * ENTRY_LENGTH);
    const words = new Uint32Array(entries.buffer);
    for (let done = 0; done < count; ) {
      const batch = Math.min(BATCH, count - done);
      // Nobody reads these; they only have to differ.
      for (let i = 0; i < batch; i++) words[i * 8] = done + i;
      const leaves = entries.subarray(0, batch * ENTRY_LENGTH);
      this.#builder.append(this.#state.hasher.hashLeaves(leaves, ENTRY_LENGTH, LEAF_PREFIX));
      done += batch;
      progress(done);
    }
  }

  /**
   * Publishes the next list of an identifier: compare-and-swap on its sequence, so of two devices that race one
   * wins and the other builds on it.
   *
   * An honest directory does not log what no contact would take into use, so it looks at a list as they will.
   *
   * @returns whether it was accepted; `false`: another list already has this sequence
   */
  publish(identifier: string, list: VerifiedDeviceList): boolean {
    if (list.sequence !== (this.#lists.get(identifier) ?? []).length) return false;
    const account = this.#accounts.get(identifier) ?? new Contact(identifier);
    const { listToStore, refusal } = account.hearList(list.encoded, Date.now());
    if (listToStore === undefined) throw new Error(`no contact would use this list: ${refusal}`);
    this.#accounts.set(identifier, account);
    this.append(identifier, list.encoded);
    return true;
  }

  /** Logs bytes under an identifier without looking at them: what a lying operator does. */
  append(identifier: string, bytes: Uint8Array): void {
    const index = this.#builder.treeSize;
    this.#builder.append(hashLeaf(bytes));
    this.#lists.set(identifier, [...(this.#lists.get(identifier) ?? []), { bytes, index }]);
  }

  /** Answers a look-up. */
  lookUp(identifier: string, known: Knowledge): Answer {
    const { treeSize } = this.#builder;
    const lists = this.#lists.get(identifier) ?? [];
    const from = Math.min(known.sequence, Math.max(0, lists.length - 1));
    return {
      head: signHead({ treeSize, root: this.#builder.root() }, this.#state.key),
      consistency: known.treeSize === 0 ? [] : this.#consistency(known.treeSize, treeSize),
      lists: lists
        .slice(from)
        .map(({ bytes, index }) => ({ bytes, index, proof: this.#inclusion(index, treeSize) })),
    };
  }

  /** The same log up to here, under the same key, going its own way from now on: the second face of a liar. */
  fork(): Directory {
    const { key, hasher, nodes } = this.#state;
    const tree = this.#builder.exportState();
    const [lists, accounts] = [this.#lists, this.#accounts];
    return new Directory({ key, hasher, nodes: nodes.fork(), tree, lists, accounts });
  }

  /** A log under the same key that has nothing in it yet: what a liar may show to somebody who is new. */
  face(): Directory {
    const { key, hasher } = this.#state;
    return new Directory({ key, hasher, nodes: new NodeStore(), lists: new Map(), accounts: new Map() });
  }

  #inclusion(index: number, treeSize: number): Uint8Array[] {
    const plan = planInclusion({ treeSize, index });
    return assembleInclusion(plan, this.#fetch(plan.nodes));
  }

  #consistency(olderSize: number, newerSize: number): Uint8Array[] {
    const plan = planConsistency({ olderSize, newerSize });
    return assembleConsistency(plan, this.#fetch(plan.nodes));
  }

  #fetch(nodes: readonly NodeId[]): Uint8Array[] {
    return nodes.map(({ level, index }) => this.#state.nodes.get(level, index));
  }
}
