/**
 * The statistics of the bench: medians, spread, and interleaved runs. Interleaving
 * (A B A B …) spreads disturbances evenly over all contenders.
 *
 * @module
 */

/** The median of the samples; NaN: there are none. */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) return NaN;
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Half the interquartile range, relative to the median; 0: there are no samples. */
export function spread(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))];
  const range = at(0.75) - at(0.25);
  return range === 0 ? 0 : range / 2 / median(samples);
}

/** A compared program. */
export interface Contender {
  who: string;
  /** Runs it once. Throws if it cannot run. */
  run(): Promise<number>;
}

/** Samples by contender, and why a contender has none. */
export interface Turns {
  samples: Map<string, number[]>;
  failed: Map<string, string>;
}

/** Runs all in interleaved rounds; a contender that fails is left out from then on. */
export async function inTurns(
  rounds: number,
  contenders: readonly Contender[],
): Promise<Turns> {
  const turns: Turns = { samples: new Map(), failed: new Map() };
  for (let round = 0; round < rounds; round++) {
    for (const { who, run } of contenders) {
      if (turns.failed.has(who)) continue;
      try {
        const samples = turns.samples.get(who) ?? [];
        samples.push(await run());
        turns.samples.set(who, samples);
      } catch (error) {
        turns.failed.set(who, (error as Error).message);
      }
    }
  }
  return turns;
}
