//! Changing the files of settings: one line at a time, as a whole or not at all.

use std::path::{Path, PathBuf};

use crate::config::{ConfigFile, SettingSpec, edit, files, layers, protecting, weakened};
use crate::error::{Error, ErrorKind, Result};
use crate::registry::write_whole;

/// A change that is worked out and not written.
pub struct Change {
    file: PathBuf,
    key: String,
    /// The text that is there, which must be there still when the new one is written.
    old: String,
    new: String,
    before: Option<String>,
    after: Option<String>,
    /// What has to be confirmed first.
    pub guard: Option<Guard>,
}

/// The protection that a change touches or takes away.
pub struct Guard {
    /// The protected context; `None` where the top level protects what is done without a context.
    pub context: Option<String>,
    /// The place that protects it.
    pub protected_by: String,
}

impl Guard {
    /// The word to type: the context's name.
    pub fn name(&self) -> &str {
        self.context.as_deref().unwrap_or("protected")
    }
}

/// What became of it.
pub struct Changed {
    pub file: PathBuf,
    /// `KEY`, or `contexts.NAME.KEY`.
    pub key: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub changed: bool,
}

/// Works out the change of `path` (a key, or `contexts`, a name and a key) in the user's or the project's file.
///
/// Errors: [`ErrorKind::BadConfiguration`] for a file that is wrong, would become wrong, or is written in a way that
/// is not changed by lines; [`ErrorKind::Usage`] for a value of the wrong form.
pub fn prepare(project: bool, path: &[&str], value: Option<&str>) -> Result<Change> {
    let [of_project, of_user] = files()?;
    let file = if project { of_project } else { of_user };
    let name = file.path.display().to_string();
    if let (Some(value), Some(key)) = (value, path.last()) {
        fits(key, value)?;
    }
    let [project_layer, user_layer] = layers()?;
    let there = if project { &project_layer } else { &user_layer };
    if let (["contexts", context, ..], Some(_)) = (path, value)
        && !there.as_ref().is_some_and(|file| file.contexts.contains_key(*context))
    {
        check_context_name(context)?;
    }
    let old = match there {
        Some(_) => std::fs::read_to_string(&file.path).map_err(|error| Error::file("read the configuration", &file.path, &error))?,
        None => String::new(),
    };
    let new = edit::changed(&name, &old, path, value)?;
    let then = ConfigFile::parse(&file.path, &new)?;
    let before: Vec<&ConfigFile> = [&project_layer, &user_layer].into_iter().flatten().collect();
    let other = if project { &user_layer } else { &project_layer };
    let after: Vec<&ConfigFile> = match project {
        true => [Some(&then), other.as_ref()].into_iter().flatten().collect(),
        false => [other.as_ref(), Some(&then)].into_iter().flatten().collect(),
    };
    let guard = guard(path, &before, &after);
    let shown = |file: Option<&ConfigFile>| file.and_then(|file| file.shown(path));
    Ok(Change { key: path.join("."), before: shown(there.as_ref()), after: shown(Some(&then)), guard, file: file.path, old, new })
}

/// What has to be confirmed before the change: every one inside a protected context, in whichever file, and elsewhere one
/// that takes a context's protection or gives it another registry.
fn guard(path: &[&str], before: &[&ConfigFile], after: &[&ConfigFile]) -> Option<Guard> {
    let inside = match path {
        ["contexts", context, ..] => Some(Some((*context).to_owned())),
        _ => None,
    };
    inside.into_iter().chain(weakened(before, after)).find_map(|context| {
        let protected_by = protecting(before, context.as_deref())?.origin.to_string();
        Some(Guard { context, protected_by })
    })
}

/// A new context has a name that can be typed, and that stands in a file without quotation marks.
fn check_context_name(name: &str) -> Result<()> {
    let plain = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    match name.chars().next().is_some_and(char::is_alphanumeric) && name.chars().all(plain) {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::Usage, format!("'{name}' cannot be a context's name"))
            .because("a name begins with a letter or a digit and goes on with those, -, _ and .")
            .hint("for example: `hivectl config set registry PLACE --context prod`")),
    }
}

/// A value typed at the command line has the form of its setting.
fn fits(key: &str, value: &str) -> Result<()> {
    let Ok(spec) = SettingSpec::named(key) else { return Ok(()) };
    match spec.form.fits(value) {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::Usage, format!("'{value}' is no value of {key}, expected {}", spec.form.expected()))
            .hint(format!("{key} is {}", spec.about))),
    }
}

impl Change {
    /// Whether anything would change.
    pub fn differs(&self) -> bool {
        self.old != self.new
    }

    /// The key, its file, and its values before and after.
    pub fn described(&self) -> String {
        described(&self.key, &self.file, self.before.as_deref(), self.after.as_deref())
    }

    /// The change as it would be.
    pub fn planned(self) -> Changed {
        Changed { changed: self.differs(), file: self.file, key: self.key, before: self.before, after: self.after }
    }

    /// Writes the file, for its owner alone where it is new.
    ///
    /// Errors: [`ErrorKind::Conflict`] when the file is another one by now; those of writing.
    pub fn write(self) -> Result<Changed> {
        if self.differs() {
            let now = std::fs::read_to_string(&self.file).unwrap_or_default();
            if now != self.old {
                return Err(Error::new(ErrorKind::Conflict, format!("{} was changed meanwhile; nothing was written", self.file.display())));
            }
            if let Some(folder) = self.file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder).map_err(|error| {
                    Error::file("make the folder", folder, &error).hint("set HIVECTL_HOME to a folder that hivectl may use")
                })?;
            }
            write_whole(&self.file, self.new.as_bytes())?;
        }
        Ok(self.planned())
    }
}

impl Changed {
    /// The key, its file, and its values before and after.
    pub fn described(&self) -> String {
        described(&self.key, &self.file, self.before.as_deref(), self.after.as_deref())
    }
}

fn described(key: &str, file: &Path, before: Option<&str>, after: Option<&str>) -> String {
    format!("{key} in {}: {} → {}", file.display(), before.unwrap_or("not set"), after.unwrap_or("not set"))
}

/// The contexts of all files, by name.
///
/// Errors: a file that cannot be read.
pub fn contexts() -> Result<Vec<String>> {
    let names: std::collections::BTreeSet<String> = layers()?.into_iter().flatten().flat_map(|file| file.contexts.into_keys()).collect();
    Ok(names.into_iter().collect())
}
