//! Who does something, and with how many hands.

use std::io::IsTerminal;

use crate::audit::Actor;

/// The person or job behind this process: the user by `USER` or `LOGNAME`, else by number; the host by the
/// kernel's name for it; whether a terminal or a continuous-integration system stands behind; and the words
/// that were typed, without secrets.
pub fn actor_of_process() -> Actor {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let user = ["USER", "LOGNAME"].into_iter().find_map(variable);
    let ci = ["GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL", "CI"].into_iter().find(|name| variable(name).is_some());
    let actor = Actor {
        user: user.unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw())),
        host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        terminal: std::io::stdin().is_terminal(),
        ci: ci.map(str::to_owned),
        command: Vec::new(),
    };
    actor.with_command(std::env::args_os().map(|word| word.to_string_lossy().into_owned()))
}

/// The number of threads that `wanted` means: 0 is one a core.
pub fn threads(wanted: usize) -> usize {
    if wanted > 0 { wanted } else { std::thread::available_parallelism().map_or(1, usize::from) }
}
