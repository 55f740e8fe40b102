// This Source Code Form is subject to the terms of the Mozilla Public
// License, v. 2.0. If a copy of the MPL was not distributed with this
// file, You can obtain one at https://mozilla.org/MPL/2.0/.

//! Tables of the spectral codes of AAC (ISO/IEC 14496-3, section 4.6.3): a code is found
//! by one lookup, its values by another, and all of its signs by a third.

use core::arch::wasm32::*;

use lazy_static::lazy_static;

use crate::aac::codebooks::SPECTRUM_TABLES;

/// The bits of a first lookup. Few codes are longer.
const FIRST_BITS: u32 = 9;
const SIGN: u32 = 0x8000_0000;

/// Entries are `symbol << 5 | length`. A length of 0 refers to a second table for the
/// bits after the first ones: its number, counted from 1, is in place of the symbol.
pub struct Codes {
    entries: Vec<u16>,
    second_bits: u32,
}

impl Codes {
    fn new(codes: &[u32], lengths: &[u8]) -> Codes {
        let second_bits = lengths.iter().max().map_or(0, |it| u32::from(*it) - FIRST_BITS);
        let mut entries = vec![0; 1 << FIRST_BITS];
        for (symbol, (code, length)) in codes.iter().zip(lengths).enumerate() {
            let entry = (symbol << 5) as u16 | u16::from(*length);
            let (code, length) = (*code as usize, u32::from(*length));
            let (start, free) = if length <= FIRST_BITS {
                (code << (FIRST_BITS - length), FIRST_BITS - length)
            } else {
                let free = second_bits + FIRST_BITS - length;
                let first = code >> (length - FIRST_BITS);
                if entries[first] == 0 {
                    entries.resize(entries.len() + (1 << second_bits), 0);
                    let count = (entries.len() - (1 << FIRST_BITS)) >> second_bits;
                    entries[first] = (count << 5) as u16;
                }
                let second = (code << free) & ((1 << second_bits) - 1);
                (second_table(entries[first], second_bits) + second, free)
            };
            entries[start..start + (1 << free)].fill(entry);
        }
        Codes { entries, second_bits }
    }

    /// The symbol at the upper end of `bits` and its length.
    #[inline(always)]
    pub fn find(&self, bits: u64) -> (usize, u32) {
        let mut entry = self.entries[(bits >> (64 - FIRST_BITS)) as usize];
        if entry & 31 == 0 {
            let table = second_table(entry, self.second_bits);
            let second = bits << FIRST_BITS >> 1 >> (63 - self.second_bits);
            entry = self.entries[table + second as usize];
        }
        (usize::from(entry >> 5), u32::from(entry & 31))
    }
}

#[inline(always)]
fn second_table(entry: u16, second_bits: u32) -> usize {
    (1 << FIRST_BITS) + ((usize::from(entry >> 5) - 1) << second_bits)
}

/// Two values, the first one in the lower half.
#[derive(Clone, Copy, Default)]
pub struct Pair {
    pub values: u64,
    /// Which values have a sign (bits 1 and 0), and which are escaped (bits 3 and 2).
    pub marks: u32,
}

pub struct Tables {
    pub codes: Vec<Codes>,
    pub signed_quads: [v128; 128],
    pub quads: [v128; 128],
    /// Which values of a quad have a sign: bit 3 for the first one.
    pub quad_marks: [u8; 128],
    /// By `marks << 4 | next bits`.
    pub quad_signs: [v128; 256],
    pub pairs: Vec<[Pair; 512]>,
    /// By `marks << 2 | next bits`.
    pub pair_signs: [u64; 16],
}

lazy_static! {
    pub static ref TABLES: Tables = Tables::new();
}

impl Tables {
    fn new() -> Tables {
        let codes = SPECTRUM_TABLES.iter().map(|it| Codes::new(it.codes, it.lens)).collect();
        let digits = |it: usize| [it / 27, it / 9 % 3, it / 3 % 3, it % 3];
        let mut tables = Tables {
            codes,
            signed_quads: [f32x4_splat(0.0); 128],
            quads: [f32x4_splat(0.0); 128],
            quad_marks: [0; 128],
            quad_signs: [f32x4_splat(0.0); 256],
            pairs: [
                (9, true),
                (9, true),
                (8, false),
                (8, false),
                (13, false),
                (13, false),
                (17, false),
            ]
            .map(|(base, is_signed)| pairs(base, is_signed))
            .to_vec(),
            pair_signs: [0; 16],
        };
        for symbol in 0..81 {
            let [a, b, c, d] = digits(symbol).map(|it| it as f32 - 1.0);
            tables.signed_quads[symbol] = f32x4(a, b, c, d);
            let [a, b, c, d] = digits(symbol).map(|it| [0.0, 1.0, 2.519842099789746][it]);
            tables.quads[symbol] = f32x4(a, b, c, d);
            let mark = |marks, it: usize| marks << 1 | u8::from(it > 0);
            tables.quad_marks[symbol] = digits(symbol).into_iter().fold(0, mark);
        }
        for (at, signs) in tables.quad_signs.iter_mut().enumerate() {
            let [a, b, c, d] = spread(at as u32 >> 4, at as u32 & 15);
            *signs = u32x4(a, b, c, d);
        }
        for (at, signs) in tables.pair_signs.iter_mut().enumerate() {
            let [_, _, a, b] = spread(at as u32 >> 2, (at as u32 & 3) << 2);
            *signs = u64::from(b) << 32 | u64::from(a);
        }
        tables
    }
}

/// Gives the next one of four bits to each value that has a sign.
fn spread(marks: u32, mut bits: u32) -> [u32; 4] {
    [3, 2, 1, 0].map(|value| {
        let has_sign = marks >> value & 1;
        let sign = (bits >> 3 & has_sign) * SIGN;
        bits <<= has_sign;
        sign
    })
}

/// All pairs of a codebook whose values are less than `base`, or around 0.
fn pairs(base: usize, is_signed: bool) -> [Pair; 512] {
    let power = |it: usize| (it as f32).powf(4.0 / 3.0);
    let value = |it: usize| match it.checked_sub(base / 2) {
        _ if !is_signed => power(it),
        None => -power(base / 2 - it),
        Some(it) => power(it),
    };
    let mut pairs = [Pair::default(); 512];
    for (symbol, pair) in pairs[..base * base].iter_mut().enumerate() {
        let both = [symbol / base, symbol % base];
        let [a, b] = both.map(|it| u64::from(value(it).to_bits()));
        let [sign_a, sign_b] = both.map(|it| u32::from(it > 0));
        let [escape_a, escape_b] = both.map(|it| u32::from(it == 16));
        pair.values = b << 32 | a;
        pair.marks = escape_a << 3 | escape_b << 2 | sign_a << 1 | sign_b;
    }
    pairs
}
