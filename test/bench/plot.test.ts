/** The plot: its shape as XML, its lines, and that it says nothing but what it was given. */

import { describe, expect, test } from 'vitest';
import { drawPlot, type Plot } from '../../bench/plot.js';

const plot: Plot = {
  title: 'Nodes & <batches>',
  xLabel: 'nodes in a call',
  yLabel: 'million a second',
  yUnit: 1e6,
  series: [
    {
      name: 'fast',
      points: [
        { x: 1, y: 0 },
        { x: 4, y: 4e6 },
        { x: 16, y: 8e6 },
      ],
    },
    { name: 'slow', points: [{ x: 4, y: 2e6 }] },
  ],
  caption: ['a machine', 'a commit'],
};

/** The names of all elements in the order of their opening. Throws where tags do not nest or text is not escaped. */
function elementsOf(xml: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  const between = xml.split(/<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<&]*")*)(\/?)>/);
  for (let at = 0; at + 1 < between.length; at += 5) {
    const [said = '', closes, name = '', , empty] = between.slice(at, at + 5);
    if (/[<>]|&(?!amp;|lt;|gt;)/.test(said)) throw new Error(`not escaped: ${said}`);
    if (open.length === 0 && at > 0) throw new Error('more than one root');
    if (closes === '') names.push(name);
    if (closes === '/' && open.pop() !== name) throw new Error(`${name} closes another element`);
    if (closes === '' && empty === '') open.push(name);
  }
  if (open.length > 0 || between.at(-1)?.trim() !== '') throw new Error('not closed');
  return names;
}

const count = (names: readonly string[], wanted: string): number =>
  names.filter((name) => name === wanted).length;

test('the reader of elements takes no broken XML', () => {
  expect(elementsOf('<a><b c="d"/>&amp;</a>')).toEqual(['a', 'b']);
  for (const [broken, why] of [
    ['<a><b></a></b>', 'a closes another element'],
    ['<a>', 'not closed'],
    ['a', 'not closed'],
    ['<a>&</a>', 'not escaped'],
    ['<a>1 < 2</a>', 'not escaped'],
    ['<a></a><b/>', 'more than one root'],
  ] as const) {
    expect(() => elementsOf(broken), broken).toThrow(why);
  }
});

test('a plot is well-formed, has one line a contender and one dot a point', () => {
  const names = elementsOf(drawPlot(plot));
  expect(names[0]).toBe('svg');
  expect(count(names, 'polyline')).toBe(2);
  expect(count(names, 'circle')).toBe(4);
  expect(count(names, 'title')).toBe(1);
});

test('x is logarithmic, y begins at zero', () => {
  const lines = [...drawPlot(plot).matchAll(/<polyline class="line line(\d)" points="([^"]*)"/g)];
  expect(lines.map(([, line, points]) => [line, points])).toEqual([
    ['0', '64.0,380.0 394.0,232.0 724.0,84.0'],
    ['1', '394.0,306.0'],
  ]);
});

test('labels, names and caption are there, escaped', () => {
  const svg = drawPlot(plot);
  for (const said of [
    'Nodes &amp; &lt;batches&gt;',
    plot.xLabel,
    plot.yLabel,
    'fast',
    'slow',
    ...plot.caption,
  ]) {
    expect(svg).toContain(`>${said}</text>`);
  }
  // Both axes: sizes that were measured, and even steps.
  for (const label of ['1', '4', '16', '0', '2', '6', '8']) expect(svg).toContain(`>${label}</text>`);
  expect(svg).not.toContain('<batches>');
});

test('it brings its own ground, in colours for a light and for a dark page', () => {
  const [light = '', dark = ''] = drawPlot(plot).split('@media(prefers-color-scheme:dark)');
  for (const part of ['.ground{fill:', 'text{', '.line0{stroke:', '.line1{stroke:', '.grid{stroke:']) {
    expect(light).toContain(part);
    expect(dark).toContain(part);
  }
});

test.each([0.3, 1, 7.4, 12, 99, 1000])('%d at most stays inside the plot, with few steps', (most) => {
  const svg = drawPlot({ ...plot, series: [{ name: 'a', points: [{ x: 8, y: most * 1e6 }] }] });
  const y = Number(/cy="([\d.]+)"/.exec(svg)?.[1]);
  expect(y).toBeGreaterThanOrEqual(84);
  expect(y).toBeLessThan(250);
  const steps = svg.match(/class="grid"/g)?.length ?? 0;
  expect(steps).toBeGreaterThanOrEqual(4);
  expect(steps).toBeLessThanOrEqual(12);
});

describe('what cannot be drawn is refused', () => {
  const line = (x: number, y: number) => ({ name: 'a', points: [{ x, y }] });
  test.each([
    ['nothing', [], 'a plot needs points'],
    ['no points', [{ name: 'a', points: [] }], 'a plot needs points'],
    ['x of zero', [line(0, 1)], 'a point lies outside the plot'],
    ['y below zero', [line(1, -1)], 'a point lies outside the plot'],
    ['no number', [line(1, Number.NaN)], 'a point lies outside the plot'],
    ['infinity', [line(1, Infinity)], 'a point lies outside the plot'],
    [
      'more lines than styles',
      [line(1, 1), line(1, 1), line(1, 1), line(1, 1)],
      'a plot has 3 lines at most',
    ],
  ])('%s', (_, series, why) => {
    expect(() => drawPlot({ ...plot, series })).toThrow(why);
  });
});
