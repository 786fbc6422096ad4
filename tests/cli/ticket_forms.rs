//! Tickets in every form that people and programs write: the same tickets, whatever stands around them.

use serde_json::{Value, json};

use crate::common::shared::shared;
use crate::support::{Home, ticket};

/// How many tickets stand in a file here.
const COUNT: usize = 120;

fn all() -> Vec<Value> {
    (0..COUNT).map(ticket).collect()
}

/// What a dry training says of a file: tickets used and the mean absolute error, which differs when a value does.
fn learned(home: &Home, file: &str) -> (u64, Value) {
    let model = home.run(&["ml", "train", "--model", "duration", "--trees", "3", "--dry-run", "--tickets", file, "-o", "json"]).json(0);
    let model = &model["data"]["models"][0];
    (model["samples"]["used"].as_u64().unwrap_or(0), model["metrics"]["mae"].clone())
}

fn table(separator: char, cell: impl Fn(&Value, &str) -> String) -> String {
    let names =
        ["ticket_id", "task_type", "status", "risk_band", "created_at", "estimated_duration_ms", "actual_duration_ms", "retry_count"];
    let row = |ticket: &Value| {
        let mut cells: Vec<String> = names.iter().map(|name| cell(ticket, name)).collect();
        let quoted = |text: String| format!("\"{}\"", text.replace('"', "\"\""));
        cells.extend([
            quoted(cell(ticket, "required_capabilities")),
            quoted(cell(ticket, "parameters")),
            cell(ticket, "predictions.duration_ms"),
        ]);
        cells.join(&separator.to_string())
    };
    let separator = separator.to_string();
    let header = [&names[..], &["required_capabilities", "parameters", "predictions.duration_ms"]].concat().join(&separator);
    std::iter::once(header).chain(all().iter().map(row)).collect::<Vec<_>>().join("\n")
}

#[test]
fn whatever_stands_around_them_the_tickets_are_the_same() {
    let home = Home::new();
    let tickets = all();
    home.write("lines.ndjson", tickets.iter().map(|ticket| format!("{ticket}\n")).collect::<String>());
    let (used, error) = learned(&home, "lines.ndjson");
    assert!(used == COUNT as u64 && error.is_number(), "{used} {error}");
    let pretty = || tickets.iter().map(|ticket| format!("{ticket:#}\n")).collect::<String>();
    let (first, second) = tickets.split_at(50);
    let page = |items: &[Value]| json!({"status": "ok", "data": {"total": COUNT, "items": items}, "next": ["a"]});
    for (name, text) in [
        ("pretty.json", pretty()),
        ("together.json", tickets.iter().map(Value::to_string).collect()),
        ("array.json", format!("{:#}", json!(tickets))),
        ("arrays.json", format!("{}\n{}", json!(first), json!(second))),
        ("tickets.json", format!("{:#}", json!({"count": COUNT, "tickets": tickets}))),
        ("items.json", json!({"items": tickets}).to_string()),
        ("pages.json", format!("{}\n{:#}", page(first), page(second))),
    ] {
        home.write(name, text);
        assert_eq!(learned(&home, name), (used, error.clone()), "{name}");
    }
}

#[test]
fn words_for_nothing_and_any_separator_are_read_in_tables() {
    let home = Home::new();
    let plain = |ticket: &Value, name: &str| match &ticket[name] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    };
    home.write("plain.csv", table(',', plain));
    let expected = learned(&home, "plain.csv");
    assert_eq!(expected.0, COUNT as u64);
    for (separator, word) in [(';', "NULL"), ('\t', "\\N"), (',', "NaN"), (';', "None"), (',', "N/A")] {
        home.write(
            "t.csv",
            table(separator, |ticket, name| Some(plain(ticket, name)).filter(|cell| !cell.is_empty()).unwrap_or(word.into())),
        );
        assert_eq!(learned(&home, "t.csv"), expected, "{separator:?} {word}");
    }
    // As pandas prints lists and dictionaries.
    let printed = |ticket: &Value, name: &str| match &ticket[name] {
        Value::Array(_) | Value::Object(_) => ticket[name].to_string().replace('"', "'").replace(',', ", ").replace(':', ": "),
        _ => plain(ticket, name),
    };
    home.write("pandas.csv", table(',', printed));
    assert_eq!(learned(&home, "pandas.csv"), expected);
    // A column that no training needs may hold anything, in every row.
    home.write("bad.csv", table(',', |ticket, name| if name.starts_with("predictions") { "soon".into() } else { plain(ticket, name) }));
    assert_eq!(learned(&home, "bad.csv"), expected);
}

#[test]
fn what_no_json_has_and_python_writes_is_absent() {
    let home = Home::new();
    let lines = |score: &str| {
        let text: String = all().iter().map(|ticket| format!("{ticket}\n")).collect();
        text.replace("\"task_type\"", &format!("\"score\":{score},\"predictions\":{{\"duration_ms\":{score}}},\"task_type\""))
    };
    home.write("null.ndjson", lines("null"));
    let expected = learned(&home, "null.ndjson");
    for word in ["NaN", "Infinity", "-Infinity"] {
        home.write("t.ndjson", lines(word));
        assert_eq!(learned(&home, "t.ndjson"), expected, "{word}");
    }
}

/// The files of other programs, each a way of writing one set of tickets.
#[test]
fn files_of_other_programs_hold_the_same_tickets() {
    let Some(folder) = shared("cases/tickets") else { return };
    let home = Home::new();
    for name in [
        "c_null.csv",
        "c_semicolon.csv",
        "nan.ndjson.gz",
        "pretty_concat.json.gz",
        "t_strms.ndjson.gz",
        "p_duckdb.parquet",
        "p_lz4.parquet",
    ] {
        let file = folder.join(name).display().to_string();
        let ran = home.run(&["ml", "train", "--model", "duration", "--trees", "3", "--dry-run", "--tickets", &file, "-o", "json"]).json(0);
        let model = &ran["data"]["models"][0];
        assert_eq!((&model["samples"]["read"], &model["samples"]["used"]), (&json!(300), &json!(297)), "{name}");
    }
}
