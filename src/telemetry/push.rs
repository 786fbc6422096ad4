//! A Prometheus Pushgateway: the last numbers of jobs that end before anybody could ask them.

use std::time::Duration;

use reqwest::Url;
use reqwest::blocking::Client;
use reqwest::header::CONTENT_TYPE;

use super::address;
use crate::base::redact::without_passwords;
use crate::error::{Error, ErrorKind, Result};

/// The text form of Prometheus.
const TEXT_FORM: &str = "text/plain; version=0.0.4";
/// A gateway that does not answer by then is as good as none.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Of a refusal so much is told.
const MOST_CAUSE_BYTES: u64 = 500;

/// A gateway that can be pushed to.
#[derive(Debug)]
pub struct PushGateway {
    base: Url,
    client: Client,
}

impl PushGateway {
    /// For the gateway at `url` (`http://HOST:9091`, a prefix may follow).
    ///
    /// Errors: [`ErrorKind::BadConfiguration`] for a text that is no URL of http, or certificates of this machine
    /// that cannot be used.
    pub fn new(url: &str) -> Result<PushGateway> {
        let (base, client) = address::opened(url, "a Pushgateway", "name it as `--push-gateway http://HOST:9091`", TIMEOUT)?;
        Ok(PushGateway { base, client })
    }

    /// Replaces the metrics of a group: of `job` and these labels. Doing it again changes nothing.
    ///
    /// Errors: [`ErrorKind::Unreachable`]; [`ErrorKind::NotAllowed`] for status 401 and 403;
    /// [`ErrorKind::ServerFailed`] with the gateway's own words when it refuses the metrics.
    pub fn replace(&self, job: &str, labels: &[(&str, &str)], metrics: &str) -> Result<()> {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["metrics", "job", job]);
            labels.iter().for_each(|(name, value)| {
                path.extend([name, value]);
            });
        }
        let place = without_passwords(self.base.as_str().trim_end_matches('/'));
        let request = self.client.put(url).header(CONTENT_TYPE, TEXT_FORM).body(metrics.to_owned());
        let response = request.send().map_err(|error| address::unreachable("push metrics to", &place, &error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let kind = if matches!(status.as_u16(), 401 | 403) { ErrorKind::NotAllowed } else { ErrorKind::ServerFailed };
        // What cannot be read of the refusal takes nothing from its status.
        let cause = address::text(response, MOST_CAUSE_BYTES);
        Err(Error::new(kind, format!("cannot push metrics to {place}: it answered with status {}", status.as_u16())).because(cause.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_refused_without_its_password() {
        for wrong in ["gateway:9091", "ftp://host/", "nonsense", ""] {
            assert_eq!(PushGateway::new(wrong).unwrap_err().kind(), ErrorKind::BadConfiguration, "{wrong}");
        }
        let told = PushGateway::new("ftp://me:s3cret@host/").unwrap_err().to_string();
        assert!(!told.contains("s3cret"), "{told}");
    }

    #[test]
    fn a_gateway_that_is_not_there_is_unreachable() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let error = PushGateway::new(&format!("http://127.0.0.1:{port}")).unwrap().replace("job", &[], "x 1\n").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable);
        assert!(error.hints()[0].to_string().contains("/-/ready"));
    }
}
