/**
 * How far apart rooms were over time, a chart for each run, as a self-contained
 * SVG.
 *
 * @module
 */

/** One run: milliseconds apart, twice a second; null: not the same sound. */
export interface Curve {
  who: string;
  skews: (number | null)[];
}

const PLOT = { width: 420, height: 120, left: 56, top: 30, gap: 44 };
/** What is further apart is drawn at the edge. */
const MOST_MS = 1;
const COLORS: Record<string, string> = {
  Ondacast: "#1f77b4",
  Snapcast: "#d62728",
};

/** Two charts in a row. */
export function stepPicture(curves: readonly Curve[]): string {
  const rows = Math.ceil(curves.length / 2);
  const width = PLOT.left + 2 * (PLOT.width + PLOT.gap);
  const height = rows * (PLOT.height + PLOT.top + 30);
  const charts = curves.map((curve, i) => {
    const x = PLOT.left + (i % 2) * (PLOT.width + PLOT.gap);
    const y = PLOT.top + Math.floor(i / 2) * (PLOT.height + PLOT.top + 30);
    return `<g transform="translate(${x} ${y})">${chart(curve)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${height}" fill="#fff"/>
${charts.join("\n")}
</svg>
`;
}

function chart({ who, skews }: Curve): string {
  const known = skews.filter((it) => it !== null).map(Math.abs)
    .sort((a, b) => a - b);
  const at = (part: number) =>
    known[Math.floor(part * (known.length - 1))]?.toFixed(2) ?? "–";
  const title = `${who}: median ${at(0.5)}, 95 % ${at(0.95)}, worst ${
    at(1)
  } ms`;
  const grid = [-1, -0.5, 0, 0.5, 1].map((ms) =>
    `<path d="M0 ${y(ms)}h${PLOT.width}" stroke="#ddd"/>` +
    `<text x="-6" y="${y(ms) + 4}" text-anchor="end">${ms} ms</text>`
  );
  let line = "";
  for (const [i, ms] of skews.entries()) {
    if (ms === null) continue;
    const x = i * PLOT.width / skews.length;
    const isNew = line === "" || skews[i - 1] === null;
    line += `${isNew ? "M" : "L"}${x.toFixed(1)} ${y(ms).toFixed(1)}`;
  }
  const minutes = (skews.length / 120).toFixed(0);
  return `<text y="-10" font-weight="bold">${title}</text>${grid.join("")}` +
    `<path d="${line}" fill="none" stroke="${
      COLORS[who.split(",")[0]] ?? "#888"
    }" stroke-width="1.5"/>` +
    `<text x="${PLOT.width}" y="${
      PLOT.height + 16
    }" text-anchor="end">${minutes} min</text>`;
}

function y(ms: number): number {
  const most = Math.max(-MOST_MS, Math.min(MOST_MS, ms));
  return PLOT.height / 2 * (1 - most / MOST_MS);
}
