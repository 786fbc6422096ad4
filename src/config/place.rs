//! Places on this machine.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};

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
    Ok(user_directory("XDG_CONFIG_HOME", ".config")?.join("config.yaml"))
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
