//! Everything that can be wrong with input: what is said, where, and with which exit code.

use std::fs;

use hivectl::error::ErrorKind;
use hivectl::source::TicketFiles;
use hivectl::ticket::{FieldPaths, TicketFilter};

use super::support::{Folder, failure, gzip, line, lines, quality, read, shared, tickets, zstd};

/// A file that cannot be read to its end.
struct Broken {
    name: &'static str,
    content: Vec<u8>,
    line: u64,
    says: &'static str,
}

fn broken(name: &'static str, content: impl Into<Vec<u8>>, line: u64, says: &'static str) -> Broken {
    Broken { name, content: content.into(), line, says }
}

fn two_lines_and(third: &str) -> String {
    format!("{}{third}", lines(2))
}

fn json_cases() -> Vec<Broken> {
    let ticket = line(1);
    vec![
        broken("half.ndjson", two_lines_and(r#"{"ticket_id":"t-3","task_ty"#), 3, "EOF while parsing a string at column 27"),
        broken("nan.ndjson", two_lines_and("{\"estimated_duration_ms\":Nan}\n"), 3, "expected value at column 26"),
        broken("infinite.ndjson", two_lines_and("{\"estimated_duration_ms\":1e400}\n"), 3, "number out of range"),
        broken("braces.ndjson", two_lines_and(&"{".repeat(1_000_000)), 3, "nested deeper than 128 levels"),
        broken(
            "deep.ndjson",
            two_lines_and(&format!("{}1{}", "{\"a\":".repeat(1_000_000), "}".repeat(1_000_000))),
            3,
            "nested deeper than 128 levels",
        ),
        broken("deep.json", format!("[{ticket},\n{{\"parameters\":{}1{}}}]", "[".repeat(200), "]".repeat(200)), 2, "recursion limit"),
        broken("number.ndjson", two_lines_and("5\n"), 3, "invalid type: integer `5`, expected a ticket, which is an object"),
        broken("two.ndjson", two_lines_and(&format!("{ticket}{ticket}\n")), 3, "trailing characters"),
        broken("bytes.ndjson", [lines(2).as_bytes(), b"{\"task_type\":\"\xff\"}"].concat(), 3, "invalid unicode code point"),
        broken("pretty.ndjson", "{\n \"ticket_id\": 1\n}\n{\n \"ticket_id\": 1\n", 5, "EOF while parsing an object"),
        broken("open.json", format!("[\n{ticket},\n{ticket}\n"), 4, "the array does not end"),
        broken("cut.json", format!("[\n{ticket},\n{}", &ticket[..50]), 3, "the array does not end"),
        broken("comma.json", format!("[\n{ticket}\n{ticket}]"), 3, "found \"{\", expected a comma or the array's end"),
        broken("after.json", format!("[{ticket}]\n\nx"), 3, "found \"x\", expected nothing after the array's end"),
        broken("values.json", "[1, 2]", 1, "found \"1\", expected a ticket, which is an object"),
        broken("inside.json", format!("[{ticket},\n\n{{\"a\":\n Nan}}]"), 4, "expected value at column 2"),
    ]
}

fn table_cases() -> Vec<Broken> {
    let header = "ticket_id,status,created_at,estimated_duration_ms";
    vec![
        broken(
            "words.csv",
            format!("{header}\na,COMPLETED,1767265200,soon\nb,COMPLETED,1767265201,later\n"),
            2,
            "column estimated_duration_ms holds \"soon\" and not a single number",
        ),
        broken("cells.csv", format!("{header}\na,COMPLETED,1767265200,5\nb,COMPLETED\n"), 3, "the row has 2 cells, the header has 4"),
        broken("other.csv", "date,value\n2026-01-01,5\n", 1, "no column belongs to a ticket"),
        broken("latin.csv", [header.as_bytes(), b"\na,\xe9t\xe9,1767265200,5\n"].concat(), 2, "the text is not UTF-8"),
        broken("noise.bin", vec![0x7f, b'E', b'L', b'F', 0, 0, 1, 2], 1, "neither JSON, CSV nor Parquet"),
        broken("cut.parquet", b"PAR1 and then nothing of the kind".to_vec(), 1, "the Parquet data is damaged"),
    ]
}

#[test]
fn a_broken_file_is_told_with_its_place() {
    let folder = Folder::new();
    for case in json_cases().into_iter().chain(table_cases()) {
        let file = folder.file(case.name, &case.content);
        let error = failure(&file);
        assert_eq!(error.kind(), ErrorKind::BadInput, "{}: {error}", case.name);
        assert_eq!(error.kind().exit_code(), 11);
        assert!(error.message().contains(&format!("{file}:{}: ", case.line)), "{}: {error}", case.name);
        assert!(error.message().contains(case.says), "{}: {error}", case.name);
        assert!(!error.hints().is_empty(), "{}: {error}", case.name);
    }
}

#[test]
fn compressed_data_that_is_cut_or_damaged_is_told() {
    let folder = Folder::new();
    let content = lines(40_000);
    for (name, whole, says) in [("t.ndjson.gz", gzip(&content), "gzip"), ("t.ndjson.zst", zstd(&content), "zstd")] {
        let error = failure(&folder.file(name, &whole[..whole.len() / 2]));
        assert_eq!(error.kind(), ErrorKind::BadInput);
        assert!(error.message().contains(&format!("the {says} data is cut off")), "{error}");
        let line: u64 = error.message().split(&format!("{name}:")).nth(1).unwrap().split(':').next().unwrap().parse().unwrap();
        assert!((5_000..35_000).contains(&line), "half of 40,000 lines were read: {error}");
        let hint = error.hints()[0].to_string();
        assert!(hint.contains(&format!("{says} -t")) || hint.contains("gzip -t"), "{error:?}");
    }
    // Only gzip always carries a sum of what it holds.
    for place in [2, 1] {
        let mut damaged = gzip(&content);
        let at = damaged.len() / place - 6;
        damaged[at] ^= 0xff;
        let error = failure(&folder.file("t.ndjson.gz", damaged));
        assert_eq!(error.kind(), ErrorKind::BadInput, "{error}");
    }
}

#[test]
fn a_line_of_a_hundred_megabytes_is_refused_in_bounded_memory() {
    let folder = Folder::new();
    let long = format!("{}{{\"description\":\"{}\"}}\n", lines(1), "x".repeat(100 << 20));
    let error = failure(&folder.file("long.ndjson.gz", gzip(long)));
    assert_eq!(error.kind(), ErrorKind::BadInput);
    assert!(error.message().ends_with("long.ndjson.gz:2: the document is longer than 16 MiB (16,777,216 bytes)"), "{error}");
    let array = format!("[{{\"description\":\"{}\"}}]", "x".repeat(17 << 20));
    assert!(failure(&folder.file("long.json", array)).message().contains("long.json:1: the document is longer than 16 MiB"));
}

#[test]
fn the_line_is_right_far_into_a_large_file() {
    let folder = Folder::new();
    let mut all: Vec<String> = (0..60_000).map(line).collect();
    all[43_210].push('}');
    all.insert(7, String::new());
    let error = failure(&folder.file("t.ndjson", all.join("\n")));
    assert!(error.message().contains("t.ndjson:43212: trailing characters"), "{error}");
}

#[test]
fn what_is_no_file_is_told_by_its_kind() {
    let folder = Folder::new();
    let here = folder.path("");
    let (directory, absent, pattern) =
        (here.display().to_string(), folder.path("absent.ndjson").display().to_string(), folder.path("*.csv").display().to_string());
    for (named, kind, exit_code) in [
        (vec![directory.as_str()], ErrorKind::Usage, 2),
        (vec![absent.as_str()], ErrorKind::FileNotFound, 4),
        (vec![pattern.as_str()], ErrorKind::FileNotFound, 4),
        (vec!["-", "-"], ErrorKind::Usage, 2),
        (vec![], ErrorKind::Usage, 2),
    ] {
        let named: Vec<String> = named.into_iter().map(str::to_owned).collect();
        let error = TicketFiles::open(&named, FieldPaths::default()).unwrap_err();
        assert_eq!((error.kind(), error.kind().exit_code()), (kind, exit_code), "{named:?}: {error}");
        assert!(!error.hints().is_empty(), "{error}");
    }
}

#[test]
fn an_empty_file_has_no_tickets() {
    let folder = Folder::new();
    for (name, content) in [("a", Vec::new()), ("b", b"\n \n".to_vec()), ("c", gzip("")), ("d", b"[ ]".to_vec()), ("e", zstd("\n"))] {
        assert!(read(&[&folder.file(name, content)]).unwrap().is_empty(), "{name}");
    }
    let header_only = folder.file("f.csv", "ticket_id,created_at\n");
    assert!(read(&[&header_only]).unwrap().is_empty());
}

#[test]
fn a_well_formed_ticket_that_cannot_be_used_is_counted_by_reason() {
    let folder = Folder::new();
    for (reason, change) in [
        ("negative_estimated_duration_ms", r#""estimated_duration_ms":-5"#),
        ("negative_actual_duration_ms", r#""actual_duration_ms":-1.5"#),
        ("negative_retry_count", r#""retry_count":-1"#),
        ("negative_sla_timeout_ms", r#""sla":{"timeout_ms":-1}"#),
        ("date_out_of_range_created_at", r#""created_at":1767265200000000"#),
        ("date_out_of_range_created_at", r#""created_at":0"#),
        ("date_out_of_range_completed_at", r#""actual_duration_ms":null,"completed_at":{"$date":{"$numberLong":"1767265200000000"}}"#),
        ("unusable_created_at", r#""created_at":"57000-01-01T00:00:00Z""#),
        ("unusable_created_at", r#""created_at":"noon""#),
        ("unusable_created_at", r#""created_at":[1]"#),
        ("unusable_created_at", r#""created_at":true"#),
        ("unusable_estimated_duration_ms", r#""estimated_duration_ms":"60000""#),
        ("unusable_estimated_duration_ms", r#""estimated_duration_ms":false"#),
        ("unusable_estimated_duration_ms", r#""estimated_duration_ms":{"ms":5}"#),
        ("unusable_estimated_duration_ms", r#""estimated_duration_ms":{"$numberDouble":"NaN"}"#),
        ("unusable_retry_count", r#""retry_count":0.5"#),
        ("unusable_sla", r#""sla":"one minute""#),
        ("unusable_task_type", r#""task_type":["BUILD"]"#),
        ("without_created_at", r#""created_at":null"#),
        ("without_duration", r#""actual_duration_ms":null"#),
        ("duration_zero", r#""actual_duration_ms":0"#),
        ("duration_not_positive", r#""actual_duration_ms":null,"started_at":1767265202000,"completed_at":1767265201000"#),
        ("not_finished", r#""status":"RUNNING""#),
    ] {
        let mut changed: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&line(1)).unwrap();
        changed.extend(serde_json::from_str::<serde_json::Map<_, _>>(&format!("{{{change}}}")).unwrap());
        let changed = serde_json::Value::from(changed);
        let quality = quality(&folder.file("t.ndjson", format!("{}\n{changed}\n", line(0))));
        assert_eq!(quality.refused().collect::<Vec<_>>(), [(reason, 1)], "{change}");
        assert_eq!((quality.read(), quality.used()), (2, 1), "{change}");
    }
}

/// Who needs a prediction refuses one that cannot be used; a training does not look at it.
#[test]
fn a_bad_value_that_the_job_does_not_need_refuses_nothing() {
    let folder = Folder::new();
    let changed =
        line(1).replace("\"status\"", r#""predictions":{"duration_ms":"long"},"metadata":{"synthetic":[1]},"started_at":"soon","status""#);
    let file = folder.file("t.ndjson", format!("{}\n{changed}\n", line(0)));
    assert_eq!(quality(&file).sentence(), "2 read, 2 used");
    let mut needing = TicketFilter::default().needing_predictions(true);
    for ticket in tickets(&file) {
        let _ = needing.admit_unlabelled(&ticket);
    }
    assert_eq!(needing.quality().sentence(), "2 read, 1 used, 1 with predictions.duration_ms that is no number");
}

#[test]
fn the_first_of_tickets_with_one_id_counts() {
    let folder = Folder::new();
    let quality = quality(&folder.file("t.ndjson", format!("{}\n{}\n{}\n", line(1), line(2), line(1))));
    assert_eq!(quality.sentence(), "3 read, 2 used, 1 with an id seen before");
}

#[test]
fn one_word_among_numbers_is_one_ticket_s_fault() {
    let folder = Folder::new();
    let csv = "ticket_id,status,created_at,actual_duration_ms\na,completed,1767265200,5\nb,completed,1767265200,soon\nc,completed,1767265200,1e400\nd,completed,1767265200,NaN\n";
    let quality = quality(&folder.file("t.csv", csv));
    assert_eq!(quality.sentence(), "4 read, 1 used, 2 with actual_duration_ms that is no number, 1 without duration");
}

#[test]
fn a_parquet_file_with_other_columns_is_told() {
    let Some(file) = shared("data/anomaly/breastw.parquet") else { return };
    let error = failure(&file);
    assert_eq!(error.kind(), ErrorKind::BadInput);
    assert!(error.message().ends_with("breastw.parquet:1: no column belongs to a ticket"), "{error}");
    assert!(error.causes()[0].starts_with("the first columns are x0, x1, "), "{error}");
    let folder = Folder::new();
    let whole = fs::read(&file).unwrap();
    assert!(
        failure(&folder.file("cut.parquet", &whole[..whole.len() - 9])).message().contains("cut.parquet:1: the Parquet data is damaged")
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let file = folder.file("secret.ndjson", lines(1));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        eprintln!("SKIPPED: this user may read everything");
        return;
    }
    assert_eq!(failure(&file).kind(), ErrorKind::NotAllowed);
}
