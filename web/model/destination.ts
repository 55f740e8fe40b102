/**
 * Where songs play that are chosen on this page: in this browser, or in a group of
 * other devices.
 *
 * @module
 */

import { readSetting, writeSetting } from "../io/settings.ts";
import type { GroupRow, Groups } from "./groups.ts";
import { computed, signal } from "./signals.ts";

export class Destination {
  readonly #groups: Groups;
  readonly #ownKey: () => string | undefined;
  /** The chosen group as it was seen last; null: this browser. */
  readonly #chosen = signal<{ group: string; devices: string[] } | null>(
    parse(readSetting("place")),
  );
  /** The group that is chosen now; null: this browser, or a group that is gone. */
  readonly group = computed<GroupRow | null>(() => {
    const chosen = this.#chosen.value;
    if (chosen === null) return null;
    const rows = this.#groups.rows.value ?? [];
    return this.#groups.get(chosen.group) ??
      rows.find(({ was }) => was === chosen.group) ??
      sharing(rows, chosen.devices) ?? null;
  });
  /** The id of the group that is acted on; undefined: this browser has none. */
  readonly id = computed<string | undefined>(() =>
    this.group.value?.group ?? this.#groups.of(this.#ownKey() ?? "")?.group
  );
  /** Whether this browser sounds what is chosen. */
  readonly isHere = computed(() => {
    const { value } = this.group;
    const key = this.#ownKey();
    return value === null || value.devices.some((it) => it.key === key);
  });

  /** @param ownKey The key of this tab; a signal is read in it. */
  constructor(groups: Groups, ownKey: () => string | undefined) {
    this.#groups = groups;
    this.#ownKey = ownKey;
  }

  /** Resolves once it is known where a group is that was chosen before a reload. */
  async whenKnown(): Promise<void> {
    if (this.#chosen.peek() !== null) await this.#groups.whenKnown();
  }

  /**
   * Chooses a group, as it was seen last, or this browser; it is kept over a reload.
   */
  choose(row: GroupRow | null): void {
    this.#chosen.value = row &&
      { group: row.group, devices: row.devices.map(({ key }) => key) };
    writeSetting("place", JSON.stringify(this.#chosen.value));
  }
}

/** The group that has the most of some devices. */
function sharing(
  rows: readonly GroupRow[],
  devices: readonly string[],
): GroupRow | undefined {
  const shared = (row: GroupRow) =>
    row.devices.filter(({ key }) => devices.includes(key)).length;
  const [best] = rows.toSorted((a, b) => shared(b) - shared(a));
  return best && shared(best) > 0 ? best : undefined;
}

function parse(
  text: string | null,
): { group: string; devices: string[] } | null {
  try {
    const { group, devices } = JSON.parse(text ?? "null") ?? {};
    const isRight = typeof group === "string" && Array.isArray(devices);
    return isRight ? { group, devices } : null;
  } catch {
    return null;
  }
}
