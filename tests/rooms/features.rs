//! What a model sees of a ticket is what was known when the ticket was created: no row sees its own
//! or a later outcome, and the holdout teaches no statistic.

use std::sync::Arc;

use hivectl::features::{
    Advance, Configuration, EncodedTicket, FeatureFrame, FeatureSchema, History, HistoryPolicy, HoldoutSplit, TicketTable, Timeline, build,
    build_from, features_at, learn_all, learn_until, row_of,
};
use hivectl::statistics::random::SplitMix64;
use hivectl::ticket::{LabelSource, Ticket, TicketOutcome, TicketStatus};

const MINUTE_MS: i64 = 60_000;

/// Tickets of few groups, in a random order of creation, some without estimate, requester or outcome.
fn tickets(count: usize, seed: u64) -> Vec<(Ticket, Option<TicketOutcome>)> {
    let mut random = SplitMix64::new(seed);
    let word = |words: &[&str], random: &mut SplitMix64| words[random.below(words.len())].to_owned();
    let mut made = Vec::with_capacity(count);
    for number in 0..count {
        let created_at = random.below(count) as i64 * MINUTE_MS;
        let duration_ms = (1_000 + random.below(90) as i64 * 30_000) as f64;
        let known_at = created_at + random.below(5) as i64 * MINUTE_MS + duration_ms as i64;
        let labelled = random.below(10) > 0;
        let status = if labelled && random.below(8) > 0 { TicketStatus::Completed } else { TicketStatus::Failed };
        let ticket = Ticket {
            ticket_id: format!("t-{number}").into(),
            task_type: word(&["BUILD", "TEST"], &mut random).into(),
            risk_band: word(&["low", "high"], &mut random).into(),
            requester: word(&["ana", "bo", "cy", ""], &mut random).into(),
            executable: word(&["cc", ""], &mut random).into(),
            estimated_duration_ms: (random.below(6) > 0).then_some((1 + random.below(3)) as f64 * 600_000.0),
            size: (random.below(6) > 0).then_some((1 + random.below(2)) as f64),
            sla_timeout_ms: Some(1_800_000.0),
            retry_count: Some(random.below(3) as u32),
            created_at: Some(created_at),
            created_hour: Some((created_at / 3_600_000 % 24) as u8),
            completed_at: labelled.then_some(known_at),
            status,
            ..Ticket::default()
        };
        made.push((ticket, labelled.then_some(TicketOutcome { duration_ms, source: LabelSource::Actual, known_at })));
    }
    made
}

fn timeline(tickets: &[(Ticket, Option<TicketOutcome>)]) -> Timeline {
    let mut table = TicketTable::default();
    tickets.iter().for_each(|(ticket, outcome)| table.push(ticket, outcome.as_ref()));
    table.into_timeline()
}

fn extended() -> Arc<FeatureSchema> {
    let field = |path: &str| Some(path.to_owned());
    Arc::new(FeatureSchema::extended(Configuration { requester: field("who"), executable: field("what"), size: field("size") }))
}

fn every_schema() -> [Arc<FeatureSchema>; 2] {
    [Arc::new(FeatureSchema::reference()), extended()]
}

fn matrix(tickets: &[(Ticket, Option<TicketOutcome>)], schema: &Arc<FeatureSchema>, frozen: bool) -> FeatureFrame {
    let timeline = timeline(tickets);
    let rows: Vec<u32> = (0..tickets.len() as u32).collect();
    let split = HoldoutSplit::by_time(rows.len(), 0.2);
    let policy = if frozen { HistoryPolicy::frozen } else { HistoryPolicy::as_in_service }(&split, &rows, &timeline);
    build(schema, &timeline, &rows, &policy).expect("a matrix")
}

/// Bits, so that NaN equals NaN.
fn bits(row: &[f32]) -> Vec<u32> {
    row.iter().map(|value| value.to_bits()).collect()
}

/// Tickets in the order of creation, with places in the list they came from.
fn by_creation(tickets: &[(Ticket, Option<TicketOutcome>)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..tickets.len()).collect();
    order.sort_by_key(|&place| tickets[place].0.created_at);
    order
}

#[test]
fn altering_every_outcome_of_the_holdout_changes_no_statistic() {
    let before = tickets(600, 1);
    let order = by_creation(&before);
    let mut after = before.clone();
    let mut random = SplitMix64::new(99);
    for &place in &order[480..] {
        let (ticket, outcome) = &mut after[place];
        ticket.status = if random.below(2) == 0 { TicketStatus::Completed } else { TicketStatus::Failed };
        if let Some(outcome) = outcome {
            outcome.duration_ms = 1.0 + random.below(1_000_000) as f64;
        }
    }
    for schema in every_schema() {
        for frozen in [false, true] {
            let (old, new) = (matrix(&before, &schema, frozen), matrix(&after, &schema, frozen));
            for (place, spec) in schema.features.iter().enumerate() {
                // Last durations run on in service; nothing else may move, and frozen nothing at all.
                if frozen || !matches!(spec.feature, hivectl::features::feature::Feature::Recent(..)) {
                    assert_eq!(bits(old.column(place)), bits(new.column(place)), "{} of {}", spec.name(), schema.name);
                }
            }
        }
    }
}

#[test]
fn permuting_the_outcomes_of_the_holdout_changes_no_row_of_the_reference_schema() {
    let before = tickets(500, 2);
    let order = by_creation(&before);
    let holdout = &order[400..];
    let mut durations: Vec<f64> = holdout.iter().filter_map(|&place| before[place].1.map(|outcome| outcome.duration_ms)).collect();
    SplitMix64::new(5).shuffle(&mut durations);
    let mut after = before.clone();
    for &place in holdout {
        if let Some(outcome) = &mut after[place].1 {
            outcome.duration_ms = durations.pop().expect("as many durations as outcomes");
        }
    }
    let schema = Arc::new(FeatureSchema::reference());
    let (old, new) = (matrix(&before, &schema, false), matrix(&after, &schema, false));
    (0..500).for_each(|row| assert_eq!(bits(&old.row(row)), bits(&new.row(row)), "row {row}"));
}

#[test]
fn an_outcome_changes_only_tickets_created_after_it_was_known() {
    let before = tickets(400, 3);
    let order = by_creation(&before);
    let position = |place: usize| order.iter().position(|&other| other == place).expect("every ticket has a place");
    let mut seen_later = 0;
    for place in order.iter().copied().filter(|&place| before[place].1.is_some()).step_by(29) {
        let mut after = before.clone();
        let outcome = after[place].1.as_mut().expect("a labelled ticket");
        outcome.duration_ms += 7_000_000.0;
        let known_at = outcome.known_at;
        for schema in every_schema() {
            let (old, new) = (matrix(&before, &schema, false), matrix(&after, &schema, false));
            for row in 0..400 {
                let same = bits(&old.row(row)) == bits(&new.row(row));
                let created_at = before[order[row]].0.created_at.expect("every ticket has a creation time");
                assert!(same || created_at >= known_at, "row {row} saw the outcome of row {} too early", position(place));
                seen_later += usize::from(!same);
            }
        }
    }
    assert!(seen_later > 1_000, "outcomes must be seen by later tickets, {seen_later} were");
}

#[test]
fn the_sweep_agrees_with_asking_every_earlier_ticket() {
    let tickets = tickets(300, 4);
    let schema = extended();
    let frame = matrix(&tickets, &schema, false);
    let order = by_creation(&tickets);
    let value = |name: &str, row: usize| f64::from(frame.column(schema.position(name).expect("a column"))[row]);
    let near = |left: f64, right: f64| (left.is_nan() && right.is_nan()) || (left - right).abs() <= 1e-6 * right.abs().max(1.0);
    let mut compared = 0;
    for (row, &place) in order.iter().enumerate() {
        let ticket = &tickets[place].0;
        let created_at = ticket.created_at.expect("a creation time");
        // (known, place) of everything known now, in the order in which it became known.
        let mut known: Vec<(i64, usize)> = (0..row)
            .filter_map(|earlier| Some((tickets[order[earlier]].1?.known_at, earlier)))
            .filter(|(known_at, _)| *known_at <= created_at)
            .collect();
        known.sort_unstable();
        let alike = |same: &dyn Fn(&Ticket) -> bool| -> Vec<f64> {
            let earlier = known.iter().map(|(_, earlier)| &tickets[order[*earlier]]);
            earlier.filter(|(other, _)| same(other)).filter_map(|(_, outcome)| Some(outcome.as_ref()?.duration_ms)).collect()
        };
        let asked = !ticket.requester.is_empty();
        let mine = alike(&|other| asked && other.requester == ticket.requester && other.task_type == ticket.task_type);
        let last_ten = &mine[mine.len().saturating_sub(10)..];
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        assert!(near(value("requester_task_last_duration_ms", row), mine.last().copied().unwrap_or(f64::NAN)));
        assert!(near(value("requester_task_mean_of_last_10_ms", row), mean(last_ten)));
        assert!(near(value("requester_task_maximum_of_last_10_ms", row), last_ten.iter().copied().fold(f64::NAN, f64::max)));
        let same_estimate =
            alike(&|other| asked && other.requester == ticket.requester && other.estimated_duration_ms == ticket.estimated_duration_ms);
        let estimate_known = ticket.estimated_duration_ms.is_some();
        let expected = if estimate_known { same_estimate.last().copied().unwrap_or(f64::NAN) } else { f64::NAN };
        assert!(near(value("requester_estimate_last_duration_ms", row), expected));
        if row < 240 {
            let group = alike(&|other| other.task_type == ticket.task_type && other.risk_band == ticket.risk_band);
            let average = mean(&group);
            let spread = (group.iter().map(|duration| (duration - average).powi(2)).sum::<f64>() / group.len() as f64).sqrt();
            assert!(near(value("avg_duration_by_task", row), average), "row {row}");
            assert!(near(value("std_duration_by_task", row), spread), "row {row}");
            compared += usize::from(group.len() > 10);
        }
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn one_ticket_at_a_time_sees_what_the_matrix_sees() {
    let tickets = tickets(500, 6);
    let order = by_creation(&tickets);
    let cut = 350;
    let learned_until = tickets[order[cut]].0.created_at.expect("a creation time") - 1;
    for schema in every_schema() {
        let earlier: Vec<_> = order[..cut].iter().map(|&place| tickets[place].clone()).collect();
        let history = learn_all(&schema, &timeline(&earlier), learned_until);
        let history: History = serde_json::from_str(&serde_json::to_string(&history).expect("JSON")).expect("a history");
        let mut table = TicketTable::continuing(&history);
        order.iter().for_each(|&place| table.push(&tickets[place].0, tickets[place].1.as_ref()));
        let timeline = table.into_timeline();
        // The last training tickets end after the model was made: in service they still teach.
        let mut serving = history.clone();
        let mut served = |place: usize| {
            let (ticket, outcome) = &tickets[place];
            learn_until(&mut serving, &timeline, ticket.created_at.expect("a creation time"), Advance::Recency);
            let mut encoded = EncodedTicket::look_up(ticket, serving.vocabulary());
            encoded.duration_ms = outcome.map_or(f64::NAN, |outcome| outcome.duration_ms);
            row_of(&schema, &serving, &encoded)
        };
        let rows_served: Vec<Vec<f32>> = order[cut..].iter().map(|&place| served(place)).collect();
        let rows: Vec<u32> = (cut as u32..500).collect();
        let frame = build_from(&schema, &history, &timeline, &rows, &HistoryPolicy::in_service()).expect("a matrix");
        for (position, row) in rows_served.iter().enumerate() {
            assert_eq!(bits(row), bits(&frame.row(position)), "row {position} of {}", schema.name);
        }
        // Standing still, the first new ticket sees the same as long as nothing ended in between.
        let first = &tickets[order[cut]].0;
        let standing = features_at(&schema, &history, &Ticket { created_at: Some(learned_until), ..first.clone() });
        let statistics = |row: &[f32]| schema.position("avg_duration_by_task").map(|place| row[place].to_bits());
        assert_eq!(statistics(&standing), statistics(&frame.row(0)));
    }
}

#[test]
fn the_matrix_does_not_depend_on_threads_or_on_the_order_of_reading() {
    let made = tickets(800, 7);
    let schema = extended();
    let run = |threads: usize, tickets: &[(Ticket, Option<TicketOutcome>)]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let frame = pool.install(|| matrix(tickets, &schema, false));
        (0..schema.len()).map(|place| bits(frame.column(place))).collect::<Vec<_>>()
    };
    assert_eq!(run(1, &made), run(3, &made));
    // Codes count words as they are first read; all else is the same when each creation time is unique.
    let mut unique = made;
    unique.iter_mut().enumerate().for_each(|(number, (ticket, _))| ticket.created_at = ticket.created_at.map(|at| at + number as i64));
    let mut shuffled = unique.clone();
    SplitMix64::new(3).shuffle(&mut shuffled);
    let (straight, mixed) = (run(2, &unique), run(2, &shuffled));
    for (place, spec) in schema.features.iter().enumerate().filter(|(_, spec)| spec.feature.unit() != "code") {
        assert_eq!(straight[place], mixed[place], "{}", spec.name());
    }
}

#[test]
fn a_random_split_keeps_its_holdout_out_of_the_statistics() {
    let before = tickets(400, 8);
    let rows: Vec<u32> = (0..400).collect();
    let split = HoldoutSplit::random(400, 0.2, 42);
    let schema = Arc::new(FeatureSchema::reference());
    let run = |tickets: &[(Ticket, Option<TicketOutcome>)]| {
        let timeline = timeline(tickets);
        let frame = build(&schema, &timeline, &rows, &HistoryPolicy::as_in_service(&split, &rows, &timeline)).expect("a matrix");
        (0..schema.len()).map(|place| bits(frame.column(place))).collect::<Vec<_>>()
    };
    let order = by_creation(&before);
    let mut after = before.clone();
    for &position in &split.holdout {
        if let Some(outcome) = &mut after[order[position as usize]].1 {
            outcome.duration_ms *= 3.0;
        }
    }
    assert_eq!(run(&before), run(&after));
    let mut taught = before.clone();
    for &position in &split.train {
        if let Some(outcome) = &mut taught[order[position as usize]].1 {
            outcome.duration_ms *= 3.0;
        }
    }
    assert_ne!(run(&before), run(&taught));
}

#[test]
fn words_that_mean_something_else_are_refused() {
    let schema = Arc::new(FeatureSchema::reference());
    let history = learn_all(&schema, &timeline(&tickets(50, 9)), i64::MAX);
    let other = Ticket { task_type: "SOMETHING_ELSE".into(), created_at: Some(1), ..Ticket::default() };
    let foreign = timeline(&[(other, None)]);
    assert!(build_from(&schema, &history, &foreign, &[0], &HistoryPolicy::in_service()).is_err());
    let ours = timeline(&tickets(10, 9));
    assert!(build(&schema, &ours, &[3, 1], &HistoryPolicy::default()).is_err());
    assert!(build(&schema, &ours, &[10], &HistoryPolicy::default()).is_err());
}

#[test]
fn the_outcome_variant_measures_what_happened() {
    let mut table = TicketTable::default();
    let mut push = |created_at: i64, duration_ms: f64, retry_count: u32| {
        let ticket =
            Ticket { created_at: Some(created_at), retry_count: Some(retry_count), status: TicketStatus::Completed, ..Ticket::default() };
        table.push(&ticket, Some(&TicketOutcome { duration_ms, source: LabelSource::Actual, known_at: created_at + duration_ms as i64 }));
    };
    push(0, 100.0, 0);
    push(1, 300.0, 1);
    push(1_000, 400.0, 3);
    let schema = Arc::new(FeatureSchema::reference().with_outcome());
    let frame = build(&schema, &table.into_timeline(), &[0, 1, 2], &HistoryPolicy::default()).expect("a matrix");
    // Mean 200, standard deviation 100, mean of the retries 0.5.
    assert_eq!(frame.row(2)[15..], [2.0, 2.5]);
    assert_eq!(frame.row(0)[15..], [0.0, 0.0]);
    assert!(schema.needs_outcome());
}
