/**
 * The picture of a song or album; where there is none, a tile with its initial, in
 * a colour made of its name.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { safeText } from "../../lib/safe_text.ts";
import type { App } from "../model/app.ts";
import type { ArtSize, Pictured } from "../model/pictures.ts";

/** An address that brought no picture, and over which connection. */
interface Failed {
  address: string;
  welcome: unknown;
}

export function Art(
  { app, of, title, size = 64 }: {
    app: App;
    /** The song with the picture; null: there is none, or it is not known yet. */
    of: Pictured | null;
    /** What the tile is made of. */
    title: string;
    size?: ArtSize;
  },
): JSX.Element {
  const [failed, setFailed] = useState<Failed | null>(null);
  const address = of && app.pictures.address(of, size);
  const { welcome } = app.tab;
  // Another connection may bring it, where the server was away.
  const hasPicture = address !== null &&
    !(address === failed?.address && welcome.value === failed.welcome);
  return (
    <span
      class={hasPicture ? "art pictured" : "art"}
      style={{ "--hue": hueOf(title) }}
      aria-hidden="true"
    >
      {initialOf(title)}
      {hasPicture && (
        <img
          key={address}
          src={address}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setFailed({ address, welcome: welcome.peek() })}
        />
      )}
    </span>
  );
}

/** Turns a name into one of 24 hues. */
function hueOf(title: string): number {
  let sum = 0;
  for (const character of title) sum = sum * 31 + character.codePointAt(0)! | 0;
  return (sum >>> 0) % 24 * 15;
}

function initialOf(title: string): string {
  const [initial] = title.match(/[\p{L}\p{N}]/u) ?? ["♪"];
  return safeText(initial).toUpperCase();
}
