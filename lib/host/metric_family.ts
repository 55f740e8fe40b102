/**
 * A metric of Prometheus, and its kinds.
 *
 * @module
 */

export type Labels = Record<string, string>;

/** A metric, with one sample per set of labels. */
export interface Family {
  name: string;
  type: "counter" | "gauge" | "histogram";
  help: string;
  /** Name suffix, labels and value of each sample. */
  samples: [suffix: string, labels: Labels, value: number][];
}

/** One value, or one for each value of a label. */
type Values = [value: number] | [
  label: string,
  values: Readonly<Record<string, number>>,
];

export function gauge(name: string, help: string, ...values: Values): Family {
  return { name, type: "gauge", help, samples: samplesOf(values) };
}

export function counter(name: string, help: string, ...values: Values): Family {
  return { name, type: "counter", help, samples: samplesOf(values) };
}

function samplesOf(values: Values): Family["samples"] {
  if (values.length === 1) return [["", {}, values[0]]];
  const [label, all] = values;
  return Object.entries(all).map((
    [key, value],
  ) => ["", { [label]: key }, value]);
}
