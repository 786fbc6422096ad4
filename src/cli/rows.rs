//! `-o csv`: the items of a report as rows, for the commands whose result is rows.
//!
//! A column is a field of the item; commands whose result is no rows refuse the form before they do anything.

use std::collections::BTreeMap;

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

/// The rows with a line of headers; nothing where there are none. A field that has fields is a column for each, named with a
/// dot between; a list is its values with "; " between, and of a list of fields `name=value` each. Null is empty.
///
/// Errors: [`ErrorKind::Usage`] where this result of the command is no rows.
pub fn csv(report: &Report) -> Result<String> {
    let rows = report.items().ok_or_else(|| refused("this result is no rows, and -o csv is for rows"))?;
    let rows: Vec<BTreeMap<String, String>> = rows.iter().map(cells).collect();
    let mut columns: Vec<&String> = rows.iter().flat_map(BTreeMap::keys).collect();
    let place = |name: &str| FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
    columns.sort_by(|left, right| place(left).cmp(&place(right)).then_with(|| left.cmp(right)));
    columns.dedup();
    // A field that has fields in some rows and is nothing in others has no cell of its own.
    let has_parts =
        |column: &str| rows.iter().flat_map(BTreeMap::keys).any(|key| key.strip_prefix(column).is_some_and(|rest| rest.starts_with('.')));
    let is_empty = |column: &str| rows.iter().all(|row| row.get(column).is_none_or(String::is_empty));
    columns.retain(|column| !(is_empty(column) && has_parts(column)));
    if columns.is_empty() {
        return Ok(String::new());
    }
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let unwritten = |error: &dyn std::fmt::Display| Error::new(ErrorKind::Internal, "cannot write rows").because(error);
    writer.write_record(&columns).map_err(|error| unwritten(&error))?;
    for row in &rows {
        writer.write_record(columns.iter().map(|column| row.get(*column).map_or("", String::as_str))).map_err(|error| unwritten(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| unwritten(&error))?;
    String::from_utf8(bytes).map_err(|error| unwritten(&error))
}

/// The cells of a row by their columns.
fn cells(row: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open: Vec<(String, &Value)> = row.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value)).collect();
    while let Some((column, value)) = open.pop() {
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                open.extend(fields.iter().map(|(key, value)| (format!("{column}.{key}"), value)));
            }
            value => drop(found.insert(column, cell(value))),
        }
    }
    found
}

/// One value as text.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(cell).collect::<Vec<_>>().join("; "),
        Value::Object(fields) => fields.iter().map(|(key, value)| format!("{key}={}", cell(value))).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_have_every_column_and_what_names_them_first() {
        let items = json!({ "items": [{ "b": 1.5, "name": "x, y" }, { "a": null, "name": "z", "list": [1, "two"], "in": { "b": 1, "c": { "d": 2 } }, "of": [{ "k": 1 }, { "k": [2, 3] }] }, { "name": "u", "in": null }] });
        let report = Report::new("test/v1", items, |_| String::new());
        assert_eq!(csv(&report).expect("rows"), "name,a,b,in.b,in.c.d,list,of\n\"x, y\",,1.5,,,,\nz,,,1,2,1; two,k=1; k=2; 3\nu,,,,,,\n");
        let none = Report::new("test/v1", json!({ "items": [] }), |_| String::new());
        assert_eq!(csv(&none).expect("no rows"), "");
        let text = Report::new("test/v1", json!({ "text": "text" }), |_| String::new());
        assert_eq!(csv(&text).expect_err("no rows").kind(), ErrorKind::Usage);
    }
}
