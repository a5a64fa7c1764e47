/** What an operator is made of, and the rule that says who may ask. */

import { assertInteger } from '../../bytes/arguments.js';
import type { CipherSuite } from '../../crypto/cipher-suite.js';
import type { VrfPrivateKey } from '../../crypto/vrf.js';
import { equalBytes } from '../../bytes/compare.js';
import { ArgumentRangeError, ArgumentTypeError, PolicyError } from '../../errors.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import type { Configuration } from '../wire/configuration.js';
import type { IsRecent } from '../walks/distinguished-heads.js';
import type { DistinguishedRequest } from '../wire/distinguished-messages.js';
import type { ContactMonitorRequest } from '../wire/monitor-messages.js';
import type { OperatorStore } from './operator-store.js';

import type { OwnerInitRequest, OwnerMonitorRequest } from '../wire/owner-messages.js';
import type { TreeHeadSigner } from './publication.js';
import type { SearchRequest } from '../wire/search-messages.js';
import type { OwnerRequest } from './update-intake.js';

/** What a caller asks. */
export type AccessQuestion =
  | { readonly operation: 'search'; readonly request: SearchRequest }
  | { readonly operation: 'contactMonitor'; readonly request: ContactMonitorRequest }
  | { readonly operation: 'ownerInit'; readonly request: OwnerInitRequest }
  | { readonly operation: 'ownerMonitor'; readonly request: OwnerMonitorRequest }
  | { readonly operation: 'update'; readonly request: OwnerRequest }
  | { readonly operation: 'distinguished'; readonly request: DistinguishedRequest };

/**
 * The application's rule: whether a caller may ask this. It comes before anything is looked up, so that who is refused
 * learns nothing of the label.
 *
 * In a log that is deployed for contact monitoring, users must be able to go on monitoring versions that they were
 * once allowed to look up (draft, "Contact Monitor"): a rule that forbids a search must not forbid that.
 * @param caller whoever the transport says is asking, as it was given along with the request
 */
export type AccessRule<Caller> = (
  question: AccessQuestion,
  caller: Caller | undefined,
) => boolean | Promise<boolean>;

/** How to operate a log. */
export interface OperatorOptions<Caller = unknown> {
  /** That of the log's configuration. */
  readonly suite: CipherSuite;
  /** Signs tree heads, with the key of the log's configuration: the manager's, where there is one. */
  readonly signer: TreeHeadSigner;
  /** The private part of the configuration's VRF key. */
  readonly vrfKey: VrfPrivateKey;
  /** Where everything is; default: in memory. One operator at a time may write to it. */
  readonly store?: OperatorStore | undefined;
  /** The engine; default: a TypeScript one. All engines give the same bytes. */
  readonly hasher?: TreeHasher | undefined;
  /** Default: everybody may ask everything, which only a server that checks its callers before can afford. */
  readonly access?: AccessRule<Caller> | undefined;
  /** Which distinguished log entries are recent, as users have it too; default: the ten rightmost. */
  readonly isRecent?: IsRecent | undefined;
  /**
   * Of an owner's label, how many distinguished log entries one response goes through, and in how many responses an
   * owner is told of new versions at once: 1 to 100; default 50.
   */
  readonly pageEntries?: number | undefined;
}

/**
 * Refuses options that do not fit the log.
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function assertOptions<Caller>(
  configuration: Configuration,
  { suite, signer, vrfKey, pageEntries = 1 }: OperatorOptions<Caller>,
): void {
  if (suite.id !== configuration.ciphersuite)
    throw new ArgumentRangeError('the log has another cipher suite');
  if (typeof signer !== 'function') throw new ArgumentTypeError('signer must be a function');
  if (!equalBytes(vrfKey.publicKey.encoded, configuration.vrfPublicKey)) {
    throw new ArgumentRangeError('the log has another VRF key');
  }
  assertInteger(pageEntries, 'pageEntries', 1, 100);
}

/**
 * Asks the application's rule.
 * @throws PolicyError `ERR_ACCESS`; what the rule throws
 */
export async function assertAccess<Caller>(
  rule: AccessRule<Caller> | undefined,
  question: AccessQuestion,
  caller: Caller | undefined,
): Promise<void> {
  if (rule !== undefined && (await rule(question, caller)) !== true) {
    throw new PolicyError('ERR_ACCESS', 'the caller may not ask this');
  }
}
