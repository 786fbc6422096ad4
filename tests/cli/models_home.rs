//! A home of its own, and the binary run in it.

use std::path::PathBuf;
use std::process::ExitStatus;

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
        self.write("policy.yaml", "duration:\n  mae_pct: \"< 100000\"\nanomaly:\n  precision: \">= 0\"\n");
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
