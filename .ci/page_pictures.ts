/**
 * Takes the pictures of the page in `docs/pictures/`, in a real browser with
 * a real server: `deno run -A .ci/page_pictures.ts`.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { PageServer, TestBrowser } from "../tests/support/browser.ts";
import { openSession } from "../tests/support/sessions.ts";

const FOLDER = new URL("../docs/pictures/", import.meta.url);
const DESK = { width: 1240, height: 700 };
const PHONE = { width: 390, height: 720 };

await takePictures();
Deno.exit(); // What playwright and the sessions keep open is over.

async function takePictures(): Promise<void> {
  await using server = await PageServer.start();
  await using browser = await TestBrowser.start({
    args: ["--autoplay-policy=no-user-gesture-required"],
  });
  const [kitchen] = await Promise.all([
    openSession(server.ports.session, { name: "kitchen", receive: true }),
    openSession(server.ports.session, { name: "bath", receive: true }),
  ]);
  for (
    const [name, viewport, colorScheme] of [
      ["page", DESK, "light"],
      ["page-dark", DESK, "dark"],
      ["page-phone", PHONE, "light"],
    ] as const
  ) {
    await kitchen.request({ type: "play", song: "ode to joy", from: 2 });
    const page = await browser.open(server.url, { viewport, colorScheme });
    await page.getByRole("button", { name: "Play Canon in D", exact: true })
      .click();
    await page.mouse.move(0, 0);
    await page.locator(".player").getByText("0:04")
      .waitFor({ state: "attached" });
    await page.screenshot({
      path: fromFileUrl(new URL(`${name}.png`, FOLDER)),
    });
    await page.context().close();
  }
}
