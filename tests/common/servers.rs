//! Servers that the scripts beside `tests/servers/mlflow.sh` start.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What one script started.
pub struct Servers {
    /// What it printed, as `NAME=VALUE`: addresses, folders.
    pub started: HashMap<String, String>,
    /// Ends with this program, because its standard input does.
    _script: Child,
}

impl Servers {
    /// Runs a script of tests/servers until it says that its servers are ready.
    pub fn start(script: &str, arguments: &[&str]) -> Servers {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers").join(script);
        let mut command = Command::new(path);
        command.arg("run").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the script starts");
        let mut started = HashMap::new();
        for line in BufReader::new(child.stdout.take().expect("an output")).lines() {
            let line = line.expect("text");
            let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{script} printed {line:?}"));
            started.insert(name.to_owned(), value.to_owned());
            if name == "ready" {
                break;
            }
        }
        assert!(started.contains_key("ready"), "{script} did not start its servers: {started:?}");
        Servers { started, _script: child }
    }
}
