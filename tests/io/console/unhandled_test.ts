import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { askRaw } from "../../support/http_request.ts";
import { MUSIC, RunningProgram, TempFolder } from "../../support/programs.ts";

const LIB = new URL("../../../lib/", import.meta.url).href;

/** Runs a few lines of code as a program. */
async function runCode(folder: TempFolder, code: string) {
  const file = folder.file("program.ts");
  await Deno.writeTextFile(file, code);
  const config = fromFileUrl(new URL("../../../deno.json", import.meta.url));
  return new RunningProgram(Deno.execPath(), [
    ...["run", "--quiet", "--no-check", "-A", "--config", config, file],
  ]);
}

/** The message of a program's unhandled error. */
async function trapOf(program: RunningProgram): Promise<string> {
  try {
    await program.ended();
  } catch (error) {
    return (error as Error).message;
  }
  assert.fail("Expected the trap to find it");
}

for (
  const [what, mishap] of [
    ["rejection", `Promise.reject(new Error("the mishap"));`],
    ["exception", `setTimeout(() => { throw new Error("the mishap"); });`],
  ]
) {
  Deno.test(`an unhandled ${what} ends a client with one line and exit code 1`, async () => {
    await using folder = await TempFolder.make();
    const program = await runCode(
      folder,
      `import { runProgram } from "${LIB}cli/run_program.ts";
       const work = () => { ${mishap} return new Promise(() => setInterval(() => {}, 1000)); };
       Deno.exit(await runProgram({ parseAsync: work }, []));`,
    );
    assert.match(
      await trapOf(program),
      /\ninternal: unhandled error: Error: the mishap[^\n]*\n$/,
    );
    assert.equal((await program.child.status).code, 1);
  });

  Deno.test(`a server logs an unhandled ${what} and continues`, async () => {
    await using folder = await TempFolder.make();
    const program = await runCode(
      folder,
      `import { serverProgram } from "${LIB}cli/server_program.ts";
       const serving = serverProgram([
         ..."--host 127.0.0.1 --port 0 --stream-port off --http-port 0".split(" "),
         "--music", ${JSON.stringify(MUSIC)},
       ]);
       const write = Deno.stdout.writeSync.bind(Deno.stdout);
       Deno.stdout.writeSync = (line) => {
         setTimeout(() => { ${mishap} });
         return write(line);
       };
       Deno.exit(await serving);`,
    );
    const [, ports] = await program.printed(/^listening (.*)\n/);
    await program.printed(
      /internal: unhandled error: "Error: the mishap/,
      "stderr",
    );
    const { status } = await askRaw(JSON.parse(ports).http, {
      path: "/healthz",
    });
    assert.equal(status, 200);
    program.child.kill("SIGTERM");
    await trapOf(program);
    if (Deno.build.os === "windows") return; // which has no such signal
    assert.equal((await program.child.status).code, 0);
  });
}

Deno.test("an unhandled rejection fails a test run", async () => {
  await using folder = await TempFolder.make();
  const file = folder.file("mishap_test.ts");
  await Deno.writeTextFile(
    file,
    `Deno.test("it works", async () => {
       setTimeout(() => { Promise.reject(new Error("the mishap")); });
       await new Promise((done) => setTimeout(done, 50));
     });`,
  );
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--quiet", "--no-check", file],
    ...{ stdout: "null", stderr: "null" },
  }).output();
  assert.equal(code, 1);
});

Deno.test("a socket that is reset once nobody listens to it any more is no failure", async () => {
  await using folder = await TempFolder.make();
  const program = await runCode(
    folder,
    `import { onUnhandled } from "${LIB}io/console/unhandled.ts";
     const told = [];
     onUnhandled((error) => told.push(error.message));
     const reset = Object.assign(new Error("read ECONNRESET"), {
       code: "ECONNRESET", syscall: "read",
     });
     setTimeout(() => { throw reset; });
     setTimeout(() => { throw new Error("the mishap"); }, 1);
     setTimeout(() => console.log(told.join()), 2);`,
  );
  await program.printed(/^the mishap\n/);
});
