/** What a phone can reach: a directory, or whatever stands between them. Bytes go there, and bytes come back. */

import type { AccessQuestion } from 'contact-key-verification/operator.js';

/** What is answered by one response. */
export type Operation = Exclude<AccessQuestion['operation'], 'update'>;

/** Who asks, as the connection says it, and when it is on the server's clock. */
export interface Asker {
  /** The account's identifier; absent for those who need no account. */
  readonly caller?: string | undefined;
  readonly nowMs: number;
}

export interface Server {
  /** The response to a request. @throws Refused */
  answer(operation: Operation, request: Uint8Array, asker: Asker): Promise<Uint8Array>;
  /** The responses to an update request: none where there is nothing to tell. @throws Refused */
  update(request: Uint8Array, asker: Asker): Promise<readonly Uint8Array[]>;
}

/** The server will not answer. The code is its word alone, as a status of HTTP is: nothing proves it. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`the server refuses: ${code}`);
    this.code = code;
  }
}
