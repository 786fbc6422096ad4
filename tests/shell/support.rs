//! A home of its own, and the binary run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The model that duration training registers.
pub const MODEL: &str = "ticket-duration-predictor";

pub struct Home {
    folder: tempfile::TempDir,
    /// Who works in it; nobody by default, so that the number of the user is told.
    pub user: Option<String>,
}

/// What a run printed and how it ended.
#[must_use]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

impl Home {
    pub fn new() -> Home {
        Home { folder: tempfile::tempdir().expect("a temporary folder"), user: None }
    }

    /// Two models with history: of durations version 1 archived, 2 in Production, 3 in Staging; of anomalies 1 in
    /// Production. Gates that everything passes; an exported model; tickets.
    pub fn with_models() -> Home {
        Home::new().filled()
    }

    fn filled(self) -> Home {
        let home = self;
        home.write("policy.yaml", "duration:\n  mae_pct: \"< 100000\"\nanomaly:\n  precision: \">= 0\"\n");
        home.write(".hivectl.yaml", "policy: policy.yaml\n");
        let _ =
            home.run(&["ml", "dataset", "synthetic", "--rows", "600", "--days", "20", "--seed", "7", "--out", "tickets.parquet"]).expect(0);
        for (kind, seed) in [("duration", "1"), ("duration", "2"), ("anomaly", "1"), ("duration", "3")] {
            let train = ["ml", "train", "--model", kind, "--trees", "10", "--seed", seed, "--tickets", "tickets.parquet"];
            let _ = home.run(&train).expect(0);
        }
        for version in [format!("{MODEL}@1"), format!("{MODEL}@2"), "ticket-anomaly-detector@1".to_owned()] {
            let _ = home.run(&["ml", "models", "promote", &version, "--confirm", &version]).expect(0);
        }
        let _ = home.run(&["ml", "models", "export", &format!("{MODEL}#production"), "model.hivectl-model"]).expect(0);
        home
    }

    /// The same of somebody whose name and host together have 16 letters, so that no table differs by them; `None` where
    /// the host's name is too long for that.
    pub fn with_models_of_an_operator() -> Option<Home> {
        let host = rustix::system::uname().nodename().to_string_lossy().chars().count();
        let letters = 15usize.checked_sub(host).filter(|&letters| letters > 0)?;
        Some(Home { user: Some("o".repeat(letters)), ..Home::new() }.filled())
    }

    /// Another home with the same files.
    pub fn copy(&self) -> Home {
        let home = Home { user: self.user.clone(), ..Home::new() };
        copy_folder(self.path(), home.path());
        home
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The binary, in this home, with nothing set but what every program gets.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hivectl"));
        command.args(arguments).current_dir(self.path()).env_clear();
        command.env("HOME", self.path()).env("PATH", std::env::var_os("PATH").unwrap_or_default()).stdin(Stdio::null());
        command.envs(self.user.iter().map(|user| ("USER", user)));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().expect("hivectl runs"))
    }

    /// The words of one line as a shell reads them, without the first.
    pub fn type_line(&self, line: &str) -> Ran {
        let words = shlex::split(line).expect("a line");
        self.run(&words.iter().skip(1).map(String::as_str).collect::<Vec<_>>())
    }

    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        Ran::of(self.command(arguments).envs(variables.iter().copied()).output().expect("hivectl runs"))
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    /// The user's file of settings.
    pub fn write_config(&self, text: impl AsRef<[u8]>) -> PathBuf {
        self.write(".config/hivectl/config.yaml", text)
    }

    pub fn config(&self) -> String {
        std::fs::read_to_string(self.path().join(".config/hivectl/config.yaml")).unwrap_or_default()
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("copied")),
        }
    }
}

impl Ran {
    pub fn of(output: Output) -> Ran {
        Ran {
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
            code: output.status.code().unwrap_or(-1),
        }
    }

    pub fn json(&self, code: i32) -> Value {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    pub fn expect(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        self
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
