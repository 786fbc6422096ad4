//! Model files of the installed libraries, read and judged by what the libraries answer: the grid, whole.
//!
//!     cargo bench --bench files -- [--python PYTHON]... [--part 3/10] [--ages]
//!
//! PYTHON (else HIVECTL_TEST_PYTHON and HIVECTL_TEST_PYTHON_MLFLOW2, which `tests/servers/mlflow.sh env` names) has the
//! libraries; each one's files are made anew. Prints a row a library and form: right, refused by name, wrong.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints its table")]

use clap::Parser;

#[path = "../rooms/formats/grid.rs"]
#[allow(clippy::unwrap_used, reason = "it is a test's")]
mod grid;

/// Prints the table.
#[derive(Debug, Parser)]
struct Arguments {
    /// Interpreters with the libraries.
    #[arg(long)]
    python: Vec<String>,
    /// As 3/10: a tenth of the files, the third of each ten.
    #[arg(long)]
    part: Option<String>,
    /// Also with the libraries of former years (tests/servers/ages.sh).
    #[arg(long)]
    ages: bool,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    let known = ["HIVECTL_TEST_PYTHON", "HIVECTL_TEST_PYTHON_MLFLOW2"].into_iter().filter_map(|variable| std::env::var(variable).ok());
    let pythons = if arguments.python.is_empty() { known.collect() } else { arguments.python };
    if pythons.is_empty() {
        println!("no Python with the libraries: eval \"$(tests/servers/mlflow.sh env)\", or --python");
    }
    let ages = if arguments.ages { grid::ages() } else { Vec::new() };
    let mut all = grid::Grid::new();
    for python in pythons.into_iter().chain(ages.into_iter().map(|(_, python)| python)) {
        grid::join(&mut all, grid::judged(&python, arguments.part.as_deref()));
    }
    println!("{}", grid::told(&all));
}
