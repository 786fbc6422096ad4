//! What hivectl registers, MLflow serves: a server on the same file, its client, and every way of loading.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common::python::python;
use crate::common::walk::{failures, names_tickets};
use crate::support::Home;

/// An MLflow server on a registry's file; ends with the test, also when it panics.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(python: &str, home: &Home, database: &Path) -> Server {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
        let log = std::fs::File::create(home.path().join("server.log")).expect("a log");
        let child = Command::new(python)
            .args(["-m", "mlflow", "server", "--host", "127.0.0.1", "--workers", "1", "--port", &port.to_string()])
            .args(["--backend-store-uri", &format!("sqlite:///{}", database.display())])
            .args(["--artifacts-destination", &home.path().join("server-artifacts").display().to_string()])
            .env("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false")
            .current_dir(home.path())
            .stdout(Stdio::from(log.try_clone().expect("a log")))
            .stderr(Stdio::from(log))
            .spawn()
            .expect("MLflow starts");
        let server = Server { child, url: format!("http://127.0.0.1:{port}") };
        let patience = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                patience.elapsed() < Duration::from_secs(120),
                "{}",
                std::fs::read_to_string(home.path().join("server.log")).unwrap_or_default()
            );
            std::thread::sleep(Duration::from_millis(200));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Politely, so that its worker goes with it.
        let _ = rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), rustix::process::Signal::TERM);
        let _ = self.child.wait();
    }
}

fn compare(python: &str, home: &Home, tracking_uri: &str, kind: &str, reference: &str, field: &str) -> Value {
    let (matrix, predictions) = (format!("{kind}.parquet"), format!("{kind}.jsonl"));
    home.run(&["ml", "dataset", "features", "--model", kind, "--tickets", "some.ndjson", "--out", &matrix]).expect(0);
    home.run(&["ml", "predict", "--model", kind, "--tickets", "some.ndjson", "--out", &predictions]).expect(0);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/compare_models.py");
    let output = Command::new(python)
        .current_dir(home.path())
        .arg(script)
        .args([tracking_uri, reference, &matrix, &predictions, field])
        .output()
        .expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one document")
}

fn trained(home: &Home) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tickets.ndjson.gz");
    home.run(&["ml", "train", "--tickets", &shipped.display().to_string()]).expect(0);
    home.run(&["ml", "dataset", "synthetic", "--rows", "1000", "--seed", "99", "--out", "some.ndjson"]).expect(0);
}

fn agrees(document: &Value, stage: &str) {
    for name in ["ticket-duration-predictor", "ticket-anomaly-detector"] {
        assert_eq!(document["listed"][name]["1"], stage, "{document:#}");
    }
    agrees_in(document, ["pyfunc", "sklearn", "onnx"]);
}

fn agrees_in(document: &Value, flavors: [&str; 3]) {
    for flavor in flavors {
        let compared = &document["compared"][flavor];
        assert_eq!(compared["rows"], 1_000, "{document:#}");
        assert!(compared["difference"].as_f64().is_some_and(|difference| difference <= 1e-6), "{flavor}: {document:#}");
    }
}

#[test]
fn an_mlflow_server_on_the_same_file_lists_the_models_and_python_predicts_the_same() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    let home = Home::new();
    trained(&home);
    let server = Server::start(&python, &home, &home.path().join(".local/share/hivectl/registry.db"));
    agrees(&compare(&python, &home, &server.url, "duration", "ticket-duration-predictor@Staging", "duration_ms"), "Staging");
    agrees(&compare(&python, &home, &server.url, "anomaly", "ticket-anomaly-detector@Staging", "is_anomaly"), "Staging");
    // A boosted model is loaded by XGBoost.
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tickets.ndjson.gz").display().to_string();
    home.write("lenient.yaml", "scheduling:\n  mae: \"< 60000\"\n");
    let arguments = ["ml", "train", "--model", "scheduling", "--policy", "lenient.yaml", "--tickets", &shipped];
    home.run(&arguments).expect(0);
    let compared = compare(&python, &home, &server.url, "scheduling", "scheduling-predictor-xgboost@Staging", "duration_ms");
    agrees_in(&compared, ["pyfunc", "xgboost", "onnx"]);
    drop(server);
    // MLflow has brought the file to its own newest form; hivectl goes on with it.
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tickets.ndjson.gz");
    let again = home.run(&["ml", "train", "--model", "duration", "--tickets", &shipped.display().to_string(), "-o", "json"]).json(0);
    assert_eq!(again["data"]["models"][0]["version"], 2);
}

/// Both releases migrate the file, so each has one of its own.
const CLIENTS: [&str; 2] = ["HIVECTL_TEST_PYTHON", "HIVECTL_TEST_PYTHON_NEWEST"];

/// Runs a script of tests/python on a home's own registry.
fn script(python: &str, home: &Home, script: &str, words: &[&str]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(script);
    let database = format!("sqlite:///{}", home.path().join(".local/share/hivectl/registry.db").display());
    let output = Command::new(python).current_dir(home.path()).arg(script).arg(database).args(words).output().expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one document")
}

#[test]
fn whatever_an_mlflow_client_does_with_its_own_model_works_with_ours() {
    let made = Home::new();
    made.run(&["ml", "dataset", "synthetic", "--rows", "600", "--seed", "7", "--out", "tickets.ndjson"]).expect(0);
    let train = ["ml", "train", "--model", "duration", "--tickets", "tickets.ndjson", "--trees", "5", "--name"];
    made.run(&[&train[..], &["trained"]].concat()).expect(0);
    made.run(&[&train[..], &["boosted", "--algorithm", "boosting"]].concat()).expect(0);
    made.run(&["ml", "models", "export", "trained@1", "trained.hivectl-model"]).expect(0);
    made.run(&["ml", "models", "import", "trained.hivectl-model", "--name", "imported"]).expect(0);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rooms/formats/fixtures/isolation.onnx").display().to_string();
    made.run(&["ml", "models", "register", &file, "--name", "bare"]).expect(0);
    let versions = ["trained@1", "boosted@1", "imported@1", "bare@1"].map(str::to_owned);
    for python in CLIENTS.into_iter().filter_map(python) {
        let home = made.copy();
        let words: Vec<&str> = versions.iter().map(String::as_str).collect();
        let walked = script(&python, &home, "walk_model.py", &words);
        assert_eq!(failures(&walked, &versions), Vec::<String>::new(), "MLflow {}", walked["version"]);
        for version in ["trained@1", "imported@1"] {
            names_tickets(&script(&python, &home, "run_inputs.py", &[version]), &made.path().join("tickets.ndjson"));
        }
        // MLflow has migrated the file, and the next training still names its tickets there: the same as before are one data set.
        home.run(&[&train[..], &["trained"]].concat()).expect(0);
        names_tickets(&script(&python, &home, "run_inputs.py", &["trained@2"]), &made.path().join("tickets.ndjson"));
    }
}

#[test]
fn mlflow_2_19_reads_the_file_too() {
    let Some(python) = python("HIVECTL_TEST_PYTHON_MLFLOW2") else { return };
    let home = Home::new();
    trained(&home);
    let database = format!("sqlite:///{}", home.path().join(".local/share/hivectl/registry.db").display());
    // The older MLflow does not know the revision of the file, so it loads the folder.
    let shown = home.run(&["ml", "models", "show", "duration", "-o", "json"]).json(0);
    assert!(shown["data"]["source"].as_str().is_some_and(|source| source.starts_with("models:/m-")), "{shown:#} {database}");
    let folder = artifact_folder(&home);
    let code = "import sys, mlflow, pandas as pd\nm = mlflow.sklearn.load_model(sys.argv[1])\nprint(len(m.predict(pd.read_parquet(sys.argv[2]).drop(columns=['created_at', 'actual_duration_ms']))))";
    home.run(&["ml", "dataset", "features", "--model", "duration", "--tickets", "some.ndjson", "--out", "m.parquet"]).expect(0);
    let output = Command::new(&python).current_dir(home.path()).args(["-c", code, &folder, "m.parquet"]).output().expect("Python starts");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "1000", "{}", String::from_utf8_lossy(&output.stderr));
}

/// The folder of the duration model's package.
fn artifact_folder(home: &Home) -> String {
    let mut folders = vec![home.path().join(".local/share/hivectl/mlruns")];
    while let Some(folder) = folders.pop() {
        let card = std::fs::read_to_string(folder.join("hivectl/model.json")).unwrap_or_default();
        if card.contains("\"kind\": \"duration\"") {
            return folder.display().to_string();
        }
        folders.extend(
            std::fs::read_dir(&folder).expect("a folder").filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()),
        );
    }
    panic!("no package of a duration model")
}
