import assert from "node:assert/strict";
import { isWritable } from "../../lib/cluster/bucket_servers.ts";

const SECOND_NS = 1e9;

/** What a leader of three servers says, and when it heard from the others. */
function said(
  leader: string | undefined,
  others: { seconds: number; offline?: boolean }[],
): boolean {
  const replicas = others.map(({ seconds, offline = false }, i) => ({
    ...{ name: `nats-${i + 1}`, current: true, offline, lag: 0 },
    active: seconds * SECOND_NS,
  }));
  const config = { num_replicas: 3 } as Parameters<typeof isWritable>[0][
    "config"
  ];
  return isWritable({ config, cluster: { name: "test", leader, replicas } });
}

Deno.test("a bucket can be written if its leader has heard from most of its servers", () => {
  assert.equal(said("nats-0", [{ seconds: 1 }, { seconds: 0.2 }]), true);
  assert.equal(said("nats-0", [{ seconds: 1 }, { seconds: 90 }]), true);
  assert.equal(
    said("nats-0", [{ seconds: 1 }, { seconds: 1, offline: true }]),
    true,
  );
});

Deno.test("a bucket cannot be written if its leader is cut off, or there is none", () => {
  assert.equal(said("nats-0", [{ seconds: 5 }, { seconds: 5 }]), false);
  assert.equal(
    said("nats-0", [{ seconds: 5 }, { seconds: 1, offline: true }]),
    false,
  );
  assert.equal(said(undefined, [{ seconds: 1 }, { seconds: 1 }]), false);
  assert.equal(said("", [{ seconds: 1 }, { seconds: 1 }]), false);
});

Deno.test("the bucket of a single NATS server can be written", () => {
  const config = { num_replicas: 1 } as Parameters<typeof isWritable>[0][
    "config"
  ];
  assert.equal(isWritable({ config, cluster: undefined }), true);
  const cluster = { name: "test", leader: "nats-0", replicas: [] };
  assert.equal(isWritable({ config, cluster }), true);
});
