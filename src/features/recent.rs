//! Recency: the last durations of tickets like this one.

use serde::{Deserialize, Serialize};

use super::facts::{Code, TicketFacts, UNKNOWN};

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
pub struct GroupKey(Code, Code, u64, u32);

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
    pub fn key(self, facts: &TicketFacts) -> Option<GroupKey> {
        let requester = (facts.requester != UNKNOWN).then_some(facts.requester)?;
        let estimate = || (!facts.estimated_duration_ms.is_nan()).then(|| facts.estimated_duration_ms.to_bits());
        Some(match self {
            Grouping::Requester => GroupKey(requester, 0, 0, 0),
            Grouping::RequesterTask => GroupKey(requester, facts.task_type, 0, 0),
            Grouping::RequesterExecutable => GroupKey(requester, (facts.executable != UNKNOWN).then_some(facts.executable)?, 0, 0),
            Grouping::RequesterEstimate => GroupKey(requester, 0, estimate()?, 0),
            Grouping::RequesterEstimateSize => GroupKey(requester, 0, estimate()?, (!facts.size.is_nan()).then(|| facts.size.to_bits())?),
        })
    }
}

/// What is told about the remembered durations.
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
    /// Largest of the remembered ones.
    Maximum,
    /// Mean of duration / estimate over the remembered ones that had an estimate.
    ToEstimate,
    /// How many ended so far, remembered or not.
    Count,
}

impl RecentStatistic {
    /// Every statistic.
    pub const ALL: &'static [RecentStatistic] = &[
        RecentStatistic::Last,
        RecentStatistic::MeanOfTwo,
        RecentStatistic::Mean,
        RecentStatistic::Median,
        RecentStatistic::Maximum,
        RecentStatistic::ToEstimate,
        RecentStatistic::Count,
    ];

    /// The second part of the columns' names.
    pub fn name(self) -> &'static str {
        match self {
            RecentStatistic::Last => "last_duration_ms",
            RecentStatistic::MeanOfTwo => "mean_of_last_2_ms",
            RecentStatistic::Mean => "mean_of_last_10_ms",
            RecentStatistic::Median => "median_of_last_10_ms",
            RecentStatistic::Maximum => "maximum_of_last_10_ms",
            RecentStatistic::ToEstimate => "duration_to_estimate",
            RecentStatistic::Count => "ended_count",
        }
    }

    /// The column's unit.
    pub fn unit(self) -> &'static str {
        match self {
            RecentStatistic::ToEstimate => "ratio",
            RecentStatistic::Count => "count",
            _ => "ms",
        }
    }

    /// The number for a group; NaN where nothing has ended yet.
    pub fn of(self, group: Option<&Recent>) -> f32 {
        let Some(recent) = group.filter(|recent| recent.ended > 0) else { return f32::NAN };
        let held = recent.held();
        match self {
            RecentStatistic::Last => recent.latest(0),
            RecentStatistic::MeanOfTwo if held > 1 => ((f64::from(recent.latest(0)) + f64::from(recent.latest(1))) / 2.0) as f32,
            RecentStatistic::MeanOfTwo => recent.latest(0),
            RecentStatistic::Mean => mean(recent.durations_ms[..held].iter().copied()),
            RecentStatistic::Median => median(recent.durations_ms, held),
            RecentStatistic::Maximum => recent.durations_ms[..held].iter().copied().fold(f32::NEG_INFINITY, f32::max),
            RecentStatistic::ToEstimate => mean(recent.to_estimate[..held].iter().copied().filter(|&ratio| ratio > 0.0)),
            RecentStatistic::Count => recent.ended as f32,
        }
    }
}

fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), value| (sum + f64::from(value), count + 1));
    (sum / f64::from(count)) as f32
}

fn median(mut values: [f32; REMEMBERED], held: usize) -> f32 {
    let values = &mut values[..held];
    values.sort_unstable_by(f32::total_cmp);
    let middle = held / 2;
    if held % 2 == 1 { values[middle] } else { ((f64::from(values[middle - 1]) + f64::from(values[middle])) / 2.0) as f32 }
}

/// The last [`REMEMBERED`] durations of one group, in the order in which they became known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "WrittenRecent", into = "WrittenRecent")]
pub struct Recent {
    /// A ring: the latest stands at `(ended - 1) % REMEMBERED`.
    durations_ms: [f32; REMEMBERED],
    /// duration / estimate beside it; 0 without a positive estimate.
    to_estimate: [f32; REMEMBERED],
    ended: u32,
}

impl Recent {
    /// Takes an ended ticket with a label in; one without a label teaches nothing here.
    pub fn learn(&mut self, facts: &TicketFacts) {
        if !facts.is_labelled() {
            return;
        }
        let estimate = facts.estimated_duration_ms;
        let place = self.ended as usize % REMEMBERED;
        self.durations_ms[place] = facts.duration_ms as f32;
        self.to_estimate[place] = if estimate > 0.0 { (facts.duration_ms / estimate) as f32 } else { 0.0 };
        self.ended = self.ended.saturating_add(1);
    }

    fn held(&self) -> usize {
        (self.ended as usize).min(REMEMBERED)
    }

    fn latest(&self, back: usize) -> f32 {
        self.durations_ms[(self.ended as usize - 1 - back) % REMEMBERED]
    }
}

/// Only what is held, oldest first.
#[derive(Serialize, Deserialize)]
struct WrittenRecent(u32, Vec<f32>, Vec<f32>);

impl From<Recent> for WrittenRecent {
    fn from(recent: Recent) -> Self {
        let places = || (recent.ended as usize - recent.held()..recent.ended as usize).map(|number| number % REMEMBERED);
        WrittenRecent(
            recent.ended,
            places().map(|place| recent.durations_ms[place]).collect(),
            places().map(|place| recent.to_estimate[place]).collect(),
        )
    }
}

impl From<WrittenRecent> for Recent {
    fn from(WrittenRecent(ended, durations_ms, to_estimate): WrittenRecent) -> Self {
        let mut recent = Recent { ended: ended.max(durations_ms.len().min(REMEMBERED) as u32), ..Recent::default() };
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

    fn ended(duration_ms: f64, estimate_ms: Option<f64>) -> TicketFacts {
        let ticket = Ticket { estimated_duration_ms: estimate_ms, requester: "ana".into(), ..Ticket::default() };
        TicketFacts { duration_ms, ..TicketFacts::learn(&ticket, None, 0, &mut Vocabulary::default()) }
    }

    #[test]
    fn only_the_last_ten_are_remembered() {
        let mut recent = Recent::default();
        assert!(RecentStatistic::ALL.iter().all(|statistic| statistic.of(Some(&recent)).is_nan() && statistic.of(None).is_nan()));
        (1..=13).for_each(|step| recent.learn(&ended(f64::from(step) * 100.0, Some(1_000.0))));
        let told = |statistic: RecentStatistic| statistic.of(Some(&recent));
        assert_eq!(told(RecentStatistic::Last), 1_300.0);
        assert_eq!(told(RecentStatistic::MeanOfTwo), 1_250.0);
        assert_eq!(told(RecentStatistic::Mean), 850.0);
        assert_eq!(told(RecentStatistic::Median), 850.0);
        assert_eq!(told(RecentStatistic::Maximum), 1_300.0);
        assert!((told(RecentStatistic::ToEstimate) - 0.85).abs() < 1e-6);
        assert_eq!(told(RecentStatistic::Count), 13.0);
    }

    #[test]
    fn tickets_without_label_or_estimate_are_told_apart() {
        let mut recent = Recent::default();
        recent.learn(&ended(f64::NAN, Some(10.0)));
        assert_eq!(recent, Recent::default());
        recent.learn(&ended(30.0, None));
        recent.learn(&ended(50.0, Some(100.0)));
        assert_eq!(RecentStatistic::ToEstimate.of(Some(&recent)), 0.5);
        assert_eq!(RecentStatistic::Mean.of(Some(&recent)), 40.0);
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
        assert!(Grouping::Requester.key(&TicketFacts { requester: UNKNOWN, ..with_estimate }).is_none());
    }
}
