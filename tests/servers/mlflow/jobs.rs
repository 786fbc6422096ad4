//! What is recorded of trainings and checks on a server.

use serde_json::Value;

use super::support::{Home, releases, unique};

#[test]
fn two_jobs_at_once_keep_both_records() {
    for server in releases() {
        let home = Home::new();
        home.write_synthetic("tickets.ndjson", 300);
        let name = unique("recorded");
        let train = |trees: &str| {
            let words = ["ml", "train", "--model", "duration", "--tickets", "tickets.ndjson", "--name", &name, "--trees", trees];
            let line = [&words[..], &["--registry", &server.url]].concat();
            home.command(&line).stderr(std::process::Stdio::piped()).spawn().expect("hivectl starts")
        };
        let mut running: Vec<_> = ["3", "4", "5"].map(train).into();
        let failing =
            home.command(&["ml", "drift", "check", "--model", &name, "--tickets", "absent.csv", "--registry", &server.url]).spawn();
        running.push(failing.expect("hivectl starts"));
        let ended: Vec<std::process::Output> = running.into_iter().map(|job| job.wait_with_output().expect("an end")).collect();
        let said = || ended.iter().map(|job| String::from_utf8_lossy(&job.stderr).into_owned()).collect::<Vec<_>>();
        let codes: Vec<Option<i32>> = ended.iter().map(|job| job.status.code()).collect();
        assert_eq!(codes, [Some(0), Some(0), Some(0), Some(4)], "{:#?}", said());
        let listed = server.run(&home, &["ml", "jobs", "list", "-o", "json"]).json(0);
        let jobs = listed["data"]["items"].as_array().expect("jobs").clone();
        let ended = |job: &str, status: &str| jobs.iter().filter(|found| found["job"] == job && found["status"] == status).count();
        assert_eq!((ended("ml.train", "completed"), ended("ml.drift.check", "failed"), jobs.len()), (3, 1, 4), "{listed:#}");
        assert!(jobs.iter().all(|job| job["ended_at"] != Value::Null), "{listed:#}");
    }
}
