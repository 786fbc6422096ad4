//! The YAML configuration file: settings for every context, and named contexts.

use std::collections::BTreeMap;
use std::path::Path;

use super::origin::Origin;
use super::permissions::ordinary;
use super::secret::SecretSource;
use super::setting::Setting;
use super::table::{SETTINGS, SettingSpec, ValueType, parse_bool};
use crate::base::commands;
use crate::base::yaml::{self, YamlNode, YamlScalar};
use crate::error::{Error, ErrorKind, Result};

/// Larger than any configuration a person writes; keeps a mistaken path from being read whole.
const LARGEST_FILE_BYTES: u64 = 1 << 20;

type Section = BTreeMap<String, Setting>;

/// A configuration file that was read and checked.
#[derive(Clone, Debug, Default)]
pub struct ConfigFile {
    /// The name of the context in force, and where that stands.
    pub current_context: Option<Setting>,
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
                let message = format!(
                    "{}:1: the file has {} bytes, a configuration has at most {LARGEST_FILE_BYTES}",
                    path.display(),
                    metadata.len()
                );
                return Err(Error::new(ErrorKind::BadConfiguration, message).hint((
                    "`",
                    commands::config_path(),
                    "` shows which files are read",
                )));
            }
            Ok(_) => {}
        }
        ordinary(path, "the configuration")?;
        let bytes = std::fs::read(path).map_err(|error| Error::file("read the configuration", path, &error))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
            Error::new(ErrorKind::BadConfiguration, format!("{}:{line}: this is not UTF-8 text", path.display()))
        })?;
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
                ("current_context", YamlNode::Leaf(YamlScalar(name))) if name.trim().is_empty() => {
                    return Err(Error::new(ErrorKind::BadConfiguration, format!("{}: current_context names no context", at(line))).hint((
                        "choose one: `",
                        commands::config_use("NAME"),
                        "`; `",
                        commands::config_contexts(),
                        "` lists them",
                    )));
                }
                ("current_context", YamlNode::Leaf(YamlScalar(name))) => {
                    file.current_context = Some(Setting::plain(name, Origin::File { path: path.to_owned(), line }));
                }
                ("contexts", YamlNode::Branch(contexts)) => {
                    for (name, context) in contexts {
                        let YamlNode::Branch(entries) = context else {
                            let line = yaml::line_of(text, &["contexts", name]);
                            return Err(Error::new(
                                ErrorKind::BadConfiguration,
                                format!("{}: context '{name}' holds no settings", at(line)),
                            ));
                        };
                        let mut section = Section::new();
                        for (key, node) in entries {
                            let line = yaml::line_of(text, &["contexts", name, key]);
                            if ["context", "contexts", "current_context", "extends"].contains(&key.as_str()) {
                                return Err(points_at_a_context(name, key, node, &at(line)));
                            }
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

    /// What stands at `path` (a key, or `contexts`, a name and a key), as it may be shown; a whole context by its
    /// number of settings.
    pub fn shown(&self, path: &[&str]) -> Option<String> {
        match path {
            ["current_context"] => self.current_context.as_ref().map(|name| name.value.clone()),
            ["contexts", context] => self.contexts.get(*context).map(|section| format!("{} settings", section.len())),
            ["contexts", context, key] => self.contexts.get(*context)?.get(*key).map(Setting::shown),
            [key] => self.settings.get(*key).map(Setting::shown),
            _ => None,
        }
    }

    /// The setting by which this file protects the context (`None`: no context in force); `None` where it does not.
    pub fn protecting(&self, context: Option<&str>) -> Option<&Setting> {
        let of_context = context.and_then(|name| self.contexts.get(name)).and_then(|section| section.get("protected"));
        of_context.or_else(|| self.settings.get("protected")).filter(|setting| parse_bool(&setting.value) == Some(true))
    }

    /// The value inside a context.
    pub fn context_setting(&self, context: &str, key: &str) -> Option<Setting> {
        self.contexts.get(context)?.get(key).cloned()
    }
}

/// Contexts do not build on each other, so nobody has to follow a chain to know what is in force.
fn points_at_a_context(name: &str, key: &str, node: &YamlNode, at: &str) -> Error {
    let target = match node {
        YamlNode::Leaf(YamlScalar(target)) if target == name => format!("context '{name}' points at itself"),
        YamlNode::Leaf(YamlScalar(target)) => format!("context '{name}' points at '{target}'"),
        YamlNode::Branch(_) => format!("context '{name}' holds contexts"),
    };
    Error::new(ErrorKind::BadConfiguration, format!("{at}: {target} with '{key}', and a context holds settings alone"))
        .hint("write its settings out; what all contexts share stands at the top of the file")
}

fn setting(key: &str, node: &YamlNode, origin: Origin, at: &str) -> Result<Setting> {
    let Some(spec) = SETTINGS.iter().find(|spec| spec.key == key) else {
        let error = Error::new(ErrorKind::BadConfiguration, format!("{at}: there is no setting '{key}'"));
        let names = SETTINGS.iter().map(|spec| spec.key).chain(["contexts", "current_context"]);
        return Err(match crate::base::similarity::nearest(key, names) {
            Some(name) => error.hint(format!("did you mean '{name}'?")),
            None => error.hint(("`", commands::config_list(), "` shows every setting")),
        });
    };
    match node {
        YamlNode::Leaf(YamlScalar(value)) => leaf(spec, value, origin, at),
        YamlNode::Branch(entries) => secret(spec, entries, origin, at),
    }
}

fn leaf(spec: &SettingSpec, value: &str, origin: Origin, at: &str) -> Result<Setting> {
    let key = spec.key;
    let setting = Setting::plain(value, origin);
    setting.check(spec)?;
    if spec.value_type == ValueType::Place && setting.shown() != setting.value {
        return Err(Error::new(ErrorKind::BadConfiguration, format!("{at}: {key} holds a secret in plain text"))
            .because("files of settings are copied, shown and kept in repositories")
            .hint(format!("keep it elsewhere and write `{key}: {{file: PATH}}`, `{{command: COMMAND}}` or `{{env: NAME}}`")));
    }
    Ok(setting)
}

fn secret(spec: &SettingSpec, entries: &[(String, YamlNode)], origin: Origin, at: &str) -> Result<Setting> {
    let refused = |why: String| Err(Error::new(ErrorKind::BadConfiguration, format!("{at}: {why}")));
    if spec.value_type != ValueType::Place {
        return refused(format!("'{}' is one value, not a group", spec.key));
    }
    let [(word, YamlNode::Leaf(YamlScalar(value)))] = entries else {
        return refused(format!(
            "a secret is one of {{file: PATH}}, {{command: COMMAND}} and {{env: NAME}}, and '{}' is another group",
            spec.key
        ));
    };
    match SecretSource::parse(word, value) {
        Some(source) => Ok(Setting { value: source.shown(), origin, secret: Some(source) }),
        None => refused(format!("'{word}' is no place for the secret '{}'; the places are file, command and env", spec.key)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        let error = ConfigFile::parse(Path::new("c.yaml"), text).expect_err("refused");
        format!("{error} | {}", error.hints().iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
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
        assert!(refusal("window_days: many\n").starts_with("c.yaml:1: window_days is 'many', expected a number"));
        assert!(refusal("contexts:\n  a:\n    extends: a\n").starts_with("c.yaml:3: context 'a' points at itself"));
    }

    #[test]
    fn a_secret_is_named_by_its_place_alone() {
        let file = ConfigFile::parse(Path::new("c.yaml"), "tickets: {env: TICKETS_URI}\n").expect("a good file");
        let setting = file.setting("tickets").expect("set");
        assert_eq!((setting.value.as_str(), setting.secret.is_some()), ("{env: TICKETS_URI}", true));
        assert!(refusal("tickets: mongodb://u:canary@h\n").starts_with("c.yaml:1: tickets holds a secret in plain text"));
        assert!(!refusal("tickets: mongodb://u:canary@h\n").contains("canary"));
        assert!(refusal("tickets: {plain: canary}\n").contains("'plain' is no place"));
        assert!(refusal("window_days: {env: X}\n").contains("one value"));
    }
}
