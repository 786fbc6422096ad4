//! A program on a terminal of its own.

use std::io::{Read, Write};
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty};

use crate::common::home::Home;

/// After so long nothing more will come.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    seen: Arc<Mutex<String>>,
    reader: std::thread::JoinHandle<()>,
}

impl Terminal {
    pub fn start(home: &Home, program: &str, words: &[&str], columns: u16, variables: &[(&str, &str)]) -> Terminal {
        let (pty, pts) = pty_process::blocking::open().expect("a terminal");
        pty.resize(Size::new(50, columns)).expect("resized");
        let command = Command::new(program).args(words).current_dir(home.path()).env_clear();
        let command = command.env("HOME", home.path()).env("TERM", "xterm").env("LANG", "C.UTF-8");
        let command = command.envs(home.user.iter().map(|user| ("USER", user))).envs(variables.iter().copied());
        let child = command.spawn(pts).expect("it starts");
        let (pty, seen) = (Arc::new(pty), Arc::new(Mutex::new(String::new())));
        let (source, sink) = (Arc::clone(&pty), Arc::clone(&seen));
        let reader = std::thread::spawn(move || {
            let (mut bytes, mut unread) = ([0; 4096], Vec::new());
            // The end of a terminal is an error on Linux.
            while let Ok(count @ 1..) = (&*source).read(&mut bytes) {
                unread.extend_from_slice(&bytes[..count]);
                // A letter may come in two pieces.
                let whole = std::str::from_utf8(&unread)
                    .map_or_else(|error| if error.error_len().is_none() { error.valid_up_to() } else { unread.len() }, str::len);
                sink.lock().expect("unbroken").push_str(&String::from_utf8_lossy(&unread[..whole]));
                unread.drain(..whole);
            }
        });
        Terminal { pty, child, seen, reader }
    }

    pub fn seen(&self) -> String {
        self.seen.lock().expect("unbroken").clone()
    }

    /// Waits until `text` stands on the screen `times` times.
    pub fn wait_for(&self, text: &str, times: usize) {
        let deadline = Instant::now() + PATIENCE;
        while self.seen().matches(text).count() < times {
            assert!(Instant::now() < deadline, "no '{text}' in {}", self.seen());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn type_keys(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).expect("typed");
    }

    pub fn end(mut self) -> (ExitStatus, String) {
        let status = end_of(&mut self.child, || self.seen.lock().expect("unbroken").clone());
        self.reader.join().expect("read to the end");
        let seen = self.seen.lock().expect("unbroken").replace('\r', "");
        (status, seen)
    }
}

/// Waits for the end; a program that waits for what does not come is ended.
pub fn end_of(child: &mut Child, seen: impl Fn() -> String) -> ExitStatus {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            return status;
        }
        if Instant::now() > deadline {
            child.kill().expect("killed");
            panic!("it still waits after {}", seen());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
