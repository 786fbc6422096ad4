//! `--output`, `--quiet` and pipes: one document also when a command fails, and the result alone.

use crate::support::{Home, fields};

#[test]
fn every_answer_is_one_document_also_when_it_fails() {
    let home = Home::new();
    for (arguments, code, exit) in [
        (&["ml", "models", "show", "nobody", "-o", "json"][..], "HML-0400", 4),
        (&["ml", "train", "--tickets", "absent.ndjson", "-o", "json"][..], "HML-0401", 4),
        (&["ml", "train", "-o", "json"][..], "HML-0200", 2),
        (&["ml", "trian", "-o", "json"][..], "HML-0200", 2),
        (&["ml", "models", "show", "a@b", "-o", "json"][..], "HML-0200", 2),
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
