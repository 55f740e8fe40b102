/**
 * Takes the pictures of the page in `docs/pictures/`, in a real browser with
 * a real server: `deno run -A .ci/page_pictures.ts`.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { PageServer, TestBrowser, until } from "../tests/support/browser.ts";
import { obedientDevice } from "../tests/support/obedient_device.ts";
import { recordShelf } from "../tests/support/record_shelf.ts";

const FOLDER = new URL("../docs/pictures/", import.meta.url);
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 800 };
/** Songs are about as long as usual. */
const SECONDS = 200;
const NAMED = `localStorage.setItem("ondacast.name", "Tablet");
  Date.prototype.getHours = () => 19;`;

await takePictures();
Deno.exit(); // What playwright and the sessions keep open is over.

async function takePictures(): Promise<void> {
  await using server = await PageServer.start(recordShelf(SECONDS), [
    ...["--name", "Home"],
  ]);
  await using browser = await TestBrowser.start({
    args: ["--autoplay-policy=no-user-gesture-required"],
  });
  const [kitchen] = await Promise.all(
    ["Kitchen", "Bath"].map((name) =>
      obedientDevice(server.ports.session, name)
    ),
  );
  for (
    const [name, viewport, colorScheme] of [
      ["page", DESK, "light"],
      ["page-dark", DESK, "dark"],
      ["page-phone", PHONE, "light"],
    ] as const
  ) {
    const songs = ["artist:The Warm Ups"];
    await kitchen.request({ type: "queue", to: ["Kitchen"], songs });
    const options = { viewport, colorScheme };
    const page = await browser.open(server.root, options, NAMED);
    await page.getByRole("button", { name: "Play Harbour Lights" }).first()
      .click();
    if (name === "page-phone") await page.locator(".player .now").click();
    await page.mouse.move(0, 0);
    await page.evaluate("scrollTo(0, 0)");
    await until(page, "document.querySelectorAll('.tile img').length > 8");
    await page.locator(".player").getByText("0:04")
      .waitFor({ state: "attached" });
    await page.screenshot({
      path: fromFileUrl(new URL(`${name}.png`, FOLDER)),
    });
    await page.context().close();
  }
}
