//! The commands of values: each run once, for a bounded time, and ended together with what it started.

use std::collections::HashMap;
use std::fmt;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Longest time that a command of a value runs.
pub const LONGEST: Duration = Duration::from_secs(10);

/// More than any secret has; what a command prints behind it is not read.
const MOST_BYTES: u64 = 64 << 10;

/// Between two looks whether a command that has printed everything has ended.
const LOOK: Duration = Duration::from_millis(2);

/// What a command came to: what it printed, or why there is nothing.
type Answer = Arc<OnceLock<Result<String, String>>>;

/// The commands of one job's values: what they answered, and which of them run. Clones share both.
#[derive(Clone, Default)]
pub struct SecretCommands(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// The answers by command.
    answers: Mutex<HashMap<String, Answer>>,
    /// Leaders of the groups that run.
    running: Mutex<Vec<u32>>,
}

impl fmt::Debug for SecretCommands {
    /// Answers are secrets and are not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretCommands")
    }
}

impl SecretCommands {
    /// What `command`, run by `sh -c`, prints. Who asks a second time gets the first answer, a failure too.
    ///
    /// Errors: why there is no answer; what it printed is never part of that.
    pub(super) fn answer(&self, command: &str, longest: Duration) -> Result<String, String> {
        let cell = {
            let mut answers = self.0.answers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(answers.entry(command.to_owned()).or_default())
        };
        cell.get_or_init(|| run(command, longest.min(LONGEST), &self.0.running)).clone()
    }

    /// Ends every command that runs still, for a process that ends before its time.
    pub fn end(&self) {
        let running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.iter().for_each(|leader| end_group(*leader));
    }
}

fn run(command: &str, longest: Duration, running: &Mutex<Vec<u32>>) -> Result<String, String> {
    let deadline = Instant::now() + longest;
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    // A group of its own, so that its children can be ended with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut shell, 0);
    let mut child = shell.spawn().map_err(|error| format!("sh does not start: {error}"))?;
    let leader = child.id();
    running.lock().unwrap_or_else(PoisonError::into_inner).push(leader);
    let answer = wait(&mut child, deadline, longest);
    if answer.is_err() {
        end(&mut child);
    }
    running.lock().unwrap_or_else(PoisonError::into_inner).retain(|running| *running != leader);
    answer
}

fn wait(child: &mut Child, deadline: Instant, longest: Duration) -> Result<String, String> {
    let late = || format!("it did not end within {:.1} s and was stopped", longest.as_secs_f64());
    let stdout = child.stdout.take().ok_or("it has no output")?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.take(MOST_BYTES).read_to_end(&mut bytes).map(|_| bytes);
        // A receiver that is gone has stopped waiting.
        drop(sender.send(read));
    });
    let bytes = match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        Ok(read) => read.map_err(|error| format!("its output cannot be read: {error}"))?,
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Err(late()),
    };
    let status = loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break status,
            None if Instant::now() >= deadline => return Err(late()),
            None => std::thread::sleep(LOOK),
        }
    };
    if !status.success() {
        return Err(format!("{status}; what it printed is not shown"));
    }
    String::from_utf8(bytes).map_err(|_| "it printed no text".into())
}

/// Ends the command with its children. One that is gone already needs no more.
fn end(child: &mut Child) {
    end_group(child.id());
    drop(child.kill());
    drop(child.wait());
}

#[cfg(unix)]
fn end_group(leader: u32) {
    if let Some(group) = i32::try_from(leader).ok().and_then(rustix::process::Pid::from_raw) {
        // A group that is gone already needs no more.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end_group(_: u32) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_runs_once_and_a_failure_is_remembered() {
        let folder = tempfile::tempdir().expect("a folder");
        let runs = folder.path().join("runs");
        let counting = format!("echo x >> {}; echo secret", runs.display());
        let commands = SecretCommands::default();
        let answer = |command: &str, longest| commands.clone().answer(command, longest);
        assert_eq!([answer(&counting, LONGEST), answer(&counting, LONGEST)], [Ok("secret\n".into()), Ok("secret\n".into())]);
        assert_eq!(std::fs::read_to_string(&runs).expect("runs"), "x\n");
        let failing = format!("echo x >> {}; exit 3", runs.display());
        assert!(answer(&failing, LONGEST).is_err_and(|why| why.contains('3')) && answer(&failing, LONGEST).is_err());
        assert_eq!(std::fs::read_to_string(&runs).expect("runs"), "x\nx\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_does_not_end_is_stopped_with_its_children() {
        let folder = tempfile::tempdir().expect("a folder");
        let pid = folder.path().join("pid");
        // The child holds the output open, and the shell waits for it.
        let hanging = format!("sleep 600 & echo $! > {}; wait", pid.display());
        let why = SecretCommands::default().answer(&hanging, Duration::from_secs(1)).expect_err("too long");
        assert!(why.starts_with("it did not end within 1.0 s"), "{why}");
        let pid: i32 = std::fs::read_to_string(pid).expect("started").trim().parse().expect("a number");
        let gone = || {
            let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            state.is_empty() || state.contains(") Z ")
        };
        // Whoever takes in orphans buries this one in its own time.
        for _ in 0..1000 {
            if gone() {
                return;
            }
            std::thread::sleep(LOOK);
        }
        panic!("process {pid} still runs");
    }
}
