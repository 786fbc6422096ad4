//! SHA-256 digests of stored bytes, as text.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    let mut digest = RunningDigest::default();
    digest.update(bytes);
    digest.hex()
}

/// The SHA-256 of bytes that come one piece after the other.
#[derive(Clone, Debug, Default)]
pub struct RunningDigest(Sha256);

impl RunningDigest {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// Of all pieces so far, as [`sha256_hex`]; of none that of no bytes.
    pub fn hex(&self) -> String {
        self.0.clone().finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_nothing_is_the_published_one() {
        assert_eq!(sha256_hex(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn pieces_have_the_digest_of_the_whole() {
        let mut digest = RunningDigest::default();
        [b"ab".as_slice(), b"", b"c"].iter().for_each(|piece| digest.update(piece));
        assert_eq!(digest.hex(), sha256_hex(b"abc"));
    }
}
