//! Which of two models is better: chance in the choice of trees promotes nobody, and a model that is worse is replaced.
//! The job logs are measured by `cargo bench --bench equal_models`.

#[path = "../common/pairs_of_models.rs"]
mod pairs;

use hivectl::features::{HoldoutSplit, TicketTable};
use hivectl::kinds::TrainingData;
use hivectl::statistics::Resampling;
use hivectl::statistics::random::SplitMix64;
use hivectl::ticket::{LabelSource, Ticket, TicketOutcome};

use pairs::{Forests, differences, judge, mean_error, over_tickets, share_better};

/// Tickets of a few requesters and kinds of work, whose durations have a long tail, as jobs have.
fn data(count: i64) -> TrainingData {
    let mut random = SplitMix64::new(11);
    let mut table = TicketTable::default();
    for number in 1..=count {
        let (requester, kind) = (random.below(12), random.below(5));
        let estimate = 1_000.0 * (1.0 + 9.0 * random.unit());
        let tail = (-2.0 * random.unit().max(1e-9).ln()).sqrt() * (std::f64::consts::TAU * random.unit()).cos();
        let duration_ms = (estimate * (0.3 + 0.1 * requester as f64) * (1.0 + kind as f64) * (0.3 * tail).exp()).round();
        let created_at = number * 600_000;
        let ticket = Ticket {
            created_at: Some(created_at),
            requester: format!("r{requester}").into(),
            task_type: format!("t{kind}").into(),
            estimated_duration_ms: Some(estimate),
            ..Ticket::default()
        };
        let outcome = TicketOutcome { duration_ms, source: LabelSource::Actual, known_at: created_at + duration_ms as i64 };
        table.push(&ticket, Some(&outcome));
    }
    let rows: Vec<u32> = (0..count as u32).collect();
    TrainingData { timeline: table.into_timeline(), split: HoldoutSplit::by_time(rows.len(), 0.5), rows }
}

#[test]
fn another_seed_is_rarely_better_and_a_model_that_is_worse_is_replaced() {
    let data = data(3_000);
    let usual = Forests { trees: 3, depth: 10, every: 1 };
    let equal = judge(&data, usual, 9).unwrap();
    let share = |serving, challenging| share_better(&differences(serving, challenging, 72, &Resampling::default()).unwrap());
    let narrow = over_tickets(&equal);
    let (told, over_tickets_alone) = (share(&equal, &equal), share(&narrow, &narrow));
    let stump = judge(&data, Forests { depth: 1, ..usual }, 9).unwrap();
    let (worse, better) = (mean_error(&stump) / mean_error(&equal), share(&stump, &equal));
    println!("{told:.3}, tickets alone {over_tickets_alone:.3}; {worse:.3} times as wrong: {better:.3}");
    assert!(told <= 0.05 && told <= over_tickets_alone, "{told} {over_tickets_alone}");
    assert!(better >= 0.8 && worse > 1.05, "{better} {worse}");
    let gain = equal.answers[0].gain(&equal.answers[1], &equal.actual, &Resampling::default()).unwrap().unwrap();
    assert!(gain.trees_standard_error.is_some_and(|error| error > 0.0 && error < gain.standard_error), "{gain:?}");
}
