//! What training was told about tickets: it travels with the model, because prediction and judging need it again.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::ticket::{FieldPaths, LabelRule, LabelWanted, TicketStatus};

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
            label: labels.wanted.word().to_owned(),
            status: labels.statuses.iter().map(|status| status.word().to_owned()).collect(),
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
        let status = |word: &String| match TicketStatus::parse(word) {
            TicketStatus::Unknown => Err(bad(word)),
            status => Ok(status),
        };
        Ok(LabelRule {
            wanted: LabelWanted::parse(&self.label).ok_or_else(|| bad(&self.label))?,
            statuses: self.status.iter().map(status).collect::<Result<_>>()?,
        })
    }
}
