//! The servers, a way to ask them without hivectl, and homes from which hivectl asks them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

pub use crate::common::home::{Home, Ran};
use crate::common::python::python;
use crate::common::servers::Servers;

impl Home {
    /// Writes made-up tickets.
    pub fn write_synthetic(&self, name: &str, count: usize) {
        self.run(&["ml", "dataset", "synthetic", "--rows", &count.to_string(), "--seed", "99", "--out", name]).expect(0);
    }
}

/// A running server and the Python whose client fits it.
pub struct Server {
    pub url: String,
    pub python: String,
    /// Where it keeps its things, and certificates where it has some.
    pub folder: PathBuf,
    _servers: Servers,
}

/// The variable that names the newest MLflow's Python.
const NEWEST: &str = "HIVECTL_TEST_PYTHON";

/// What every test runs against: the variable that names the Python, and where the server keeps its tables.
const KINDS: [(&str, &str); 3] = [(NEWEST, "sqlite"), (NEWEST, "postgresql"), ("HIVECTL_TEST_PYTHON_MLFLOW2", "sqlite")];

/// The servers of this run, started by the first who asks; those that can be had.
pub fn servers() -> Vec<&'static Server> {
    static SERVERS: [OnceLock<Option<Server>>; 3] = [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    let found = SERVERS.iter().zip(KINDS);
    let start = |variable, kind| start_if_there(variable, kind).inspect(serve_by_both);
    found.filter_map(|(server, (variable, kind))| server.get_or_init(|| start(variable, kind)).as_ref()).collect()
}

/// A server of every release that there is: those of [`servers`] that keep their tables in a file, and the newest.
pub fn releases() -> Vec<&'static Server> {
    static OVER: OnceLock<Option<Server>> = OnceLock::new();
    let over = OVER.get_or_init(|| start_if_there("HIVECTL_TEST_PYTHON_NEWEST", "plain").inspect(serve_by_both)).as_ref();
    servers().into_iter().filter(|server| !server.folder.join("tables").exists()).chain(over).collect()
}

/// A new model goes the way of its registry: here by stage and alias, whichever test comes first.
fn serve_by_both(server: &Server) {
    let (home, name) = (Home::new(), "a-model-that-serves");
    server.register(&home, name, 1);
    server.promote(&home, name, 1, &[]).expect(0);
}

/// A server of its own, of the newest MLflow.
pub fn start_newest(kind: &str) -> Option<Server> {
    start_if_there(NEWEST, kind)
}

/// A server of its own of each release whose Python is there.
pub fn start_own(variables: &[&str]) -> Vec<Server> {
    variables.iter().filter_map(|variable| start_if_there(variable, "plain")).inspect(serve_by_both).collect()
}

/// Another server in the place of one of [`start_own`]: the newest MLflow, at the same address, over its tables, which
/// `mlflow db upgrade` migrated. `home` keeps what stood in the folder of the first while none runs.
pub fn follow(former: Server, kind: &str, home: &Home) -> Option<Server> {
    let python = python("HIVECTL_TEST_PYTHON_NEWEST")?;
    let kept = home.path().join(format!("before-{kind}"));
    let copied = Command::new("cp").arg("-R").args([&former.folder, &kept]).status().expect("cp starts");
    assert!(copied.success());
    drop(former);
    Some(start(python, &[kind, &kept.display().to_string()]))
}

fn start_if_there(variable: &str, kind: &str) -> Option<Server> {
    Some(start(python(variable)?, &[kind]))
}

fn start(python: String, words: &[&str]) -> Server {
    let servers = Servers::start("mlflow.sh", &[&[python.as_str()], words].concat());
    let (url, folder) = (servers.started["url"].clone(), PathBuf::from(&servers.started["folder"]));
    Server { url, python, folder, _servers: servers }
}

impl Server {
    fn ask(&self, method: reqwest::Method, route: &str, query: &[(&str, &str)], body: Option<Value>) -> Value {
        let mut url = reqwest::Url::parse(&format!("{}/api/2.0/mlflow/{route}", self.url)).expect("a URL");
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = client().request(method, url);
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        let text = request.send().and_then(|answer| answer.error_for_status()?.text()).unwrap_or_else(|error| panic!("{route}: {error}"));
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Its version, such as `3.17.2`.
    pub fn ask_version(&self) -> String {
        client().get(format!("{}/version", self.url)).send().and_then(reqwest::blocking::Response::text).expect("an answer")
    }

    /// One question as a user with a password.
    pub fn ask_as(&self, user: &str, password: &str, route: &str, body: Value) -> Value {
        let url = format!("{}/api/2.0/mlflow/{route}", self.url);
        let request = client().post(url).basic_auth(user, Some(password)).header("Content-Type", "application/json").body(body.to_string());
        serde_json::from_str(&request.send().and_then(reqwest::blocking::Response::text).expect("an answer")).unwrap_or(Value::Null)
    }

    /// One question at another path.
    pub fn ask_path(&self, path: &str, body: Value) -> Value {
        let request = client().post(format!("{}/{path}", self.url)).header("Content-Type", "application/json").body(body.to_string());
        let answer = request.send().and_then(reqwest::blocking::Response::error_for_status).expect("an answer");
        serde_json::from_str(&answer.text().expect("text")).unwrap_or(Value::Null)
    }

    pub fn get(&self, route: &str, query: &[(&str, &str)]) -> Value {
        self.ask(reqwest::Method::GET, route, query, None)
    }

    pub fn post(&self, route: &str, body: Value) -> Value {
        self.ask(reqwest::Method::POST, route, &[], Some(body))
    }

    /// The versions of a model in a stage, as the server says.
    pub fn in_stage(&self, name: &str, stage: &str) -> Vec<u64> {
        let found = self.get("model-versions/search", &[("filter", &format!("name='{name}'")), ("max_results", "1000")]);
        let versions = found["model_versions"].as_array().cloned().unwrap_or_default();
        let mut numbers: Vec<u64> = versions
            .iter()
            .filter(|version| version["current_stage"] == stage)
            .filter_map(|version| version["version"].as_str()?.parse().ok())
            .collect();
        numbers.sort_unstable();
        numbers
    }

    /// Where an alias points.
    pub fn alias(&self, name: &str, alias: &str) -> Option<u64> {
        let model = self.get("registered-models/get", &[("name", name)]);
        let aliases = model["registered_model"]["aliases"].as_array().cloned().unwrap_or_default();
        aliases.iter().find(|known| known["alias"] == alias)?["version"].as_str()?.parse().ok()
    }

    /// Moves a version without hivectl.
    pub fn transition(&self, name: &str, version: u64, stage: &str, archive: bool) {
        let body = json!({ "name": name, "version": version.to_string(), "stage": stage, "archive_existing_versions": archive });
        self.post("model-versions/transition-stage", body);
    }

    /// Deletes a registered model without hivectl.
    pub fn remove_model(&self, name: &str) {
        self.ask(reqwest::Method::DELETE, "registered-models/delete", &[], Some(json!({ "name": name })));
    }

    /// Replaces a file in the server's store without hivectl.
    pub fn put_file(&self, path: &str, bytes: &[u8]) {
        let url = format!("{}/api/2.0/mlflow-artifacts/artifacts/{path}", self.url);
        let answer = client().put(url).body(bytes.to_vec()).send().expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// All registered models whose names begin so.
    pub fn names(&self, prefix: &str) -> Vec<String> {
        let found = self.get("registered-models/search", &[("max_results", "1000")]);
        let models = found["registered_models"].as_array().cloned().unwrap_or_default();
        models.iter().filter_map(|model| model["name"].as_str()).filter(|name| name.starts_with(prefix)).map(str::to_owned).collect()
    }

    /// Runs hivectl in this home against this server.
    #[must_use]
    pub fn run(&self, home: &Home, words: &[&str]) -> Ran {
        home.run(&[words, &["--registry", &self.url]].concat())
    }

    /// Registers so many different versions of a small model that hivectl did not make.
    pub fn register(&self, home: &Home, name: &str, count: usize) {
        let model = small_model();
        for number in 1..=count {
            self.run(home, &["ml", "models", "register", &model, "--name", name, "--tag", &format!("n={number}")]).expect(0);
        }
    }

    /// Puts a version into Production, whatever its gate says.
    #[must_use]
    pub fn promote(&self, home: &Home, name: &str, version: u32, more: &[&str]) -> Ran {
        let reference = format!("{name}@{version}");
        let words = ["ml", "models", "promote", &reference, "--confirm", &reference, "--force-gate", "--reason", "test", "-o", "json"];
        self.run(home, &[&words[..], more].concat())
    }

    /// Runs a script of tests/python with this server's Python.
    pub fn python(&self, home: &Home, script: &str, words: &[&str]) -> Value {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(script);
        let output = Command::new(&self.python).current_dir(home.path()).arg(script).args(words).output().expect("Python starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("one document")
    }
}

/// One connection a question: the servers of before 3 keep none.
pub fn client() -> reqwest::blocking::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::blocking::Client::builder().tls_certs_only([]).build().expect("a client")
}

/// A model file from Python.
pub fn small_model() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rooms/formats/fixtures/isolation.onnx").display().to_string()
}

/// Held by a test that leaves behind what the doctor looks for: it tells of the first such model, and the server is shared.
pub static DOCTORED: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// A name that no other test uses.
pub fn unique(stem: &str) -> String {
    format!("{stem}-{}", &hivectl::registry::new_run_id()[..8])
}

/// How often something is tried: a fair part of it, or all.
pub fn rounds(some: usize, all: usize) -> usize {
    if std::env::var_os("HIVECTL_FULL").is_some() { all } else { some }
}
