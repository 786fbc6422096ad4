//! Who does something.

/// The person or job behind a change, and the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub user: String,
    pub host: String,
}

impl Actor {
    /// The user by `USER` or `LOGNAME`, else by number; the host by the kernel's name for it.
    pub fn of_process() -> Actor {
        let named = ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        let user = named.unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()));
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        Actor { user, host }
    }
}

/// The number of threads that `wanted` means: 0 is one a core.
pub fn threads(wanted: usize) -> usize {
    if wanted > 0 { wanted } else { std::thread::available_parallelism().map_or(1, usize::from) }
}
