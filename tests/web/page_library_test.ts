import { becomes, browserTest, PageServer } from "../support/browser.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { recordShelf } from "../support/record_shelf.ts";

const PLAYLIST = "Clara Weiss/Harbour Lights/01 Low Tide.wav\n";
const encode = (text: string) => new TextEncoder().encode(text);

browserTest(
  "albums and songs keep their order over the way back, and the newest are shown as such",
  async (browser) => {
    await using server = await PageServer.start(recordShelf(2));
    const page = await browser.open(`${server.root}#/albums`, {
      viewport: { width: 1280, height: 800 },
    });
    const order = page.getByLabel("Order");
    const titles = page.locator(".tile .title");
    await order.selectOption("By year");
    await becomes(() => titles.first().innerText(), "Unlabelled Tapes");
    await titles.first().click();
    await page.getByRole("heading", { name: "Unlabelled Tapes" }).waitFor();
    await page.goBack();
    await becomes(() => titles.first().innerText(), "Unlabelled Tapes");
    await becomes(() => order.inputValue(), "year");

    await page.getByRole("link", { name: "Songs", exact: true }).click();
    await order.selectOption("By title");
    await page.getByRole("link", { name: "Artists" }).click();
    await page.getByRole("heading", { name: "Artists" }).waitFor();
    await page.goBack();
    await becomes(() => order.inputValue(), "title");

    await page.getByRole("link", { name: "Home" }).click();
    await page.getByRole("link", { name: "Show all: Recently added" }).click();
    await becomes(() => order.inputValue(), "added");
  },
);

for (const place of ["#/home", "#/albums", "a search", "an artist"]) {
  browserTest(
    `an album in ${place} can be queued from its tile, by keys`,
    async (browser) => {
      await using server = await PageServer.start(recordShelf(2));
      const isAddress = place.startsWith("#");
      const page = await browser.open(
        server.root + (isAddress ? place : "#/artists"),
      );
      if (place === "a search") {
        await page.getByLabel("Search songs").fill("harbour");
      } else if (place === "an artist") {
        await page.getByRole("link", { name: /Clara Weiss/ }).click();
      }
      const tile = page.locator("main .tile", { hasText: "Harbour Lights" })
        .first();
      const more = tile.getByRole("button", {
        name: "More for Harbour Lights",
      });
      const opacity = () =>
        page.evaluate<string>(`getComputedStyle(
          document.activeElement.parentElement.querySelector(".more"),
        ).opacity`);
      await more.waitFor();
      await tile.getByRole("link").focus();
      await becomes(opacity, "1");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      const menu = page.getByRole("dialog", { name: "Harbour Lights" });
      await becomes(
        () => menu.getByRole("button").allInnerTexts(),
        ["Play", "Play next", "Add to queue", "Play on…"],
      );
      await menu.getByRole("button", { name: "Add to queue" }).press("Enter");
      await page.getByText("Queued:").waitFor();
    },
  );
}

browserTest(
  "a search finds playlists and folders, too, whatever their accents",
  async (browser) => {
    await using server = await PageServer.start({
      ...recordShelf(2),
      "Frühstück am Sonntag.m3u8": encode(PLAYLIST),
    });
    const page = await browser.open(server.root);
    const found = page.locator("main");
    await page.getByLabel("Search songs").fill("sonntag fruh");
    const list = found.getByRole("list", { name: "Playlists" });
    await list.getByRole("link", { name: /Frühstück am Sonntag/ }).waitFor();
    await page.getByLabel("Search songs").fill("jorg");
    await found.getByRole("list", { name: "Artists" }).getByRole("link")
      .waitFor();
    await found.getByRole("list", { name: "Folders" }).getByRole("link")
      .waitFor();
    await page.getByLabel("Search songs").fill("zzz");
    await found.getByText("Nothing found").waitFor();

    await page.goto(`${server.root}#/folders/gone`);
    await found.getByText("no longer on the server").waitFor();
    await found.getByRole("link", { name: "Show all" }).click();
    await found.getByRole("link", { name: /Clara Weiss/ }).waitFor();
  },
);

browserTest(
  "what was found goes with its song, and comes back with it",
  async (browser) => {
    await using server = await PageServer.start({
      "found/needle.wav": wavFile(PHONE, noise(800, 1)),
      "hay.wav": wavFile(PHONE, noise(800, 2)),
    });
    const page = await browser.open(server.url);
    await page.getByLabel("Search songs").fill("needle");
    const songs = () => page.locator("main .song").count();
    await becomes(songs, 1);
    await page.getByRole("button", { name: "More for needle" }).click();
    await page.getByRole("button", { name: "Remove from server" }).click();
    await page.locator("main").getByText("Nothing found").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await becomes(songs, 1);
  },
);

browserTest(
  "a search that is made while the server is away finds once it is back",
  async (browser) => {
    await using server = await PageServer.start({
      "needle.wav": wavFile(PHONE, noise(800, 1)),
      "hay.wav": wavFile(PHONE, noise(800, 2)),
    });
    const page = await browser.open(server.url);
    const songs = () => page.locator("main .song").count();
    await becomes(songs, 2);
    await using _ = await server.restart(async () => {
      await page.getByText("the server is away").waitFor();
      await page.getByLabel("Search songs").fill("needle");
      await page.waitForURL(/#\/search/);
    });
    await becomes(songs, 1);
  },
);

browserTest(
  "the way back leads to the same place in a list of many albums",
  async (browser) => {
    const songs = Object.fromEntries(
      Array.from(
        { length: 260 },
        (_, i) => [`Album ${i}/1.wav`, wavFile(PHONE, noise(800, i))],
      ),
    );
    await using server = await PageServer.start(songs);
    const page = await browser.open(`${server.root}#/albums`, {
      viewport: { width: 1280, height: 800 },
    });
    const last = page.getByRole("link", { name: "Album 259" });
    await becomes(async () => {
      await page.evaluate("scrollTo(0, 1e6)");
      return await last.count();
    }, 1);
    const place = () => page.evaluate<number>("Math.round(scrollY)");
    await becomes(async () => {
      await page.evaluate("scrollTo(0, 1e6)");
      return await page.evaluate(
        "scrollY + innerHeight + 1 > document.documentElement.scrollHeight",
      );
    }, true);
    const before = await place();
    await last.focus();
    await becomes(place, before);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Album 259" }).waitFor();
    await page.goBack();
    await becomes(place, before);
    await last.waitFor();
  },
);
