//! Kinds of work that no field names: groups of similar tickets, found at training and kept with the baseline.
//!
//! Groups name what changed; they never alarm, because measured on job logs they found less than task types and
//! risk bands do and alarmed more often.

use std::collections::{HashMap, HashSet};

use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_clustering::KMeans;
use ndarray::Array2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::observations::{CategoricalColumn, Observations, feature_names};
use crate::error::{Error, ErrorKind, Result};
use crate::features::encoded::{UNKNOWN, WordCode};

/// Groups, at most.
const MOST_GROUPS: usize = 8;
/// Tickets that groups are learned from, at most, evenly spread over the baseline.
const SAMPLE: usize = 2_000;
/// Tickets of the sample that a group needs on average.
const FEWEST_PER_GROUP: usize = 25;
/// How many task types are distinguished, the most frequent ones.
const TASK_TYPES: usize = 12;
/// Starts of the search, of which the best counts, and steps of each.
const RUNS: usize = 3;
const STEPS: u64 = 50;
/// A share of a group from which on a task type names it.
const NAMES_GROUP: f64 = 0.6;
/// Distance of a group's mean from that of all tickets, in standard deviations, from which on it is a trait.
const IS_TRAIT: f64 = 0.5;
/// Traits in a name.
const TRAITS: usize = 2;

/// A measured column, its words for less and more than usual, and whether it is taken by its logarithm.
struct Measure {
    feature: &'static str,
    less: &'static str,
    more: &'static str,
    is_wide: bool,
}

const fn measure(feature: &'static str, less: &'static str, more: &'static str, is_wide: bool) -> Measure {
    Measure { feature, less, more, is_wide }
}

/// The first is said before the task type.
const MEASURES: [Measure; 8] = [
    measure("parameters_size", "small", "large", true),
    measure("capabilities_count", "few capabilities", "many capabilities", true),
    measure("estimated_duration_ms", "short estimate", "long estimate", true),
    measure("risk_weight", "low risk", "high risk", false),
    measure("retry_count", "not retried", "retried", true),
    measure("qos_delivery_score", "loose delivery", "strict delivery", false),
    measure("qos_consistency_score", "weak consistency", "strong consistency", false),
    measure("qos_durability_score", "ephemeral", "durable", false),
];

/// Groups of similar tickets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workloads {
    /// The task types that have a column of 0 and 1 after the measured ones.
    pub task_types: Vec<String>,
    /// By column, before standardising; a standard deviation of 0 takes the column out.
    pub mean: Vec<f64>,
    pub standard_deviation: Vec<f64>,
    pub groups: Vec<Workload>,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workload {
    /// By its leading traits: `large BUILD, many capabilities`.
    pub name: String,
    /// Standardised.
    pub centroid: Vec<f64>,
    /// Share of the sample, 0–1.
    pub share: f64,
}

impl Workloads {
    /// Finds groups by k-means (k-means++ starts, fixed seed) on standardised columns of at most 2,000 tickets;
    /// `None` for fewer than 50 tickets or tickets that are all alike.
    ///
    /// Errors: [`ErrorKind::Internal`] when the search itself fails.
    pub fn learn(tickets: &Observations) -> Result<Option<Workloads>> {
        let step = tickets.len().div_ceil(SAMPLE).max(1);
        let sample = tickets.select(&(0..tickets.len()).step_by(step).collect::<Vec<_>>());
        let mut found = Workloads::standardised(&sample);
        let columns = Columns::of(&found.task_types, &sample);
        let rows: Vec<Vec<f64>> = (0..sample.len()).map(|row| found.standardise(&columns.row(row))).collect();
        let distinct: HashSet<Vec<u64>> = rows.iter().map(|row| row.iter().map(|value| value.to_bits()).collect()).collect();
        let count = MOST_GROUPS.min(rows.len() / FEWEST_PER_GROUP).min(distinct.len());
        if count < 2 {
            return Ok(None);
        }
        let failed = |error: String| Error::new(ErrorKind::Internal, "cannot group the tickets of the baseline").because(error);
        let records = Array2::from_shape_vec((rows.len(), found.mean.len()), rows.concat()).map_err(|error| failed(error.to_string()))?;
        let search = KMeans::params(count).n_runs(RUNS).max_n_iterations(STEPS).tolerance(1e-4);
        let groups = search.fit(&DatasetBase::from(records)).map_err(|error| failed(error.to_string()))?;
        found.groups = groups
            .centroids()
            .outer_iter()
            .map(|centroid| Workload { name: String::new(), centroid: centroid.to_vec(), share: 0.0 })
            .collect();
        rows.iter().for_each(|row| {
            let nearest = found.nearest(row);
            found.groups[nearest].share += 1.0 / rows.len() as f64;
        });
        found.groups.retain(|group| group.share > 0.0);
        found.groups.sort_by(|left, right| right.share.total_cmp(&left.share));
        found.name_groups();
        Ok(Some(found))
    }

    /// The group of every ticket, as words.
    pub fn of(&self, tickets: &Observations) -> CategoricalColumn {
        let columns = Columns::of(&self.task_types, tickets);
        let rows = (0..tickets.len()).into_par_iter().with_min_len(1_000);
        let codes = rows.map(|row| self.nearest(&self.standardise(&columns.row(row))) as WordCode).collect();
        CategoricalColumn { names: self.groups.iter().map(|group| group.name.clone()).collect(), codes }
    }

    /// Whether every list has one length.
    pub fn is_whole(&self) -> bool {
        let columns = MEASURES.len() + self.task_types.len();
        self.mean.len() == columns
            && self.standard_deviation.len() == columns
            && !self.groups.is_empty()
            && self.groups.iter().all(|group| group.centroid.len() == columns)
    }

    /// Means and standard deviations, no groups yet.
    fn standardised(sample: &Observations) -> Workloads {
        let mut counts: Vec<(usize, &String)> = sample.task_type.names.iter().map(|name| (0, name)).collect();
        sample.task_type.codes.iter().filter(|&&code| code != UNKNOWN).for_each(|&code| counts[code as usize].0 += 1);
        counts.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(right.1)));
        let task_types: Vec<String> = counts.into_iter().take(TASK_TYPES).map(|(_, name)| name.clone()).collect();
        let columns = Columns::of(&task_types, sample);
        let width = MEASURES.len() + task_types.len();
        let (mut mean, mut squares) = (vec![0.0; width], vec![0.0; width]);
        let count = sample.len().max(1) as f64;
        (0..sample.len()).for_each(|row| add(&mut mean, columns.row(row), |value, _| value / count));
        (0..sample.len()).for_each(|row| add(&mut squares, columns.row(row), |value, column| (value - mean[column]).powi(2) / count));
        let standard_deviation = squares.into_iter().map(f64::sqrt).map(|value| if value > 1e-9 { value } else { 0.0 }).collect();
        Workloads { task_types, mean, standard_deviation, groups: Vec::new() }
    }

    fn standardise(&self, row: &[f64]) -> Vec<f64> {
        let scaled = |(column, &value): (usize, &f64)| {
            let deviation = self.standard_deviation[column];
            if deviation > 0.0 { (value - self.mean[column]) / deviation } else { 0.0 }
        };
        row.iter().enumerate().map(scaled).collect()
    }

    fn nearest(&self, row: &[f64]) -> usize {
        let distance = |group: &Workload| group.centroid.iter().zip(row).map(|(own, value)| (own - value).powi(2)).sum::<f64>();
        let distances = self.groups.iter().map(distance).enumerate();
        distances.min_by(|left, right| left.1.total_cmp(&right.1)).map_or(0, |(place, _)| place)
    }

    fn name_groups(&mut self) {
        let mut taken: HashMap<String, usize> = HashMap::new();
        for place in 0..self.groups.len() {
            let centroid = &self.groups[place].centroid;
            let (task, traits) = (self.task_type(centroid), self.traits(centroid));
            // A trait more where the name is taken already.
            let names = (TRAITS..=traits.len().max(TRAITS)).map(|count| name(task, &traits[..count.min(traits.len())]));
            let names: Vec<String> = names.collect();
            let fresh = names.iter().find(|name| !taken.contains_key(*name)).or(names.last());
            let name = fresh.cloned().unwrap_or_default();
            let times = taken.entry(name.clone()).or_default();
            *times += 1;
            self.groups[place].name = if *times > 1 { format!("{name} ({times})") } else { name };
        }
    }

    /// The task type that most tickets of a group have.
    fn task_type(&self, centroid: &[f64]) -> Option<&str> {
        let share = |place: usize| {
            let column = MEASURES.len() + place;
            // A type that every ticket has does not vary, and its share is its mean.
            centroid[column] * self.standard_deviation[column] + self.mean[column]
        };
        (0..self.task_types.len()).find(|&place| share(place) >= NAMES_GROUP).map(|place| self.task_types[place].as_str())
    }

    /// What sets a group apart, strongest first: the place in [`MEASURES`], and whether there is more of it than usual.
    fn traits(&self, centroid: &[f64]) -> Vec<(usize, bool)> {
        let mut places: Vec<usize> = (0..MEASURES.len()).filter(|&place| centroid[place].abs() >= IS_TRAIT).collect();
        places.sort_by(|&left, &right| centroid[right].abs().total_cmp(&centroid[left].abs()));
        places.into_iter().map(|place| (place, centroid[place] > 0.0)).collect()
    }
}

fn name(task_type: Option<&str>, traits: &[(usize, bool)]) -> String {
    let word = |&(place, more): &(usize, bool)| if more { MEASURES[place].more } else { MEASURES[place].less };
    let task_type = task_type.unwrap_or("mixed work");
    let size = traits.iter().find(|(place, _)| *place == 0).map(word);
    let first = size.map_or(task_type.to_owned(), |size| format!("{size} {task_type}"));
    let others = traits.iter().filter(|(place, _)| *place != 0).map(word);
    std::iter::once(first.as_str()).chain(others).collect::<Vec<_>>().join(", ")
}

/// Adds a value of each column to the sums.
fn add(sums: &mut [f64], row: Vec<f64>, value: impl Fn(f64, usize) -> f64) {
    sums.iter_mut().zip(row).enumerate().for_each(|(column, (sum, own))| *sum += value(own, column));
}

/// Where the columns of a row stand in some tickets.
struct Columns<'a> {
    measures: Vec<&'a [f32]>,
    /// Column of the task type by its code.
    task_column: Vec<Option<usize>>,
    width: usize,
    tickets: &'a Observations,
}

impl<'a> Columns<'a> {
    fn of(task_types: &[String], tickets: &'a Observations) -> Columns<'a> {
        let names = feature_names();
        let place = |measure: &Measure| names.iter().position(|name| name == measure.feature);
        let measures =
            MEASURES.iter().map(|measure| place(measure).and_then(|place| tickets.features.get(place)).map_or(&[][..], Vec::as_slice));
        let column = |name: &String| task_types.iter().position(|known| known == name).map(|place| MEASURES.len() + place);
        Columns {
            measures: measures.collect(),
            task_column: tickets.task_type.names.iter().map(column).collect(),
            width: MEASURES.len() + task_types.len(),
            tickets,
        }
    }

    /// The columns of a ticket before standardising; what is no number is 0.
    fn row(&self, row: usize) -> Vec<f64> {
        let mut columns = vec![0.0; self.width];
        for ((column, measure), values) in columns.iter_mut().zip(&MEASURES).zip(&self.measures) {
            let value = values.get(row).copied().map_or(0.0, f64::from);
            *column = match measure.is_wide {
                _ if !value.is_finite() => 0.0,
                true => value.max(0.0).ln_1p(),
                false => value,
            };
        }
        if let Some(&Some(column)) = self.task_column.get(self.tickets.task_type.codes[row] as usize) {
            columns[column] = 1.0;
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::random::SplitMix64;

    /// Two of three tickets are small TESTs, the others large BUILDs that need much.
    fn tickets(rows: usize) -> Observations {
        let mut random = SplitMix64::new(21);
        let names = feature_names();
        let mut made =
            Observations { features: vec![vec![0.5; rows]; names.len()], duration_ms: vec![1.0; rows], ..Observations::default() };
        made.completed_at = vec![0; rows];
        made.estimated_duration_ms = vec![f64::NAN; rows];
        let place = |wanted: &str| names.iter().position(|name| name == wanted).unwrap();
        let (size, capabilities) = (place("parameters_size"), place("capabilities_count"));
        for row in 0..rows {
            let is_build = row % 3 == 0;
            made.task_type.codes.push(u32::from(is_build));
            made.features[size][row] = (if is_build { 4_000.0 } else { 50.0 }) * (1.0 + random.unit() as f32 / 4.0);
            made.features[capabilities][row] = if is_build { 9.0 } else { 1.0 };
        }
        made.task_type.names = vec!["TEST".into(), "BUILD".into()];
        made.requester.codes = vec![UNKNOWN; rows];
        made.risk_band.codes = vec![UNKNOWN; rows];
        made
    }

    #[test]
    fn groups_are_those_that_were_made_and_named_by_what_sets_them_apart() {
        let made = tickets(900);
        let found = Workloads::learn(&made).unwrap().unwrap();
        assert!(found.is_whole() && (found.groups.iter().map(|group| group.share).sum::<f64>() - 1.0).abs() < 1e-9);
        let words = found.of(&made);
        let of = |row: usize| words.name(words.codes[row]);
        assert!((0..900).all(|row| of(row).contains(if row % 3 == 0 { "large BUILD" } else { "TEST" })), "{:?}", words.names);
        assert!(words.names.iter().any(|name| name.starts_with("large BUILD, many capabilities")), "{:?}", words.names);
        let distinct: HashSet<&String> = words.names.iter().collect();
        assert_eq!(distinct.len(), words.names.len());
        assert_eq!(Workloads::learn(&made).unwrap().unwrap(), found, "the same tickets have the same groups");
    }

    #[test]
    fn an_unknown_task_type_and_missing_numbers_have_a_group_too() {
        let found = Workloads::learn(&tickets(900)).unwrap().unwrap();
        let mut strange = tickets(3);
        strange.task_type.names = vec!["MIGRATE".into(), "NONE".into()];
        strange.task_type.codes = vec![0, UNKNOWN, 1];
        strange.features[6][0] = f32::NAN;
        assert_eq!(found.of(&strange).unknown_share(), 0.0);
    }

    #[test]
    fn few_or_equal_tickets_have_no_groups() {
        assert_eq!(Workloads::learn(&tickets(49)).unwrap(), None);
        assert_eq!(Workloads::learn(&Observations::default()).unwrap(), None);
        let same = tickets(300).select(&[0; 300]);
        assert_eq!(Workloads::learn(&same).unwrap(), None);
    }
}
