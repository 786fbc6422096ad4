//! Random schedules of faults: whatever goes wrong, and however often the command is given, a version is created once.

use std::sync::Mutex;

use hivectl::statistics::random::SplitMix64;

use crate::changes::{CHANGES, run};
use crate::proxy::{FAULTS, Fate, Proxy};
use crate::support::{Home, server, state};

/// Schedules without `HIVECTL_FULL`.
const FEWER_SCHEDULES: u64 = 20;

#[test]
fn no_version_is_created_twice_whatever_goes_wrong() {
    let Some(server) = server() else { return };
    let schedules = if std::env::var("HIVECTL_FULL").is_ok_and(|value| !value.is_empty()) { 1_000 } else { FEWER_SCHEDULES };
    let home = Home::new();
    home.write_model();
    let proxy = Proxy::before(&server.url);
    // Those that end soon, and no page that repeats: once only, that is a lie nobody can see.
    let is_slow = |fault: &Fate| matches!(fault, Fate::Stall | Fate::StallAfter | Fate::Endless | Fate::RepeatedPage);
    let quick: Vec<Fate> = FAULTS.into_iter().filter(|fault| !is_slow(fault)).collect();
    let mut disturbed_runs = 0;
    for schedule in 0..schedules {
        let model = format!("schedule-{schedule}");
        let mut words = CHANGES[0].arguments(&model);
        words.extend(["--timeout", "4s"].map(str::to_owned));
        let random = Mutex::new(SplitMix64::stream(6, schedule));
        let quick = quick.clone();
        proxy.decide(move |_, _| {
            let mut random = random.lock().expect("no panic");
            if random.unit() < 0.25 { quick[random.below(quick.len())] } else { Fate::Pass }
        });
        let mut done = false;
        for _ in 0..6 {
            let ran = run(&home, &proxy.url, &words);
            let versions = state(&server.url, &model).len();
            assert!(versions <= 1, "schedule {schedule}: {versions} versions of one");
            assert!(ran.code == 0 || ran.code == 9, "schedule {schedule}: {}", ran.stderr);
            done = ran.code == 0;
            if done {
                assert_eq!(versions, 1, "schedule {schedule}: success was reported and nothing happened");
                break;
            }
            disturbed_runs += 1;
        }
        if !done {
            let _ = run(&home, &server.url, &words).expect(0);
        }
        assert_eq!(state(&server.url, &model).len(), 1, "schedule {schedule}");
        let _ = run(&home, &server.url, &words).expect(0);
        assert_eq!(state(&server.url, &model).len(), 1, "schedule {schedule}: the same bytes again");
    }
    println!("{schedules} schedules, {disturbed_runs} runs ended by a fault, no version twice");
}
