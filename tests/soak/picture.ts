/**
 * The charts of a soak: each metric over time, as a self-contained SVG.
 *
 * @module
 */

import type { Sample } from "./sampler.ts";

interface Chart {
  title: string;
  lines: { name: string; value(sample: Sample): number }[];
}

const MB = 2 ** 20;
const CHARTS: Chart[] = [
  {
    title: "Memory of the server (MiB)",
    lines: [
      { name: "resident", value: (s) => s.rssBytes / MB },
      { name: "buffers", value: (s) => s.externalBytes / MB },
      { name: "heap", value: (s) => s.heapBytes / MB },
    ],
  },
  {
    title: "Open file descriptors and clients",
    lines: [
      { name: "descriptors", value: (s) => s.files },
      { name: "clients", value: (s) => s.clients },
      { name: "streams", value: (s) => s.streams },
    ],
  },
  {
    title: "Event-loop delay and answers to a ping (ms)",
    lines: [
      { name: "mean delay", value: (s) => s.delayMs },
      { name: "middle ping", value: (s) => s.pingMs },
    ],
  },
  {
    title: "CPU of the server (% of a core)",
    lines: [{ name: "CPU", value: (s) => s.cpu * 100 }],
  },
];
const COLORS = ["#1f77b4", "#ff7f0e", "#2ca02c"];
const PLOT = { width: 420, height: 180, left: 56, top: 44, gap: 76 };
const TICKS = 4;

/** All charts, two per row. */
export function soakPicture(samples: readonly Sample[]): string {
  const column = PLOT.width + PLOT.gap;
  const row = PLOT.height + 76;
  const rows = Math.ceil(CHARTS.length / 2);
  const width = PLOT.left + 2 * column - 16;
  const charts = CHARTS.map((chart, i) => {
    const x = PLOT.left + (i % 2) * column;
    const y = PLOT.top + Math.floor(i / 2) * row;
    return `<g transform="translate(${x} ${y})">${
      drawChart(chart, samples)
    }</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${
    PLOT.top + rows * row - 20
  }" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
${charts.join("\n")}
</svg>
`;
}

function drawChart(chart: Chart, samples: readonly Sample[]): string {
  const minutes = samples.map(({ atSeconds }) => atSeconds / 60);
  const xMax = Math.max(...minutes);
  const yMax = roundUp(
    Math.max(
      ...chart.lines.flatMap(({ value }) =>
        samples.map(value).filter(Number.isFinite)
      ),
    ),
  );
  const x = (minute: number) => px(minute / xMax * PLOT.width);
  const y = (value: number) => px(PLOT.height - value / yMax * PLOT.height);
  const parts = [text(0, -24, chart.title, "start", "bold")];
  for (let i = 0; i <= TICKS; i++) {
    const value = yMax * i / TICKS;
    const minute = xMax * i / TICKS;
    parts.push(
      `<path d="M0 ${y(value)}H${PLOT.width}" stroke="#dddddd"/>`,
      text(-6, Number(y(value)) + 4, short(value), "end"),
      text(
        Number(x(minute)),
        PLOT.height + 16,
        `${short(minute)} min`,
        "middle",
      ),
    );
  }
  chart.lines.forEach(({ name, value }, i) => {
    const points = samples.map((sample, at) => ({
      minute: minutes[at],
      value: value(sample),
    })).filter((point) => Number.isFinite(point.value));
    const path = points.map((p) => `${x(p.minute)} ${y(p.value)}`);
    parts.push(
      `<path d="M${path.join("L")}" fill="none" stroke="${
        COLORS[i]
      }" stroke-width="1.2"/>`,
      `<path d="M${i * 110} -10h18" stroke="${COLORS[i]}" stroke-width="3"/>`,
      text(i * 110 + 24, -6, name),
    );
  });
  return parts.join("\n");
}

/** Multiples of a power of ten whose quarters are short numbers. */
const STEPS = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 4.8, 6, 8, 10];

/** The end of an axis that must include a value. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return power * STEPS.find((step) => step * power >= value)!;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
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
