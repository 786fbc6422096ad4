//! Tables without boxes: one row an item, numbers to the right, awk-friendly headers.
//!
//! Words are never broken to make a table fit: text is folded between words, and where even that is too wide each row
//! becomes a block of lines, a header and its value each.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, TableStyle, Width};
use textwrap::WordSeparator;
use textwrap::core::{Fragment, Word};
use textwrap::wrap_algorithms::wrap_first_fit;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Screen;
use crate::cli::sanitize;

/// A column's header and on which side its cells stand.
#[derive(Clone, Copy)]
pub enum Column<'h> {
    Text(&'h str),
    Number(&'h str),
}

impl<'h> Column<'h> {
    fn header(self) -> &'h str {
        match self {
            Column::Text(header) | Column::Number(header) => header,
        }
    }
}

/// A blank at which no line ends; written as a blank.
pub const FIRM_BLANK: char = '\u{a0}';

/// Cells between two columns.
const GAP: usize = 2;

/// The value of a line does not begin further to the right.
const LONGEST_LABEL: usize = 16;

/// A longer word may end a line behind a slash, as paths and addresses do.
const LONG_WORD: usize = 32;

/// The rows as a table with a line break at the end; without rows the headers alone.
///
/// Where a terminal is too narrow for all, columns without any value are left out.
pub fn table(columns: &[Column<'_>], rows: &[Vec<String>], screen: &Screen) -> String {
    let mut columns = columns.to_vec();
    let mut rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| one_piece(&shown(cell, screen))).collect()).collect();
    let text = match screen.width.map(usize::from) {
        None => lines(&columns, &rows, &whole(&columns, &rows)),
        Some(width) => {
            let mut fitting = widths(&columns, &rows, width);
            if fitting.is_none() && !rows.is_empty() {
                for index in (0..columns.len()).rev() {
                    if rows.iter().all(|row| row.get(index).is_none_or(String::is_empty)) {
                        columns.remove(index);
                        rows.iter_mut().for_each(|row| drop(row.remove(index)));
                    }
                }
                fitting = widths(&columns, &rows, width);
            }
            match fitting {
                Some(widths) => lines(&columns, &rows, &widths),
                None => blocks(&columns, &rows, width),
            }
        }
    };
    text.replace(FIRM_BLANK, " ")
}

/// A cell as this screen can show it.
fn shown(cell: &str, screen: &Screen) -> String {
    let cell = sanitize::line(cell);
    if screen.plain { sanitize::in_ascii(&cell) } else { cell }
}

/// A moment is not folded between its date and its time.
fn one_piece(cell: &str) -> String {
    let is_moment = cell.len() >= 16
        && cell.bytes().take(16).zip(*b"0000-00-00 00:00").all(|(found, form)| match form {
            b'0' => found.is_ascii_digit(),
            form => found == form,
        });
    if is_moment { cell.replacen(' ', &FIRM_BLANK.to_string(), 1) } else { cell.to_owned() }
}

/// Lines of text that a terminal would break anywhere, folded between words. What follows is set in by two, or below the
/// value where a line is a word with its value. A command stays whole, because it is copied.
pub fn folded_text(text: &str, screen: &Screen) -> String {
    let Some(width) = screen.width.map(usize::from) else { return text.to_owned() };
    let line = |line: &str| {
        let line = line.trim_end();
        let indent = line.len() - line.trim_start_matches(' ').len();
        if line.width() <= width || line[indent..].starts_with("hivectl ") {
            return line.to_owned();
        }
        let gap = line[indent..].find("  ").map(|at| at + indent).filter(|&at| at < LONGEST_LABEL);
        let value = gap.map(|at| line.len() - line[at..].trim_start_matches(' ').len());
        let (head, hang) = value.map_or((indent, indent + 2), |value| (value, line[..value].width()));
        // The first line may be longer than the rest where those are set in.
        let parts = folded(&line[head..], width.saturating_sub(hang));
        format!("{}{}", &line[..head], parts.join(&format!("\n{}", " ".repeat(hang))))
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// The width of each column where nothing is folded.
fn whole(columns: &[Column<'_>], rows: &[Vec<String>]) -> Vec<usize> {
    widest(columns, rows, |_, cell| cell.width())
}

fn widest(columns: &[Column<'_>], rows: &[Vec<String>], of: impl Fn(Column<'_>, &str) -> usize) -> Vec<usize> {
    let width = |(index, column): (usize, &Column)| {
        let cells = rows.iter().filter_map(|row| row.get(index)).map(|cell| of(*column, cell));
        cells.chain([column.header().width()]).max().unwrap_or(0)
    };
    columns.iter().enumerate().map(width).collect()
}

/// The width of each column so that all fit and no word is broken; `None` where they cannot.
fn widths(columns: &[Column<'_>], rows: &[Vec<String>], width: usize) -> Option<Vec<usize>> {
    let room = width.checked_sub(GAP * columns.len().saturating_sub(1))?;
    let whole = whole(columns, rows);
    if whole.iter().sum::<usize>() <= room {
        return Some(whole);
    }
    let mut widths = widest(columns, rows, |column, cell| match column {
        Column::Number(_) => cell.width(),
        Column::Text(_) => cell.split(' ').map(longest_part).max().unwrap_or(0),
    });
    let mut left = room.checked_sub(widths.iter().sum())?;
    // Who misses least is served first, so that short columns stay on one line.
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by_key(|&index| whole[index].saturating_sub(widths[index]));
    for (place, &index) in order.iter().enumerate() {
        let share = (left / (order.len() - place)).min(whole[index].saturating_sub(widths[index]));
        widths[index] += share;
        left -= share;
    }
    Some(widths)
}

/// The cells that a word needs in one line.
fn longest_part(word: &str) -> usize {
    match word.width() {
        short if short <= LONG_WORD => short,
        _ => word.split_inclusive('/').map(UnicodeWidthStr::width).max().unwrap_or(0).max(LONG_WORD),
    }
}

fn lines(columns: &[Column<'_>], rows: &[Vec<String>], widths: &[usize]) -> String {
    let mut table = Table::new();
    table.load_style(TableStyle::new());
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(columns.iter().map(|column| column.header()));
    for row in rows {
        table.add_row(row.iter().zip(widths).map(|(cell, &width)| folded(cell, width).join("\n")));
    }
    for (index, (column, &width)) in columns.iter().zip(widths).enumerate() {
        if let Some(settings) = table.column_mut(index) {
            settings.set_padding((0, GAP as u16));
            settings.set_constraint(ColumnConstraint::Absolute(Width::Fixed(u16::try_from(width + GAP).unwrap_or(u16::MAX))));
            if let Column::Number(_) = column {
                settings.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Each row as lines of a header and its value. A cell without a header is a mark, and stands before the next value.
fn blocks(columns: &[Column<'_>], rows: &[Vec<String>], width: usize) -> String {
    let label = columns.iter().map(|column| column.header().width()).max().unwrap_or(0);
    let indent = " ".repeat(label + GAP);
    let block = |row: &Vec<String>| {
        let mut text = String::new();
        let mut mark = "";
        for (column, cell) in columns.iter().zip(row) {
            if column.header().is_empty() {
                mark = cell;
                continue;
            }
            let value = format!("{mark} {}", cell.trim()).trim_start().to_owned();
            mark = "";
            let parts = folded(&value, width.saturating_sub(indent.width()));
            let gap = " ".repeat(label + GAP - column.header().width());
            let value = parts.join(&format!("\n{indent}"));
            text.push_str(format!("{}{gap}{value}", column.header()).trim_end());
            text.push('\n');
        }
        text
    };
    match rows {
        [] => folded(&columns.iter().map(|column| column.header()).collect::<Vec<_>>().join(" "), width).join("\n") + "\n",
        rows => rows.iter().map(block).collect::<Vec<_>>().join("\n"),
    }
}

/// The text in lines of at most `width` cells: broken between words, within one only where it is wider than a line, and
/// there behind a slash or another mark if there is one.
///
/// The crate fills the lines. Where a word that is wider than a line is broken stays here ([`broken`]), because the
/// crate breaks behind any letter or at every mark, and a path that is copied from two lines should be cut at a slash.
fn folded(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    if text.width() <= width {
        return vec![text.to_owned()];
    }
    let words = WordSeparator::AsciiSpace.find_words(text.trim_start_matches(' '));
    let pieces: Vec<Piece> = words.flat_map(|word| Piece::of(word, width)).collect();
    let line = |line: &[Piece]| {
        let last = line.last().map_or("", |piece| piece.text);
        let before = line.iter().rev().skip(1).rev().flat_map(|piece| [piece.text, piece.blanks]);
        before.chain([last]).collect()
    };
    wrap_first_fit(&pieces, &[width as f64]).into_iter().map(line).collect()
}

/// What stands on one line: a word, or a piece of one that is wider than a line.
#[derive(Debug)]
struct Piece<'a> {
    text: &'a str,
    blanks: &'a str,
    cells: usize,
}

impl<'a> Piece<'a> {
    /// The pieces of a word. All but the last take a line of their own.
    fn of(word: Word<'a>, width: usize) -> Vec<Piece<'a>> {
        let (mut pieces, mut rest) = (Vec::new(), word.word);
        // A single letter may be wider than the line.
        while rest.width() > width && broken(rest, width) < rest.len() {
            let (text, tail) = rest.split_at(broken(rest, width));
            pieces.push(Piece { text, blanks: "", cells: width });
            rest = tail;
        }
        pieces.push(Piece { text: rest, blanks: word.whitespace, cells: rest.width() });
        pieces
    }
}

impl Fragment for Piece<'_> {
    fn width(&self) -> f64 {
        self.cells as f64
    }

    fn whitespace_width(&self) -> f64 {
        self.blanks.len() as f64
    }

    fn penalty_width(&self) -> f64 {
        0.0
    }
}

/// The byte before which a word that is too wide is broken; at least one letter stands before it.
fn broken(word: &str, width: usize) -> usize {
    let mut used = 0;
    let (mut slash, mut mark, mut last) = (None, None, 0);
    for (at, letter) in word.char_indices() {
        used += letter.width().unwrap_or(0);
        if used > width && at > 0 {
            break;
        }
        last = at + letter.len_utf8();
        match letter {
            '/' => slash = Some(last),
            '-' | '_' | '.' | ':' | ',' | '@' | '#' | '=' | '&' | '?' => mark = Some(last),
            _ => {}
        }
    }
    slash.or(mark).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(width: Option<u16>) -> Screen {
        Screen { width, plain: false, all_columns: false }
    }

    #[test]
    fn cells_align_and_escape_codes_do_not_show() {
        let text = table(
            &[Column::Text("NAME"), Column::Number("MAE")],
            &[vec!["a\u{1b}[1m".into(), "1.5".into()], vec!["模型".into(), "10.5".into()]],
            &screen(None),
        );
        assert_eq!(text, "NAME    MAE\na?[1m   1.5\n模型   10.5\n");
    }

    #[test]
    fn text_is_folded_between_words_and_numbers_stay_whole() {
        let columns = [Column::Text("ID"), Column::Number("TOOK"), Column::Text("TEXT")];
        let rows = [vec!["one-id".into(), "12 ms".into(), "some words of text".into()]];
        assert_eq!(table(&columns, &rows, &screen(Some(26))), "ID       TOOK  TEXT\none-id  12 ms  some words\n               of text\n");
    }

    #[test]
    fn rows_that_do_not_fit_become_blocks() {
        let columns = [Column::Text(""), Column::Text("NAME"), Column::Text("PLACE")];
        let rows = [vec!["*".into(), "the-first".into(), "/a/folder/of/models.db".into()], vec!["".into(), "模型".into(), "-".into()]];
        let text = table(&columns, &rows, &screen(Some(20)));
        assert_eq!(text, "NAME   * the-first\nPLACE  /a/folder/of/\n       models.db\n\nNAME   模型\nPLACE  -\n");
        assert!(text.lines().all(|line| line.width() <= 20));
        assert_eq!(table(&columns, &[], &screen(Some(8))), "NAME\nPLACE\n");
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken_behind_a_mark() {
        assert_eq!(folded("aaa/bbb-ccc/ddd", 12), ["aaa/bbb-ccc/", "ddd"]);
        assert_eq!(folded("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(folded("模型模", 1), ["模", "型", "模"]);
        assert_eq!(folded("", 4), [""]);
        assert_eq!(folded_text("  aaa bbb ccc\nd", &screen(Some(10))), "  aaa\n    bbb\n    ccc\nd");
        assert_eq!(folded_text("  aaa bbb ccc", &screen(None)), "  aaa bbb ccc");
        assert_eq!(folded_text("key   aaa bbb", &screen(Some(10))), "key   aaa\n      bbb");
        assert_eq!(folded_text("  hivectl ml models list", &screen(Some(10))), "  hivectl ml models list");
    }

    #[test]
    fn a_narrow_screen_leaves_out_what_is_empty_and_moments_stay_whole() {
        let columns = [Column::Text("AT"), Column::Text("WHY"), Column::Text("WHO")];
        let rows = [vec!["2026-01-31 23:59:58".into(), String::new(), "a b".into()]];
        assert_eq!(table(&columns, &rows, &screen(Some(25))), "AT                   WHO\n2026-01-31 23:59:58  a b\n");
        assert!(table(&columns, &rows, &screen(Some(40))).starts_with("AT                   WHY"));
    }
}
