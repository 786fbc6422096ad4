//! YAML in and out, in the one place that knows the YAML crate.
//!
//! Reading gives a tree of text: what a value means is decided by who asked for it, so `yes`, `0.15`
//! and `2026-01-01` arrive as they were typed. Duplicate keys are refused (the YAML crate accepts them).

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};

/// A scalar as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar(pub String);

/// A node: one value, or named nodes in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    Leaf(Scalar),
    Branch(Vec<(String, Tree)>),
}

/// Why a text is not such a tree, and the line (from 1) that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    pub line: usize,
    pub message: String,
}

/// Reads a mapping; an empty text is an empty one.
pub fn parse(text: &str) -> Result<Vec<(String, Tree)>, YamlError> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#') || line.trim() == "---") {
        return Ok(Vec::new());
    }
    match serde_yaml::from_str::<Tree>(text) {
        Ok(Tree::Branch(entries)) => Ok(entries),
        Ok(Tree::Leaf(_)) => Err(YamlError { line: 1, message: "expected `key: value` lines".into() }),
        Err(error) => Err(YamlError { line: error.location().map_or(1, |location| location.line()), message: error.to_string() }),
    }
}

/// The line (from 1) on which the last key of `path` stands, each key looked for below the one before.
pub fn line_of(text: &str, path: &[&str]) -> usize {
    let mut lines = text.lines().enumerate();
    let mut found = 1;
    for key in path {
        let is_key = |line: &str| {
            let line = line.trim_start().trim_start_matches(['"', '\'']);
            line.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
        };
        if let Some((index, _)) = lines.by_ref().find(|(_, line)| is_key(line)) {
            found = index + 1;
        }
    }
    found
}

/// Reads any document of others, types as YAML has them; `None` for what is no YAML or too entangled.
pub fn document(bytes: &[u8]) -> Option<serde_json::Value> {
    serde_yaml::from_slice(bytes).ok()
}

/// Writes a value as YAML.
pub fn to_string(value: &impl Serialize) -> Result<String, String> {
    serde_yaml::to_string(value).map_err(|error| error.to_string())
}

struct TreeVisitor;

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value or `key: value` lines")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Leaf(Scalar(if value { "yes" } else { "no" }.into())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Leaf(Scalar(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Leaf(Scalar(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Leaf(Scalar(value.to_string())))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Leaf(Scalar(value.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf(Scalar(String::new())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries: Vec<(String, Tree)> = Vec::new();
        while let Some((key, node)) = map.next_entry::<String, Tree>()? {
            if entries.iter().any(|(known, _)| *known == key) {
                return Err(A::Error::custom(format!("'{key}' stands twice")));
            }
            entries.push((key, node));
        }
        Ok(Tree::Branch(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_as_typed_and_duplicates_are_refused() {
        let tree = parse("a: 0.15\nb:\n  c: yes\n  d: text\n").expect("good");
        assert_eq!(tree[0], ("a".into(), Tree::Leaf(Scalar("0.15".into()))));
        assert_eq!(
            tree[1].1,
            Tree::Branch(vec![("c".into(), Tree::Leaf(Scalar("yes".into()))), ("d".into(), Tree::Leaf(Scalar("text".into())))])
        );
        assert!(parse("a: 1\na: 2\n").expect_err("twice").message.contains("'a' stands twice"));
        assert_eq!(parse("# nothing\n").expect("empty"), Vec::new());
    }

    #[test]
    fn lines_are_found_below_their_parents() {
        assert_eq!(line_of("x: 1\na:\n  x: 2\n", &["a", "x"]), 3);
        assert_eq!(line_of("\"x\" : 1\n", &["x"]), 1);
    }
}
