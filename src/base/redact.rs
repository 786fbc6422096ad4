//! Text without its secrets: passwords inside URLs, options and flags that are named for a secret.
//!
//! Every place that shows, logs or refuses a URL asks here, so that what counts as a secret is said once. The crate
//! `url` tells where a password ends. Two cases are decided here, because no standard covers them and a secret must
//! not be shown whatever an operator typed: the URI of MongoDB, which may name several hosts and so is no URL, and a
//! password that was not escaped and holds `/`, `?` or `#`.

use url::Url;

/// Stands where a secret was.
pub const MASK: &str = "***";

/// Parts of the names of flags and of URL options whose values are secrets, in lower case.
const SECRET_WORDS: [&str; 8] = ["password", "passwd", "token", "secret", "api-key", "api_key", "credential", "mechanismproperties"];

/// Whether what is called `name` (a flag, an option of a URL) has a secret for its value.
pub fn names_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// The parts of `scheme://account@hosts/path?options`, as they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrlParts<'a> {
    /// All before `://`.
    pub scheme: &'a str,
    /// `user:password` or `user`.
    pub account: Option<&'a str>,
    /// One or, for MongoDB, several hosts with their ports.
    pub hosts: &'a str,
    /// Between the first `/` and the options, without that `/`.
    pub path: Option<&'a str>,
    /// Behind the `?`.
    pub options: Option<&'a str>,
}

impl<'a> UrlParts<'a> {
    /// Takes `text` apart; `None` when there is no `://` in it.
    pub fn of(text: &'a str) -> Option<UrlParts<'a>> {
        let (scheme, rest) = text.split_once("://")?;
        let (account, place) = match account_bytes(scheme, rest) {
            Some(bytes) => (Some(&rest[..bytes]), &rest[bytes + 1..]),
            None => (None, rest),
        };
        let (place, options) = place.split_once('?').map_or((place, None), |(place, options)| (place, Some(options)));
        let (hosts, path) = place.split_once('/').map_or((place, None), |(hosts, path)| (hosts, Some(path)));
        Some(UrlParts { scheme, account, hosts, path, options })
    }

    /// The password of the account, where there is one; it may be empty.
    pub fn password(&self) -> Option<&'a str> {
        self.account?.split_once(':').map(|(_, password)| password)
    }

    /// The values of all options that are named for a secret.
    fn secret_options(&self) -> impl Iterator<Item = &'a str> {
        let options = self.options.unwrap_or_default().split(['&', ';']);
        options.filter_map(|option| option.split_once('=')).filter(|(name, _)| names_secret(name)).map(|(_, value)| value)
    }

    /// The URL with [`MASK`] in the place of every secret.
    fn masked(&self) -> String {
        let mut text = format!("{}://", self.scheme);
        if let Some(account) = self.account {
            match account.split_once(':') {
                Some((user, _)) => text.extend([user, ":", MASK, "@"]),
                None => text.extend([account, "@"]),
            }
        }
        text.push_str(self.hosts);
        if let Some(path) = self.path {
            text.extend(["/", path]);
        }
        if let Some(options) = self.options {
            text.push('?');
            for piece in options.split_inclusive(['&', ';']) {
                let option = piece.trim_end_matches(['&', ';']);
                match option.split_once('=') {
                    Some((name, _)) if names_secret(name) => text.extend([name, "=", MASK, &piece[option.len()..]]),
                    _ => text.push_str(piece),
                }
            }
        }
        text
    }
}

/// How many bytes of what follows `://` are the account.
fn account_bytes(scheme: &str, rest: &str) -> Option<usize> {
    // A text may lead up to the scheme: `--uri=http`.
    let scheme = scheme.rsplit(|letter: char| !letter.is_ascii_alphanumeric() && !"+-.".contains(letter)).next().unwrap_or_default();
    let in_authority = rest.split(['/', '?', '#']).next().unwrap_or_default().rfind('@');
    let unescaped = || scheme.starts_with("mongodb") || Url::parse(&format!("{scheme}://{rest}")).is_err();
    match rest.rfind('@') {
        last if last == in_authority => last,
        last if unescaped() => last,
        _ => in_authority,
    }
}

/// `url`, which is one URL or none, with the secrets in it masked; a text that is no URL stays as it is.
pub fn masked_url(url: &str) -> String {
    UrlParts::of(url).map_or_else(|| without_scheme(url).unwrap_or_else(|| url.to_owned()), |parts| parts.masked())
}

/// `user:password@host` that lacks its scheme, with the password masked; `None` for another text.
fn without_scheme(text: &str) -> Option<String> {
    let (account, host) = text.rsplit_once('@')?;
    let (user, password) = account.split_once(':')?;
    let is_account = !password.is_empty()
        && !password.starts_with('/')
        && user.chars().all(|letter| letter.is_alphanumeric() || "_.+-%".contains(letter));
    (is_account && !user.is_empty() && !host.is_empty()).then(|| format!("{user}:{MASK}@{host}"))
}

/// `text` with the secrets of all URLs in it masked; the blanks and punctuation around them stay.
pub fn without_passwords(text: &str) -> String {
    let word = |word: &str| {
        let url = word.trim_end_matches(|letter: char| letter.is_whitespace() || "\"'`,;.)>]}".contains(letter));
        masked_url(url) + &word[url.len()..]
    };
    text.split_inclusive(char::is_whitespace).map(word).collect()
}

/// Whether `url` carries a secret, so that it does not belong on a command line. A password that is empty counts.
pub fn carries_secret(url: &str) -> bool {
    UrlParts::of(url).is_some_and(|parts| parts.password().is_some() || parts.secret_options().next().is_some())
}

/// What of `url` must not be repeated anywhere: the password, its pieces when it was not escaped (a library that
/// misreads it may name one), and the values of secret options. Empty texts are not among them.
pub fn secrets_of(url: &str) -> Vec<&str> {
    let Some(parts) = UrlParts::of(url) else { return Vec::new() };
    let password = parts.password();
    let pieces = password.into_iter().flat_map(|password| password.split(['@', '/', ':', '?', '#'])).filter(|piece| piece.len() > 2);
    password.into_iter().chain(parts.secret_options()).chain(pieces).filter(|secret| !secret.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_a_text_are_masked_and_the_rest_stays() {
        let text = "moved  from mongodb://u:p@h/d to\n http://v:q@h:80, (see \"http://w:r@i/x?token=s\",\n";
        let expected = "moved  from mongodb://u:***@h/d to\n http://v:***@h:80, (see \"http://w:***@i/x?token=***\",\n";
        assert_eq!(without_passwords(text), expected);
        assert_eq!(without_passwords("no URL: a@b, c"), "no URL: a@b, c");
        assert_eq!(without_passwords("read u:s3cr3t@h:27017/db now"), "read u:***@h:27017/db now");
        assert_eq!(masked_url("models:/m@champion"), "models:/m@champion");
    }

    #[test]
    fn a_url_is_shown_with_all_but_its_secrets() {
        for (url, shown) in [
            ("http://h:5000/a@b?c=d", "http://h:5000/a@b?c=d"),
            ("http://u@h/p", "http://u@h/p"),
            ("--uri=https://u:p@h", "--uri=https://u:***@h"),
            ("mongodb://u:p@ss@h:1,i:2/d?x=1", "mongodb://u:***@h:1,i:2/d?x=1"),
            ("mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:t&tls=true", "mongodb://h/?authMechanismProperties=***&tls=true"),
            ("embedded", "embedded"),
        ] {
            assert_eq!(masked_url(url), shown, "{url}");
        }
    }

    #[test]
    fn a_password_that_was_not_escaped_is_masked_whole() {
        for url in ["mongodb://u:s3/cr3t@h/d", "mongodb+srv://u:s3?cr3t@h/d", "http://u:s3/cr3t@h/d", "orchestrator+https://u:s3#cr3t@h/d"]
        {
            let shown = masked_url(url);
            assert!(!shown.contains("cr3t") && shown.ends_with("://u:***@h/d"), "{url}: {shown}");
            assert!(secrets_of(url).contains(&"cr3t"), "{url}");
        }
    }

    #[test]
    fn what_has_no_secret_carries_none() {
        for url in ["mongodb://u@h/d?tls=true&authSource=x", "mongodb://u:@h/d", "http://h:5000", "tickets.csv"] {
            assert_eq!(secrets_of(url), Vec::<&str>::new(), "{url}");
            assert_eq!(carries_secret(url), url.contains("u:@"), "{url}");
        }
        assert!(carries_secret("mongodb://h/?a=b;proxyPassword=s"));
    }
}
