//! Models of load from the first training to a forecast on newer tickets, and everything that commands for rows of tickets
//! must not say of them.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::common::python::python;
use crate::common::shared::shared;
use crate::support::Home;

const HOUR: i64 = 3_600_000;
/// A midnight.
const START: i64 = 1_778_457_600_000;

/// How many tickets come in an hour: a wave of the day, weekends, and a level that holds for some days, which no rule of the
/// week knows.
fn count(hour: i64) -> i64 {
    let (day, of_day) = (hour / 24, hour % 24);
    let usual = if (8..18).contains(&of_day) { 24 } else { 10 } - if day % 7 >= 5 { 4 } else { 0 };
    // A walk of the level that repeats itself after weeks only.
    let level = 100 + [0, 20, 35, 25, 0, -20, -35, -30, -10, 15, 30][(day / 2 % 11) as usize];
    usual * level / 100 + (hour * 7_919 + day * 104_729) % 5 - 2
}

/// Tickets of these days, as JSON lines in the order of their creation.
fn tickets(days: std::ops::Range<i64>) -> String {
    let mut lines = String::new();
    for hour in days.start * 24..days.end * 24 {
        let count = count(hour);
        for place in 0..count {
            let created = START + hour * HOUR + place * (HOUR / count);
            let (started, completed) = (created + 5_000, created + 65_000 + place % 7 * 1_000);
            lines.push_str(&format!(
                "{{\"ticket_id\":\"t-{hour}-{place}\",\"task_type\":\"BUILD\",\"risk_band\":\"low\",\"status\":\"COMPLETED\",\"created_at\":{created},\"started_at\":{started},\"completed_at\":{completed},\"actual_duration_ms\":{}}}\n",
                completed - started
            ));
        }
    }
    lines
}

/// A day ahead by the hour, whatever the gate says of it.
const TRAIN: &str = "hivectl ml train --model load --horizon 1440m --policy lenient.yaml";

/// What passes says nothing of how good these made up tickets can be forecast.
const LENIENT: &str = "load-1440m: {skill: \">= -90\", coverage_80: \">= 10\"}\nload-60m: {skill: \">= 99\"}\n";

fn home() -> Home {
    let home = Home::new();
    home.write("lenient.yaml", LENIENT);
    home.write("first.ndjson", tickets(0..22));
    home
}

fn data(home: &Home, line: &str, code: i32) -> Value {
    home.type_line(&format!("{line} -o json")).json(code)["data"].clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

#[test]
fn a_model_of_load_is_trained_registered_judged_and_forecasts_from_newer_tickets() {
    let home = home();
    let dry = data(&home, &format!("{TRAIN} --tickets first.ndjson --promote-if-better --dry-run"), 0);
    assert!(!home.has_registry() && dry["models"][0]["version"].is_null(), "{dry:#}");
    let trained = data(&home, &format!("{TRAIN} --tickets first.ndjson --promote-if-better"), 0);
    let model = &trained["models"][0];
    assert_eq!((&model["name"], &model["stage"], &model["promoted"]), (&"load-predictor-1440m".into(), &"Production".into(), &true.into()));
    assert_eq!(model["metrics"], dry["models"][0]["metrics"], "a dry run learns the same");
    for metric in
        ["mae", "rmse", "bias", "mape", "wape", "smape", "mase", "coverage_80", "coverage_95", "width_80", "width_95", "pinball", "skill"]
    {
        assert!(model["metrics"][metric].is_number(), "{metric}: {}", model["metrics"]);
    }
    let learned = &model["forecaster"];
    assert_eq!((&learned["horizon_seconds"], &learned["bucket_seconds"]), (&86_400.into(), &3_600.into()));
    assert!(learned["candidates"].as_array().is_some_and(|rows| rows.len() == 6), "{learned:#}");
    let share: f64 = learned["candidates"].as_array().expect("rows").iter().map(|row| number(&row["share_pct"])).sum();
    assert!((share - 100.0).abs() < 1e-6, "{learned:#}");
    assert_eq!(model["samples"]["used"], (0..22 * 24).map(count).sum::<i64>() - count(22 * 24 - 1), "the last hour is not over");

    // Where models are shown its numbers have their own units.
    let shown = home.type_line("hivectl ml models show load-predictor-1440m").expect(0).stdout;
    for words in [
        "forecasts   24 hours ahead in buckets of 1 hour",
        "Ways of forecasting",
        "hour_of_week",
        "hivectl/forecast.json",
        "code/hivectl_forecast.py",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(!shown.contains(" ms\n"), "{shown}");
    for (metric, unit) in [("wape", "%"), ("coverage_80", "%"), ("mae", "tickets"), ("width_80", "tickets")] {
        let in_unit = |line: &&str| line.starts_with(&format!("{metric} ")) && line.ends_with(unit);
        assert!(shown.lines().any(|line| in_unit(&line)), "{metric}: {shown}");
    }
    let listed = home.type_line("hivectl ml models list").expect(0).stdout;
    assert!(listed.contains("load-predictor-1440m") && listed.contains("WAPE"), "{listed}");
    let details = data(&home, "hivectl ml models show load-1440m@1", 0);
    assert_eq!((&details["params"]["horizon_minutes"], &details["params"]["bucket_minutes"]), (&"1440".into(), &"60".into()));
    assert_eq!(details["forecaster"], *learned);

    // Three more days have come: it forecasts from their end without learning.
    home.write("newer.ndjson", tickets(0..25));
    for reference in ["load-predictor-1440m", "load-1440m@1", "load-predictor-1440m@latest", "load-predictor-1440m@champion"] {
        let told = data(&home, &format!("hivectl ml forecast --model {reference} --tickets newer.ndjson"), 0);
        assert!(told["model"].as_str().is_some_and(|model| model.starts_with("load-predictor-1440m@1: ")), "{told:#}");
        assert_eq!(told["items"].as_array().map(Vec::len), Some(24));
        assert_eq!(told["as_of"], "2026-06-04T23:00:00Z", "the last hour of the file is not over");
        let off = (0..24).map(|step| (number(&told["forecast"][step]) - count(25 * 24 - 1 + step as i64) as f64).abs());
        let (off, mean) = (off.sum::<f64>() / 24.0, (0..24).map(|step| count(25 * 24 - 1 + step)).sum::<i64>() as f64 / 24.0);
        assert!(off < 0.3 * mean, "{off} of {mean}: {told:#}");
    }
    let short = data(&home, "hivectl ml forecast --model load-1440m --horizon 6h --above 20 --tickets newer.ndjson", 0);
    assert_eq!(short["items"].as_array().map(Vec::len), Some(6));
    assert!(short["items"][0]["probability_above"].is_number(), "{short:#}");
    for (words, code, told) in [
        ("--horizon 48h", 2, "looks 24 hours ahead"),
        ("--horizon 20m", 2, "shorter than a bucket"),
        ("--bucket 5m", 2, "those of load-predictor-1440m@1 are 1 hour"),
        ("--series work", 2, "forecasts arrivals"),
        ("--regressors r.csv", 2, "looks at nothing but tickets"),
        ("--as-of 2001-01-01", 14, "no ticket counts as arrivals"),
    ] {
        let ran = home.type_line(&format!("hivectl ml forecast --model load-1440m --tickets newer.ndjson {words}")).expect(code);
        assert!(ran.stderr.contains(told), "{words}: {}", ran.stderr);
    }
    home.write("few.ndjson", tickets(24..25));
    let few = home.type_line("hivectl ml forecast --model load-1440m --tickets few.ndjson").expect(14).stderr;
    assert!(few.contains("too few values"), "{few}");

    // Moments after its training judge it; without such it is not judged, and nothing passes.
    let validated = data(&home, "hivectl ml validate load-1440m --policy lenient.yaml --tickets newer.ndjson", 0);
    let check = |validated: &Value, id: &str| {
        let checks = validated["models"][0]["checks"].as_array().cloned().unwrap_or_default();
        checks.into_iter().find(|check| check["id"] == id).unwrap_or_default()
    };
    for id in ["schema", "gate", "recorded_metrics", "interval_coverage"] {
        assert!(matches!(check(&validated, id)["state"].as_str(), Some("pass" | "warn")), "{id}: {validated:#}");
    }
    assert_eq!(number(&check(&validated, "gate")["numbers"]["moment_count"]), 30.0);
    let stale = data(&home, "hivectl ml validate load-1440m --tickets first.ndjson", 14);
    assert_eq!(check(&stale, "gate")["state"], "skipped", "{stale:#}");
    let without = data(&home, "hivectl ml validate", 14);
    assert_eq!((&check(&without, "schema")["state"], &check(&without, "gate")["state"]), (&"pass".into(), &"skipped".into()));

    // What is for rows of tickets names the command that is for it.
    for (line, code) in [
        ("ml predict --model load-1440m --tickets newer.ndjson", 11),
        ("ml drift check --model load-1440m --tickets newer.ndjson", 11),
        ("ml dataset features --model load-1440m --tickets newer.ndjson --out f.parquet", 11),
    ] {
        let refused = home.type_line(&format!("hivectl {line}")).expect(code).stderr;
        assert!(refused.contains("hivectl ml forecast --model load-predictor-1440m@1 --tickets FILE"), "{line}: {refused}");
    }
    let retrain = home.type_line("hivectl ml retrain --model load --tickets newer.ndjson").expect(2).stderr;
    assert!(retrain.contains("hivectl ml train --model load --promote-if-better --tickets FILE"), "{retrain}");
    let again = data(&home, &format!("{TRAIN} --tickets first.ndjson --promote-if-better"), 0);
    let champion = &again["models"][0]["champion"];
    assert!(champion["obstacle"].as_str().is_some_and(|why| why.contains("moments that judge are later than its training")), "{again:#}");
    assert_eq!(again["models"][0]["stage"], "Staging");
    let compared = home.type_line("hivectl ml models compare load-1440m@1 load-1440m@2 --policy lenient.yaml").expect(0).stdout;
    assert!(compared.contains("judges a new one and what serves at the same moments"), "{compared}");
    home.type_line("hivectl ml models promote load-1440m@2 --policy lenient.yaml --confirm load-predictor-1440m@2").expect(0);
    home.type_line("hivectl ml models rollback load-1440m --confirm load-predictor-1440m").expect(0);
    let back = data(&home, "hivectl ml models show load-predictor-1440m", 0);
    assert_eq!(back["version"], 1, "{back:#}");
    home.type_line("hivectl ml models verify").expect(0);
}

/// The version that serves is judged at the moments that judge the new one, of which it had seen none.
#[test]
fn a_new_model_serves_where_it_beats_the_one_that_serves_at_the_same_moments() {
    let home = home();
    home.write("all.ndjson", tickets(0..60));
    // So little that nothing could be chosen well.
    data(&home, &format!("{TRAIN} --tickets all.ndjson --promote-if-better --as-of 2026-05-22 --window-days 5 --min-samples 500"), 0);
    let trained = data(&home, &format!("{TRAIN} --tickets all.ndjson --promote-if-better --name load-predictor-1440m"), 0);
    let model = &trained["models"][0];
    let champion = &model["champion"];
    assert_eq!((&champion["version"], &champion["samples"]), (&1.into(), &30.into()), "{champion:#}");
    let difference = &champion["difference"];
    assert!(
        number(&difference["low"]) <= number(&difference["estimate"]) && number(&difference["estimate"]) <= number(&difference["high"])
    );
    assert_eq!(champion["better"], model["promoted"], "{model:#}");
    assert!(champion["sentence"].as_str().is_some_and(|told| told.contains("on 30 moments")), "{champion:#}");
}

/// Several kinds in one command, as the script that first trains models does it.
#[test]
fn a_list_of_kinds_is_trained_and_names_without_a_version_that_serves_are_told() {
    let home = home();
    let line =
        "hivectl ml train --model anomaly,load --horizon 1440m --trees 5 --policy both.yaml --tickets first.ndjson --promote-if-better";
    home.write("both.yaml", "anomaly: {anomaly_rate: \">= 0\", positives: off}\nload-1440m: {skill: \">= 99\"}\n");
    for words in [" --dry-run", ""] {
        let trained = data(&home, &format!("{line}{words}"), 12);
        let names: Vec<&str> = trained["models"].as_array().expect("models").iter().filter_map(|model| model["name"].as_str()).collect();
        assert_eq!(names, ["ticket-anomaly-detector", "load-predictor-1440m"], "{trained:#}");
        assert_eq!(trained["without_serving"], serde_json::json!(["load-predictor-1440m"]), "{trained:#}");
    }
    let all = data(&home, "hivectl ml train --dry-run --trees 5 --tickets first.ndjson", 0);
    assert_eq!(all["models"].as_array().map(Vec::len), Some(2), "all stays duration and anomaly");
}

#[test]
fn what_is_no_series_to_learn_from_is_refused_before_or_after_reading() {
    let home = home();
    let one = |created: &str, place: usize| {
        format!(
            "{{\"ticket_id\":\"x-{place}\",\"task_type\":\"B\",\"risk_band\":\"low\",\"status\":\"COMPLETED\",\"created_at\":{created}}}\n"
        )
    };
    let hourly = |hours: std::ops::Range<i64>| -> String {
        hours
            .flat_map(|hour| (0..3).map(move |place| (hour, place)))
            .map(|(hour, place)| one(&(START + hour * HOUR + place * 1_000).to_string(), (hour * 3 + place) as usize))
            .collect()
    };
    home.write("constant.ndjson", hourly(0..24 * 20));
    home.write("one.ndjson", one(&START.to_string(), 0));
    home.write("short.ndjson", hourly(0..30));
    home.write("empty.ndjson", "");
    home.write("year57000.ndjson", (0..50).map(|place| one("1736640000000000", place)).collect::<String>());
    let base = "hivectl ml train --model load --horizon 1440m --min-samples 1";
    for (line, code, told) in [
        (format!("{base} --tickets constant.ndjson"), 14, "each of the 479 buckets holds 3"),
        (format!("{base} --tickets one.ndjson"), 14, "no ticket counts as arrivals"),
        (format!("{base} --tickets short.ndjson"), 14, "too few to forecast 24"),
        (format!("{base} --tickets empty.ndjson"), 14, "no ticket counts as arrivals"),
        (format!("{base} --tickets year57000.ndjson"), 14, "no ticket counts as arrivals"),
        ("hivectl ml train --model load --tickets short.ndjson".to_owned(), 14, "required: 1000"),
        (format!("{base} --bucket 48h --tickets first.ndjson"), 2, "from one to a day"),
        ("hivectl ml train --model load --horizon 60m --bucket 2h --tickets first.ndjson".to_owned(), 2, "longer than a horizon of 1 hour"),
        ("hivectl ml train --model load --horizon 60m --bucket 7m --tickets first.ndjson".to_owned(), 2, "no number of them make"),
        ("hivectl ml train --model load --horizon 90m --tickets first.ndjson".to_owned(), 2, "--horizon 360m"),
        ("hivectl ml train --model load --horizon 9000h --tickets first.ndjson".to_owned(), 2, "no model that is trained forecasts"),
        ("hivectl ml train --model duration --horizon 60m --tickets first.ndjson".to_owned(), 2, "--model load"),
        ("hivectl ml train --model duration --bucket 5m --tickets first.ndjson".to_owned(), 2, "--bucket does nothing"),
        ("hivectl ml train --model load --tune --tickets first.ndjson".to_owned(), 2, "--tune does nothing for the load"),
        ("hivectl ml train --model load --features extended --tickets first.ndjson".to_owned(), 2, "--features does nothing"),
        ("hivectl ml train --model load --name mine --tickets first.ndjson".to_owned(), 2, "--name names one model"),
        ("hivectl ml train --model laod --tickets first.ndjson".to_owned(), 2, "load"),
    ] {
        let ran = home.type_line(&line).expect(code);
        assert!(ran.stderr.contains(told), "{line}: {}", ran.stderr);
        assert!(!home.has_registry() || code == 14, "{line}");
    }
    if home.has_registry() {
        let listed = home.type_line("hivectl ml models list -o json").expect(0).stdout;
        assert!(!listed.contains("load-predictor"), "{listed}");
    }
}

/// A gap of weeks is told with the words that take it out of a forecast; the model is trained on what is there.
#[test]
fn a_gap_of_weeks_is_told() {
    let home = home();
    home.write("gap.ndjson", tickets(0..14) + &tickets(30..50));
    let ran = home.type_line(&format!("{TRAIN} --dry-run --tickets gap.ndjson")).expect(0);
    assert!(ran.stderr.contains("nothing was recorded from 2026-05-25T00:00:00Z to 2026-06-10T00:00:00Z"), "{}", ran.stderr);
    let words = ran.stderr.split('`').find(|words| words.starts_with("--exclude")).expect("words that take it out");
    let without = home.type_line(&format!("{TRAIN} --dry-run --tickets gap.ndjson {words} -o json")).expect(0);
    assert!(!without.stderr.contains("nothing was recorded"), "{}", without.stderr);
    let used = |ran: &crate::support::Ran| ran.json(0)["data"]["models"][0]["samples"]["train"].as_u64().expect("a count");
    let whole = home.type_line(&format!("{TRAIN} --dry-run --tickets gap.ndjson -o json"));
    assert_eq!(used(&without) + 16 * 24, used(&whole), "16 days are not known");
    let refused = home.type_line(&format!("hivectl ml train --model duration --tickets gap.ndjson {words}")).expect(2).stderr;
    assert!(refused.contains("--exclude does nothing"), "{refused}");
}

/// A model whose file is damaged says so, whoever asks.
#[test]
fn a_damaged_forecaster_is_refused() {
    let home = home();
    data(&home, &format!("{TRAIN} --tickets first.ndjson"), 0);
    home.type_line("hivectl ml models export load-1440m@1 model.hivectl-model").expect(0);
    let folder = home.path().join(".local/share/hivectl");
    let file = forecast_file(&folder).expect("the package");
    let whole = std::fs::read_to_string(&file).expect("the forecaster");
    for (damaged, code) in [(&whole[..whole.len() / 2], 13), ("{}", 13)] {
        std::fs::write(&file, damaged).expect("written");
        home.type_line("hivectl ml forecast --model load-1440m --tickets first.ndjson").expect(code);
    }
    // A folder has no digests of its own.
    let package = file.parent().and_then(Path::parent).expect("the folder").display().to_string();
    let line = format!("hivectl ml forecast --model {package} --tickets first.ndjson");
    for damaged in [
        "{}".to_owned(),
        whole.replacen("\"format\":1", "\"format\":9", 1),
        whole.replacen("\"bucket_ms\":3600000", "\"bucket_ms\":0", 1),
        whole[..900].to_owned(),
    ] {
        assert_ne!(damaged, whole);
        std::fs::write(&file, damaged).expect("written");
        let refused = home.type_line(&line).expect(11).stderr;
        assert!(refused.contains("is no forecaster"), "{refused}");
    }
    std::fs::write(&file, whole).expect("written");
    home.type_line(&line).expect(0);
}

/// The file of the only forecaster below a folder.
fn forecast_file(folder: &Path) -> Option<std::path::PathBuf> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).ok()?.flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path if path.ends_with("hivectl/forecast.json") => return Some(path),
                _ => {}
            }
        }
    }
    None
}

/// MLflow loads the package as a model and says what hivectl said at the end of the training.
#[test]
fn mlflow_loads_the_package_and_says_the_forecast() {
    let code = "import json, sys, mlflow, pandas as pd\n\
                m = mlflow.pyfunc.load_model(sys.argv[1])\n\
                t = m.predict(pd.DataFrame({'ds': pd.to_datetime(json.loads(sys.argv[2]), utc=True).tz_localize(None)}))\n\
                bad = ''\n\
                try:\n    m.predict(pd.DataFrame({'ds': [pd.Timestamp('1999-01-01')]}))\n\
                except Exception as error:\n    bad = str(error)\n\
                info = mlflow.models.Model.load(sys.argv[1])\n\
                print(json.dumps({'yhat': list(t['yhat']), 'lower': list(t['yhat_lower']), 'upper': list(t['yhat_upper']), 'bad': bad, 'flavors': list(info.flavors)}))";
    let pythons: Vec<String> = ["HIVECTL_TEST_PYTHON", "HIVECTL_TEST_PYTHON_MLFLOW2"].into_iter().filter_map(python).collect();
    if pythons.is_empty() {
        return;
    }
    let home = home();
    data(&home, &format!("{TRAIN} --tickets first.ndjson"), 0);
    let told = data(&home, "hivectl ml forecast --model load-1440m --tickets first.ndjson", 0);
    let file = forecast_file(&home.path().join(".local/share/hivectl")).expect("the package");
    let package = file.parent().and_then(Path::parent).expect("the folder").display().to_string();
    for python in pythons {
        let output = Command::new(&python)
            .current_dir(home.path())
            .args(["-c", code, &package, &told["timestamps"].to_string()])
            .output()
            .expect("Python starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said: Value = serde_json::from_slice(&output.stdout).expect("one document");
        for (theirs, ours) in [("yhat", "forecast"), ("lower", "lower"), ("upper", "upper")] {
            for step in 0..24 {
                assert!((number(&said[theirs][step]) - number(&told[ours][step])).abs() < 1e-9, "{ours} {step}: {said:#}");
            }
        }
        assert!(said["bad"].as_str().is_some_and(|why| why.contains("begins no bucket of this forecast")), "{said:#}");
        assert!(said["flavors"].to_string().contains("hivectl"), "{said:#}");
    }
}

/// The usual gate on real arrivals: what the guides ask of MAPE is only desired where hours are empty, and the rest holds.
#[test]
fn real_arrivals_pass_the_usual_gate() {
    let Some(log) = shared("data/jobs/ctc-sp2.ndjson.gz") else { return };
    let home = Home::new();
    let trained = data(&home, &format!("hivectl ml train --model load --horizon 1440m --dry-run --tickets {}", log.display()), 0);
    let model = &trained["models"][0];
    assert_eq!(model["gate"]["passed"], true, "{model:#}");
    assert!(number(&model["metrics"]["skill"]) > 5.0 && (number(&model["metrics"]["coverage_80"]) - 80.0).abs() <= 5.0, "{model:#}");
    let mape = model["gate"]["criteria"].as_array().expect("criteria").iter().find(|one| one["metric"] == "mape").expect("mape");
    assert_eq!((&mape["required"], &mape["passed"]), (&false.into(), &false.into()));
    assert!(number(&model["metrics"]["zero_actuals"]) > 0.0);
}
