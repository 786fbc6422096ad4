//! What was known: durations and success of the tickets that had ended.

use std::collections::HashMap;
use std::hash::Hash;

use serde::{Deserialize, Serialize};

use super::encoded::{EncodedTicket, Vocabulary, WordCode};
use super::feature::{Feature, Statistic, TicketFeature};
use super::recent::{GroupKey, Grouping, Recent};
use super::schema::FeatureSchema;
use crate::statistics::RunningMoments;
use crate::ticket::TicketStatus;

/// Mean and spread of one (task type, risk band), learned one ended ticket at a time.
///
/// The order of learning is fixed, so the numbers are too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "WrittenStatistics", into = "WrittenStatistics")]
pub struct GroupStatistics {
    /// Ended tickets, labelled or not.
    pub ended: u64,
    /// Those of them that completed.
    pub completed: u64,
    /// Durations in ms of those with a label.
    pub durations_ms: RunningMoments,
    /// Retries of the ended ones, added up.
    pub retries: u64,
}

/// [`GroupStatistics`] as they stand in a package.
#[derive(Serialize, Deserialize)]
struct WrittenStatistics {
    ended: u64,
    completed: u64,
    labelled: u64,
    mean_ms: f64,
    squared_deviation: f64,
    retries: u64,
}

impl From<WrittenStatistics> for GroupStatistics {
    fn from(written: WrittenStatistics) -> Self {
        let WrittenStatistics { ended, completed, labelled: count, mean_ms: mean, squared_deviation, retries } = written;
        GroupStatistics { ended, completed, durations_ms: RunningMoments { count, mean, squared_deviation }, retries }
    }
}

impl From<GroupStatistics> for WrittenStatistics {
    fn from(group: GroupStatistics) -> Self {
        let GroupStatistics { ended, completed, durations_ms: RunningMoments { count, mean, squared_deviation }, retries } = group;
        WrittenStatistics { ended, completed, labelled: count, mean_ms: mean, squared_deviation, retries }
    }
}

impl GroupStatistics {
    /// Takes an ended ticket in.
    pub fn learn(&mut self, encoded: &EncodedTicket) {
        self.ended += 1;
        self.completed += u64::from(encoded.status == TicketStatus::Completed);
        self.retries += u64::from(encoded.retry_count().unwrap_or(0));
        if encoded.is_labelled() {
            self.durations_ms.learn(encoded.duration_ms);
        }
    }

    /// Population standard deviation in ms; `None` without a labelled ticket.
    pub fn standard_deviation_ms(&self) -> Option<f64> {
        self.durations_ms.population_deviation()
    }

    /// Mean duration in ms; `None` without a labelled ticket.
    pub fn average_ms(&self) -> Option<f64> {
        (self.durations_ms.count > 0).then_some(self.durations_ms.mean)
    }
}

impl Statistic {
    /// The number for a ticket whose group has these statistics; NaN where nothing is known.
    pub fn of(self, group: Option<&GroupStatistics>, encoded: &EncodedTicket) -> f32 {
        let Some(group) = group.filter(|group| group.ended > 0) else { return f32::NAN };
        let average = group.average_ms();
        let value = match self {
            Statistic::AverageDurationByTask | Statistic::AverageDurationByRisk => average,
            Statistic::SuccessRate => Some(group.completed as f64 / group.ended as f64),
            Statistic::StandardDeviation => group.standard_deviation_ms(),
            Statistic::EstimateToAverage => average.map(|average| encoded.estimated_duration_ms / average),
            Statistic::DurationDeviation => {
                let spread = group.standard_deviation_ms().filter(|&spread| spread > 0.0);
                spread.map(|spread| (encoded.duration_ms - group.durations_ms.mean) / spread)
            }
            Statistic::RetryPattern => encoded.retry_count().map(|count| f64::from(count) - group.retries as f64 / group.ended as f64),
        };
        value.map_or(f32::NAN, |value| value as f32)
    }
}

/// Cells by key, in the order in which the keys were first met.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Vec<(Key, Cell)>", into = "Vec<(Key, Cell)>")]
#[serde(bound(
    serialize = "Key: Clone + Serialize, Cell: Clone + Serialize",
    deserialize = "Key: Hash + Eq + Copy + Deserialize<'de>, Cell: Deserialize<'de>"
))]
pub(super) struct Groups<Key, Cell> {
    places: HashMap<Key, u32>,
    keys: Vec<Key>,
    cells: Vec<Cell>,
}

impl<Key: PartialEq, Cell: PartialEq> PartialEq for Groups<Key, Cell> {
    fn eq(&self, other: &Self) -> bool {
        self.keys == other.keys && self.cells == other.cells
    }
}

impl<Key, Cell> Default for Groups<Key, Cell> {
    fn default() -> Self {
        Groups { places: HashMap::new(), keys: Vec::new(), cells: Vec::new() }
    }
}

impl<Key: Hash + Eq + Copy, Cell: Default> Groups<Key, Cell> {
    /// The place of `key`'s cell, made when it is not there.
    pub(super) fn place(&mut self, key: Key) -> u32 {
        *self.places.entry(key).or_insert_with(|| {
            self.keys.push(key);
            self.cells.push(Cell::default());
            (self.cells.len() - 1) as u32
        })
    }

    pub(super) fn cell(&self, place: u32) -> &Cell {
        &self.cells[place as usize]
    }

    pub(super) fn cell_mut(&mut self, place: u32) -> &mut Cell {
        &mut self.cells[place as usize]
    }

    pub(super) fn find(&self, key: Key) -> Option<&Cell> {
        self.places.get(&key).map(|&place| self.cell(place))
    }
}

impl<Key: Hash + Eq + Copy, Cell> From<Vec<(Key, Cell)>> for Groups<Key, Cell> {
    fn from(pairs: Vec<(Key, Cell)>) -> Self {
        let places = pairs.iter().enumerate().map(|(place, (key, _))| (*key, place as u32)).collect();
        let (keys, cells) = pairs.into_iter().unzip();
        Groups { places, keys, cells }
    }
}

impl<Key, Cell> From<Groups<Key, Cell>> for Vec<(Key, Cell)> {
    fn from(groups: Groups<Key, Cell>) -> Self {
        groups.keys.into_iter().zip(groups.cells).collect()
    }
}

/// The group that the statistics are kept by.
pub(super) fn task_and_risk(encoded: &EncodedTicket) -> Option<(WordCode, WordCode)> {
    Some((encoded.task_type, encoded.risk_band))
}

/// Everything that ended tickets have taught: travels with the model and serves predictions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    vocabulary: Vocabulary,
    statistics: Groups<(WordCode, WordCode), GroupStatistics>,
    recency: Vec<(Grouping, Groups<GroupKey, Recent>)>,
    /// The latest moment an outcome was learned from, milliseconds since the epoch.
    pub known_until: Option<i64>,
}

impl History {
    /// Nothing known yet; keeps what the columns of `schema` need.
    pub fn new(schema: &FeatureSchema) -> Self {
        let needed =
            |grouping: &Grouping| schema.features.iter().any(|spec| matches!(spec.feature, Feature::Recent(used, _) if used == *grouping));
        let recency = Grouping::ALL.iter().copied().filter(needed).map(|grouping| (grouping, Groups::default())).collect();
        History { vocabulary: Vocabulary::default(), statistics: Groups::default(), recency, known_until: None }
    }

    /// Nothing known yet, with the words that the columns of `schema` need.
    pub(super) fn with_words(schema: &FeatureSchema, words: &Vocabulary) -> Self {
        let mut history = History::new(schema);
        let uses = |wanted: TicketFeature| schema.features.iter().any(|spec| spec.feature == Feature::Ticket(wanted));
        let groups_by = |wanted: Grouping| history.recency.iter().any(|(grouping, _)| *grouping == wanted);
        let executables = uses(TicketFeature::ExecutableCode) || groups_by(Grouping::RequesterExecutable);
        let requesters = uses(TicketFeature::RequesterCode) || !history.recency.is_empty();
        history.vocabulary.task_types = words.task_types.clone();
        history.vocabulary.risk_bands = words.risk_bands.clone();
        if requesters {
            history.vocabulary.requesters = words.requesters.clone();
        }
        if executables {
            history.vocabulary.executables = words.executables.clone();
        }
        history
    }

    /// The words behind the codes.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Takes an ended ticket, whose codes are those of this history's vocabulary, into the statistics.
    pub(super) fn learn_statistics(&mut self, encoded: &EncodedTicket) {
        if let Some(key) = task_and_risk(encoded) {
            let place = self.statistics.place(key);
            self.statistics.cell_mut(place).learn(encoded);
        }
        self.known_until = self.known_until.max(Some(encoded.known_at));
    }

    /// Takes it into the last durations.
    pub(super) fn learn_recency(&mut self, encoded: &EncodedTicket) {
        for (grouping, groups) in &mut self.recency {
            if let Some(key) = grouping.key(encoded) {
                let place = groups.place(key);
                groups.cell_mut(place).learn(encoded);
            }
        }
        self.known_until = self.known_until.max(Some(encoded.known_at));
    }

    pub(super) fn statistics(&self) -> Option<&Groups<(WordCode, WordCode), GroupStatistics>> {
        Some(&self.statistics)
    }

    pub(super) fn recency(&self, grouping: Grouping) -> Option<&Groups<GroupKey, Recent>> {
        self.recency.iter().find(|(kept, _)| *kept == grouping).map(|(_, groups)| groups)
    }

    pub(super) fn group_statistics(&self, encoded: &EncodedTicket) -> Option<&GroupStatistics> {
        self.statistics.find(task_and_risk(encoded)?)
    }

    pub(super) fn recent(&self, grouping: Grouping, encoded: &EncodedTicket) -> Option<&Recent> {
        self.recency(grouping)?.find(grouping.key(encoded)?)
    }
}
