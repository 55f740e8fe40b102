/**
 * The volume of a group: that of its loudest device. Setting it keeps the ratios of
 * its devices.
 *
 * @module
 */

import type { Device } from "./device.ts";

export class GroupVolume {
  readonly #devices: () => readonly Pick<Device, "volume">[];
  /** Volumes before the group's was set to 0. */
  #loud: Map<object, number> | null = null;

  constructor(devices: () => readonly Pick<Device, "volume">[]) {
    this.#devices = devices;
  }

  /** 0 to 100. */
  get percent(): number {
    return Math.max(0, ...this.#devices().map(({ volume }) => volume));
  }

  /** The volumes of the devices, in their order, if the group's is set. */
  scaledTo(percent: number): number[] {
    const devices = this.#devices();
    const now = new Map<object, number>(devices.map((it) => [it, it.volume]));
    if (percent === 0 && this.percent > 0) this.#loud = now;
    const base = this.percent > 0 ? now : this.#loud ?? now;
    const most = Math.max(0, ...base.values());
    return devices.map((it) => {
      const ratio = most > 0 ? (base.get(it) ?? most) / most : 1;
      return Math.round(ratio * percent * 100) / 100;
    });
  }
}
