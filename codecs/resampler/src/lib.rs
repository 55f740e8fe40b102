//! Changes the sample rate of PCM by a ratio that may vary, behind a C interface. Nothing
//! is imported. An instance is one stream of PCM.

use std::cell::RefCell;

use audioadapter_buffers::direct::InterleavedSlice;
use rubato::{
    Adjustable, Async, FixedAsync, Resampler, Resizable, SincInterpolationParameters,
    SincInterpolationType, WindowFunction,
};

/// Taps of the filter: flat to 0.9 of the lower Nyquist frequency; a multiple of 8.
const TAPS: usize = 160;
/// Points between two samples that the filter is computed at; others are interpolated.
const OVERSAMPLING: usize = 512;
/// The most input sample frames of a call.
const MAX_FRAMES: usize = 1024;
/// How far the ratio may be from the nominal one.
const MAX_RELATIVE: f64 = 1.02;

struct Stream {
    resampler: Async<f32>,
    channels: usize,
    input: Vec<f32>,
    output: Vec<f32>,
}

thread_local! {
    static STREAM: RefCell<Option<Stream>> = const { RefCell::new(None) };
}

/// Begins the stream. Returns how many sample frames of input lie behind the latest of
/// output, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn open(channels: usize, from_hz: f64, to_hz: f64) -> f64 {
    let parameters = SincInterpolationParameters::new(TAPS, WindowFunction::Blackman2)
        .oversampling_factor(OVERSAMPLING)
        .interpolation(SincInterpolationType::Linear);
    let opened = Async::<f32>::new_sinc(
        to_hz / from_hz,
        MAX_RELATIVE,
        &parameters,
        MAX_FRAMES,
        channels,
        FixedAsync::Input,
    );
    let Ok(resampler) = opened else { return -1.0 };
    let output_frames = resampler.output_frames_max();
    STREAM.set(Some(Stream {
        resampler,
        channels,
        input: vec![0.0; MAX_FRAMES * channels],
        output: vec![0.0; output_frames * channels],
    }));
    // Point 0 of the filter's table is one step after the sample frame that it is for.
    TAPS as f64 / 2.0 - 1.0 / OVERSAMPLING as f64
}

/// Where up to 1,024 sample frames of input, interleaved, have to be written.
#[unsafe(no_mangle)]
pub extern "C" fn input() -> *mut f32 {
    with(|it| it.input.as_mut_ptr())
}

/// Where the output of the latest call lies, interleaved.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const f32 {
    with(|it| it.output.as_ptr())
}

/// Resamples what was written, to `relative` times the nominal number of sample frames.
/// Returns that number, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn resample(frames: usize, relative: f64) -> i32 {
    with(|it| it.resample(frames, relative).map_or(-1, |frames| frames as i32))
}

/// Forgets what was read before.
#[unsafe(no_mangle)]
pub extern "C" fn reset() {
    with(|it| it.resampler.reset());
}

fn with<R>(act: impl FnOnce(&mut Stream) -> R) -> R {
    STREAM.with_borrow_mut(|it| act(it.as_mut().expect("open() was called")))
}

impl Stream {
    fn resample(&mut self, frames: usize, relative: f64) -> Option<usize> {
        self.resampler.set_chunk_size(frames).ok()?;
        self.resampler.set_resample_ratio_relative(relative, false).ok()?;
        let input = InterleavedSlice::new(&self.input, self.channels, frames).ok()?;
        let room = self.output.len() / self.channels;
        let mut output = InterleavedSlice::new_mut(&mut self.output, self.channels, room).ok()?;
        let (_, made) = self.resampler.process_into_buffer(&input, &mut output, None).ok()?;
        Some(made)
    }
}
