//! PCM as WAV holds it: interleaved and little-endian, of lossless songs each
//! bit as it is, of lossy ones 16 bits.

use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::audio::sample::i24;

/// How samples are written. The numbers are part of the interface.
#[derive(Clone, Copy)]
pub enum Encoding {
    U8 = 0,
    S16 = 1,
    S24 = 2,
    S32 = 3,
    F32 = 4,
    F64 = 5,
}

impl Encoding {
    /// The least container that holds whole numbers of so many bits, in its upper bits.
    pub fn of_bits(bits: u32) -> Encoding {
        match bits {
            0..=8 => Encoding::U8,
            9..=16 => Encoding::S16,
            17..=24 => Encoding::S24,
            _ => Encoding::S32,
        }
    }
}

/// Writes samples in place of what was written before.
pub fn write(samples: &GenericAudioBufferRef<'_>, encoding: Encoding, out: &mut Vec<u8>) {
    match encoding {
        Encoding::U8 => samples.copy_bytes_to_vec_interleaved_as::<u8>(out),
        Encoding::S16 => samples.copy_bytes_to_vec_interleaved_as::<i16>(out),
        Encoding::S24 => samples.copy_bytes_to_vec_interleaved_as::<i24>(out),
        Encoding::S32 => samples.copy_bytes_to_vec_interleaved_as::<i32>(out),
        Encoding::F32 => samples.copy_bytes_to_vec_interleaved_as::<f32>(out),
        Encoding::F64 => samples.copy_bytes_to_vec_interleaved_as::<f64>(out),
    }
}

/// Writes float samples as 16 bits, rounded to the nearest, the louder clipped.
pub fn write_rounded(samples: &[f32], out: &mut Vec<u8>) {
    let rounded = |it: &f32| (it * 32_768.0).round_ties_even() as i16;
    write_s16(samples.iter().map(rounded), out);
}

/// Writes 16-bit samples.
pub fn write_s16(samples: impl Iterator<Item = i16>, out: &mut Vec<u8>) {
    out.clear();
    out.extend(samples.flat_map(i16::to_le_bytes));
}
