//! An empty home, tickets with a known answer, and the binary run in them.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

pub use crate::common::home::{Home, Ran};

impl Home {
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
        self.path().join(".local/share/hivectl/registry.db").exists()
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
