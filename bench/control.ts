/**
 * A verifier that says yes to everything would be the fastest of all: before it is timed, it must refuse.
 */

/** @throws Error where `run`, given something false, does not throw */
export function assertRefused(name: string, run: () => unknown): void {
  try {
    run();
  } catch {
    return;
  }
  throw new Error(`${name} accepted what is false`);
}
