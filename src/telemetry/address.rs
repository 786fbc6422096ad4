//! What asking and telling a server of numbers have in common.

use std::error::Error as _;
use std::io::Read as _;
use std::time::Duration;

use reqwest::Url;
use reqwest::blocking::{Client, Response};

use crate::base::redact::without_passwords;
use crate::error::{Error, ErrorKind, Result};

/// The address `url` of `what`, and a client for it.
///
/// Errors: [`ErrorKind::BadConfiguration`], with `hint`, for a text that is no URL of http, or certificates of this machine
/// that cannot be used.
pub(super) fn opened(url: &str, what: &str, hint: &str, timeout: Duration) -> Result<(Url, Client)> {
    let refused = || Error::new(ErrorKind::BadConfiguration, format!("'{}' is no address of {what}", without_passwords(url)));
    let base = Url::parse(url).map_err(|error| refused().because(error).hint(hint))?;
    if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
        return Err(refused().because("it begins with neither http:// nor https://").hint(hint));
    }
    // Another part of the process may have chosen the same provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder().timeout(timeout).redirect(reqwest::redirect::Policy::none());
    if base.scheme() == "http" {
        builder = builder.tls_certs_only([]);
    }
    let client = builder.build().map_err(|error| refused().because(error))?;
    Ok((base, client))
}

/// The failure of a request to `place` that got no answer; `action` is what was to be done there.
pub(super) fn unreachable(action: &str, place: &str, error: &reqwest::Error) -> Error {
    // The outermost text repeats the URL, which may hold a password.
    let cause = std::iter::successors(error.source(), |cause| (*cause).source()).last().map(ToString::to_string);
    Error::new(ErrorKind::Unreachable, format!("cannot {action} {place}"))
        .because(cause.unwrap_or_else(|| "the connection failed".into()))
        .hint(format!("see whether it answers: `curl {place}/-/ready`"))
}

/// The beginning of an answer, at most so many bytes; what cannot be read of it is left out.
pub(super) fn text(response: Response, most_bytes: u64) -> String {
    let mut bytes = Vec::new();
    let _ = response.take(most_bytes).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
