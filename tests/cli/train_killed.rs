//! `train` killed by SIGKILL at file system calls of its registering step: the registry holds the whole
//! version or none, and the next run cleans up.

use std::collections::BTreeMap;
use std::process::Command;

use crate::support::Home;

/// The calls by which something can come to be on the disk.
const CALLS: &str = "openat,mkdir,write,pwrite64,fsync,fdatasync,ftruncate,rename,renameat2,unlink,close";

/// Points tried without `HIVECTL_FULL`, evenly spread.
const FEWER_POINTS: usize = 60;

const TRAIN: [&str; 11] = ["ml", "train", "--tickets", "t.ndjson", "--trees", "3", "--depth", "4", "--threads", "1", "--quiet"];

fn traced(home: &Home, options: &[&str]) -> std::process::Output {
    let plain = home.command(&TRAIN);
    let mut command = Command::new("strace");
    command.args(["-f", "-qq"]).args(options).arg(plain.get_program()).args(plain.get_args());
    command.current_dir(home.path()).env_clear().env("HOME", home.path()).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.output().expect("strace starts")
}

/// The calls of the registering step, each as its name and which one of its name it is.
fn points(home: &Home) -> Vec<(String, usize)> {
    let log = home.path().join("calls.log");
    let output = traced(home, &["-o", &log.display().to_string(), "-e", &format!("trace={CALLS}")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let (mut registering, mut points) = (false, Vec::new());
    for line in std::fs::read_to_string(log).expect("the calls").lines() {
        let call = line.split_once(' ').map_or(line, |(_, call)| call.trim_start());
        let Some((name, _)) = call.split_once('(') else { continue };
        let count = counts.entry(name.to_owned()).or_default();
        *count += 1;
        registering |= call.contains("share/hivectl");
        if registering {
            points.push((name.to_owned(), *count));
        }
    }
    points
}

/// What must hold whatever happened: every version whole, one for each model at most.
fn versions(home: &Home, what: &str) -> usize {
    let list = home.run(&["ml", "models", "list", "-o", "json"]).json(0);
    let items = list["data"]["items"].as_array().expect("items").clone();
    for item in &items {
        let reference = format!("{}@{}", item["name"].as_str().expect("a name"), item["latest"]["version"]);
        let ran = home.run(&["ml", "predict", "--model", &reference, "--tickets", "t.ndjson", "-o", "jsonl"]);
        assert_eq!((ran.code, ran.stdout.lines().count()), (0, 240), "{what}: {reference}: {}", ran.stderr);
    }
    items.iter().map(|item| usize::try_from(item["version_count"].as_u64().expect("a count")).expect("small")).sum()
}

fn model_folders(home: &Home) -> usize {
    let experiments = std::fs::read_dir(home.path().join(".local/share/hivectl/mlruns")).into_iter().flatten();
    experiments.filter_map(|entry| std::fs::read_dir(entry.ok()?.path().join("models")).ok()).map(Iterator::count).sum()
}

#[test]
fn killed_at_any_call_of_registering_the_registry_holds_whole_versions() {
    if Command::new("strace").arg("-V").output().is_err() {
        println!("SKIPPED: strace is not installed, so nothing is killed at its calls");
        return;
    }
    let counted = Home::new();
    counted.write_tickets("t.ndjson", 240);
    let all = points(&counted);
    assert!(all.len() > 50, "{}", all.len());
    let step = if std::env::var_os("HIVECTL_FULL").is_some() { 1 } else { all.len().div_ceil(FEWER_POINTS) };
    let (mut killed, mut whole) = (0, 0);
    for (name, count) in all.iter().step_by(step) {
        let what = format!("killed at {name} number {count}");
        let home = Home::new();
        home.write_tickets("t.ndjson", 240);
        let output = traced(&home, &["-o", "/dev/null", "-e", &format!("inject={name}:signal=SIGKILL:when={count}")]);
        killed += usize::from(!output.status.success());
        let before = versions(&home, &what);
        whole += before;
        home.run(&TRAIN).expect(0);
        assert_eq!(versions(&home, &what), before + 2, "{what}");
        assert_eq!(model_folders(&home), before + 2, "{what}: files that no version refers to");
    }
    println!("killed {killed} times at {} of {} calls; {whole} versions were whole afterwards", all.len().div_ceil(step), all.len());
    assert!(killed * 10 >= all.len().div_ceil(step) * 8, "only {killed} runs were killed");
}
