//! What the word for a registry means.

use std::path::{Path, PathBuf};

use crate::base::redact::{UrlParts, masked_url};
use crate::error::{Error, ErrorKind, Result};

/// Which registry is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryUri {
    /// A SQLite database. `named` when the operator said so, rather than by default.
    Embedded { database: PathBuf, named: bool },
    /// A folder of MLflow's file store, to be read.
    FileStore { folder: PathBuf },
    /// An MLflow server.
    MlflowServer { url: String },
    /// The orchestrator's own interface.
    Orchestrator { url: String },
}

/// The word for a registry, and where it comes from.
#[derive(Clone, Debug)]
pub struct RegistrySetting {
    pub word: String,
    /// The setting's origin, for people.
    pub origin: String,
    /// Nobody said it.
    pub is_default: bool,
    /// It was typed as a flag, and stays in the shell's history.
    pub is_flag: bool,
}

impl RegistryUri {
    /// Reads `embedded`, `sqlite:///relative.db`, `sqlite:////absolute.db`, a bare `*.db` path, `file://…` and a folder,
    /// `http(s)://…` or `orchestrator+http(s)://…`; `embedded` is in the folder that `data_folder` finds.
    ///
    /// Errors: [`ErrorKind::Usage`] for anything else and for a password inside the URL; those of `data_folder`.
    pub fn parse(setting: &RegistrySetting, data_folder: impl FnOnce() -> Result<PathBuf>) -> Result<RegistryUri> {
        let (word, named) = (setting.word.trim(), !setting.is_default);
        if word.eq_ignore_ascii_case("embedded") {
            return Ok(RegistryUri::Embedded { database: data_folder()?.join("registry.db"), named: false });
        }
        if let Some(path) = word.strip_prefix("sqlite:///") {
            return Ok(RegistryUri::Embedded { database: PathBuf::from(path), named });
        }
        if let Some(url) = word.strip_prefix("orchestrator+") {
            return Ok(RegistryUri::Orchestrator { url: no_password_typed(url, setting)? });
        }
        if word.starts_with("http://") || word.starts_with("https://") {
            return Ok(RegistryUri::MlflowServer { url: no_password_typed(word, setting)? });
        }
        if Path::new(word).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("db")) {
            return Ok(RegistryUri::Embedded { database: PathBuf::from(word), named });
        }
        if let Some(folder) = file_store(word) {
            return Ok(RegistryUri::FileStore { folder: PathBuf::from(folder) });
        }
        Err(Error::new(ErrorKind::Usage, format!("'{}' is no registry", masked_url(word)))
            .because(format!("set by {}", setting.origin))
            .hint("use embedded, sqlite:///relative.db, a path that ends in .db, a folder of MLflow's (./mlruns), or http(s)://HOST:PORT of an MLflow server"))
    }
}

/// The folder of one of MLflow's file stores.
fn file_store(word: &str) -> Option<&str> {
    match word.strip_prefix("file:") {
        Some(rest) => Some(rest.strip_prefix("//").unwrap_or(rest)),
        None => Some(word).filter(|word| Path::new(word).is_dir()),
    }
}

fn no_password_typed(url: &str, setting: &RegistrySetting) -> Result<String> {
    let has_password = UrlParts::of(url).is_some_and(|parts| parts.password().is_some());
    if has_password && setting.is_flag {
        return Err(Error::new(ErrorKind::Usage, "the registry's URL carries a password, which would stay in the shell's history")
            .hint("put it into MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD and give the URL without it"));
    }
    Ok(url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(word: &str) -> Result<RegistryUri> {
        let setting = RegistrySetting { word: word.to_owned(), origin: "--registry".to_owned(), is_default: false, is_flag: true };
        RegistryUri::parse(&setting, || Ok(PathBuf::from("data")))
    }

    #[test]
    fn sqlite_words_mean_what_sqlalchemy_means() {
        let embedded = |path: &str| RegistryUri::Embedded { database: PathBuf::from(path), named: true };
        assert_eq!(parsed("sqlite:///a/b.db").expect("relative"), embedded("a/b.db"));
        assert_eq!(parsed("sqlite:////a/b.db").expect("absolute"), embedded("/a/b.db"));
        assert_eq!(parsed("b.db").expect("bare"), embedded("b.db"));
    }

    #[test]
    fn a_password_in_a_flag_is_refused_and_a_strange_word_too() {
        assert_eq!(parsed("http://u:secret@h:5000").expect_err("password").kind(), ErrorKind::Usage);
        assert!(!parsed("http://u:secret@h:5000").expect_err("password").to_string().contains("secret"));
        let unknown = parsed("postgresql://u:secret@h/db").expect_err("unknown");
        assert_eq!(unknown.kind(), ErrorKind::Usage);
        assert!(unknown.to_string().contains("postgresql://u:***@h/db"), "{unknown}");
    }
}
