//! Runs a job in a child process and kills it, or fails its system calls, one point after the other.
//!
//! The points are the file system calls that the job makes below its folder. A first run under `strace`
//! lists them; then every one of them gets a run of its own in a fresh copy of the folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// The variable that tells a child what to do.
const JOB: &str = "HIVECTL_TEST_JOB";
/// The variable that tells it where.
const FOLDER: &str = "HIVECTL_TEST_FOLDER";

/// Calls that change files or their names, or end a change of them.
const CALLS: [&str; 18] = [
    "openat",
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "fallocate",
    "mkdir",
    "mkdirat",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "rmdir",
    "close",
    "fcntl",
    "link",
];

/// What happens at a point.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    Kill,
    /// The call fails with this error name, this once.
    Fail(&'static str),
    /// This call and all later ones of its name fail.
    FailFrom(&'static str),
}

/// The N-th call of a name that the job's thread makes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    pub call: String,
    pub number: usize,
}

/// Whether `strace` is here and allowed to trace; says why when not.
pub fn strace_works() -> bool {
    let works = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).output().is_ok_and(|output| output.status.success());
    if !works {
        eprintln!("SKIPPED: strace is not installed or may not trace (on Debian: apt-get install strace)");
    }
    works
}

/// The job that this process was started for, and its folder.
pub fn given_job() -> Option<(String, PathBuf)> {
    Some((std::env::var(JOB).ok()?, PathBuf::from(std::env::var_os(FOLDER)?)))
}

/// The command that runs `job` in a child: the shipped program when the job's first word is its name,
/// otherwise this very test binary with only the test that does the jobs.
pub fn child(job: &str, folder: &Path, trace: &[String]) -> Command {
    let own = std::env::current_exe().expect("own path");
    let shipped: Option<Vec<&str>> = job.strip_prefix("hivectl ").map(|words| words.split(' ').collect());
    let program = if shipped.is_some() { PathBuf::from(env!("CARGO_BIN_EXE_hivectl")) } else { own };
    let mut command = if trace.is_empty() {
        Command::new(&program)
    } else {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq"]).args(trace).arg(&program);
        strace
    };
    match shipped {
        Some(words) => command.args(words).env("HIVECTL_REGISTRY", folder.join("registry.db")).env("HIVECTL_HOME", folder.join("home")),
        None => command
            .args(["--exact", "child_jobs::the_job_of_a_child_process", "--nocapture", "--test-threads=1"])
            .env(JOB, job)
            .env(FOLDER, folder),
    };
    // Cargo's search path for libraries would add dozens of calls before the job's own.
    command.env_remove("LD_LIBRARY_PATH").stdin(Stdio::null());
    command
}

/// Starts `job` and does not wait for it.
pub fn start(job: &str, folder: &Path) -> Child {
    child(job, folder, &[]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the child starts")
}

/// Runs `job` undisturbed.
pub fn run(job: &str, folder: &Path) -> Output {
    child(job, folder, &[]).output().expect("the child starts")
}

/// Runs `job` with a fault at one point.
pub fn run_with(job: &str, folder: &Path, point: &Point, fault: Fault) -> Output {
    let effect = match fault {
        Fault::Kill => format!("signal=SIGKILL:when={}", point.number),
        Fault::Fail(error) => format!("error={error}:when={}", point.number),
        Fault::FailFrom(error) => format!("error={error}:when={}+", point.number),
    };
    let trace = ["-o", "/dev/null", "-e", &format!("trace={}", point.call), "-e", &format!("inject={}:{effect}", point.call)];
    child(job, folder, &trace.map(str::to_owned)).output().expect("the child starts")
}

/// The points of `job` in `folder`, in the order in which they come. Runs the job.
pub fn points(job: &str, folder: &Path) -> Vec<Point> {
    let log = tempfile::NamedTempFile::new().expect("temporary file");
    let calls = format!("trace={}", CALLS.join(","));
    let trace = ["-y", "-s", "0", "-o", &log.path().to_string_lossy(), "-e", &calls].map(str::to_owned);
    let output = child(job, folder, &trace).output().expect("the child starts");
    assert!(output.status.success(), "{job}: {}", String::from_utf8_lossy(&output.stderr));
    let inside = folder.to_string_lossy().into_owned();
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut points = Vec::new();
    for line in std::fs::read_to_string(log.path()).expect("the log").lines() {
        let Some((thread, call)) = line.split_once(' ').and_then(|(thread, rest)| Some((thread, rest.trim_start().split_once('(')?.0)))
        else {
            continue;
        };
        if !CALLS.contains(&call) {
            continue;
        }
        // The numbers that strace counts are of one thread.
        let number = counts.entry((thread.to_owned(), call.to_owned())).or_default();
        *number += 1;
        if line.contains(&inside) {
            points.push(Point { call: call.to_owned(), number: *number });
        }
    }
    points
}
