//! Two versions on the same tickets.

use std::collections::BTreeMap;

use super::readings::Readings;
use super::{Side, loaded};
use crate::error::Result;
use crate::kinds::{AnswerForm, Catalogue, LoadedModel, Outcomes};
use crate::lifecycle::{Gate, Policy};
use crate::ops::judging::{FEWEST_TICKETS, Judges, Latency, latencies};
use crate::registry::ModelStore;
use crate::statistics::bootstrap::{Difference, Resampling};
use crate::statistics::mcnemar::McNemar;
use crate::ticket::Window;

/// The chance that all groups together call a difference clear that is none.
const ERROR_RATE: f64 = 0.05;

/// How both did.
#[derive(Clone, Debug)]
pub struct Trial {
    /// What was read, in one line.
    pub sentence: String,
    pub window: Window,
    pub synthetic: bool,
    /// Labelled tickets that neither has learned from.
    pub tickets: usize,
    pub left_out: Vec<LeftOut>,
    /// Versions that may have learned from some of the tickets, `NAME@VERSION`, and from how many: what they
    /// learned from is not recorded.
    pub doubtful: Vec<(String, usize)>,
    /// `mae` (ms) or `f1`.
    pub metric: &'static str,
    /// By whose rules a ticket is an anomaly: `NAME@VERSION`, or the tickets' own.
    pub labelled_by: Option<String>,
    /// `None` where the tickets decide nothing.
    pub measured: Option<[Measured; 2]>,
    /// Positive where the second is better.
    pub difference: Option<Difference>,
    /// Anomaly detectors.
    pub mcnemar: Option<McNemar>,
    pub groups: Vec<Group>,
    /// Why nothing could be compared.
    pub obstacle: Option<String>,
}

/// Tickets that do not judge, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// `outside_window`, `learned_from` or `in_its_history`.
    pub reason: &'static str,
    /// `NAME@VERSION`; `None` where it holds for both.
    pub model: Option<String>,
    pub tickets: usize,
}

/// One version on the tickets.
#[derive(Clone, Debug)]
pub struct Measured {
    pub metrics: BTreeMap<String, f64>,
    pub gate: Gate,
    pub latency: Option<Latency>,
}

/// Both on a part of the tickets.
#[derive(Clone, Debug)]
pub struct Group {
    /// `task_type` or `risk_band`.
    pub by: &'static str,
    pub value: String,
    pub tickets: usize,
    /// The trial's metric of each.
    pub values: [Option<f64>; 2],
    /// Positive where the second is better; its confidence allows for the number of groups. `None` for fewer
    /// than 30 tickets.
    pub difference: Option<Difference>,
}

impl Trial {
    /// Parts of the tickets on which the second is clearly worse.
    pub fn worse_groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(|group| group.difference.as_ref().is_some_and(Difference::is_negative))
    }

    /// The difference over all tickets in one line.
    pub fn evidence(&self) -> Option<String> {
        self.difference.as_ref().map(|difference| super::advice::evidence(self, difference))
    }

    fn without_result(judges: &Judges, obstacle: Option<String>) -> Trial {
        let outside = LeftOut { reason: "outside_window", model: None, tickets: judges.outside_window };
        Trial {
            sentence: judges.sentence.clone(),
            window: judges.window,
            synthetic: judges.synthetic,
            tickets: 0,
            left_out: Vec::from_iter((outside.tickets > 0).then_some(outside)),
            doubtful: Vec::new(),
            metric: "",
            labelled_by: None,
            measured: None,
            difference: None,
            mcnemar: None,
            groups: Vec::new(),
            obstacle,
        }
    }
}

/// Runs both on the tickets that neither has learned from.
pub(super) fn run(
    (registry, kinds): (&dyn ModelStore, &Catalogue),
    sides: [&Side; 2],
    readings: &Readings,
    threads: usize,
    policy: &Policy,
) -> Result<Trial> {
    let judges = readings.of_side(0);
    let models = match (loaded(registry, kinds, sides[0]), loaded(registry, kinds, sides[1])) {
        (Ok(first), Ok(second)) => [first, second],
        (Err(why), _) | (_, Err(why)) => return Ok(Trial::without_result(judges, Some(why))),
    };
    let [first, second] = [&models[0].info().kind, &models[1].info().kind];
    if first != second {
        let obstacle = match first.answer_form() == second.answer_form() {
            true => format!("one is a {} model, the other a {} model", first.word(), second.word()),
            false => "one predicts durations, the other marks anomalies".into(),
        };
        return Ok(Trial::without_result(judges, Some(obstacle)));
    }
    let mut trial = Trial::without_result(judges, None);
    trial.metric = first.deciding_metric().name;
    let both = common_rows(&models, sides, readings, &mut trial);
    let rows = &both[0];
    if rows.len() < FEWEST_TICKETS {
        trial.obstacle = Some(format!("{} tickets judge both, at least {FEWEST_TICKETS} are needed", rows.len()));
        return Ok(trial);
    }
    let scores = |place: usize| models[place].scores(&readings.of_side(place).timeline, &both[place], threads);
    let scores = [scores(0)?, scores(1)?];
    // The version that was trained later knows best what is usual now.
    let referee = usize::from(models[1].info().trained_to >= models[0].info().trained_to);
    let actual = models[referee].estimator().actual(&readings.of_side(referee).timeline, &both[referee]);
    let latency = latencies([(&models[0], &scores[0]), (&models[1], &scores[1])])?;
    let measure = |place: usize| -> Result<Measured> {
        let metrics = models[place].estimator().metrics(&actual, &scores[place].values)?;
        let gate = Gate::judge(policy.criteria(models[place].info().kind.word()), &metrics);
        Ok(Measured { metrics, gate, latency: latency[place] })
    };
    trial.measured = Some([measure(0)?, measure(1)?]);
    let said = |place: usize| models[place].estimator().outcomes(&scores[place].values);
    let decided = Decided { said: [said(0)?, said(1)?], actual };
    let all: Vec<usize> = (0..rows.len()).collect();
    trial.difference = decided.difference(&all, &Resampling::default())?;
    trial.mcnemar = decided.actual.mcnemar(&decided.said[0], &decided.said[1])?;
    trial.labelled_by = match (first.answer_form(), models[referee].estimator().has_rules()) {
        (AnswerForm::DurationMs, _) => None,
        (AnswerForm::Mark, true) => Some(sides[referee].label()),
        (AnswerForm::Mark, false) => Some("the tickets themselves".into()),
    };
    let doubtful = |place: usize| models[place].doubtful_rows(&readings.of_side(place).timeline, &both[place]);
    let doubts = [0, 1].map(|place| (sides[place].label(), doubtful(place))).into_iter();
    trial.doubtful = doubts.filter(|(_, tickets)| *tickets > 0).collect();
    trial.groups = groups(judges, rows, &decided)?;
    if trial.difference.is_none() {
        trial.obstacle = Some("the tickets hold no anomaly and no alarm".into());
    }
    Ok(trial)
}

/// The rows that are fair to both, as each side counts them; notes in `trial` how many are not, and to whom.
fn common_rows(models: &[LoadedModel; 2], sides: [&Side; 2], readings: &Readings, trial: &mut Trial) -> [Vec<u32>; 2] {
    let unseen = |side: usize| {
        let judges = readings.of_side(side);
        models[side].unseen_rows(&judges.timeline, &judges.rows)
    };
    let [(first, missing), (second, also_missing)] = [unseen(0), unseen(1)];
    for (side, missing) in sides.into_iter().zip([missing, also_missing]) {
        trial.left_out.extend(missing.into_iter().map(|(reason, tickets)| LeftOut { reason, model: Some(side.label()), tickets }));
    }
    let both = readings.common([first, second]);
    trial.tickets = both[0].len();
    both
}

/// What both said, beside what was.
struct Decided {
    actual: Outcomes,
    said: [Outcomes; 2],
}

impl Decided {
    fn difference(&self, places: &[usize], resampling: &Resampling) -> Result<Option<Difference>> {
        self.actual.select(places).difference(&self.said[0].select(places), &self.said[1].select(places), resampling)
    }

    fn values(&self, places: &[usize]) -> Result<[Option<f64>; 2]> {
        let actual = self.actual.select(places);
        Ok([actual.score(&self.said[0].select(places))?, actual.score(&self.said[1].select(places))?])
    }
}

/// Both by task type and by risk band, the larger groups first.
fn groups(judges: &Judges, rows: &[u32], decided: &Decided) -> Result<Vec<Group>> {
    let vocabulary = judges.timeline.vocabulary();
    let mut places: BTreeMap<(&'static str, &str), Vec<usize>> = BTreeMap::new();
    for (place, &row) in rows.iter().enumerate() {
        let encoded = &judges.timeline.tickets()[row as usize];
        for (by, words, code) in
            [("task_type", &vocabulary.task_types, encoded.task_type), ("risk_band", &vocabulary.risk_bands, encoded.risk_band)]
        {
            let word = words.words().get(code as usize).map_or("", |word| word.as_str());
            places.entry((by, word)).or_default().push(place);
        }
    }
    let large = places.values().filter(|places| places.len() >= FEWEST_TICKETS).count().max(1);
    // Bonferroni: many groups would show some clear difference by chance alone.
    let resampling = Resampling { confidence: 1.0 - ERROR_RATE / large as f64, ..Resampling::default() };
    let mut groups = Vec::with_capacity(places.len());
    for ((by, value), places) in places {
        let difference = if places.len() < FEWEST_TICKETS { None } else { decided.difference(&places, &resampling)? };
        groups.push(Group { by, value: value.to_owned(), tickets: places.len(), values: decided.values(&places)?, difference });
    }
    groups.sort_by(|one, other| (other.by, other.tickets).cmp(&(one.by, one.tickets)).then_with(|| one.value.cmp(&other.value)));
    Ok(groups)
}
