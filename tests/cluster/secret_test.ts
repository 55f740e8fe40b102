import assert from "node:assert/strict";
import { ClusterSecret, isSameProof } from "../../lib/cluster/secret.ts";

const of = (name: string, digit: string) => ({
  ...{ name, address: `${name}:4040`, random: digit.repeat(64) },
});
const MEETING = {
  ...{ client: of("a", "1"), server: of("b", "2"), clock: "this run" },
};

Deno.test("a proof depends on the secret, the cluster, the side and all that both said", () => {
  const secret = new ClusterSecret("secret", "home");
  const proof = secret.proof("client", MEETING);
  const { client, server, clock } = MEETING;
  const others = [
    secret.proof("server", MEETING),
    new ClusterSecret("other", "home").proof("client", MEETING),
    new ClusterSecret("secret", "office").proof("client", MEETING),
    secret.proof("client", { client: server, server: client, clock }),
    secret.proof("client", { ...MEETING, clock: "another run" }),
    ...["name", "address", "random"].flatMap((field) => [
      secret.proof("client", {
        ...MEETING,
        client: { ...client, [field]: "x" },
      }),
      secret.proof("client", {
        ...MEETING,
        server: { ...server, [field]: "x" },
      }),
    ]),
  ];
  assert.equal(new Set([proof, ...others]).size, others.length + 1);
  assert.equal(
    proof,
    new ClusterSecret("secret", "home").proof("client", MEETING),
  );
  assert.ok(isSameProof(proof, proof));
  assert.ok(!isSameProof(proof, others[0]));
  assert.ok(!isSameProof(proof, ""));
});
