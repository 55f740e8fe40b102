import assert from "node:assert/strict";
import {
  becomes,
  browserTest,
  type Page,
  PageServer,
  until,
} from "../support/browser.ts";
import { openSession } from "../support/sessions.ts";
import { seen } from "../support/seen.ts";

/** Waits for a number of online tabs. @returns Their keys. */
async function keys(server: PageServer, count: number): Promise<string[]> {
  const session = await openSession(server.ports.session);
  const tabs = await seen(
    `${count} tabs`,
    async () => {
      const { clients } = await session.request({ type: "online" });
      return clients.filter(({ receiving }) => receiving);
    },
    ({ length }) => length === count,
  );
  session.close();
  return tabs.map(({ key }) => key).sort();
}

async function openTab(
  page: Page,
  url: string,
  script?: string,
): Promise<Page> {
  const tab = await page.context().newPage();
  if (script !== undefined) await tab.addInitScript(script);
  await tab.goto(url);
  await tab.locator(".status.online").waitFor();
  return tab;
}

for (const locks of [true, false]) {
  browserTest(
    `a tab stays the same device after a reload and a restart, and another tab is another device, ${
      locks ? "with" : "without"
    } locks`,
    async (browser) => {
      await using server = await PageServer.start({});
      const blank = await browser.open("about:blank");
      if (!locks) {
        // as on a page over plain HTTP from another machine
        await blank.context().addInitScript(
          "Object.defineProperty(navigator, 'locks', { value: undefined })",
        );
      }
      let one = await openTab(blank, server.url);
      const [first] = await keys(server, 1);
      for (let i = 0; i < 3; i++) {
        await one.reload();
        await one.locator(".status.online").waitFor();
        assert.deepEqual(await keys(server, 1), [first]);
      }
      const two = await openTab(blank, server.url);
      const both = await keys(server, 2);
      assert.ok(both.includes(first));
      assert.notEqual(both[0], both[1]);
      // Each keeps its device even if both are reloaded at the same time.
      await Promise.all([one.reload(), two.reload()]);
      await one.locator(".status.online").waitFor();
      await two.locator(".status.online").waitFor();
      assert.deepEqual(await keys(server, 2), both);

      await one.close();
      await two.close();
      await keys(server, 0);
      one = await openTab(blank, server.url);
      assert.deepEqual(await keys(server, 1), [first]);
      // A duplicated tab copies the session storage, but is another device.
      const [copy] = await Promise.all([
        blank.context().waitForEvent("page"),
        one.evaluate("open(location.href)"),
      ]);
      await copy.locator(".status.online").waitFor();
      await one.locator(".status.online").waitFor();
      assert.deepEqual(await keys(server, 2), both);
    },
  );
}

/** Without locks; what other tabs say is heard once `hear()` is called. */
const DEAF = `
  Object.defineProperty(navigator, "locks", { value: undefined });
  const { set } = Object.getOwnPropertyDescriptor(
    BroadcastChannel.prototype,
    "onmessage",
  );
  Object.defineProperty(BroadcastChannel.prototype, "onmessage", {
    set(listener) {
      const unheard = [];
      set.call(this, (event) => unheard.push(event));
      globalThis.hear = () => {
        for (const event of unheard.splice(0)) listener(event);
        set.call(this, listener);
      };
    },
  });`;

browserTest(
  "a tab that hears too late that another one has its device's id yields, and both go on",
  async (browser) => {
    await using server = await PageServer.start({});
    const blank = await browser.open("about:blank", {}, DEAF);
    const one = await openTab(blank, server.url, DEAF);
    const [first] = await keys(server, 1);
    // It takes the id of the other one, which is disconnected.
    const two = await openTab(blank, server.url, DEAF);
    await one.getByRole("button", { name: "Connect again" }).waitFor();
    assert.deepEqual(await keys(server, 1), [first]);
    await one.evaluate("hear()");
    await two.evaluate("hear()");
    const both = await keys(server, 2);
    await one.locator(".status.online").waitFor();
    await two.locator(".status.online").waitFor();
    assert.ok(both.includes(first));
    const number = (page: Page) =>
      page.evaluate('sessionStorage.getItem("ondacast.device")');
    assert.deepEqual([await number(one), await number(two)], ["1", "2"]);
  },
);

browserTest(
  "two tabs without a name are told apart; a name that the user chose stays",
  async (browser) => {
    await using server = await PageServer.start({});
    const session = await openSession(server.ports.session);
    const names = async () => {
      const { clients } = await session.request({ type: "online" });
      return clients.filter(({ receiving }) => receiving)
        .map(({ name }) => name).sort();
    };
    const blank = await browser.open("about:blank");
    await openTab(blank, server.url);
    const two = await openTab(blank, server.url);
    await becomes(names, ["Chrome on Linux", "Chrome on Linux (2)"]);
    await two.evaluate('localStorage.setItem("ondacast.name", "Desk")');
    await two.reload();
    await becomes(names, ["Chrome on Linux", "Desk"]);
    session.close();
  },
);

browserTest(
  "the page can be installed where the browser offers that, once",
  async (browser) => {
    await using server = await PageServer.start({});
    const page = await browser.open(server.url);
    await page.locator(".status.online").waitFor();
    const install = page.getByRole("button", { name: "Install as an app" });
    await page.evaluate(`{
      globalThis.prompts = 0;
      const event = new Event("beforeinstallprompt", { cancelable: true });
      event.prompt = async () => prompts++;
      dispatchEvent(event);
    }`);
    await install.click();
    await install.waitFor({ state: "detached" });
    await until(page, "prompts === 1");
  },
);

browserTest(
  "on an iPhone, the first page says how it is installed, until that is dismissed",
  async (browser) => {
    await using server = await PageServer.start();
    const here = "navigator.standalone = false";
    const page = await browser.open(server.root, {}, here);
    const hint = page.getByText("Add to Home Screen");
    await hint.waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await hint.waitFor({ state: "detached" });
    await page.reload();
    await page.getByText("Surprise me").waitFor();
    assert.equal(await hint.count(), 0);
    const elsewhere = await browser.open(server.root);
    await elsewhere.getByText("Surprise me").waitFor();
    assert.equal(await elsewhere.getByText("Add to Home Screen").count(), 0);
  },
);
