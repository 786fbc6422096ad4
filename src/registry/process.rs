//! Which processes of which machine hold something, and whether they still live.

/// Whether the process has ended and only its parent has not noticed (a zombie), where the system tells: such
/// a process still has its id, but it writes nothing more.
fn is_unburied(process_id: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process_id}/stat")).unwrap_or_default();
    // The program's name stands in brackets and may hold anything; the state follows the last one.
    let state = stat.rsplit_once(')').and_then(|(_, rest)| rest.trim_start().chars().next());
    matches!(state, Some('Z' | 'X'))
}

/// The name of this machine; empty where none is known.
#[cfg(unix)]
pub(super) fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
pub(super) fn host_name() -> String {
    String::new()
}

/// Whether the process exists; one that belongs to another user does.
#[cfg(unix)]
pub(super) fn is_alive(process_id: u32) -> bool {
    let process = i32::try_from(process_id).ok().and_then(rustix::process::Pid::from_raw);
    let exists = process.is_some_and(|process| !matches!(rustix::process::test_kill_process(process), Err(rustix::io::Errno::SRCH)));
    exists && !is_unburied(process_id)
}

/// Without a process table to ask, only age tells.
#[cfg(not(unix))]
pub(super) fn is_alive(_: u32) -> bool {
    true
}
