// This Source Code Form is subject to the terms of the Mozilla Public
// License, v. 2.0. If a copy of the MPL was not distributed with this
// file, You can obtain one at https://mozilla.org/MPL/2.0/.

//! The inverse MDCT by an FFT of a quarter of its size, with the interface of `mdct.rs`
//! of Symphonia 0.6.1. The FFT is of radix 4 and sorts itself (Stockham), so that all
//! passes read and write four values at once.

use core::arch::wasm32::*;
use core::f64::consts::PI;
use core::mem::swap;

/// Four complex values: their real parts, and their imaginary ones.
type Four = [v128; 2];

pub struct Imdct {
    twiddle: Vec<Four>,
    first: Vec<[Four; 3]>,
    passes: Vec<Vec<[Four; 3]>>,
    x: Vec<Four>,
    y: Vec<Four>,
}

impl Imdct {
    pub fn new(n: usize) -> Self {
        Imdct::new_scaled(n, 1.0)
    }

    /// `n` is the number of spectral samples: a power of two from 32 to 65,536.
    pub fn new_scaled(n: usize, scale: f64) -> Self {
        assert!(n.is_power_of_two() && (32..=65_536).contains(&n));
        let size = n / 2;
        let alpha = 1.0 / 8.0 + if scale.is_sign_positive() { 0.0 } else { size as f64 };
        let length = scale.abs().sqrt();
        let twiddle = |k: usize| turn(PI / n as f64 * (alpha + k as f64), length);
        // Forward roots of unity of a pass over `size` values, to the powers 1, 2 and 3.
        let roots = |size: usize, of: [usize; 4]| {
            [1, 2, 3].map(|power| {
                four(of.map(|p| turn(-2.0 * PI * (power * p) as f64 / size as f64, 1.0)))
            })
        };
        let mut passes = Vec::new();
        let mut left = size / 4;
        while left >= 4 {
            passes.push((0..left / 4).map(|p| roots(left, [p; 4])).collect());
            left /= 4;
        }
        let zero = [f32x4_splat(0.0); 2];
        Imdct {
            twiddle: (0..size / 4).map(|i| four(next(4 * i).map(twiddle))).collect(),
            first: (0..size / 16).map(|i| roots(size, next(4 * i))).collect(),
            passes,
            x: vec![zero; size / 4],
            y: vec![zero; size / 4],
        }
    }

    /// `spec` has `n` samples, `out` twice as many.
    pub fn imdct(&mut self, spec: &[f32], out: &mut [f32]) {
        assert_eq!(spec.len(), 8 * self.x.len());
        assert_eq!(out.len(), 2 * spec.len());
        pack(spec, &self.twiddle, &mut self.x);
        first_pass(&self.x, &self.first, &mut self.y);
        let mut stride = 1;
        for roots in &self.passes {
            swap(&mut self.x, &mut self.y);
            pass(&self.x, roots, stride, &mut self.y);
            stride *= 4;
        }
        if 2 * stride == self.x.len() {
            last_pass(&mut self.y);
        }
        expand(&self.y, &self.twiddle, out);
    }
}

fn next(k: usize) -> [usize; 4] {
    [k, k + 1, k + 2, k + 3]
}

fn turn(angle: f64, length: f64) -> (f32, f32) {
    ((length * angle.cos()) as f32, (length * angle.sin()) as f32)
}

fn four(of: [(f32, f32); 4]) -> Four {
    let [a, b, c, d] = of;
    [f32x4(a.0, b.0, c.0, d.0), f32x4(a.1, b.1, c.1, d.1)]
}

/// Makes complex values of even samples, and of odd ones from the end, and turns them.
fn pack(spec: &[f32], twiddle: &[Four], out: &mut [Four]) {
    let ends = spec.chunks_exact(8).zip(spec.rchunks_exact(8));
    for ((front, back), ([re, im], out)) in ends.zip(twiddle.iter().zip(out)) {
        let even = i32x4_shuffle::<0, 2, 4, 6>(load(front), load(&front[4..]));
        let odd = i32x4_shuffle::<7, 5, 3, 1>(load(back), load(&back[4..]));
        out[0] = f32x4_neg(f32x4_add(f32x4_mul(odd, *im), f32x4_mul(even, *re)));
        out[1] = f32x4_sub(f32x4_mul(even, *im), f32x4_mul(odd, *re));
    }
}

/// The first pass, whose neighbouring results belong to one value of each quarter.
fn first_pass(x: &[Four], roots: &[[Four; 3]], y: &mut [Four]) {
    let (a, b, c, d) = quarters(x);
    let quarters = a.iter().zip(b).zip(c.iter().zip(d));
    for (((a, b), (c, d)), (roots, y)) in quarters.zip(roots.iter().zip(y.chunks_exact_mut(4))) {
        let [a, b, c, d] = butterfly([*a, *b, *c, *d], roots);
        let re = transposed([a[0], b[0], c[0], d[0]]);
        let im = transposed([a[1], b[1], c[1], d[1]]);
        for i in 0..4 {
            y[i] = [re[i], im[i]];
        }
    }
}

/// A pass that keeps four times `stride` neighbours together.
fn pass(x: &[Four], roots: &[[Four; 3]], stride: usize, y: &mut [Four]) {
    let (a, b, c, d) = quarters(x);
    let of = |quarter| <[Four]>::chunks_exact(quarter, stride);
    let quarters = of(a).zip(of(b)).zip(of(c).zip(of(d)));
    let out = y.chunks_exact_mut(4 * stride);
    for (((a, b), (c, d)), (roots, y)) in quarters.zip(roots.iter().zip(out)) {
        let (left, right) = y.split_at_mut(2 * stride);
        let (e, f) = left.split_at_mut(stride);
        let (g, h) = right.split_at_mut(stride);
        let x = a.iter().zip(b).zip(c.iter().zip(d));
        let y = e.iter_mut().zip(f).zip(g.iter_mut().zip(h));
        for (((a, b), (c, d)), ((e, f), (g, h))) in x.zip(y) {
            [*e, *f, *g, *h] = butterfly([*a, *b, *c, *d], roots);
        }
    }
}

/// The pass of radix 2, if the size is not a power of four.
fn last_pass(y: &mut [Four]) {
    let (a, b) = y.split_at_mut(y.len() / 2);
    for (a, b) in a.iter_mut().zip(b) {
        (*a, *b) = (add(*a, *b), sub(*a, *b));
    }
}

/// Turns the FFT's values, and spreads them over the four quarters of `out`. The first
/// quarter is the second one reversed and negated, the third one the last one reversed.
fn expand(x: &[Four], twiddle: &[Four], out: &mut [f32]) {
    let (left, right) = out.split_at_mut(out.len() / 2);
    let turned = x.iter().zip(twiddle);
    let ends = turned.clone().zip(turned.rev());
    for ((front, back), (left, right)) in ends.zip(blocks(left).zip(blocks(right))) {
        let front = by_conjugate(front.1, front.0);
        let back = by_conjugate(back.1, back.0);
        mirror(front[1], back[0], left, SIGN);
        mirror(front[0], back[1], right, 0);
    }
}

/// Blocks of eight of the second quarter of two, and those of the first which mirror them.
fn blocks(of: &mut [f32]) -> impl Iterator<Item = (&mut [f32], &mut [f32])> {
    let (first, second) = of.split_at_mut(of.len() / 2);
    second.chunks_exact_mut(8).zip(first.rchunks_exact_mut(8))
}

/// Writes values alternately from `even`, and from the end of `odd`.
#[inline(always)]
fn mirror(even: v128, odd: v128, (to, mirrored): (&mut [f32], &mut [f32]), sign: u32) {
    let low = i32x4_shuffle::<0, 7, 1, 6>(even, odd);
    let high = i32x4_shuffle::<2, 5, 3, 4>(even, odd);
    store(to, low);
    store(&mut to[4..], high);
    store(mirrored, v128_xor(i32x4_shuffle::<3, 2, 1, 0>(high, high), u32x4_splat(sign)));
    store(&mut mirrored[4..], v128_xor(i32x4_shuffle::<3, 2, 1, 0>(low, low), u32x4_splat(sign)));
}

const SIGN: u32 = 0x8000_0000;

fn quarters(x: &[Four]) -> (&[Four], &[Four], &[Four], &[Four]) {
    let (left, right) = x.split_at(x.len() / 2);
    let (a, b) = left.split_at(left.len() / 2);
    let (c, d) = right.split_at(right.len() / 2);
    (a, b, c, d)
}

/// A step of radix 4 in decimation by frequency.
fn butterfly([a, b, c, d]: [Four; 4], roots: &[Four; 3]) -> [Four; 4] {
    let (sum, difference) = (add(a, c), sub(a, c));
    let (other, turned) = (add(b, d), sub(b, d));
    let minus_i = [turned[1], f32x4_neg(turned[0])];
    [
        add(sum, other),
        multiply(add(difference, minus_i), roots[0]),
        multiply(sub(sum, other), roots[1]),
        multiply(sub(difference, minus_i), roots[2]),
    ]
}

fn add(a: Four, b: Four) -> Four {
    [f32x4_add(a[0], b[0]), f32x4_add(a[1], b[1])]
}

fn sub(a: Four, b: Four) -> Four {
    [f32x4_sub(a[0], b[0]), f32x4_sub(a[1], b[1])]
}

fn multiply(a: Four, b: Four) -> Four {
    let re = f32x4_sub(f32x4_mul(a[0], b[0]), f32x4_mul(a[1], b[1]));
    [re, f32x4_add(f32x4_mul(a[0], b[1]), f32x4_mul(a[1], b[0]))]
}

/// `a` multiplied by the conjugate of `b`.
fn by_conjugate(a: &Four, b: &Four) -> Four {
    multiply(*a, [b[0], f32x4_neg(b[1])])
}

fn transposed([a, b, c, d]: [v128; 4]) -> [v128; 4] {
    let (ab, cd) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<0, 4, 1, 5>(c, d));
    let (ef, gh) = (i32x4_shuffle::<2, 6, 3, 7>(a, b), i32x4_shuffle::<2, 6, 3, 7>(c, d));
    let low = |a, b| i32x4_shuffle::<0, 1, 4, 5>(a, b);
    let high = |a, b| i32x4_shuffle::<2, 3, 6, 7>(a, b);
    [low(ab, cd), high(ab, cd), low(ef, gh), high(ef, gh)]
}

fn load(from: &[f32]) -> v128 {
    f32x4(from[0], from[1], from[2], from[3])
}

#[inline(always)]
pub fn store(to: &mut [f32], all: v128) {
    to[..4].copy_from_slice(&bytemuck::cast::<v128, [f32; 4]>(all));
}
