//! `-o csv`: the items of a report as rows, for the commands whose result is rows.
//!
//! A column is a field of the item; commands whose result is no rows refuse the form before they do anything.

use clap::{ArgMatches, ValueEnum as _};
use serde_json::Value;

use super::arguments::OutputFormat;
use super::report::Report;
use super::verb_spec::verb;
use crate::error::{Error, ErrorKind, Result};

/// What names a row stands first, in this order; the other columns follow by name.
const FIRST: [&str; 7] = ["id", "key", "layer", "name", "model", "model_name", "version"];

/// Refuses `-o csv` where the result is no rows.
///
/// Errors: [`ErrorKind::Usage`] with the forms that the command has.
pub fn check(form: OutputFormat, matches: &ArgMatches) -> Result<()> {
    let words = words(matches);
    match form == OutputFormat::Csv && !verb(&words).is_some_and(|verb| verb.has_rows) {
        true => Err(refused(&format!("`hivectl {words}` answers with no rows, and -o csv is for rows"))),
        false => Ok(()),
    }
}

fn refused(message: &str) -> Error {
    let forms = OutputFormat::value_variants().iter().filter(|form| **form != OutputFormat::Csv);
    let forms: Vec<String> = forms.filter_map(|form| Some(form.to_possible_value()?.get_name().to_owned())).collect();
    Error::new(ErrorKind::Usage, message).hint(format!("its forms are {}; for programs: `-o json`", forms.join(", ")))
}

/// The command's words without those of its arguments.
fn words(matches: &ArgMatches) -> String {
    let below = |matches: &ArgMatches| matches.subcommand().map(|(word, below)| (word.to_owned(), below.clone()));
    let mut words = Vec::new();
    let mut next = below(matches);
    while let Some((word, matches)) = next {
        words.push(word);
        next = below(&matches);
    }
    words.join(" ")
}

/// The rows with a line of headers; nothing where there are none. A cell that is no single value is JSON; null is empty.
///
/// Errors: [`ErrorKind::Usage`] where this result of the command is no rows.
pub fn csv(report: &Report) -> Result<String> {
    let rows = report.items().ok_or_else(|| refused("this result is no rows, and -o csv is for rows"))?;
    let fields = rows.iter().filter_map(Value::as_object);
    let mut columns: Vec<&String> = fields.flat_map(|fields| fields.keys()).collect();
    let place = |name: &str| FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
    columns.sort_by(|left, right| place(left).cmp(&place(right)).then_with(|| left.cmp(right)));
    columns.dedup();
    if columns.is_empty() {
        return Ok(String::new());
    }
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let unwritten = |error: &dyn std::fmt::Display| Error::new(ErrorKind::Internal, "cannot write rows").because(error);
    writer.write_record(&columns).map_err(|error| unwritten(&error))?;
    for row in rows {
        writer.write_record(columns.iter().map(|column| cell(&row[column.as_str()]))).map_err(|error| unwritten(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| unwritten(&error))?;
    String::from_utf8(bytes).map_err(|error| unwritten(&error))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_have_every_column_and_what_names_them_first() {
        let items = json!({ "items": [{ "b": 1.5, "name": "x, y" }, { "a": null, "name": "z", "list": [1, 2] }] });
        let report = Report::new("test/v1", items, |_| String::new());
        assert_eq!(csv(&report).expect("rows"), "name,a,b,list\n\"x, y\",,1.5,\nz,,,\"[1,2]\"\n");
        let none = Report::new("test/v1", json!({ "items": [] }), |_| String::new());
        assert_eq!(csv(&none).expect("no rows"), "");
        let text = Report::new("test/v1", json!({ "text": "text" }), |_| String::new());
        assert_eq!(csv(&text).expect_err("no rows").kind(), ErrorKind::Usage);
    }
}
