//! The song's file, which the host reads: the module opens nothing by itself.

use std::io::{Error, Read, Result, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// Reads up to `length` bytes at `position` of the file to `pointer`.
    /// Returns how many, 0 at the end of the file, or -1 if it cannot.
    fn read(position: f64, pointer: *mut u8, length: usize) -> i32;
}

/// A file of a known length.
pub struct HostFile {
    position: u64,
    bytes: u64,
}

impl HostFile {
    pub fn new(bytes: u64) -> HostFile {
        HostFile { position: 0, bytes }
    }
}

impl Read for HostFile {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let most = into.len().min(self.bytes.saturating_sub(self.position) as usize);
        if most == 0 {
            return Ok(0);
        }
        // SAFETY: the host writes at most `most` bytes, which `into` has.
        let count = unsafe { read(self.position as f64, into.as_mut_ptr(), most) };
        if count < 0 || count as usize > most {
            return Err(Error::other("the host could not read"));
        }
        self.position += count as u64;
        Ok(count as usize)
    }
}

impl Seek for HostFile {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.bytes.checked_add_signed(by),
        };
        self.position = position.ok_or_else(|| Error::other("a place before the file"))?;
        Ok(self.position)
    }
}

impl MediaSource for HostFile {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.bytes)
    }
}
