//! hivectl killed by SIGKILL at its n-th request, before and after the server carried it out: the same command
//! once more ends in the state of an undisturbed run.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::operations::{CHANGES, Change, check_leases, run};
use super::operations_faults::disturbed;
use super::proxy::{Proxy, ProxyAction};
use super::support::{Home, server, side_by_side, state};

#[test]
fn killed_at_any_request_the_same_command_ends_as_undisturbed() {
    let Some(server) = server() else { return };
    let home = Home::new();
    home.write_model();
    let kills: usize = side_by_side(CHANGES, |change| kills_of(&home, &server.url, change)).into_iter().sum();
    println!("{kills} kills, each ended by the same command as if undisturbed");
    assert!(kills >= CHANGES.len() * 4, "only {kills} kills came");
}

/// Kills one change at its requests; how many kills came in time.
fn kills_of(home: &Home, url: &str, change: Change) -> usize {
    let mut kills = 0;
    let proxy = Proxy::before(url);
    let model = format!("kill-{}", change.name);
    change.prepare(home, url, &model);
    run(home, &proxy.url, &change.arguments(&model)).expect(0);
    let (count, wanted) = (proxy.requests(), state(url, &model));
    for number in disturbed(count) {
        for fate in [ProxyAction::Stall, ProxyAction::StallAfter] {
            let what = format!("{}: killed at request {number} of {count}, {fate:?}", change.name);
            let model = format!("kill-{}-{number}-{fate:?}", change.name).to_lowercase();
            change.prepare(home, url, &model);
            proxy.decide(move |request, _| if request == number { fate } else { ProxyAction::Pass });
            let words = change.arguments(&model);
            let mut command = home.command(&[]);
            command.args(&words).args(["--registry", &proxy.url]);
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
            let patience = Instant::now();
            // How often a look is repeated differs from run to run, so that the last request may not come.
            while proxy.stalled() == 0 && child.try_wait().expect("a child").is_none() {
                assert!(patience.elapsed() < Duration::from_secs(60), "{what}: the request never came");
                std::thread::sleep(Duration::from_millis(2));
            }
            kills += proxy.stalled().min(1);
            let _ = child.kill();
            let _ = child.wait();
            let again = run(home, url, &words);
            assert_eq!(again.code, 0, "{what}, again: {}", again.stderr);
            assert_eq!(state(url, &model), wanted, "{what}, again");
            check_leases(home, url, &model, &what);
        }
    }
    kills
}
