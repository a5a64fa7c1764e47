/** Making clients: what they are given is checked and copied here, before an operation sees it. */

import { assertArray, assertInteger, assertObject } from '../../bytes/arguments.js';
import { assertBytes } from '../../bytes/compare.js';
import type { Client, ClientOptions, ClientRequest, StateChange, VerifyOptions } from './client.js';
import { type ClientState, withoutLabel } from './client-state.js';
import type { Recent } from '../walks/distinguished-heads.js';
import { prepareDistinguishedWalk } from './distinguished-operation.js';
import { dueMonitoring, prepareMonitoring } from './monitor-operation.js';
import type { Operation, OperationContext } from './operation.js';
import { assertMilliseconds, assertVersion } from '../walks/order-bounds.js';
import { prepareOwnerInitialization, prepareOwnerMonitoring } from './owner-operations.js';
import { prepareSearch } from './search-operation.js';
import { decodeState, encodeState } from './state-encoding.js';
import { openLog, type TrustedLog } from '../verifier/trusted-log.js';
import { prepareUpdate, type UpdatedLabel } from './update-operation.js';
import { copyOfLabel } from '../wire/label-argument.js';

/**
 * Creates a client.
 *
 * @param configurationBytes the log's configuration, from a source that the program trusts: whoever controls it
 *   controls which keys are believed
 * @throws DecodeError codes of `parseConfiguration`, and of the suite where a key is none
 * @throws UnsupportedError `ERR_CIPHER_SUITE` the log has another suite
 * @throws StateError `ERR_STORED_STATE`, `ERR_STATE_LOG`; ArgumentTypeError
 * @example
 * const client = createClient(configuration, { suite: KT_128_SHA256_Ed25519, state });
 * const { request, verify } = client.search(label);
 * const { version, value, before, after } = verify(await send(request), { nowMs: Date.now() });
 */
export function createClient(configurationBytes: Uint8Array, options: ClientOptions): Client {
  assertObject(options, 'options');
  const { suite, state, hasher, monitorsAlways = false } = options;
  return clientOver(openLog(configurationBytes, suite, hasher), monitorsAlways, state);
}

function clientOver(log: TrustedLog, monitorsAlways: boolean, stored: Uint8Array | undefined): Client {
  const bytes = stored === undefined ? undefined : copyOf(stored, 'state');
  const state = decodeState(log, bytes);
  const context: OperationContext = { log, state, monitorsAlways };
  const changeTo = (next: ClientState): StateChange => ({
    before: bytes?.slice(),
    after: encodeState(log, next),
  });

  function requestOf<Result extends object, Response>({
    request,
    verify,
  }: Operation<Result, Response>): ClientRequest<Result, Response> {
    return Object.freeze({
      request,
      verify(response: Response, given: VerifyOptions) {
        assertObject(given, 'options');
        assertMilliseconds(given.nowMs, 'nowMs');
        const { result, state: next } = verify(response, given.nowMs);
        return Object.freeze({ ...result, ...changeTo(next) });
      },
    });
  }

  return Object.freeze<Client>({
    configuration: log.configuration,
    at: (next) => clientOver(log, monitorsAlways, next),
    search(label, version) {
      if (version !== undefined) assertVersion(version, 'version');
      return requestOf(prepareSearch(context, copyOfLabel(label), version));
    },
    monitor: (label) => requestOf(prepareMonitoring(context, copyOfLabel(label))),
    initializeOwner(label, start) {
      assertInteger(start, 'start', 0, Number.MAX_SAFE_INTEGER);
      return requestOf(prepareOwnerInitialization(context, copyOfLabel(label), start));
    },
    monitorOwned: (label) => requestOf(prepareOwnerMonitoring(context, copyOfLabel(label))),
    update(label, values) {
      assertArray(values, 'values');
      for (const value of values) assertBytes(value, 'a value');
      const { request, verify } = prepareUpdate(context, copyOfLabel(label), values);
      return requestOf<UpdatedLabel, readonly Uint8Array[]>({
        request,
        verify(responses, nowMs) {
          assertArray(responses, 'responses');
          return verify(responses, nowMs);
        },
      });
    },
    distinguishedHeads({ recent = RECENT, stop } = {}) {
      if (stop !== undefined) assertInteger(stop, 'stop', 0, Number.MAX_SAFE_INTEGER);
      return requestOf(prepareDistinguishedWalk(context, recent, stop));
    },
    dueMonitors(nowMs) {
      assertMilliseconds(nowMs, 'nowMs');
      return dueMonitoring(state, log.configuration.reasonableMonitoringWindowMs, nowMs);
    },
    forget: (label) => Object.freeze(changeTo(withoutLabel(state, copyOfLabel(label)))),
  });
}

/** "An application's definition of 'recent' SHOULD NOT include more than ten" (draft, "Walking Distinguished Heads"). */
const RECENT: Recent = /* @__PURE__ */ Object.freeze({ count: 10 });

function copyOf(bytes: Uint8Array, name: string): Uint8Array {
  assertBytes(bytes, name);
  return Uint8Array.from(bytes);
}
