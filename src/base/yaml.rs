//! YAML in and out, in the one place that knows the YAML crate.
//!
//! Reading gives a tree of text: what a value means is decided by who asked for it, so `yes`, `0.15`
//! and `2026-01-01` arrive as they were typed. Duplicate keys are refused (the YAML crate accepts them).

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};

/// A scalar as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct YamlScalar(pub(crate) String);

/// A node: one value, or named nodes in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum YamlNode {
    Leaf(YamlScalar),
    Branch(Vec<(String, YamlNode)>),
}

/// Why a text is not such a tree, and the line (from 1) that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct YamlError {
    pub(crate) line: usize,
    /// The line that it contradicts, where a key stands twice.
    pub(crate) first: Option<usize>,
    pub(crate) message: String,
}

/// Reads a mapping; an empty text is an empty one.
pub(crate) fn parse(text: &str) -> Result<Vec<(String, YamlNode)>, YamlError> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#') || line.trim() == "---") {
        return Ok(Vec::new());
    }
    if let Some(line) = too_deep(text.as_bytes()) {
        return Err(YamlError { line, first: None, message: TOO_DEEP.into() });
    }
    match serde_yaml::from_str::<YamlNode>(text) {
        Ok(YamlNode::Branch(entries)) => Ok(entries),
        Ok(YamlNode::Leaf(_)) => Err(YamlError { line: 1, first: None, message: "expected `key: value` lines".into() }),
        Err(error) => Err(told(text, &error)),
    }
}

/// The failure with its own line: the YAML crate names the beginning of a group where a key stands twice, and calls a tab
/// a character.
fn told(text: &str, error: &serde_yaml::Error) -> YamlError {
    let line = error.location().map_or(1, |location| location.line());
    let message = error.to_string();
    let twice = message.contains(TWICE).then(|| lines_of_both(text, message.split('\'').nth(1).unwrap_or_default())).flatten();
    if let Some((first, line)) = twice {
        return YamlError { line, first: Some(first), message };
    }
    let set_in_by_tab = |line: &str| line[..line.len() - line.trim_start().len()].contains('\t') && !line.trim().is_empty();
    match text.lines().position(set_in_by_tab).filter(|index| *index < line.max(1)) {
        Some(index) => {
            YamlError { line: index + 1, first: None, message: "a tab stands before the first word, and YAML is set in by spaces".into() }
        }
        None => YamlError { line, first: None, message },
    }
}

const TWICE: &str = "stands twice";

/// The lines (from 1) on which `key` stands for the first and the second time in one group, where each key has a line of
/// its own.
fn lines_of_both(text: &str, key: &str) -> Option<(usize, usize)> {
    // The groups that are open: how far they are set in, and where the key was in them.
    let mut groups: Vec<(usize, Option<usize>)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some(indentation) = indentation(line) else { continue };
        while groups.last().is_some_and(|(open, _)| *open > indentation) {
            groups.pop();
        }
        if groups.last().is_none_or(|(open, _)| *open < indentation) {
            groups.push((indentation, None));
        }
        if let Some((_, seen)) = groups.last_mut().filter(|_| is_key(line, key)) {
            if let Some(first) = *seen {
                return Some((first, index + 1));
            }
            *seen = Some(index + 1);
        }
    }
    None
}

/// How far a line is set in; `None` of one that says nothing.
fn indentation(line: &str) -> Option<usize> {
    let word = line.trim_start();
    let says = !word.is_empty() && !word.starts_with('#') && word.trim_end() != "---";
    says.then(|| line.len() - word.len())
}

fn is_key(line: &str, key: &str) -> bool {
    let line = line.trim_start().trim_start_matches(['"', '\'']);
    line.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
}

/// The line (from 1) on which the last key of `path` stands, each key looked for in the group of the one before; a key
/// that has no line of its own stands on that of its group.
pub(crate) fn line_of(text: &str, path: &[&str]) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let (mut found, mut next, mut parent) = (1, 0, None);
    for key in path {
        let group = lines[next..].iter().enumerate().filter_map(|(index, line)| Some((next + index, line, indentation(line)?)));
        let mut group = group.take_while(|(_, _, set_in)| parent.is_none_or(|parent| *set_in > parent)).peekable();
        let Some(own) = group.peek().map(|(_, _, set_in)| *set_in) else { break };
        let Some((index, ..)) = group.find(|(_, line, set_in)| *set_in == own && is_key(line, key)) else { break };
        (found, next, parent) = (index + 1, index + 1, Some(own));
    }
    found
}

/// Deepest lists and mappings in each other. The YAML crate itself goes no deeper, but comes to see it only after a time that
/// grows with the square of what is open.
const DEEPEST: usize = 128;

const TOO_DEEP: &str = "lists or mappings nested more than 128 deep";

/// The line (from 1) on which lists and mappings in brackets, or lists begun on one line, are nested too deep.
fn too_deep(text: &[u8]) -> Option<usize> {
    let mut open = 0_usize;
    for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
        let mut begun = 0;
        let mut is_beginning = true;
        for &byte in line {
            match byte {
                b'[' | b'{' => open += 1,
                b']' | b'}' => open = open.saturating_sub(1),
                b'-' | b'?' if is_beginning => begun += 1,
                b' ' | b'\t' => {}
                _ => is_beginning = false,
            }
            if open > DEEPEST || (is_beginning && begun > DEEPEST) {
                // A line of dashes alone is a mark or a text.
                if open > DEEPEST || line.contains(&b' ') {
                    return Some(index + 1);
                }
            }
        }
    }
    None
}

/// Reads any one document of others, types as YAML has them.
///
/// Errors, as the YAML crate says them: what is no YAML, is more than one document, says a key twice, or is too entangled.
pub(crate) fn document(bytes: &[u8]) -> Result<serde_json::Value, String> {
    if let Some(line) = too_deep(bytes) {
        return Err(format!("line {line}: {TOO_DEEP}"));
    }
    // The crate's own value refuses a key that stands twice.
    let document: serde_yaml::Value = serde_yaml::from_slice(bytes).map_err(|error| error.to_string())?;
    serde_json::to_value(document).map_err(|error| error.to_string())
}

/// Writes a value as YAML.
pub(crate) fn to_string(value: &impl Serialize) -> Result<String, String> {
    serde_yaml::to_string(value).map_err(|error| error.to_string())
}

struct TreeVisitor;

impl<'de> Deserialize<'de> for YamlNode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = YamlNode;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value or `key: value` lines")
    }

    fn visit_bool<E>(self, value: bool) -> Result<YamlNode, E> {
        Ok(YamlNode::Leaf(YamlScalar(if value { "yes" } else { "no" }.into())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<YamlNode, E> {
        Ok(YamlNode::Leaf(YamlScalar(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<YamlNode, E> {
        Ok(YamlNode::Leaf(YamlScalar(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<YamlNode, E> {
        Ok(YamlNode::Leaf(YamlScalar(value.to_string())))
    }

    fn visit_str<E>(self, value: &str) -> Result<YamlNode, E> {
        Ok(YamlNode::Leaf(YamlScalar(value.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<YamlNode, E> {
        Ok(YamlNode::Leaf(YamlScalar(String::new())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<YamlNode, A::Error> {
        let mut entries: Vec<(String, YamlNode)> = Vec::new();
        while let Some((key, node)) = map.next_entry::<String, YamlNode>()? {
            if entries.iter().any(|(known, _)| *known == key) {
                return Err(A::Error::custom(format!("'{key}' {TWICE}")));
            }
            entries.push((key, node));
        }
        Ok(YamlNode::Branch(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nested_too_deep_is_refused_before_it_is_read() {
        for text in ["[".repeat(200_000), "{a: ".repeat(200_000), "- ".repeat(200_000), "? ".repeat(200_000)] {
            let text = format!("b: 1\na:\n {text}");
            assert!(document(text.as_bytes()).expect_err("too deep").starts_with("line 3: "), "{}", &text[..20]);
            assert_eq!(parse(&text).expect_err("too deep").line, 3);
        }
        assert!(document(format!("a: {}{}\nb: '{}'\n", "[".repeat(60), "]".repeat(60), "-".repeat(300)).as_bytes()).is_ok());
    }

    #[test]
    fn values_stay_as_typed_and_duplicates_are_refused() {
        let tree = parse("a: 0.15\nb:\n  c: yes\n  d: text\n").expect("good");
        assert_eq!(tree[0], ("a".into(), YamlNode::Leaf(YamlScalar("0.15".into()))));
        assert_eq!(
            tree[1].1,
            YamlNode::Branch(vec![
                ("c".into(), YamlNode::Leaf(YamlScalar("yes".into()))),
                ("d".into(), YamlNode::Leaf(YamlScalar("text".into())))
            ])
        );
        assert!(parse("a: 1\na: 2\n").expect_err("twice").message.contains("'a' stands twice"));
        assert_eq!(parse("# nothing\n").expect("empty"), Vec::new());
    }

    #[test]
    fn a_second_key_and_a_tab_are_told_with_their_own_line() {
        let line = |text: &str| parse(text).expect_err("refused").line;
        assert_eq!(parse("a: 1\nb: 2\na: 3\n").expect_err("refused").first, Some(1));
        assert_eq!(line("a: 1\nb: 2\na: 3\n"), 3);
        assert_eq!(line("c:\n  x:\n    a: 1\n  y:\n    a: 1\n    # again\n    'a': 2\n"), 7);
        assert_eq!(line("c:\n  x:\n    a: 1\n  y: 2\n  x:\n    a: 3\n"), 5);
        let tab = parse("a: 1\nb:\n\tc: 2\n").expect_err("a tab");
        assert!(tab.line == 3 && tab.message.contains("tab") && tab.message.contains("spaces"), "{tab:?}");
    }

    #[test]
    fn a_document_of_others_is_one_and_says_each_key_once() {
        assert_eq!(document(b"a: [1, yes]\n").expect("good")["a"][0], 1);
        for (text, told) in [(&b"a: 1\n---\nb: 2\n"[..], "document"), (b"a: 1\na: 2\n", "duplicate"), (b"a: [\n", "line 2"), (b"\xff", "")]
        {
            let error = document(text).expect_err("refused");
            assert!(error.contains(told), "{error}");
        }
    }

    #[test]
    fn lines_are_found_below_their_parents() {
        assert_eq!(line_of("x: 1\na:\n  x: 2\n", &["a", "x"]), 3);
        assert_eq!(line_of("\"x\" : 1\n", &["x"]), 1);
        let policy = "a: {m: 1}\nb:\n  # m: 0\n  c:\n    m: 2\n  m: 3\n";
        assert_eq!(line_of(policy, &["a", "m"]), 1, "a group on one line");
        assert_eq!((line_of(policy, &["b", "m"]), line_of(policy, &["b", "c", "m"])), (6, 5));
    }
}
