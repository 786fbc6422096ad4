//! `--output`, `--quiet` and pipes: one document also when a command fails, and the result alone.

use serde_json::Value;

use crate::support::{Home, MODEL, fields};

#[test]
fn every_answer_is_one_document_also_when_it_fails() {
    let home = Home::new();
    for (arguments, code, exit) in [
        (&["ml", "models", "show", "nobody", "-o", "json"][..], "HML-0400", 4),
        (&["ml", "train", "--tickets", "absent.ndjson", "-o", "json"][..], "HML-0401", 4),
        (&["ml", "train", "-o", "json"][..], "HML-0200", 2),
        (&["ml", "trian", "-o", "json"][..], "HML-0200", 2),
        (&["ml", "models", "show", "a@0", "-o", "json"][..], "HML-0200", 2),
    ] {
        let document = home.run(arguments).json(exit);
        assert_eq!(document["schema"], "hivectl.error/v1", "{arguments:?}");
        fields(&document["error"], &["code", "kind", "message", "causes", "hints", "exit_code", "retryable"]);
        assert_eq!(
            (document["error"]["code"].as_str(), document["error"]["exit_code"].as_i64()),
            (Some(code), Some(i64::from(exit))),
            "{arguments:?}"
        );
    }
    assert!(!home.has_registry());
}

#[test]
fn quiet_prints_the_result_alone_and_a_pipe_gets_no_colour() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 200);
    let ran = home.run(&["ml", "train", "--quiet", "--model", "duration", "--tickets", "t.ndjson", "--max-ticket-age", "3650d"]).expect(0);
    assert_eq!(ran.stderr, "");
    assert!(!ran.stdout.contains('\u{1b}'));
    let ran = home.run(&["ml", "train", "--model", "duration", "--tickets", "t.ndjson"]).expect(0);
    assert!(ran.stderr.contains("200 read") && !ran.stderr.contains('\u{1b}') && !ran.stderr.contains('\r'), "{}", ran.stderr);
}

#[test]
fn a_document_of_misuse_names_what_was_misused() {
    let home = Home::new();
    for (arguments, named) in [
        (&["ml", "models", "promote", "-o", "json"][..], "<REFERENCE>"),
        (&["ml", "train", "--stat", "x", "-o", "json"][..], "'--stat'"),
        (&["ml", "models", "list", "--stage", "live", "-o", "json"][..], "'live'"),
        (&["ml", "predict", "-o", "json"][..], "--model"),
    ] {
        let document = home.run(arguments).json(2);
        let error = &document["error"];
        assert!(error["message"].as_str().is_some_and(|message| message.contains(named) && !message.ends_with(':')), "{document:#}");
    }
    let document = home.run(&["ml", "models", "lsit", "-o", "json"]).json(2);
    assert!(
        document["error"]["hints"].as_array().is_some_and(|hints| hints.iter().any(|hint| hint.to_string().contains("list"))),
        "{document:#}"
    );
}

/// Every object of a document that tells of a model by its name.
fn named(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| named(value, found)),
        Value::Object(fields) => {
            let tells = ["model", "model_name"].iter().any(|key| fields.get(*key).is_some_and(Value::is_string));
            if tells && !fields.contains_key("ticket_id") {
                found.push(value.clone());
            }
            fields.values().for_each(|value| named(value, found));
        }
        _ => {}
    }
}

#[test]
fn a_model_is_called_name_wherever_it_is_told_of() {
    let home = Home::with_models();
    for line in [
        format!("ml models promote {MODEL}@3 --dry-run"),
        format!("ml models history {MODEL}"),
        format!("ml drift baseline list {MODEL}"),
        "ml predict --model duration --tickets tickets.parquet".to_owned(),
        "ml drift check --tickets tickets.parquet".to_owned(),
        "audit log".to_owned(),
    ] {
        let ran = home.run(&[line.split(' ').collect::<Vec<_>>(), vec!["-o", "json"]].concat());
        let document: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{line}: {error}: {}", ran.stderr));
        let mut found = Vec::new();
        named(&document["data"], &mut found);
        assert!(line.contains("history") || !found.is_empty(), "{line}: {document:#}");
        for told in found {
            let name = told.get("model").filter(|name| name.is_string()).unwrap_or(&told["model_name"]);
            assert_eq!(&told["name"], name, "{line}: {told:#}");
            assert!(told.get("model_version").is_none_or(|version| *version == told["version"]), "{line}: {told:#}");
        }
        if ran.code != 0 {
            assert_eq!(document["data"]["exit_code"], ran.code, "{line}");
        }
    }
}

#[test]
fn every_time_of_every_document_is_a_whole_second() {
    let home = Home::with_versions(2);
    home.run(&["ml", "models", "promote", &format!("{MODEL}@2"), "--confirm", &format!("{MODEL}@2"), "--force-gate", "--reason", "test"])
        .expect(0);
    // What somebody wrote stays as it is.
    home.run(&["ml", "models", "tag", &format!("{MODEL}@1"), "approved_at=2026-01-31"]).expect(0);
    let tags = home.run(&["ml", "models", "show", &format!("{MODEL}@1"), "-o", "json"]).json(0)["data"]["tags"].clone();
    assert_eq!(tags["approved_at"], "2026-01-31", "{tags}");
    let lines = [
        format!("ml models list {MODEL}"),
        format!("ml models show {MODEL}@2"),
        format!("ml models history {MODEL}"),
        format!("ml models promote {MODEL}@1 --dry-run --force-gate --reason test"),
        "audit log".to_owned(),
        "audit show 1".to_owned(),
        "ml jobs list".to_owned(),
    ];
    for line in lines {
        let words: Vec<&str> = line.split(' ').chain(["-o", "json"]).collect();
        let told = home.run(&words).json(0);
        let (mut open, mut moments) = (vec![&told], 0);
        while let Some(value) = open.pop() {
            match value {
                Value::Array(values) => open.extend(values),
                Value::Object(fields) => open.extend(fields.values()),
                Value::String(text) => {
                    if let Ok(time) = text.parse::<jiff::Timestamp>() {
                        assert_eq!((time.subsec_nanosecond(), text.len()), (0, 20), "{line}: {text}");
                        moments += 1;
                    }
                }
                _ => {}
            }
        }
        // The document itself is dated.
        assert!(moments > 1 || line.contains("jobs"), "{line}: {told:#}");
    }
}
