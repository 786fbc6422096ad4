//! Input that is not tickets: each kind has its message, place and exit code, and makes no registry.

use crate::common::gzip::gzip;
use crate::support::{Home, pending, ticket};

/// Runs `train` on a file with these bytes; it must end so, say so, and leave nothing behind.
fn refused(name: &str, bytes: &[u8], code: i32, said: &[&str]) {
    let home = Home::new();
    home.write(name, bytes);
    let ran = home.run(&["ml", "train", "--tickets", name]);
    assert_eq!(ran.code, code, "{name}: {}", ran.stderr);
    for words in said {
        assert!(ran.stderr.contains(words), "{name}: '{words}' is not in\n{}", ran.stderr);
    }
    assert!(!ran.stderr.contains("panicked"), "{name}: {}", ran.stderr);
    assert!(!home.has_registry(), "{name} made a registry");
}

fn lines(count: usize) -> String {
    (0..count).map(|index| format!("{}\n", ticket(index))).collect()
}

#[test]
fn files_that_cannot_be_read_to_their_end() {
    let good = lines(200);
    let packed = gzip(good.as_bytes());
    refused("cut.ndjson.gz", &packed[..packed.len() / 2], 11, &["cut.ndjson.gz"]);
    let half = &good[..good.len() - 40];
    refused("half.ndjson", half.as_bytes(), 11, &["half.ndjson:200"]);
    refused("word.ndjson", format!("{}not json\n", lines(3)).as_bytes(), 11, &["word.ndjson:4"]);
    refused("nan.ndjson", format!("{}{{\"estimated_duration_ms\": Nan}}\n", lines(1)).as_bytes(), 11, &["nan.ndjson:2"]);
    let pretty = format!("{{\n \"a\": 1\n}}\n{:#}", ticket(0));
    refused("pretty.json", &pretty.as_bytes()[..pretty.len() - 2], 11, &["pretty.json:"]);
    let listed = format!("{{\"tickets\": [{}]}}", ticket(0));
    refused("listed.json", &listed.as_bytes()[..listed.len() - 1], 11, &["listed.json:1: the object around the list does not end"]);
    refused("huge.ndjson", b"{\"estimated_duration_ms\": 1e400}\n", 11, &["huge.ndjson:1"]);
    let mut zstd = zstd::bulk::compress(good.as_bytes(), 1).expect("memory");
    zstd.truncate(zstd.len() / 2);
    refused("cut.ndjson.zst", &zstd, 11, &["cut.ndjson.zst"]);
}

#[test]
fn lines_and_nesting_beyond_all_measure() {
    let mut long = b"{\"description\": \"".to_vec();
    long.resize(100_000_000, b'x');
    long.extend_from_slice(b"\"}\n");
    refused("long.ndjson", &long, 11, &["long.ndjson:1"]);
    let mut deep = b"{\"parameters\": ".to_vec();
    deep.extend(std::iter::repeat_n(b"{\"a\":", 1_000_000).flatten());
    deep.extend_from_slice(b"1\n");
    refused("deep.ndjson", &deep, 11, &["deep.ndjson:1"]);
    let mut unknown = b"{\"anything\": ".to_vec();
    unknown.extend(std::iter::repeat_n(b'[', 1_000_000));
    unknown.push(b'\n');
    refused("unknown.ndjson", &unknown, 11, &["unknown.ndjson:1"]);
}

#[test]
fn files_that_are_not_there_or_are_no_files() {
    let home = Home::new();
    std::fs::create_dir(home.path().join("folder.ndjson")).expect("a folder");
    for (path, code) in [("absent.ndjson", 4), ("absent-*.ndjson", 4)] {
        let ran = home.run(&["ml", "train", "--tickets", path]).expect(code);
        assert!(ran.stderr.contains(path), "{}", ran.stderr);
    }
    let ran = home.run(&["ml", "train", "--tickets", "folder.ndjson"]);
    assert!([2, 11].contains(&ran.code) && ran.stderr.contains("folder.ndjson"), "{}", ran.stderr);
    let ran = home.run(&["ml", "train"]).expect(2);
    assert!(ran.stderr.contains("--tickets"), "{}", ran.stderr);
    assert!(!home.has_registry());
}

#[test]
fn too_few_tickets_and_tickets_without_an_outcome() {
    refused("empty.ndjson", b"", 14, &["Samples: 0, required: 100", "no ticket was read: check what `--tickets` names"]);
    refused("few.ndjson", lines(45).as_bytes(), 14, &["Samples: 45, required: 100", "--window-days", "--min-samples"]);
    refused("pending.ndjson", pending(0..300).as_bytes(), 14, &["none of the 300 tickets says how long it took", "HML-1401"]);
}

/// A hint that leads to the next refusal is none: no window holds what an empty file lacks, and one ticket cannot be
/// divided.
#[test]
fn only_a_number_of_tickets_that_trains_is_offered() {
    let home = Home::new();
    for (count, offered) in [(0, false), (1, false), (2, true)] {
        home.write("few.ndjson", lines(count));
        let ran = home.run(&["ml", "train", "--model", "duration", "--tickets", "few.ndjson"]).expect(14);
        assert_eq!(ran.stderr.contains("--min-samples"), offered, "{count}: {}", ran.stderr);
        assert_eq!(ran.stderr.contains("--window-days"), count > 0, "{count}: {}", ran.stderr);
        let few = count.to_string();
        let again = home.run(&["ml", "train", "--model", "duration", "--tickets", "few.ndjson", "--min-samples", &few]);
        assert_eq!(again.code == 0, offered, "{count}: {}", again.stderr);
    }
}

#[test]
fn tables_of_something_else() {
    refused("other.csv", b"a,b\n1,2\n", 11, &["other.csv"]);
    let words: String = std::iter::once("ticket_id,task_type,status,created_at,actual_duration_ms,estimated_duration_ms\n".to_owned())
        .chain((0..150).map(|index| format!("t{index},BUILD,COMPLETED,{},soon,later\n", 1_767_225_600_000_i64 + index)))
        .collect();
    let home = Home::new();
    home.write("words.csv", words);
    let ran = home.run(&["ml", "train", "--tickets", "words.csv"]);
    assert!([11, 14].contains(&ran.code), "{}", ran.stderr);
    assert!(ran.stderr.contains("150") || ran.stderr.contains("words.csv:"), "{}", ran.stderr);
    refused("other.parquet", b"PAR1 this is none PAR1", 11, &["other.parquet"]);
}

#[test]
fn values_that_cannot_be_are_counted_and_teach_nothing() {
    let home = Home::new();
    let mut tickets: Vec<_> = (0..400).map(ticket).collect();
    tickets[3]["actual_duration_ms"] = (-5).into();
    tickets[4]["created_at"] = 1_736_000_000_000_000_i64.into();
    let twin = tickets[5].clone();
    tickets.push(twin);
    tickets[6]["estimated_duration_ms"] = "long".into();
    tickets[7]["estimated_duration_ms"] = serde_json::Value::Null;
    let text: String = tickets.iter().map(|ticket| format!("{ticket}\n")).collect();
    home.write("t.ndjson", text);
    let document = home.run(&["ml", "train", "--model", "duration", "--tickets", "t.ndjson", "-o", "json"]).json(0);
    let samples = &document["data"]["models"][0]["samples"];
    assert_eq!(samples["read"], 401, "{samples:#}");
    let refused = samples["refused"].as_object().expect("reasons");
    let of = |word: &str| refused.iter().filter(|(reason, _)| reason.contains(word)).filter_map(|(_, count)| count.as_u64()).sum::<u64>();
    assert_eq!((of("duplicate"), of("estimated_duration_ms"), of("created_at")), (1, 1, 1), "{samples:#}");
    assert_eq!(of("actual_duration_ms") + of("duration_not_positive") + of("duration_zero"), 1, "{samples:#}");
}

#[test]
fn a_byte_order_mark_and_stdin_are_read() {
    let home = Home::new();
    let rows: String = (0..300)
        .map(|index| {
            let ticket = ticket(index);
            format!(
                "t{index},{},COMPLETED,low,{},{},{}\n",
                ticket["task_type"].as_str().expect("a type"),
                ticket["created_at"],
                ticket["estimated_duration_ms"],
                ticket["actual_duration_ms"]
            )
        })
        .collect();
    home.write(
        "bom.csv",
        format!("\u{feff}ticket_id,task_type,status,risk_band,created_at,estimated_duration_ms,actual_duration_ms\n{rows}"),
    );
    home.run(&["ml", "train", "--model", "duration", "--dry-run", "--tickets", "bom.csv"]).expect(0);
    let ran = home.run_with_input(&["ml", "train", "--dry-run", "--tickets", "-", "-o", "json"], lines(300).as_bytes());
    assert_eq!(ran.json(0)["data"]["models"][0]["samples"]["used"].as_u64().map(|used| used > 250), Some(true));
    assert!(!home.has_registry());
}
