//! How failures look to people.

use crate::support::Home;

#[test]
fn a_mistyped_name_gets_the_nearest_one() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 200);
    home.run(&["ml", "train", "--model", "duration", "--tickets", "t.ndjson"]).expect(0);
    let ran = home.run(&["ml", "models", "show", "ticket-duration-predicter"]).expect(4);
    assert!(ran.stderr.contains("did you mean 'ticket-duration-predictor'?"), "{}", ran.stderr);
    let ran = home.run(&["ml", "models", "show", "ticket-duration-predictor@9"]).expect(4);
    assert!(ran.stderr.contains("ticket-duration-predictor@1"), "{}", ran.stderr);
    assert!(ran.stdout.is_empty());
    let ran = home.run(&["ml", "models", "lits"]).expect(2);
    assert!(ran.stderr.contains("list"), "{}", ran.stderr);
}

#[test]
fn each_failure_names_a_code_that_explain_knows() {
    let home = Home::new();
    for kind in hivectl::error::ErrorKind::ALL {
        let page = home.run(&["explain", kind.code()]).expect(0).stdout;
        assert!(page.contains("What to do:") && page.len() > 80, "{page}");
    }
    let ran = home.run(&["ml", "models", "show", "nobody"]).expect(4);
    assert!(ran.stderr.contains("see: `hivectl explain HML-0400` (exit code 4)"), "{}", ran.stderr);
}

#[test]
fn quiet_prints_the_result_alone_and_a_pipe_gets_no_colour() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 200);
    let ran = home.run(&["ml", "train", "--quiet", "--model", "duration", "--tickets", "t.ndjson"]).expect(0);
    assert_eq!(ran.stderr, "");
    assert!(!ran.stdout.contains('\u{1b}'));
    let ran = home.run(&["ml", "train", "--model", "duration", "--tickets", "t.ndjson"]).expect(0);
    assert!(ran.stderr.contains("200 read") && !ran.stderr.contains('\u{1b}') && !ran.stderr.contains('\r'), "{}", ran.stderr);
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    use std::process::Stdio;
    let home = Home::new();
    home.write_tickets("t.ndjson", 20_000);
    home.run(&["ml", "train", "--model", "duration", "--trees", "5", "--window-days", "400", "--tickets", "t.ndjson"]).expect(0);
    let mut child = home
        .command(&["ml", "predict", "--model", "duration", "--tickets", "t.ndjson", "-o", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("hivectl starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("hivectl ends");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}
