//! A made-up calendar: builds by day, batches by night, other work on weekends, and nothing else ever changes.

use hivectl::drift::Observations;
use hivectl::statistics::random::SplitMix64;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const REQUESTERS: usize = 40;
const TYPES: [&str; 4] = ["BUILD", "BATCH", "TEST", "REPORT"];

/// One kind of session: who has it when, and what its tickets are like.
struct SegmentKind {
    task: usize,
    /// Sessions that a requester of this kind has a day, on weekdays and on weekends.
    daily: [f64; 2],
    first_hour: i64,
    hours: i64,
    ln_duration: f64,
    parameters: f32,
}

const KINDS: [SegmentKind; 4] = [
    SegmentKind { task: 0, daily: [1.1, 0.1], first_hour: 8, hours: 10, ln_duration: 11.0, parameters: 300.0 },
    SegmentKind { task: 1, daily: [0.5, 0.5], first_hour: 20, hours: 8, ln_duration: 13.5, parameters: 2_000.0 },
    SegmentKind { task: 2, daily: [0.7, 0.3], first_hour: 9, hours: 12, ln_duration: 10.0, parameters: 150.0 },
    SegmentKind { task: 3, daily: [0.0, 0.9], first_hour: 6, hours: 12, ln_duration: 12.2, parameters: 900.0 },
];

/// Tickets of the days from `from_day` (days since the epoch) on, about 180 a day: sessions of one requester and one
/// kind, whose tickets are alike.
pub fn tickets(from_day: i64, days: i64, random: &mut SplitMix64) -> Observations {
    let mut made = Observations { features: vec![Vec::new(); 15], ..Observations::default() };
    made.requester.names = (0..REQUESTERS).map(|name| format!("requester-{name}")).collect();
    made.task_type.names = TYPES.map(str::to_owned).to_vec();
    made.risk_band.names = vec!["low".into(), "high".into()];
    for day in from_day..from_day + days {
        // The third day after 1970-01-01 was a Sunday.
        let weekend = matches!((day + 3).rem_euclid(7), 5 | 6);
        for requester in 0..REQUESTERS {
            let kind = &KINDS[requester % KINDS.len()];
            for (kind, share) in [(kind, 1.0), (&KINDS[(requester + 1) % KINDS.len()], 0.3)] {
                let expected = share * kind.daily[usize::from(weekend)];
                let sessions = (expected + random.unit()).floor() as usize;
                (0..sessions).for_each(|_| session(&mut made, kind, requester, day, random));
            }
        }
    }
    made
}

fn session(made: &mut Observations, kind: &SegmentKind, requester: usize, day: i64, random: &mut SplitMix64) {
    let start = day * DAY + kind.first_hour * HOUR + (random.unit() * (kind.hours * HOUR) as f64) as i64;
    let own = kind.ln_duration + (requester as f64 / REQUESTERS as f64 - 0.5) + 0.5 * normal(random);
    let parameters = kind.parameters * (0.3 * normal(random)).exp() as f32;
    for ticket in 0..1 + random.below(8) {
        let duration = (own + 0.4 * normal(random)).exp();
        let estimate = (own + 0.2 * normal(random)).exp();
        made.completed_at.push(start + ticket as i64 * 60_000 + duration as i64);
        made.duration_ms.push(duration);
        made.estimated_duration_ms.push(estimate);
        made.requester.codes.push(requester as u32);
        made.task_type.codes.push(kind.task as u32);
        made.risk_band.codes.push(u32::from(requester.is_multiple_of(5)));
        let risk = if requester.is_multiple_of(5) { 0.7 } else { 0.3 };
        let hour = start.div_euclid(HOUR).rem_euclid(24) as f32;
        let row = [risk, 0.5, 0.85, 1.0, 1.0 + kind.task as f32, kind.task as f32, parameters, estimate as f32, 3.0 * estimate as f32];
        let defaults = [60_000.0, 60_000.0, 0.95, 15_000.0, 0.0, hour];
        made.features.iter_mut().zip(row.into_iter().chain(defaults)).for_each(|(column, value)| column.push(value));
    }
}

/// Nearly normal: the sum of twelve draws.
fn normal(random: &mut SplitMix64) -> f64 {
    (0..12).map(|_| random.unit()).sum::<f64>() - 6.0
}
