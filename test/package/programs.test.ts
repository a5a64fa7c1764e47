/**
 * The installed package at work: a program for each door, compiled in the consumer's project and run there by the
 * Node that runs these tests. `npm run package:newer` runs this file under a newer one.
 */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Consumer, DOORS, MANIFEST } from '../support/consumer.js';
import { filesBelow } from '../support/modules.js';
import { doorOf, EXPECTED } from '../support/programs.js';

let consumer: Consumer;

beforeAll(() => {
  consumer = new Consumer();
  consumer.writePrograms();
  const programs = filesBelow(consumer.folder, 'programs', '.ts');
  const { status, stdout } = consumer.compile(programs, { module: 'nodenext', noEmit: false });
  if (status !== 0) throw new Error(stdout);
  console.log(`the doors are used under Node ${process.versions.node}`);
});

afterAll(() => consumer.remove());

test.each(Object.entries(EXPECTED))('%s does its work', (name, result) => {
  const { status, stdout, stderr } = consumer.node(
    `import { work } from './programs/${name}.js';\nconsole.log(await work());\n`,
  );
  expect(status, stderr).toBe(0);
  expect(stdout.trim()).toBe(result);
});

test('every door has a program that imports it', () => {
  const programs = Object.keys(EXPECTED);
  expect(programs.map(doorOf)).toEqual(expect.arrayContaining(DOORS.map(({ specifier }) => specifier)));
  expect(programs.map(doorOf)).toContain(`${MANIFEST.name}/vectors/trees.json`);
  const written = filesBelow(consumer.folder, 'programs', '.ts').map((path) => path.slice(9, -3));
  expect(written).toEqual([...programs, 'all'].sort());
  const lacking = programs.filter(
    (name) => !consumer.readOwn(`programs/${name}.js`).includes(`from '${doorOf(name)}'`),
  );
  expect(lacking).toEqual([]);
});
