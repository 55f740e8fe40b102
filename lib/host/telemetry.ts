/**
 * OpenTelemetry, by Deno's own support: it sends what it is told, to where the
 * `OTEL_…` variables say. Here it is told the server's numbers and its log.
 *
 * @module
 */

import type { Family } from "./metrics.ts";

/** What is used of OpenTelemetry's metrics API, which Deno leaves untyped. */
interface Meter {
  createObservableCounter(name: string, about: About): Instrument;
  createObservableGauge(name: string, about: About): Instrument;
  addBatchObservableCallback(
    callback: (result: BatchResult) => void,
    instruments: Instrument[],
  ): void;
}

interface About {
  description: string;
}

/** Opaque. */
type Instrument = Record<never, never>;

interface BatchResult {
  observe(
    instrument: Instrument,
    value: number,
    labels: Record<string, string>,
  ): void;
}

/**
 * Whether Deno was started with `OTEL_DENO=true`. A compiled program is told
 * when it is compiled, and ends with a panic where it is asked for what was
 * left out then (Deno 2.6), so those are never observed.
 */
export function isObserved(): boolean {
  return !Deno.build.standalone &&
    ["true", "1"].includes(Deno.env.get("OTEL_DENO") ?? "");
}

/**
 * Has the numbers sent, by the names that Prometheus sees.
 *
 * @param numbers Called each time they are sent. Always the same families.
 */
export function tellNumbers(numbers: () => Family[]): void {
  const { meterProvider } = Deno.telemetry;
  const meter = meterProvider.getMeter("ondacast") as Meter;
  const instruments = new Map<string, Instrument>();
  for (const { name, type, help } of numbers()) {
    const about = { description: help };
    if (type === "gauge") {
      instruments.set(name, meter.createObservableGauge(name, about));
    } else if (type === "counter") {
      instruments.set(name, meter.createObservableCounter(name, about));
    } else { // Only whoever observes each value can send a histogram's buckets.
      for (const part of [`${name}_sum`, `${name}_count`]) {
        instruments.set(part, meter.createObservableCounter(part, about));
      }
    }
  }
  meter.addBatchObservableCallback((result) => {
    for (const { name, samples } of numbers()) {
      for (const [suffix, labels, value] of samples) {
        const instrument = instruments.get(name + suffix);
        if (instrument) result.observe(instrument, value, labels);
      }
    }
  }, [...instruments.values()]);
}

/**
 * Has a line of the log sent. Deno takes it from the console, where it shows
 * on stderr as well unless `OTEL_DENO_CONSOLE=replace`.
 */
export function tellLine(line: string, isError: boolean): void {
  // Of what goes to stderr only these two severities can be told.
  // deno-lint-ignore no-console
  const tell = isError ? console.error : console.warn;
  tell(line.trimEnd());
}
