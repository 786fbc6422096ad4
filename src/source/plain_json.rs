//! JSON as Python writes it, with `NaN` and `Infinity`, as JSON that every reader takes.

use std::io::{self, BufRead, Read};

/// Longest word outside of texts that is looked at: `Infinity`.
const LONGEST_WORD: usize = 8;

/// What stands in the place of a word that no JSON has.
#[derive(Clone, Copy)]
pub(super) struct Words {
    not_a_number: &'static str,
    infinity: &'static str,
    minus_infinity: &'static str,
}

/// For rows of numbers, to whom a missing one is NaN.
pub(super) const TABLES: Words = Words { not_a_number: "null", infinity: "\"inf\"", minus_infinity: "\"-inf\"" };

/// For tickets: absent where a number belongs, and inside of parameters as long as Python prints it.
pub(super) const TICKETS: Words = Words {
    not_a_number: "{\"$numberDouble\":\"nan\"}",
    infinity: "{\"$numberDouble\":\"inf\"}",
    minus_infinity: "{\"$numberDouble\":\"-inf\"}",
};

/// Puts other words where `NaN`, `Infinity` and `-Infinity` stand; texts and all else pass as they are. The lines stay the
/// same.
pub(super) struct PlainJson<R> {
    inner: R,
    words: Words,
    in_text: bool,
    is_escaped: bool,
    /// A word, with the sign before it, that is not over.
    word: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
}

impl<R: BufRead> PlainJson<R> {
    pub(super) fn new(inner: R, words: Words) -> Self {
        PlainJson { inner, words, in_text: false, is_escaped: false, word: Vec::new(), ready: Vec::new(), given: 0 }
    }

    fn end_word(&mut self) {
        let word: &[u8] = match self.word.as_slice() {
            b"NaN" | b"-NaN" => self.words.not_a_number.as_bytes(),
            b"Infinity" => self.words.infinity.as_bytes(),
            b"-Infinity" => self.words.minus_infinity.as_bytes(),
            word => word,
        };
        self.ready.extend_from_slice(word);
        self.word.clear();
    }

    fn take(&mut self, byte: u8) {
        if self.in_text {
            (self.in_text, self.is_escaped) = (self.is_escaped || byte != b'"', !self.is_escaped && byte == b'\\');
        } else if (byte == b'-' && self.word.is_empty()) || (byte.is_ascii_alphabetic() && self.word.len() <= LONGEST_WORD) {
            self.word.push(byte);
            return;
        } else {
            self.end_word();
            self.in_text = byte == b'"';
        }
        self.ready.push(byte);
    }
}

impl<R: BufRead> Read for PlainJson<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            self.ready.clear();
            self.given = 0;
            let bytes = self.inner.fill_buf()?.to_vec();
            if bytes.is_empty() {
                self.end_word();
                if self.ready.is_empty() {
                    return Ok(0);
                }
            }
            bytes.iter().for_each(|&byte| self.take(byte));
            self.inner.consume(bytes.len());
        }
        let count = buffer.len().min(self.ready.len() - self.given);
        buffer[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_json_has_is_replaced_outside_of_texts_alone() {
        for (text, plain) in [
            ("[NaN, -Infinity,Infinity]", "[null, \"-inf\",\"inf\"]"),
            ("{\"NaN\": \"a\\\"NaN\\\\\", \"b\": NaN}", "{\"NaN\": \"a\\\"NaN\\\\\", \"b\": null}"),
            ("[-1.5e-3, true, null, Nan, -]\nNaN", "[-1.5e-3, true, null, Nan, -]\nnull"),
            ("InfinityInfinityInfinity", "InfinityInfinityInfinity"),
        ] {
            for size in [1, 3, 8192] {
                let mut found = String::new();
                PlainJson::new(io::BufReader::with_capacity(size, text.as_bytes()), TABLES).read_to_string(&mut found).expect("read");
                assert_eq!(found, plain, "{size}");
            }
        }
    }
}
