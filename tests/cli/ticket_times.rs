//! Times in every way in which they are written, and what is said where none can be read.

use serde_json::Value;

use crate::support::{Home, Ran, ticket};

/// How many tickets stand in a file here.
const COUNT: usize = 120;

/// Tickets with every time written by `form`, and others only where it says so.
fn write(home: &Home, form: impl Fn(usize, i64) -> Value) {
    let lines = (0..COUNT).map(|index| {
        let mut ticket = ticket(index);
        for name in ["created_at", "started_at", "completed_at"] {
            ticket[name] = form(index, ticket[name].as_i64().expect("a number"));
        }
        format!("{ticket}\n")
    });
    home.write("t.ndjson", lines.collect::<String>());
}

fn train(home: &Home, more: &[&str]) -> Ran {
    let words = ["ml", "train", "--model", "duration", "--trees", "3", "--dry-run", "--tickets", "t.ndjson"];
    home.run(&[&words[..], more].concat())
}

fn written(pattern: &str, epoch_ms: i64) -> Value {
    jiff::Timestamp::from_millisecond(epoch_ms).expect("a time").strftime(pattern).to_string().into()
}

#[test]
fn what_other_runtimes_print_is_read_as_it_is() {
    let home = Home::new();
    for (what, form) in [
        ("offset without a colon", (|at| written("%Y-%m-%dT%H:%M:%S+0000", at)) as fn(i64) -> Value),
        ("space before the offset", |at| written("%Y-%m-%d %H:%M:%S.0000000 +00:00", at)),
        (".NET", |at| format!("/Date({at})/").into()),
        ("seven digits", |at| written("%Y-%m-%dT%H:%M:%S.1234567Z", at)),
        ("Java", |at| written("%a %b %d %H:%M:%S UTC %Y", at)),
        ("zone", |at| written("%Y-%m-%dT%H:%M:%SZ[UTC]", at)),
        ("mail", |at| written("%a, %d %b %Y %H:%M:%S +0000", at)),
    ] {
        write(&home, |_, at| form(at));
        let ran = train(&home, &["-o", "json"]).json(0);
        assert_eq!(ran["data"]["models"][0]["samples"]["used"], COUNT, "{what}: {ran:#}");
    }
}

#[test]
fn digits_in_texts_are_read_where_the_whole_column_agrees_and_told_once() {
    let home = Home::new();
    for (scale, unit) in [(1, "milliseconds"), (1_000, "seconds")] {
        write(&home, |_, at| (at / scale).to_string().into());
        let said = train(&home, &[]).expect(0).stderr;
        let told = format!("created_at, started_at, completed_at read as {unit} in texts");
        assert!(said.contains(&told), "{said}");
    }
    write(&home, |index, at| if index == 7 { written("%Y-%m-%dT%H:%M:%SZ", at) } else { at.to_string().into() });
    let refused = train(&home, &[]).expect(11).stderr;
    assert!(refused.contains("t.ndjson: created_at is milliseconds in texts in 119 rows, times of other forms in 1 rows"), "{refused}");
    assert!(refused.contains("`--time-format auto`"), "{refused}");
    let used = |form: &str| train(&home, &["--time-format", form, "-o", "json"]).json(0)["data"]["models"][0]["samples"]["used"].clone();
    assert_eq!((used("auto"), used("epoch-ms")), (Value::from(COUNT), Value::from(COUNT - 1)));
}

#[test]
fn the_hint_where_nothing_can_be_read_is_the_flag_that_reads_it() {
    let home = Home::new();
    write(&home, |_, at| written("%d/%m/%Y %H:%M", at));
    let refused = train(&home, &[]).expect(14).stderr;
    let hint = "created_at is text like '01/01/2026 00:00' in all 120 rows: `--time-format '%d/%m/%Y %H:%M'`";
    assert!(refused.contains(hint) && !refused.contains("--window-days"), "{refused}");
    let ran = train(&home, &["--time-format", "%d/%m/%Y %H:%M", "-o", "json"]).json(0);
    assert_eq!(ran["data"]["models"][0]["samples"]["used"], COUNT);
    let refused = train(&home, &["--time-format", "sometimes"]).expect(2).stderr;
    assert!(refused.contains("the forms are auto, epoch-ms, epoch-s, iso"), "{refused}");
}

/// Every verb that reads tickets takes the form, and a setting holds it.
#[test]
fn the_form_of_times_holds_for_every_verb() {
    let home = Home::new();
    write(&home, |_, at| written("%d/%m/%Y %H:%M:%S", at));
    let form = ["--time-format", "%d/%m/%Y %H:%M:%S"];
    let tickets = ["--tickets", "t.ndjson"];
    home.run(&[&["ml", "train", "--model", "duration", "--trees", "3"], &tickets[..], &form[..]].concat()).expect(0);
    for verb in [&["ml", "predict", "--model", "ticket-duration-predictor@1"][..], &["ml", "dataset", "features", "--out", "f.parquet"]] {
        let without = home.run(&[verb, &tickets[..]].concat());
        assert!(without.code == 14 && without.stderr.contains("`--time-format '%d/%m/%Y %H:%M:%S"), "{}", without.stderr);
        home.run(&[verb, &tickets[..], &form[..]].concat()).expect(0);
    }
    home.write_config("time_format: \"%d/%m/%Y %H:%M:%S\"\n");
    home.run(&[&["ml", "predict", "--model", "ticket-duration-predictor@1"], &tickets[..]].concat()).expect(0);
}

#[test]
fn work_of_no_time_is_counted_apart_and_kept_where_that_is_said() {
    let home = Home::new();
    let lines = |all: bool| -> String {
        let of_no_time = |index: usize| all || index.is_multiple_of(4);
        let changed = (0..240).map(|index| {
            let mut ticket = ticket(index);
            if of_no_time(index) {
                ticket["completed_at"] = ticket["started_at"].clone();
                ticket["actual_duration_ms"] = Value::Null;
            }
            format!("{ticket}\n")
        });
        changed.collect()
    };
    home.write("t.ndjson", lines(false));
    let samples = |more: &[&str]| train(&home, &[more, &["-o", "json"]].concat()).json(0)["data"]["models"][0]["samples"].clone();
    let dropped = samples(&[]);
    assert_eq!((&dropped["used"], &dropped["refused"]["duration_zero"]), (&Value::from(180), &Value::from(60)), "{dropped:#}");
    assert_eq!(samples(&["--zero-durations", "keep"])["used"], 240);
    // What a model was trained with travels with it.
    let words = ["ml", "train", "--model", "duration", "--trees", "3", "--tickets", "t.ndjson", "--zero-durations", "keep"];
    home.run(&words).expect(0);
    let shown = home.run(&["ml", "models", "show", "ticket-duration-predictor@1", "-o", "json"]).json(0);
    assert!(shown.to_string().contains("\"zero_durations\":\"keep\""), "{shown:#}");
    home.write("t.ndjson", lines(true));
    let refused = train(&home, &[]).expect(14).stderr;
    assert!(refused.contains("the duration is 0 in all 240 rows: `--zero-durations keep`"), "{refused}");
}
