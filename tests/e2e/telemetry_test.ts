import assert from "node:assert/strict";
import { readMetrics } from "../support/http_request.ts";
import { MUSIC, RunningProgram, serverCommand } from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";

/** Compiled programs leave OpenTelemetry out. */
const needsSources = {
  ignore: Deno.env.get("ONDACAST_BINARIES") !== undefined,
};

/** A collector of OTLP/HTTP in JSON that keeps all metrics and logs. */
class Collector implements AsyncDisposable {
  readonly logs: string[] = [];
  /** Metric name with labels → latest value. */
  readonly numbers = new Map<string, number>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #changed = Promise.withResolvers<void>();

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async (request) => {
        // deno-lint-ignore no-explicit-any
        const body: any = await request.json();
        for (const { scopeLogs } of body.resourceLogs ?? []) {
          for (const { logRecords } of scopeLogs) this.#takeLogs(logRecords);
        }
        for (const { scopeMetrics } of body.resourceMetrics ?? []) {
          for (const { metrics } of scopeMetrics) this.#takeNumbers(metrics);
        }
        this.#changed.resolve();
        this.#changed = Promise.withResolvers();
        return Response.json({});
      },
    );
  }

  /** The environment of a program with telemetry. */
  get env(): Record<string, string> {
    return {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${this.#server.addr.port}`,
      OTEL_METRIC_EXPORT_INTERVAL: "50",
      OTEL_BLRP_SCHEDULE_DELAY: "50",
    };
  }

  /** Waits until the received telemetry meets a condition. */
  async until(isSo: (collector: this) => boolean): Promise<void> {
    while (!isSo(this)) await this.#changed.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  #takeLogs(records: { body: { stringValue: string } }[]): void {
    for (const { body } of records) this.logs.push(body.stringValue);
  }

  // deno-lint-ignore no-explicit-any
  #takeNumbers(metrics: any[]): void {
    for (const { name, sum, gauge } of metrics) {
      for (const point of (sum ?? gauge)?.dataPoints ?? []) {
        const labels = point.attributes.map((
          { key, value }: { key: string; value: { stringValue: string } },
        ) => `${key}="${value.stringValue}"`);
        const full = labels.length > 0 ? `${name}{${labels.join(",")}}` : name;
        this.numbers.set(full, point.asDouble ?? Number(point.asInt));
      }
    }
  }
}

function serve(collector: Collector, words: string[] = []) {
  return new RunningProgram(
    ...serverCommand([
      ...["--host", "127.0.0.1", "--port", "0", "--http-port", "0"],
      ...["--stream-port", "off", "--music", MUSIC, ...words],
    ]),
    { env: collector.env },
  );
}

Deno.test(
  "server exports the same metrics to OpenTelemetry as to Prometheus",
  needsSources,
  async () => {
    await using collector = new Collector();
    await using program = serve(collector);
    const [, ports] = await program.printed(/^listening (.*)\n/);
    const { session: port, http } = JSON.parse(ports);
    const sessions = [await openSession(port), await openSession(port)];
    await sessions[0].request({ type: "list" });
    await assert.rejects(
      sessions[0].request({ type: "play", song: "nothing" }),
    );
    const clients = ({ numbers }: Collector) =>
      numbers.get("ondacast_clients") === 2 &&
      numbers.get('ondacast_errors_total{code="not-found"}') === 1;
    await collector.until(clients);
    const { numbers } = collector;
    assert.equal(numbers.get('ondacast_sessions_total{transport="tcp"}'), 2);
    assert.equal(numbers.get("ondacast_songs"), 3);
    for (const session of sessions) session.close();
    await collector.until(() => numbers.get("ondacast_clients") === 0);
    for (const name of (await readMetrics(http)).keys()) {
      if (!name.includes("_bucket")) assert.ok(numbers.has(name), name);
    }
  },
);

Deno.test(
  "server exports its log to OpenTelemetry, and prints no more on stdout",
  needsSources,
  async () => {
    await using collector = new Collector();
    await using program = serve(collector, ["--log", "json"]);
    const [, ports] = await program.printed(/^listening (.*)\n/);
    const session = await openSession(JSON.parse(ports).session);
    session.close();
    await collector.until(({ logs }) => logs.some((line) => /ends/.test(line)));
    const begins = collector.logs.find((line) => /begins/.test(line))!;
    const { message, properties } = JSON.parse(begins);
    assert.match(message, /session 1 from .*127\.0\.0\.1:\d+/);
    assert.equal(properties.id, 1);
    assert.match(program.stderr, /begins/);
    assert.match(program.stdout, /^listening [^\n]*\n$/);
  },
);

Deno.test("server works normally when OpenTelemetry is enabled without a collector", async () => {
  const collector = new Collector();
  const { env } = collector;
  await collector[Symbol.asyncDispose]();
  await using program = new RunningProgram(
    ...serverCommand([
      ...["--host", "127.0.0.1", "--port", "0", "--http-port", "off"],
      ...["--stream-port", "off", "--music", MUSIC],
    ]),
    { env },
  );
  const [, ports] = await program.printed(/^listening (.*)\n/);
  const session = await openSession(JSON.parse(ports).session);
  await session.request({ type: "list" });
  session.close();
  await program.printed(/session .* ends/, "stderr");
});
