//! Forecasts of load by the shipped binary: from tickets and from tables, for people and programs, and what is refused.

use serde_json::Value;

use crate::common::shared::shared;
use crate::support::Home;

/// Tickets of so many days with a wave by the hour, written as JSON lines; the newest is made at `end_ms`.
fn write_wave(home: &Home, name: &str, days: i64, end_ms: i64) {
    let start = end_ms - days * 86_400_000;
    let mut lines = String::new();
    let mut id = 0;
    for hour in 0..days * 24 {
        let count = if (8..18).contains(&(hour % 24)) { 12 } else { 3 + hour % 3 } + i64::from((hour * 31 + hour / 24 * 17) % 11 == 0);
        for place in 0..count {
            let created = start + hour * 3_600_000 + place * 60_000;
            let (started, completed) = (created + 5_000, created + 3_905_000);
            lines.push_str(&format!(
                "{{\"ticket_id\":\"t-{id}\",\"task_type\":\"BUILD\",\"risk_band\":\"low\",\"status\":\"COMPLETED\",\"created_at\":{created},\"started_at\":{started},\"completed_at\":{completed}}}\n"
            ));
            id += 1;
        }
    }
    home.write(name, lines);
}

const END: i64 = 1_780_272_000_000;

fn report(home: &Home, line: &str) -> Value {
    home.type_line(&format!("hivectl ml forecast {line} -o json")).json(0)["data"].clone()
}

#[test]
fn the_next_day_is_forecast_by_the_hour() {
    let home = Home::new();
    write_wave(&home, "t.ndjson", 40, END);
    let told = report(&home, "--tickets t.ndjson --origins 12 --above 8");
    assert_eq!((told["series"].as_str(), told["bucket_seconds"].as_u64()), (Some("arrivals"), Some(3_600)));
    let items = told["items"].as_array().expect("buckets");
    assert_eq!(items.len(), 24);
    for (index, item) in items.iter().enumerate() {
        // The file ends within the last hour, so that the first forecast is of the last hour of the day.
        let hour = (index + 23) % 24;
        let value = item["value"].as_f64().expect("a number");
        let truth = if (8..18).contains(&hour) { 12.0 } else { 3.0 + (hour % 3) as f64 };
        assert!((value - truth).abs() < 1.5, "{hour}: {value} is not {truth}");
        let probability = item["probability_above"].as_f64().expect("a probability");
        assert_eq!(probability > 0.5, truth > 8.0, "{item}");
        assert_eq!(told["forecast"][index], item["value"]);
        assert_eq!(told["timestamps"][index], item["time"]);
        assert_eq!((&told["lower"][index], &told["upper"][index]), (&item["lower"], &item["upper"]));
    }
    assert!(told["errors"]["count"].as_u64().expect("a count") >= 6 * 24);
    for name in ["mape", "wape", "smape", "mase", "rmse", "bias", "coverage_80", "coverage_95", "width_80", "pinball"] {
        assert!(told["errors"][name].is_number(), "{name}: {}", told["errors"]);
    }
    let text = home.type_line("hivectl ml forecast --tickets t.ndjson --origins 12 --plot --accessible").expect(0);
    for word in ["arrivals in buckets of 1 hour", "the 80 % interval held", "highest", "CANDIDATE", "* known", "FORECAST"] {
        assert!(text.stdout.contains(word), "{word}: {}", text.stdout);
    }
    assert!(text.stdout.is_ascii(), "{}", text.stdout);
    let rows = home.type_line("hivectl ml forecast --tickets t.ndjson --origins 12 --out f.csv -o csv").expect(0);
    let written = std::fs::read_to_string(home.path().join("f.csv")).expect("the file");
    assert!(written.starts_with("time,value,lower,upper,lower_95,upper_95\n") && written.lines().count() == 25, "{written}");
    assert!(
        rows.stdout.lines().count() == 25 && rows.stdout.lines().next().is_some_and(|line| line.contains("lower_95")),
        "{}",
        rows.stdout
    );
}

#[test]
fn every_measure_counts_what_it_says() {
    let home = Home::new();
    write_wave(&home, "t.ndjson", 12, END);
    for (measure, most) in [("completions", 13.0), ("running", 15.0), ("work", 13.0 * 3_900_000.0)] {
        let told = report(&home, &format!("--tickets t.ndjson --origins 8 --series {measure}"));
        assert_eq!(told["series"], measure);
        let highest = told["highest"]["value"].as_f64().expect("a number");
        assert!(highest > 0.0 && highest <= most * 1.2, "{measure}: {highest}");
    }
    let short = report(&home, "--tickets t.ndjson --origins 8 --horizon 60m --window 5d");
    assert_eq!((short["bucket_seconds"].as_u64(), short["items"].as_array().map(Vec::len)), (Some(300), Some(12)));
}

/// An outage of the source is told with the words that take it out; taken out it is told no more.
#[test]
fn an_outage_is_told_and_taken_out() {
    let home = Home::new();
    write_wave(&home, "all.ndjson", 30, END);
    let outage = END - 10 * 86_400_000..END - 9 * 86_400_000;
    let text = std::fs::read_to_string(home.path().join("all.ndjson")).expect("the tickets");
    let kept = text.lines().filter(|line| {
        let ticket: Value = serde_json::from_str(line).expect("a ticket");
        !outage.contains(&ticket["created_at"].as_i64().expect("a time"))
    });
    home.write("t.ndjson", kept.map(|line| format!("{line}\n")).collect::<String>());
    let told = report(&home, "--tickets t.ndjson --origins 8");
    let notes: Vec<&str> = told["notes"].as_array().expect("notes").iter().filter_map(Value::as_str).collect();
    let note = notes.iter().find(|note| note.contains("nothing was recorded")).unwrap_or_else(|| panic!("{notes:?}"));
    let words = note.rsplit('`').nth(1).expect("words in back quotes");
    let without = report(&home, &format!("--tickets t.ndjson --origins 8 {words}"));
    assert!(!without["notes"].to_string().contains("nothing was recorded"), "{}", without["notes"]);
    assert_eq!(without["known_buckets"].as_u64().expect("a count") + 24, told["known_buckets"].as_u64().expect("a count"));
}

#[test]
fn a_table_of_values_is_forecast_too() {
    let home = Home::new();
    let rows = (0..400)
        .map(|day| format!("{},{}\n", jiff::Timestamp::from_second(1_700_006_400 + day * 86_400).expect("a time"), 50 + 10 * (day % 7)));
    home.write("values.csv", format!("when,jobs\n{}", rows.collect::<String>()));
    let told = report(&home, "--values values.csv --time-column when --value-column jobs --horizon 7d --window 400d --origins 10");
    assert_eq!((told["series"].as_str(), told["bucket_seconds"].as_u64()), (Some("jobs"), Some(86_400)));
    for (index, value) in told["forecast"].as_array().expect("values").iter().enumerate() {
        let truth = 50.0 + 10.0 * ((400 + index) % 7) as f64;
        assert!((value.as_f64().expect("a number") - truth).abs() < 1.0, "{index}: {value} is not {truth}");
    }
    let refused = home.type_line("hivectl ml forecast --values values.csv --horizon 7d").expect(2);
    assert!(refused.stderr.contains("--time-column NAME") && refused.stderr.contains("when, jobs"), "{}", refused.stderr);
    for (name, text, code, word) in [
        ("again.csv", "ds,y\n2026-01-01,1\n2026-01-01,2\n", 11, "again.csv:3: the time of line 2 is there again"),
        ("below.csv", "ds,y\n2026-01-01,1\n2026-01-02,-2\n", 11, "below.csv:3: y is -2"),
        ("words.csv", "ds,y\n2026-01-01,many\n", 11, "words.csv:2: 'many' in y is no number"),
        ("never.csv", "ds,y\nsoon,1\n", 11, "never.csv:2: 'soon' in ds is no time"),
        ("uneven.csv", "ds,y\n2026-01-01T00:00:00Z,1\n2026-01-01T02:00:00Z,1\n2026-01-01T05:00:00Z,2\n", 11, "not evenly spaced"),
        ("one.csv", "ds,y\n2026-01-01,1\n", 14, "at least two"),
        (
            "zeros.csv",
            &format!("ds,y\n{}", (0..300).map(|hour| format!("{},0\n", 1_700_000_000 + hour * 3_600)).collect::<String>()),
            14,
            "holds 0",
        ),
    ] {
        home.write(name, text);
        let ran = home.type_line(&format!("hivectl ml forecast --values {name}")).expect(code);
        assert!(ran.stderr.contains(word), "{name}: {}", ran.stderr);
    }
}

#[test]
fn what_cannot_be_forecast_is_refused_with_a_way_out() {
    let home = Home::new();
    write_wave(&home, "t.ndjson", 3, END);
    for (line, code, word) in [
        ("--tickets t.ndjson", 14, "too few to forecast 24"),
        ("--tickets t.ndjson --bucket 2d", 2, "a minute to a day"),
        ("--tickets t.ndjson --bucket 1h --horizon 30m", 2, "shorter than a bucket"),
        ("--tickets t.ndjson --horizon 400d", 2, "a year is the most"),
        ("--tickets t.ndjson --horizon 30d --bucket 1m", 2, "5000 are the most"),
        ("--tickets t.ndjson --exclude 2026-01-31", 2, "FROM..TO"),
        ("--tickets t.ndjson --exclude 1999-01-01..1999-01-02", 2, "takes nothing out"),
        ("--tickets t.ndjson --above -1", 2, "no number from 0 on"),
        ("--tickets t.ndjson --as-of 2001-01-01", 14, "no ticket counts as arrivals"),
        ("--tickets nowhere.ndjson", 4, "nowhere.ndjson"),
        ("--tickets t.ndjson --values t.csv", 2, "cannot be used with"),
    ] {
        let ran = home.type_line(&format!("hivectl ml forecast {line}")).expect(code);
        assert!(ran.stderr.contains(word), "{line}: {}", ran.stderr);
    }
}

/// The job logs' arrivals, by the shipped binary, within the goals that no peer reaches on them.
#[test]
fn real_arrivals_are_forecast_better_than_by_rule() {
    let Some(log) = shared("data/jobs/ctc-sp2.ndjson.gz") else { return };
    let home = Home::new();
    let told = report(&home, &format!("--tickets {} --origins 16", log.display()));
    assert!(told["skill_pct"].as_f64().is_some_and(|skill| skill > 5.0), "{told}");
    assert!(told["lower"].as_array().expect("bounds").iter().all(|bound| bound.as_f64().is_some_and(|bound| bound >= 0.0)));
}

/// A model of Prophet's from its file, its folder and the registry, with what its file cannot know stated in a table.
#[test]
fn models_of_prophet_forecast_from_file_and_registry() {
    let Some(path) = shared("oracles/prophet15_models.json") else { return };
    let golden: Value = serde_json::from_slice(&std::fs::read(path).expect("the file")).expect("JSON");
    let home = Home::new();
    let case = |name: &str| golden["cases"][name]["model_json"].as_str().expect("a model").to_owned();
    home.write("plain.json", case("plain"));
    home.write("logistic.json", case("logistic_floor"));
    let input = &golden["cases"]["plain"]["predict_input"]["ds"];
    let at = input.as_array().expect("times").len() - 1;
    let moment = input[at].as_str().expect("a time");
    let truth = golden["cases"]["plain"]["predict"]["yhat"][at].as_f64().expect("a number");
    let near = |told: &Value, truth: f64| {
        let value = told["forecast"][0].as_f64().expect("a number");
        assert!((value - truth).abs() <= 1e-6 * truth.abs(), "{value} is not {truth}");
        assert!(told["lower"][0].as_f64() < Some(value) && told["upper"][0].as_f64() > Some(value), "{told}");
    };
    near(&report(&home, &format!("--model plain.json --horizon 1h --as-of {moment}Z")), truth);
    home.type_line("hivectl ml models register plain.json --name load").expect(0);
    near(&report(&home, &format!("--model load@1 --horizon 1h --as-of {moment}Z")), truth);
    let shown = home.type_line("hivectl ml models show load@1").expect(0);
    assert!(shown.stdout.contains("prophet"), "{}", shown.stdout);
    home.write("rows.csv", "x\n1\n");
    let refused = home.type_line("hivectl ml predict --model load@1 --rows rows.csv").expect(11);
    assert!(refused.stderr.contains("hivectl ml forecast --model load@1"), "{}", refused.stderr);
    let needs = home.type_line("hivectl ml forecast --model logistic.json --horizon 2h").expect(2);
    assert!(needs.stderr.contains("needs cap, floor") && needs.stderr.contains("--regressors FILE"), "{}", needs.stderr);
    let truth = golden["cases"]["logistic_floor"]["predict"]["yhat"][at].as_f64().expect("a number");
    home.write("known.csv", format!("ds,cap,floor\n{moment},90,10\n"));
    near(&report(&home, &format!("--model logistic.json --regressors known.csv --horizon 1h --as-of {moment}Z")), truth);
    let short = home
        .type_line(&format!("hivectl ml forecast --model logistic.json --regressors known.csv --horizon 2h --as-of {moment}Z"))
        .expect(2);
    assert!(short.stderr.contains("says nothing of cap, floor at"), "{}", short.stderr);
    home.write("cut.json", &case("plain")[..900]);
    home.type_line("hivectl ml forecast --model cut.json").expect(11);
    home.type_line("hivectl ml models register cut.json --name cut").expect(11);
}
