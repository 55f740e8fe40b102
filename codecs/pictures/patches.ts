/**
 * Changes of the crates that `pictures.bin` is built from (under their own licences):
 * of what takes most of the time.
 *
 * @module
 */

import type { Patch } from "../patch.ts";

const JPEG = "zune-jpeg-0.5.15";
const WEBP = "image-webp-0.2.4";

export const PATCHES: readonly Patch[] = [
  {
    // Where colors are not interpolated, edges of blocks are not smoothed either, which
    // takes half of the time. Blocks are predicted from pixels that are not smoothed.
    crate: WEBP,
    file: "src/decoder.rs",
    from: "let frame = Vp8Decoder::decode_frame(reader)?;",
    to: `let is_smooth = matches!(
                self.webp_decode_options.lossy_upsampling,
                UpsamplingMethod::Bilinear
            );
            let frame = Vp8Decoder::decode_frame_smooth(reader, is_smooth)?;`,
  },
  {
    crate: WEBP,
    file: "src/vp8.rs",
    from: `        let decoder = Self::new(r);
        decoder.decode_frame_()
    }

    fn decode_frame_(mut self)`,
    to: `        Self::decode_frame_smooth(r, true)
    }

    pub(crate) fn decode_frame_smooth(r: R, is_smooth: bool) -> Result<Frame, DecodingError> {
        Self::new(r).decode_frame_(is_smooth)
    }

    fn decode_frame_(mut self, is_smooth: bool)`,
  },
  {
    crate: WEBP,
    file: "src/vp8.rs",
    from: `        //do loop filtering
`,
    to: `        if !is_smooth {
            return Ok(self.frame);
        }
`,
  },
  {
    // After the end of a block only its few coefficients that are not zero are visited.
    crate: JPEG,
    file: "src/bitstream.rs",
    from: `            // only run if block does not consists of purely zeroes
            if &block[1..] != &[0; 63] {
                self.refill(reader)?;

                while k <= self.spec_end {
                    let coefficient = &mut block[UN_ZIGZAG[k as usize & 63] & 63];

                    if *coefficient != 0 && self.get_bit() == 1 {
`,
    to: `            let mut places = nonzero_from(block, k, self.spec_end);
            if places != 0 {
                self.refill(reader)?;

                while places != 0 {
                    let k = places.trailing_zeros();
                    places &= places - 1;
                    let coefficient = &mut block[UN_ZIGZAG[k as usize & 63] & 63];

                    if self.get_bit() == 1 {
`,
  },
  {
    crate: JPEG,
    file: "src/bitstream.rs",
    from: `                        self.refill(reader)?;
                    }
                    k += 1;
                }
            }
            // count a block`,
    to: `                        self.refill(reader)?;
                    }
                }
            }
            // count a block`,
  },
  {
    crate: JPEG,
    file: "src/bitstream.rs",
    from: `/// A \`BitStream\` struct,`,
    to: `/// The place of each coefficient in zigzag order.
const ZIGZAG: [u8; 64] = {
    let mut places = [0; 64];
    let mut k = 0;
    while k < 64 {
        places[UN_ZIGZAG[k]] = k as u8;
        k += 1;
    }
    places
};

/// The places from \`start\` to \`end\` in zigzag order whose coefficients are not zero, as bits.
#[inline(always)]
fn nonzero_from(block: &[i16; 64], start: u8, end: u8) -> u64 {
    if start > end {
        return 0;
    }
    let mut all = 0;
    for (row, places) in block.chunks_exact(8).zip(ZIGZAG.chunks_exact(8)) {
        if row != [0; 8] {
            for (coefficient, place) in row.iter().zip(places) {
                all |= u64::from(*coefficient != 0) << place;
            }
        }
    }
    all & (u64::MAX << (start & 63)) & (u64::MAX >> (63 - (end & 63)))
}

/// A \`BitStream\` struct,`,
  },
  {
    // A quicker transform for blocks of low frequencies, as baseline files have it.
    crate: JPEG,
    file: "src/mcu_prog.rs",
    from: `(self.idct_func)(&mut tmp, sl, component.width_stride);`,
    to: `let is_low = tmp[32..] == [0; 32]
                            && tmp.chunks_exact(8).take(4).all(|row| row[4..] == [0; 4]);
                        let idct = match is_low {
                            true if tmp[1..] == [0; 63] => self.idct_1x1_func,
                            true => self.idct_4x4_func,
                            false => self.idct_func,
                        };
                        idct(&mut tmp, sl, component.width_stride);`,
  },
];
