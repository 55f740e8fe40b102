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
    // The signs of a code are random, so no branch may depend on one.
    crate: AAC,
    file: "src/aac/ics/mod.rs",
    from: `fn decode_sign(val: u32) -> f32 {
    1.0 - 2.0 * val as f32
}
`,
    to: `fn read_signs<B: ReadBitsLtr, const N: usize>(
    bs: &mut B,
    is_signed: [bool; N],
) -> Result<[f32; N]> {
    let counts = is_signed.map(u32::from);
    let count = counts.iter().sum();
    if bs.num_bits_left() < count {
        bs.fetch_bits_partial()?;
        validate!(bs.num_bits_left() >= count);
    }
    let mut bits = (bs.get_bits() >> 32) as u32;
    bs.consume_bits(count);
    Ok(counts.map(|count| {
        let sign = bits & (count << 31);
        bits <<= count;
        f32::from_bits(1f32.to_bits() | sign)
    }))
}
`,
  },
  {
    crate: AAC,
    file: "src/aac/ics/mod.rs",
    from: `        if a != 0 {
            out[0] = decode_sign(bs.read_bit()?) * iquant[a as usize];
        }
        if b != 0 {
            out[1] = decode_sign(bs.read_bit()?) * iquant[b as usize];
        }
        if c != 0 {
            out[2] = decode_sign(bs.read_bit()?) * iquant[c as usize];
        }
        if d != 0 {
            out[3] = decode_sign(bs.read_bit()?) * iquant[d as usize];
        }
`,
    to: `        let signs = read_signs(bs, [a != 0, b != 0, c != 0, d != 0])?;
        out[0] = signs[0] * iquant[a as usize];
        out[1] = signs[1] * iquant[b as usize];
        out[2] = signs[2] * iquant[c as usize];
        out[3] = signs[3] * iquant[d as usize];
`,
  },
  {
    crate: AAC,
    file: "src/aac/ics/mod.rs",
    from:
      `        let sign_x = if x != 0.0 { decode_sign(bs.read_bit()?) } else { 1.0 };
        let sign_y = if y != 0.0 { decode_sign(bs.read_bit()?) } else { 1.0 };
`,
    to: `        let [sign_x, sign_y] = read_signs(bs, [x != 0.0, y != 0.0])?;
`,
  },
  {
    crate: AAC,
    file: "src/aac/ics/mod.rs",
    from:
      `        let sign_x = if a != 0 { decode_sign(bs.read_bit()?) } else { 1.0 };
        let sign_y = if b != 0 { decode_sign(bs.read_bit()?) } else { 1.0 };
`,
    to: `        let [sign_x, sign_y] = read_signs(bs, [a != 0, b != 0])?;
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
