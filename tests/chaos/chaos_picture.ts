/**
 * The picture of a chaos, as a self-contained SVG that is read on light and on dark
 * pages: what was done to each machine over time, and how soon all were as one again.
 *
 * @module
 */

import type { Entry } from "./journal.ts";

const WIDTH = 900;
const PLOT = { left: 64, right: 20, top: 64, lane: 22, gap: 52, chart: 130 };
const ACROSS = WIDTH - PLOT.left - PLOT.right;
const TICKS = 6;
const STYLE = `text{fill:#24292f}.back{fill:#fff}.grid{stroke:#d8dee4}
.well{fill:#e6eaef}.dead{fill:#cf222e}.cut-off{fill:#e16f24}.slow{fill:#bf9b10}
.restarting{fill:#0969da}.round{fill:#1a7f37}.heard{stroke:#8250df;fill:none}
.fault{stroke:#cf222e;stroke-width:2}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.back{fill:#0d1117}
.grid{stroke:#30363d}.well{fill:#21262d}.dead{fill:#f85149}.slow{fill:#d4b106}
.restarting{fill:#58a6ff}.round{fill:#3fb950}.heard{stroke:#bc8cff}}`;
const KEY = ["dead", "cut off", "slow", "restarting"];

export function chaosPicture(entries: readonly Entry[]): string {
  const end = Math.max(1, ...entries.map(({ seconds }) => seconds));
  const x = (seconds: number) => px(PLOT.left + ACROSS * seconds / end);
  const names = [...new Set(entries.map(({ subject }) => subject))]
    .filter((it) => /^(node|nats)-\d+$/.test(it)).sort().reverse();
  const lanes = names.map((name, i) =>
    lane(name, PLOT.top + i * PLOT.lane, entries, end, x)
  );
  const faults = entries.filter(({ subject }) => subject === "fault");
  const below = PLOT.top + names.length * PLOT.lane;
  const height = below + 2 * (PLOT.gap + PLOT.chart) + 30;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<style>${STYLE}</style>
<rect class="back" width="${WIDTH}" height="${height}"/>
${
    text(
      PLOT.left,
      20,
      `What was done to each machine; ${faults.length} faults`,
      "start",
      true,
    )
  }
${KEY.map((it, i) => keyOf(it, PLOT.left + i * 110)).join("\n")}
${lanes.join("\n")}
${
    faults.map(({ seconds }) =>
      `<path class="fault" d="M${x(seconds)} ${PLOT.top - 6}V${below}"/>`
    ).join("\n")
  }
${
    chart({
      title: "Seconds until all were as one again, by rounds",
      top: below + PLOT.gap,
      points: pointsOf(entries, "round", 1000),
      ...{ end, x, isLine: false },
    })
  }
${
    chart({
      title: "Gigabytes heard and compared",
      top: below + 2 * PLOT.gap + PLOT.chart,
      points: pointsOf(entries, "compared bytes", 1e9),
      ...{ end, x, isLine: true },
    })
  }
</svg>
`;
}

/** One machine over time. */
function lane(
  name: string,
  top: number,
  entries: readonly Entry[],
  end: number,
  x: (seconds: number) => string,
): string {
  const changes = entries.filter(({ subject }) => subject === name);
  const bars = [{ seconds: 0, value: "well" }, ...changes].map((it, i) => {
    const until = changes[i]?.seconds ?? end;
    const width = px(Number(x(until)) - Number(x(it.seconds)));
    return `<rect class="${it.value.replace(" ", "-")}" x="${
      x(it.seconds)
    }" y="${top}" width="${width}" height="${PLOT.lane - 6}"/>`;
  });
  return `${text(PLOT.left - 8, top + 12, name, "end")}${bars.join("")}`;
}

function keyOf(condition: string, left: number): string {
  const kind = condition.replace(" ", "-");
  return `<rect class="${kind}" x="${left}" y="32" width="14" height="14"/>${
    text(left + 20, 44, condition)
  }`;
}

interface Point {
  seconds: number;
  value: number;
}

function pointsOf(
  entries: readonly Entry[],
  subject: string,
  unit: number,
): Point[] {
  return entries.filter((it) => it.subject === subject)
    .map(({ seconds, value }) => ({ seconds, value: Number(value) / unit }));
}

function chart({ title, top, points, end, x, isLine }: {
  title: string;
  top: number;
  points: readonly Point[];
  end: number;
  x(seconds: number): string;
  isLine: boolean;
}): string {
  const most = roundUp(Math.max(1e-3, ...points.map(({ value }) => value)));
  const y = (value: number) => px(top + PLOT.chart * (1 - value / most));
  const parts = [text(PLOT.left, top - 12, title, "start", true)];
  for (let i = 0; i <= 4; i++) {
    const value = most * i / 4;
    parts.push(
      `<path class="grid" d="M${PLOT.left} ${y(value)}h${ACROSS}"/>`,
      text(PLOT.left - 8, Number(y(value)) + 4, short(value), "end"),
    );
  }
  for (let i = 0; i <= TICKS; i++) {
    const seconds = end * i / TICKS;
    const at = Number(x(seconds));
    const words = `${(seconds / 60).toFixed(1)} min`;
    parts.push(text(at, top + PLOT.chart + 16, words, "middle"));
  }
  const line = points.map((it) => `${x(it.seconds)} ${y(it.value)}`).join("L");
  if (isLine && line) parts.push(`<path class="heard" d="M${line}"/>`);
  if (!isLine) {
    parts.push(
      ...points.map((it) =>
        `<circle class="round" cx="${x(it.seconds)}" cy="${
          y(it.value)
        }" r="3"/>`
      ),
    );
  }
  return parts.join("\n");
}

/** Multiples of a power of ten whose quarters are short numbers. */
const STEPS = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10];

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * STEPS.find((step) => step * power >= value)!;
}

function text(
  x: number,
  y: number,
  words: string,
  anchor = "start",
  isBold = false,
): string {
  const weight = isBold ? ' font-weight="bold"' : "";
  return `<text x="${px(x)}" y="${
    px(y)
  }" text-anchor="${anchor}"${weight}>${words}</text>`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
