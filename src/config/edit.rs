//! Changing one line of a configuration file: comments and everything else stay as they were typed.
//!
//! The new text is read again and compared with what was meant, so a file in a style that is not understood
//! here (flow style, tabs, anchors) is refused and not spoiled.

use crate::base::yaml::{self, YamlNode, YamlScalar};
use crate::error::{Error, ErrorKind, Result};

/// The text with `path` set to `value`, or with `path` removed where `value` is `None`.
///
/// A path is a key, or `contexts`, the name of a context and a key; what is missing on the way is made.
/// Errors: [`ErrorKind::BadConfiguration`] when the file is none, or cannot be changed by lines;
/// [`ErrorKind::Usage`] for a value of several lines.
pub fn changed(name: &str, text: &str, path: &[&str], value: Option<&str>) -> Result<String> {
    if value.is_some_and(|value| value.contains(['\n', '\r'])) {
        return Err(Error::new(ErrorKind::Usage, "a setting is one line"));
    }
    let mut wanted = parse(name, text)?;
    let path = if value.is_none() { emptied(&wanted, path) } else { path };
    put(&mut wanted, path, value);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    match (find(&lines, path), value) {
        (Some(found), None) => {
            lines.drain(found.line..found.end);
        }
        (None, None) => {}
        (Some(found), Some(value)) => {
            let line = format!("{}{}: {}", " ".repeat(found.indentation), path.last().unwrap_or(&""), scalar(value)?);
            lines.splice(found.line..found.end, [line]);
        }
        (None, Some(value)) => insert(&mut lines, path, &scalar(value)?),
    }
    let mut changed = lines.join("\n");
    if !changed.is_empty() {
        changed.push('\n');
    }
    match parse(name, &changed) {
        Ok(tree) if same(&tree, &wanted) => Ok(changed),
        _ => Err(Error::new(ErrorKind::BadConfiguration, format!("{name} is written in a way that hivectl does not change"))
            .because("only files with one `key: value` a line are changed")
            .hint(format!("change `{}` in {name} with an editor", path.join(".")))),
    }
}

fn parse(name: &str, text: &str) -> Result<Vec<(String, YamlNode)>> {
    yaml::parse(text).map_err(|error| {
        Error::new(ErrorKind::BadConfiguration, format!("{name}:{}: this is not a configuration", error.line)).because(error.message)
    })
}

/// What a typed value means: text, or `{word: text}` for the place of a secret.
fn node(value: &str) -> YamlNode {
    let group = value.trim_start().starts_with('{').then(|| yaml::parse(&format!("value: {value}\n")).ok()).flatten();
    match group.as_deref() {
        Some([(_, group @ YamlNode::Branch(_))]) => group.clone(),
        _ => YamlNode::Leaf(YamlScalar(value.to_owned())),
    }
}

/// The value as YAML writes it on one line, without quotation marks where it means the same.
fn scalar(value: &str) -> Result<String> {
    let meant = node(value);
    let bare = yaml::parse(&format!("value: {value}\n"));
    if matches!(bare.as_deref(), Ok([(_, read)]) if *read == meant) && !value.contains('#') {
        return Ok(value.to_owned());
    }
    let text = yaml::to_string(&value).map_err(|error| Error::new(ErrorKind::Internal, "cannot write a value").because(error))?;
    Ok(text.trim_end().to_owned())
}

/// Where an entry stands: its own line and those that belong to it.
struct Found {
    line: usize,
    end: usize,
    indentation: usize,
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

/// The shortest beginning of `path` that holds nothing but what the path names: a group goes with its last entry.
fn emptied<'a, 'k>(tree: &[(String, YamlNode)], path: &'a [&'k str]) -> &'a [&'k str] {
    let mut entries = tree;
    let mut keep = 0;
    for (depth, key) in path.iter().enumerate() {
        if entries.len() > 1 || depth == 0 {
            keep = depth;
        }
        match entries.iter().find(|(name, _)| name == key) {
            Some((_, YamlNode::Branch(below))) => entries = below,
            Some((_, YamlNode::Leaf(_))) => {}
            None => return path,
        }
    }
    &path[..=keep]
}

fn find(lines: &[String], path: &[&str]) -> Option<Found> {
    let (mut begin, mut end) = (0, lines.len());
    let mut found = None;
    for key in path {
        let block = lines[begin..end].iter().find(|line| !is_blank(line)).map(|line| indentation(line))?;
        let line = (begin..end).find(|&line| indentation(&lines[line]) == block && is_key(&lines[line], key))?;
        let after = (line + 1..end).find(|&next| !is_blank(&lines[next]) && indentation(&lines[next]) <= block).unwrap_or(end);
        // Comments and blank lines before the next entry belong to that one.
        let last = (line..after).rev().find(|&line| !is_blank(&lines[line])).unwrap_or(line);
        found = Some(Found { line, end: last + 1, indentation: block });
        (begin, end) = (line + 1, after);
    }
    found
}

fn is_key(line: &str, key: &str) -> bool {
    let line = line.trim_start();
    let bare = line.strip_prefix(['"', '\'']).unwrap_or(line);
    bare.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
}

/// Adds an entry that is not there, below the deepest part of the path that is.
fn insert(lines: &mut Vec<String>, path: &[&str], value: &str) {
    let depth = (0..path.len()).rev().find(|&depth| depth == 0 || find(lines, &path[..depth]).is_some()).unwrap_or(0);
    let (place, indentation) = match find(lines, &path[..depth]) {
        None => (lines.len(), 0),
        Some(parent) => {
            let child = lines.get(parent.line + 1..parent.end).and_then(|below| below.iter().find(|line| !is_blank(line)));
            (parent.end, child.map_or(parent.indentation + 2, |line| self::indentation(line)))
        }
    };
    let mut new = Vec::new();
    for (level, key) in path[depth..].iter().enumerate() {
        let last = depth + level + 1 == path.len();
        let indent = " ".repeat(indentation + 2 * level);
        new.push(if last { format!("{indent}{key}: {value}") } else { format!("{indent}{key}:") });
    }
    lines.splice(place..place, new);
}

fn put(tree: &mut Vec<(String, YamlNode)>, path: &[&str], value: Option<&str>) {
    let [key, rest @ ..] = path else { return };
    let place = tree.iter().position(|(name, _)| name == key);
    match (rest.is_empty(), value, place) {
        (true, None, Some(place)) => {
            tree.remove(place);
        }
        (true, Some(value), Some(place)) => tree[place].1 = node(value),
        (true, Some(value), None) => tree.push(((*key).to_owned(), node(value))),
        (_, None, None) => {}
        (false, ..) => {
            let place = place.unwrap_or_else(|| {
                tree.push(((*key).to_owned(), YamlNode::Branch(Vec::new())));
                tree.len() - 1
            });
            if let YamlNode::Branch(entries) = &mut tree[place].1 {
                put(entries, rest, value);
            }
        }
    }
}

/// Whether two trees hold the same, in any order.
fn same(left: &[(String, YamlNode)], right: &[(String, YamlNode)]) -> bool {
    left.len() == right.len()
        && left.iter().all(|(name, node)| {
            right.iter().any(|(other, theirs)| {
                name == other
                    && match (node, theirs) {
                        (YamlNode::Leaf(left), YamlNode::Leaf(right)) => left == right,
                        (YamlNode::Branch(left), YamlNode::Branch(right)) => same(left, right),
                        _ => false,
                    }
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# ours\nregistry: a.db # near\n\ncontexts:\n  # live\n  prod:\n    registry: http://prod\n    protected: yes\n  test:\n    registry: t.db\n# end\nwindow_days: 3\n";

    fn set(text: &str, path: &[&str], value: &str) -> String {
        changed("c.yaml", text, path, Some(value)).expect("changed")
    }

    #[test]
    fn one_line_changes_and_the_rest_stays() {
        assert_eq!(set(FILE, &["window_days"], "30"), FILE.replace("window_days: 3", "window_days: 30"));
        let changed = set(FILE, &["contexts", "test", "registry"], "u.db");
        assert_eq!(changed, FILE.replace("registry: t.db", "registry: u.db"));
        assert_eq!(set("", &["registry"], "x.db"), "registry: x.db\n");
    }

    #[test]
    fn what_is_missing_on_the_way_is_made() {
        assert!(set(FILE, &["contexts", "prod", "tickets"], "t.ndjson").contains("    protected: yes\n    tickets: t.ndjson\n  test:"));
        assert!(set(FILE, &["contexts", "new", "registry"], "n.db").contains("    registry: t.db\n  new:\n    registry: n.db\n# end"));
        assert_eq!(set("window_days: 1\n", &["contexts", "x", "registry"], "y"), "window_days: 1\ncontexts:\n  x:\n    registry: y\n");
    }

    #[test]
    fn an_entry_is_removed_with_what_belongs_to_it() {
        let text = changed("c.yaml", FILE, &["contexts", "prod"], None).expect("changed");
        assert!(!text.contains("http://prod") && text.contains("registry: t.db") && text.contains("# end"), "{text}");
        assert_eq!(changed("c.yaml", FILE, &["size_field"], None).expect("nothing to do"), FILE);
        let only = "window_days: 3\ncontexts:\n  a:\n    registry: a.db\n";
        assert_eq!(changed("c.yaml", only, &["contexts", "a", "registry"], None).expect("changed"), "window_days: 3\n");
        assert_eq!(changed("c.yaml", only, &["contexts", "b"], None).expect("nothing to do"), only);
    }

    #[test]
    fn other_styles_are_refused_and_not_spoiled() {
        let flow = "contexts: {prod: {registry: a.db}}\n";
        assert_eq!(
            changed("c.yaml", flow, &["contexts", "prod", "registry"], Some("b.db")).expect_err("refused").kind(),
            ErrorKind::BadConfiguration
        );
        assert_eq!(changed("c.yaml", "", &["registry"], Some("a\nb")).expect_err("lines").kind(), ErrorKind::Usage);
        assert!(set("", &["registry"], "yes: 'no' # \"x\"").contains("registry: "));
        assert_eq!(set("", &["tickets"], "{env: URI}"), "tickets: {env: URI}\n");
    }
}
