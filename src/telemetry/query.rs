//! Asking a Prometheus for one number.

use std::time::Duration;

use reqwest::Url;
use reqwest::blocking::Client;
use serde_json::Value;

use super::address;
use crate::base::redact::without_passwords;
use crate::error::{Error, ErrorKind, Result};

/// A Prometheus that does not answer by then is as good as none.
const TIMEOUT: Duration = Duration::from_secs(5);
/// An answer with one number is shorter.
const MOST_ANSWER_BYTES: u64 = 1 << 20;

/// A Prometheus that can be asked.
#[derive(Debug)]
pub struct Prometheus {
    base: Url,
    client: Client,
}

impl Prometheus {
    /// For the server at `url` (`http://HOST:9090`, a prefix may follow).
    ///
    /// Errors: [`ErrorKind::BadConfiguration`] for a text that is no URL of http, or certificates of this machine that cannot
    /// be used.
    pub fn new(url: &str) -> Result<Prometheus> {
        let (base, client) = address::opened(url, "a Prometheus", "name it as `http://HOST:9090`", TIMEOUT)?;
        Ok(Prometheus { base, client })
    }

    /// The server without a password.
    pub fn place(&self) -> String {
        without_passwords(self.base.as_str().trim_end_matches('/'))
    }

    /// What an expression of PromQL comes to now, where that is one finite number; `None` where there is no sample for it, or
    /// what there is gives none (a ratio of nothing by nothing).
    ///
    /// Errors: [`ErrorKind::Unreachable`]; [`ErrorKind::NotAllowed`] for status 401 and 403; [`ErrorKind::ServerFailed`] with
    /// the server's own words where it refuses the expression, and for an answer that is not one of Prometheus'.
    pub fn number(&self, expression: &str) -> Result<Option<f64>> {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["api", "v1", "query"]);
        }
        url.query_pairs_mut().append_pair("query", expression);
        let place = self.place();
        let response = self.client.get(url).send().map_err(|error| address::unreachable("ask", &place, &error))?;
        let status = response.status();
        let answer = address::text(response, MOST_ANSWER_BYTES);
        let failed = |kind, why: &str| {
            Error::new(kind, format!("the Prometheus {place} answered with status {}", status.as_u16())).because(why.to_owned())
        };
        if matches!(status.as_u16(), 401 | 403) {
            return Err(failed(ErrorKind::NotAllowed, answer.trim()));
        }
        let document: Value = serde_json::from_str(&answer)
            .map_err(|_| failed(ErrorKind::ServerFailed, "what it answered is no JSON, so this is no Prometheus"))?;
        if document["status"] != "success" {
            return Err(failed(ErrorKind::ServerFailed, document["error"].as_str().unwrap_or("it gave no reason")));
        }
        // A sum is one series without labels; a sample is a time and a number as text.
        let sample = document["data"]["result"].as_array().and_then(|series| series.first()).map(|series| &series["value"][1]);
        let number = sample.and_then(Value::as_str).and_then(|text| text.parse::<f64>().ok());
        Ok(number.filter(|number| number.is_finite()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_refused_and_what_is_away_is_unreachable() {
        assert_eq!(Prometheus::new("prometheus:9090").unwrap_err().kind(), ErrorKind::BadConfiguration);
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let error = Prometheus::new(&format!("http://u:s3cret@127.0.0.1:{port}")).unwrap().number("up").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable);
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}
