import assert from "node:assert/strict";
import { claimDevice, senderFile } from "../../../lib/io/disk/kept_device.ts";
import { TempFolder } from "../../support/programs.ts";

Deno.test("claimDevice() gives a sender of a song the same id again, but not two at once", async () => {
  await using folder = await TempFolder.make();
  const claim = (name: string) => claimDevice(folder.path, senderFile(name));
  let device: string;
  {
    using first = await claim("desk");
    using second = await claim("desk");
    using other = await claim("attic");
    ({ device } = first);
    const all = [first, second, other].map((it) => it.device);
    assert.equal(new Set(all).size, 3);
  }
  using again = await claim("desk");
  assert.equal(again.device, device);
});

Deno.test("senderFile() names few files, whatever songs are named", () => {
  const files = new Set(
    Array.from({ length: 1000 }, (_, i) => senderFile(`../${i}\0`)),
  );
  assert.ok(files.size <= 64);
  for (const file of files) assert.match(file, /^sender-\d+$/);
});
