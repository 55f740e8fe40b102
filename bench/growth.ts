/**
 * The growth chart: CPU, memory and latency by number of listeners, a line per
 * program, as a self-contained SVG.
 *
 * @module
 */

import type { Paced } from "./receiver.ts";
import { median } from "./stats.ts";

/** A measurement with a number of listeners. */
export interface Point extends Paced {
  who: string;
  listeners: number;
  baseRssBytes: number;
}

interface Chart {
  title: string;
  unit: string;
  value(point: Point): number;
}

const CHARTS: Chart[] = [
  { title: "CPU", unit: "% of a core", value: (p) => p.cpu * 100 },
  { title: "Memory", unit: "MB", value: (p) => p.rssBytes / 1e6 },
  {
    title: "One more listener’s first byte",
    unit: "ms",
    value: (p) => p.latencyUs / 1000,
  },
];
const COLORS = [
  ..."#888888 #d62728 #ff9896 #9467bd #c7c7c7".split(" "),
  ..."#1f77b4 #2ca02c #ff7f0e #8c564b".split(" "),
];
const PLOT = { width: 300, height: 240, left: 52, top: 34, gap: 70 };
const LEGEND_PX = 20;

/** All charts side by side, both axes logarithmic. */
export function growthPicture(points: readonly Point[]): string {
  const names = [...new Set(points.map(({ who }) => who))];
  const width = PLOT.left + CHARTS.length * (PLOT.width + PLOT.gap);
  const legendTop = PLOT.top + PLOT.height + 50;
  const height = legendTop + Math.ceil(names.length / 3) * LEGEND_PX;
  const charts = CHARTS.map((chart, i) => {
    const left = PLOT.left + i * (PLOT.width + PLOT.gap);
    return `<g transform="translate(${left} ${PLOT.top})">${
      drawChart(chart, points, names)
    }</g>`;
  });
  const legend = names.map((name, i) => {
    const x = PLOT.left + (i % 3) * 330;
    const y = legendTop + Math.floor(i / 3) * LEGEND_PX;
    return `<path d="M${x} ${y - 4}h22" stroke="${
      color(i)
    }" stroke-width="3"/>` +
      text(x + 28, y, name);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
${[...charts, ...legend].join("\n")}
</svg>
`;
}

function drawChart(
  { title, unit, value }: Chart,
  points: readonly Point[],
  names: string[],
): string {
  const known = points.filter((p) => value(p) > 0);
  const x = axis(known.map((p) => p.listeners), PLOT.width);
  const y = axis(known.map(value), PLOT.height);
  const top = (v: number) => PLOT.height - y.place(v);
  const parts = [
    text(0, -14, `${title} (${unit}) by listeners`, "start", "bold"),
    `<path d="M0 0V${PLOT.height}H${PLOT.width}" fill="none" stroke="black"/>`,
    ...x.ticks.map((v) =>
      text(x.place(v), PLOT.height + 18, String(v), "middle")
    ),
    ...y.ticks.map((v) =>
      `<path d="M0 ${px(top(v))}H${PLOT.width}" stroke="#dddddd"/>` +
      text(-6, top(v) + 4, String(v), "end")
    ),
  ];
  names.forEach((name, i) => {
    const mine = Map.groupBy(
      known.filter((p) => p.who === name),
      (p) => p.listeners,
    );
    const path = [...mine].sort(([a], [b]) => a - b).map(([count, same]) =>
      `${px(x.place(count))} ${px(top(median(same.map(value))))}`
    );
    if (path.length === 0) return;
    parts.push(
      `<path d="M${path.join("L")}" fill="none" stroke="${
        color(i)
      }" stroke-width="2"/>`,
      ...path.map((at) => {
        const [cx, cy] = at.split(" ");
        return `<circle cx="${cx}" cy="${cy}" r="3" fill="${color(i)}"/>`;
      }),
    );
  });
  return parts.join("\n");
}

/** An axis over whole powers of ten. */
function axis(values: number[], length: number) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(
    low + 1,
    Math.ceil(Math.log10(Math.max(...values))),
  );
  return {
    place: (value: number) => (Math.log10(value) - low) / (high - low) * length,
    ticks: Array.from(
      { length: high - low + 1 },
      (_, i) => Number((10 ** (low + i)).toPrecision(1)),
    ),
  };
}

function text(
  x: number,
  y: number,
  words: string,
  anchor = "start",
  weight = "normal",
): string {
  return `<text x="${px(x)}" y="${
    px(y)
  }" text-anchor="${anchor}" font-weight="${weight}">${words}</text>`;
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function color(i: number): string {
  return COLORS[i % COLORS.length];
}
