/**
 * Changes of the crates that `codecs.bin` is built from (under the Mozilla Public
 * License 2.0, as the crates): of faults that their latest versions have, and of
 * what takes most of the time. The latter change no bit of the PCM.
 *
 * @module
 */

import type { Patch } from "../patch.ts";

const CORE = "symphonia-core-0.6.1";
const AAC = "symphonia-codec-aac-0.6.1";
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
  {
    // The transform of AAC and Vorbis, with SIMD.
    ...{ crate: CORE, file: "src/dsp/mdct.rs", by: "patches/mdct.rs" },
  },
  {
    // Eight bytes at once. Bits after the last whole byte are cleared: they come with it.
    crate: CORE,
    file: "src/io/bit.rs",
    from: `impl private::FetchBitsLtr for BitReaderLtr<'_> {
    #[inline]
    fn fetch_bits_partial(&mut self) -> io::Result<()> {
`,
    to: `impl private::FetchBitsLtr for BitReaderLtr<'_> {
    #[inline]
    fn fetch_bits_partial(&mut self) -> io::Result<()> {
        if let Some(eight) = self.buf.first_chunk::<8>().filter(|_| self.n_bits_left < 64) {
            self.bits |= u64::from_be_bytes(*eight) >> self.n_bits_left;
            let num_bytes = (u64::BITS - self.n_bits_left) >> 3;
            self.n_bits_left += num_bytes << 3;
            self.bits &= !(u64::MAX >> (self.n_bits_left - 1) >> 1);
            self.buf = &self.buf[num_bytes as usize..];
            return Ok(());
        }

`,
  },
  {
    crate: CORE,
    file: "src/io/bit.rs",
    from: `impl private::FetchBitsRtl for BitReaderRtl<'_> {
    #[inline]
    fn fetch_bits_partial(&mut self) -> io::Result<()> {
`,
    to: `impl private::FetchBitsRtl for BitReaderRtl<'_> {
    #[inline]
    fn fetch_bits_partial(&mut self) -> io::Result<()> {
        if let Some(eight) = self.buf.first_chunk::<8>().filter(|_| self.n_bits_left < 64) {
            self.bits |= u64::from_le_bytes(*eight) << self.n_bits_left;
            let num_bytes = (u64::BITS - self.n_bits_left) >> 3;
            self.n_bits_left += num_bytes << 3;
            self.bits &= u64::MAX >> (u64::BITS - self.n_bits_left);
            self.buf = &self.buf[num_bytes as usize..];
            return Ok(());
        }

`,
  },
  {
    // The spectral data of AAC, with tables of what a code means.
    ...{
      crate: AAC,
      file: "src/aac/ics/spectrum.rs",
      by: "patches/spectrum.rs",
    },
  },
  {
    ...{ crate: AAC, file: "src/aac/ics/codes.rs", by: "patches/codes.rs" },
  },
  {
    crate: AAC,
    file: "src/aac/codebooks.rs",
    from: `struct VlcTable {
    codes: &'static [u32],
    lens: &'static [u8],
}

static SPECTRUM_TABLES`,
    to: `pub struct VlcTable {
    pub codes: &'static [u32],
    pub lens: &'static [u8],
}

pub static SPECTRUM_TABLES`,
  },
  {
    crate: AAC,
    file: "src/aac/ics/mod.rs",
    from: "mod pulse;\n",
    to: "mod codes;\nmod pulse;\nmod spectrum;\n",
  },
  {
    crate: AAC,
    file: "src/aac/ics/mod.rs",
    from: `        self.coeffs.fill(0.0);

        let bands = self.get_bands();
`,
    to: `        self.coeffs.fill(0.0);
        let mut spectrum = spectrum::Reader::new(bs);

        let bands = self.get_bands();
`,
  },
  {
    crate: AAC,
    file: "src/aac/ics/mod.rs",
    from:
      `                        1 => decode_quads_signed(bs, &codebooks::QUADS[0], scale, dst)?,
                        2 => decode_quads_signed(bs, &codebooks::QUADS[1], scale, dst)?,
                        3 => decode_quads_unsigned(bs, &codebooks::QUADS[2], scale, dst)?,
                        4 => decode_quads_unsigned(bs, &codebooks::QUADS[3], scale, dst)?,
                        5 => decode_pairs_signed(bs, &codebooks::PAIRS[0], scale, dst)?,
                        6 => decode_pairs_signed(bs, &codebooks::PAIRS[1], scale, dst)?,
                        7 => decode_pairs_unsigned(bs, &codebooks::PAIRS[2], scale, dst)?,
                        8 => decode_pairs_unsigned(bs, &codebooks::PAIRS[3], scale, dst)?,
                        9 => decode_pairs_unsigned(bs, &codebooks::PAIRS[4], scale, dst)?,
                        10 => decode_pairs_unsigned(bs, &codebooks::PAIRS[5], scale, dst)?,
                        11 => decode_pairs_unsigned_escape(bs, &codebooks::ESC, scale, dst)?,
                        _ => unreachable!(),
                    }
                }
            }
        }
`,
    to: `                        _ => spectrum.read(cb_idx, scale, dst)?,
                    }
                }
            }
        }
        spectrum.close();
`,
  },
  {
    // The same values, selected instead of branched to.
    crate: VORBIS,
    file: "src/lib.rs",
    from: `                let (new_m, new_a) = if *m > 0.0 {
                    if *a > 0.0 { (*m, *m - *a) } else { (*m + *a, *m) }
                }
                else {
                    if *a > 0.0 { (*m, *m + *a) } else { (*m - *a, *m) }
                };
`,
    to: `                let by = if *m > 0.0 { *a } else { -*a };
                let (new_m, new_a) = if *a > 0.0 { (*m, *m - by) } else { (*m + by, *m) };
`,
  },
  {
    crate: VORBIS,
    file: "src/floor.rs",
    from: `        y += if err >= adx {
            err -= adx;
            sy
        }
        else {
            base
        };
`,
    to: `        let is_over = i32::from(err >= adx);
        err -= adx * is_over;
        y += base + (sy - base) * is_over;
`,
  },
];
