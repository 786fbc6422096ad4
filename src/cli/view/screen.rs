//! What the screen can show.

use std::io::IsTerminal;

/// Width and abilities of stdout.
#[derive(Clone, Debug)]
pub struct Screen {
    /// Columns; `None` in a pipe or file, where lines are not folded.
    pub width: Option<u16>,
    /// Words only: no block characters.
    pub plain: bool,
    /// Every column was asked for.
    pub all_columns: bool,
}

impl Screen {
    /// Looks at stdout. `COLUMNS` wins over the terminal's own width.
    pub fn of_stdout(plain: bool) -> Screen {
        let terminal = std::io::stdout().is_terminal();
        let stated = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let asked = || rustix::termios::tcgetwinsize(std::io::stdout()).ok().map(|size| size.ws_col).filter(|&columns| columns > 0);
        let width = if terminal { stated.or_else(asked).or(Some(80)) } else { None };
        let utf8 = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        let utf8 = utf8.is_none_or(|locale| locale.to_ascii_lowercase().replace('-', "").contains("utf8"));
        Screen { width, plain: plain || !utf8, all_columns: false }
    }

    /// The same screen for lines that are set in by so many cells.
    pub fn set_in(&self, cells: u16) -> Screen {
        Screen { width: self.width.map(|width| width.saturating_sub(cells)), ..self.clone() }
    }

    /// The same screen with every column.
    pub fn wide(&self) -> Screen {
        Screen { all_columns: true, ..self.clone() }
    }
}
