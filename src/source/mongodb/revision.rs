//! What a ticket was when it was read, and the conditions that hold while it is still the same.

use mongodb::bson::raw::{CStr, cstr};
use mongodb::bson::{RawArrayBuf, RawBson, RawBsonRef, RawDocument, RawDocumentBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::source::prediction_store::TicketRevision;

/// What `predictions` was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Before {
    /// An object or nothing: an object may come to be where there was none, but nothing that is hivectl's to throw away.
    Object,
    Null,
    /// A word, a number or a list: nothing can be written into it.
    Other,
}

/// What a document held when it was read, from which the conditions are made that hold while it is unchanged.
///
/// In a [`TicketRevision`] the id is `{_id}`, and the state three parts one behind the other: `own`, `common`, and a
/// byte for `before`. A document says itself how long it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Revision<'t> {
    /// `{_id}`
    id: &'t RawDocument,
    /// `actual_duration_ms` where that is a value.
    own: &'t RawDocument,
    /// What tickets have in common: `status`, `model_version`, and `actual_duration_ms` where that is null.
    common: &'t RawDocument,
    before: Before,
}

impl<'t> Revision<'t> {
    /// What `document` holds, as a token.
    ///
    /// Errors: [`ErrorKind::BadInput`] for a document without `_id`.
    pub(super) fn of(document: &RawDocument) -> Result<TicketRevision> {
        let (mut id, mut status, mut actual, mut predictions) = (None, None, None, None);
        for element in document.iter_elements().flatten() {
            let member = match element.key().as_str() {
                "_id" => &mut id,
                "status" => &mut status,
                "actual_duration_ms" => &mut actual,
                "predictions" => &mut predictions,
                _ => continue,
            };
            *member = element.value().ok();
        }
        let id = id.ok_or_else(|| Error::new(ErrorKind::BadInput, "a ticket came without its _id"))?;
        let (before, version) = match predictions {
            None => (Before::Object, None),
            Some(RawBsonRef::Document(predictions)) => (Before::Object, predictions.get("model_version").ok().flatten()),
            Some(RawBsonRef::Null) => (Before::Null, None),
            Some(_) => (Before::Other, None),
        };
        let (mut name, mut own, mut common) = (RawDocumentBuf::new(), RawDocumentBuf::new(), RawDocumentBuf::new());
        name.append(cstr!("_id"), id);
        match actual {
            None => {}
            Some(RawBsonRef::Null) => common.append(ACTUAL, RawBsonRef::Null),
            Some(actual) => own.append(ACTUAL, actual),
        }
        status.into_iter().for_each(|status| common.append(STATUS, status));
        version.into_iter().for_each(|version| common.append(VERSION, version));
        let state = [own.as_bytes(), common.as_bytes(), &[before as u8]].concat();
        Ok(TicketRevision::new(name.into_bytes(), state, before != Before::Other))
    }

    /// What a token says.
    ///
    /// Errors: [`ErrorKind::Internal`] for the token of another store.
    pub(super) fn parse(token: &'t TicketRevision) -> Result<Revision<'t>> {
        let foreign = || Error::new(ErrorKind::Internal, "a ticket's revision was made by another store");
        let id = RawDocument::from_bytes(token.id()).map_err(|_| foreign())?;
        let (own, rest) = leading(token.state()).ok_or_else(foreign)?;
        let (common, rest) = leading(rest).ok_or_else(foreign)?;
        let before =
            [Before::Object, Before::Null, Before::Other].into_iter().find(|before| rest == [*before as u8]).ok_or_else(foreign)?;
        Ok(Revision { id, own, common, before })
    }

    pub(super) fn id(&self) -> Option<RawBsonRef<'t>> {
        self.id.get("_id").ok().flatten()
    }

    pub(super) fn actual(&self) -> Option<RawBsonRef<'t>> {
        self.own.get(ACTUAL).ok().flatten()
    }

    /// Tickets of one kind are unchanged under the same conditions, but for the duration's value.
    pub(super) fn kind(&self) -> (&'t [u8], bool, Before) {
        (self.common.as_bytes(), self.actual().is_some(), self.before)
    }

    /// The conditions that all tickets of this one's kind share.
    pub(super) fn conditions(&self) -> RawArrayBuf {
        let common = |key: &CStr| self.common.get(key).ok().flatten();
        let mut conditions = RawArrayBuf::new();
        conditions.push(unchanged("$status", common(STATUS)));
        conditions.push(unchanged("$predictions.model_version", common(VERSION)));
        conditions.push(of_type("$predictions", if self.before == Before::Null { &["null"] } else { &["object", "missing"] }));
        if self.actual().is_none() {
            conditions.push(unchanged("$actual_duration_ms", common(ACTUAL)));
        }
        conditions
    }
}

/// The document at the beginning of `bytes`, and what follows it.
fn leading(bytes: &[u8]) -> Option<(&RawDocument, &[u8])> {
    let length = u32::from_le_bytes(bytes.first_chunk().copied()?) as usize;
    let (document, rest) = bytes.split_at_checked(length)?;
    Some((RawDocument::from_bytes(document).ok()?, rest))
}

const STATUS: &CStr = cstr!("status");
const ACTUAL: &CStr = cstr!("actual_duration_ms");
const VERSION: &CStr = cstr!("model_version");

/// A condition that holds while the value at `path` is what it was. Null and absent are not the same.
fn unchanged(path: &str, value: Option<RawBsonRef<'_>>) -> RawDocumentBuf {
    match value {
        None => of_type(path, &["missing"]),
        Some(RawBsonRef::Null) => of_type(path, &["null"]),
        Some(value) => document(cstr!("$eq"), list([path.into(), literal(value)])),
    }
}

/// A condition that holds while the value at `path` is of one of the types of these names.
fn of_type(path: &str, names: &[&str]) -> RawDocumentBuf {
    let known = list(names.iter().map(|name| RawBson::from(*name)));
    document(cstr!("$in"), list([document(cstr!("$type"), path).into(), known.into()]))
}

/// A value that the server does not take for an expression.
pub(super) fn literal(value: impl Into<RawBson>) -> RawBson {
    document(cstr!("$literal"), value).into()
}

pub(super) fn list(items: impl IntoIterator<Item = RawBson>) -> RawArrayBuf {
    let mut list = RawArrayBuf::new();
    items.into_iter().for_each(|item| list.push(item));
    list
}

/// A document of one member.
pub(super) fn document(key: &CStr, value: impl Into<RawBson>) -> RawDocumentBuf {
    let mut document = RawDocumentBuf::new();
    let value: RawBson = value.into();
    document.append(key, value);
    document
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{RawDocumentBuf, doc};

    use super::*;

    #[test]
    fn a_token_says_what_the_document_held() {
        let document =
            RawDocumentBuf::try_from(doc! { "_id": 7, "status": "COMPLETED", "actual_duration_ms": 5.0, "predictions": null }).unwrap();
        let token = Revision::of(&document).unwrap();
        let revision = Revision::parse(&token).unwrap();
        assert_eq!((revision.id(), revision.actual()), (Some(RawBsonRef::Int32(7)), Some(RawBsonRef::Double(5.0))));
        assert!(token.is_writable() && revision.kind().1 && revision.before == Before::Null);
        let other = RawDocumentBuf::try_from(doc! { "_id": 7, "predictions": "none" }).unwrap();
        let other = Revision::of(&other).unwrap();
        assert!(!other.is_writable() && other.digest() == token.digest() && other != token);
        assert_eq!(Revision::parse(&TicketRevision::new(*b"7", *b"COMPLETED", true)).unwrap_err().kind(), ErrorKind::Internal);
    }
}
