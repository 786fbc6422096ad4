//! Which part of the work changed: by task type, risk band, requester and group of similar tickets. How the
//! tickets of a slice behave is kept apart from how many of them there are.

use foldhash::{HashMap, HashMapExt as _};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::blocks::{WeightedSample, compare_means, compare_shares};
use super::observations::{CategoricalColumn, Observations};
use super::paired::{self, pair_of};
use super::rises::Rises;
use super::verdict::{SLICE_LEVEL, Threshold, adjusted};

/// Pull of the wider mean on the mean of few tickets, in tickets.
const SHRINKAGE: f64 = 5.0;
/// Tickets that a slice needs, then and now.
const FEWEST_ROWS: (usize, usize) = (30, 20);
/// Requester-weeks that a slice needs now, and a requester on both sides.
const FEWEST_BLOCKS: usize = 6;
const FEWEST_OWN_BLOCKS: usize = 4;
/// Change of share that is worth telling.
const LARGE_SHARE: f64 = 0.05;

/// The dimension of groups of similar tickets; they explain and never alarm.
pub const WORKLOAD: &str = "workload";
const REQUESTER: &str = "requester";

/// What about a slice changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    /// How long its tickets take, beside what their requesters and task types explain.
    Behaviour,
    /// How much of the work it is.
    Mix,
}

/// One slice and what moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// `task_type`, `risk_band`, `requester` or `workload`.
    pub dimension: &'static str,
    pub value: String,
    pub kind: SegmentKind,
    /// Behaviour: the factor by which durations moved. Mix: share now minus share then.
    pub effect: f64,
    /// The effect (its logarithm for a factor) over its standard error; signed.
    pub evidence: f64,
    pub p_value: f64,
    pub adjusted_p: f64,
    pub rows_then: usize,
    pub rows_now: usize,
    /// Large and significant; only behaviour of task types and risk bands may warn.
    pub is_hit: bool,
    /// 1 for the strongest of its dimension and kind.
    pub rank: usize,
}

/// The logarithm of a duration; one of 0, where such tickets count, is as long as the shortest that a clock tells, 1 ms.
fn logarithm(duration_ms: f64) -> f64 {
    if duration_ms > 0.0 { duration_ms.ln() } else { 0.0 }
}

/// ln duration less the mean of its group, then and now. A group's mean is pulled towards its parent's by five
/// tickets; a baseline ticket's own requester-week is left out of both, so that no ticket explains itself.
pub fn residuals<K, P>(
    tickets: (&Observations, &Observations),
    baseline: &WeightedSample,
    group: impl Fn(&Observations, usize) -> K,
    parent: impl Fn(&Observations, usize) -> P,
) -> (Vec<f64>, Vec<f64>)
where
    K: std::hash::Hash + Eq + Copy,
    P: std::hash::Hash + Eq + Copy,
{
    let (then, now) = tickets;
    let block = &baseline.by_requester.block;
    let mut groups: HashMap<K, Sum> = HashMap::new();
    let mut parents: HashMap<P, Sum> = HashMap::new();
    let (mut group_blocks, mut parent_blocks) = (HashMap::<(K, u32), Sum>::new(), HashMap::<(P, u32), Sum>::new());
    let mut all = Sum::default();
    for (row, &block) in block.iter().enumerate() {
        let (value, group, parent) = (logarithm(then.duration_ms[row]), group(then, row), parent(then, row));
        all.add(value);
        groups.entry(group).or_default().add(value);
        parents.entry(parent).or_default().add(value);
        group_blocks.entry((group, block)).or_default().add(value);
        parent_blocks.entry((parent, block)).or_default().add(value);
    }
    let residual = |value: f64, own: Sum, wider: Sum| value - own.pulled(wider.pulled(all.mean()));
    let of = |sums: Option<&Sum>| sums.copied().unwrap_or_default();
    let before = (0..then.len()).map(|row| {
        let (key, wider) = (group(then, row), parent(then, row));
        let own = of(groups.get(&key)).less(of(group_blocks.get(&(key, block[row]))));
        let wider = of(parents.get(&wider)).less(of(parent_blocks.get(&(wider, block[row]))));
        residual(logarithm(then.duration_ms[row]), own, wider)
    });
    let before = before.collect();
    let after = (0..now.len())
        .map(|row| residual(logarithm(now.duration_ms[row]), of(groups.get(&group(now, row))), of(parents.get(&parent(now, row)))))
        .collect();
    (before, after)
}

#[derive(Clone, Copy, Default)]
struct Sum {
    count: f64,
    total: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        self.total += value;
    }

    fn less(self, part: Sum) -> Sum {
        Sum { count: self.count - part.count, total: self.total - part.total }
    }

    fn mean(self) -> f64 {
        if self.count > 0.0 { self.total / self.count } else { 0.0 }
    }

    fn pulled(self, wider: f64) -> f64 {
        (self.total + SHRINKAGE * wider) / (self.count + SHRINKAGE)
    }
}

/// Looks at every slice; both kinds, strongest evidence first within each. `workloads` are the groups of similar
/// tickets, then and now, where the baseline has any; `rows` are the tickets now, counted as the baseline's are.
pub fn look(
    tickets: (&Observations, &Observations),
    sides: (&WeightedSample, &WeightedSample),
    workloads: Option<(&CategoricalColumn, &CategoricalColumn)>,
    rows: f64,
) -> Vec<Segment> {
    let pair = |tickets: &Observations, row: usize| pair_of(tickets, row);
    let logarithms = |tickets: &Observations| tickets.duration_ms.iter().map(|duration| duration.ln()).collect::<Vec<f64>>();
    let measured = Measured {
        residuals: residuals(tickets, sides.0, pair, |tickets, row| tickets.task_type.codes[row]),
        logarithms: (logarithms(tickets.0), logarithms(tickets.1)),
    };
    let (before, after) = tickets;
    let rises = Rises::draw(sides.0, &before.requester, rows);
    let dimensions = [
        ("task_type", Some((&before.task_type, &after.task_type))),
        ("risk_band", Some((&before.risk_band, &after.risk_band))),
        (REQUESTER, Some((&before.requester, &after.requester))),
        (WORKLOAD, workloads),
    ];
    let mut found = Vec::new();
    for (dimension, words) in dimensions.into_iter().filter_map(|(dimension, words)| Some((dimension, words?))) {
        let count = words.0.names.len().max(words.1.names.len());
        let rows = rows_by_code(words.0, count).into_iter().zip(rows_by_code(words.1, count)).enumerate().collect::<Vec<_>>();
        let looks = rows.par_iter().filter(|(_, rows)| !rows.0.is_empty() || !rows.1.is_empty()).map(|(code, rows)| {
            let slice = Slice { dimension, value: words.1.name(*code as u32), rows: (&rows.0, &rows.1) };
            [slice.behaviour(tickets, sides, &measured), slice.mix(sides, words, *code as u32, rises.as_ref())]
        });
        found.extend(looks.collect::<Vec<_>>().into_iter().flatten().flatten());
    }
    correct(&mut found);
    rank(&mut found);
    found
}

/// Of every ticket, then and now.
struct Measured {
    /// ln duration less what requester and task type explain.
    residuals: (Vec<f64>, Vec<f64>),
    /// ln duration.
    logarithms: (Vec<f64>, Vec<f64>),
}

/// Rows of each of `count` codes; tickets without a word are in none.
fn rows_by_code(words: &CategoricalColumn, count: usize) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); count];
    for (row, &code) in words.codes.iter().enumerate() {
        if let Some(rows) = rows.get_mut(code as usize) {
            rows.push(row);
        }
    }
    rows
}

struct Slice<'a> {
    dimension: &'static str,
    value: &'a str,
    rows: (&'a Vec<usize>, &'a Vec<usize>),
}

impl Slice<'_> {
    fn behaviour(
        &self,
        tickets: (&Observations, &Observations),
        sides: (&WeightedSample, &WeightedSample),
        measured: &Measured,
    ) -> Option<Segment> {
        if self.rows.0.len() < FEWEST_ROWS.0 || self.rows.1.len() < FEWEST_ROWS.1 {
            return None;
        }
        let (then, now) = (sides.0.select(self.rows.0), sides.1.select(self.rows.1));
        let blocks = (then.by_requester.count, now.by_requester.count);
        let enough = match self.dimension {
            REQUESTER => blocks.0.min(blocks.1) >= FEWEST_OWN_BLOCKS,
            _ => blocks.1 >= FEWEST_BLOCKS,
        };
        if !enough || then.weights.iter().all(|&weight| weight == 0.0) {
            return None;
        }
        let of = |values: &[f64], rows: &[usize]| rows.iter().map(|&row| values[row]).collect::<Vec<f64>>();
        let means = compare_means((&then, &of(&measured.residuals.0, self.rows.0)), (&now, &of(&measured.residuals.1, self.rows.1)));
        fn paired<'a>(tickets: &'a Observations, values: &'a [f64], rows: &'a [usize]) -> impl Iterator<Item = ((u32, u32), f64)> + 'a {
            rows.iter().map(move |&row| (pair_of(tickets, row), values[row]))
        }
        let paired =
            paired::shift(paired(tickets.0, &measured.logarithms.0, self.rows.0), paired(tickets.1, &measured.logarithms.1, self.rows.1));
        // The surer of two looks at the same question; the correction below counts both.
        let by_means = means.map(|means| (means.difference, means.difference / means.standard_error, means.p_value));
        let by_pairs = paired.map(|paired| (paired.difference, paired.statistic, paired.p_value));
        let looks = [by_means, by_pairs].into_iter().flatten();
        let (difference, evidence, p_value) = looks.min_by(|left, right| left.2.total_cmp(&right.2))?;
        Some(self.segment(SegmentKind::Behaviour, difference.exp(), evidence, (2.0 * p_value).min(1.0)))
    }

    fn mix(
        &self,
        sides: (&WeightedSample, &WeightedSample),
        words: (&CategoricalColumn, &CategoricalColumn),
        code: u32,
        rises: Option<&Rises>,
    ) -> Option<Segment> {
        let share = |side: &WeightedSample, rows: &[usize]| rows.iter().map(|&row| side.weights[row]).sum::<f64>();
        let change = share(sides.1, self.rows.1) - share(sides.0, self.rows.0);
        if change.abs() < LARGE_SHARE {
            return None;
        }
        // A requester's week is one burst, so no test over his own bursts can tell a rise from one.
        if let Some(rises) = rises.filter(|_| self.dimension == REQUESTER && change > 0.0) {
            let rise = rises.judge(change);
            return Some(Segment { is_hit: rise.is_beyond, ..self.segment(SegmentKind::Mix, change, rise.evidence, rise.p_value) });
        }
        let inside = |side: &WeightedSample, words: &CategoricalColumn| {
            side.tally(&words.codes.iter().map(|&own| u8::from(own == code)).collect::<Vec<u8>>(), 2)
        };
        let test = compare_shares((sides.0, &inside(sides.0, words.0)), (sides.1, &inside(sides.1, words.1)));
        // Of two shares one is free, so the statistic is a square of the evidence.
        let evidence = two_sided_z(test.p_value) * change.signum();
        Some(self.segment(SegmentKind::Mix, change, evidence, test.p_value))
    }

    fn segment(&self, kind: SegmentKind, effect: f64, evidence: f64, p_value: f64) -> Segment {
        Segment {
            dimension: self.dimension,
            value: self.value.to_owned(),
            kind,
            effect,
            evidence,
            p_value,
            adjusted_p: p_value,
            rows_then: self.rows.0.len(),
            rows_now: self.rows.1.len(),
            is_hit: false,
            rank: 0,
        }
    }
}

/// The normal deviate that a two-sided p-value stands for; finite.
fn two_sided_z(p_value: f64) -> f64 {
    use statrs::distribution::{ContinuousCDF, Normal};
    -Normal::standard().inverse_cdf((p_value / 2.0).clamp(1e-300, 0.5))
}

fn correct(found: &mut [Segment]) {
    // Groups of alike tickets repeat what the named dimensions hold; in one family they would cost those power. The
    // rises of requesters are judged by the largest of all, which counts them already.
    let is_judged = |segment: &Segment| segment.kind == SegmentKind::Mix && segment.dimension == REQUESTER && segment.effect > 0.0;
    let families = [SegmentKind::Behaviour, SegmentKind::Mix].into_iter().flat_map(|kind| [(kind, false), (kind, true)]);
    for (kind, of_workloads) in families {
        let belongs =
            |segment: &&mut Segment| segment.kind == kind && (segment.dimension == WORKLOAD) == of_workloads && !is_judged(segment);
        let mut family: Vec<&mut Segment> = found.iter_mut().filter(belongs).collect();
        let corrected = adjusted(&family.iter().map(|segment| segment.p_value).collect::<Vec<_>>());
        for (segment, adjusted_p) in family.iter_mut().zip(corrected) {
            segment.adjusted_p = adjusted_p;
            let large = match kind {
                SegmentKind::Behaviour => segment.effect.ln().abs() >= Threshold::LOG_DURATION.warning,
                SegmentKind::Mix => true,
            };
            segment.is_hit = large && adjusted_p <= SLICE_LEVEL;
        }
    }
}

/// Hits first, then by evidence; the rank counts within dimension and kind.
fn rank(found: &mut [Segment]) {
    found.sort_by(|left, right| right.is_hit.cmp(&left.is_hit).then(right.evidence.abs().total_cmp(&left.evidence.abs())));
    let mut ranks: HashMap<(&str, SegmentKind), usize> = HashMap::new();
    for segment in found {
        let rank = ranks.entry((segment.dimension, segment.kind)).or_default();
        *rank += 1;
        segment.rank = *rank;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::season;
    use crate::statistics::random::SplitMix64;

    /// Tickets of 40 requesters over `days`, three task types of different length.
    fn tickets(random: &mut SplitMix64, rows: usize, days: i64, slowed: Option<u32>) -> Observations {
        let noise = |random: &mut SplitMix64| (0..4).map(|_| random.unit()).sum::<f64>() - 2.0;
        let mut made = Observations::default();
        for _ in 0..rows {
            let (requester, task) = (random.below(40) as u32, random.below(3) as u32);
            let slow = if slowed == Some(task) { 3.0 } else { 1.0 };
            made.completed_at.push((random.unit() * days as f64 * 86_400_000.0) as i64);
            made.duration_ms.push(slow * (f64::from(task) + f64::from(requester) / 20.0 + noise(random)).exp());
            made.estimated_duration_ms.push(1.0);
            made.requester.codes.push(requester);
            made.task_type.codes.push(task);
            made.risk_band.codes.push(0);
        }
        made.requester.names = (0..40).map(|name| format!("r{name}")).collect();
        made.task_type.names = vec!["BUILD".into(), "TEST".into(), "DEPLOY".into()];
        made.risk_band.names = vec!["low".into()];
        made
    }

    fn look_at(now: &Observations, then: &Observations) -> Vec<Segment> {
        let side = |tickets: &Observations| WeightedSample::new(tickets, 40 * 86_400_000, season::even(tickets.len()));
        look((then, now), (&side(then), &side(now)), None, now.len() as f64)
    }

    #[test]
    fn the_slice_that_slowed_down_is_on_top_and_alone() {
        let mut random = SplitMix64::new(12);
        let then = tickets(&mut random, 4_000, 30, None);
        let found = look_at(&tickets(&mut random, 1_500, 7, Some(1)), &then);
        let hits: Vec<&Segment> = found.iter().filter(|segment| segment.is_hit && segment.dimension == "task_type").collect();
        assert_eq!(hits.len(), 1, "{hits:?}");
        assert_eq!((hits[0].value.as_str(), hits[0].kind, hits[0].rank), ("TEST", SegmentKind::Behaviour, 1));
        assert!((hits[0].effect - 3.0).abs() < 0.5, "{}", hits[0].effect);
    }

    #[test]
    fn nothing_is_hit_where_nothing_changed_and_a_new_word_is_mix() {
        let mut random = SplitMix64::new(13);
        let then = tickets(&mut random, 4_000, 30, None);
        let mut now = tickets(&mut random, 1_500, 7, None);
        assert!(look_at(&now, &then).iter().all(|segment| !segment.is_hit));
        now.task_type.names.push("MIGRATE".into());
        now.task_type.codes.iter_mut().step_by(3).for_each(|code| *code = 3);
        let found = look_at(&now, &then);
        let new = found.iter().find(|segment| segment.value == "MIGRATE").unwrap();
        assert!(new.is_hit && new.kind == SegmentKind::Mix && (new.effect - 1.0 / 3.0).abs() < 0.01 && new.rows_then == 0, "{new:?}");
    }

    #[test]
    fn a_residual_is_not_explained_by_its_own_burst() {
        let mut random = SplitMix64::new(14);
        let then = tickets(&mut random, 3_000, 30, None);
        let now = tickets(&mut random, 1_000, 7, None);
        let side = WeightedSample::new(&then, 30 * 86_400_000, season::even(then.len()));
        let (before, after) = residuals((&then, &now), &side, pair_of, |tickets, row| tickets.task_type.codes[row]);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        assert!(mean(&before).abs() < 0.02 && mean(&after).abs() < 0.08, "{} {}", mean(&before), mean(&after));
    }
}
