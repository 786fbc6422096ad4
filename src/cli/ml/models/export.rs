//! `hivectl ml models export` and `import`.

use std::path::PathBuf;

use clap::Args;

use crate::api::transfer::{ExportRequest, ImportRequest};
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::ModelRef;

/// Write a version into one file
///
/// The file holds manifest, artifacts, metrics, history and digests; import verifies it. With
/// --production every version in Production, each into a file of its own: the monthly backup. Changes
/// nothing in the registry.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Version to export: NAME@7, NAME@latest or NAME#production
    #[arg(required_unless_present = "production", add = complete::references())]
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
    #[arg(add = complete::files(&["hivectl-model"]))]
    pub file: PathBuf,

    /// Another name to register under
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Show what would be registered and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl VerbArgs for ExportArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models export",
        examples: &[
            ("One version into one file", "hivectl ml models export ticket-duration-predictor@1 model.hivectl-model"),
            ("The monthly backup", "hivectl ml models export --production --out backup"),
            ("What is in Production", "hivectl ml models export ticket-anomaly-detector#production a.hivectl-model"),
        ],
        exit_codes: &[4, 9, 10, 11, 13],
        changes: "Nothing in the registry; it writes the files that it names.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = match (&self.reference, &self.file, &self.out) {
            (Some(reference), Some(file), _) => ExportRequest::Version { reference: reference.clone(), file: file.clone() },
            (_, _, Some(folder)) => ExportRequest::Production { folder: folder.clone() },
            _ => return Err(Error::new(ErrorKind::Usage, "name a version and a file, or --production --out DIR")),
        };
        session.answer(&request)
    }
}

impl VerbArgs for ImportArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models import",
        examples: &[
            ("Register an exported version", "hivectl ml models import model.hivectl-model"),
            ("Under another name", "hivectl ml models import model.hivectl-model --name trial"),
            ("Into another registry", "hivectl ml models import model.hivectl-model --registry other.db"),
        ],
        exit_codes: &[4, 7, 9, 10, 11],
        changes: "Adds a version in no stage. With --dry-run nothing.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&ImportRequest { file: self.file.clone(), name: self.name.clone(), dry_run: self.dry_run })
    }
}
