//! Places on this machine and what a registry word means.

use std::path::{Path, PathBuf};

use super::file::default_path;
use super::settings::{Origin, Setting};
use crate::error::{Error, ErrorKind, Result};

/// What `--registry` (or the setting behind it) names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryPlace {
    /// A SQLite database. `named` when the operator said so, rather than by default.
    Embedded { database: PathBuf, named: bool },
    /// An MLflow server.
    MlflowServer { url: String },
    /// The orchestrator's own interface.
    Orchestrator { url: String },
}

impl RegistryPlace {
    /// Reads `embedded`, `sqlite:///relative.db`, `sqlite:////absolute.db`, a bare `*.db` path,
    /// `http(s)://…` or `orchestrator+http(s)://…`.
    ///
    /// Errors: [`ErrorKind::Usage`] for anything else and for a password inside the URL.
    pub fn parse(setting: &Setting) -> Result<RegistryPlace> {
        let setting = &setting.revealed()?;
        let word = setting.value.trim();
        let named = setting.origin != Origin::Default;
        if word.eq_ignore_ascii_case("embedded") {
            return Ok(RegistryPlace::Embedded { database: data_directory()?.join("registry.db"), named: false });
        }
        if let Some(path) = word.strip_prefix("sqlite:///") {
            return Ok(RegistryPlace::Embedded { database: PathBuf::from(path), named });
        }
        if let Some(url) = word.strip_prefix("orchestrator+") {
            return Ok(RegistryPlace::Orchestrator { url: without_password(url, setting)? });
        }
        if word.starts_with("http://") || word.starts_with("https://") {
            return Ok(RegistryPlace::MlflowServer { url: without_password(word, setting)? });
        }
        if Path::new(word).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("db")) {
            return Ok(RegistryPlace::Embedded { database: PathBuf::from(word), named });
        }
        Err(Error::new(ErrorKind::Usage, format!("'{word}' is no registry"))
            .because(format!("set by {}", setting.origin))
            .hint("use embedded, sqlite:///relative.db, a path that ends in .db, or http(s)://HOST:PORT of an MLflow server"))
    }
}

fn without_password(url: &str, setting: &Setting) -> Result<String> {
    let authority = url.split("://").nth(1).unwrap_or_default().split('/').next().unwrap_or_default();
    let has_password = authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'));
    if has_password && matches!(setting.origin, Origin::Flag(_)) {
        return Err(Error::new(ErrorKind::Usage, "the registry's URL carries a password, which would stay in the shell's history")
            .hint("put it into MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD and give the URL without it"));
    }
    Ok(url.to_owned())
}

/// Folder for data: `$HIVECTL_HOME`, else `$XDG_DATA_HOME/hivectl`, else `~/.local/share/hivectl`.
pub fn data_directory() -> Result<PathBuf> {
    user_directory("XDG_DATA_HOME", ".local/share")
}

/// Folder for what can be made anew: `$HIVECTL_HOME/cache`, else `$XDG_CACHE_HOME/hivectl`, else `~/.cache/hivectl`.
pub fn cache_directory() -> Result<PathBuf> {
    match variable("HIVECTL_HOME") {
        Some(home) => Ok(Path::new(&home).join("cache")),
        None => user_directory("XDG_CACHE_HOME", ".cache"),
    }
}

/// The user's configuration file: `$HIVECTL_CONFIG`, else `config.yaml` in `$HIVECTL_HOME`,
/// `$XDG_CONFIG_HOME/hivectl` or `~/.config/hivectl`.
///
/// Errors: a file named by `HIVECTL_CONFIG` that is not there.
pub fn config_path() -> Result<PathBuf> {
    if let Some(path) = variable("HIVECTL_CONFIG").map(PathBuf::from) {
        return match path.try_exists() {
            Ok(true) => Ok(path),
            _ => Err(Error::new(ErrorKind::FileNotFound, format!("{} does not exist", path.display())).because("named by HIVECTL_CONFIG")),
        };
    }
    Ok(default_path(&user_directory("XDG_CONFIG_HOME", ".config")?))
}

/// One file of settings: which layer it is, where it stands, and whether it is there.
pub struct LayerFile {
    pub layer: &'static str,
    pub path: PathBuf,
    pub exists: bool,
}

/// The files that are read, the one that wins first.
///
/// Errors: those of [`config_path`].
pub fn files() -> Result<[LayerFile; 2]> {
    let file = |layer, path: PathBuf| LayerFile { layer, exists: path.exists(), path };
    Ok([file("project", PathBuf::from(PROJECT_FILE)), file("user", config_path()?)])
}

/// The file of a project, in the working folder.
pub const PROJECT_FILE: &str = ".hivectl.yaml";

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn user_directory(xdg: &str, under_home: &str) -> Result<PathBuf> {
    if let Some(home) = variable("HIVECTL_HOME") {
        return Ok(PathBuf::from(home));
    }
    if let Some(base) = variable(xdg) {
        return Ok(Path::new(&base).join("hivectl"));
    }
    match variable("HOME") {
        Some(home) => Ok(Path::new(&home).join(under_home).join("hivectl")),
        None => Err(Error::new(ErrorKind::BadConfiguration, "there is no HOME, so there is no place for hivectl's files")
            .hint("set HIVECTL_HOME to a folder that hivectl may use")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(word: &str) -> Result<RegistryPlace> {
        RegistryPlace::parse(&Setting::plain(word, Origin::Flag("--registry")))
    }

    #[test]
    fn sqlite_words_mean_what_sqlalchemy_means() {
        let embedded = |path: &str| RegistryPlace::Embedded { database: PathBuf::from(path), named: true };
        assert_eq!(place("sqlite:///a/b.db").expect("relative"), embedded("a/b.db"));
        assert_eq!(place("sqlite:////a/b.db").expect("absolute"), embedded("/a/b.db"));
        assert_eq!(place("b.db").expect("bare"), embedded("b.db"));
    }

    #[test]
    fn a_password_in_a_flag_is_refused_and_a_strange_word_too() {
        assert_eq!(place("http://u:secret@h:5000").expect_err("password").kind(), ErrorKind::Usage);
        assert!(!place("http://u:secret@h:5000").expect_err("password").to_string().contains("secret"));
        assert_eq!(place("mysql://x").expect_err("unknown").kind(), ErrorKind::Usage);
    }
}
