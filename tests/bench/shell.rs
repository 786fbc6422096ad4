//! How long the operator waits: for a start, and for the words behind a TAB inside the shells.
//!
//!     cargo bench --bench shell -- [--mlflow PROGRAM] [--rounds 20] [--binary HIVECTL]
//!
//! HIVECTL is another build than the bench's own. Peers are looked for in PATH (mlflow, kubectl, docker, gh); those that are missing are left out. Each round runs
//! everything once, alternately; printed are medians. A TAB is timed on a terminal of its own, from the key to the
//! moment at which the word stands on the screen, beside the same shell's own completion of a file name.
#![allow(clippy::print_stdout, reason = "a bench prints its table")]

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::Pty;

/// What is typed before a TAB, and what it brings.
const LINE: &str = "hivectl ml models show ticket-d";
const BROUGHT: &str = "uration-predictor";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let value = |flag: &str| words.iter().position(|word| word == flag).and_then(|at| words.get(at + 1)).cloned();
    let rounds = value("--rounds").and_then(|count| count.parse().ok()).unwrap_or(20);
    let binary = value("--binary").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_hivectl")), PathBuf::from);
    let home = prepared(&binary);
    let mlflow = value("--mlflow").map(PathBuf::from).or_else(|| found("mlflow"));
    println!("medians of {rounds} rounds; the binary has {:.1} MB\n", std::fs::metadata(&binary).expect("the binary").len() as f64 / 1e6);
    println!("| start | hivectl | peer | ratio |\n|---|---|---|---|");
    for (ours, theirs) in starts(&binary, mlflow) {
        compare(home.path(), &ours, theirs, rounds);
    }
    println!("\n| a TAB on a terminal | until the word stands there | the shell's own, of a file | longest |\n|---|---|---|---|");
    for shell in ["bash", "zsh", "fish", "elvish"] {
        match found(shell) {
            Some(_) => tab(home.path(), shell, rounds),
            None => println!("| {shell} | not installed | | |"),
        }
    }
}

/// A home with two models in Production and a file.
fn prepared(binary: &Path) -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    let tickets = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tickets.ndjson.gz").display().to_string();
    let train = ["ml", "train", "--promote-if-better", "--trees", "20", "--tickets", &tickets];
    let trained = Command::new(binary).args(train).env("HOME", home.path()).output().expect("it starts");
    assert!(trained.status.success(), "{}", String::from_utf8_lossy(&trained.stderr));
    std::fs::create_dir(home.path().join("bin")).expect("a folder");
    std::os::unix::fs::symlink(binary, home.path().join("bin/hivectl")).expect("a link");
    std::fs::write(home.path().join("someveryuniquename"), "").expect("a file");
    home
}

fn found(program: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|folder| folder.join(program)).find(|path| path.is_file())
}

type Typed = Vec<String>;

fn typed(program: &Path, words: &str) -> Typed {
    std::iter::once(program.display().to_string()).chain(words.split_whitespace().map(str::to_owned)).collect()
}

/// What is started, and what each peer starts for the same.
fn starts(binary: &Path, mlflow: Option<PathBuf>) -> Vec<(Typed, Vec<Typed>)> {
    let peers = |named: [(&Option<PathBuf>, &str); 4]| -> Vec<Typed> {
        named.into_iter().filter(|(_, words)| !words.is_empty()).filter_map(|(path, words)| Some(typed(path.as_deref()?, words))).collect()
    };
    let (kubectl, docker, gh) = (found("kubectl"), found("docker"), found("gh"));
    let hivectl = |words: &str| typed(binary, words);
    let tab = typed(binary, "__complete bash").into_iter().chain([LINE.to_owned()]).collect();
    vec![
        (hivectl("--version"), peers([(&mlflow, "--version"), (&kubectl, "version --client"), (&docker, "--version"), (&gh, "--version")])),
        (hivectl("--help"), peers([(&mlflow, "--help"), (&kubectl, "--help"), (&docker, "--help"), (&gh, "--help")])),
        (tab, peers([(&None, ""), (&kubectl, "__complete get po"), (&docker, "__complete ru"), (&gh, "__complete pr")])),
        (
            hivectl("ml models list"),
            peers([(&mlflow, "experiments search"), (&kubectl, "config get-contexts"), (&docker, "context ls"), (&gh, "alias list")]),
        ),
    ]
}

fn compare(home: &Path, ours: &Typed, peers: Vec<Typed>, rounds: usize) {
    let mut all: Vec<(&Typed, Vec<Duration>)> = std::iter::once(ours).chain(&peers).map(|words| (words, Vec::new())).collect();
    for round in 0..rounds {
        for (words, times) in &mut all {
            // One round of a peer that starts for seconds tells enough.
            if round >= 3 && times.iter().min().is_some_and(|&least| least > Duration::from_secs(2)) {
                continue;
            }
            let begun = Instant::now();
            let mut command = Command::new(&words[0]);
            command
                .args(&words[1..])
                .current_dir(home)
                .env("HOME", home)
                .env("MLFLOW_TRACKING_URI", format!("sqlite:///{}/m.db", home.display()));
            // Its answer does not matter, and what it says of a cluster that is not there neither.
            drop(command.env_remove("HIVECTL_REGISTRY").stdin(Stdio::null()).output().expect("it starts"));
            times.push(begun.elapsed());
        }
    }
    let mut medians: Vec<(String, Duration)> = all.into_iter().map(|(words, times)| (named(words), median(times))).collect();
    let (name, least) = medians.remove(0);
    if medians.is_empty() {
        println!("| `{name}` | {} | | |", shown(least));
    }
    for (peer, time) in medians {
        println!("| `{name}` | {} | `{peer}` {} | {:.1} × |", shown(least), shown(time), time.as_secs_f64() / least.as_secs_f64());
    }
}

/// The line without the folder of its program.
fn named(words: &Typed) -> String {
    let program = words[0].rsplit('/').next().unwrap_or_default();
    std::iter::once(program).chain(words[1..].iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
}

/// A shell on a terminal.
struct Shell {
    pty: Arc<Pty>,
    child: Child,
    seen: Arc<Mutex<String>>,
}

impl Shell {
    fn start(home: &Path, shell: &str) -> Shell {
        let completions = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
        let file = |name: &str| completions.join(name).display().to_string();
        let (words, first): (&[&str], String) = match shell {
            "bash" => (&["--noprofile", "--norc", "-i"], format!("source {}", file("hivectl.bash"))),
            "zsh" => (&["-f", "-i"], format!("fpath=({} $fpath); autoload -U compinit; compinit -u -D", completions.display())),
            "fish" => (&["--no-config", "-i"], format!("set -g fish_autosuggestion_enabled 0; source {}", file("hivectl.fish"))),
            _ => (&["-norc"], format!("eval (slurp < {})", file("hivectl.elv"))),
        };
        let (pty, pts) = pty_process::blocking::open().expect("a terminal");
        pty.resize(Size::new(50, 200)).expect("resized");
        let path = format!("{}:{}", home.join("bin").display(), std::env::var("PATH").unwrap_or_default());
        let command = pty_process::blocking::Command::new(shell).args(words).current_dir(home).env_clear();
        let command = command.env("HOME", home).env("TERM", "xterm").env("LANG", "C.UTF-8").env("PATH", path).env("fish_greeting", "");
        let child = command.spawn(pts).expect("it starts");
        let (pty, seen) = (Arc::new(pty), Arc::new(Mutex::new(String::new())));
        let (source, sink) = (Arc::clone(&pty), Arc::clone(&seen));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = (&*source).read(&mut bytes) {
                sink.lock().expect("unbroken").push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        });
        let shell = Shell { pty, child, seen };
        std::thread::sleep(Duration::from_millis(500));
        shell.keys(&format!("{first}; echo re''ady\r"));
        assert!(shell.until("ready", Duration::from_secs(20)).is_some(), "the shell does not answer");
        std::thread::sleep(Duration::from_millis(500));
        shell
    }

    fn keys(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).expect("typed");
    }

    fn until(&self, text: &str, patience: Duration) -> Option<Duration> {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if self.seen.lock().expect("unbroken").contains(text) {
                return Some(begun.elapsed());
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        None
    }

    /// The time from a TAB behind `line` to `text`.
    fn tab(&self, line: &str, text: &str) -> Option<Duration> {
        // Away with the line of before, and with a list below it.
        self.keys("\u{15}");
        std::thread::sleep(Duration::from_millis(100));
        self.keys(line);
        std::thread::sleep(Duration::from_millis(400));
        self.seen.lock().expect("unbroken").clear();
        self.keys("\t");
        self.until(text, Duration::from_secs(5))
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn tab(home: &Path, name: &str, rounds: usize) {
    let shell = Shell::start(home, name);
    let (mut ours, mut own) = (Vec::new(), Vec::new());
    // The first of each reads what the others find read.
    for round in 0..=rounds {
        let both = [shell.tab(LINE, BROUGHT), shell.tab("echo somevery", "uniquename")];
        if let ([Some(our), Some(other)], true) = (both, round > 0) {
            ours.push(our);
            own.push(other);
        }
    }
    match ours.len() {
        0 => println!("| {name} | the word did not come | | |"),
        _ => {
            let longest = ours.iter().max().copied().unwrap_or_default();
            println!("| {name} | {} | {} | {} |", shown(median(ours)), shown(median(own)), shown(longest));
        }
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn shown(time: Duration) -> String {
    match time.as_secs_f64() {
        long if long >= 1.0 => format!("{long:.1} s"),
        short => format!("{:.1} ms", short * 1000.0),
    }
}
