//! The song's file, which the host reads: the module opens nothing itself.

use std::io::{Error, Read, Result, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// Reads up to `length` bytes at `position`. Returns how many, -1 on failure.
    fn read(position: f64, pointer: *mut u8, length: usize) -> i32;
}

/// A file of a known length.
pub struct HostFile {
    pub position: u64,
    pub bytes: u64,
}

impl Read for HostFile {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let left = self.bytes.saturating_sub(self.position);
        let most = into.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        // SAFETY: the host writes at most `most` bytes, which `into` has.
        let count = unsafe { read(self.position as f64, into.as_mut_ptr(), most) };
        let count = usize::try_from(count).ok().filter(|it| *it <= most);
        let count = count.ok_or_else(|| Error::other("the host could not read"))?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for HostFile {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.bytes.checked_add_signed(by),
        };
        self.position = position.ok_or_else(|| Error::other("a position before the file"))?;
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
