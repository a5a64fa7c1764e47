/**
 * Watching identifiers in the log: one's own, where nobody else can notice a list that no own device made; and
 * those of contacts, until their owners can have looked.
 */

import { assertObject } from '../bytes/arguments.js';
import { ArgumentRangeError } from '../errors.js';
import type { Client } from '../transparency/client/client.js';
import type { DueMonitoring } from '../transparency/client/monitor-operation.js';
import { type Answered, attempt, type DirectoryRequest, type Heard, NONE } from './heard.js';

/** How watching went. Frozen. */
export interface Watched extends Answered {
  /** For the review of the contact, or of one's own account. */
  readonly log: Heard['log'];
  /**
   * `nothing` until it is due again; `again` at once, the log has more to show; `fetch` one's own lists
   * (`fetchOwnDevices`): the log holds one that this device does not know.
   */
  readonly next: 'nothing' | 'again' | 'fetch';
}

/**
 * Watches an identifier: what `client.dueMonitors` says is due (draft, "Contact Monitor", "Owner Monitoring").
 *
 * A log that refuses to show a list which it is seen to hold, or took one back, is answering falsely: review `log`.
 *
 * @param due of `client.dueMonitors(nowMs)`
 * @throws StateError `ERR_NOT_READY` nothing of the label is watched; argument errors
 * @example
 * for (const due of client.dueMonitors(nowMs)) {
 *   const watch = watchIdentifier(client, due);
 *   const { log, next, after } = watch.review(await send(due.operation, watch.request), { nowMs });
 * }
 */
export function watchIdentifier(
  client: Client,
  due: Pick<DueMonitoring, 'operation' | 'label'>,
): DirectoryRequest<Watched> {
  assertObject(due, 'due');
  const { operation, label } = due;
  switch (operation) {
    case 'contact': {
      const { request, verify } = client.monitor(label);
      return watchOf(request, (response, time) => ({ ...verify(response, time), next: 'nothing' }));
    }
    case 'owner': {
      const { request, verify } = client.monitorOwned(label);
      return watchOf(request, (response, time) => {
        const watched = verify(response, time);
        return { ...watched, next: NEXT[watched.next] };
      });
    }
    default:
      throw new ArgumentRangeError("due.operation is 'contact' or 'owner'");
  }
}

const NEXT = { nothing: 'nothing', monitor: 'again', update: 'fetch' } as const;

interface Step {
  readonly next: Watched['next'];
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array;
}

function watchOf(
  request: Uint8Array,
  verify: (response: Uint8Array, time: { readonly nowMs: number }) => Step,
): DirectoryRequest<Watched> {
  return Object.freeze({
    request,
    review(response: Uint8Array, time: { readonly nowMs: number }): Watched {
      const { result, log = NONE, refusal } = attempt(() => verify(response, time));
      const next = result?.next ?? 'nothing';
      return Object.freeze({ log, next, refusal, before: result?.before, after: result?.after });
    },
  });
}
