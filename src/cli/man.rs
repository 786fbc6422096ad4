//! `hivectl man`, and the pages that a packager installs.

use std::io::{IsTerminal as _, Write as _};
use std::process::{Command, Stdio};

use clap::Args;
use clap_mangen::roff::{Roff, bold, roman};

use super::arguments::OutputFormat;
use super::explain::topics;
use super::help::{EXIT_CODES, FILES, variables};
use super::report::Report;
use super::session::Session;
use super::verb_spec::{changes, verb};
use crate::api::pages::{ManualPage, TopicExplanation};
use crate::base::commands;
use crate::base::similarity::nearest;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::{Screen, View};
use crate::error::{Error, ErrorKind, Result};

/// The day that the pages tell; part of the generated files, so it is no clock's.
const DATE: &str = "2026-11-21";

/// Show the manual page of a command
///
/// On a terminal the page is shown by man, without installation; elsewhere it is printed in roff.
/// Reads nothing and changes nothing.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Words of the command, such as `ml train`, or policy; none for hivectl itself
    #[arg(value_name = "COMMAND")]
    pub words: Vec<String>,
}

impl VerbArgs for ManArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "man",
        examples: &[
            ("The page of hivectl", "hivectl man"),
            ("The page of a command", "hivectl man ml train"),
            ("The page as JSON", "hivectl man ml models list -o json"),
        ],
        exit_codes: &[],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let mut name = String::from("hivectl");
        for word in &self.words {
            name.push('-');
            name.push_str(word);
        }
        let pages = pages();
        match pages.iter().find(|(page, _)| *page == name) {
            Some((_, text)) => {
                let streamed = session.printer.form == OutputFormat::Table && std::io::stdout().is_terminal() && shown(text);
                Ok(Report { streamed, ..Report::of(ManualPage { text: text.clone() })? })
            }
            None => {
                let error = Error::new(ErrorKind::Usage, format!("there is no command '{}'", self.words.join(" ")));
                Err(match nearest(&name, pages.iter().map(|(page, _)| page.as_str())) {
                    Some(page) => error.hint(("did you mean `", commands::man(&page.replace("hivectl-", "").replace('-', " ")), "`?")),
                    None => error.hint(("`", commands::help(), "` lists the commands")),
                })
            }
        }
    }
}

/// Lets the system's own viewer show a page; `false` where there is none.
fn shown(page: &str) -> bool {
    let started = Command::new("man").args(["-l", "-"]).stdin(Stdio::piped()).stderr(Stdio::null()).spawn();
    let Ok(mut viewer) = started else { return false };
    if let Some(mut input) = viewer.stdin.take() {
        // A reader who leaves early has seen enough.
        drop(input.write_all(page.as_bytes()));
    }
    viewer.wait().is_ok_and(|status| status.success())
}

/// Every manual page: name without section, and roff text.
pub fn pages() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    let mut root = super::command().disable_help_subcommand(true);
    root.build();
    collect(&root, "hivectl", None, &mut pages);
    pages.extend(topics::topic("policy").map(|page| ("hivectl-policy".to_owned(), topic(&page))));
    pages
}

fn collect(command: &clap::Command, name: &str, parent: Option<&str>, pages: &mut Vec<(String, String)>) {
    let children: Vec<&clap::Command> =
        command.get_subcommands().filter(|child| !child.is_hide_set() && child.get_name() != "help").collect();
    let names: Vec<String> = children.iter().map(|child| format!("{name}-{}", child.get_name())).collect();
    let mut text = Vec::new();
    // Rendering into memory cannot fail.
    drop(page(command, name, parent, &names, &mut text));
    pages.push((name.to_owned(), tidied(&String::from_utf8_lossy(&text))));
    for (child, child_name) in children.into_iter().zip(&names) {
        collect(child, child_name, Some(name), pages);
    }
}

fn page(command: &clap::Command, name: &str, parent: Option<&str>, children: &[String], to: &mut Vec<u8>) -> std::io::Result<()> {
    let page = clap_mangen::Man::new(command.clone().name(name.to_owned()));
    let source = format!("hivectl {}", env!("CARGO_PKG_VERSION"));
    Roff::new().control("TH", [name.to_uppercase().as_str(), "1", DATE, source.as_str(), "hivectl"]).to_writer(to)?;
    page.render_name_section(to)?;
    page.render_synopsis_section(to)?;
    page.render_description_section(to)?;
    if command.get_arguments().next().is_some() {
        page.render_options_section(to)?;
    }
    if !children.is_empty() {
        page.render_subcommands_section(to)?;
    }
    let words = name.strip_prefix("hivectl").unwrap_or_default().trim_start_matches('-').replace('-', " ");
    to.extend(ours(&words, parent, children).to_roff().into_bytes());
    Ok(())
}

/// The page of a file's form.
fn topic(page: &TopicExplanation) -> String {
    let (name, source) = (format!("hivectl-{}", page.topic), format!("hivectl {}", env!("CARGO_PKG_VERSION")));
    let mut roff = Roff::new();
    roff.control("TH", [name.to_uppercase().as_str(), "1", DATE, source.as_str(), "hivectl"]);
    roff.control("SH", ["NAME"]).text([roman(format!("{name} - {}", page.title))]);
    roff.control("SH", ["DESCRIPTION"]);
    for (place, paragraph) in page.paragraphs.iter().enumerate() {
        if place > 0 {
            roff.control("PP", []);
        }
        roff.text([roman(paragraph.as_str())]);
    }
    if let Some(example) = &page.example {
        roff.control("SH", ["EXAMPLE"]).control("nf", []);
        for line in example.lines() {
            roff.text([roman(line)]);
        }
        roff.control("fi", []);
    }
    roff.control("SH", ["COMMANDS"]);
    for (place, command) in page.commands.iter().enumerate() {
        if place > 0 {
            roff.control("br", []);
        }
        roff.text([bold(command.to_string())]);
    }
    roff.control("SH", ["SEE ALSO"]).text([roman("hivectl(1), hivectl-explain(1), hivectl-config-check(1), hivectl-ml-models-promote(1)")]);
    tidied(&roff.to_roff())
}

/// The sections that clap knows nothing of.
fn ours(words: &str, parent: Option<&str>, children: &[String]) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["WHAT IT CHANGES"]).text([roman(changes(words))]);
    let verb = verb(words);
    roff.control("SH", ["EXAMPLES"]);
    match verb {
        Some(verb) => {
            for (what, line) in verb.examples {
                roff.control("TP", []).text([roman(*what)]).text([bold(*line)]);
            }
        }
        None => {
            let line = format!("hivectl {words} --help").replace("  ", " ");
            roff.control("TP", []).text([roman("What there is")]).text([bold(line)]);
        }
    }
    roff.control("SH", ["EXIT STATUS"]);
    let codes = verb.map(|verb| verb.exit_codes);
    for (code, meaning) in EXIT_CODES.iter().filter(|(code, _)| *code <= 2 || codes.is_none_or(|codes| codes.contains(code))) {
        roff.control("TP", []).text([bold(code.to_string())]).text([roman(*meaning)]);
    }
    roff.control("SH", ["FILES"]);
    for (file, about) in FILES {
        roff.control("TP", []).text([bold(*file)]).text([roman(*about)]);
    }
    roff.control("SH", ["ENVIRONMENT"]);
    let whole = parent.is_none();
    for (name, about) in variables(whole) {
        roff.control("TP", []).text([bold(name)]).text([roman(about)]);
    }
    if !whole {
        roff.control("PP", []).text([bold("hivectl"), roman("(1) lists the variables of all settings.")]);
    }
    let others = parent.into_iter().map(str::to_owned).chain(children.iter().cloned());
    let others: Vec<String> =
        others.map(|page| format!("{page}(1)")).chain(["hivectl-explain(1)".into(), "hivectl-runbook(1)".into()]).collect();
    roff.control("SH", ["SEE ALSO"]).text([roman(others.join(", "))]);
    roff
}

/// Without the breaks around empty lines that clap_mangen leaves, which manual readers warn of.
fn tidied(page: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut breaks = false;
    for line in page.lines().map(str::trim_end) {
        if line.is_empty() || line == ".br" || line == ".sp" {
            breaks = true;
            continue;
        }
        let after_heading = lines
            .last()
            .is_none_or(|last| last.starts_with(".SH") || last.starts_with(".TP") || last.starts_with(".RS") || last.starts_with(".IP"));
        let before_own_space = [".SH", ".TP", ".RE", ".PP", ".IP"].iter().any(|macro_name| line.starts_with(macro_name));
        if breaks && !after_heading && !before_own_space {
            lines.push(".sp");
        }
        breaks = false;
        lines.push(line);
    }
    lines.join("\n") + "\n"
}

impl View for ManualPage {
    fn text(&self, _: &Screen) -> String {
        self.text.clone()
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}
