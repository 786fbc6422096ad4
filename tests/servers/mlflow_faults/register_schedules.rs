//! Random schedules of faults: whatever goes wrong, and however often the command is given, a version is created once.

use std::sync::Mutex;

use hivectl::statistics::random::SplitMix64;

use super::operations::{CHANGES, run};
use super::operations_faults::is_full;
use super::proxy::{FAULTS, Proxy, ProxyAction};
use super::support::{Home, server, side_by_side, state};

/// Schedules without `HIVECTL_FULL`.
const FEWER_SCHEDULES: u64 = 20;

#[test]
fn no_version_is_created_twice_whatever_goes_wrong() {
    let Some(server) = server() else { return };
    let schedules = if is_full() { 1_000 } else { FEWER_SCHEDULES };
    let home = Home::new();
    home.write_model();
    let disturbed_runs: usize = side_by_side(0..schedules, |schedule| follow(&home, &server.url, schedule)).into_iter().sum();
    println!("{schedules} schedules, {disturbed_runs} runs ended by a fault, no version twice");
}

/// Registers under one schedule of faults until it is done; how many runs a fault ended.
fn follow(home: &Home, url: &str, schedule: u64) -> usize {
    // Those that end soon, and no page that repeats: once only, that is a lie nobody can see.
    let is_slow = |fault: &ProxyAction| {
        matches!(fault, ProxyAction::Stall | ProxyAction::StallAfter | ProxyAction::Endless | ProxyAction::RepeatedPage)
    };
    let quick: Vec<ProxyAction> = FAULTS.into_iter().filter(|fault| !is_slow(fault)).collect();
    let model = format!("schedule-{schedule}");
    let words = CHANGES[0].arguments(&model);
    let limited = [&words[..], &["--timeout", "4s"].map(str::to_owned)].concat();
    let (proxy, random) = (Proxy::before(url), Mutex::new(SplitMix64::stream(6, schedule)));
    proxy.decide(move |_, _| {
        let mut random = random.lock().expect("no panic");
        if random.unit() < 0.25 { quick[random.below(quick.len())] } else { ProxyAction::Pass }
    });
    let (mut done, mut disturbed_runs) = (false, 0);
    for _ in 0..6 {
        let ran = run(home, &proxy.url, &limited);
        let versions = state(url, &model).len();
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
        run(home, url, &words).expect(0);
    }
    assert_eq!(state(url, &model).len(), 1, "schedule {schedule}");
    run(home, url, &words).expect(0);
    assert_eq!(state(url, &model).len(), 1, "schedule {schedule}: the same bytes again");
    disturbed_runs
}
