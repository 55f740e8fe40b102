//! An Opus decoder, with the arithmetic of libopus in floating point.

use unsafe_libopus::{
    OPUS_OK, OPUS_SET_GAIN_REQUEST, OpusDecoder, opus_decode_float, opus_decoder_ctl,
    opus_decoder_get_size, opus_decoder_init,
};

/// The rate of the output (RFC 7845, section 5.1), and the sample frames of the longest packet.
const RATE_HZ: i32 = 48_000;
const MAX_FRAMES: usize = 5_760;

/// Decodes the packets of a stream of one or two channels.
pub struct Opus {
    /// Holds an [`OpusDecoder`], which has no pointers into itself.
    state: Vec<u64>,
    channels: usize,
}

impl Opus {
    /// `gain` is in units of 1/256 dB (RFC 7845, section 5.1). `None`: other channels.
    pub fn new(channels: usize, gain: i16) -> Option<Opus> {
        let count = i32::try_from(channels).ok()?;
        // SAFETY: the size is 0 for unsupported channels, else what `init` writes.
        let bytes = unsafe { opus_decoder_get_size(count) };
        let mut state = vec![0; usize::try_from(bytes).ok()?.div_ceil(8)];
        let decoder = state.as_mut_ptr().cast::<OpusDecoder>();
        // SAFETY: `decoder` is aligned, and as large as required.
        let is_ready = bytes > 0
            && unsafe {
                opus_decoder_init(decoder, RATE_HZ, count) == OPUS_OK
                    && opus_decoder_ctl!(decoder, OPUS_SET_GAIN_REQUEST, i32::from(gain)) == OPUS_OK
            };
        is_ready.then_some(Opus { state, channels })
    }

    /// Decodes a packet to interleaved samples. Returns its sample frames.
    pub fn decode(&mut self, packet: &[u8], out: &mut Vec<f32>) -> Option<usize> {
        out.resize(MAX_FRAMES * self.channels, 0.0);
        // SAFETY: `out` has space for the longest packet.
        let frames = unsafe {
            opus_decode_float(
                self.state.as_mut_ptr().cast::<OpusDecoder>(),
                packet.as_ptr(),
                packet.len() as i32,
                out.as_mut_ptr(),
                MAX_FRAMES as i32,
                0,
            )
        };
        let frames = usize::try_from(frames).ok()?;
        out.truncate(frames * self.channels);
        Some(frames)
    }
}

/// Whether SILK takes part in a packet: `config` of its first byte is less than 16
/// (RFC 6716, section 3.1).
pub fn has_silk(packet: &[u8]) -> bool {
    packet.first().is_some_and(|it| it >> 3 < 16)
}
