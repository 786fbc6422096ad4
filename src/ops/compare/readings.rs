//! The tickets on which two versions are compared, each read as its version wants them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Side, loaded};
use crate::error::Result;
use crate::kinds::Catalogue;
use crate::ops::Progress;
use crate::ops::evaluation::{EvaluationRequest, EvaluationSet};
use crate::registry::ModelStore;
use crate::source::TicketSource;

/// The tickets of both versions: read once where both want them alike, else once each.
pub(super) struct Readings {
    first: EvaluationSet,
    /// `None` where the first holds for both.
    second: Option<EvaluationSet>,
    /// Digests of ticket ids by the order of reading, of both; empty where one reading holds for both.
    ids: [Vec<u64>; 2],
    /// What is to be told beside the comparison.
    pub(super) notes: Vec<String>,
}

impl Readings {
    /// Reads the tickets. A version that cannot be run has no wishes.
    ///
    /// Errors: those of reading; [`crate::error::ErrorKind::Usage`] for a flag that contradicts one of the versions.
    pub(super) fn of(
        (registry, kinds): (&dyn ModelStore, &Catalogue),
        sides: [&Side; 2],
        judging: &EvaluationRequest,
        source: &dyn TicketSource,
        progress: &dyn Progress,
    ) -> Result<Readings> {
        let settle = |side: &Side| match loaded(registry, kinds, side) {
            Ok(model) => judging.settled(model.info(), &side.label(), false),
            Err(_) => Ok((judging.clone(), None, Vec::new())),
        };
        let [(one, fields, mut notes), (other, other_fields, more)] = [settle(sides[0])?, settle(sides[1])?];
        notes.extend(more.into_iter().filter(|_| sides[0].label() != sides[1].label()));
        let told = |fields: &Option<_>| fields.clone().map(|fields| source.with_fields(fields));
        let (first_source, second_source) = (told(&fields), told(&other_fields));
        let (first_source, second_source) = (first_source.as_deref().unwrap_or(source), second_source.as_deref().unwrap_or(source));
        if one.labels == other.labels && fields == other_fields {
            let first = EvaluationSet::read(&one, first_source, progress)?;
            return Ok(Readings { first, second: None, ids: Default::default(), notes });
        }
        let mut ids = [Vec::new(), Vec::new()];
        let first = identified(&one, first_source, &mut ids[0], progress)?;
        let second = Some(identified(&other, second_source, &mut ids[1], progress)?);
        Ok(Readings { first, second, ids, notes })
    }

    /// The tickets as the version on this side wants them.
    pub(super) fn of_side(&self, side: usize) -> &EvaluationSet {
        if side == 0 { &self.first } else { self.second.as_ref().unwrap_or(&self.first) }
    }

    /// Of rows of both readings, ascending, those that are the same tickets.
    pub(super) fn common(&self, rows: [Vec<u32>; 2]) -> [Vec<u32>; 2] {
        let [first, second] = rows;
        let Some(others) = &self.second else {
            let both: Vec<u32> = first.into_iter().filter(|row| second.binary_search(row).is_ok()).collect();
            return [both.clone(), both];
        };
        let id = |side: usize, evaluation_set: &EvaluationSet, row: u32| {
            self.ids[side][evaluation_set.timeline.tickets()[row as usize].source_row as usize]
        };
        let known: HashMap<u64, u32> = second.into_iter().map(|row| (id(1, others, row), row)).collect();
        let mut pairs: Vec<(u32, u32)> = first.into_iter().filter_map(|row| Some((row, *known.get(&id(0, &self.first, row))?))).collect();
        // Tickets of one moment may stand in another order; each side wants its rows ascending.
        pairs.sort_unstable();
        let mut last = None;
        pairs.retain(|&(_, row)| {
            last.is_none_or(|last| row > last) && {
                last = Some(row);
                true
            }
        });
        pairs.into_iter().unzip::<u32, u32, Vec<u32>, Vec<u32>>().into()
    }
}

fn identified(
    judging: &EvaluationRequest,
    source: &dyn TicketSource,
    ids: &mut Vec<u64>,
    progress: &dyn Progress,
) -> Result<EvaluationSet> {
    EvaluationSet::read_with(
        judging,
        source,
        progress,
        Some(&mut |_, ticket| {
            let mut hasher = DefaultHasher::new();
            ticket.ticket_id.hash(&mut hasher);
            ids.push(hasher.finish());
        }),
    )
}
