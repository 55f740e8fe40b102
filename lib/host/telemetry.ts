/**
 * OpenTelemetry, by Deno's own support: exports the server's metrics and log to
 * where the `OTEL_…` variables point.
 *
 * @module
 */

import type { Family } from "./metrics.ts";

/**
 * The part of OpenTelemetry's metrics API in use, which Deno leaves untyped.
 */
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
 * Whether Deno was started with `OTEL_DENO=true`. A compiled program fixes this
 * at compile time and panics on a metric without it (Deno 2.6), so those are
 * never observed.
 */
export function isObserved(): boolean {
  return !Deno.build.standalone &&
    ["true", "1"].includes(Deno.env.get("OTEL_DENO") ?? "");
}

/**
 * Exports the metrics under the names that Prometheus sees.
 *
 * @param numbers Called for each export. Always the same families.
 */
export function exportMetrics(numbers: () => Family[]): void {
  const { meterProvider } = Deno.telemetry;
  const meter = meterProvider.getMeter("ondacast") as Meter;
  const instruments = new Map<string, Instrument>();
  for (const { name, type, help } of numbers()) {
    const about = { description: help };
    if (type === "gauge") {
      instruments.set(name, meter.createObservableGauge(name, about));
    } else if (type === "counter") {
      instruments.set(name, meter.createObservableCounter(name, about));
    } else { // A histogram can only be exported by observing each value.
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
 * Exports a line of the log. Deno takes it from the console, which also prints
 * it on stderr unless `OTEL_DENO_CONSOLE=replace`.
 */
export function printLine(line: string, isError: boolean): void {
  // Only these two severities reach stderr.
  // deno-lint-ignore no-console
  const print = isError ? console.error : console.warn;
  print(line.trimEnd());
}
