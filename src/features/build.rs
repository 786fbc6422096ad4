//! From tickets to a matrix: one sweep in the order of creation.
//!
//! Every row sees what was known when its ticket was created: outcomes that became known at or
//! before that moment, never its own and never a later one.

use std::hash::Hash;
use std::sync::Arc;

use rayon::prelude::*;

use super::encoded::EncodedTicket;
use super::feature::Feature;
use super::frame::FeatureFrame;
use super::history::{GroupStatistics, Groups, History, task_and_risk};
use super::recent::{Grouping, Recent, RecentValues};
use super::schema::{FeatureSchema, FeatureSpec};
use super::table::{HoldoutSplit, Timeline};
use crate::error::{Error, ErrorKind, Result};
use crate::ticket::Ticket;

/// Whose outcomes a history may learn from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TrainingMask {
    /// Every ticket.
    #[default]
    All,
    /// No ticket.
    Nothing,
    /// The tickets before this row of the timeline.
    Before(u32),
    /// The tickets not marked, a mark a row of the timeline.
    Except(Vec<bool>),
}

impl TrainingMask {
    fn include(&self, row: u32) -> bool {
        match self {
            TrainingMask::All => true,
            TrainingMask::Nothing => false,
            TrainingMask::Before(end) => row < *end,
            TrainingMask::Except(marked) => !marked[row as usize],
        }
    }
}

/// Which outcomes the two halves of the history learn from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryPolicy {
    /// Means, spreads and success rates: part of the model, so the judged tickets stay out.
    pub statistics: TrainingMask,
    /// Last durations: state that runs on in operation. With [`TrainingMask::All`] a judged ticket sees
    /// every outcome known at its creation, as it would in service.
    pub recency: TrainingMask,
}

impl HistoryPolicy {
    /// Judged as in service: statistics from the training rows alone, recency from every outcome that
    /// was known when the ticket was created. `rows` are the timeline rows that `split` divides.
    pub fn as_in_service(split: &HoldoutSplit, rows: &[u32], timeline: &Timeline) -> Self {
        HistoryPolicy { statistics: training_mask(split, rows, timeline), recency: TrainingMask::All }
    }

    /// Evaluated as after a long silence: the history learns nothing from the holdout.
    pub fn frozen(split: &HoldoutSplit, rows: &[u32], timeline: &Timeline) -> Self {
        let mask = training_mask(split, rows, timeline);
        HistoryPolicy { statistics: mask.clone(), recency: mask }
    }
}

fn training_mask(split: &HoldoutSplit, rows: &[u32], timeline: &Timeline) -> TrainingMask {
    let Some(&first) = split.holdout.first() else { return TrainingMask::All };
    if split.is_by_time() {
        return TrainingMask::Before(rows[first as usize]);
    }
    let mut marked = vec![false; timeline.tickets().len()];
    split.holdout.iter().for_each(|&position| marked[rows[position as usize] as usize] = true);
    TrainingMask::Except(marked)
}

impl HistoryPolicy {
    /// For tickets that come after a model was trained: its statistics stand still, recency runs on.
    pub fn in_service() -> Self {
        HistoryPolicy { statistics: TrainingMask::Nothing, recency: TrainingMask::All }
    }
}

/// The features of `rows` (ascending rows of the timeline), one frame row each, from nothing known.
///
/// Memory: 4 bytes a value, plus 4 bytes a ticket and the group cells for each history swept. The
/// numbers do not depend on the number of threads.
///
/// Errors: [`ErrorKind::Internal`] when `rows` is not ascending or passes the end.
pub fn build(schema: &Arc<FeatureSchema>, timeline: &Timeline, rows: &[u32], policy: &HistoryPolicy) -> Result<FeatureFrame> {
    build_from(schema, &History::new(schema), timeline, rows, policy)
}

/// As [`build`], going on from what `history` knows; the timeline's table was begun with
/// [`super::TicketTable::continuing`] that history. Outcomes known at or before
/// [`History::known_until`] are in it already and are not learned twice.
///
/// Errors: [`ErrorKind::Internal`] also when the timeline's words are not those of the history.
pub fn build_from(
    schema: &Arc<FeatureSchema>,
    history: &History,
    timeline: &Timeline,
    rows: &[u32],
    policy: &HistoryPolicy,
) -> Result<FeatureFrame> {
    let ascending =
        rows.windows(2).all(|pair| pair[0] < pair[1]) && rows.last().is_none_or(|&last| (last as usize) < timeline.tickets().len());
    if !ascending {
        return Err(Error::new(ErrorKind::Internal, "rows of a feature matrix must ascend within the timeline"));
    }
    if !timeline.vocabulary().extends(history.vocabulary()) {
        return Err(Error::new(ErrorKind::Internal, "the tickets were read with other words than the history knows"));
    }
    let jobs = jobs(schema);
    let mut columns = vec![Vec::new(); schema.len()];
    let input = Input { schema, history, timeline, rows, policy };
    let done: Vec<_> = jobs.par_iter().map(|job| job.run(&input)).collect();
    for (job, made) in jobs.into_iter().zip(done) {
        job.features.into_iter().zip(made).for_each(|(place, column)| columns[place] = column);
    }
    FeatureFrame::new(Arc::clone(schema), rows.len(), columns)
}

/// What every pass reads.
struct Input<'a> {
    schema: &'a FeatureSchema,
    history: &'a History,
    timeline: &'a Timeline,
    rows: &'a [u32],
    policy: &'a HistoryPolicy,
}

/// What one pass over the timeline makes.
struct Job {
    pass: Pass,
    /// Places in the schema of the columns it makes.
    features: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Pass {
    Ticket(usize),
    Statistics,
    Recency(Grouping),
}

fn jobs(schema: &FeatureSchema) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    for (place, spec) in schema.features.iter().enumerate() {
        let pass = match spec.feature {
            Feature::Ticket(_) => Pass::Ticket(place),
            Feature::Statistic(_) => Pass::Statistics,
            Feature::Recent(grouping, _) => Pass::Recency(grouping),
        };
        match jobs.iter_mut().find(|job| job.pass == pass) {
            Some(job) => job.features.push(place),
            None => jobs.push(Job { pass, features: vec![place] }),
        }
    }
    jobs
}

impl Job {
    fn run(&self, input: &Input<'_>) -> Vec<Vec<f32>> {
        let specs: Vec<&FeatureSpec> = self.features.iter().map(|&place| &input.schema.features[place]).collect();
        let mut columns = vec![Vec::with_capacity(input.rows.len()); specs.len()];
        let mut write = |encoded: &EncodedTicket, known: Known<'_>| {
            columns.iter_mut().zip(&specs).for_each(|(column, spec)| column.push(spec.of(encoded, known)));
        };
        match self.pass {
            Pass::Ticket(_) => input.rows.iter().for_each(|&row| write(&input.timeline.tickets()[row as usize], Known::default())),
            Pass::Statistics => sweep(
                input,
                &input.policy.statistics,
                input.history.statistics(),
                (task_and_risk, GroupStatistics::learn),
                |encoded, group| write(encoded, Known { group, recent: None }),
            ),
            Pass::Recency(grouping) => sweep(
                input,
                &input.policy.recency,
                input.history.recency(grouping),
                (|encoded: &EncodedTicket| grouping.key(encoded), Recent::learn),
                |encoded, recent| {
                    let values = recent.map(|recent: &Recent| recent.values(encoded.created_at));
                    write(encoded, Known { group: None, recent: values.as_ref() });
                },
            ),
        }
        columns
    }
}

/// Walks the tickets in the order of creation and the outcomes in the order in which they became
/// known; calls `read` for each row asked for with what its group knew at that moment.
fn sweep<Key: Hash + Eq + Copy, Cell: Default + Clone>(
    input: &Input<'_>,
    mask: &TrainingMask,
    before: Option<&Groups<Key, Cell>>,
    (key, learn): (impl Fn(&EncodedTicket) -> Option<Key>, impl Fn(&mut Cell, &EncodedTicket)),
    mut read: impl FnMut(&EncodedTicket, Option<&Cell>),
) {
    const NOWHERE: u32 = u32::MAX;
    let tickets = input.timeline.tickets();
    let mut groups: Groups<Key, Cell> = before.cloned().unwrap_or_default();
    let places: Vec<u32> = tickets.iter().map(|encoded| key(encoded).map_or(NOWHERE, |key| groups.place(key))).collect();
    let new = |&row: &u32| input.history.known_until.is_none_or(|until| tickets[row as usize].known_at > until);
    let mut ended = input.timeline.completions().iter().copied().filter(new).peekable();
    for &row in input.rows {
        let ticket = &tickets[row as usize];
        while let Some(earlier) = ended.next_if(|&earlier| tickets[earlier as usize].known_at <= ticket.created_at) {
            let place = places[earlier as usize];
            if place != NOWHERE && mask.include(earlier) {
                learn(groups.cell_mut(place), &tickets[earlier as usize]);
            }
        }
        let place = places[row as usize];
        read(ticket, (place != NOWHERE).then(|| groups.cell(place)));
    }
}

/// What the history says about one ticket.
#[derive(Clone, Copy, Default)]
struct Known<'a> {
    group: Option<&'a GroupStatistics>,
    recent: Option<&'a RecentValues>,
}

impl FeatureSpec {
    fn of(&self, encoded: &EncodedTicket, known: Known<'_>) -> f32 {
        let value = match self.feature {
            Feature::Ticket(feature) => feature.of(encoded),
            Feature::Statistic(statistic) => statistic.of(known.group, encoded),
            Feature::Recent(_, statistic) => known.recent.map_or(f32::NAN, |values| values[statistic as usize]),
        };
        // A number beyond 32 bits is the largest there is: learners compare, they do not overflow.
        if value.is_nan() { self.missing.unwrap_or(f32::NAN) } else { value.clamp(f32::MIN, f32::MAX) }
    }
}

/// One row of features for a ticket that is to be predicted, from a history that stands still.
pub fn features_at(schema: &FeatureSchema, history: &History, ticket: &Ticket) -> Vec<f32> {
    row_of(schema, history, &EncodedTicket::look_up(ticket, history.vocabulary()))
}

/// As [`features_at`], from an encoded ticket whose codes are those of the history's vocabulary.
pub fn row_of(schema: &FeatureSchema, history: &History, encoded: &EncodedTicket) -> Vec<f32> {
    let group = history.group_statistics(encoded);
    let mut values: Option<(Grouping, Option<RecentValues>)> = None;
    let value = |spec: &FeatureSpec| {
        let Feature::Recent(grouping, _) = spec.feature else { return spec.of(encoded, Known { group, recent: None }) };
        if values.is_none_or(|(last, _)| last != grouping) {
            values = Some((grouping, history.recent(grouping, encoded).map(|recent| recent.values(encoded.created_at))));
        }
        spec.of(encoded, Known { group, recent: values.as_ref().and_then(|(_, values)| values.as_ref()) })
    };
    schema.features.iter().map(value).collect()
}

/// Takes into `history` the outcomes of `timeline`, whose codes it has, that are known at or before `until`
/// (milliseconds since the epoch) and not in it yet: what follows may then be built without them.
pub fn learn_until(history: &mut History, timeline: &Timeline, until: i64, advance: Advance) {
    let known_before = history.known_until;
    let known = timeline.completions().iter().map(|&row| &timeline.tickets()[row as usize]).take_while(|encoded| encoded.known_at <= until);
    for encoded in known.filter(|encoded| known_before.is_none_or(|before| encoded.known_at > before)) {
        if advance == Advance::Everything {
            history.learn_statistics(encoded);
        }
        history.learn_recency(encoded);
    }
}

/// Which half of a history goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance {
    /// Statistics and last durations.
    Everything,
    /// Last durations, as in service.
    Recency,
}

/// The history after every outcome known at or before `until` (milliseconds since the epoch): the
/// state that travels with a model.
pub fn learn_all(schema: &FeatureSchema, timeline: &Timeline, until: i64) -> History {
    let mut history = History::with_words(schema, timeline.vocabulary());
    learn_until(&mut history, timeline, until, Advance::Everything);
    history
}
