//! `hivectl ml models export` and `import`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::prompt;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{ModelRef, ModelVersion, Stage, check_name};
use crate::ops::change;
use crate::registry::bundle::Bundle;
use crate::registry::{Changes, transfer, write_whole};

/// Write a version into one file
///
/// The file holds manifest, artifacts, metrics, history and digests; import verifies it. With
/// --production every version in Production, each into a file of its own: the monthly backup. Changes
/// nothing in the registry.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Version to export: NAME@7, NAME@latest or NAME#production
    #[arg(required_unless_present = "production")]
    pub reference: Option<ModelRef>,

    /// File to write
    #[arg(required_unless_present = "production")]
    pub file: Option<PathBuf>,

    /// Export every version in Production
    #[arg(long, requires = "out", conflicts_with_all = ["reference", "file"])]
    pub production: bool,

    /// Folder for the files of --production
    #[arg(long, value_name = "DIR", requires = "production")]
    pub out: Option<PathBuf>,
}

/// Register an exported version
///
/// Every byte is verified before anything is registered. The version gets a new number, in no stage; the
/// same export again finds the version that is there.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// File that export wrote
    pub file: PathBuf,

    /// Another name to register under
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

impl ExportArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let settings = session.settings(&session.flags())?;
        let registry = session.registry_to_change(&settings)?;
        let mut written = Vec::new();
        match (&self.reference, &self.file, &self.out) {
            (Some(reference), Some(file), _) => {
                let version = change::version_to_change(registry.as_ref(), reference)?;
                written.push(export(registry.as_ref(), version, file)?);
            }
            (_, _, Some(folder)) => {
                std::fs::create_dir_all(folder).map_err(|error| Error::file("make the folder", folder, &error))?;
                let mut failures = Vec::new();
                for version in registry.list()?.into_iter().filter_map(|model| model.production) {
                    let file = folder.join(format!("{}@{}.hivectl-model", version.name, version.version));
                    match export(registry.as_ref(), version, &file) {
                        Ok(done) => written.push(done),
                        Err(error) => failures.push(error),
                    }
                }
                if let Some(failed) = some_failed(&written, failures) {
                    return Err(failed);
                }
                if written.is_empty() {
                    return Err(Error::new(
                        ErrorKind::ModelNotFound,
                        "no model has a version in Production, so there is nothing to export",
                    )
                    .hint("`hivectl ml models list` shows what there is"));
                }
            }
            _ => return Err(Error::new(ErrorKind::Usage, "name a version and a file, or --production --out DIR")),
        }
        Ok(view::change::exported(&written))
    }
}

/// A model that cannot be saved must not keep the others from it; alone it is the failure.
fn some_failed(written: &[(ModelVersion, PathBuf, u64)], mut failures: Vec<Error>) -> Option<Error> {
    if written.is_empty() {
        return failures.pop();
    }
    let total = written.len() + failures.len();
    let error = Error::new(ErrorKind::PartlyDone, format!("{} of {total} models were exported", written.len()));
    let hint = "`hivectl ml models verify` tells what is wrong with the others";
    (!failures.is_empty()).then(|| failures.into_iter().fold(error, Error::because).hint(hint))
}

fn export(registry: &dyn Changes, version: ModelVersion, file: &Path) -> Result<(ModelVersion, PathBuf, u64)> {
    let bytes = transfer::export(registry, &version)?.to_bytes()?;
    write_whole(file, &bytes)?;
    Ok((version, file.to_owned(), bytes.len() as u64))
}

/// The bytes of an export.
fn read_export(path: &Path) -> Result<Vec<u8>> {
    let shown = path.display();
    if path.is_dir() {
        return Err(Error::new(ErrorKind::BadInput, format!("{shown} is a folder, and an export is one file"))
            .because("`hivectl ml models export` writes it")
            .hint(format!("a folder with an MLmodel is taken in by `hivectl ml models register {shown} --name NAME`")));
    }
    std::fs::read(path).map_err(|error| {
        Error::file("read the export", path, &error).hint(format!("an export is made by `hivectl ml models export NAME@VERSION {shown}`"))
    })
}

impl ImportArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        if let Some(name) = &self.name {
            check_name(name).map_err(|why| Error::new(ErrorKind::Usage, format!("'{name}' cannot be a model's name: {why}")))?;
        }
        let bytes = read_export(&self.file)?;
        let bundle = Bundle::from_bytes(&self.file.display().to_string(), &bytes)?;
        let served = bundle.manifest.stage == Stage::Production;
        let settings = session.settings(&session.flags())?;
        let name = self.name.as_deref().unwrap_or(&bundle.manifest.name);
        prompt::where_protected(session, &settings, name, &format!("import {} as a version of {name}", self.file.display()))?;
        let mut registry = session.registry_to_take_in(&settings)?;
        let (version, is_new) = transfer::import(registry.as_mut(), bundle, self.name.as_deref())?;
        let mut report = view::change::taken_in("hivectl.ml.models.import/v1", &version, is_new);
        if served {
            report.next.push(format!("to put it into Production: hivectl ml models promote {}@{}", version.name, version.version));
        }
        Ok(report)
    }
}
