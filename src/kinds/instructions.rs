//! What training was told about tickets: it travels with the model, because prediction and judging need it again.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::ticket::{FieldPaths, LabelRule, LabelWanted, TicketStatus, ZeroDurations};

/// What training was told about tickets.
///
/// ```
/// use hivectl::kinds::Instructions;
/// use hivectl::ticket::{FieldPaths, LabelRule};
/// let told = Instructions::of("extended", &FieldPaths::default(), &LabelRule::default());
/// assert_eq!(told.requester_field.as_deref(), Some("metadata.requested_by"));
/// assert_eq!(told.label_rule().expect("words that are known"), LabelRule::default());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instructions {
    /// Name of the table of features.
    pub features: String,
    /// Dotted paths into a ticket; `None` where there is no such field.
    pub requester_field: Option<String>,
    pub executable_field: Option<String>,
    pub size_field: Option<String>,
    /// `actual`, `derived` or `auto`.
    pub label: String,
    /// Statuses whose tickets teach, as words.
    pub status: Vec<String>,
    /// Whether tickets that took no time teach: `keep` or `drop`.
    #[serde(default = "dropped", skip_serializing_if = "is_dropped")]
    pub zero_durations: String,
}

fn dropped() -> String {
    ZeroDurations::Drop.to_string()
}

fn is_dropped(word: &String) -> bool {
    *word == dropped()
}

/// What was typed on top of a model's own instructions: flags alone, never a setting from a file or the environment.
///
/// ```
/// use hivectl::kinds::TypedInstructions;
/// assert_eq!(TypedInstructions::default().label, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedInstructions {
    pub requester_field: Option<String>,
    pub executable_field: Option<String>,
    pub size_field: Option<String>,
    pub label: Option<LabelWanted>,
    pub status: Option<Vec<TicketStatus>>,
    pub zero_durations: Option<ZeroDurations>,
}

/// What holds for a model's tickets.
///
/// ```
/// use hivectl::kinds::{Instructions, TypedInstructions};
/// let recorded = Instructions::of("reference", &Default::default(), &Default::default());
/// assert!(recorded.settle("m@1", &TypedInstructions::default(), false).expect("nothing typed").notes.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    pub fields: FieldPaths,
    pub labels: LabelRule,
    /// What was typed and is not what the model was trained with, for the one who typed it.
    pub notes: Vec<String>,
}

/// The line about a model that does not record what it was told.
fn not_recorded(model: &str) -> String {
    format!("{model} does not record the fields, statuses and labels it was trained with; flags and settings hold")
}

/// What holds for the tickets of `model`: its own word where it has one, else what was asked for. `recorded` is `None` for a
/// model of another tool, which records nothing, and that is no news; `Some(None)` for one of hivectl 0.1.
///
/// Errors: those of [`Instructions::settle`].
pub fn settle(
    recorded: Option<Option<&Instructions>>,
    model: &str,
    (labels, typed): (&LabelRule, &TypedInstructions),
    labels_may_differ: bool,
) -> Result<(Option<FieldPaths>, LabelRule, Vec<String>)> {
    match recorded {
        Some(Some(instructions)) => {
            let Settled { fields, labels, notes } = instructions.settle(model, typed, labels_may_differ)?;
            Ok((Some(fields), labels, notes))
        }
        Some(None) => Ok((None, labels.clone(), vec![not_recorded(model)])),
        None => Ok((None, labels.clone(), Vec::new())),
    }
}

fn words(statuses: &[TicketStatus]) -> String {
    statuses.iter().map(|status| status.as_str()).collect::<Vec<_>>().join(",")
}

/// The flag, what was typed, and what `model` was trained with.
fn contradiction(flag: &str, typed: &str, model: &str, recorded: &str) -> String {
    format!("{flag} is {typed}, and {model} was trained with {recorded}")
}

impl Instructions {
    /// What is to be recorded.
    pub fn of(features: &str, fields: &FieldPaths, labels: &LabelRule) -> Instructions {
        let path = |path: &Option<crate::ticket::FieldPath>| path.as_ref().map(|path| path.as_str().to_owned());
        Instructions {
            features: features.to_owned(),
            requester_field: path(&fields.requester),
            executable_field: path(&fields.executable),
            size_field: path(&fields.size),
            label: labels.wanted.to_string(),
            status: labels.statuses.iter().map(|status| status.to_string()).collect(),
            zero_durations: labels.zero_durations.to_string(),
        }
    }

    /// Where the fields stand.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] for a path that is none.
    pub fn fields(&self) -> Result<FieldPaths> {
        FieldPaths::new(self.requester_field.as_deref(), self.executable_field.as_deref(), self.size_field.as_deref())
            .map_err(|error| Error::new(ErrorKind::BadModelFile, "the model's card names a field that is none").because(error))
    }

    /// Which tickets have an outcome.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] for a word that is none.
    pub fn label_rule(&self) -> Result<LabelRule> {
        let bad =
            |word: &str| Error::new(ErrorKind::BadModelFile, format!("the model's card says '{word}' of labels, which is no such word"));
        let status = |word: &String| match TicketStatus::from(word.as_str()) {
            TicketStatus::Unknown => Err(bad(word)),
            status => Ok(status),
        };
        Ok(LabelRule {
            wanted: self.label.parse().map_err(|_| bad(&self.label))?,
            statuses: self.status.iter().map(status).collect::<Result<_>>()?,
            zero_durations: self.zero_durations.parse().map_err(|_| bad(&self.zero_durations))?,
        })
    }

    /// What holds for `model`, with what was typed. Where `labels_may_differ` says so, typed statuses and labels choose
    /// who judges, and are told.
    ///
    /// ```
    /// use hivectl::kinds::{Instructions, TypedInstructions};
    /// use hivectl::ticket::{FieldPaths, LabelRule};
    /// let recorded = Instructions::of("extended", &FieldPaths::default(), &LabelRule::default());
    /// let typed = TypedInstructions { size_field: Some("parameters.size".into()), ..TypedInstructions::default() };
    /// assert!(recorded.settle("m@1", &typed, false).is_err());
    /// assert_eq!(recorded.settle("m@1", &TypedInstructions::default(), false)?.fields, FieldPaths::default());
    /// # Ok::<(), hivectl::error::Error>(())
    /// ```
    /// Errors: [`ErrorKind::Usage`] for a flag that contradicts the model, with both values; [`ErrorKind::BadModelFile`]
    /// for a card that names no fields or words.
    pub fn settle(&self, model: &str, typed: &TypedInstructions, labels_may_differ: bool) -> Result<Settled> {
        let recorded = self.label_rule()?;
        let asked = LabelRule {
            wanted: typed.label.unwrap_or(recorded.wanted),
            statuses: typed.status.clone().unwrap_or_else(|| recorded.statuses.clone()),
            zero_durations: typed.zero_durations.unwrap_or(recorded.zero_durations),
        };
        let same = asked.statuses.len() == recorded.statuses.len() && asked.statuses.iter().all(|one| recorded.statuses.contains(one));
        let told = [
            (asked.wanted != recorded.wanted).then(|| contradiction("--label", &asked.wanted.to_string(), model, &self.label)),
            (!same).then(|| contradiction("--status", &words(&asked.statuses), model, &words(&recorded.statuses))),
            (asked.zero_durations != recorded.zero_durations)
                .then(|| contradiction("--zero-durations", &asked.zero_durations.to_string(), model, &self.zero_durations)),
        ];
        let fields = [
            ("--requester-field", &typed.requester_field, &self.requester_field),
            ("--executable-field", &typed.executable_field, &self.executable_field),
            ("--size-field", &typed.size_field, &self.size_field),
        ];
        let differs = fields.into_iter().find(|(_, typed, recorded)| typed.is_some() && typed != recorded);
        if let Some((flag, typed, recorded)) = differs {
            let (typed, recorded) = (typed.as_deref().unwrap_or_default(), recorded.as_deref().unwrap_or("no such field"));
            return Err(refused(contradiction(flag, typed, model, recorded)));
        }
        let notes: Vec<String> = told.into_iter().flatten().collect();
        match notes.first().filter(|_| !labels_may_differ) {
            Some(note) => Err(refused(note.clone())),
            None => Ok(Settled { fields: self.fields()?, labels: asked, notes }),
        }
    }

    /// These with what was typed in their place.
    #[must_use]
    pub fn with(&self, typed: &TypedInstructions, features: Option<&str>) -> Instructions {
        let or = |typed: &Option<String>, own: &Option<String>| typed.clone().or_else(|| own.clone());
        Instructions {
            features: features.unwrap_or(&self.features).to_owned(),
            requester_field: or(&typed.requester_field, &self.requester_field),
            executable_field: or(&typed.executable_field, &self.executable_field),
            size_field: or(&typed.size_field, &self.size_field),
            label: typed.label.map_or_else(|| self.label.clone(), |label| label.to_string()),
            status: typed.status.as_ref().map_or_else(|| self.status.clone(), |all| all.iter().map(|one| one.to_string()).collect()),
            zero_durations: typed.zero_durations.map_or_else(|| self.zero_durations.clone(), |word| word.to_string()),
        }
    }

    /// What another training is told in other words, a line each: the new instruction beside the old.
    pub fn changes(&self, new: &Instructions) -> Vec<String> {
        let or_none = |field: &Option<String>| field.clone().unwrap_or_else(|| "none".into());
        let all = [
            ("features", self.features.clone(), new.features.clone()),
            ("requester field", or_none(&self.requester_field), or_none(&new.requester_field)),
            ("executable field", or_none(&self.executable_field), or_none(&new.executable_field)),
            ("size field", or_none(&self.size_field), or_none(&new.size_field)),
            ("label", self.label.clone(), new.label.clone()),
            ("status", self.status.join(","), new.status.join(",")),
            ("durations of 0", self.zero_durations.clone(), new.zero_durations.clone()),
        ];
        all.into_iter().filter(|(_, old, new)| old != new).map(|(what, old, new)| format!("{what} {new}, was {old}")).collect()
    }
}

fn refused(message: String) -> Error {
    Error::new(ErrorKind::Usage, message).hint("leave the flag out: what a model was trained with travels with it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded() -> Instructions {
        let fields = FieldPaths::new(Some("metadata.requested_by"), Some("parameters.executable"), None).expect("paths");
        let statuses = vec![TicketStatus::Completed, TicketStatus::Failed];
        let labels = LabelRule { statuses, ..LabelRule::default() };
        Instructions::of("extended", &fields, &labels)
    }

    #[test]
    fn a_flag_that_says_the_same_is_none_and_another_is_refused_with_both_values() {
        let nothing = TypedInstructions::default();
        let same = TypedInstructions {
            executable_field: Some("parameters.executable".into()),
            status: Some(vec![TicketStatus::Failed, TicketStatus::Completed]),
            ..nothing.clone()
        };
        assert_eq!(recorded().settle("m@1", &same, false).expect("the same").fields, recorded().fields().expect("paths"));
        let refusal = |typed: &TypedInstructions| {
            let error = recorded().settle("m@1", typed, false).expect_err("refused");
            assert_eq!(error.kind(), ErrorKind::Usage);
            error.to_string()
        };
        let other = TypedInstructions { executable_field: Some("other".into()), ..nothing.clone() };
        assert!(refusal(&other).contains("--executable-field is other, and m@1 was trained with parameters.executable"));
        let size = TypedInstructions { size_field: Some("size".into()), ..nothing.clone() };
        assert!(refusal(&size).contains("no such field"));
        let status = TypedInstructions { status: Some(vec![TicketStatus::Completed]), ..nothing };
        assert!(refusal(&status).contains("--status is completed, and m@1 was trained with completed,failed"));
        let told = recorded().settle("m@1", &status, true).expect("who judges may be chosen");
        assert_eq!((told.labels.statuses, told.notes.len()), (vec![TicketStatus::Completed], 1));
    }

    #[test]
    fn another_training_is_told_what_differs() {
        let new = Instructions { executable_field: None, ..recorded() };
        assert_eq!(recorded().changes(&new), ["executable field none, was parameters.executable"]);
        assert!(recorded().changes(&recorded()).is_empty());
    }
}
