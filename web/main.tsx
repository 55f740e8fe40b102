/**
 * Where the page begins.
 *
 * @module
 */

import { render } from "preact";
import { App } from "./model/app.ts";
import { Page } from "./view/page.tsx";

const app = new App();
render(<Page app={app} />, document.getElementById("page")!);

// The space bar, unless it means something where the focus is.
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.target !== document.body) return;
  event.preventDefault();
  if (app.player.now.value) app.player.toggle();
  else app.playFirst();
});
