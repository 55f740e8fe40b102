//! Rounds samples to 16 bits, little-endian, and clips them.

use core::arch::wasm32::*;

use symphonia::core::audio::{Audio, AudioBuffer};

/// Replaces `out` by the interleaved samples of a buffer.
pub fn interleave(samples: &AudioBuffer<f32>, out: &mut Vec<u8>) {
    let mut planes = samples.iter_planes();
    match (planes.next(), planes.next(), planes.next()) {
        (Some(one), None, _) => round(one, out),
        (Some(left), Some(right), None) => round_pairs(left, right, out),
        _ => {
            let mut all = Vec::new();
            samples.copy_to_vec_interleaved(&mut all);
            round(&all, out);
        }
    }
}

/// Replaces `out` by samples that are interleaved.
pub fn round(samples: &[f32], out: &mut Vec<u8>) {
    out.resize(2 * samples.len(), 0);
    let blocks = samples.chunks_exact(8);
    let rest = 16 * blocks.len();
    for (from, to) in blocks.zip(out.chunks_exact_mut(16)) {
        store(to, i16x8_narrow_i32x4(rounded(&from[..4]), rounded(&from[4..])));
    }
    for (from, to) in samples[rest / 2..].iter().zip(out[rest..].chunks_exact_mut(2)) {
        to.copy_from_slice(&rounded_one(*from));
    }
}

fn round_pairs(left: &[f32], right: &[f32], out: &mut Vec<u8>) {
    out.resize(4 * left.len(), 0);
    let blocks = left.chunks_exact(4).zip(right.chunks_exact(4));
    let rest = 16 * blocks.len();
    for ((left, right), to) in blocks.zip(out.chunks_exact_mut(16)) {
        let all = i16x8_narrow_i32x4(rounded(left), rounded(right));
        store(to, i16x8_shuffle::<0, 4, 1, 5, 2, 6, 3, 7>(all, all));
    }
    let pairs = left[rest / 4..].iter().zip(&right[rest / 4..]);
    for ((left, right), to) in pairs.zip(out[rest..].chunks_exact_mut(4)) {
        to[..2].copy_from_slice(&rounded_one(*left));
        to[2..].copy_from_slice(&rounded_one(*right));
    }
}

/// Four samples as integers, halves to the even one.
fn rounded(samples: &[f32]) -> v128 {
    let four = f32x4(samples[0], samples[1], samples[2], samples[3]);
    i32x4_trunc_sat_f32x4(f32x4_nearest(f32x4_mul(four, f32x4_splat(32_768.0))))
}

fn rounded_one(sample: f32) -> [u8; 2] {
    let whole = (sample * 32_768.0).round_ties_even() as i32;
    (whole.clamp(-32_768, 32_767) as i16).to_le_bytes()
}

fn store(to: &mut [u8], all: v128) {
    to[..16].copy_from_slice(&bytemuck::cast::<v128, [u8; 16]>(all));
}
