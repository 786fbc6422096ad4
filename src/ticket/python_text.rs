//! Lists and dictionaries as Python prints them, as JSON: what `DataFrame.to_csv` leaves of them in a cell.

use serde_json::Value;

use super::normalize::NOT_A_NUMBER;

/// The value of a text that is JSON, or what Python prints for a list, a tuple, a dictionary or a NumPy array; `None` for
/// another text.
pub(super) fn value(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&as_json(text)?).ok())
}

/// The JSON of what Python prints; `None` for what is no literal. Whether it is well-formed shows when it is parsed.
pub(super) fn as_json(text: &str) -> Option<String> {
    let mut reader = Reader { rest: text.trim(), json: String::with_capacity(text.len() + 16), after_value: false };
    while !reader.rest.is_empty() {
        reader.token()?;
    }
    Some(reader.json)
}

/// The number of code points of what Python prints, where `text` is that and no JSON.
pub(super) fn printed_length(text: &str) -> Option<usize> {
    let parsed: Value = serde_json::from_str(&as_json(text)?).ok()?;
    (parsed.is_object() || parsed.is_array()).then(|| text.trim().chars().count())
}

struct Reader<'t> {
    rest: &'t str,
    json: String,
    /// A value stands right before: NumPy prints its items with nothing but space between them.
    after_value: bool,
}

impl<'t> Reader<'t> {
    fn token(&mut self) -> Option<()> {
        let first = self.rest.chars().next()?;
        match first {
            _ if first.is_ascii_whitespace() => self.rest = self.rest.trim_start(),
            '[' | '(' | '{' => {
                self.begin_value();
                self.json.push(if first == '(' { '[' } else { first });
                self.rest = &self.rest[1..];
                self.after_value = false;
            }
            ']' | ')' | '}' => {
                // Python takes a comma before the end, and prints one in a tuple of one.
                if self.json.ends_with(',') {
                    self.json.pop();
                }
                self.json.push(if first == ')' { ']' } else { first });
                self.rest = &self.rest[1..];
                self.after_value = true;
            }
            ',' | ':' => {
                self.json.push(first);
                self.rest = &self.rest[1..];
                self.after_value = false;
            }
            '\'' | '"' => {
                let text = self.quoted()?;
                self.give(&Value::String(text).to_string());
            }
            _ if first.is_ascii_alphanumeric() || matches!(first, '_' | '-' | '+' | '.') => self.word()?,
            _ => return None,
        }
        Some(())
    }

    fn begin_value(&mut self) {
        if self.after_value {
            self.json.push(',');
        }
    }

    fn give(&mut self, json: &str) {
        self.begin_value();
        self.json.push_str(json);
        self.after_value = true;
    }

    /// A number, a constant, or a call such as `ObjectId('…')`, which is the text that it is printed as.
    fn word(&mut self) -> Option<()> {
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '.'))).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word {
            "True" => self.give("true"),
            "False" => self.give("false"),
            "None" => self.give("null"),
            "nan" => self.give(&format!("{{\"$numberDouble\":\"{NOT_A_NUMBER}\"}}")),
            "inf" | "-inf" => self.give(&format!("{{\"$numberDouble\":\"{word}\"}}")),
            _ if rest.starts_with('(') => {
                let end = call_end(rest)?;
                let call = format!("{word}{}", &rest[..end]);
                self.rest = &rest[end..];
                self.give(&Value::String(call).to_string());
            }
            number => self.give(number),
        }
        Some(())
    }

    /// The text between quotes.
    fn quoted(&mut self) -> Option<String> {
        let quote = self.rest.chars().next()?;
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => {
                    let (_, escaped) = chars.next()?;
                    let digits = match escaped {
                        'x' => 2,
                        'u' => 4,
                        'U' => 8,
                        _ => 0,
                    };
                    text.push(match escaped {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        '\\' | '\'' | '"' => escaped,
                        _ if digits > 0 => {
                            let code: String = chars.by_ref().take(digits).map(|(_, digit)| digit).collect();
                            char::from_u32(u32::from_str_radix(&code, 16).ok()?)?
                        }
                        _ => return None,
                    });
                }
                _ if c == quote => {
                    self.rest = &self.rest[at + 1..];
                    return Some(text);
                }
                _ => text.push(c),
            }
        }
        None
    }
}

/// Where the call that begins with a bracket ends; brackets in texts do not count.
fn call_end(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_python_prints_is_read() {
        for (text, expected) in [
            ("['linux', \"it's\"]", json!(["linux", "it's"])),
            ("('a', 'b',)", json!(["a", "b"])),
            ("['linux' 'docker'\n 'arm']", json!(["linux", "docker", "arm"])),
            ("{'dry': False, 'n': None, 'x': 1e-05, 'é\\n': [1, 2.5]}", json!({"dry": false, "n": null, "x": 1e-05, "é\n": [1, 2.5]})),
            (
                "{'id': ObjectId('65(b'), 'at': datetime.datetime(2026, 1, 1)}",
                json!({"id": "ObjectId('65(b')", "at": "datetime.datetime(2026, 1, 1)"}),
            ),
            ("[\"a\", true, null]", json!(["a", true, null])),
            ("[nan, -inf]", json!([{"$numberDouble": "nan"}, {"$numberDouble": "-inf"}])),
            ("'\\x41\\u00e9'", json!("Aé")),
            ("[]", json!([])),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
        for text in ["", "linux", "['a'", "{'a'}", "{'a': }", "['\\q']", "f(1", "[a; b]", "'\\ud800'", "]", ")"] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn a_dictionary_is_as_long_as_it_is_printed() {
        assert_eq!(printed_length(" {'a': (1,), 'b': nan} "), Some("{'a': (1,), 'b': nan}".len()));
        assert_eq!((printed_length("None"), printed_length("{'a'")), (None, None));
    }
}
