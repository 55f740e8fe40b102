import assert from "node:assert/strict";
import { FakeClock } from "../support/fake_clock.ts";
import { CD } from "../support/memory_songs.ts";

// Not by its name: its types are those of a browser.
const MODULE: string = "../../web/audio/speakers.ts";
const { Speakers } = await import(MODULE);

/** As browsers have it: it runs a while after it was told to. */
class FakeContext {
  state = "suspended";
  currentTime = 0;
  readonly destination = { channelCount: 2, maxChannelCount: 2 };
  onstatechange: (() => void) | null = null;
  readonly sampleRate: number;

  constructor({ sampleRate }: { sampleRate: number }) {
    this.sampleRate = sampleRate;
    contexts.push(this);
  }

  resume(): Promise<void> {
    return Promise.resolve();
  }

  suspend(): Promise<void> {
    if (this.state === "running") this.turn("suspended");
    return Promise.resolve();
  }

  turn(state: string): void {
    this.state = state;
    this.onstatechange?.();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const contexts: FakeContext[] = [];

Deno.test("a device that is held while it is about to run does not stay running", async () => {
  const { AudioContext, GainNode } = globalThis as Record<string, unknown>;
  Object.assign(globalThis, {
    AudioContext: FakeContext,
    GainNode: class {
      connect() {}
    },
  });
  try {
    const speakers = new Speakers(new FakeClock());
    await speakers.open(CD, Promise.resolve());
    const [context] = contexts;
    speakers.hold(true);
    context.turn("running");
    assert.equal(context.state, "suspended");
    speakers.hold(false);
    context.turn("running");
    assert.equal(context.state, "running");
  } finally {
    Object.assign(globalThis, { AudioContext, GainNode });
  }
});
