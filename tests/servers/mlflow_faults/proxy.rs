//! A server between hivectl and a real MLflow, which passes requests on until it is told to misbehave.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyAction {
    Pass,
    /// The connection breaks before anything is answered, and the request is lost.
    ResetBefore,
    /// The request is carried out, and the connection breaks before the answer.
    ResetAfter,
    /// The request is carried out, and the answer ends in its middle.
    CutBody,
    /// 500 before the effect: the request is lost.
    ErrorBefore,
    /// 503 after the effect.
    ErrorAfter,
    /// A page of a proxy that stands before the server, with status 200.
    Html,
    /// JSON whose every value has another type than agreed.
    WrongTypes,
    /// 429 with `Retry-After: 1`; the request is lost.
    TooMany,
    /// A redirect to the same place.
    Redirect,
    /// An answer that names itself as the next page.
    RepeatedPage,
    /// An answer that never ends.
    Endless,
    /// No answer ever comes, and the request is lost.
    Stall,
    /// The request is carried out, and no answer ever comes.
    StallAfter,
}

/// All that goes wrong.
pub const FAULTS: [ProxyAction; 13] = [
    ProxyAction::ResetBefore,
    ProxyAction::ResetAfter,
    ProxyAction::CutBody,
    ProxyAction::ErrorBefore,
    ProxyAction::ErrorAfter,
    ProxyAction::Html,
    ProxyAction::WrongTypes,
    ProxyAction::TooMany,
    ProxyAction::Redirect,
    ProxyAction::RepeatedPage,
    ProxyAction::Endless,
    ProxyAction::Stall,
    ProxyAction::StallAfter,
];

/// A request as the proxy sees it.
pub struct Request {
    /// With the query.
    pub path: String,
    head: String,
    body: Vec<u8>,
}

type Decide = dyn Fn(usize, &Request) -> ProxyAction + Send + Sync;

/// Listens until the test ends.
pub struct Proxy {
    pub url: String,
    requests: Arc<AtomicUsize>,
    stalled: Arc<AtomicUsize>,
    decide: Arc<Mutex<Arc<Decide>>>,
}

impl Proxy {
    /// Listens in front of `upstream`, `http://HOST:PORT`, and passes everything on.
    pub fn before(upstream: &str) -> Proxy {
        let target = upstream.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(AtomicUsize::new(0));
        let decide: Arc<Mutex<Arc<Decide>>> = Arc::new(Mutex::new(Arc::new(|_, _: &Request| ProxyAction::Pass)));
        let stalled = Arc::new(AtomicUsize::new(0));
        let proxy = Proxy { url, requests: Arc::clone(&requests), stalled: Arc::clone(&stalled), decide: Arc::clone(&decide) };
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (target, counter, stalls, decider) = (target.clone(), Arc::clone(&requests), Arc::clone(&stalled), Arc::clone(&decide));
                thread::spawn(move || serve(&client, &target, &counter, &stalls, &decider));
            }
        });
        proxy
    }

    /// Counts from here, and decides by the number of a request (from 1) and the request.
    pub fn decide(&self, decide: impl Fn(usize, &Request) -> ProxyAction + Send + Sync + 'static) {
        *self.decide.lock().expect("no panic") = Arc::new(decide);
        self.requests.store(0, Ordering::SeqCst);
        self.stalled.store(0, Ordering::SeqCst);
    }

    /// Requests that are kept without an answer since the last [`Proxy::decide`].
    pub fn stalled(&self) -> usize {
        self.stalled.load(Ordering::SeqCst)
    }

    /// Requests since the last [`Proxy::decide`].
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn serve(client: &TcpStream, target: &str, counter: &AtomicUsize, stalled: &AtomicUsize, decider: &Mutex<Arc<Decide>>) {
    let mut reader = BufReader::new(client);
    let Some(request) = read_request(&mut reader) else { return };
    let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
    let decide = Arc::clone(&decider.lock().expect("no panic"));
    let fate = decide(number, &request);
    let mut client = client;
    let carried_out = matches!(
        fate,
        ProxyAction::Pass | ProxyAction::ResetAfter | ProxyAction::CutBody | ProxyAction::ErrorAfter | ProxyAction::StallAfter
    );
    let answer = if carried_out { pass_on(&request, target) } else { Vec::new() };
    let _ = match fate {
        ProxyAction::Pass => client.write_all(&answer),
        ProxyAction::ResetBefore | ProxyAction::ResetAfter => Ok(()),
        ProxyAction::CutBody => client.write_all(&answer[..answer.len().saturating_sub(7).max(answer.len() / 2)]),
        ProxyAction::ErrorBefore => {
            client.write_all(&plain("500 Internal Server Error", "text/html", "<html><h1>Internal Server Error</h1></html>"))
        }
        ProxyAction::ErrorAfter => client.write_all(&plain("503 Service Unavailable", "text/plain", "upstream connect error")),
        ProxyAction::Html => client.write_all(&plain("200 OK", "text/html", "<html><body>Please log in</body></html>")),
        ProxyAction::WrongTypes => client.write_all(&plain("200 OK", "application/json", &wrong_types(&request))),
        ProxyAction::TooMany => {
            client.write_all(b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        ProxyAction::Redirect => {
            let head = format!("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", request.path);
            client.write_all(head.as_bytes())
        }
        ProxyAction::RepeatedPage => {
            client.write_all(&plain("200 OK", "application/json", r#"{"next_page_token":"eyJvZmZzZXQiOiAyfQ=="}"#))
        }
        ProxyAction::Endless => endless(client),
        ProxyAction::Stall | ProxyAction::StallAfter => {
            stalled.fetch_add(1, Ordering::SeqCst);
            // Until the client gives up.
            let _ = client.set_read_timeout(Some(Duration::from_secs(60)));
            client.read(&mut [0]).map(|_| ())
        }
    };
    let _ = client.shutdown(Shutdown::Both);
}

fn read_request(reader: &mut BufReader<&TcpStream>) -> Option<Request> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let mut words = head.split_whitespace();
    let path = words.nth(1)?.to_owned();
    let body = match header(&head, "content-length") {
        Some(length) => {
            let mut body = vec![0; length.parse().ok()?];
            reader.read_exact(&mut body).ok()?;
            body
        }
        None if header(&head, "transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) => read_chunks(reader)?,
        None => Vec::new(),
    };
    Some(Request { path, head, body })
}

fn read_chunks(reader: &mut BufReader<&TcpStream>) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let length = usize::from_str_radix(line.trim().split(';').next()?, 16).ok()?;
        let mut chunk = vec![0; length + 2];
        reader.read_exact(&mut chunk).ok()?;
        body.extend_from_slice(&chunk[..length]);
        if length == 0 {
            return Some(body);
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The whole answer of the real server, on a connection of its own.
fn pass_on(request: &Request, target: &str) -> Vec<u8> {
    let mut message = String::new();
    for line in request.head.lines().filter(|line| !line.is_empty()) {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "connection" | "content-length" | "transfer-encoding" | "expect" => {}
            "host" => message.push_str(&format!("Host: {target}\r\n")),
            _ => message.push_str(&format!("{line}\r\n")),
        }
    }
    message.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", request.body.len()));
    let mut answer = Vec::new();
    if let Ok(mut server) = TcpStream::connect(target) {
        let sent = server.write_all(message.as_bytes()).and_then(|()| server.write_all(&request.body));
        let _ = sent.and_then(|()| server.read_to_end(&mut answer).map(|_| ()));
    }
    answer
}

fn plain(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").into_bytes()
}

/// The fields of the answers that are asked for, none of the type it has.
fn wrong_types(request: &Request) -> String {
    let path = request.path.split('?').next().unwrap_or_default();
    let object = serde_json::json!({
        "registered_models": "many", "registered_model": [1], "model_versions": 7, "model_version": "3", "runs": {}, "run": [],
        "experiment": 5, "experiments": "all", "experiment_id": {"id": 1}, "model": 12, "models": "all", "files": 3, "artifact_uri": 9,
        "next_page_token": {"offset": 2}, "version": ["3"], "path": path,
    });
    object.to_string()
}

fn endless(mut client: &TcpStream) -> std::io::Result<()> {
    client.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"registered_models\":[")?;
    let piece = "{\"name\":\"m\",\"tags\":[]},".repeat(2_000);
    loop {
        client.write_all(piece.as_bytes())?;
    }
}
