/** One bundle, as an app's build makes it: for the browser, minified, dependencies included, in one module. */

import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** A bundle and what is in it. */
export interface Bundle {
  readonly code: string;
  /** Paths of the modules of which something is left, dependencies included, in order. */
  readonly modules: readonly string[];
}

/**
 * Bundles a module given as text.
 * @param folder where the text stands, so from where its imports are resolved
 * @throws Error on everything that the bundler warns of, and where one module is not enough
 */
export async function bundle(text: string, folder: string): Promise<Bundle> {
  const entry = join(folder, 'the-entry.js');
  const build = await rolldown({
    input: entry,
    cwd: folder,
    platform: 'browser',
    onLog(_, { message }) {
      throw new Error(message);
    },
    plugins: [
      {
        name: 'entry',
        load: (id) => (id === entry ? text : null),
        resolveId: (id) => (id === entry ? id : null),
      },
    ],
  });
  try {
    const { output } = await build.generate({ format: 'es', minify: true });
    const [chunk, ...others] = output;
    if (others.length > 0) throw new Error('the bundle falls into parts');
    const modules = Object.entries(chunk.modules).flatMap(([id, { renderedLength }]) =>
      renderedLength > 0 && id !== entry ? [id.replaceAll('\\', '/')] : [],
    );
    return { code: chunk.code, modules };
  } finally {
    await build.close();
  }
}
