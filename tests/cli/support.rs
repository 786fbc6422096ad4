//! What the tests of the verbs share: homes with tickets and models, the binary run in them, and what it said.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::common::folders::copy_folder;
pub use crate::common::home::{Home, Ran};
use crate::common::terminal::Terminal;

/// The model that duration training registers.
pub const MODEL: &str = "ticket-duration-predictor";

impl Home {
    /// Two models with history: of durations version 1 archived, 2 in Production, 3 in Staging; of anomalies 1 in
    /// Production. Gates that everything passes; an exported model; tickets.
    pub fn with_models() -> Home {
        Home::new().filled()
    }

    fn filled(self) -> Home {
        self.write(
            "policy.yaml",
            "duration:\n  mae_pct: \"< 100000\"\nanomaly:\n  precision: \">= 0\"\n  judged_tickets: off\n  positives: off\n",
        );
        self.write(".hivectl.yaml", "policy: policy.yaml\n");
        let _ =
            self.run(&["ml", "dataset", "synthetic", "--rows", "600", "--days", "20", "--seed", "7", "--out", "tickets.parquet"]).expect(0);
        for (kind, seed) in [("duration", "1"), ("duration", "2"), ("anomaly", "1"), ("duration", "3")] {
            let train = ["ml", "train", "--model", kind, "--trees", "10", "--seed", seed, "--tickets", "tickets.parquet"];
            self.run(&train).expect(0);
        }
        for version in [format!("{MODEL}@1"), format!("{MODEL}@2"), "ticket-anomaly-detector@1".to_owned()] {
            self.run(&["ml", "models", "promote", &version, "--confirm", &version]).expect(0);
        }
        self.run(&["ml", "models", "export", &format!("{MODEL}#production"), "model.hivectl-model"]).expect(0);
        self
    }

    /// The same of somebody whose name and host together have 16 letters, so that no table differs by them; `None` where
    /// the host's name is too long for that.
    pub fn with_models_of_an_operator() -> Option<Home> {
        let host = rustix::system::uname().nodename().to_string_lossy().chars().count();
        let letters = 15usize.checked_sub(host).filter(|&letters| letters > 0)?;
        let mut home = Home::new();
        home.user = Some("o".repeat(letters));
        Some(home.filled())
    }

    /// Another home with the same files.
    pub fn copy(&self) -> Home {
        let mut home = Home::new();
        home.user.clone_from(&self.user);
        copy_folder(self.path(), home.path());
        home
    }

    /// The words of one line as a shell reads them, without the first.
    #[must_use]
    pub fn type_line(&self, line: &str) -> Ran {
        let words = shlex::split(line).expect("a line");
        self.run(&words.iter().skip(1).map(String::as_str).collect::<Vec<_>>())
    }

    /// The user's file of settings.
    pub fn write_config(&self, text: impl AsRef<[u8]>) -> PathBuf {
        self.write(".config/hivectl/config.yaml", text)
    }

    pub fn config(&self) -> String {
        std::fs::read_to_string(self.path().join(".config/hivectl/config.yaml")).unwrap_or_default()
    }

    /// So many versions of the duration model, all in Staging, and their tickets in `t.ndjson`.
    pub fn with_versions(count: usize) -> Home {
        let home = Home::new();
        home.write_tickets("t.ndjson", 400);
        for seed in 1..=count {
            let seed = seed.to_string();
            home.run(&["ml", "train", "--model", "duration", "--tickets", "t.ndjson", "--trees", "3", "--seed", &seed]).expect(0);
        }
        home
    }

    /// Durations: a weak version in Production by the lax gates of `lax.yaml`, and a strong one in Staging; their tickets in
    /// `t.ndjson`.
    pub fn with_a_weak_champion() -> Home {
        let home = Home::new();
        home.write_tickets("t.ndjson", 1_200);
        home.write("lax.yaml", "duration:\n  mae_pct: \"< 500\"\n");
        let train = ["ml", "train", "--model", "duration", "--tickets", "t.ndjson"];
        home.run(&[&train[..], &["--trees", "2", "--depth", "2", "--policy", "lax.yaml", "--promote-if-better"]].concat()).expect(0);
        home.run(&[&train[..], &["--trees", "40"]].concat()).expect(0);
        home
    }

    /// Six weeks of tickets with models trained on them, `train` saying how, and a week like them in `same.ndjson`.
    pub fn with_week(train: &[&str]) -> Home {
        let home = Home::new();
        home.write_weeks("then.ndjson", "3000", "2026-01-01", "42", "3", "0");
        home.write_weeks("same.ndjson", "600", "2026-02-12", "7", "4", "0");
        home.run(&[&["ml", "train", "--tickets", "then.ndjson", "--window-days", "60"], train].concat()).expect(0);
        home
    }

    /// Six weeks of so many tickets with a trained model, a week like them and a week that is not.
    pub fn with_drift(rows: &str) -> Home {
        let home = Home::new();
        home.write_weeks("then.ndjson", rows, "2026-01-01", "42", "3", "0");
        home.write_weeks("same.ndjson", "1000", "2026-02-12", "7", "4", "0");
        home.write_weeks("drifted.ndjson", "1000", "2026-02-12", "7", "5", "0.8");
        home.run(&["ml", "train", "--tickets", "then.ndjson", "--window-days", "60"]).expect(0);
        home
    }

    /// Writes made-up tickets of so many days from a date; `drift` above 0 makes other work of them.
    pub fn write_weeks(&self, name: &str, rows: &str, start: &str, days: &str, seed: &str, drift: &str) {
        let words = ["--rows", rows, "--start", start, "--days", days, "--seed", seed, "--drift", drift, "--out", name];
        self.run(&[&["ml", "dataset", "synthetic"], &words[..]].concat()).expect(0);
    }

    #[must_use]
    pub fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child =
            self.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("hivectl starts");
        // A command that refuses early closes its input; that is its right.
        let _ = child.stdin.take().expect("an input").write_all(input);
        Ran::of(child.wait_with_output().expect("hivectl ends"))
    }

    /// Whether some command has made a registry here.
    pub fn has_registry(&self) -> bool {
        registry_file(self).exists()
    }

    /// `count` learnable tickets as NDJSON.
    pub fn write_tickets(&self, name: &str, count: usize) {
        let lines: String = (0..count).map(|index| format!("{}\n", ticket(index))).collect();
        self.write(name, lines);
    }
}

/// Runs the words of a line.
#[must_use]
pub fn ran(home: &Home, line: &str) -> Ran {
    home.run(&line.split(' ').collect::<Vec<&str>>())
}

/// The document that a line gives, after checking the exit code.
pub fn json(home: &Home, line: &str, code: i32) -> Value {
    ran(home, &format!("{line} -o json")).json(code)
}

/// The ticket number `index`: a duration that follows from what is known at creation, one in twenty an
/// anomaly that shows at scheduling and in the outcome.
pub fn ticket(index: usize) -> Value {
    let types = ["BUILD", "TEST", "DEPLOY", "VALIDATE"];
    let base = [180_000.0, 60_000.0, 95_000.0, 12_000.0][index % 4];
    let size = 1.0 + (index * 7 % 13) as f64 / 6.0;
    let strange = index % 20 == 11;
    let estimate = (base * size).round();
    let factor = if strange { 9.0 } else { 1.0 + (index * 31 % 17) as f64 / 200.0 };
    let created = 1_767_225_600_000_i64 + index as i64 * 600_000;
    let duration = (estimate * factor).round();
    let capabilities: Vec<String> = (0..if strange { 40 } else { 1 + index % 4 }).map(|number| format!("cap-{number}")).collect();
    let risk = ["low", "medium", "high"][index % 3];
    json!({
        "ticket_id": format!("t-{index:06}"),
        "task_type": types[index % 4],
        "status": "COMPLETED",
        "risk_band": risk,
        "qos": { "delivery_mode": "AT_LEAST_ONCE", "consistency": "EVENTUAL", "durability": "PERSISTENT" },
        "sla": { "timeout_ms": estimate * 20.0 },
        "parameters": { "n": index, "text": "x".repeat(if strange { 2_000 } else { index % 30 }) },
        "required_capabilities": capabilities,
        "created_at": created,
        "started_at": created + 1_000,
        "completed_at": created + 1_000 + duration as i64,
        "estimated_duration_ms": estimate,
        "actual_duration_ms": duration,
        "retry_count": if strange { 5 } else { 0 },
        "metadata": { "requested_by": format!("team-{}", index % 5) },
    })
}

/// Tickets without an outcome as NDJSON.
pub fn pending(numbers: std::ops::Range<usize>) -> String {
    let mut tickets = numbers.map(ticket).collect::<Vec<Value>>();
    tickets.iter_mut().for_each(|ticket| ticket["status"] = "PENDING".into());
    tickets.iter().map(|ticket| format!("{ticket}\n")).collect()
}

/// Puts a version of the duration model into Production, with its name typed.
#[must_use]
pub fn promote(home: &Home, version: u32) -> Ran {
    let named = format!("{MODEL}@{version}");
    home.run(&["ml", "models", "promote", &named, "--confirm", &named, "-o", "json"])
}

/// The versions of the duration model, newest first, each as `3 Production`.
pub fn stages(home: &Home) -> Vec<String> {
    let list = home.run(&["ml", "models", "list", MODEL, "-o", "json"]).json(0);
    let items = list["data"]["items"].as_array().expect("items").clone();
    items.iter().map(|item| format!("{} {}", item["version"], item["stage"].as_str().expect("a stage"))).collect()
}

/// The database of the embedded registry.
pub fn registry_file(home: &Home) -> PathBuf {
    home.path().join(".local/share/hivectl/registry.db")
}

/// As another tool moves a version: no record, no check.
pub fn moved_by_another_tool(home: &Home, version: u32, stage: &str) {
    let connection = Connection::open(registry_file(home)).expect("the registry");
    let sql = "UPDATE model_versions SET current_stage = ?1 WHERE version = ?2";
    assert_eq!(connection.execute(sql, rusqlite::params![stage, version]).expect("moved"), 1);
}

/// Everything that a document says of an error.
pub fn said(document: &Value) -> String {
    let error = &document["error"];
    format!("{} {} {}", error["message"], error["causes"], error["hints"])
}

/// Models of both kinds trained on 1,200 tickets in `t.ndjson`, and what training answered.
pub fn trained() -> (Home, Value) {
    let home = Home::new();
    home.write_tickets("t.ndjson", 1_200);
    let document = home.run(&["ml", "train", "--tickets", "t.ndjson", "-o", "json"]).json(0);
    (home, document)
}

/// Fails where one of the fields is missing.
#[track_caller]
pub fn fields(value: &Value, names: &[&str]) {
    for name in names {
        assert!(value.get(name).is_some(), "no field '{name}' in {value:#}");
    }
}

/// The data that a drift check answers, after checking the exit code.
pub fn check_drift(home: &Home, more: &[&str], code: i32) -> Value {
    let line: Vec<&str> = ["ml", "drift", "check", "-o", "json"].iter().chain(more).copied().collect();
    home.run(&line).json(code)["data"].clone()
}

pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

/// Sends a signal, by its name with a dash.
pub fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
}

/// Whether a program of the system is there; says so where it is not.
pub fn has(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let there = std::env::split_paths(&paths).any(|folder| folder.join(program).is_file());
    if !there {
        println!("SKIPPED: {program} is not installed");
    }
    there
}

/// The binary on a terminal, to its end.
pub fn hivectl(home: &Home, line: &str, columns: u16, variables: &[(&str, &str)]) -> (ExitStatus, String) {
    let words = shlex::split(line).expect("a line");
    let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    Terminal::start(home, env!("CARGO_BIN_EXE_hivectl"), &words, columns, variables).end()
}
