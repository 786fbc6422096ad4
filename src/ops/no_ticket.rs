//! What helps where no ticket or too few could be used, by the reason that most of them were refused for.

use crate::ticket::quality::thousands;
use crate::ticket::time_format::patterns_of;
use crate::ticket::{Problem, Quality, Refusal, Unusable};

/// Hints for who gave tickets of which none or too few could be used; none where most of them were used, and where no single
/// reason helps.
pub(super) fn why_none(quality: &Quality) -> Vec<String> {
    let Some(main) = quality.main_reason().filter(|main| quality.used() < main.count) else { return Vec::new() };
    let rows = match quality.read() {
        read if read == main.count => format!("in all {} rows", thousands(read)),
        read => format!("in {} of {} rows", thousands(main.count), thousands(read)),
    };
    match (main.refusal, main.example) {
        (Refusal::Unusable(Unusable { field, problem: Problem::NotATime }), Some(example)) => no_time(field, example, &rows),
        (Refusal::Unusable(Unusable { field, problem: Problem::NotATime }), None) => {
            vec![format!("{field} is no time {rows}: write it as ISO 8601, or as milliseconds since 1970")]
        }
        (Refusal::Unusable(Unusable { field, problem: Problem::TimeOutOfRange }), _) => {
            vec![format!(
                "{field} is outside the years 1970 to 2199 {rows}: write it as milliseconds or seconds since 1970, or say which it is: `--time-format epoch-ms`"
            )]
        }
        (Refusal::Unusable(Unusable { field, problem: Problem::NotANumber }), Some(example)) => {
            vec![format!("{field} is text like '{}' {rows}: write it as a number", example.escape_debug())]
        }
        (Refusal::Unusable(Unusable { field, .. }), Some(example)) => {
            vec![format!("{field} is text like '{}' {rows}, which is not what belongs there", example.escape_debug())]
        }
        (refusal @ Refusal::Unusable(_), None) => vec![format!("the tickets are {} {rows}: correct what writes them", refusal.words())],
        (Refusal::WithoutCreatedAt, _) => vec![format!("created_at is absent {rows}: name the field with the time of creation so")],
        (Refusal::DurationZero, _) => vec![format!("the duration is 0 {rows}: `--zero-durations keep` lets such tickets count")],
        (Refusal::DuplicateId, _) => {
            vec![format!("the id was seen before {rows}, and the first of equals counts: give every ticket a ticket_id of its own")]
        }
        _ => Vec::new(),
    }
}

/// What helps against times that are written in another way.
fn no_time(field: &str, example: &str, rows: &str) -> Vec<String> {
    let told = format!("{field} is text like '{}' {rows}", example.escape_debug());
    let flag = |form: &str| format!("`--time-format {}`", if form.contains(['%', ' ']) { format!("'{form}'") } else { form.to_owned() });
    if let Ok(number) = example.parse::<f64>() {
        return vec![format!("{told}: {}", flag(if number < 1e11 { "epoch-s" } else { "epoch-ms" }))];
    }
    let mut patterns = patterns_of(example);
    let Some(first) = patterns.next() else {
        return vec![format!("{told}: say how it is written, such as {}", flag("%d/%m/%Y %H:%M"))];
    };
    let month_first = patterns.find(|pattern| first.starts_with("%d") && pattern.starts_with("%m"));
    let other = month_first.map(|pattern| format!("if the month comes first: {}", flag(pattern)));
    std::iter::once(format!("{told}: {}", flag(first))).chain(other).collect()
}

#[cfg(test)]
mod tests {
    use crate::ticket::{LabelRule, Ticket, TicketFilter};

    use super::*;

    fn hints(document: &str, count: usize) -> Vec<String> {
        let mut filter = TicketFilter::new(LabelRule::default(), None);
        let paths = crate::ticket::FieldPaths::default();
        for _ in 0..count {
            let seed = crate::ticket::TicketSeed::new(&paths);
            let ticket: Ticket =
                serde::de::DeserializeSeed::deserialize(seed, &mut serde_json::Deserializer::from_str(document)).expect("a ticket");
            let _ = filter.admit(&ticket);
        }
        why_none(filter.quality())
    }

    #[test]
    fn the_hint_is_about_the_reason() {
        let text = |text: &str| hints(&format!(r#"{{"status":"COMPLETED","created_at":"{text}"}}"#), 4_836);
        assert_eq!(
            text("03/04/2026 10:00"),
            [
                "created_at is text like '03/04/2026 10:00' in all 4,836 rows: `--time-format '%d/%m/%Y %H:%M'`",
                "if the month comes first: `--time-format '%m/%d/%Y %H:%M'`"
            ]
        );
        assert_eq!(
            text("23.04.2026 10:00"),
            ["created_at is text like '23.04.2026 10:00' in all 4,836 rows: `--time-format '%d.%m.%Y %H:%M'`"]
        );
        assert_eq!(text("1767265200000"), ["created_at is text like '1767265200000' in all 4,836 rows: `--time-format epoch-ms`"]);
        assert!(text("noon")[0].contains("say how it is written"));
        let zero = r#"{"status":"COMPLETED","created_at":1767265200000,"actual_duration_ms":0}"#;
        assert_eq!(hints(zero, 2), ["the duration is 0 in all 2 rows: `--zero-durations keep` lets such tickets count"]);
        let word = r#"{"status":"COMPLETED","created_at":1767265200000,"actual_duration_ms":"soon"}"#;
        assert_eq!(hints(word, 2), ["actual_duration_ms is text like 'soon' in all 2 rows: write it as a number"]);
        assert!(hints(r#"{"status":"RUNNING","created_at":1767265200000}"#, 2).is_empty());
        let good = r#"{"status":"COMPLETED","created_at":1767265200000,"actual_duration_ms":5}"#;
        assert!(hints(good, 2).is_empty());
        // One was used, and what most of them lack is told all the same.
        let twins = r#"{"ticket_id":"a","status":"COMPLETED","created_at":1767265200000,"actual_duration_ms":5}"#;
        assert!(hints(twins, 3)[0].starts_with("the id was seen before in 2 of 3 rows"), "{:?}", hints(twins, 3));
    }
}
