/**
 * A line plot as SVG: x logarithmic, y from zero. Its own background and two sets of colours, as the page around
 * it may be light or dark; lines differ in their dashes too, for whoever does not tell the colours apart.
 */

/** One point; x above zero, y not below it. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The line of one contender. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Units of y that one step of its labels stands for: 1e6 to label millions. */
  readonly yUnit: number;
  readonly series: readonly Series[];
  /** Lines below the plot. */
  readonly caption: readonly string[];
}

/** The area of the lines, within the whole. */
const WIDTH = 760;
const AREA = { left: 64, right: 724, top: 84, bottom: 380 } as const;
const CAPTION_LINE = 16;

/** Colours of a line in a light and in a dark surrounding, and its dashes. */
const STYLES = [
  { light: '#0b5cad', dark: '#6cb6ff', dashes: '' },
  { light: '#a4450a', dark: '#f0a35e', dashes: '8 4' },
  { light: '#4d6b12', dark: '#a5cf5b', dashes: '2 4' },
] as const;

/**
 * Draws a plot.
 * @throws Error where there are no points, a point lies outside, or there are more lines than styles
 */
export function drawPlot({ title, xLabel, yLabel, yUnit, series, caption }: Plot): string {
  const points = series.flatMap(({ points: own }) => own);
  if (points.length === 0) throw new Error('a plot needs points');
  if (series.length > STYLES.length) throw new Error(`a plot has ${STYLES.length} lines at most`);
  if (!points.every(({ x, y }) => x > 0 && y >= 0 && x < Infinity && y < Infinity)) {
    throw new Error('a point lies outside the plot');
  }

  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const [low, high] = [Math.log2(xs[0] ?? 1), Math.log2(xs.at(-1) ?? 1)];
  const step = tickStep(Math.max(...points.map(({ y }) => y)) / yUnit);
  const top = Math.max(1, Math.ceil(Math.max(...points.map(({ y }) => y)) / yUnit / step)) * step;
  const across = (x: number): string =>
    (AREA.left + ((AREA.right - AREA.left) * (Math.log2(x) - low)) / (high - low || 1)).toFixed(1);
  const up = (y: number): string => (AREA.bottom - ((AREA.bottom - AREA.top) * y) / (top * yUnit)).toFixed(1);

  const height = AREA.bottom + 64 + CAPTION_LINE * caption.length;
  const yTicks = Array.from({ length: Math.round(top / step) + 1 }, (_, tick) => tick * step);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(title)}</title>`,
    `<style>${STYLE_SHEET}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    text(AREA.left, 28, 'heading', title),
    ...series.flatMap(({ name }, line) => [
      `<path class="line line${line}" d="M${AREA.left + 200 * line} 52h36"/>`,
      text(AREA.left + 200 * line + 44, 56, 'start', name),
    ]),
    ...yTicks.flatMap((tick) => [
      `<path class="grid" d="M${AREA.left} ${up(tick * yUnit)}H${AREA.right}"/>`,
      text(AREA.left - 8, Number(up(tick * yUnit)) + 4, 'end', String(Number(tick.toPrecision(6)))),
    ]),
    ...labelled(xs, (x) => Number(across(x))).map((x) =>
      text(across(x), AREA.bottom + 18, 'middle', x.toLocaleString('en')),
    ),
    `<path class="axis" d="M${AREA.left} ${AREA.top}V${AREA.bottom}H${AREA.right}"/>`,
    text((AREA.left + AREA.right) / 2, AREA.bottom + 40, 'middle', xLabel),
    `<text class="middle" transform="translate(18 ${(AREA.top + AREA.bottom) / 2}) rotate(-90)">${escaped(yLabel)}</text>`,
    ...series.flatMap(({ points: own }, line) => [
      `<polyline class="line line${line}" points="${own.map(({ x, y }) => `${across(x)},${up(y)}`).join(' ')}"/>`,
      ...own.map(({ x, y }) => `<circle class="dot${line}" cx="${across(x)}" cy="${up(y)}" r="3"/>`),
    ]),
    ...caption.map((said, row) => text(AREA.left, AREA.bottom + 64 + CAPTION_LINE * row, 'small', said)),
    '</svg>',
    '',
  ].join('\n');
}

const STYLE_SHEET: string = [
  'text{font:13px system-ui,sans-serif;fill:#1f2328}',
  '.heading{font-size:16px;font-weight:600}.small{font-size:11px}',
  '.middle{text-anchor:middle}.end{text-anchor:end}',
  '.ground{fill:#fff}.grid{stroke:#d8dee4}.axis{stroke:#59636e;fill:none}.line{fill:none;stroke-width:2}',
  ...STYLES.map(
    ({ light, dashes }, line) =>
      `.line${line}{stroke:${light}${dashes === '' ? '' : `;stroke-dasharray:${dashes}`}}.dot${line}{fill:${light}}`,
  ),
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.ground{fill:#0d1117}.grid{stroke:#30363d}.axis{stroke:#9198a1}',
  ...STYLES.map(({ dark }, line) => `.line${line}{stroke:${dark}}.dot${line}{fill:${dark}}`),
  '}',
].join('');

/** 1, 2 or 5 times a power of ten, so that it takes 4 to 10 steps to the largest. */
function tickStep(largest: number): number {
  if (largest === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(largest / 4));
  const fitting = [10, 5, 2, 1].find((times) => times * power <= largest / 4) ?? 1;
  return fitting * power;
}

/** Those whose labels do not run into the one before. */
function labelled(xs: readonly number[], across: (x: number) => number): number[] {
  let last = -Infinity;
  return xs.filter((x) => {
    const fits = across(x) - last >= 24;
    if (fits) last = across(x);
    return fits;
  });
}

function text(x: number | string, y: number, style: string, content: string): string {
  return `<text class="${style}" x="${x}" y="${y}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
