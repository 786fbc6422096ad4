//! A home of its own with the shipped binary run in it; a room adds what only it needs in its `support.rs`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A temporary home with a working folder in one; nothing of the caller's environment reaches the binary.
pub struct Home {
    folder: tempfile::TempDir,
    /// Who works in it; nobody by default, so that the number of the user is told.
    pub user: Option<String>,
}

/// What a run printed and how it ended.
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    /// -1 after a signal.
    pub code: i32,
}

impl Home {
    pub fn new() -> Home {
        Home { folder: tempfile::tempdir().expect("a temporary folder"), user: None }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    /// The binary, in this home, with nothing set but what every program gets.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hivectl"));
        command.args(arguments).current_dir(self.path()).env_clear();
        command.env("HOME", self.path()).env("PATH", std::env::var_os("PATH").unwrap_or_default()).stdin(Stdio::null());
        command.envs(self.user.iter().map(|user| ("USER", user)));
        command
    }

    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, &[])
    }

    /// As [`Home::run`], with variables of the environment.
    #[must_use]
    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        Ran::of(self.command(arguments).envs(variables.iter().copied()).output().expect("hivectl runs"))
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

    #[track_caller]
    pub fn check(&self, code: i32) {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
    }

    #[track_caller]
    pub fn expect(self, code: i32) -> Ran {
        self.check(code);
        self
    }

    /// The one document on stdout, after checking the exit code.
    #[track_caller]
    pub fn json(&self, code: i32) -> Value {
        self.check(code);
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }
}
