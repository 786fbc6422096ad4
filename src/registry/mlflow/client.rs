//! Requests to one server: bounded in time and size, repeated only where that is safe.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use reqwest::{Body, Method, Response, Url};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::access::Access;
use super::body::FileBody;
use super::budget::Budget;
use super::failure::{Asked, Failure};
use crate::error::{Error, ErrorKind, Result};
use crate::registry::ArtifactFile;

/// A server that does not take the connection in this time is dead, where no other time is given.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection that was silent for so long is not used again: nobody looks at it between two requests, so that it
/// may have been closed at the other end, as MLflow does after 2 or 5 seconds.
const IDLE_TIMEOUT: Duration = Duration::from_secs(1);

/// No single answer takes longer, files apart.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// Longest time that one other address is asked for whether MLflow is there.
const LOOKING_TIMEOUT: Duration = Duration::from_secs(2);

/// More JSON than this is no answer of MLflow's.
const MOST_JSON_BYTES: u64 = 64 << 20;

/// A request is sent at most this often, and waits so long before it is sent again.
const WAITS_MS: [u64; 3] = [100, 400, 1200];

/// Redirects that are followed.
const MOST_REDIRECTS: usize = 3;

/// Whether a request may be sent again when its answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    /// It changes nothing, or doing it twice is doing it once.
    Safe,
    /// It makes something new each time; the caller looks before it asks again.
    Never,
}

/// One request.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    /// Below the server's address, without a leading `/`.
    pub(super) path: &'a str,
    pub(super) query: Vec<(&'a str, String)>,
    pub(super) body: Sent,
    pub(super) repeat: Repeat,
    /// In words that follow "cannot".
    pub(super) operation: &'a str,
}

/// What a request carries.
pub(super) enum Sent {
    Nothing,
    Json(Value),
    File(ArtifactFile),
}

/// A connection to one server.
pub(super) struct Client {
    http: reqwest::Client,
    /// Drives the requests while somebody waits for them; of one thread, so that none is started.
    runtime: tokio::runtime::Runtime,
    base: Url,
    shown: String,
    workspace: Option<String>,
    /// What to do when the server does not accept who asks.
    credentials_remedy: String,
    is_known_by_name: bool,
    pub(super) budget: Budget,
}

/// A whole answer.
pub(super) struct Answer {
    pub(super) bytes: Vec<u8>,
    /// The server's clock, milliseconds since the epoch, to the second.
    pub(super) server_time_ms: Option<i64>,
}

impl Client {
    /// For the server at `url`; `time` is what the whole command may spend on it.
    ///
    /// Errors: [`ErrorKind::Usage`] for a URL that is none, [`ErrorKind::BadConfiguration`] for certificates that
    /// cannot be used.
    pub(super) fn new(url: &str, mut access: Access, time: Option<Duration>) -> Result<Client> {
        let mut base = Url::parse(url.trim_end_matches('/'))
            .map_err(|source| Error::new(ErrorKind::Usage, "the registry's URL cannot be read").because(source))?;
        if let Some(password) = base.password() {
            access.or_basic(base.username(), password);
        }
        // Neither can fail on a URL with a host, which http has.
        let _ = base.set_password(None);
        let _ = base.set_username("");
        base.set_query(None);
        base.set_fragment(None);
        let is_secure = base.scheme() == "https";
        // MLflow with several workers sends head and body of an answer apart, and the body only when the head was
        // acknowledged, which systems put off by 40 ms on any but a new connection. One that needs no handshake is
        // cheaper than that.
        let kept_connections = if is_secure { usize::MAX } else { 0 };
        let builder = reqwest::Client::builder()
            .user_agent(concat!("hivectl/", env!("CARGO_PKG_VERSION")))
            .default_headers(access.headers()?)
            .connect_timeout(time.unwrap_or(CONNECT_TIMEOUT))
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_max_idle_per_host(kept_connections)
            .redirect(reqwest::redirect::Policy::none())
            .tcp_nodelay(true);
        let http = access
            .secure(builder, is_secure)?
            .build()
            .map_err(|source| Error::new(ErrorKind::BadConfiguration, "the connection cannot be set up").because(chain(&source)))?;
        let shown = base.as_str().trim_end_matches('/').to_owned();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| Error::new(ErrorKind::Internal, "cannot wait for a server").because(source))?;
        let workspace = access.workspace().map(str::to_owned);
        let (credentials_remedy, is_known_by_name) = (access.remedy(), access.is_by_name());
        Ok(Client { http, runtime, base, shown, workspace, credentials_remedy, is_known_by_name, budget: Budget::new(time) })
    }

    /// Whether the server is told who asks, so that it may hide from one account what another one makes.
    pub(super) fn is_known_by_name(&self) -> bool {
        self.is_known_by_name
    }

    /// Scheme, host, port and prefix, without secrets.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// The same with the workspace, where one is named: what is known of one says nothing of another.
    pub(super) fn place(&self) -> String {
        match &self.workspace {
            Some(workspace) => format!("{}#{workspace}", self.shown),
            None => self.shown.clone(),
        }
    }

    /// Asks and reads the answer as JSON of this shape.
    pub(super) fn json<T: DeserializeOwned>(&self, call: &Call<'_>) -> std::result::Result<T, Failure> {
        self.json_at(call).map(|(value, _)| value)
    }

    /// As [`Client::json`], with the server's time.
    pub(super) fn json_at<T: DeserializeOwned>(&self, call: &Call<'_>) -> std::result::Result<(T, Option<i64>), Failure> {
        let answer = self.ask(call, MOST_JSON_BYTES, true)?;
        let is_write = call.method != Method::GET;
        // Routes that answer with nothing do so with an empty body, too.
        let bytes: &[u8] = if answer.bytes.is_empty() && is_write { b"{}" } else { &answer.bytes };
        let unlike = |why: &str| {
            let asked = Asked { operation: call.operation, server: &self.shown, attempts: 1 };
            asked.broken(ErrorKind::ServerFailed, &format!("its answer has not the form of MLflow's: {why}"), is_write)
        };
        // A list without anything would be taken for an object without anything, and that for an empty registry.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(unlike("it is no JSON object"));
        }
        let value = serde_json::from_slice(bytes).map_err(|source| unlike(&source.to_string()))?;
        Ok((value, answer.server_time_ms))
    }

    /// Asks, again where that is safe, until the answer is whole or the time is up.
    pub(super) fn ask(&self, call: &Call<'_>, most_bytes: u64, wants_json: bool) -> std::result::Result<Answer, Failure> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let asked = Asked { operation: call.operation, server: &self.shown, attempts };
            let (failure, wait) = match self.budget.spend(|| self.runtime.block_on(self.once(call, most_bytes, wants_json, &asked))) {
                Ok(answer) => return Ok(answer),
                Err(outcome) => outcome,
            };
            if failure.is_no_route() && ["registered-models", "model-versions"].iter().any(|route| call.path.contains(route)) {
                return Err(self.at_another_address(failure));
            }
            let may_repeat = call.repeat == Repeat::Safe || !failure.effect_unknown;
            let usual = WAITS_MS.get(attempts as usize - 1).map(|wait| Duration::from_millis(*wait));
            match (wait, usual) {
                (Wait::For(wanted), Some(usual)) if may_repeat => {
                    if !self.budget.sleep(wanted.unwrap_or(usual).max(usual)) {
                        return Err(failure);
                    }
                }
                _ => return Err(failure),
            }
        }
    }

    /// A server that knows no such address may be one that stands below another one; where it is found it is named.
    fn at_another_address(&self, failure: Failure) -> Failure {
        let found = self.other_addresses().into_iter().find(|url| self.is_mlflow(url));
        let named = |url: Url| format!("an MLflow server answers at {url}: use that as `--registry`");
        match found {
            Some(url) => Failure { error: failure.error.hint(named(url)), ..failure },
            None => failure,
        }
    }

    /// Addresses on the same host where people put MLflow, those above this one first.
    fn other_addresses(&self) -> Vec<Url> {
        let segments: Vec<&str> = self.base.path().split('/').filter(|segment| !segment.is_empty()).collect();
        let above = (0..segments.len()).rev().map(|count| segments[..count].join("/"));
        let usual = ["mlflow", "ml"].into_iter().map(str::to_owned).filter(|_| segments.is_empty());
        above
            .chain(usual)
            .map(|path| {
                let mut url = self.base.clone();
                url.set_path(&path);
                url
            })
            .collect()
    }

    fn is_mlflow(&self, url: &Url) -> bool {
        let version = format!("{}/version", url.as_str().trim_end_matches('/'));
        let time = self.budget.left().min(LOOKING_TIMEOUT);
        let asked = self.runtime.block_on(async {
            let response = self.http.get(version).timeout(time).send().await.ok()?;
            let is_there = response.status().is_success();
            response.text().await.ok().filter(|_| is_there)
        });
        let is_version =
            |text: &str| text.len() < 40 && text.split('.').count() >= 3 && text.starts_with(|first: char| first.is_ascii_digit());
        asked.is_some_and(|text| is_version(text.trim()))
    }

    async fn once(
        &self,
        call: &Call<'_>,
        most_bytes: u64,
        wants_json: bool,
        asked: &Asked<'_>,
    ) -> std::result::Result<Answer, (Failure, Wait)> {
        let mut url = self.url(call);
        let changes = call.method != Method::GET;
        for _ in 0..=MOST_REDIRECTS {
            let left = self.budget.left();
            if left.is_zero() {
                return Err((asked.out_of_time(self.budget.given(), false), Wait::Not));
            }
            let is_file = matches!(call.body, Sent::File(_)) || !wants_json;
            let timeout = if is_file { left } else { left.min(ANSWER_TIMEOUT) };
            let mut request = self.http.request(call.method.clone(), url.clone()).timeout(timeout);
            match &call.body {
                Sent::Nothing => {}
                Sent::Json(body) => request = request.header(CONTENT_TYPE, "application/json").body(body.to_string()),
                Sent::File(file) => {
                    let reader = file.open().map_err(|error| (Failure::here(error), Wait::Not))?;
                    let body = Body::wrap(FileBody::new(reader, file.artifact().size_bytes));
                    request = request.header(CONTENT_TYPE, "application/octet-stream").body(body);
                }
            }
            let response = request.send().await.map_err(|source| self.lost(call, asked, &source))?;
            let status = response.status().as_u16();
            if !(300..400).contains(&status) {
                return self.answer(response, status, most_bytes, wants_json && changes_or_reads_json(call), asked, changes).await;
            }
            url = self.redirected(&url, &response, changes, asked)?;
        }
        let why = format!("it sends from one address to the next, more than {MOST_REDIRECTS} times");
        Err((asked.broken(ErrorKind::ServerFailed, &why, changes), Wait::Not))
    }

    fn url(&self, call: &Call<'_>) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(call.path.split('/'));
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query.iter().map(|(key, value)| (*key, value.as_str())));
        }
        url
    }

    /// Where a redirect leads: followed for reading, on the same host; the credentials are not for others.
    fn redirected(&self, from: &Url, response: &Response, changes: bool, asked: &Asked<'_>) -> std::result::Result<Url, (Failure, Wait)> {
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let target = location.and_then(|location| from.join(location).ok());
        match target {
            Some(target) if !changes && target.host_str() == from.host_str() => Ok(target),
            Some(target) => {
                let why = format!("it sends to {}, where hivectl does not follow", crate::base::redact::without_passwords(target.as_str()));
                Err((asked.broken(ErrorKind::ServerFailed, &why, false), Wait::Not))
            }
            None => Err((asked.broken(ErrorKind::ServerFailed, "it redirects to nowhere", false), Wait::Not)),
        }
    }

    async fn answer(
        &self,
        mut response: Response,
        status: u16,
        most_bytes: u64,
        wants_json: bool,
        asked: &Asked<'_>,
        changes: bool,
    ) -> std::result::Result<Answer, (Failure, Wait)> {
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let is_json = header(CONTENT_TYPE).is_some_and(|kind| kind.contains("json"));
        let server_time_ms = header(reqwest::header::DATE).and_then(http_date);
        let retry_after = header(RETRY_AFTER).and_then(|text| text.parse().ok()).map(Duration::from_secs);
        let is_success = (200..300).contains(&status);
        let bound = if is_success { most_bytes } else { 1 << 20 };
        let mut bytes = Vec::new();
        let read = loop {
            match response.chunk().await {
                Ok(Some(piece)) if bytes.len() as u64 <= bound => bytes.extend_from_slice(&piece),
                Ok(_) => break Ok(()),
                Err(source) => break Err(source),
            }
        };
        if !is_success {
            let mut failure = asked.refused(status, is_json, &bytes);
            if status == 401 {
                failure.error = failure.error.hint(self.credentials_remedy.clone());
            }
            let wait = match status {
                // No waiting mends a setting.
                _ if failure.error.kind() == ErrorKind::BadConfiguration => Wait::Not,
                429 => Wait::For(retry_after),
                408 | 500 | 502 | 503 | 504 => Wait::For(None),
                400 if failure.lost_a_race() => Wait::For(None),
                _ => Wait::Not,
            };
            return Err((failure, wait));
        }
        if let Err(source) = read {
            if self.budget.left().is_zero() {
                return Err((asked.out_of_time(self.budget.given(), changes), Wait::Not));
            }
            let why = format!("its answer broke off after {} bytes: {}", bytes.len(), chain(&source));
            return Err((asked.broken(ErrorKind::Unreachable, &why, changes), Wait::For(None)));
        }
        if bytes.len() as u64 > bound {
            let why = format!("its answer is longer than {bound} bytes");
            return Err((asked.broken(ErrorKind::ServerFailed, &why, changes), Wait::Not));
        }
        if wants_json && !is_json && !bytes.is_empty() {
            let why = "it answered with something else than JSON, as a login page or a proxy does";
            return Err((asked.broken(ErrorKind::ServerFailed, why, changes), Wait::Not));
        }
        Ok(Answer { bytes, server_time_ms })
    }

    /// A request without an answer.
    fn lost(&self, call: &Call<'_>, asked: &Asked<'_>, source: &reqwest::Error) -> (Failure, Wait) {
        let changes = call.method != Method::GET;
        if let (Sent::File(file), Some(error)) = (&call.body, unread(source)) {
            return (Failure::here(file.unreadable(error)), Wait::Not);
        }
        let why = chain(source);
        if let Some(failure) = asked.unsecured(&why) {
            return (failure, Wait::Not);
        }
        // Who was never connected has sent nothing.
        if source.is_connect() {
            let wait = if source.is_timeout() { Wait::Not } else { Wait::For(None) };
            return (asked.broken(ErrorKind::Unreachable, &why, false), wait);
        }
        if self.budget.left().is_zero() {
            return (asked.out_of_time(self.budget.given(), changes), Wait::Not);
        }
        match source.is_timeout() {
            true => (asked.broken(ErrorKind::TimedOut, "it did not answer in time", changes), Wait::Not),
            false => (asked.broken(ErrorKind::Unreachable, &why, changes), Wait::For(None)),
        }
    }
}

/// Artifact uploads answer with nothing or with anything.
fn changes_or_reads_json(call: &Call<'_>) -> bool {
    !matches!(call.body, Sent::File(_))
}

/// Whether it makes sense to ask again.
enum Wait {
    Not,
    /// At least so long, where the server said.
    For(Option<Duration>),
}

/// An error with what caused it, the last first: the first sentences only say that a request failed.
fn chain(error: &dyn std::error::Error) -> String {
    let mut last = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        last = inner.to_string();
        source = inner.source();
    }
    last
}

/// Why the file of a request could not be read to its end.
fn unread(error: &reqwest::Error) -> Option<&std::io::Error> {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        // The connection's own errors are of other kinds.
        let found = inner.downcast_ref::<std::io::Error>();
        if let Some(found) = found.filter(|found| found.kind() == std::io::ErrorKind::InvalidData) {
            return Some(found);
        }
        source = inner.source();
    }
    None
}

/// The `Date` of an answer (RFC 9110), in milliseconds since the epoch.
fn http_date(text: &str) -> Option<i64> {
    let time = jiff::civil::DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", text).ok()?;
    time.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok().map(|time| time.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_keeps_its_prefix_and_loses_its_password() {
        let client = Client::new("http://u:secret@h:5000/p/", Access::default(), None).expect("a client");
        assert_eq!(client.shown(), "http://h:5000/p");
        let call = Call {
            method: Method::GET,
            path: "api/a b/c",
            query: vec![("name", "x&y".to_owned())],
            body: Sent::Nothing,
            repeat: Repeat::Safe,
            operation: "try",
        };
        assert_eq!(client.url(&call).as_str(), "http://h:5000/p/api/a%20b/c?name=x%26y");
    }

    #[test]
    fn a_file_that_changes_before_it_is_sent_is_told_as_that_and_not_as_the_servers_fault() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("model.onnx");
        std::fs::write(&place, vec![1; 3 << 20]).expect("written");
        let file = ArtifactFile::on_disk("model.onnx", &place).expect("read");
        std::fs::write(&place, vec![2; 3 << 20]).expect("written");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            std::io::copy(&mut stream, &mut std::io::sink()).map(drop)
        });
        let client = Client::new(&url, Access::default(), Some(Duration::from_secs(30))).expect("a client");
        let (query, operation) = (Vec::new(), "store the file");
        let call = Call { method: Method::PUT, path: "f", query, body: Sent::File(file), repeat: Repeat::Safe, operation };
        let failure = client.ask(&call, 1 << 20, false).err().expect("a failure");
        assert_eq!(failure.error.kind(), ErrorKind::Conflict, "{}", failure.error);
        assert!(!failure.effect_unknown && failure.error.to_string().contains("model.onnx changed"), "{}", failure.error);
        drop(client);
        let _ = server.join().expect("no panic");
    }

    #[test]
    fn the_servers_clock_is_read() {
        assert_eq!(http_date("Thu, 01 Jan 1970 00:00:10 GMT"), Some(10_000));
        assert_eq!(http_date("yesterday"), None);
    }
}
