//! Tuning: tries settings on folds of the training tickets until trials or minutes run out.
//!
//! Trials are kept in a file as they end, under a digest of everything that they depend on; the same command
//! on the same tickets goes on where an earlier one was interrupted.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::Progress;
use super::train::{Frames, TrainingSettings};
use crate::base::RunningDigest;
use crate::base::number::counted;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::tuning::{Candidate, Search, Trial, chosen, folds, is_hopeless};
use crate::kinds::{Kind, TrainingContext, TrainingData};

/// How long tuning may go on.
#[derive(Clone, Debug)]
pub(super) struct TuningSettings {
    pub trials: usize,
    pub minutes: f64,
    /// Folder for the trials; `None` keeps nothing.
    pub folder: Option<PathBuf>,
}

/// What tuning found.
#[derive(Clone, Debug)]
pub(super) struct TuningOutcome {
    /// In the order they were made, at least one.
    pub trials: Vec<Trial>,
    /// Place in `trials` of the chosen one.
    pub chosen: usize,
    /// How many of them an earlier run had made.
    pub resumed: usize,
    /// The time was up before all trials were made.
    pub out_of_time: bool,
}

impl TuningOutcome {
    /// The trial whose settings are used.
    pub(super) fn chosen(&self) -> &Trial {
        &self.trials[self.chosen]
    }
}

/// Tries settings for `kind`; at least the one that was asked for, whatever the time.
///
/// Errors: [`ErrorKind::NotEnoughData`] when the training tickets cannot be divided into folds; those of
/// learning and of writing the trials.
pub(super) fn run(
    tuning: &TuningSettings,
    request: &TrainingSettings,
    kind: &Kind,
    data: &TrainingData,
    frames: &mut Frames,
    progress: &dyn Progress,
) -> Result<TuningOutcome> {
    let search = search(request, kind)?;
    let mut kept = TrialLog::open(tuning, request, kind, data)?;
    let mut trials = kept.trials(&search)?;
    let resumed = trials.len();
    let started = Instant::now();
    progress.begin(&format!("tuning the {} model", kind.word()), Some(tuning.trials.max(1) as u64));
    progress.advance_to(resumed as u64);
    let mut out_of_time = false;
    while trials.len() < tuning.trials.max(1) {
        out_of_time = !trials.is_empty() && started.elapsed().as_secs_f64() > tuning.minutes * 60.0;
        if out_of_time {
            break;
        }
        let number = trials.len() + 1;
        let candidate = search.propose(number, &trials);
        let trial = attempt(request, kind, data, frames, number, candidate, &trials)?;
        kept.add(&trial)?;
        trials.push(trial);
        progress.advance_to(trials.len() as u64);
    }
    let chosen = chosen(&trials).map_or(1, |trial| trial.number) - 1;
    progress.finish(&format!(
        "tuned the {} model in {}; the one used is number {}",
        kind.word(),
        counted(trials.len(), "trial"),
        chosen + 1
    ));
    Ok(TuningOutcome { trials, chosen, resumed, out_of_time })
}

fn search(request: &TrainingSettings, kind: &Kind) -> Result<Search> {
    let search = kind.search(&request.fit, request.fixed, request.seed);
    search
        .ok_or_else(|| Error::new(ErrorKind::Usage, format!("{} models have no settings to tune", kind.word())).hint("leave out `--tune`"))
}

fn attempt(
    request: &TrainingSettings,
    kind: &Kind,
    data: &TrainingData,
    frames: &mut Frames,
    number: usize,
    candidate: Candidate,
    trials: &[Trial],
) -> Result<Trial> {
    let started = Instant::now();
    let frame = frames.get(data, kind.schema(&request.fit.with(&candidate))?)?;
    let positions = &data.split.train;
    let folds = folds(positions.len());
    if folds.is_empty() {
        let message = format!("{} cannot be divided into earlier and later ones", counted(positions.len(), "training ticket"));
        return Err(Error::new(ErrorKind::NotEnoughData, message).hint("leave out `--tune`, or read more tickets with `--window-days`"));
    }
    let context = TrainingContext { threads: request.threads, seed: request.seed, progress: &|_| () };
    let mut measured = Vec::new();
    for (teach, judge) in &folds {
        let parts = [&positions[teach.clone()], &positions[judge.clone()]];
        let value = kind.trial(&candidate, data, &frame, parts, &context)?;
        measured.push(value);
        if measured.len() == 1 && is_hopeless(&candidate, value, trials) {
            break;
        }
    }
    let score = Trial::score_of(&candidate, &measured, folds.len());
    Ok(Trial { number, candidate, folds: measured, score, seconds: started.elapsed().as_secs_f64() })
}

/// The file of the trials.
struct TrialLog(Option<PathBuf>);

impl TrialLog {
    fn open(tuning: &TuningSettings, request: &TrainingSettings, kind: &Kind, data: &TrainingData) -> Result<TrialLog> {
        let Some(folder) = &tuning.folder else { return Ok(TrialLog(None)) };
        std::fs::create_dir_all(folder).map_err(|error| Error::file("make the folder", folder, &error))?;
        Ok(TrialLog(Some(folder.join(format!("{}-{}.jsonl", kind.word(), digest(request, kind, data)?)))))
    }

    /// The trials of an earlier run, as far as they follow the sequence of this search; a half-written last
    /// line is no trial.
    fn trials(&self, search: &Search) -> Result<Vec<Trial>> {
        let Some(path) = &self.0 else { return Ok(Vec::new()) };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::file("read the trials", path, &error)),
        };
        let mut trials: Vec<Trial> = Vec::new();
        for line in text.lines() {
            match serde_json::from_str::<Trial>(line) {
                Ok(trial) if trial.number == trials.len() + 1 && trial.candidate == search.propose(trial.number, &trials) => {
                    trials.push(trial)
                }
                _ => break,
            }
        }
        self.rewrite(path, &trials)?;
        Ok(trials)
    }

    /// Leaves whole trials alone in the file, so that the next one begins on its own line.
    fn rewrite(&self, path: &Path, trials: &[Trial]) -> Result<()> {
        let mut text = Vec::new();
        for trial in trials {
            text.extend(line(trial)?);
        }
        crate::base::write_whole(path, &text)
    }

    fn add(&mut self, trial: &Trial) -> Result<()> {
        let Some(path) = &self.0 else { return Ok(()) };
        let refused = |error: std::io::Error| Error::file("keep the trial in", path, &error);
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).map_err(refused)?;
        file.write_all(&line(trial)?).and_then(|()| file.sync_data()).map_err(refused)
    }
}

fn line(trial: &Trial) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(trial).map_err(|error| Error::new(ErrorKind::Internal, "cannot write a trial").because(error))?;
    line.push(b'\n');
    Ok(line)
}

/// What trials depend on beside the candidate: the tickets, which of them judge, the seed and the features.
fn digest(request: &TrainingSettings, kind: &Kind, data: &TrainingData) -> Result<String> {
    let mut hash = RunningDigest::default();
    hash.update(format!("{} {} {:?} {:?}", env!("CARGO_PKG_VERSION"), request.seed, request.fields, search(request, kind)?).as_bytes());
    hash.update(kind.schema(&request.fit)?.fingerprint().as_bytes());
    for &position in &data.split.train {
        let encoded = &data.timeline.tickets()[data.rows[position as usize] as usize];
        hash.update(&encoded.created_at.to_le_bytes());
        hash.update(&encoded.duration_ms.to_le_bytes());
    }
    Ok(hash.hex()[..16].to_owned())
}
