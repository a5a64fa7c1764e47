/** Opening a service operator over its store. */

import { assertObject } from '../../bytes/arguments.js';
import { assertBytes } from '../../bytes/compare.js';
import type { CipherSuite } from '../../crypto/cipher-suite.js';
import { ArgumentTypeError, PolicyError, UnsupportedError } from '../../errors.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import { prepareDistinguishedWalk } from '../client/distinguished-operation.js';
import { prepareSearch } from '../client/search-operation.js';
import { bindConfiguration, type OperatorStore } from '../operator/operator-store.js';
import { createTurnstile } from '../operator/turnstile.js';
import { verifyValue } from '../verifier/ladder-steps.js';
import { openLog } from '../verifier/trusted-log.js';
import { newestMs } from '../verifier/verified-proof.js';
import type { Recent } from '../walks/distinguished-heads.js';
import { assertMilliseconds } from '../walks/order-bounds.js';
import { encodeUpdateTbs, type UpdateValue } from '../wire/update.js';
import {
  encodeManagerUpdateRequest,
  type ManagerUpdateRequest,
  parseUpdateRequest,
} from '../wire/update-messages.js';
import { copyOfLabel } from '../wire/label-argument.js';
import { MESSAGE_MAX_BYTES } from '../wire/wire-bounds.js';
import { openAuthorizationBook } from './authorization-book.js';
import { openManagerWatch, type WatchedOperation } from './manager-watch.js';
import type { ManagerAnswer, ServiceHead } from './service-answers.js';
import type { ServiceOperator } from './service-operator.js';
import { SERVICE_CONFIGURATION_KEY } from './service-records.js';

/**
 * Signs an encoded `UpdateTBS` with the leaf key of the log's configuration: `suite.signatures.sign` with a secret, or
 * whatever keeps the key. It may be asked again for one that it has signed.
 */
export type ValueSigner = (updateTbs: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** What a service operator is made of. */
export interface ServiceOperatorOptions {
  /** That of the log's configuration. */
  readonly suite: CipherSuite;
  /** Signs values. */
  readonly signer: ValueSigner;
  /**
   * Where everything is: what `operatorStoreContract` checks. It has no default, since whoever loses it, or goes back to an
   * older copy, must not sign again. One service operator at a time may have it open; even of two, no version ever gets
   * two values.
   */
  readonly store: OperatorStore;
  /** The engine; default: a TypeScript one. */
  readonly hasher?: TreeHasher | undefined;
}

/** A signature of either suite, with its length; and `signed_version`. */
const SIGNATURE_BYTES = 66;
const SIGNED_VERSION_BYTES = 4;
/** No entry is to the right of the greatest position, whatever counts as recent. What is left of the walk is the head. */
const NONE: Recent = /* @__PURE__ */ Object.freeze({ count: 10 });

/**
 * Opens a service operator: a new one, or the one that is in the store.
 *
 * @param configurationBytes the log's Configuration: its mode must be third-party management
 * @throws DecodeError the configuration, or one of its keys; UnsupportedError `ERR_CIPHER_SUITE`, `ERR_DEPLOYMENT_MODE`
 * @throws StateError `ERR_STORED_STATE` the store has another log, or is damaged; `ERR_STATE_LOG`; what the store throws
 * @throws ArgumentTypeError
 * @example
 * const service = await createServiceOperator(configurationBytes, {
 *   suite: KT_128_SHA256_Ed25519,
 *   signer: (updateTbs) => KT_128_SHA256_Ed25519.signatures.sign(leafKey, updateTbs),
 *   store,
 * });
 * const { request } = await service.authorize(updateRequest); // of somebody who may change this label
 */
export async function createServiceOperator(
  configurationBytes: Uint8Array,
  options: ServiceOperatorOptions,
): Promise<ServiceOperator> {
  assertObject(options, 'options');
  const { suite, signer, store, hasher } = options;
  if (typeof signer !== 'function') throw new ArgumentTypeError('signer must be a function');
  assertObject(store, 'store');
  const log = openLog(configurationBytes, suite, hasher);
  const { configuration } = log;
  if (configuration.mode !== 'thirdPartyManagement') {
    throw new UnsupportedError('ERR_DEPLOYMENT_MODE', 'the log has no third-party manager');
  }
  await bindConfiguration(store, SERVICE_CONFIGURATION_KEY, configurationBytes);
  const book = openAuthorizationBook(store);
  const watch = await openManagerWatch(log, store);
  const turnstile = createTurnstile();

  /** A value for a version that is fixed in the book, as everybody can verify it. */
  async function sign(label: Uint8Array, version: number, value: Uint8Array): Promise<UpdateValue> {
    const tbs = encodeUpdateTbs({ config: configuration, label, version, value });
    const update = { value, suffix: { signature: Uint8Array.from(await signer(tbs)) } };
    verifyValue(log, { label, version, update });
    return update;
  }

  async function signed(
    request: Omit<ManagerUpdateRequest, 'values'>,
    values: readonly Uint8Array[],
  ): Promise<Uint8Array> {
    const { label, signedVersion } = request;
    const updates: UpdateValue[] = [];
    for (const [i, value] of values.entries()) updates.push(await sign(label, signedVersion + i, value));
    return encodeManagerUpdateRequest({ ...request, values: updates }, configuration);
  }

  function answer<Result, Given>(
    { request, take }: WatchedOperation<Given>,
    finish: (given: Given) => Promise<Result> | Result,
  ): ManagerAnswer<Result> {
    return Object.freeze({
      request,
      async verify(response: Uint8Array, { nowMs }: { readonly nowMs: number }) {
        assertMilliseconds(nowMs, 'nowMs');
        return turnstile.write(async () => finish(await take(response, nowMs)));
      },
    });
  }

  return Object.freeze<ServiceOperator>({
    get head() {
      return headOf(watch);
    },
    async authorize(bytes) {
      const { last, label, greatestVersion, values: given } = parseUpdateRequest(bytes);
      const values = given.map(({ value }) => value);
      if (bytes.length + values.length * SIGNATURE_BYTES + SIGNED_VERSION_BYTES > MESSAGE_MAX_BYTES) {
        throw new PolicyError('ERR_ENTRY_FULL', 'more than one request can hold with its signatures');
      }
      const signedVersion =
        values.length === 0
          ? undefined
          : await turnstile.write(() => book.authorize(label, greatestVersion, values));
      const request = await signed(
        { last, label, greatestVersion, signedVersion: signedVersion ?? 0 },
        signedVersion === undefined ? [] : values,
      );
      return Object.freeze({ request, signedVersion });
    },
    async openUpdate(given) {
      const label = copyOfLabel(given);
      const newest = await book.newest(label);
      if (newest === undefined) return undefined;
      const { confirmed, firstVersion, values } = newest;
      return signed(
        { last: undefined, label, greatestVersion: confirmed, signedVersion: firstVersion },
        values,
      );
    },
    review(given) {
      const label = copyOfLabel(given);
      return answer(
        watch.begin((context) => prepareSearch(context, label, undefined)),
        async ({ version, value, treeSize, timestampMs }) => {
          const next = await book.settle(label, { version, value });
          return Object.freeze({ version, value, treeSize, timestampMs, unsettled: next - (version + 1) });
        },
      );
    },
    follow: () =>
      answer(
        watch.begin((context) => prepareDistinguishedWalk(context, NONE, Number.MAX_SAFE_INTEGER)),
        () => headOf(watch) as ServiceHead,
      ),
    checkResponse(response) {
      assertBytes(response, 'a response');
      watch.checkHead(response);
    },
  });
}

function headOf({ head }: Awaited<ReturnType<typeof openManagerWatch>>): ServiceHead | undefined {
  if (head === undefined) return undefined;
  return Object.freeze({ treeSize: head.treeHead.treeSize, timestampMs: newestMs(head) });
}
