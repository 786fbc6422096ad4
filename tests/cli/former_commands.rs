//! What the guides type today.

use crate::support::{Home, MODEL};

#[test]
fn old_flags_work_and_one_line_names_the_new_one() {
    let home = Home::with_models();
    for (words, note) in [
        ("hivectl ml train --model-type duration --dry-run --trees 3 --tickets tickets.parquet", "--model-type is called --model now"),
        (
            "hivectl ml train --model duration --training-window-days=20 --dry-run --trees 3 --tickets tickets.parquet",
            "--training-window-days is called --window-days now",
        ),
        (
            "hivectl ml train --model duration --hyperparameter-tuning false --dry-run --trees 3 --tickets tickets.parquet",
            "--hyperparameter-tuning is called --tune now",
        ),
        (
            "hivectl ml train --model duration --model-algorithm xgboost --dry-run --trees 3 --tickets tickets.parquet",
            "--model-algorithm is called --algorithm now",
        ),
        (
            "hivectl ml train --model duration --backfill-errors true --dry-run --trees 3 --tickets tickets.parquet",
            "--backfill-errors takes no value now",
        ),
        ("hivectl ml drift watch --check-once --tickets tickets.parquet", "--check-once is called --once now"),
    ] {
        let ran = home.type_line(words);
        // The watch finds too few tickets that the model has not seen.
        assert!(ran.code == 0 || (ran.code == 14 && words.contains("watch")), "{words}: {}", ran.stderr);
        assert_eq!(ran.stderr.matches("note: ").count(), 1, "{words}: {}", ran.stderr);
        assert!(ran.stderr.contains(note), "{words}: {}", ran.stderr);
    }
    for stage in ["Staging", "STAGING", "staging"] {
        home.run(&["ml", "models", "list", "--stage", stage]).expect(0);
    }
    home.run(&["ml", "models", "promote", &format!("{MODEL}@3"), "--to", "Production", "--dry-run"]).expect(0);
    home.run(&["ml", "models", "show", &format!("models:/{MODEL}/Production")]).expect(0);
}

#[test]
fn old_verbs_are_not_executed_and_the_new_command_is_complete() {
    let home = Home::with_models();
    let before = home.run(&["audit", "log", "-o", "json"]).json(0)["data"].to_string();
    for (old, new) in [
        (
            format!("hivectl ml models transition-model-version-stage --name {MODEL} --version 3 --stage Production"),
            format!("hivectl ml models promote {MODEL}@3"),
        ),
        (
            format!("hivectl ml models --promote --model-type {MODEL} --model-version 3 --target-stage Staging --reason 'so it is'"),
            format!("hivectl ml models promote {MODEL}@3 --to staging --reason 'so it is'"),
        ),
        (
            format!("hivectl --promote --model-type {MODEL} --model-version 3 --target-stage production"),
            format!("hivectl ml models promote {MODEL}@3"),
        ),
        (
            format!("hivectl ml rollback --specialist {MODEL} --to-version 1 --dry-run"),
            format!("hivectl ml models rollback {MODEL} --to 1 --dry-run"),
        ),
        ("hivectl ml status".to_owned(), "hivectl ml models list".to_owned()),
        ("hivectl predict --model duration".to_owned(), "hivectl ml predict --model duration".to_owned()),
        (
            format!("hivectl ml models transition-model-version-stage --name {MODEL} --version 2 --stage None"),
            format!("hivectl ml models archive {MODEL}@2"),
        ),
        (format!("hivectl promote {MODEL}@3"), format!("hivectl ml models promote {MODEL}@3")),
        (format!("hivectl ml promote {MODEL} 3 --registry a.db"), format!("hivectl ml models promote {MODEL}@3 --registry a.db")),
        (
            "hivectl ml train --promote --model-type duration --tickets t.csv".to_owned(),
            "hivectl ml train --model duration --tickets t.csv --promote-if-better".to_owned(),
        ),
        (format!("hivectl ml models promote {MODEL}@1 --stage Archived"), format!("hivectl ml models archive {MODEL}@1")),
        (
            format!("hivectl ml models promote {MODEL}@1 --target-stage Staging"),
            format!("hivectl ml models promote {MODEL}@1 --to staging"),
        ),
    ] {
        let ran = home.type_line(&old).expect(2);
        assert!(ran.stderr.contains(&format!("type `{new}`")), "{old}: {}", ran.stderr);
        let words = shlex::split(&new).expect("a line");
        hivectl::cli::command().try_get_matches_from(words).unwrap_or_else(|error| panic!("{new}: {error}"));
        let ran = home.type_line(&format!("{old} -o json"));
        assert_eq!(ran.json(2)["error"]["code"], "HML-0200");
    }
    let bogus = home.type_line(&format!("hivectl ml models transition-model-version-stage --name {MODEL} --version 3 --stage Bogus"));
    let bogus = bogus.expect(2).stderr;
    assert!(bogus.contains("None, Staging, Production and Archived") && bogus.contains(&format!("archive {MODEL}@3")), "{bogus}");
    let whole = home.type_line("hivectl rollback --all").expect(2).stderr;
    assert!(whole.contains("--all has no place in the new command"), "{whole}");
    assert_eq!(home.run(&["audit", "log", "-o", "json"]).json(0)["data"].to_string(), before);
}
