//! What can be typed. The doc comments are the manual.

use anstyle::AnsiColor;
use clap::builder::Styles;
use clap::{Args, Parser, ValueEnum};

use super::Command;
use crate::cli::complete;

/// Colours that every palette keeps apart from its background, light or dark: no yellow, which is pale on white.
const STYLES: Styles = Styles::styled().invalid(AnsiColor::Magenta.on_default());

/// Machine-learning operations from the terminal.
///
/// hivectl trains, judges, promotes, rolls back and uses the models that schedule execution tickets.
/// It works alone on an embedded registry, without any server.
#[derive(Debug, Parser)]
#[command(name = "hivectl", version, styles = STYLES, max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "Start with `hivectl ml train --help`. Exit codes and files: `hivectl help`, README.")]
pub struct Cli {
    #[command(flatten)]
    pub global: GlobalArgs,

    #[command(subcommand)]
    pub command: Command,
}

/// Words that every command understands.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server
    #[arg(long, global = true, value_name = "PLACE", add = complete::files(&["db"]))]
    pub registry: Option<String>,

    /// The workspace of an MLflow server that has several
    #[arg(long, global = true, value_name = "NAME")]
    pub workspace: Option<String>,

    /// The context of the configuration file to use
    #[arg(long, global = true, value_name = "NAME", add = complete::contexts())]
    pub context: Option<String>,

    /// Form of the output
    #[arg(short = 'o', long, global = true, value_enum, value_name = "FORM")]
    pub output: Option<OutputFormat>,

    /// Never ask; fail and name the flag that answers instead
    #[arg(long, global = true)]
    pub no_input: bool,

    /// Answer yes to every y/N question (never to a typed confirmation)
    #[arg(long, global = true)]
    pub yes: bool,

    /// Answer a typed confirmation in scripts: the model's NAME, or NAME@VERSION of what is changed
    #[arg(long, global = true, value_name = "NAME", add = complete::references())]
    pub confirm: Option<String>,

    /// Why this is done; kept with the change
    #[arg(long, global = true, value_name = "TEXT", value_parser = without_secrets)]
    pub reason: Option<String>,

    /// Longest time that a change waits for another one on the same registry, such as 30s or 2m
    #[arg(long, global = true, value_name = "TIME", default_value = "30s", value_parser = crate::base::duration::parse)]
    pub lock_timeout: std::time::Duration,

    /// Longest time that a command waits for the server of its registry in all, such as 20s or 5m
    #[arg(long, global = true, value_name = "TIME", value_parser = crate::base::duration::parse)]
    pub timeout: Option<std::time::Duration>,

    /// Print results and errors only
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Print more about what is done
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,

    /// Plain words only: no bars, boxes or symbols
    #[arg(long, global = true)]
    pub accessible: bool,
}

/// A reason is kept for ever, in many places; a password that was pasted into it must not be.
fn without_secrets(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a reason has at least one word".into()),
        reason => Ok(crate::base::redact::without_passwords(reason)),
    }
}

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// A table for people
    #[default]
    Table,
    /// A table with every column
    Wide,
    /// One JSON document
    Json,
    /// The same document as YAML
    Yaml,
    /// Names only, one a line
    Name,
    /// One JSON object an item and line
    Jsonl,
    /// Comma-separated values, where the result is rows
    Csv,
}
