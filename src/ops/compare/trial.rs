//! Two versions on the same tickets.

use std::collections::BTreeMap;

use super::readings::Readings;
use super::{Side, loaded};
use crate::api::compare::{ComparedGroup, DoubtfulVersion, LeftOut, MeasuredVersion, TicketComparison};
use crate::base::number::{counted, plural};
use crate::error::Result;
use crate::kinds::{AnswerForm, Answers, LoadedModel, Outcomes};
use crate::ops::evaluation::{EvaluationSet, FEWEST_TICKETS, latencies};
use crate::ops::gates::Judge;
use crate::statistics::bootstrap::{Difference, Resampling};

/// The chance that all groups together call a difference clear that is none.
const ERROR_RATE: f64 = 0.05;

/// What is known of the tickets before anything was run on them.
fn without_result(evaluation_set: &EvaluationSet, obstacle: Option<String>) -> TicketComparison {
    let outside = LeftOut { reason: "outside_window".into(), model: None, count: evaluation_set.outside_window };
    TicketComparison {
        window: evaluation_set.window.into(),
        synthetic: evaluation_set.synthetic,
        judged_count: 0,
        left_out: Vec::from_iter((outside.count > 0).then_some(outside)),
        doubtful: Vec::new(),
        metric: String::new(),
        labelled_by: None,
        first: None,
        second: None,
        difference: None,
        mcnemar: None,
        groups: Vec::new(),
        obstacle,
    }
}

/// Runs both on the tickets that neither has learned from.
pub(super) fn run(judge: &Judge<'_>, sides: [&Side; 2], readings: &Readings, threads: usize) -> Result<TicketComparison> {
    let evaluation_set = readings.of_side(0);
    let loaded = |side: &Side| loaded(judge.registry, judge.kinds, side);
    let models = match (loaded(sides[0]), loaded(sides[1])) {
        (Ok(first), Ok(second)) => [first, second],
        (Err(why), _) | (_, Err(why)) => return Ok(without_result(evaluation_set, Some(why))),
    };
    let [first, second] = [&models[0].info().kind, &models[1].info().kind];
    if first != second {
        let obstacle = match first.answer_form() == second.answer_form() {
            true => format!("one is a {} model, the other a {} model", first.word(), second.word()),
            false => "one predicts durations, the other marks anomalies".into(),
        };
        return Ok(without_result(evaluation_set, Some(obstacle)));
    }
    let mut trial = without_result(evaluation_set, None);
    trial.metric = first.deciding_metric().name.to_owned();
    let both = common_rows(&models, sides, readings, &mut trial);
    let rows = &both[0];
    if rows.len() < FEWEST_TICKETS {
        trial.obstacle = Some(format!(
            "{} {} both, at least {FEWEST_TICKETS} are needed",
            counted(rows.len(), "ticket"),
            plural(rows.len(), "judges", "judge")
        ));
        return Ok(trial);
    }
    let answers = |place: usize| models[place].answers(&readings.of_side(place).timeline, &both[place], threads);
    let ((first_scores, first_answers), (second_scores, second_answers)) = (answers(0)?, answers(1)?);
    let scores = [first_scores, second_scores];
    // The version that was trained later knows best what is usual now.
    let referee = usize::from(models[1].info().trained_to >= models[0].info().trained_to);
    let actual = models[referee].estimator().actual(&readings.of_side(referee).timeline, &both[referee]);
    let latency = latencies([(&models[0], &scores[0]), (&models[1], &scores[1])])?;
    let measure = |place: usize, beside: Option<&BTreeMap<String, f64>>| -> Result<MeasuredVersion> {
        let metrics = models[place].estimator().metrics(&actual, &scores[place].values)?;
        let gate = judge.on_tickets(&sides[place].resolved.version, &models[place].info().kind, (&metrics, rows.len()), beside)?;
        Ok(MeasuredVersion { metrics, gate, latency: latency[place] })
    };
    let measured = measure(0, None)?;
    trial.second = Some(measure(1, Some(&measured.metrics))?);
    trial.first = Some(measured);
    let decided = Decided { answers: [first_answers, second_answers], actual };
    let all: Vec<usize> = (0..rows.len()).collect();
    trial.difference = decided.difference(&all, &Resampling::default())?;
    trial.mcnemar = decided.actual.mcnemar(&decided.answers[0].said, &decided.answers[1].said)?;
    trial.labelled_by = match (first.answer_form(), models[referee].estimator().has_rules()) {
        (AnswerForm::DurationMs | AnswerForm::Series, _) => None,
        (AnswerForm::Mark, true) => Some(sides[referee].label()),
        (AnswerForm::Mark, false) => Some("the tickets themselves".into()),
    };
    let doubtful = |place: usize| models[place].doubtful_rows(&readings.of_side(place).timeline, &both[place]);
    let doubts = [0, 1].map(|place| DoubtfulVersion { model: sides[place].label(), count: doubtful(place) }).into_iter();
    trial.doubtful = doubts.filter(|doubtful| doubtful.count > 0).collect();
    trial.groups = groups(evaluation_set, rows, &decided)?;
    if trial.difference.is_none() {
        trial.obstacle = Some("the tickets hold no anomaly and no alarm".into());
    }
    Ok(trial)
}

/// The rows that are fair to both, as each side counts them; notes in `trial` how many are not, and to whom.
fn common_rows(models: &[LoadedModel; 2], sides: [&Side; 2], readings: &Readings, trial: &mut TicketComparison) -> [Vec<u32>; 2] {
    let unseen = |side: usize| {
        let evaluation_set = readings.of_side(side);
        models[side].unseen_rows(&evaluation_set.timeline, &evaluation_set.rows)
    };
    let [(first, missing), (second, also_missing)] = [unseen(0), unseen(1)];
    for (side, missing) in sides.into_iter().zip([missing, also_missing]) {
        trial.left_out.extend(missing.into_iter().map(|(reason, count)| LeftOut {
            reason: reason.to_owned(),
            model: Some(side.label()),
            count,
        }));
    }
    let both = readings.common([first, second]);
    trial.judged_count = both[0].len();
    both
}

/// What both said, beside what was.
struct Decided {
    actual: Outcomes,
    answers: [Answers; 2],
}

impl Decided {
    fn difference(&self, places: &[usize], resampling: &Resampling) -> Result<Option<Difference>> {
        let [first, second] = [0, 1].map(|place: usize| self.answers[place].select(places));
        first.gain(&second, &self.actual.select(places), resampling)
    }

    fn values(&self, places: &[usize]) -> Result<[Option<f64>; 2]> {
        let actual = self.actual.select(places);
        let score = |place: usize| actual.score(&self.answers[place].said.select(places));
        Ok([score(0)?, score(1)?])
    }
}

/// Both by task type and by risk band, the larger groups first.
fn groups(evaluation_set: &EvaluationSet, rows: &[u32], decided: &Decided) -> Result<Vec<ComparedGroup>> {
    let vocabulary = evaluation_set.timeline.vocabulary();
    let mut places: BTreeMap<(&'static str, &str), Vec<usize>> = BTreeMap::new();
    for (place, &row) in rows.iter().enumerate() {
        let encoded = &evaluation_set.timeline.tickets()[row as usize];
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
        let [first, second] = decided.values(&places)?;
        groups.push(ComparedGroup { by: by.to_owned(), value: value.to_owned(), count: places.len(), first, second, difference });
    }
    groups.sort_by(|one, other| (&other.by, other.count).cmp(&(&one.by, one.count)).then_with(|| one.value.cmp(&other.value)));
    Ok(groups)
}
