/** What runs in a worker, on a port of one's own making: it announces itself. */

import { serveWorker } from 'contact-key-verification/worker.js';

/** Serves; returns where its messages go in. */
export function serve(send: (data: unknown) => void): (data: unknown) => void {
  let receive: (event: { data: unknown }) => void = () => {};
  serveWorker({
    postMessage: send,
    addEventListener: (_, listener) => {
      receive = listener;
    },
  });
  return (data) => receive({ data });
}

export function work(): string {
  const said: string[] = [];
  serve((data) => said.push(JSON.stringify(data)));
  return said.join();
}
