//! Where a pickle ends, whatever is in it: opcodes are stepped over, none is understood.

use crate::error::Result;
use crate::formats::cursor::Cursor;

/// Steps to the end of a pickle.
///
/// Between the opcodes of a joblib file stand arrays, whose length only the objects around them tell: of it the last byte
/// alone is looked at.
///
/// Errors: an opcode that there is not, and a file that ends before the pickle does.
pub(super) fn ends(bytes: &[u8]) -> Result<()> {
    let mut cursor = Cursor::new(bytes, "pickle");
    if memchr::memmem::find(bytes, b"joblib.numpy_pickle").is_some() {
        return match bytes.last() {
            Some(b'.') => Ok(()),
            _ => Err(cursor.fail_at(bytes.len(), "it ends without the mark of its end")),
        };
    }
    loop {
        let at = cursor.position();
        let opcode = cursor.byte().map_err(|_| cursor.fail_at(at, "it ends without the mark of its end"))?;
        match opcode {
            b'.' => return Ok(()),
            b'('
            | b')'
            | b']'
            | b'}'
            | b'0'
            | b'1'
            | b'2'
            | b'N'
            | b'Q'
            | b'R'
            | b'a'
            | b'b'
            | b'd'
            | b'e'
            | b'l'
            | b'o'
            | b's'
            | b't'
            | b'u'
            | 0x81
            | 0x85..=0x89
            | 0x8f..=0x94
            | 0x97
            | 0x98 => {}
            b'F' | b'I' | b'L' | b'P' | b'S' | b'V' | b'g' | b'p' => drop(cursor.line()?),
            b'c' | b'i' => drop((cursor.line()?, cursor.line()?)),
            b'K' | b'h' | b'q' | 0x80 | 0x82 => drop(cursor.take(1)?),
            b'M' | 0x83 => drop(cursor.take(2)?),
            b'J' | b'j' | b'r' | 0x84 => drop(cursor.take(4)?),
            b'G' | 0x95 => drop(cursor.take(8)?),
            b'C' | b'U' | 0x8a | 0x8c => {
                let length = cursor.byte()?;
                cursor.take(usize::from(length))?;
            }
            b'B' | b'T' | b'X' | 0x8b => {
                let length = u32::from_le_bytes(cursor.array()?);
                cursor.take_stated(u64::from(length))?;
            }
            0x8d | 0x8e | 0x96 => {
                let length = u64::from_le_bytes(cursor.array()?);
                cursor.take_stated(length)?;
            }
            other => return Err(cursor.fail_at(at, format_args!("0x{other:02x} is no opcode"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pickle_of_any_protocol_is_whole_with_its_end_alone() {
        let pickles: [&[u8]; 4] = [
            b"ccopy_reg\n_reconstructor\np0\n(c__main__\nA\np1\nF1.5\ntp2\nRp3\n.",
            b"\x80\x02cmine\nMine\nq\x00)\x81q\x01}q\x02U\x01aq\x03G?\xf8\x00\x00\x00\x00\x00\x00sb.",
            b"\x80\x04\x95\x0c\x00\x00\x00\x00\x00\x00\x00\x8c\x08builtins\x94.",
            b"\x80\x04X\x01\x00\x00\x00.C\x01.\x86.",
        ];
        for pickle in pickles {
            assert!(ends(pickle).is_ok(), "{pickle:?}: {:?}", ends(pickle));
            for length in 0..pickle.len() {
                assert!(ends(&pickle[..length]).is_err(), "{length} bytes of {pickle:?}");
            }
        }
        assert!(ends(b"\x80\x04\xff.").unwrap_err().to_string().contains("byte 2: 0xff is no opcode"));
    }
}
