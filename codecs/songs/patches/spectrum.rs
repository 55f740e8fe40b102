// This Source Code Form is subject to the terms of the Mozilla Public
// License, v. 2.0. If a copy of the MPL was not distributed with this
// file, You can obtain one at https://mozilla.org/MPL/2.0/.

//! Reads the spectral data of AAC. No branch depends on a sign, and the values are those
//! of Symphonia 0.6.1 to the bit.

use core::arch::wasm32::*;

use symphonia_core::dsp::mdct::store;
use symphonia_core::errors::Result;
use symphonia_core::io::ReadBitsLtr;

use super::codes::{Codes, Pair, Tables, TABLES};
use super::POW43_TABLE;
use crate::aac::common::validate;

/// The longest code of four values with its signs, and of two with the prefix of neither.
const MAX_BITS: u32 = 20;

/// Reads values from a stream of bits, the next of which it keeps.
pub struct Reader<'a, B: ReadBitsLtr> {
    from: &'a mut B,
    tables: &'static Tables,
    bits: u64,
    left: u32,
}

impl<'a, B: ReadBitsLtr> Reader<'a, B> {
    #[inline(always)]
    pub fn new(from: &'a mut B) -> Self {
        let (bits, left) = (from.get_bits(), from.num_bits_left());
        Reader { from, tables: &TABLES, bits, left }
    }

    /// Gives back what was not used.
    #[inline(always)]
    pub fn close(self) {
        use_up_to(self.from, self.left);
    }

    /// Reads the values of a band by the codebook 1 to 11.
    #[inline(always)]
    pub fn read(&mut self, codebook: u8, scale: f32, out: &mut [f32]) -> Result<()> {
        let tables = self.tables;
        let codes = &tables.codes[usize::from(codebook) - 1];
        match codebook {
            1 | 2 => self.signed_quads(codes, scale, out),
            3 | 4 => self.quads(codes, scale, out),
            5 | 6 => self.pairs::<false, false>(
                codes,
                &tables.pairs[usize::from(codebook) - 5],
                scale,
                out,
            ),
            7..=10 => self.pairs::<true, false>(
                codes,
                &tables.pairs[usize::from(codebook) - 5],
                scale,
                out,
            ),
            _ => self.pairs::<true, true>(codes, &tables.pairs[6], scale, out),
        }
    }

    #[inline(always)]
    fn signed_quads(&mut self, codes: &Codes, scale: f32, out: &mut [f32]) -> Result<()> {
        for out in out.chunks_exact_mut(4) {
            self.fill(MAX_BITS)?;
            let (symbol, length) = codes.find(self.bits);
            self.consume(length)?;
            store(out, f32x4_mul(self.tables.signed_quads[symbol & 127], f32x4_splat(scale)));
        }
        Ok(())
    }

    #[inline(always)]
    fn quads(&mut self, codes: &Codes, scale: f32, out: &mut [f32]) -> Result<()> {
        for out in out.chunks_exact_mut(4) {
            self.fill(MAX_BITS)?;
            let (symbol, length) = codes.find(self.bits);
            let marks = self.tables.quad_marks[symbol & 127];
            let next = (self.bits << length >> 60) as usize;
            self.consume(length + marks.count_ones())?;
            let signs = self.tables.quad_signs[(usize::from(marks) << 4 | next) & 255];
            let values = f32x4_mul(self.tables.quads[symbol & 127], f32x4_splat(scale));
            store(out, v128_xor(values, signs));
        }
        Ok(())
    }

    #[inline(always)]
    fn pairs<const HAS_SIGNS: bool, const HAS_ESCAPES: bool>(
        &mut self,
        codes: &Codes,
        pairs: &[Pair; 512],
        scale: f32,
        out: &mut [f32],
    ) -> Result<()> {
        for out in out.chunks_exact_mut(4) {
            let first = self.pair::<HAS_SIGNS, HAS_ESCAPES>(codes, pairs)?;
            let second = self.pair::<HAS_SIGNS, HAS_ESCAPES>(codes, pairs)?;
            store(out, f32x4_mul(u64x2(first, second), f32x4_splat(scale)));
        }
        Ok(())
    }

    #[inline(always)]
    fn pair<const HAS_SIGNS: bool, const HAS_ESCAPES: bool>(
        &mut self,
        codes: &Codes,
        pairs: &[Pair; 512],
    ) -> Result<u64> {
        self.fill(MAX_BITS)?;
        let (symbol, length) = codes.find(self.bits);
        let Pair { mut values, marks } = pairs[symbol & 511];
        if !HAS_SIGNS {
            self.consume(length)?;
            return Ok(values);
        }
        let next = (self.bits << length >> 62) as usize;
        self.consume(length + (marks & 3).count_ones())?;
        if HAS_ESCAPES && marks > 3 {
            if marks & 8 != 0 {
                values = values >> 32 << 32 | u64::from(self.escape()?);
            }
            if marks & 4 != 0 {
                values = u64::from(self.escape()?) << 32 | u64::from(values as u32);
            }
        }
        Ok(values ^ self.tables.pair_signs[((marks as usize) << 2 | next) & 15])
    }

    /// The bits of a value beyond 15 (section 4.6.3.3).
    #[inline(always)]
    fn escape(&mut self) -> Result<u32> {
        self.fill(MAX_BITS + 1)?;
        let count = self.bits.leading_ones();
        validate!(count < 9);
        let word = (self.bits << (count + 1) >> (60 - count)) as usize;
        self.consume(2 * count + 5)?;
        Ok(POW43_TABLE[(1 << (count + 4)) + word].to_bits())
    }

    #[inline(always)]
    fn fill(&mut self, count: u32) -> Result<()> {
        if self.left < count {
            (self.bits, self.left) = fetch(self.from, self.left)?;
        }
        Ok(())
    }

    #[inline(always)]
    fn consume(&mut self, count: u32) -> Result<()> {
        validate!(count <= self.left);
        self.bits <<= count;
        self.left -= count;
        Ok(())
    }
}

#[inline(never)]
fn fetch<B: ReadBitsLtr>(from: &mut B, left: u32) -> Result<(u64, u32)> {
    use_up_to(from, left);
    from.fetch_bits_partial()?;
    Ok((from.get_bits(), from.num_bits_left()))
}

/// Leaves so many bits; 64 cannot be consumed at once.
fn use_up_to<B: ReadBitsLtr>(from: &mut B, left: u32) {
    let count = from.num_bits_left() - left;
    from.consume_bits(count / 2);
    from.consume_bits(count - count / 2);
}
