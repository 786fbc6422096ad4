//! Puts a completion script where its shell looks.

use std::path::{Path, PathBuf};

use super::ShellName;
use crate::api::pages::InstalledCompletions;
use crate::base::{commands, write_whole};
use crate::error::{Error, ErrorKind, Result};

/// The shell that SHELL names.
///
/// Errors: [`ErrorKind::Usage`] where it names none that is known.
pub fn usual_shell() -> Result<ShellName> {
    let path = std::env::var("SHELL").unwrap_or_default();
    let name = Path::new(&path).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    match name {
        "bash" => Ok(ShellName::Bash),
        "zsh" => Ok(ShellName::Zsh),
        "fish" => Ok(ShellName::Fish),
        "elvish" => Ok(ShellName::Elvish),
        "pwsh" | "powershell" => Ok(ShellName::PowerShell),
        _ => Err(Error::new(ErrorKind::Usage, format!("SHELL is '{path}', which is no shell that has completions")).hint((
            "name it: `",
            commands::completions_install("bash"),
            "`",
        ))),
    }
}

/// Writes the script of `shell` (of SHELL where none is named) below the user's folders.
///
/// Errors: no HOME; a folder that cannot be written.
pub fn install(shell: Option<ShellName>) -> Result<InstalledCompletions> {
    let shell = shell.map_or_else(usual_shell, Ok)?;
    let (file, left) = place(shell)?;
    let changed = std::fs::read_to_string(&file).ok().as_deref() != Some(shell.script());
    if changed {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Error::file("make the folder", folder, &error))?;
        }
        write_whole(&file, shell.script().as_bytes())?;
    }
    Ok(InstalledCompletions { file, changed, left })
}

fn place(shell: ShellName) -> Result<(PathBuf, Option<String>)> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || {
        set("HOME").ok_or_else(|| {
            Error::new(ErrorKind::BadConfiguration, "there is no HOME, so no shell looks anywhere").hint((
                "print the script and put it where your shell looks: `",
                commands::completions("bash"),
                "`",
            ))
        })
    };
    let below = |variable: &str, usual: &str| set(variable).map_or_else(|| home().map(|home| home.join(usual)), Ok);
    Ok(match shell {
        ShellName::Bash => (below("XDG_DATA_HOME", ".local/share")?.join("bash-completion/completions/hivectl"), None),
        ShellName::Fish => (below("XDG_CONFIG_HOME", ".config")?.join("fish/completions/hivectl.fish"), None),
        ShellName::Zsh => {
            let folder = below("XDG_DATA_HOME", ".local/share")?.join("zsh/site-functions");
            let line = format!("add to ~/.zshrc before compinit, once: fpath=({} $fpath)", folder.display());
            (folder.join("_hivectl"), Some(line))
        }
        ShellName::Elvish => {
            (below("XDG_CONFIG_HOME", ".config")?.join("elvish/lib/hivectl.elv"), Some("add to rc.elv, once: use hivectl".into()))
        }
        ShellName::PowerShell => {
            let file = below("XDG_CONFIG_HOME", ".config")?.join("powershell/hivectl.ps1");
            let line = format!("add to $PROFILE, once: . {}", file.display());
            (file, Some(line))
        }
    })
}
