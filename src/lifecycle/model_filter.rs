//! Which models a list shows: a glob, or the filter that MLflow's `search_registered_models` takes.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::{CharIndices, FromStr};

use crate::error::{Error, ErrorKind, Result};

/// What a model's name, and its own tags, must be.
///
/// ```
/// use std::collections::BTreeMap;
/// use hivectl::lifecycle::ModelFilter;
///
/// let filter: ModelFilter = "name LIKE 'ticket-%' AND tags.team = 'load'".parse().expect("a filter");
/// let tags = BTreeMap::from([("team".to_owned(), "load".to_owned())]);
/// assert!(filter.admits("ticket-load", &tags));
/// assert!(!filter.admits("ticket-load", &BTreeMap::new()));
/// assert!("ticket-*".parse::<ModelFilter>().expect("a glob").admits("ticket-load", &tags));
/// assert!("name > 'a'".parse::<ModelFilter>().is_err());
/// ```
#[derive(Clone, Debug)]
pub struct ModelFilter(Meaning);

#[derive(Clone, Debug)]
enum Meaning {
    Glob(glob::Pattern),
    /// All of them must hold.
    Conditions(Vec<Condition>),
}

#[derive(Clone, Debug)]
struct Condition {
    subject: Subject,
    comparison: Comparison,
}

#[derive(Clone, Debug)]
enum Subject {
    Name,
    Tag(String),
}

#[derive(Clone, Debug)]
enum Comparison {
    Equal(String),
    NotEqual(String),
    /// `%` is any text and `_` any character; nothing escapes them, as in MLflow on SQLite.
    Like(String),
    /// As `Like`, in either case of the ASCII letters.
    LikeInAnyCase(String),
    OneOf(Vec<String>),
    NoneOf(Vec<String>),
}

impl ModelFilter {
    /// Whether a model of this name and these tags is meant. A tag that the model does not have compares to nothing, so that
    /// `!=` does not hold either.
    pub fn admits(&self, name: &str, tags: &BTreeMap<String, String>) -> bool {
        match &self.0 {
            Meaning::Glob(pattern) => pattern.matches(name),
            Meaning::Conditions(conditions) => conditions.iter().all(|condition| match &condition.subject {
                Subject::Name => condition.comparison.holds(name),
                Subject::Tag(key) => tags.get(key).is_some_and(|value| condition.comparison.holds(value)),
            }),
        }
    }
}

impl Comparison {
    fn holds(&self, value: &str) -> bool {
        match self {
            Comparison::Equal(wanted) => value == wanted,
            Comparison::NotEqual(unwanted) => value != unwanted,
            Comparison::Like(pattern) => is_like(value, pattern),
            Comparison::LikeInAnyCase(pattern) => is_like(&value.to_ascii_lowercase(), &pattern.to_ascii_lowercase()),
            Comparison::OneOf(wanted) => wanted.iter().any(|wanted| value == wanted),
            Comparison::NoneOf(unwanted) => unwanted.iter().all(|unwanted| value != unwanted),
        }
    }
}

/// Whether `value` as a whole has the form of `pattern`, in time of the product of their lengths at most.
fn is_like(value: &str, pattern: &str) -> bool {
    let (value, pattern): (Vec<char>, Vec<char>) = (value.chars().collect(), pattern.chars().collect());
    let (mut at, mut wanted) = (0, 0);
    // Where the last `%` stands, and how far it has reached: the only place to come back to.
    let mut reached: Option<(usize, usize)> = None;
    while at < value.len() {
        match pattern.get(wanted) {
            Some('%') => {
                reached = Some((wanted, at));
                wanted += 1;
            }
            Some(&one) if one == '_' || one == value[at] => (at, wanted) = (at + 1, wanted + 1),
            Some(_) | None => match &mut reached {
                None => return false,
                Some((percent, until)) => {
                    *until += 1;
                    (at, wanted) = (*until, *percent + 1);
                }
            },
        }
    }
    pattern[wanted..].iter().all(|&left| left == '%')
}

impl FromStr for ModelFilter {
    type Err = Error;

    /// Reads a glob, or `name`, `tags.KEY` or ``tags.`KEY` `` compared with a quoted text by `=`, `!=`, `LIKE`, `ILIKE`, the
    /// name also by `IN ('a', 'b')` and `NOT IN`; any number of them with `AND` between. A text with a quote, `=`, `<` or `>`
    /// is a filter, and so is one that begins or ends with `AND` or one that begins with a word that can be compared and goes on; any other is a
    /// glob.
    ///
    /// Errors: [`ErrorKind::Usage`] with the column (from 1, in characters) of what cannot be read.
    fn from_str(text: &str) -> Result<ModelFilter> {
        if !is_filter(text) {
            let pattern = glob::Pattern::new(text)
                .map_err(|error| refused(text, error.pos, error.msg).hint("a glob has * for any text and ? for any character"))?;
            return Ok(ModelFilter(Meaning::Glob(pattern)));
        }
        let mut words = Words { text, tokens: tokens(text)?.into_iter().peekable() };
        let mut conditions = vec![words.condition()?];
        while let Some(Token { at, kind }) = words.tokens.next() {
            match kind {
                TokenKind::Word(word) if word.eq_ignore_ascii_case("and") => conditions.push(words.condition()?),
                _ => return Err(refused(text, at, "between two comparisons stands AND")),
            }
        }
        Ok(ModelFilter(Meaning::Conditions(conditions)))
    }
}

fn is_filter(text: &str) -> bool {
    let is_and = |word: Option<&str>| word.is_some_and(|word| word.eq_ignore_ascii_case("and"));
    if is_and(text.split_whitespace().next()) || is_and(text.split_whitespace().next_back()) {
        return true;
    }
    let (first, rest) = text.trim_start().split_once(char::is_whitespace).unwrap_or((text, ""));
    let is_subject = first == "name" || ["tags.", "tag.", "attribute."].iter().any(|before| first.starts_with(before));
    text.contains(['\'', '"', '`', '=', '<', '>']) || (is_subject && !rest.trim().is_empty())
}

fn refused(text: &str, at: usize, why: &str) -> Error {
    let column = text.get(..at).map_or(1, |before| before.chars().count() + 1);
    Error::new(ErrorKind::Usage, format!("the filter cannot be read at column {column} of {text}: {why}"))
        .hint("write a glob such as 'ticket-*', or comparisons such as \"name LIKE 'ticket-%' AND tags.team = 'load'\"")
}

/// A piece of a filter and the byte at which it begins.
struct Token {
    at: usize,
    kind: TokenKind,
}

enum TokenKind {
    /// What has no quotes: `name`, `tags.team`, `LIKE`; a tag's key in quotes is part of it, without them.
    Word(String),
    /// What stands between two `'` or two `"`.
    Text(String),
    /// `=`, `!=`, `<`, …
    Operator(String),
    Open,
    Close,
    Comma,
}

fn tokens(text: &str) -> Result<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some(&(at, first)) = rest.peek() {
        let kind = match first {
            _ if first.is_whitespace() => {
                rest.next();
                continue;
            }
            '\'' | '"' => TokenKind::Text(quoted(text, &mut rest)?),
            '(' | ')' | ',' => {
                rest.next();
                match first {
                    '(' => TokenKind::Open,
                    ')' => TokenKind::Close,
                    _ => TokenKind::Comma,
                }
            }
            _ if is_operator(first) => TokenKind::Operator(run_of(&mut rest, is_operator)),
            _ => TokenKind::Word(word(text, &mut rest)?),
        };
        found.push(Token { at, kind });
    }
    Ok(found)
}

fn is_operator(character: char) -> bool {
    matches!(character, '=' | '!' | '<' | '>')
}

fn run_of(rest: &mut Peekable<CharIndices<'_>>, belongs: impl Fn(char) -> bool) -> String {
    std::iter::from_fn(|| rest.next_if(|&(_, character)| belongs(character))).map(|(_, character)| character).collect()
}

/// What stands between the quote that comes next and the next of its kind.
fn quoted(text: &str, rest: &mut Peekable<CharIndices<'_>>) -> Result<String> {
    let Some((at, quote)) = rest.next() else { return Ok(String::new()) };
    let inner = run_of(rest, |character| character != quote);
    match rest.next() {
        Some(_) => Ok(inner),
        None => Err(refused(text, at, "this quote is not closed")),
    }
}

fn word(text: &str, rest: &mut Peekable<CharIndices<'_>>) -> Result<String> {
    let plain = |character: char| !character.is_whitespace() && !is_operator(character) && !"'\"`(),".contains(character);
    let mut word = run_of(rest, plain);
    if let Some(&(at, '`' | '"' | '\'')) = rest.peek() {
        if !word.ends_with('.') {
            return Err(refused(text, at, "a quote begins a text or, behind 'tags.', a key"));
        }
        word.push_str(&quoted(text, rest)?);
    }
    Ok(word)
}

/// The pieces that are left.
struct Words<'a> {
    text: &'a str,
    tokens: Peekable<std::vec::IntoIter<Token>>,
}

impl Words<'_> {
    fn refuse<T>(&self, at: usize, why: &str) -> Result<T> {
        Err(refused(self.text, at, why))
    }

    /// The next piece, or the end of the text.
    fn next(&mut self) -> (usize, Option<TokenKind>) {
        self.tokens.next().map_or((self.text.len(), None), |token| (token.at, Some(token.kind)))
    }

    fn condition(&mut self) -> Result<Condition> {
        let (at, subject) = self.next();
        let subject = match &subject {
            Some(TokenKind::Word(word)) => match word.split_once('.') {
                None if word == "name" => Subject::Name,
                Some(("attribute", "name")) => Subject::Name,
                Some(("tags" | "tag", key)) if !key.is_empty() => Subject::Tag(key.to_owned()),
                _ => return self.refuse(at, "what can be compared is name or tags.KEY"),
            },
            _ => return self.refuse(at, "a comparison begins with name or tags.KEY"),
        };
        let comparison = self.comparison(&subject)?;
        Ok(Condition { subject, comparison })
    }

    fn comparison(&mut self, subject: &Subject) -> Result<Comparison> {
        let (at, operator) = self.next();
        let operator = match operator {
            Some(TokenKind::Operator(operator) | TokenKind::Word(operator)) => operator.to_ascii_uppercase(),
            _ => String::new(),
        };
        match (operator.as_str(), subject) {
            ("=", _) => self.value().map(Comparison::Equal),
            ("!=", _) => self.value().map(Comparison::NotEqual),
            ("LIKE", _) => self.value().map(Comparison::Like),
            ("ILIKE", _) => self.value().map(Comparison::LikeInAnyCase),
            ("IN", Subject::Name) => self.values().map(Comparison::OneOf),
            ("NOT", Subject::Name) => match self.next() {
                (_, Some(TokenKind::Word(word))) if word.eq_ignore_ascii_case("in") => self.values().map(Comparison::NoneOf),
                (at, _) => self.refuse(at, "behind NOT stands IN"),
            },
            (_, Subject::Name) => self.refuse(at, "a name is compared by =, !=, LIKE, ILIKE, IN or NOT IN"),
            (_, Subject::Tag(_)) => self.refuse(at, "a tag is compared by =, !=, LIKE or ILIKE"),
        }
    }

    fn value(&mut self) -> Result<String> {
        match self.next() {
            (_, Some(TokenKind::Text(text))) => Ok(text),
            (at, _) => self.refuse(at, "here stands a text in quotes"),
        }
    }

    /// `('a', 'b')`, one or more.
    fn values(&mut self) -> Result<Vec<String>> {
        if let (at, None | Some(TokenKind::Word(_) | TokenKind::Text(_) | TokenKind::Operator(_) | TokenKind::Close | TokenKind::Comma)) =
            self.next()
        {
            return self.refuse(at, "here stands a list such as ('a', 'b')");
        }
        let mut values = vec![self.value()?];
        loop {
            match self.next() {
                (_, Some(TokenKind::Comma)) => values.push(self.value()?),
                (_, Some(TokenKind::Close)) => return Ok(values),
                (at, _) => return self.refuse(at, "the list goes on with a comma or ends with )"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ModelFilter, is_like};
    use crate::error::ErrorKind;

    #[test]
    fn like_is_sql_s() {
        for (value, pattern, expected) in [
            ("", "", true),
            ("", "%", true),
            ("a", "", false),
            ("abc", "a%c", true),
            ("abcabd", "%ab_", true),
            ("abcabd", "%abc", false),
            ("a%c", "a\\%c", false),
            ("é", "_", true),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "%a%a%a%a%a%a%a%a%c", false),
        ] {
            assert_eq!(is_like(value, pattern), expected, "{value} LIKE {pattern}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_column() {
        for (filter, column) in [
            ("name > 'a'", 6),
            ("name = a'", 9),
            ("é = 'a'", 1),
            ("name = 'é' OR name = 'b'", 12),
            ("name = 'a' AND", 15),
            ("name = 'a", 8),
            ("tags. = 'a'", 1),
            ("tags.k IN ('a')", 8),
            ("name IN ('a'", 13),
            ("name NOT LIKE 'a'", 10),
            ("metrics.mae < 1", 1),
            ("(name = 'a')", 1),
            ("***'", 4),
            ("a[", 2),
            ("tags.team is null", 11),
        ] {
            let error = filter.parse::<ModelFilter>().expect_err(filter);
            assert_eq!(error.kind(), ErrorKind::Usage, "{filter}");
            assert!(error.message().contains(&format!("at column {column} of ")), "{filter}: {}", error.message());
        }
    }
}
