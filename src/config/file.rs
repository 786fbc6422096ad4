//! The YAML configuration file: settings for every context, and named contexts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::settings::{Origin, SETTINGS, Setting};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::yaml::{self, Scalar, Tree};

/// Larger than any configuration a person writes; keeps a mistaken path from being read whole.
const LARGEST_FILE_BYTES: u64 = 1 << 20;

type Section = BTreeMap<String, Setting>;

/// A configuration file that was read and checked.
#[derive(Clone, Debug, Default)]
pub struct ConfigFile {
    pub current_context: Option<String>,
    pub contexts: BTreeMap<String, Section>,
    settings: Section,
}

impl ConfigFile {
    /// Reads the file; `None` when it does not exist.
    pub fn read_if_there(path: &Path) -> Result<Option<ConfigFile>> {
        match std::fs::metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::file("read the configuration", path, &error)),
            Ok(metadata) if metadata.len() > LARGEST_FILE_BYTES => {
                let message = format!("{} has {} bytes, a configuration has at most {LARGEST_FILE_BYTES}", path.display(), metadata.len());
                return Err(Error::new(ErrorKind::BadConfiguration, message));
            }
            Ok(_) => {}
        }
        let text = std::fs::read_to_string(path).map_err(|error| Error::file("read the configuration", path, &error))?;
        ConfigFile::parse(path, &text).map(Some)
    }

    /// Reads the text of a file at `path`; unknown and duplicate keys are errors with their line.
    pub fn parse(path: &Path, text: &str) -> Result<ConfigFile> {
        let at = |line: usize| format!("{}:{line}", path.display());
        let root = yaml::parse(text).map_err(|error| {
            Error::new(ErrorKind::BadConfiguration, format!("{}: this is not a configuration", at(error.line))).because(error.message)
        })?;
        let mut file = ConfigFile::default();
        for (key, node) in &root {
            let line = yaml::line_of(text, &[key]);
            match (key.as_str(), node) {
                ("current_context", Tree::Leaf(Scalar(name))) => file.current_context = Some(name.clone()),
                ("contexts", Tree::Branch(contexts)) => {
                    for (name, context) in contexts {
                        let Tree::Branch(entries) = context else {
                            let line = yaml::line_of(text, &["contexts", name]);
                            return Err(Error::new(
                                ErrorKind::BadConfiguration,
                                format!("{}: context '{name}' holds no settings", at(line)),
                            ));
                        };
                        let mut section = Section::new();
                        for (key, node) in entries {
                            let line = yaml::line_of(text, &["contexts", name, key]);
                            let origin = Origin::Context { name: name.clone(), path: path.to_owned(), line };
                            section.insert(key.clone(), setting(key, node, origin, &at(line))?);
                        }
                        file.contexts.insert(name.clone(), section);
                    }
                }
                _ => {
                    let origin = Origin::File { path: path.to_owned(), line };
                    file.settings.insert(key.clone(), setting(key, node, origin, &at(line))?);
                }
            }
        }
        Ok(file)
    }

    /// The value at the top level.
    pub fn setting(&self, key: &str) -> Option<Setting> {
        self.settings.get(key).cloned()
    }

    /// The value inside a context.
    pub fn context_setting(&self, context: &str, key: &str) -> Option<Setting> {
        self.contexts.get(context)?.get(key).cloned()
    }
}

fn setting(key: &str, node: &Tree, origin: Origin, at: &str) -> Result<Setting> {
    if !SETTINGS.iter().any(|spec| spec.key == key) {
        let error = Error::new(ErrorKind::BadConfiguration, format!("{at}: there is no setting '{key}'"));
        let names = SETTINGS.iter().map(|spec| spec.key).chain(["contexts", "current_context"]);
        return Err(match crate::statistics::similarity::nearest(key, names) {
            Some(name) => error.hint(format!("did you mean '{name}'?")),
            None => error.hint("`hivectl config list` shows every setting"),
        });
    }
    match node {
        Tree::Leaf(Scalar(value)) => Ok(Setting { value: value.clone(), origin }),
        Tree::Branch(_) => Err(Error::new(ErrorKind::BadConfiguration, format!("{at}: '{key}' is one value, not a group"))),
    }
}

/// Where the file of the user stands when nothing else is said.
pub(super) fn default_path(home: &Path) -> PathBuf {
    home.join("config.yaml")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        let error = ConfigFile::parse(Path::new("c.yaml"), text).expect_err("refused");
        format!("{error} | {}", error.hints().join(" "))
    }

    #[test]
    fn unknown_keys_are_refused_with_the_nearest_name() {
        assert_eq!(refusal("registry: a\nwindow_dais: 3\n"), "c.yaml:2: there is no setting 'window_dais' | did you mean 'window_days'?");
        assert!(refusal("contexts:\n  prod:\n    regestry: a\n").starts_with("c.yaml:3: there is no setting 'regestry'"));
    }

    #[test]
    fn duplicate_keys_and_wrong_shapes_are_refused_with_their_line() {
        assert!(refusal("registry: a\nregistry: b\n").contains("registry"), "{}", refusal("registry: a\nregistry: b\n"));
        assert!(refusal("registry:\n  a: b\n").contains("c.yaml:1"));
        assert!(refusal("- a\n- b\n").starts_with("c.yaml:"));
        assert!(refusal("registry: [\n").starts_with("c.yaml:"));
    }
}
