//! Changing the files of settings: one line at a time, as a whole or not at all.

use std::path::PathBuf;

use crate::config::{ConfigFile, SettingSpec, edit, files};
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
    /// The context whose name has to be typed first.
    pub protected_context: Option<String>,
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
    let there = ConfigFile::read_if_there(&file.path)?;
    let old = match &there {
        Some(_) => std::fs::read_to_string(&file.path).map_err(|error| Error::file("read the configuration", &file.path, &error))?,
        None => String::new(),
    };
    let new = edit::changed(&name, &old, path, value)?;
    let then = ConfigFile::parse(&file.path, &new)?;
    let there = there.unwrap_or_default();
    let protected_context = match path {
        ["contexts", context, ..] => there.is_protected(context).then(|| (*context).to_owned()),
        _ => None,
    };
    Ok(Change { key: path.join("."), before: there.shown(path), after: then.shown(path), protected_context, file: file.path, old, new })
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

/// The contexts of all files, by name.
///
/// Errors: a file that cannot be read.
pub fn contexts() -> Result<Vec<String>> {
    let mut names = std::collections::BTreeSet::new();
    for file in files()? {
        if let Some(file) = ConfigFile::read_if_there(&file.path)? {
            names.extend(file.contexts.into_keys());
        }
    }
    Ok(names.into_iter().collect())
}
