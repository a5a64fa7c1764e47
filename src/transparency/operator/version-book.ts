/**
 * What an operator knows of the versions of a label: VRF outputs and proofs of all, commitments of those there are.
 *
 * Of versions that exist these are stored. Of others the VRF is computed, at some two milliseconds each, and a
 * number of the latest kept: ladders of one label look for the same absent versions time and again.
 */

import type { CipherSuite } from '../../crypto/cipher-suite.js';
import type { VrfPrivateKey, VrfProof } from '../../crypto/vrf.js';
import { boundedCache } from './bounded-cache.js';
import { openRecord, versionRecord } from './operator-records.js';
import { labelName, type OperatorStore, versionKey } from './operator-store.js';
import type { BinaryLadderStep } from '../wire/search-messages.js';
import { encodeVrfInput } from '../wire/update.js';

/** Proofs of absent versions kept in memory, some 300 bytes each. */
const ABSENT_KEPT = 2 ** 14;

/** A version. */
export interface VersionFacts {
  readonly vrfOutput: Uint8Array;
  readonly vrfProof: Uint8Array;
  /** `undefined` for a version that does not exist. */
  readonly commitment: Uint8Array | undefined;
}

/** The versions of every label. */
export interface VersionBook {
  /** The VRF of a version. */
  prove(label: Uint8Array, version: number): VrfProof;
  /**
   * What is known of versions.
   * @param greatest of the label: versions up to it exist; `undefined` for none
   * @throws StateError `ERR_STORED_STATE`
   */
  facts(
    label: Uint8Array,
    greatest: number | undefined,
    versions: Iterable<number>,
  ): Promise<ReadonlyMap<number, VersionFacts>>;
}

/** A book over a store. */
export function openVersionBook(
  store: OperatorStore,
  suite: CipherSuite,
  vrfKey: VrfPrivateKey,
): VersionBook {
  const { vrf } = suite;
  const record = versionRecord(vrf.proofLength);
  const absent = boundedCache<string, VrfProof>(ABSENT_KEPT);
  const prove = (label: Uint8Array, version: number): VrfProof =>
    vrf.prove(vrfKey, encodeVrfInput({ label, version }));

  return {
    prove,
    async facts(label, greatest, versions) {
      const name = labelName(label);
      const wanted = [...new Set(versions)];
      const existing = wanted.filter((version) => greatest !== undefined && version <= greatest);
      const stored = await store.getMany(existing.map((version) => versionKey(name, version)));
      const facts = new Map<number, VersionFacts>();
      for (const [i, version] of existing.entries()) {
        facts.set(version, openRecord(record, stored[i], 'version'));
      }
      for (const version of wanted) {
        if (facts.has(version)) continue;
        const key = versionKey(name, version);
        const { output, proof } = absent.get(key) ?? prove(label, version);
        absent.set(key, { output, proof });
        facts.set(version, { vrfOutput: output, vrfProof: proof, commitment: undefined });
      }
      return facts;
    },
  };
}

/** A step of a ladder as it is sent, with the commitment or without. */
export function ladderStep({ vrfProof, commitment }: VersionFacts, isCommitted: boolean): BinaryLadderStep {
  return { proof: vrfProof, commitment: isCommitted ? commitment : undefined };
}
