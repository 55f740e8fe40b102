/**
 * The page's entry point.
 *
 * @module
 */

import { render } from "preact";
import { onSpaceBar } from "./io/space_bar.ts";
import { App } from "./model/app.ts";
import { Page } from "./view/page.tsx";

const app = new App();
render(<Page app={app} />, document.getElementById("page")!);

onSpaceBar(() => app.toggle());
