//! Secrets: a configuration file says where one is, never what it is.

use std::path::PathBuf;
use std::time::Duration;

use super::command::SecretCommands;
use super::permissions::ordinary;
use crate::error::{Error, ErrorKind, Result};

/// Where a value is kept, and the commands that have answered already.
#[derive(Clone, Debug)]
pub struct SecretSource {
    kept: SecretLocation,
    commands: SecretCommands,
}

/// Two sources are equal that name the same place.
impl PartialEq for SecretSource {
    fn eq(&self, other: &SecretSource) -> bool {
        self.kept == other.kept
    }
}

impl Eq for SecretSource {}

#[derive(Clone, Debug, PartialEq, Eq)]
enum SecretLocation {
    /// The first line of a file that nobody else may read.
    File(PathBuf),
    /// The first line that a command prints, run by `sh -c`.
    Command(String),
    /// An environment variable.
    Environment(String),
}

impl SecretSource {
    /// Reads `file`, `command` or `env`.
    pub fn parse(word: &str, value: &str) -> Option<SecretSource> {
        let kept = match word {
            "file" => SecretLocation::File(PathBuf::from(value)),
            "command" => SecretLocation::Command(value.to_owned()),
            "env" => SecretLocation::Environment(value.to_owned()),
            _ => return None,
        };
        Some(SecretSource { kept, commands: SecretCommands::default() })
    }

    /// The same source among the commands of a job.
    #[must_use]
    pub(super) fn among(self, commands: &SecretCommands) -> SecretSource {
        SecretSource { commands: commands.clone(), ..self }
    }

    /// The source as a file writes it; not the secret.
    pub fn shown(&self) -> String {
        match &self.kept {
            SecretLocation::File(path) => format!("{{file: {}}}", path.display()),
            SecretLocation::Command(command) => format!("{{command: {command}}}"),
            SecretLocation::Environment(name) => format!("{{env: {name}}}"),
        }
    }

    /// The secret itself; a command runs at most `longest`, once a job.
    ///
    /// Errors: [`ErrorKind::BadConfiguration`] for a variable that is not set, a command that fails or does not end, an
    /// empty answer, or a file that others may read or that is no ordinary one; those of reading the file.
    pub fn reveal(&self, longest: Duration) -> Result<String> {
        let text = match &self.kept {
            SecretLocation::File(path) => {
                ordinary(path, "the secret in")?;
                refuse_readable_by_others(path)?;
                std::fs::read_to_string(path).map_err(|error| Error::file("read the secret in", path, &error))?
            }
            SecretLocation::Command(command) => self.commands.answer(command, longest).map_err(|why| {
                Error::new(ErrorKind::BadConfiguration, format!("the command of a secret failed: {command}"))
                    .because(why)
                    .hint(format!("try it alone: `sh -c {}`", shlex::try_quote(command).unwrap_or_default()))
            })?,
            SecretLocation::Environment(name) => std::env::var(name)
                .map_err(|_| Error::new(ErrorKind::BadConfiguration, format!("the environment variable {name} of a secret is not set")))?,
        };
        match text.lines().next().map(str::trim).filter(|line| !line.is_empty()) {
            Some(line) => Ok(line.to_owned()),
            None => Err(Error::new(ErrorKind::BadConfiguration, format!("the secret {} is empty", self.shown()))),
        }
    }
}

/// Errors: [`ErrorKind::BadConfiguration`] when others than the owner may read the file.
#[cfg(unix)]
fn refuse_readable_by_others(path: &std::path::Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = std::fs::metadata(path).map_err(|error| Error::file("read the secret in", path, &error))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Error::new(ErrorKind::BadConfiguration, format!("{} holds a secret and others may read it (mode {mode:03o})", path.display()))
        .hint(format!("chmod 600 {}", path.display())))
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_: &std::path::Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::command::LONGEST;

    fn source(word: &str, value: &str) -> SecretSource {
        SecretSource::parse(word, value).expect("a source")
    }

    #[test]
    fn sources_are_shown_and_the_secret_is_not() {
        let source = source("command", "printf 'abc\\nrest'");
        assert_eq!(source.reveal(LONGEST).expect("a secret"), "abc");
        assert!(!source.shown().contains("abc\n"));
        assert!(SecretSource::parse("plain", "x").is_none());
        let failing = self::source("command", "echo hidden; exit 3").reveal(LONGEST).expect_err("fails");
        assert!(!format!("{failing:?}").replace("echo hidden", "").contains("hidden"), "{failing:?}");
        assert!(self::source("command", "true").reveal(LONGEST).is_err());
        assert!(self::source("env", "HIVECTL_NO_SUCH_VARIABLE").reveal(LONGEST).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("token");
        std::fs::write(&path, "s3cret\n").expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("mode");
        let refused = source("file", &path.display().to_string()).reveal(LONGEST).expect_err("readable");
        assert!(refused.to_string().contains("mode 644") && refused.hints()[0].to_string().starts_with("chmod 600"), "{refused:?}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("mode");
        assert_eq!(source("file", &path.display().to_string()).reveal(LONGEST).expect("a secret"), "s3cret");
    }
}
