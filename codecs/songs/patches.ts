/**
 * Changes of the crates that `codecs.bin` is built from (under the Mozilla Public
 * License 2.0, as the crates), for faults that their latest versions have.
 *
 * @module
 */

/** A piece of a source file that occurs once, and what takes its place. */
export interface Patch {
  /** The name and version of the crate. */
  readonly crate: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const VORBIS = "symphonia-codec-vorbis-0.6.1";

export const PATCHES: readonly Patch[] = [
  {
    // Vorbis I, section 4.3.5: the couplings are undone from the last to the first.
    crate: VORBIS,
    file: "src/lib.rs",
    from: "for coupling in mapping.couplings.iter() {",
    to: "for coupling in mapping.couplings.iter().rev() {",
  },
  {
    // The second slice begins with the first channel.
    crate: VORBIS,
    file: "src/residue.rs",
    from: "channels.split_at_mut(ch0).1.split_at_mut(ch1);",
    to: "channels.split_at_mut(ch0).1.split_at_mut(ch1 - ch0);",
  },
  {
    // The classes of a channel's last partitions end before those of the next channel.
    crate: VORBIS,
    file: "src/residue.rs",
    from: "&mut self.part_classes[part_first + i * parts_to_read..],",
    to:
      "&mut self.part_classes[part_first + i * parts_to_read..(i + 1) * parts_to_read],",
  },
];
