//! Prophet's model and forecasts against what Prophet itself answered, and against real series.

use std::collections::BTreeMap;
use std::io::Read as _;

use serde_json::Value;

use hivectl::error::ErrorKind;
use hivectl::forecast::prophet::{FitOptions, Growth, Known, fit};
use hivectl::forecast::{Candidate, Collector, Forecaster, Measure, Moments, Series, outages};

use hivectl::formats::ProphetFile;
use hivectl::kinds::{SeriesModel, SeriesPlan};
use hivectl::statistics::random::SplitMix64;

use crate::common::shared::shared;

const HOUR: i64 = 3_600_000;

fn golden(name: &str) -> Option<Value> {
    let bytes = std::fs::read(shared(&format!("oracles/{name}"))?).expect("a readable file");
    Some(serde_json::from_slice(&bytes).expect("JSON"))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|value| value.as_f64().unwrap_or(f64::NAN)).collect()
}

/// Times in seconds and values of a CSV with these two columns.
fn table(path: &str, time: &str, value: &str) -> Option<(Vec<f64>, Vec<f64>)> {
    let mut reader = csv::Reader::from_path(shared(path)?).expect("a table");
    let headers = reader.headers().expect("headers").clone();
    let place = |name: &str| headers.iter().position(|header| header == name).expect("the column");
    let (time, value) = (place(time), place(value));
    let rows = reader.records().map(|record| {
        let record = record.expect("a row");
        let text = record[time].replace(' ', "T");
        let text = if text.len() == 10 { format!("{text}T00:00:00Z") } else { format!("{text}Z") };
        let moment: jiff::Timestamp = text.parse().expect("a time");
        (moment.as_second() as f64, record[value].parse::<f64>().expect("a number"))
    });
    Some(rows.unzip())
}

/// Arrivals an hour of a job log.
fn arrivals(log: &str) -> Option<Series> {
    let mut text = String::new();
    let file = std::fs::File::open(shared(&format!("data/jobs/{log}.ndjson.gz"))?).expect("the log");
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("text");
    let mut collector = Collector::new(Measure::Arrivals, HOUR);
    for line in text.lines() {
        let ticket: Value = serde_json::from_str(line).expect("a ticket");
        collector.add(&Moments { created: ticket["created_at"].as_i64(), ..Moments::default() });
    }
    let last =
        text.lines().last().and_then(|line| serde_json::from_str::<Value>(line).ok()).and_then(|ticket| ticket["created_at"].as_i64());
    collector.finish(0, last.expect("a log of tickets in order"))
}

/// A better posterior than Stan found is a better fit of the same model; a worse one is a fault.
#[test]
fn no_fit_is_worse_than_the_one_that_prophet_found() {
    let Some(golden) = golden("prophet15_models.json") else { return };
    let values = numbers(&golden["input"]["y"]);
    let start: jiff::Timestamp = format!("{}Z", golden["input"]["start"].as_str().expect("a start")).parse().expect("a time");
    let times: Vec<f64> = (0..values.len()).map(|index| (start.as_second() + 3_600 * index as i64) as f64).collect();
    let best = |case: &str| golden["cases"][case]["neg_log_posterior"].as_f64().expect("a number");
    let none = FitOptions { changepoints: 0, ..FitOptions::default() };
    let flat = FitOptions { growth: Growth::Flat, ..FitOptions::default() };
    for (case, count, options) in [
        ("plain", 504, FitOptions::default()),
        ("short_20_rows_newton", 20, FitOptions::default()),
        ("no_changepoints", 504, none),
        ("flat", 504, flat),
    ] {
        let fitted = fit(&times[..count], &values[..count], &options).expect("a fit");
        assert!(fitted.negative_log_posterior <= best(case) + 1e-3, "{case}: {} for {}", fitted.negative_log_posterior, best(case));
    }
    let Some(golden) = golden_series() else { return };
    for (case, path, time, value) in [
        ("peyton", "data/load/example_wp_log_peyton_manning.csv", "ds", "y"),
        ("bike", "data/load/bike_sharing_dataset_clean.csv", "date_time", "users"),
    ] {
        let Some((times, values)) = table(path, time, value) else { return };
        let fitted = fit(&times, &values, &FitOptions::default()).expect("a fit");
        let theirs = golden[case]["neg_log_posterior"].as_f64().expect("a number");
        assert!(fitted.negative_log_posterior <= theirs + 1e-6, "{case}: {} for {theirs}", fitted.negative_log_posterior);
        assert_eq!(fitted.model.changepoints.len(), 25);
        for (ours, theirs) in fitted.model.changepoints.iter().zip(numbers(&golden[case]["changepoints_t"])) {
            assert!((ours - theirs).abs() < 1e-12, "{case}: {ours} is not {theirs}");
        }
        // The optimum is flat, so that values are near and not the same; beside the noise the difference is small.
        let history = &golden[case]["history"];
        for (moment, theirs) in history["ds"].as_array().expect("a list").iter().zip(numbers(&history["yhat"])) {
            let moment: jiff::Timestamp =
                format!("{}Z", moment.as_str().expect("a time").trim_end_matches('Z').replace(' ', "T")).parse().expect("a time");
            let said = fitted.model.say(moment.as_second() as f64, &()).expect("a value").value;
            let noise = fitted.model.sigma * fitted.model.value_scale;
            assert!((said - theirs).abs() < 0.2 * noise, "{case}: {said} is not {theirs}, with noise {noise}");
        }
    }
}

fn golden_series() -> Option<Value> {
    golden("prophet15_series.json")
}

#[test]
fn a_constant_series_and_too_few_rows_are_no_fit_of_noise() {
    let times: Vec<f64> = (0..100).map(|index| f64::from(index) * 3_600.0).collect();
    let constant = fit(&times, &[7.0; 100], &FitOptions::default()).expect("a fit");
    assert_eq!(constant.model.say(1e6, &()).expect("a value").value, 7.0);
    assert!(fit(&times[..1], &[7.0], &FitOptions::default()).is_none());
    assert!(fit(&times, &[f64::NAN; 100], &FitOptions::default()).is_none());
}

/// On real arrivals the forecast is better than the simple rules, at moments that it was not chosen by, never below zero,
/// and its interval holds about what it says.
#[test]
fn forecasts_of_real_arrivals_beat_the_simple_rules() {
    for log in ["ctc-sp2", "sdsc-blue"] {
        let Some(series) = arrivals(log) else { return };
        let series = series.before(series.values.len(), 120 * 24);
        let learned = Forecaster::train(&series, 24, 30).expect("a long series");
        assert!(learned.skill().is_some_and(|skill| skill > 5.0), "{log}: {:?}", learned.skill());
        assert!((65.0..=95.0).contains(&learned.errors.coverage_80), "{log}: {:?}", learned.errors);
        assert_eq!(learned.origins, [15, 15]);
        let next = learned.forecast(&series).expect("a forecast");
        for forecast in &next {
            let [low, high] = forecast.bounds_80;
            assert!(
                0.0 <= low && low <= forecast.value.max(high) && forecast.bounds_95[0] <= low && high <= forecast.bounds_95[1],
                "{forecast:?}"
            );
        }
        assert_eq!(next, learned.forecast(&series).expect("the same again"), "it is deterministic");
        let certain = learned.blend.probability_above(next[0].value, 1, 0.0);
        assert!(certain > 0.5 && learned.blend.probability_above(next[0].value, 1, 1e9) == 0.0);
    }
}

#[test]
fn a_series_that_says_too_little_is_refused_and_never_made_up() {
    let of = |values: Vec<f64>| {
        Forecaster::train(&Series { start_ms: 0, step_ms: HOUR, values }, 24, 60).map(|_| ()).expect_err("refused").to_string()
    };
    assert!(of(vec![1.0, 2.0]).contains("too few"));
    assert!(of((0..90).map(f64::from).collect()).contains("too few"));
    assert!(of(vec![0.0; 2_000]).contains("each of the 2000 buckets holds 0"));
    assert!(of(vec![f64::NAN; 2_000]).contains("too few"));
}

#[test]
fn gaps_are_not_known_and_a_wave_is_followed() {
    let wave = |index: usize| 20.0 + 10.0 * (index as f64 * std::f64::consts::TAU / 24.0).sin();
    let mut values: Vec<f64> = (0..24 * 60).map(wave).collect();
    values[700..748].fill(f64::NAN);
    let series = Series { start_ms: 0, step_ms: HOUR, values };
    assert!(outages(&series).is_empty(), "what is not known is no zero");
    let learned = Forecaster::train(&series, 24, 20).expect("a series");
    for (step, forecast) in learned.forecast(&series).expect("a forecast").iter().enumerate() {
        let truth = wave(24 * 60 + step);
        assert!((forecast.value - truth).abs() < 0.5, "{step}: {} is not {truth}", forecast.value);
    }
    // Every candidate answers, or says that it cannot.
    for candidate in Candidate::ALL {
        assert!(
            candidate.forecast(&series, 24).is_some_and(|said| said.len() == 24 && said.iter().all(|value| *value >= 0.0)),
            "{candidate}"
        );
        assert!(candidate.forecast(&series.before(0, 0), 24).is_none(), "{candidate}");
    }
}

#[test]
fn tickets_in_progress_are_counted_at_the_beginning_of_a_bucket() {
    let mut running = Collector::new(Measure::Running, HOUR);
    let mut work = Collector::new(Measure::Work, HOUR);
    let ticket = |started: i64, completed: i64| Moments { started: Some(started), completed: Some(completed), ..Moments::default() };
    for moments in [ticket(10, 3 * HOUR), ticket(HOUR, HOUR + 1), ticket(5 * HOUR, 4 * HOUR), ticket(-HOUR, 2 * HOUR + 5)] {
        running.add(&moments);
        work.add(&moments);
    }
    assert!(!running.add(&Moments { created: Some(5), ..Moments::default() }));
    // The third ended before it began.
    assert_eq!((running.counted(), work.counted()), (3, 3));
    let series = running.finish(0, 5 * HOUR).expect("tickets");
    assert_eq!((series.start_ms, series.values), (0, vec![1.0, 3.0, 2.0, 0.0, 0.0]));
    let series = work.finish(0, 4 * HOUR).expect("tickets");
    assert_eq!((series.start_ms, series.values), (HOUR, vec![1.0, 3.0 * HOUR as f64 + 5.0, (3 * HOUR - 10) as f64]));
}

/// What a file of Prophet's says of moments, and nothing where it needs to know more than their time.
#[test]
fn files_of_prophet_say_what_prophet_says() {
    let Some(golden) = golden("prophet15_models.json") else { return };
    let cases = golden["cases"].as_object().expect("cases");
    assert_eq!(cases.len(), 9);
    for (name, case) in cases {
        let text = case["model_json"].as_str().expect("a file");
        let twice = serde_json::to_string(text).expect("JSON");
        for content in [text, twice.as_str()] {
            assert!(ProphetFile::looks_like(content.as_bytes()), "{name}");
            let file = ProphetFile::read(name, content.as_bytes()).expect("a file of Prophet's");
            assert_eq!((file.version.as_deref(), file.step_ms), (Some("1.5.0"), HOUR));
            let input = &case["predict_input"];
            for (index, theirs) in numbers(&case["predict"]["yhat"]).into_iter().enumerate() {
                let known: BTreeMap<String, f64> = ["weekday", "temp", "promo", "cap", "floor"]
                    .into_iter()
                    .map(|column| {
                        (
                            column.to_owned(),
                            input[column][index].as_f64().unwrap_or_else(|| f64::from(u8::from(input[column][index] == true))),
                        )
                    })
                    .collect();
                let moment: jiff::Timestamp = format!("{}Z", input["ds"][index].as_str().expect("a time")).parse().expect("a time");
                let said = file.model.say(moment.as_second() as f64, &Row(known)).expect("everything is known");
                let (trend, additive) = (number(&case["predict"]["trend"][index]), number(&case["predict"]["additive_terms"][index]));
                for (ours, theirs) in [(said.value, theirs), (said.trend, trend), (said.additive, additive)] {
                    assert!((ours - theirs).abs() <= 1e-6 * theirs.abs().max(1.0), "{name}, {moment}: {ours} is not {theirs}");
                }
            }
            let needs = file.model.needs();
            let expected: &[&str] = match name.as_str() {
                "everything_multiplicative" => &["temp", "promo", "weekday"],
                "logistic_floor" => &["cap", "floor"],
                _ => &[],
            };
            assert_eq!(needs, expected, "{name}");
            assert_eq!(file.model.say(file.last_ms as f64 / 1e3, &()).is_some(), needs.is_empty(), "{name}");
        }
    }
}

struct Row(BTreeMap<String, f64>);

impl Known for Row {
    fn value(&self, column: &str) -> Option<f64> {
        self.0.get(column).copied()
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// Cut or with letters changed a file is refused, or says numbers or nothing; it never brings the program down.
#[test]
fn damaged_files_of_prophet_are_refused() {
    let Some(golden) = golden("prophet15_models.json") else { return };
    let text = golden["cases"]["logistic_floor"]["model_json"].as_str().expect("a file").to_owned();
    let mut random = SplitMix64::new(7);
    let (mut refused, mut read) = (0, 0);
    for round in 0..2_000 {
        let mut bytes = text.clone().into_bytes();
        match round % 2 {
            0 => bytes.truncate(random.below(bytes.len())),
            _ => (0..3).for_each(|_| {
                let place = random.below(bytes.len());
                bytes[place] = b"0123456789-.eE[]{},:\"n"[random.below(22)];
            }),
        }
        match ProphetFile::read("m.json", &bytes) {
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::BadModelFile);
                refused += 1;
            }
            Ok(file) => {
                file.model.say(1.8e9, &Row(BTreeMap::from([("cap".to_owned(), 90.0), ("floor".to_owned(), 10.0)])));
                read += 1;
            }
        }
    }
    assert!(refused > 1_000 && read > 50, "{refused} refused, {read} read");
}

/// The bounds are those of Prophet's own simulation, about.
#[test]
fn bounds_are_those_of_prophet() {
    let Some(golden) = golden_series() else { return };
    for (case, path, time, value) in [
        ("peyton", "data/load/example_wp_log_peyton_manning.csv", "ds", "y"),
        ("bike", "data/load/bike_sharing_dataset_clean.csv", "date_time", "users"),
    ] {
        let Some((times, values)) = table(path, time, value) else { return };
        let model = fit(&times, &values, &FitOptions::default()).expect("a fit").model;
        let intervals = &golden[case]["intervals"];
        for (index, moment) in intervals["at"].as_array().expect("a list").iter().enumerate() {
            let moment: jiff::Timestamp =
                format!("{}Z", moment.as_str().expect("a time").trim_end_matches('Z').replace(' ', "T")).parse().expect("a time");
            let [[low, high], [wide_low, wide_high]] = model.bounds(moment.as_second() as f64, &(), 1).expect("bounds");
            let theirs = &intervals["not_vectorized"]["yhat"][index];
            let width = number(&theirs[1]) - number(&theirs[0]);
            assert!(((high - low) / width - 1.0).abs() < 0.25, "{case}, {moment}: {} is not {width}", high - low);
            assert!(wide_low < low && high < wide_high);
        }
    }
}

/// A forecaster cut at every length or altered at any place is refused or forecasts; it never does anything else.
#[test]
fn a_forecaster_that_was_cut_or_altered_is_refused_or_forecasts() {
    let values = (0..24 * 14).map(|hour| f64::from(if hour % 24 < 12 { 2 } else { 8 + hour * 7 % 5 })).collect();
    let series = Series { start_ms: 0, step_ms: HOUR, values };
    let plan = SeriesPlan { horizon_ms: 4 * HOUR, bucket_ms: HOUR };
    let (model, _) = SeriesModel::train(Measure::Arrivals, &series, plan, 8).expect("a fortnight is enough");
    let whole = model.to_bytes().expect("JSON");
    assert_eq!(SeriesModel::from_bytes("m@1", &whole).expect("its own bytes"), model);
    for length in 0..whole.len() {
        let error = SeriesModel::from_bytes("m@1", &whole[..length]).expect_err("a part");
        assert_eq!(error.kind(), ErrorKind::BadModelFile, "{length}");
    }
    let mut random = SplitMix64::new(7);
    for _ in 0..10_000 {
        let mut altered = whole.clone();
        for _ in 0..=random.below(2) {
            let place = random.below(altered.len());
            altered[place] = random.below(256) as u8;
        }
        match SeriesModel::from_bytes("m@1", &altered) {
            Err(error) => assert_eq!(error.kind(), ErrorKind::BadModelFile, "{error}"),
            Ok(read) => assert!(read.forecaster.fault().is_none() && read.plan.steps() == read.forecaster.steps()),
        }
    }
}
