//! The file that a run keeps its record in: made, taken up again, and named in what to type next.

use std::fs::File;
use std::io::ErrorKind as IoKind;
use std::path::{Path, PathBuf};

use crate::base::{CommandLine, commands};
use crate::cli::prompt::command_without;
use crate::error::{Error, ErrorKind, Result};
use crate::runbook::{Transcript, TranscriptPlace};

/// Flags that belong to one record, and not to the command that goes on or begins anew.
const OF_ONE_RECORD: [&str; 3] = ["--transcript", "--resume", "--set"];

/// Makes the file of a new record, which no other run and nobody else may have used. Without a name it is that of the
/// runbook and the time (`stem`), with a number where that exists; a device or pipe may be named, and is left as it is.
///
/// Errors: [`ErrorKind::Conflict`] for a file that exists; a folder that cannot be written.
pub fn make(named: Option<&Path>, stem: &str) -> Result<PathBuf> {
    let Some(file) = named else {
        let numbered = (2..100).map(|number| format!("{stem}-{number}.md"));
        for name in [format!("{stem}.md")].into_iter().chain(numbered) {
            match File::create_new(&name) {
                Err(error) if error.kind() == IoKind::AlreadyExists => {}
                made => return made.map(|_| name.clone().into()).map_err(|error| Error::file("write", Path::new(&name), &error)),
            }
        }
        return Err(exists(Path::new(&format!("{stem}.md"))));
    };
    if file.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return Ok(file.to_owned());
    }
    match File::create_new(file) {
        Ok(_) => Ok(file.to_owned()),
        Err(error) if error.kind() == IoKind::AlreadyExists => Err(exists(file)),
        Err(error) => Err(Error::file("write", file, &error)),
    }
}

/// The refusal to write over a file, with what to type instead.
fn exists(file: &Path) -> Error {
    let error = Error::new(ErrorKind::Conflict, format!("{} exists already", file.display()));
    let record = std::fs::read_to_string(file).ok().and_then(|text| Transcript::from_file(&text));
    let left = |record: &Transcript| {
        let steps = crate::runbook::read(&record.id, crate::runbook::Language::English).map_or(0, |book| book.steps.len());
        steps.saturating_sub(record.done())
    };
    let error = match &record {
        Some(record) if left(record) > 0 => error
            .because(format!(
                "it is the record of the runbook {}, with {} left",
                record.id,
                crate::base::number::counted(left(record), "step")
            ))
            .hint(("go on with it: `", resume_of(record, file), "`")),
        Some(record) => error.because(format!("it is the record of a run of {} that is over", record.id)),
        None => error.because("a record is written over nothing"),
    };
    let beside = (2..100).map(|number| numbered(file, number)).find(|other| !other.exists()).unwrap_or_else(|| numbered(file, 100));
    let again = command_without(&["--transcript"], &["--transcript", &beside.display().to_string()]);
    error.hint(("begin under another name: `", again, "`"))
}

fn numbered(file: &Path, number: usize) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let suffix = file.extension().map(|suffix| format!(".{}", suffix.to_string_lossy())).unwrap_or_default();
    file.with_file_name(format!("{stem}-{number}{suffix}"))
}

/// The command that goes on with this run, with every flag of the present one that it needs.
pub fn resume(file: &Path, more: &[&str]) -> CommandLine {
    let file = file.display().to_string();
    let without: Vec<&str> = OF_ONE_RECORD.iter().copied().chain(more.first().copied().filter(|flag| *flag == "--confirm")).collect();
    command_without(&without, &[&["--resume", &file], more].concat())
}

/// The command that begins this run anew, with the same words in braces.
pub fn anew(transcript: &Transcript) -> CommandLine {
    let set: Vec<String> = transcript.values.iter().map(|(name, value)| format!("{name}={value}")).collect();
    command_without(&OF_ONE_RECORD, &set.iter().flat_map(|pair| ["--set", pair]).collect::<Vec<_>>())
}

/// The command that goes on with a record as it was begun: its runbook, registry and context.
fn resume_of(record: &Transcript, file: &Path) -> CommandLine {
    commands::runbook_resume(&record.id, &record.place.registry, record.place.context.as_deref(), file.display())
}

/// Reads the record of a run of `id` back, which must have been begun at the same place.
///
/// Errors: a file that cannot be read or is no record; [`ErrorKind::Usage`] for a record of another runbook or registry.
pub fn taken_up(id: &str, file: &Path, here: &TranscriptPlace) -> Result<Transcript> {
    let text = std::fs::read_to_string(file).map_err(|error| Error::file("read the record", file, &error))?;
    let Some(record) = Transcript::from_file(&text) else {
        return Err(Error::new(ErrorKind::BadInput, format!("{} is no record of a runbook", file.display())).hint((
            "begin anew: `",
            command_without(&["--resume"], &[]),
            "`",
        )));
    };
    let hint = ("type `", resume_of(&record, file), "`");
    if record.id != id {
        return Err(Error::new(ErrorKind::Usage, format!("{} is the record of the runbook {}", file.display(), record.id)).hint(hint));
    }
    if record.place.registry != here.registry {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("{} is the record of a run on the registry {}", file.display(), record.place.registry),
        )
        .because(format!("this command would go on with the registry {}", here.registry))
        .hint(hint));
    }
    Ok(record)
}
