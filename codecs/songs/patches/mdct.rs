// This Source Code Form is subject to the terms of the Mozilla Public
// License, v. 2.0. If a copy of the MPL was not distributed with this
// file, You can obtain one at https://mozilla.org/MPL/2.0/.

//! The inverse MDCT by an FFT of a quarter of its size, after `mdct.rs` of Symphonia
//! 0.6.1, with the arithmetic of its loops in vectors of four.

use core::arch::wasm32::*;

use crate::dsp::complex::Complex;
use crate::dsp::fft::*;

pub struct Imdct {
    fft: Fft,
    scratch: Box<[Complex<f32>]>,
    twiddle: Box<[Complex<f32>]>,
}

impl Imdct {
    pub fn new(n: usize) -> Self {
        Imdct::new_scaled(n, 1.0)
    }

    /// `n` is the number of spectral samples: a power of two from 8 on.
    pub fn new_scaled(n: usize, scale: f64) -> Self {
        assert!(n.is_power_of_two() && (8..=2 * MAX_SIZE).contains(&n));
        let n2 = n / 2;
        let alpha = 1.0 / 8.0 + if scale.is_sign_positive() { 0.0 } else { n2 as f64 };
        let pi_n = std::f64::consts::PI / n as f64;
        let sqrt_scale = scale.abs().sqrt();
        let twiddle = (0..n2).map(|k| {
            let theta = pi_n * (alpha + k as f64);
            Complex::new((sqrt_scale * theta.cos()) as f32, (sqrt_scale * theta.sin()) as f32)
        });
        let scratch = vec![Default::default(); n2].into_boxed_slice();
        Imdct { fft: Fft::new(n2), scratch, twiddle: twiddle.collect() }
    }

    /// `spec` has `n` samples, `out` twice as many.
    pub fn imdct(&mut self, spec: &[f32], out: &mut [f32]) {
        assert_eq!(spec.len(), 2 * self.fft.size());
        assert_eq!(out.len(), 2 * spec.len());
        pack(spec, &self.twiddle, &mut self.scratch);
        self.fft.fft_inplace(&mut self.scratch);
        expand(&self.scratch, &self.twiddle, out);
    }
}

/// Makes complex values of even samples, and of odd ones from the end, and turns them.
fn pack(spec: &[f32], twiddle: &[Complex<f32>], out: &mut [Complex<f32>]) {
    let ends = spec.chunks_exact(4).zip(spec.rchunks_exact(4));
    let pairs = twiddle.chunks_exact(2).zip(out.chunks_exact_mut(2));
    for ((front, back), (w, out)) in ends.zip(pairs) {
        let even = f32x4(front[0], front[0], front[2], front[2]);
        let odd = f32x4_neg(f32x4(back[3], back[3], back[1], back[1]));
        let w = both(w);
        // The real part: odd * w.im - even * w.re; the imaginary one: odd * w.re + even * w.im.
        let with_odd = f32x4_mul(odd, i32x4_shuffle::<1, 0, 3, 2>(w, w));
        let with_even = v128_xor(f32x4_mul(even, w), u32x4(SIGN, 0, SIGN, 0));
        let all = f32x4_add(with_odd, with_even);
        out[0] = Complex::new(f32x4_extract_lane::<0>(all), f32x4_extract_lane::<1>(all));
        out[1] = Complex::new(f32x4_extract_lane::<2>(all), f32x4_extract_lane::<3>(all));
    }
}

/// Turns the FFT's values, and spreads them over the four quarters of `out`. The first
/// quarter is the second one reversed and negated, the third one the last one reversed.
fn expand(x: &[Complex<f32>], twiddle: &[Complex<f32>], out: &mut [f32]) {
    let (left, right) = out.split_at_mut(2 * x.len());
    let (first, second) = left.split_at_mut(x.len());
    let (third, fourth) = right.split_at_mut(x.len());
    let forward = x.chunks_exact(2).zip(twiddle.chunks_exact(2));
    let backward = x.rchunks_exact(2).zip(twiddle.rchunks_exact(2));
    let left = first.rchunks_exact_mut(4).zip(second.chunks_exact_mut(4));
    let right = third.rchunks_exact_mut(4).zip(fourth.chunks_exact_mut(4));
    for ((front, back), (left, right)) in forward.zip(backward).zip(left.zip(right)) {
        let front = by_conjugate(both(front.1), both(front.0));
        let back = by_conjugate(both(back.1), both(back.0));
        let all = i32x4_shuffle::<1, 6, 3, 4>(front, back);
        store(left.1, all);
        store(left.0, f32x4_neg(i32x4_shuffle::<3, 2, 1, 0>(all, all)));
        let all = i32x4_shuffle::<0, 7, 2, 5>(front, back);
        store(right.1, all);
        store(right.0, i32x4_shuffle::<3, 2, 1, 0>(all, all));
    }
}

const SIGN: u32 = 0x8000_0000;

/// Two complex values, each multiplied by the conjugate of another.
fn by_conjugate(w: v128, x: v128) -> v128 {
    let with_re = f32x4_mul(w, i32x4_shuffle::<0, 0, 2, 2>(x, x));
    let swapped = i32x4_shuffle::<1, 0, 3, 2>(w, w);
    let with_im = f32x4_mul(swapped, i32x4_shuffle::<1, 1, 3, 3>(x, x));
    f32x4_add(with_re, v128_xor(with_im, u32x4(0, SIGN, 0, SIGN)))
}

fn both(of: &[Complex<f32>]) -> v128 {
    f32x4(of[0].re, of[0].im, of[1].re, of[1].im)
}

fn store(to: &mut [f32], all: v128) {
    to[0] = f32x4_extract_lane::<0>(all);
    to[1] = f32x4_extract_lane::<1>(all);
    to[2] = f32x4_extract_lane::<2>(all);
    to[3] = f32x4_extract_lane::<3>(all);
}
