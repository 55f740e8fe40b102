import assert from "node:assert/strict";
import {
  becomes,
  browserTest,
  type Page,
  PageServer,
} from "../support/browser.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { obedientDevice } from "../support/obedient_device.ts";
import { openSession } from "../support/sessions.ts";

/** The shape of the icon in a card of the rooms. */
const iconOf = (page: Page, name: string) =>
  page.locator(".room", {
    has: page.getByRole("heading", { name, exact: true }),
  }).locator(".name > .icon path").getAttribute("d");

browserTest(
  "a room's icon says what it is, and one of no known kind is a speaker",
  async (browser) => {
    await using server = await PageServer.start({});
    const { session: port } = server.ports;
    const rooms = await Promise.all([
      obedientDevice(port, "Desk", "computer"),
      obedientDevice(port, "Pocket", "phone"),
      obedientDevice(port, "Sofa", "tablet"),
      obedientDevice(port, "Den", "tv"),
      obedientDevice(port, "Hall", "speaker"),
      obedientDevice(port, "Attic"),
      obedientDevice(port, "Garden", "phone"),
      obedientDevice(port, "Terrace", "phone"),
    ]);
    await rooms[0].request({ type: "group", devices: ["Garden", "Terrace"] });
    const page = await browser.open(`${server.root}#/rooms`);
    const icons = new Map<string, string | null>();
    for (
      const room of ["Desk", "Pocket", "Sofa", "Den", "Hall", "Garden, Terrace"]
    ) {
      icons.set(room, await iconOf(page, room));
    }
    assert.equal(new Set(icons.values()).size, icons.size);
    assert.equal(await iconOf(page, "Attic"), icons.get("Hall"));
    for (const it of rooms) it.close();
  },
);

browserTest(
  "a page is what its browser runs on",
  async (browser) => {
    await using server = await PageServer.start({});
    const session = await openSession(server.ports.session);
    const kinds = async () => {
      const { clients } = await session.request({ type: "online" });
      return clients.filter(({ receiving }) => receiving)
        .map(({ kind }) => kind).sort();
    };
    await browser.open(`${server.root}#/rooms`);
    await becomes(kinds, ["computer"]);
    const phone = { width: 390, height: 844 };
    await browser.open(server.root, {
      ...{ isMobile: true, hasTouch: true, viewport: phone, screen: phone },
    });
    await becomes(kinds, ["computer", "phone"]);
    session.close();
  },
);

browserTest(
  "a browser is of the kind that its person chooses, also once it is opened again",
  async (browser) => {
    await using server = await PageServer.start({
      "a.wav": wavFile(PHONE, noise(800)),
    });
    const session = await openSession(server.ports.session);
    const shown = async () => {
      const { clients } = await session.request({ type: "online" });
      return clients.filter(({ receiving }) => receiving)
        .map(({ name, kind }) => ({ name, kind }));
    };
    const page = await browser.open(server.root);
    await page.getByText("What should this browser be called?").click();
    const dialog = page.getByRole("dialog");
    const kind = dialog.getByLabel("Kind of device");
    assert.equal(await kind.inputValue(), "computer");
    await kind.selectOption("Television");
    await dialog.getByLabel("Name", { exact: true }).fill("Den");
    await dialog.getByRole("button", { name: "Save" }).click();
    await becomes(shown, [{ name: "Den", kind: "tv" }]);
    await page.reload();
    await becomes(shown, [{ name: "Den", kind: "tv" }]);
    await page.goto(`${server.root}#/rooms`);
    const card = page.getByLabel("Kind of device");
    await becomes(() => card.inputValue(), "tv");
    await card.selectOption("Speaker");
    await becomes(shown, [{ name: "Den", kind: "speaker" }]);
    session.close();
  },
);
