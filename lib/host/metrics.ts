/**
 * The server's metrics in the text format 0.0.4 of Prometheus
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 *
 * @module
 */

import type { Counters, Lookups } from "../server/counters.ts";
import type { SongFiles } from "../io/songs/song_files.ts";
import { VERSION } from "../version.ts";
import { clusterFamilies, type ClusterNumbers } from "./cluster_metrics.ts";
import { counter, type Family, gauge, type Labels } from "./metric_family.ts";

export type { Family };

/** The content type of {@linkcode metricsText}. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** A snapshot of a running server. */
export interface ServerNumbers {
  counters: Counters;
  pages: Readonly<Lookups>;
  clients: number;
  plainListeners: number;
  songs: number;
  decoded: SongFiles["decoded"];
  loopDelay: LoopDelay;
  /** Undefined: it is alone. */
  cluster?: ClusterNumbers;
}

/** Renders all metrics. */
export function metricsText(numbers: ServerNumbers): string {
  return render(families(numbers));
}

/** All metrics, always the same families in the same order. */
export function families(numbers: ServerNumbers): Family[] {
  const { counters, pages, loopDelay } = numbers;
  const { traffic, sessions, plain, streams, uploads } = counters;
  const memory = Deno.memoryUsage();
  return [
    gauge("ondacast_info", "The version that runs.", "version", {
      [VERSION]: 1,
    }),
    gauge(
      "process_start_time_seconds",
      "When the process began, since 1970.",
      performance.timeOrigin / 1000,
    ),
    gauge(
      "process_resident_memory_bytes",
      "Memory of the process.",
      memory.rss,
    ),
    gauge("ondacast_heap_bytes", "Heap in use.", memory.heapUsed),
    gauge("ondacast_external_bytes", "Buffers in use.", memory.external),
    loopDelay.family(),
    gauge("ondacast_songs", "Songs in the folder.", numbers.songs),
    gauge("ondacast_clients", "Sessions now.", numbers.clients),
    gauge(
      "ondacast_listeners",
      "Streams to clients now.",
      counters.listeners,
    ),
    gauge(
      "ondacast_plain_listeners",
      "Plain streams now.",
      numbers.plainListeners,
    ),
    counter(
      "ondacast_sessions_total",
      "Sessions begun.",
      "transport",
      sessions,
    ),
    counter(
      "ondacast_plain_streams_total",
      "Plain streams begun.",
      plain.begun,
    ),
    counter("ondacast_sent_bytes_total", "Frames sent.", "port", {
      session: traffic.sentBytes,
      stream: plain.sentBytes,
    }),
    counter(
      "ondacast_received_bytes_total",
      "Frames received.",
      traffic.receivedBytes,
    ),
    counter(
      "ondacast_streams_started_total",
      "Streams to clients begun.",
      streams.started,
    ),
    counter(
      "ondacast_streams_ended_total",
      "Streams sent to their end.",
      streams.ended,
    ),
    counter(
      "ondacast_streams_stopped_total",
      "Streams stopped before their end.",
      streams.stopped,
    ),
    counter(
      "ondacast_uploads_total",
      "Uploads that ended.",
      "result",
      uploads,
    ),
    counter(
      "ondacast_casts_total",
      "Receivers that a song was cast to.",
      counters.casts,
    ),
    counter(
      "ondacast_errors_total",
      "Errors sent to clients, and lost connections.",
      "code",
      Object.fromEntries(counters.errors),
    ),
    counter(
      "ondacast_page_lookups_total",
      "Whether frames were in memory (hit) or had to be read (miss).",
      "result",
      { hit: pages.hits, miss: pages.misses },
    ),
    counter(
      "ondacast_decoded_segments_total",
      "Segments of songs that were decoded, or sent as silence instead.",
      "result",
      {
        decoded: numbers.decoded.segments,
        silent: numbers.decoded.silentSegments,
      },
    ),
    counter(
      "ondacast_damaged_sample_frames_total",
      "Sample frames sent as silence because their packets are damaged.",
      numbers.decoded.damagedFrames,
    ),
    counter(
      "ondacast_decoder_failures_total",
      "Decoders that failed and were replaced.",
      numbers.decoded.failures,
    ),
    ...(numbers.cluster ? clusterFamilies(numbers.cluster) : []),
  ];
}

/** Upper bounds of {@linkcode LoopDelay}'s buckets, in seconds. */
const DELAY_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1];

/**
 * How late timers fire, as a histogram: the delay that tasks cause each other.
 */
export class LoopDelay {
  readonly #counts: number[] = DELAY_BUCKETS.map(() => 0);
  #count = 0;
  #sumSeconds = 0;

  /** Records how late a timer fired, in seconds. */
  observe(delayMs: number): void {
    const seconds = Math.max(0, delayMs / 1000);
    this.#count++;
    this.#sumSeconds += seconds;
    DELAY_BUCKETS.forEach((bound, i) => {
      if (seconds <= bound) this.#counts[i]++;
    });
  }

  /** As it is rendered. */
  family(): Family {
    return {
      name: "ondacast_event_loop_delay_seconds",
      type: "histogram",
      help: "How late a timer fired, measured twice a second.",
      samples: [
        ...DELAY_BUCKETS.map((bound, i): Family["samples"][number] => [
          "_bucket",
          { le: String(bound) },
          this.#counts[i],
        ]),
        ["_bucket", { le: "+Inf" }, this.#count],
        ["_sum", {}, this.#sumSeconds],
        ["_count", {}, this.#count],
      ],
    };
  }
}

function render(families: Family[]): string {
  return families.map(({ name, type, help, samples }) =>
    `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n` +
    samples.map(([suffix, labels, value]) =>
      `${name}${suffix}${renderLabels(labels)} ${value}\n`
    ).join("")
  ).join("");
}

function renderLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) =>
    `${key}="${value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`
  );
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}
