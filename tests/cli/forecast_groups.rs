//! `hivectl ml forecast` by groups of tickets, as a picture, and the queues at this moment.

use serde_json::{Value, json};

use crate::support::Home;

/// The end of the hour before which everything happens.
const END: i64 = 1_780_272_000_000;

/// Forty days in which BUILD comes by day and TEST by night, one a task type and hour more on the last day of each week; and
/// three tickets of DEPLOY.
fn write_groups(home: &Home) {
    let (days, mut lines, mut id) = (40i64, String::new(), 0);
    let mut ticket = |kind: &str, created: i64| {
        id += 1;
        let ticket = json!({ "ticket_id": format!("t-{id}"), "task_type": kind, "risk_band": "low", "status": "COMPLETED",
            "created_at": created, "started_at": created + 1_000, "completed_at": created + 61_000 });
        lines.push_str(&format!("{ticket}\n"));
    };
    for hour in 0..days * 24 {
        let at = END - (days * 24 - hour) * 3_600_000;
        let by_day = (8..18).contains(&(hour % 24));
        let more = i64::from(hour / 24 % 7 == 6);
        let (kind, count) = if by_day { ("BUILD", 9 + more) } else { ("TEST", 4 + more) };
        (0..count).for_each(|place| ticket(kind, at + place * 60_000));
    }
    (1..4).for_each(|place| ticket("DEPLOY", END - place * 3_000_000));
    home.write("t.ndjson", lines);
}

fn report(home: &Home, line: &str) -> Value {
    home.type_line(&format!("hivectl ml forecast {line} -o json")).json(0)["data"].clone()
}

#[test]
fn each_group_is_forecast_by_itself_beside_the_whole() {
    let home = Home::new();
    write_groups(&home);
    let told = report(&home, "--tickets t.ndjson --origins 10 --by task_type --out f.csv");
    let groups = told["groups"].as_array().expect("groups");
    let names: Vec<&str> = groups.iter().filter_map(|group| group["name"].as_str()).collect();
    assert_eq!((told["by"].as_str(), names), (Some("task_type"), vec!["BUILD", "TEST", "DEPLOY"]));
    let counted: u64 = groups.iter().filter_map(|group| group["counted"].as_u64()).sum();
    assert_eq!(Some(counted), told["counted"].as_u64());
    let value = |group: usize, hour: &str| {
        let items = groups[group]["items"].as_array().expect("buckets");
        let item = items.iter().find(|item| item["time"].as_str().is_some_and(|time| time.contains(hour)));
        item.and_then(|item| item["value"].as_f64()).expect("a value")
    };
    assert!((value(0, "T12:") - 9.0).abs() < 1.2 && value(0, "T02:") < 0.5, "{}", groups[0]);
    assert!((value(1, "T02:") - 4.0).abs() < 1.2 && value(1, "T12:") < 0.5, "{}", groups[1]);
    // Three tickets at the end of forty days make next to nothing.
    let few = groups[2]["total"].as_f64().expect("it is forecast");
    assert_eq!((&groups[2]["counted"], groups[2]["items"].as_array().map(Vec::len)), (&json!(3), Some(24)), "{}", groups[2]);
    assert!((0.0..6.0).contains(&few) && groups[2]["not_forecast"].is_null(), "{}", groups[2]);
    let written = std::fs::read_to_string(home.path().join("f.csv")).expect("the file");
    assert!(written.starts_with("time,value,lower,upper,lower_95,upper_95,group\n"), "{written}");
    for (name, rows) in [("(all)", 24), ("BUILD", 24), ("TEST", 24)] {
        assert_eq!(written.lines().filter(|line| line.ends_with(&format!(",{name}"))).count(), rows, "{name}");
    }
    let text = home.type_line("hivectl ml forecast --tickets t.ndjson --origins 10 --by task_type").expect(0);
    assert!(text.stdout.contains("TASK TYPE") && text.stdout.contains("HIGHEST (UTC)"), "{}", text.stdout);
    let refused = home.type_line("hivectl ml forecast --values x.csv --by task_type").expect(2);
    assert!(refused.stderr.contains("--by"), "{}", refused.stderr);
}

#[test]
fn groups_beyond_the_largest_are_forecast_together() {
    let home = Home::new();
    let (mut lines, mut tickets) = (String::new(), 0u64);
    for hour in 0..24 * 20i64 {
        for place in 0..28 + hour % 5 {
            tickets += 1;
            let at = END - (24 * 20 - hour) * 3_600_000 + place * 60_000;
            let ticket = json!({ "ticket_id": format!("{hour}-{place}"), "task_type": "BUILD", "risk_band": "low", "status": "COMPLETED",
                "created_at": at, "metadata": { "requested_by": format!("user-{}", (place + hour % 3) % 25) } });
            lines.push_str(&format!("{ticket}\n"));
        }
    }
    home.write("t.ndjson", lines);
    let told =
        report(&home, "--tickets t.ndjson --origins 8 --horizon 3h --bucket 1h --by requester --requester-field metadata.requested_by");
    let groups = told["groups"].as_array().expect("groups");
    assert_eq!((groups.len(), groups[20]["name"].as_str()), (21, Some("(5 others)")));
    let counted: u64 = groups.iter().filter_map(|group| group["counted"].as_u64()).sum();
    assert_eq!(counted, tickets);
}

#[test]
fn a_picture_is_written_whole_and_another_form_refused() {
    let home = Home::new();
    write_groups(&home);
    home.type_line("hivectl ml forecast --tickets t.ndjson --origins 10 --above 8 --svg load.svg").expect(0);
    let picture = std::fs::read_to_string(home.path().join("load.svg")).expect("the picture");
    for word in ["<svg xmlns", "arrivals: history", "class=\"known\"", "class=\"ahead\"", "class=\"band\"", "class=\"limit\"", "</svg>"] {
        assert!(picture.contains(word), "{word}: {picture}");
    }
    assert_eq!(picture.matches("<polyline").count(), 2, "{picture}");
    let refused = home.type_line("hivectl ml forecast --tickets t.ndjson --svg load.png").expect(2);
    assert!(refused.stderr.contains(".svg"), "{}", refused.stderr);
}

#[test]
fn days_repeat_by_the_clocks_of_a_place_also_where_they_are_put_back() {
    let home = Home::new();
    // New York puts its clocks back on 2026-11-01 at 06:00 UTC. Tickets come from nine to five there, for twelve weeks before.
    let end = 1_793_505_600_000i64;
    let (mut lines, mut id) = (String::new(), 0);
    for hour in 0..24 * 84i64 {
        let at = end - (24 * 84 - hour) * 3_600_000;
        let local = (at / 3_600_000 - 4).rem_euclid(24);
        let count = if (9..17).contains(&local) { 10 + (hour / 24) % 2 } else { i64::from(hour % 7 == 0) };
        for place in 0..count {
            id += 1;
            let ticket = json!({ "ticket_id": format!("t-{id}"), "task_type": "BUILD", "risk_band": "low", "status": "COMPLETED",
                "created_at": at + place * 60_000 });
            lines.push_str(&format!("{ticket}\n"));
        }
    }
    home.write("t.ndjson", lines);
    // From midnight of that day, which has 25 hours, by the clocks there.
    let line = "--tickets t.ndjson --origins 12 --as-of 2026-11-01T04:00:00Z";
    let told = report(&home, &format!("{line} --time-zone America/New_York"));
    let times = |told: &Value| -> Vec<String> {
        told["items"].as_array().expect("buckets").iter().filter_map(|item| item["time"].as_str().map(str::to_owned)).collect()
    };
    let value = |told: &Value, time: &str| {
        let item = told["items"].as_array().into_iter().flatten().find(|item| item["time"] == time).expect("the bucket");
        item["value"].as_f64().expect("a number")
    };
    let hours: Vec<String> =
        (0..25).map(|hour| jiff::Timestamp::from_second((1_793_505_600) + hour * 3_600).expect("a moment").to_string()).collect();
    assert_eq!((told["time_zone"].as_str(), times(&told)), (Some("America/New_York"), hours));
    // Nine o'clock was 13:00 UTC and is 14:00 now.
    assert!(value(&told, "2026-11-01T14:00:00Z") > 8.0 && value(&told, "2026-11-01T13:00:00Z") < 3.0, "{told:#}");
    let utc = report(&home, line);
    assert_eq!((utc["time_zone"].is_null(), times(&utc).len()), (true, 24));
    assert!(value(&utc, "2026-11-01T13:00:00Z") > 8.0, "{utc:#}");
    // A day begins when it does there.
    let days = report(&home, &format!("{line} --time-zone America/New_York --bucket 1d --horizon 3d --window 540d"));
    assert_eq!(times(&days), ["2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", "2026-11-03T05:00:00Z"]);
    let text = home.type_line(&format!("hivectl ml forecast {line} --time-zone America/New_York")).expect(0);
    assert!(text.stdout.contains("FROM (America/New_York)") && text.stdout.contains("2026-11-01 00:00  "), "{}", text.stdout);
    let unknown = home.type_line(&format!("hivectl ml forecast {line} --time-zone New_York")).expect(2);
    assert!(unknown.stderr.contains("America/Sao_Paulo"), "{}", unknown.stderr);
}

/// Three workers: one with a ticket that waits, one that runs and one completion; one with a ticket and none; one with sixty
/// completions of 1 to 60 s, the newest the longest, of which ten ended more than an hour ago.
fn write_queues(home: &Home) {
    let mut lines = String::new();
    let mut put = |id: &str, worker: &str, status: &str, moments: Value| {
        let mut ticket =
            json!({ "ticket_id": id, "task_type": "TEST", "risk_band": "low", "status": status, "allocated_worker_id": worker });
        ticket.as_object_mut().expect("an object").extend(moments.as_object().expect("an object").clone());
        lines.push_str(&format!("{ticket}\n"));
    };
    put("w", "w1", "PENDING", json!({ "created_at": END - 60_000 }));
    put("r", "w1", "RUNNING", json!({ "created_at": END - 60_000, "started_at": END - 30_000 }));
    put(
        "d",
        "w1",
        "COMPLETED",
        json!({ "created_at": END - 900_000, "started_at": END - 900_000, "completed_at": END - 300_000,
        "actual_duration_ms": 600_000 }),
    );
    put("x", "w2", "PENDING", json!({ "created_at": END - 60_000 }));
    put("y", "w3", "PENDING", json!({ "created_at": END }));
    for place in 1..=60i64 {
        let ended = END - (60 - place) * 72_000;
        put(
            &format!("c{place}"),
            "w3",
            "COMPLETED",
            json!({ "created_at": ended - place * 1_000, "started_at": ended - place * 1_000,
            "completed_at": ended, "actual_duration_ms": place * 1_000 }),
        );
    }
    home.write("q.ndjson", lines);
}

#[test]
fn queues_are_told_by_the_newest_completions_and_by_the_running_systems_rule() {
    let home = Home::new();
    write_queues(&home);
    let told = report(&home, "--now --tickets q.ndjson");
    let row = |told: &Value, worker: &str| {
        let items = told["items"].as_array().expect("workers");
        let item = items.iter().find(|item| item["worker"] == worker).expect("the worker");
        ["queue_depth", "running", "completions", "mean_duration_ms", "queue_ms", "load"].map(|key| item[key].clone())
    };
    let numbers = |numbers: [f64; 6]| {
        numbers.map(|number| if number.fract() == 0.0 && number < 100.0 { json!(number as u64) } else { json!(number) })
    };
    let same = |left: &[Value; 6], right: [f64; 6]| {
        let right = numbers(right);
        left.iter().zip(&right).all(|(left, right)| left.as_f64() == right.as_f64())
    };
    assert!(same(&row(&told, "w1"), [2.0, 1.0, 1.0, 600_000.0, 1_200_000.0, 0.2]), "{told:#}");
    // Ten newest of w3: 51 to 60 s.
    assert!(same(&row(&told, "w3"), [1.0, 0.0, 10.0, 55_500.0, 55_500.0, 0.1]), "{told:#}");
    let silent = row(&told, "w2");
    assert!(silent[3].is_null() && silent[4].is_null() && silent[5] == 0.1, "{told:#}");
    assert!(told["notes"].to_string().contains("1 worker ended nothing since"), "{told:#}");
    let reference = report(&home, "--now --method reference --tickets q.ndjson");
    // Waits are cut at a minute, a worker without completions is said to need a second, and of the fifty newest of w3 (11 to 60 s,
    // of which one ended more than an hour ago would be the first to go) the oldest ten are taken: 11 to 20 s.
    assert!(same(&row(&reference, "w1"), [1.0, 1.0, 1.0, 600_000.0, 60_000.0, 0.1]), "{reference:#}");
    assert_eq!(row(&reference, "w2")[4], 1_000.0, "{reference:#}");
    assert!(same(&row(&reference, "w3"), [1.0, 0.0, 10.0, 15_500.0, 15_500.0, 0.1]), "{reference:#}");
    let one = report(&home, "--now --worker w2 --capacity 2 --tickets q.ndjson");
    assert_eq!((one["items"].as_array().map(Vec::len), &one["items"][0]["load"]), (Some(1), &json!(0.5)));
}

#[test]
fn queues_of_another_moment_field_and_worker() {
    let home = Home::new();
    write_queues(&home);
    // Half a minute before, what runs waited still; y was not there.
    let moment = jiff::Timestamp::from_millisecond(END - 45_000).expect("a moment");
    let before = report(&home, &format!("--now --as-of {moment} --tickets q.ndjson"));
    let items = before["items"].as_array().expect("workers");
    let of = |worker: &str| items.iter().find(|item| item["worker"] == worker).expect("the worker");
    assert_eq!((&of("w1")["queue_depth"], &of("w3")["queue_depth"]), (&json!(2), &json!(1)), "{before:#}");
    let nobody = home.type_line("hivectl ml forecast --now --worker w9 --tickets q.ndjson").expect(4);
    assert!(nobody.stderr.contains("w1, w2, w3"), "{}", nobody.stderr);
    let other = home.type_line("hivectl ml forecast --now --worker-field metadata.node --tickets q.ndjson").expect(0);
    assert!(other.stderr.contains("no ticket has the field metadata.node") && other.stdout.contains("(none)"), "{}", other.stderr);
    let refused = home.type_line("hivectl ml forecast --worker w1 --tickets q.ndjson").expect(2);
    assert!(refused.stderr.contains("--now"), "{}", refused.stderr);
    let rows = home.type_line("hivectl ml forecast --now --tickets q.ndjson -o csv").expect(0);
    assert_eq!(rows.stdout.lines().count(), 4, "{}", rows.stdout);
}
