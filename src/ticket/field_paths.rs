//! Where, in this platform's tickets, the requester, the executable and the size of the work stand.

use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

use super::field::TicketField;

/// A dotted path into a ticket, `metadata.requested_by`.
///
/// ```
/// use hivectl::ticket::FieldPath;
///
/// assert_eq!("metadata.requested_by".parse::<FieldPath>()?.as_str(), "metadata.requested_by");
/// assert!("metadata.".parse::<FieldPath>().is_err());
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    segments: Vec<String>,
    dotted: String,
    underscored: String,
}

impl FieldPath {
    /// The path as written.
    pub fn as_str(&self) -> &str {
        &self.dotted
    }
}

impl FromStr for FieldPath {
    type Err = Error;

    /// Reads a dotted path.
    ///
    /// Errors: [`ErrorKind::Usage`] when the path or one of its parts is empty.
    fn from_str(path: &str) -> Result<FieldPath> {
        let segments: Vec<String> = path.split('.').map(str::to_owned).collect();
        if segments.iter().any(String::is_empty) {
            return Err(Error::new(ErrorKind::Usage, format!("{path:?} is not a path to a ticket's field"))
                .hint("write the names from the outside in with dots between, for example metadata.requested_by"));
        }
        Ok(FieldPath { dotted: path.to_owned(), underscored: path.replace('.', "_"), segments })
    }
}

/// The configured fields of a ticket. Their names differ from platform to platform, so they are
/// settings; `None` leaves the field empty.
///
/// ```
/// use hivectl::ticket::FieldPaths;
///
/// let paths = FieldPaths::new(Some("metadata.requested_by"), None, None)?;
/// assert!(paths.wants_column("metadata_requested_by") && !paths.wants_column("processors"));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPaths {
    /// Who asked for the work.
    pub requester: Option<FieldPath>,
    /// What is run.
    pub executable: Option<FieldPath>,
    /// How much of it, a number.
    pub size: Option<FieldPath>,
}

impl Default for FieldPaths {
    /// Requester `metadata.requested_by`; executable and size not known.
    fn default() -> Self {
        FieldPaths { requester: "metadata.requested_by".parse().ok(), executable: None, size: None }
    }
}

impl FieldPaths {
    /// The fields at these dotted paths.
    ///
    /// Errors: [`ErrorKind::Usage`] for a text that is not a path.
    pub fn new(requester: Option<&str>, executable: Option<&str>, size: Option<&str>) -> Result<FieldPaths> {
        let parse = |path: Option<&str>| path.map(str::parse).transpose();
        Ok(FieldPaths { requester: parse(requester)?, executable: parse(executable)?, size: parse(size)? })
    }

    /// The paths at the top of a ticket, before any key is entered.
    pub(super) fn trail(&self) -> Trail<'_> {
        let paths = [&self.requester, &self.executable, &self.size];
        Trail { rest: paths.map(|path| path.as_ref().map(|path| path.segments.as_slice())), flat: Some(self) }
    }

    /// Whether a column of this name holds, or contains, a configured field.
    pub fn wants_column(&self, column: &str) -> bool {
        !self.trail().step(column.as_bytes()).is_empty()
    }
}

/// The configured paths that are still possible at one place of a ticket.
#[derive(Clone, Copy)]
pub(super) struct Trail<'p> {
    rest: [Option<&'p [String]>; 3],
    /// At the top of a ticket a key may be a whole path, with dots or underscores.
    flat: Option<&'p FieldPaths>,
}

const TARGETS: [TicketField; 3] = [TicketField::Requester, TicketField::Executable, TicketField::Size];

impl<'p> Trail<'p> {
    /// No configured field is below this place.
    pub(super) fn is_empty(&self) -> bool {
        self.rest.iter().all(Option::is_none)
    }

    /// The paths that go on through `key`.
    pub(super) fn step(&self, key: &[u8]) -> Trail<'p> {
        let mut next = Trail { rest: [None; 3], flat: None };
        if self.is_empty() {
            return next;
        }
        for (index, rest) in self.rest.iter().enumerate() {
            next.rest[index] = match rest.and_then(<[String]>::split_first) {
                Some((head, tail)) if head.as_bytes() == key => Some(tail),
                Some(_) if self.is_flat_name(index, key) => Some(&[]),
                _ => None,
            };
        }
        next
    }

    fn is_flat_name(&self, index: usize, key: &[u8]) -> bool {
        let Some(paths) = self.flat else { return false };
        let path = [&paths.requester, &paths.executable, &paths.size][index];
        path.as_ref().is_some_and(|path| path.dotted.as_bytes() == key || path.underscored.as_bytes() == key)
    }

    /// The configured fields whose path ends here.
    pub(super) fn ended(&self) -> impl Iterator<Item = TicketField> + use<'p> {
        let rest = self.rest;
        TARGETS.into_iter().zip(rest).filter(|(_, rest)| rest.is_some_and(<[String]>::is_empty)).map(|(field, _)| field)
    }

    /// The one field that ends here, when no other path ends or goes on here.
    pub(super) fn only_ended(&self) -> Option<TicketField> {
        let mut active = TARGETS.into_iter().zip(self.rest).filter_map(|(field, rest)| rest.map(|rest| (field, rest)));
        match (active.next(), active.next()) {
            (Some((field, [])), None) => Some(field),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_follows_nested_and_flat_names() {
        let paths = FieldPaths {
            executable: Some("parameters.executable".parse().unwrap()),
            size: Some("parameters.procs".parse().unwrap()),
            ..FieldPaths::default()
        };
        let top = paths.trail();
        assert_eq!(top.step(b"metadata").step(b"requested_by").only_ended(), Some(TicketField::Requester));
        assert_eq!(top.step(b"metadata_requested_by").only_ended(), Some(TicketField::Requester));
        assert_eq!(top.step(b"parameters.procs").only_ended(), Some(TicketField::Size));
        assert!(top.step(b"parameters").only_ended().is_none());
        assert!(top.step(b"parameters").step(b"procs_").is_empty());
        assert!(top.step(b"parameters").step(b"parameters.procs").is_empty(), "flat names only stand at the top");
        assert!(paths.wants_column("metadata") && !paths.wants_column("requested_by"));
    }

    #[test]
    fn an_empty_part_is_refused() {
        for path in ["", ".", "a..b", "a."] {
            assert_eq!(path.parse::<FieldPath>().unwrap_err().kind(), ErrorKind::Usage, "{path}");
        }
    }
}
