/**
 * What a person does to groups and their devices. While the server is away it
 * waits, see {@linkcode Errands}.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { toOndacastError } from "../../lib/errors.ts";
import type { AnswerTo, ToServer } from "../../lib/wire/messages.ts";
import type { Choice, Choices } from "./choices.ts";
import type { Errands } from "./errands.ts";
import type { GroupDevice, GroupRow, Groups } from "./groups.ts";
import { notify } from "./notices.ts";
import { TEXTS } from "./texts.ts";

/** An action and its value; see `control` of the protocol. */
type Control = Pick<
  ToServer<"control">,
  "action" | "value" | "group" | "relative" | "entry"
>;

const { errands } = TEXTS;

export class GroupActions {
  readonly #groups: Groups;
  readonly #errands: Errands;
  readonly #choices: Choices;

  constructor(groups: Groups, errands: Errands, choices: Choices) {
    this.#groups = groups;
    this.#errands = errands;
    this.#choices = choices;
  }

  /** Plays songs in a group, or adds them to its queue. */
  play(to: GroupRow, choice: Choice): Promise<void> {
    const { group, name } = to;
    const { place = "now", title } = choice;
    return this.#errands.do({
      key: place === "now" ? `play ${group}` : `${place} ${group} ${title}`,
      words: [errands.places[place], { name: title }, errands.on, { name }],
      isReady: () => this.#groups.has(group),
      run: async (session) => {
        await this.#choices.queue(session, group, choice);
        if (place !== "now") notify([TEXTS.done.queued, { name: title }]);
      },
    });
  }

  control(to: GroupRow, control: Control): Promise<void> {
    const { group } = to;
    const { action, value } = control;
    const state = STATES[action];
    if (state) this.#groups.expect("state", group, state);
    if (action === "seek" || action === "repeat" || action === "shuffle") {
      this.#groups.expect(action, group, value as never);
    }
    return this.#control(group, { name: to.name }, control);
  }

  /** Sets the volume of a group, whose devices keep their ratios, or of a device. */
  setVolume(of: GroupRow | GroupDevice, volume: number): Promise<void> {
    const isGroup = "group" in of;
    const to = isGroup ? of.group : of.key;
    this.#groups.expect("volume", to, volume);
    return this.#control(to, { name: of.name }, {
      ...{ action: "volume", value: volume },
      ...(isGroup && { group: true }),
    });
  }

  mute(device: GroupDevice, on: boolean): Promise<void> {
    this.#groups.expect("muted", device.key, on);
    return this.#control(device.key, device, { action: "mute", value: on });
  }

  /** @param ms How much earlier it must be fed, −2,000 to 2,000. */
  delay(device: GroupDevice, ms: number): Promise<void> {
    return this.#control(device.key, device, { action: "delay", value: ms });
  }

  /** Makes these devices one group, which plays the first queue among theirs. */
  group(devices: readonly GroupDevice[], name?: string): Promise<void> {
    return this.#regroup(
      errands.group,
      devices,
      (session, keys) =>
        session.request({
          ...{ type: "group", devices: keys },
          ...(name !== undefined && { name }),
        }),
    );
  }

  /** Gives each of these devices its own queue back. */
  ungroup(devices: readonly GroupDevice[]): Promise<void> {
    return this.#regroup(
      errands.ungroup,
      devices,
      (session, keys) => session.request({ type: "ungroup", devices: keys }),
    );
  }

  /** A queue goes on at exactly these devices. */
  move(from: GroupRow, to: readonly GroupDevice[]): Promise<void> {
    return this.#regroup(
      errands.move,
      to,
      (session, keys) =>
        session.request({ type: "move", group: from.group, to: keys }),
    );
  }

  async #regroup(
    verb: string,
    devices: readonly GroupDevice[],
    ask: (
      session: ClientSession,
      keys: string[],
    ) => Promise<AnswerTo<"group">>,
  ): Promise<void> {
    const names = devices.flatMap(({ name }) => [", ", { name }]).slice(1);
    const keys = devices.map(({ key }) => key);
    await this.#errands.do({
      key: `group ${keys.join(" ")}`,
      words: [verb, ...names],
      run: async (session) => {
        const { refused } = await ask(session, keys);
        for (const { message } of refused) notify([{ name: message }]);
      },
    });
  }

  #control(
    to: string,
    { name }: { name: string },
    control: Control,
  ): Promise<void> {
    const { action, value } = control;
    return this.#errands.do({
      key: `${KINDS[action] ?? action} ${to}`,
      words: [errands.control[action](value), { name }],
      isReady: () => this.#groups.has(to),
      run: (session) =>
        session.request({ type: "control", to: [to], ...control })
          .catch((error) => {
            // One that does not play any more is skipped.
            const isSkipped = control.entry !== undefined &&
              toOndacastError(error).code === "stale";
            if (!isSkipped) throw error;
          }),
    });
  }
}

/** What a group does then. */
const STATES: Partial<Record<Control["action"], GroupRow["state"]>> = {
  ...{ pause: "paused", resume: "playing", stop: "stopped" },
};

/** Of waiting requests of the same kind, only the newest counts. */
const KINDS: Partial<Record<Control["action"], string>> = {
  ...{ pause: "playing", resume: "playing", stop: "playing" },
  ...{ next: "song", previous: "song", jump: "song" },
};
