//! Where the documents of a JSON file begin and end, told by its beginning.

use memchr::{memchr, memchr2};

use crate::ticket::known_field;

/// What the list in an object around it is called by the programs that write one.
const LIST_NAMES: [&[u8]; 14] = [
    b"tickets",
    b"execution_tickets",
    b"items",
    b"data",
    b"results",
    b"result",
    b"records",
    b"rows",
    b"documents",
    b"docs",
    b"values",
    b"value",
    b"content",
    b"hits",
];
/// Members that only a ticket has: an object with one of them before a list is a ticket itself.
const OF_TICKETS: [&[u8]; 3] = [b"ticket_id", b"task_type", b"estimated_duration_ms"];

/// How the documents of a file stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum JsonShape {
    /// One a line.
    Lines,
    /// One after the other, over any number of lines.
    Sequence,
    /// In arrays.
    Array,
    /// In a list of objects around it, at these names from the outside in.
    Inside(Vec<Vec<u8>>),
}

impl JsonShape {
    /// The shape of a file that begins so, with an object or an array.
    pub(super) fn of(head: &[u8]) -> JsonShape {
        let begin = head.len() - head.trim_ascii_start().len();
        if head.get(begin) == Some(&b'[') {
            return JsonShape::Array;
        }
        if let Some(names) = list_inside(head, begin) {
            return JsonShape::Inside(names);
        }
        let line = begin + memchr(b'\n', &head[begin..]).unwrap_or(head.len() - begin);
        let alone = match value_end(head, begin) {
            Some(end) if end <= line => head[end..line].trim_ascii().is_empty(),
            // It goes on in the next line, or it is longer than what is looked at.
            _ => line == head.len(),
        };
        if alone { JsonShape::Lines } else { JsonShape::Sequence }
    }
}

/// The names that lead to a list of tickets in the object at `begin`.
fn list_inside(head: &[u8], begin: usize) -> Option<Vec<Vec<u8>>> {
    let mut members = Members { bytes: head, at: begin + 1 };
    while let Some((name, value)) = members.next_name() {
        if OF_TICKETS.contains(&name) {
            return None;
        }
        if LIST_NAMES.contains(&name) {
            let found = match head.get(value)? {
                b'[' if holds_tickets(head, value + 1) => Some(Vec::new()),
                b'{' => list_inside(head, value),
                _ => None,
            };
            if let Some(mut below) = found {
                below.insert(0, name.to_vec());
                return Some(below);
            }
        }
        members.at = value_end(head, value)?;
    }
    None
}

/// Whether the first item of the list is an object with a field of tickets; an empty list has none that is not.
fn holds_tickets(head: &[u8], begin: usize) -> bool {
    let Some(first) = not_space(head, begin) else { return false };
    if head[first] != b'{' {
        return head[first] == b']';
    }
    let mut members = Members { bytes: head, at: first + 1 };
    while let Some((name, value)) = members.next_name() {
        if str::from_utf8(name).is_ok_and(|name| known_field(name).is_some()) {
            return true;
        }
        let Some(end) = value_end(head, value) else { return false };
        members.at = end;
    }
    false
}

/// The members of an object, as far as they are there.
struct Members<'b> {
    bytes: &'b [u8],
    /// Before a name, or the comma before it.
    at: usize,
}

impl<'b> Members<'b> {
    /// The next name and where its value begins.
    fn next_name(&mut self) -> Option<(&'b [u8], usize)> {
        let mut at = not_space(self.bytes, self.at)?;
        if self.bytes[at] == b',' {
            at = not_space(self.bytes, at + 1)?;
        }
        name(self.bytes, at)
    }
}

/// The name that begins at `at` and where its value begins.
fn name(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    if bytes[at] != b'"' {
        return None;
    }
    let end = text_end(bytes, at + 1)?;
    let colon = not_space(bytes, end + 1)?;
    (bytes[colon] == b':').then_some(())?;
    Some((&bytes[at + 1..end], not_space(bytes, colon + 1)?))
}

fn not_space(bytes: &[u8], from: usize) -> Option<usize> {
    let found = bytes.get(from..)?.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))?;
    Some(from + found)
}

/// Where the closing quote of a text that begins at `from` is.
pub(super) fn text_end(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let found = from + memchr2(b'"', b'\\', bytes.get(from..)?)?;
        if bytes[found] == b'"' {
            return Some(found);
        }
        from = found + 2;
    }
}

/// The end of the value that begins at `begin`, when all of it is there.
fn value_end(bytes: &[u8], begin: usize) -> Option<usize> {
    match bytes.get(begin)? {
        b'"' => Some(text_end(bytes, begin + 1)? + 1),
        b'{' | b'[' => brackets_end(bytes, begin),
        _ => {
            let length = bytes[begin..].iter().position(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n'))?;
            Some(begin + length)
        }
    }
}

fn brackets_end(bytes: &[u8], begin: usize) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, begin);
    loop {
        match bytes.get(at)? {
            b'"' => at = text_end(bytes, at + 1)?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// What may come next around the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaiting {
    /// Another of what the file consists of.
    Outermost,
    /// A name of the object around the list, or its end.
    FirstName,
    Name,
    /// A comma or the end after a member of the object around the list.
    AfterMember,
    FirstDocument,
    Document,
    /// A comma or the list's end.
    AfterDocument,
}

/// What was found at one place.
pub(super) enum Step {
    /// A whole document that ends here.
    Document(usize),
    /// Something between documents that ends here.
    Over(usize),
    /// What begins here is not all there.
    NeedsMore,
    /// What stands here is not what was expected.
    Unexpected(&'static str),
}

/// Walks over what stands around documents.
pub(super) struct Cutter {
    shape: JsonShape,
    awaiting: Awaiting,
    /// How many objects around the list are open.
    open: usize,
    begun: bool,
}

impl Cutter {
    pub(super) fn new(shape: JsonShape) -> Cutter {
        Cutter { shape, awaiting: Awaiting::Outermost, open: 0, begun: false }
    }

    /// What is missing when the input ends now.
    pub(super) fn missing(&self) -> Option<&'static str> {
        match self.awaiting {
            Awaiting::Outermost if self.begun || self.shape == JsonShape::Sequence => None,
            Awaiting::Outermost | Awaiting::FirstDocument | Awaiting::Document | Awaiting::AfterDocument => Some("the array does not end"),
            _ => Some("the object around the list does not end"),
        }
    }

    /// Whether nothing stands around the documents.
    pub(super) fn is_sequence(&self) -> bool {
        self.shape == JsonShape::Sequence
    }

    /// What stands at `at`, which is a place in `bytes`.
    pub(super) fn step(&mut self, bytes: &[u8], at: usize) -> Step {
        let byte = bytes[at];
        let (next, end) = match (self.awaiting, byte) {
            (_, b' ' | b'\t' | b'\r' | b'\n') => return Step::Over(at + 1),
            (Awaiting::Outermost, b'{') if self.shape == JsonShape::Sequence => return self.document(bytes, at, Awaiting::Outermost),
            (Awaiting::Outermost, b'[') if self.shape == JsonShape::Array => (Awaiting::FirstDocument, at + 1),
            (Awaiting::Outermost, b'{') if matches!(self.shape, JsonShape::Inside(_)) => {
                self.open = 1;
                (Awaiting::FirstName, at + 1)
            }
            (Awaiting::FirstDocument | Awaiting::AfterDocument, b']') => {
                (if self.open == 0 { Awaiting::Outermost } else { Awaiting::AfterMember }, at + 1)
            }
            (Awaiting::AfterDocument, b',') => (Awaiting::Document, at + 1),
            (Awaiting::FirstDocument | Awaiting::Document, b'{') => return self.document(bytes, at, Awaiting::AfterDocument),
            (Awaiting::FirstName | Awaiting::AfterMember, b'}') => {
                self.open -= 1;
                (if self.open == 0 { Awaiting::Outermost } else { Awaiting::AfterMember }, at + 1)
            }
            (Awaiting::AfterMember, b',') => (Awaiting::Name, at + 1),
            (Awaiting::FirstName | Awaiting::Name, b'"') => return self.member(bytes, at),
            (awaiting, _) => {
                return Step::Unexpected(match awaiting {
                    Awaiting::AfterDocument => "a comma or the array's end",
                    Awaiting::Outermost if self.shape == JsonShape::Array => "nothing after the array's end",
                    Awaiting::Outermost | Awaiting::FirstDocument | Awaiting::Document => "a ticket, which is an object",
                    Awaiting::FirstName | Awaiting::Name | Awaiting::AfterMember => {
                        "another member of the object around the list, or its end"
                    }
                });
            }
        };
        (self.awaiting, self.begun) = (next, true);
        Step::Over(end)
    }

    fn document(&mut self, bytes: &[u8], at: usize, next: Awaiting) -> Step {
        match brackets_end(bytes, at) {
            Some(end) => {
                (self.awaiting, self.begun) = (next, true);
                Step::Document(end)
            }
            None => Step::NeedsMore,
        }
    }

    /// A member of an object around the list: one that leads to it is entered, another passed over.
    fn member(&mut self, bytes: &[u8], at: usize) -> Step {
        let JsonShape::Inside(names) = &self.shape else { return Step::NeedsMore };
        let Some(end) = text_end(bytes, at + 1) else { return Step::NeedsMore };
        let Some(colon) = not_space(bytes, end + 1) else { return Step::NeedsMore };
        if bytes[colon] != b':' {
            return Step::Unexpected("a name with its value");
        }
        let Some(value) = not_space(bytes, colon + 1) else { return Step::NeedsMore };
        let leads = names.get(self.open - 1).is_some_and(|name| *name == bytes[at + 1..end]);
        match bytes[value] {
            b'{' if leads && self.open < names.len() => {
                self.open += 1;
                self.awaiting = Awaiting::FirstName;
                Step::Over(value + 1)
            }
            b'[' if leads && self.open == names.len() => {
                self.awaiting = Awaiting::FirstDocument;
                Step::Over(value + 1)
            }
            b',' | b'}' | b']' | b':' => Step::Unexpected("a name with its value"),
            _ => match value_end(bytes, value) {
                Some(end) => {
                    self.awaiting = Awaiting::AfterMember;
                    Step::Over(end)
                }
                None => Step::NeedsMore,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(names: &[&str]) -> JsonShape {
        JsonShape::Inside(names.iter().map(|name| name.as_bytes().to_vec()).collect())
    }

    #[test]
    fn the_beginning_tells_how_documents_stand() {
        for (head, shape) in [
            ("{\"a\": 1}\n{\"a\": 2}\n", JsonShape::Lines),
            ("{\"a\": 1", JsonShape::Lines),
            ("{\"a\": 1}{\"a\": 2}", JsonShape::Sequence),
            ("\n {\n  \"a\": 1\n}\n", JsonShape::Sequence),
            ("{\n  \"a\": [1,", JsonShape::Sequence),
            (" [ {\"a\": 1}", JsonShape::Array),
            ("{\"tickets\": [{\"ticket_id\": \"a\"", inside(&["tickets"])),
            (
                "{\"status\": \"ok\", \"total\": 2, \"data\": {\"page\": [1], \"items\": [ {\"x\": {}, \"task_type\": 1",
                inside(&["data", "items"]),
            ),
            ("{\"items\": []}", inside(&["items"])),
            ("{\"items\": [{\"name\": 1}], \"ticket_id\": \"a\"}\n", JsonShape::Lines),
            ("{\"ticket_id\": \"a\", \"items\": [{\"status\": 1}]}\n", JsonShape::Lines),
            ("{\"history\": [{\"status\": 1}]}\n", JsonShape::Lines),
            ("{\"items\": [1]}\n", JsonShape::Lines),
        ] {
            assert_eq!(JsonShape::of(head.as_bytes()), shape, "{head}");
        }
    }

    /// What is found in a text however it comes in pieces, and what is missing at its end.
    fn documents(text: &str, size: usize) -> Result<(Vec<String>, Option<&'static str>), String> {
        let mut cutter = Cutter::new(JsonShape::of(text.as_bytes()));
        let (mut found, mut bytes, mut at) = (Vec::new(), Vec::new(), 0);
        for piece in text.as_bytes().chunks(size) {
            bytes.extend_from_slice(piece);
            while at < bytes.len() {
                match cutter.step(&bytes, at) {
                    Step::Document(end) => {
                        found.push(String::from_utf8_lossy(&bytes[at..end]).into_owned());
                        at = end;
                    }
                    Step::Over(end) => at = end,
                    Step::NeedsMore => break,
                    Step::Unexpected(expected) => return Err(format!("{at}: {expected}")),
                }
            }
        }
        Ok((found, cutter.missing()))
    }

    #[test]
    fn documents_are_cut_out_of_whatever_stands_around_them() {
        let pages = "{\"n\": \"]\", \"data\": {\"items\": [{\"ticket_id\": 1}, {\"b\": [\"}\"]}], \"more\": true}}\n{\"data\": {\"items\": [{\"c\": {}}]}, \"n\": 1.5}";
        for size in [1, 2, 7, 4096] {
            let cut = |text| documents(text, size);
            assert_eq!(cut(pages), Ok((vec!["{\"ticket_id\": 1}".into(), "{\"b\": [\"}\"]}".into(), "{\"c\": {}}".into()], None)));
            assert_eq!(cut("[{\"a\":1}]\n[ ]"), Ok((vec!["{\"a\":1}".into()], None)));
            assert_eq!(cut("{\n}{\"a\"\n:1}"), Ok((vec!["{\n}".into(), "{\"a\"\n:1}".into()], None)));
            assert_eq!(
                cut("{\"items\": [{\"status\": 1}]"),
                Ok((vec!["{\"status\": 1}".into()], Some("the object around the list does not end")))
            );
            assert_eq!(cut("[{\"a\":1}, {\"b\""), Ok((vec!["{\"a\":1}".into()], Some("the array does not end"))));
            assert_eq!(cut("{\"items\": [] \"b\": 1}"), Err("13: another member of the object around the list, or its end".into()));
            assert_eq!(cut("[{}, 1]"), Err("5: a ticket, which is an object".into()));
        }
    }
}
