import assert from "node:assert/strict";
import { EndpointsConnector } from "../../lib/client/endpoints_connector.ts";
import { OndacastError } from "../../lib/errors.ts";
import type { Transport } from "../../lib/ports/common.ts";
import { type Endpoint, placeOf } from "../../lib/model/server_address.ts";

const [A, B, C]: Endpoint[] = ["a", "b", "c"].map((host) => ({
  host,
  port: 4040,
}));

/** A world in which a server is at some places, and what was tried there. */
function setUp(there: Endpoint[], found?: Endpoint[], code = "unreachable") {
  const tried: string[] = [];
  const connector = new EndpointsConnector({
    endpoints: [A, B],
    open: (endpoint) => ({
      place: placeOf(endpoint),
      connect() {
        tried.push(endpoint.host);
        if (there.includes(endpoint)) return Promise.resolve({} as Transport);
        return Promise.reject(
          new OndacastError(code as "unreachable", `not at ${endpoint.host}`),
        );
      },
    }),
    ...(found && {
      lookUp: () => {
        tried.push("?");
        return Promise.resolve(found);
      },
    }),
  });
  return { connector, tried, there };
}

Deno.test("connect() tries one place after the other, and stays where it was", async () => {
  const { connector, tried } = setUp([B]);
  assert.equal(connector.place, "a:4040");
  await connector.connect();
  await connector.connect();
  assert.equal(connector.place, "b:4040");
  assert.equal(tried.join(), "a,b,b");
});

Deno.test("connect() looks a server up that is at no place, whatever is there", async () => {
  for (
    const code of [
      "unreachable",
      "not-ondacast",
      "tls-mismatch",
      "bad-certificate",
    ]
  ) {
    const { connector, tried } = setUp([C], [C], code);
    await connector.connect();
    assert.equal(connector.place, "c:4040");
    await connector.connect();
    assert.equal(tried.join(), "a,b,?,c,c");
  }
});

Deno.test("connect() throws what happened at the first place", async () => {
  for (const found of [undefined, [], [C]]) {
    const { connector } = setUp([], found);
    await assert.rejects(connector.connect(), { message: "not at a" });
    await assert.rejects(connector.connect(), { message: "not at a" });
  }
});

Deno.test("connect() stops at an error that another place cannot mend", async () => {
  const { connector, tried } = setUp([B], [C], "interrupted");
  await assert.rejects(connector.connect(), { code: "interrupted" });
  assert.equal(tried.join(), "a");
});

Deno.test("after avoid(), the server is looked up, and stays where it is", async () => {
  const { connector, tried } = setUp([A, C], [C]);
  await connector.connect();
  assert.equal(connector.avoid(), true);
  await connector.connect();
  await connector.connect();
  assert.equal(tried.join(), "a,?,c,c");
});

Deno.test("a place where another server is is seldom tried", async () => {
  const { connector, tried, there } = setUp([A], []);
  await connector.connect();
  connector.avoid();
  for (let i = 0; i < 8; i++) {
    await assert.rejects(connector.connect(), { code: "unreachable" });
  }
  assert.equal(tried.join(), `a${",?".repeat(8)}`);
  await connector.connect();
  assert.equal(tried.at(-1), "a");
  assert.deepEqual(there, [A]);
});

Deno.test("a server that was looked up, and is another, is nowhere else", async () => {
  const { connector, tried } = setUp([C], [C]);
  await connector.connect();
  assert.equal(connector.avoid(), false);
  await connector.connect();
  assert.equal(tried.join(), "a,b,?,c,a,b,?,c");
});

Deno.test("avoid() knows that a server that is not looked up is nowhere else", async () => {
  const { connector } = setUp([A]);
  await connector.connect();
  assert.equal(connector.avoid(), false);
});

/** A world of A and B, and of other servers of their cluster. */
function setUpOthers(there: string[], found?: Endpoint[]) {
  const tried: string[] = [];
  const connectorOf = (endpoint: Endpoint) => ({
    place: placeOf(endpoint),
    connect() {
      tried.push(endpoint.host);
      return there.includes(endpoint.host)
        ? Promise.resolve({} as Transport)
        : Promise.reject(new OndacastError("unreachable", "not there"));
    },
  });
  const connector = new EndpointsConnector({
    endpoints: [A, B],
    open: connectorOf,
    others: ({ also = [] }) =>
      also.map((host) => {
        const other = { host, port: 4040 };
        return { ...other, connector: connectorOf(other) };
      }),
    ...(found && {
      lookUp: () => {
        tried.push("?");
        return Promise.resolve(found);
      },
    }),
  });
  return { connector, tried, there };
}

Deno.test("other servers are asked in turn when none is at the places, and before it is looked up", async () => {
  const { connector, tried, there } = setUpOthers(["e"], [C]);
  connector.note({ also: ["a", "d", "e", "f"] });
  await connector.connect();
  assert.equal(tried.splice(0).join(), "a,b,d,e");
  assert.equal(connector.place, "e:4040");
  there.length = 0;
  await assert.rejects(connector.connect(), { code: "unreachable" });
  assert.equal(tried.join(), "e,a,b,f,d,e,?,c");
});

Deno.test("an attempt that ends early is followed by one that asks the others that are left", async () => {
  const { connector, tried } = setUpOthers([]);
  connector.note({ also: ["d", "e", "f"] });
  const end = new AbortController();
  const connecting = connector.connect(end.signal);
  while (tried.at(-1) !== "d") await Promise.resolve();
  end.abort();
  await assert.rejects(connecting);
  tried.length = 0;
  await assert.rejects(connector.connect());
  assert.equal(tried.join(), "a,b,e,f,d");
});
