/** A log as an auditor sees it, made leaf by leaf, so that its operator can also remove leaves, or lie. */

import { createHash } from 'node:crypto';
import { createAuditor, type Auditor, type AuditorOptions } from '../../src/auditor.js';
import { hashLeaf, keytransLog, treeRoot } from '../../src/log.js';
import {
  createPrefixTree,
  type PrefixLeaf,
  type PrefixProof,
  type PrefixTreeHead,
} from '../../src/prefix.js';
import { type AuditorUpdate, encodeAuditorUpdate } from '../../src/transparency/wire/auditor-update.js';
import { encodeLogEntry } from '../../src/transparency/wire/proofs.js';
import {
  encodeAuditorTreeHead,
  encodeAuditorTreeHeadTbs,
  parseAuditorTreeHead,
} from '../../src/transparency/wire/tree-head.js';
import type { World } from './operator-world.js';

const digest = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());

/** A leaf by a name; the same name with another value is the same key. */
export function leafOf(name: string, value = name): PrefixLeaf {
  return { vrfOutput: digest(`key ${name}`), commitment: digest(`commitment ${value}`) };
}

const byKey = (a: PrefixLeaf, b: PrefixLeaf): number => Buffer.compare(a.vrfOutput, b.vrfOutput);

/** What an operator does in a log entry. */
export interface Changes {
  readonly timestampMs: number;
  readonly added?: readonly PrefixLeaf[];
  readonly removed?: readonly PrefixLeaf[];
}

/** A log and the updates that an honest operator would send. */
export class AuditedLog {
  readonly tree = createPrefixTree();
  readonly heads: PrefixTreeHead[] = [];
  readonly updates: AuditorUpdate[] = [];
  readonly leafHashes: Uint8Array[] = [];

  get size(): number {
    return this.heads.length;
  }

  get root(): Uint8Array {
    return this.rootAt(this.size);
  }

  rootAt(size: number): Uint8Array {
    return treeRoot(new Uint8Array(Buffer.concat(this.leafHashes.slice(0, size))), { scheme: keytransLog });
  }

  /** Searches in the newest prefix tree. */
  async prove(leaves: readonly PrefixLeaf[]): Promise<PrefixProof> {
    const { proof } = await this.tree.prove(
      this.heads.at(-1),
      leaves.map(({ vrfOutput }) => vrfOutput),
    );
    return proof;
  }

  /** What an honest operator says of an entry to come. */
  async tell({ timestampMs, added = [], removed = [] }: Changes): Promise<AuditorUpdate> {
    const sorted = { added: [...added].sort(byKey), removed: [...removed].sort(byKey) };
    const proof = await this.prove([...sorted.added, ...sorted.removed]);
    return { timestampMs, ...sorted, proof };
  }

  /** Adds an entry, whatever is told of it. */
  async append({ timestampMs, added = [], removed = [] }: Changes): Promise<PrefixTreeHead> {
    const head = await this.tree.update(this.heads.at(-1), {
      position: this.size,
      added,
      removed: removed.map(({ vrfOutput }) => vrfOutput),
    });
    this.heads.push(head);
    this.leafHashes.push(hashLeaf(encodeLogEntry({ timestampMs, prefixTree: head.root }), keytransLog));
    return head;
  }

  /** Adds an entry and tells of it. */
  async add(changes: Changes): Promise<Uint8Array> {
    const update = await this.tell(changes);
    this.updates.push(update);
    await this.append(changes);
    return encodeAuditorUpdate(update);
  }
}

/** An auditor of a world's log. */
export function auditorOf(world: World, options: Partial<AuditorOptions> = {}): Auditor {
  return createAuditor(world.bytes, { suite: world.suite, signer: world.signAsAuditor, ...options });
}

/** The auditor after updates, its state stored and loaded. */
export function after(auditor: Auditor, updates: readonly (Uint8Array | AuditorUpdate)[]): Auditor {
  const bytes = updates.map((update) =>
    update instanceof Uint8Array ? update : encodeAuditorUpdate(update),
  );
  return bytes.length === 0 ? auditor : auditor.at(auditor.apply(bytes).after);
}

/** A head that a world's auditor signs, whatever it has seen. */
export function headOf(world: World, treeSize: number, timestampMs: number, root: Uint8Array): Uint8Array {
  const tbs = encodeAuditorTreeHeadTbs({ config: world.configuration, timestampMs, treeSize, root });
  return encodeAuditorTreeHead({ timestampMs, treeSize, signature: world.signAsAuditor(tbs) });
}

/** Whether a head is the auditor's, of this root. */
export function isHeadOf(world: World, head: Uint8Array, root: Uint8Array): boolean {
  const { configuration: config, suite } = world;
  const { timestampMs, treeSize, signature } = parseAuditorTreeHead(head);
  if (config.mode !== 'thirdPartyAuditing') throw new Error('a log without an auditor');
  const tbs = encodeAuditorTreeHeadTbs({ config, timestampMs, treeSize, root });
  suite.signatures.verify(suite.signatures.parsePublicKey(config.auditorPublicKey), tbs, signature);
  return true;
}

/** The code that a call is refused with. */
export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined) throw error;
    return code;
  }
  return 'accepted';
}

/** A copy of bytes with one of them changed. */
export function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = value;
  return copy;
}
