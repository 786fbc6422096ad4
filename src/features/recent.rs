//! Recency: the last durations of tickets like this one.

use serde::{Deserialize, Serialize};

use super::encoded::{EncodedTicket, NO_TIME, UNKNOWN, WordCode};

/// How many past durations a group remembers.
pub const REMEMBERED: usize = 10;

/// Which past tickets count as "like this one".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// The same requester.
    Requester,
    /// The same requester and task type.
    RequesterTask,
    /// The same requester and executable.
    RequesterExecutable,
    /// The same requester and estimate.
    RequesterEstimate,
    /// The same requester, estimate and size.
    RequesterEstimateSize,
}

/// What a ticket's group is found by; parts that the grouping does not use are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GroupKey(WordCode, WordCode, u64, u32);

impl Grouping {
    /// Every grouping.
    pub const ALL: &'static [Grouping] = &[
        Grouping::Requester,
        Grouping::RequesterTask,
        Grouping::RequesterExecutable,
        Grouping::RequesterEstimate,
        Grouping::RequesterEstimateSize,
    ];

    /// The first part of the columns' names.
    pub fn name(self) -> &'static str {
        match self {
            Grouping::Requester => "requester",
            Grouping::RequesterTask => "requester_task",
            Grouping::RequesterExecutable => "requester_executable",
            Grouping::RequesterEstimate => "requester_estimate",
            Grouping::RequesterEstimateSize => "requester_estimate_size",
        }
    }

    /// The ticket's group; `None` when the ticket lacks a part of it.
    pub fn key(self, encoded: &EncodedTicket) -> Option<GroupKey> {
        let requester = (encoded.requester != UNKNOWN).then_some(encoded.requester)?;
        let estimate = || (!encoded.estimated_duration_ms.is_nan()).then(|| encoded.estimated_duration_ms.to_bits());
        Some(match self {
            Grouping::Requester => GroupKey(requester, 0, 0, 0),
            Grouping::RequesterTask => GroupKey(requester, encoded.task_type, 0, 0),
            Grouping::RequesterExecutable => GroupKey(requester, (encoded.executable != UNKNOWN).then_some(encoded.executable)?, 0, 0),
            Grouping::RequesterEstimate => GroupKey(requester, 0, estimate()?, 0),
            Grouping::RequesterEstimateSize => {
                GroupKey(requester, 0, estimate()?, (!encoded.size.is_nan()).then(|| encoded.size.to_bits())?)
            }
        })
    }
}

/// A statistic of the remembered durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecentStatistic {
    /// The latest duration.
    Last,
    /// Mean of the latest two (of one, if there is only one).
    MeanOfTwo,
    /// Mean of the remembered ones.
    Mean,
    /// Median of the remembered ones.
    Median,
    /// Smallest of the remembered ones.
    Minimum,
    /// Largest of the remembered ones.
    Maximum,
    /// Latest duration / estimate.
    LastToEstimate,
    /// Mean of duration / estimate over the remembered ones that had an estimate.
    MeanToEstimate,
    /// Median of the same ratios.
    MedianToEstimate,
    /// How many are remembered, at most [`REMEMBERED`]. A count without bound would tell the date.
    Count,
    /// Time since the latest became known: how stale the memory is.
    SinceLast,
}

impl RecentStatistic {
    /// Every statistic, in the order of [`Recent::values`].
    pub const ALL: [RecentStatistic; 11] = [
        RecentStatistic::Last,
        RecentStatistic::MeanOfTwo,
        RecentStatistic::Mean,
        RecentStatistic::Median,
        RecentStatistic::Minimum,
        RecentStatistic::Maximum,
        RecentStatistic::LastToEstimate,
        RecentStatistic::MeanToEstimate,
        RecentStatistic::MedianToEstimate,
        RecentStatistic::Count,
        RecentStatistic::SinceLast,
    ];

    /// The second part of the columns' names.
    pub fn name(self) -> &'static str {
        match self {
            RecentStatistic::Last => "last_duration_ms",
            RecentStatistic::MeanOfTwo => "mean_of_last_2_ms",
            RecentStatistic::Mean => "mean_of_last_10_ms",
            RecentStatistic::Median => "median_of_last_10_ms",
            RecentStatistic::Minimum => "minimum_of_last_10_ms",
            RecentStatistic::Maximum => "maximum_of_last_10_ms",
            RecentStatistic::LastToEstimate => "last_to_estimate",
            RecentStatistic::MeanToEstimate => "mean_to_estimate",
            RecentStatistic::MedianToEstimate => "median_to_estimate",
            RecentStatistic::Count => "remembered_count",
            RecentStatistic::SinceLast => "since_last_ms",
        }
    }

    /// The column's unit.
    pub fn unit(self) -> &'static str {
        match self {
            RecentStatistic::LastToEstimate | RecentStatistic::MeanToEstimate | RecentStatistic::MedianToEstimate => "ratio",
            RecentStatistic::Count => "count",
            _ => "ms",
        }
    }
}

/// A number a statistic, in the order of [`RecentStatistic::ALL`].
pub type RecentValues = [f32; RecentStatistic::ALL.len()];

/// The last [`REMEMBERED`] durations of one group, in the order in which they became known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "WrittenRecent", into = "WrittenRecent")]
pub struct Recent {
    /// A ring: the latest stands at `(ended - 1) % REMEMBERED`.
    durations_ms: [f32; REMEMBERED],
    /// duration / estimate beside it; 0 without a positive estimate.
    to_estimate: [f32; REMEMBERED],
    ended: u32,
    /// When the latest became known.
    latest_at: i64,
}

impl Default for Recent {
    fn default() -> Self {
        Recent { durations_ms: [0.0; REMEMBERED], to_estimate: [0.0; REMEMBERED], ended: 0, latest_at: NO_TIME }
    }
}

impl Recent {
    /// Learns from an ended ticket; one without a label changes nothing.
    pub fn learn(&mut self, encoded: &EncodedTicket) {
        if !encoded.is_labelled() {
            return;
        }
        let estimate = encoded.estimated_duration_ms;
        let place = self.ended as usize % REMEMBERED;
        self.durations_ms[place] = encoded.duration_ms as f32;
        self.to_estimate[place] = if estimate > 0.0 { (encoded.duration_ms / estimate) as f32 } else { 0.0 };
        self.ended = self.ended.saturating_add(1);
        self.latest_at = encoded.known_at;
    }

    /// All statistics for a ticket created at `now` (ms since the epoch); NaN where nothing is known.
    pub fn values(&self, now: i64) -> RecentValues {
        let mut values = [f32::NAN; RecentStatistic::ALL.len()];
        if self.ended == 0 {
            return values;
        }
        let mut tell = |statistic: RecentStatistic, value: f32| values[statistic as usize] = value;
        let held = self.held();
        let before = self.latest(1.min(held - 1));
        tell(RecentStatistic::Last, self.durations_ms[self.latest(0)]);
        tell(RecentStatistic::MeanOfTwo, midpoint(self.durations_ms[self.latest(0)], self.durations_ms[before]));
        let mut durations_ms = self.durations_ms;
        let durations_ms = &mut durations_ms[..held];
        durations_ms.sort_unstable_by(f32::total_cmp);
        tell(RecentStatistic::Mean, mean(durations_ms));
        tell(RecentStatistic::Median, median(durations_ms));
        tell(RecentStatistic::Minimum, durations_ms[0]);
        tell(RecentStatistic::Maximum, durations_ms[held - 1]);
        if self.to_estimate[self.latest(0)] > 0.0 {
            tell(RecentStatistic::LastToEstimate, self.to_estimate[self.latest(0)]);
        }
        let mut ratios = self.to_estimate;
        let ratios = &mut ratios[..held];
        ratios.sort_unstable_by(f32::total_cmp);
        let ratios = &ratios[ratios.partition_point(|&ratio| ratio <= 0.0)..];
        if !ratios.is_empty() {
            tell(RecentStatistic::MeanToEstimate, mean(ratios));
            tell(RecentStatistic::MedianToEstimate, median(ratios));
        }
        tell(RecentStatistic::Count, held as f32);
        if now != NO_TIME && self.latest_at != NO_TIME {
            tell(RecentStatistic::SinceLast, now.saturating_sub(self.latest_at) as f32);
        }
        values
    }

    fn held(&self) -> usize {
        (self.ended as usize).min(REMEMBERED)
    }

    /// Place of the duration `back` before the latest.
    fn latest(&self, back: usize) -> usize {
        (self.ended as usize - 1 - back) % REMEMBERED
    }
}

fn midpoint(left: f32, right: f32) -> f32 {
    ((f64::from(left) + f64::from(right)) / 2.0) as f32
}

fn mean(values: &[f32]) -> f32 {
    (values.iter().copied().map(f64::from).sum::<f64>() / values.len() as f64) as f32
}

fn median(sorted: &[f32]) -> f32 {
    midpoint(sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2])
}

/// Only what is held, oldest first.
#[derive(Serialize, Deserialize)]
struct WrittenRecent(u32, i64, Vec<f32>, Vec<f32>);

impl From<Recent> for WrittenRecent {
    fn from(recent: Recent) -> Self {
        let places = || (recent.ended as usize - recent.held()..recent.ended as usize).map(|number| number % REMEMBERED);
        WrittenRecent(
            recent.ended,
            recent.latest_at,
            places().map(|place| recent.durations_ms[place]).collect(),
            places().map(|place| recent.to_estimate[place]).collect(),
        )
    }
}

impl From<WrittenRecent> for Recent {
    fn from(WrittenRecent(ended, latest_at, durations_ms, to_estimate): WrittenRecent) -> Self {
        let mut recent = Recent { ended: ended.max(durations_ms.len().min(REMEMBERED) as u32), latest_at, ..Recent::default() };
        let first = recent.ended as usize - durations_ms.len().min(REMEMBERED);
        for (step, (duration_ms, ratio)) in durations_ms.into_iter().zip(to_estimate).take(REMEMBERED).enumerate() {
            recent.durations_ms[(first + step) % REMEMBERED] = duration_ms;
            recent.to_estimate[(first + step) % REMEMBERED] = ratio;
        }
        recent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Vocabulary;
    use crate::ticket::Ticket;

    fn ended(duration_ms: f64, estimate_ms: Option<f64>) -> EncodedTicket {
        let ticket = Ticket { estimated_duration_ms: estimate_ms, requester: "ana".into(), ..Ticket::default() };
        EncodedTicket { duration_ms, known_at: 2_000, ..EncodedTicket::learn(&ticket, None, 0, &mut Vocabulary::default()) }
    }

    fn values(recent: &Recent, statistic: RecentStatistic) -> f32 {
        recent.values(5_000)[RecentStatistic::ALL.iter().position(|&listed| listed == statistic).unwrap()]
    }

    #[test]
    fn only_the_last_ten_are_remembered() {
        let mut recent = Recent::default();
        assert!(recent.values(5_000).iter().all(|value| value.is_nan()));
        (1..=13).for_each(|step| recent.learn(&ended(f64::from(step) * 100.0, Some(1_000.0))));
        let expected = [
            (RecentStatistic::Last, 1_300.0),
            (RecentStatistic::MeanOfTwo, 1_250.0),
            (RecentStatistic::Mean, 850.0),
            (RecentStatistic::Median, 850.0),
            (RecentStatistic::Minimum, 400.0),
            (RecentStatistic::Maximum, 1_300.0),
            (RecentStatistic::LastToEstimate, 1.3),
            (RecentStatistic::MeanToEstimate, 0.85),
            (RecentStatistic::MedianToEstimate, 0.85),
            (RecentStatistic::Count, 10.0),
            (RecentStatistic::SinceLast, 3_000.0),
        ];
        for (statistic, value) in expected {
            assert!((values(&recent, statistic) - value).abs() < 1e-6 * value, "{statistic:?}");
        }
        assert!(recent.values(NO_TIME)[RecentStatistic::SinceLast as usize].is_nan());
    }

    #[test]
    fn one_duration_is_its_own_mean() {
        let mut recent = Recent::default();
        recent.learn(&ended(30.0, Some(60.0)));
        let six = [
            RecentStatistic::Last,
            RecentStatistic::MeanOfTwo,
            RecentStatistic::Mean,
            RecentStatistic::Median,
            RecentStatistic::Minimum,
            RecentStatistic::Maximum,
        ];
        assert_eq!(six.map(|statistic| values(&recent, statistic)), [30.0; 6]);
        assert_eq!(values(&recent, RecentStatistic::MedianToEstimate), 0.5);
    }

    #[test]
    fn tickets_without_label_or_estimate_are_told_apart() {
        let mut recent = Recent::default();
        recent.learn(&ended(f64::NAN, Some(10.0)));
        assert_eq!(recent, Recent::default());
        recent.learn(&ended(50.0, Some(100.0)));
        recent.learn(&ended(30.0, None));
        assert!(values(&recent, RecentStatistic::LastToEstimate).is_nan());
        assert_eq!(values(&recent, RecentStatistic::MeanToEstimate), 0.5);
        assert_eq!(values(&recent, RecentStatistic::Mean), 40.0);
    }

    #[test]
    fn a_group_survives_the_journey_through_json() {
        for count in [0u32, 1, 9, 10, 11, 27] {
            let mut recent = Recent::default();
            (0..count).for_each(|step| recent.learn(&ended(f64::from(step) + 0.5, Some(7.0))));
            let mut back: Recent = serde_json::from_str(&serde_json::to_string(&recent).unwrap()).unwrap();
            assert_eq!(back, recent, "{count}");
            back.learn(&ended(3.0, None));
            recent.learn(&ended(3.0, None));
            assert_eq!(back, recent, "{count}");
        }
    }

    #[test]
    fn a_ticket_without_the_part_belongs_to_no_group() {
        let with_estimate = ended(1.0, Some(5.0));
        assert!(Grouping::RequesterEstimate.key(&with_estimate).is_some());
        assert!(Grouping::RequesterEstimate.key(&ended(1.0, None)).is_none());
        assert!(Grouping::RequesterExecutable.key(&with_estimate).is_none());
        assert!(Grouping::RequesterEstimateSize.key(&with_estimate).is_none());
        assert!(Grouping::Requester.key(&EncodedTicket { requester: UNKNOWN, ..with_estimate }).is_none());
    }
}
