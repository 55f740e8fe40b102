import assert from "node:assert/strict";
import { HttpApi } from "../../lib/host/http_api.ts";
import { checkRequest } from "../../lib/wire/request_codec.ts";
import { MemoryServer } from "../support/memory_server.ts";

const PAGE = await Deno.readTextFile(
  new URL("../../docs/scripting.md", import.meta.url),
);

Deno.test("the messages of Home Assistant in docs/scripting.md are those of the API", () => {
  const data: Record<string, string> = {
    ...{ device: "kitchen", songs: "album:Demo", action: "pause" },
  };
  const commands = PAGE.matchAll(
    /\/api\/(\w+)"\n[^]*?payload: '(.*)'\n/g,
  );
  const types = [...commands].map(([, type, template]) => {
    const payload = template.replaceAll(
      /\{\{ (\w+) \| to_json \}\}/g,
      (_, name) => JSON.stringify(data[name]),
    );
    checkRequest({ type, fields: JSON.parse(payload) });
    return type;
  });
  assert.deepEqual(types, ["queue", "control"]);
});

const CURL = await isThere("curl") && await isThere("sh");

Deno.test({
  name: "the shell script in docs/scripting.md prints the answer of the server",
  ignore: !CURL,
  async fn() {
    const [, script] = /```sh\n(#!\/bin\/sh\n[^]*?)```/.exec(PAGE)!;
    const server = new MemoryServer();
    const asked: unknown[] = [];
    await using http = Deno.serve({
      ...{ hostname: "127.0.0.1", port: 0, onListen() {} },
    }, async (request) => {
      const bytes = await request.bytes();
      asked.push(JSON.parse(new TextDecoder().decode(bytes)));
      const { body, status } = await new HttpApi({
        ...{ hub: server.hub, songs: { size: 0 } },
        rescan: () => Promise.resolve(),
      }).answer({
        ...{ method: "POST", path: "", query: new URLSearchParams() },
        ...{ host: "", headers: new Map(request.headers), keepsAlive: true },
        ...{ ip: "127.0.0.1", tail: new URL(request.url).pathname.slice(5) },
        ...{
          bodyBytes: bytes.length,
          awaitsContinue: false,
          isOver: () => false,
        },
        readBody: () => Promise.resolve(bytes),
      });
      return new Response(body as Uint8Array<ArrayBuffer>, { status });
    });
    const { code, stdout } = await new Deno.Command("sh", {
      args: ["-c", script, "play.sh", 'the "kitchen"', "album:Demo"],
      env: { ONDACAST_HTTP: `http://127.0.0.1:${http.addr.port}` },
    }).output();
    assert.deepEqual(asked, [{
      to: 'the "kitchen"',
      songs: ["album:Demo"],
    }]);
    assert.equal(code, 22);
    assert.match(new TextDecoder().decode(stdout), /"code":"not-found"/);
  },
});

async function isThere(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"] }).output())
      .code < 128;
  } catch {
    return false;
  }
}
