//! Tables without boxes: one row an item, numbers to the right, awk-friendly headers.

use comfy_table::{CellAlignment, ContentArrangement, Table, TableStyle};

use super::Screen;
use crate::cli::sanitize;

/// A column's header and on which side its cells stand.
#[derive(Clone, Copy)]
pub enum Column {
    Text(&'static str),
    Number(&'static str),
}

/// The rows as a table with a line break at the end; without rows the headers alone.
pub fn table(columns: &[Column], rows: &[Vec<String>], screen: &Screen) -> String {
    let mut table = Table::new();
    table.load_style(TableStyle::new());
    match screen.width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    table.set_header(columns.iter().map(|column| match column {
        Column::Text(header) | Column::Number(header) => *header,
    }));
    for row in rows {
        table.add_row(row.iter().map(|cell| sanitize::line(cell)));
    }
    for (index, column) in columns.iter().enumerate() {
        if let Some(settings) = table.column_mut(index) {
            settings.set_padding((0, 2));
            if let Column::Number(_) = column {
                settings.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_align_and_escape_codes_do_not_show() {
        let screen = Screen { width: None, plain: false, all_columns: false };
        let text = table(
            &[Column::Text("NAME"), Column::Number("MAE")],
            &[vec!["a\u{1b}[1m".into(), "1.5".into()], vec!["模型".into(), "10.5".into()]],
            &screen,
        );
        assert_eq!(text, "NAME    MAE\na?[1m   1.5\n模型   10.5\n");
    }
}
