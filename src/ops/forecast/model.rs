//! The model that a forecast is asked of: what was trained here, or made by Prophet.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::formats::{ProphetFile, package};
use crate::kinds::{SERIES_PATH, SeriesModel};
use crate::lifecycle::ModelRef;
use crate::ops::load;
use crate::ops::resolve::resolve;
use crate::ops::workspace::{Intent, Workspace};

/// A longer file is no model; ten years of five-minute rows of Prophet's have some hundred megabytes.
const MOST_BYTES: u64 = 512 << 20;

/// A model, with what it is called.
pub enum Named {
    Prophet(String, Box<ProphetFile>),
    Trained(String, Box<SeriesModel>),
}

/// A file, the folder of a package, or a version of the registry.
///
/// Errors: those of finding and reading it; [`ErrorKind::BadModelFile`] for what forecasts nothing.
pub fn find(workspace: &Workspace<'_>, reference: &str) -> Result<Named> {
    let path = Path::new(reference);
    let prophet = |label: &str, bytes: &[u8]| Ok(Named::Prophet(label.to_owned(), Box::new(ProphetFile::read(label, bytes)?)));
    if path.is_dir() {
        let trained = path.join(SERIES_PATH);
        if trained.is_file() {
            return Ok(Named::Trained(reference.to_owned(), Box::new(SeriesModel::from_bytes(reference, &read(&trained)?)?)));
        }
        let named = package::prophet_of(&read(&path.join("MLmodel"))?)?.ok_or_else(|| other(reference))?;
        return prophet(reference, &read(&path.join(named))?);
    }
    if path.is_file() {
        return prophet(reference, &read(path)?);
    }
    let reference: ModelRef = reference.parse()?;
    let settings = workspace.settings(&workspace.flags())?;
    let registry = workspace.registry(&settings, Intent::Load)?;
    let found = resolve(registry.store(), workspace.kinds(), &reference)?.version;
    let label = format!("{}@{}", found.name, found.version);
    if let Some(model) = load::series(registry.store(), &found)? {
        return Ok(Named::Trained(label, Box::new(model)));
    }
    prophet(&label, &load::prophet(registry.store(), &found)?.ok_or_else(|| other(&label))?)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let length = std::fs::metadata(path).map_err(|source| Error::file("read", path, &source))?.len();
    if length > MOST_BYTES {
        let message = format!("{} has {length} bytes, at most {MOST_BYTES} are read", path.display());
        return Err(Error::new(ErrorKind::BadModelFile, message));
    }
    std::fs::read(path).map_err(|source| Error::file("read", path, &source))
}

fn other(label: &str) -> Error {
    Error::new(ErrorKind::BadModelFile, format!("{label} is neither a forecaster that was trained here nor a model of Prophet's"))
        .hint("leave out `--model` to have one chosen for your tickets")
}
