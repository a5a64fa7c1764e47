/** The documents' examples run as they are printed. */

import { readdirSync } from 'node:fs';
import { expect, test, vi } from 'vitest';

const FOLDER = new URL('../examples/', import.meta.url);

test.each(readdirSync(FOLDER))('%s runs and prints', async (file) => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await import(new URL(file, FOLDER).href);
    if (file !== 'check-log.ts') expect(log).toHaveBeenCalled();
    expect(log.mock.calls.flat().join(' ')).not.toContain('undefined');
  } finally {
    log.mockRestore();
  }
});
