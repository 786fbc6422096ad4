//! `hivectl man`, and the pages that a packager installs.

use clap::Args;

use super::report::Report;
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::similarity::nearest;

/// Show the manual page of a command
///
/// Prints the page in roff when stdout is no terminal, so that
/// `hivectl man ml train | man -l -` shows it without installation.
/// Reads nothing and changes nothing.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Words of the command, such as `ml train`; none for hivectl itself
    #[arg(value_name = "COMMAND")]
    pub words: Vec<String>,
}

impl ManArgs {
    pub fn run(&self) -> Result<Report> {
        let mut name = String::from("hivectl");
        for word in &self.words {
            name.push('-');
            name.push_str(word);
        }
        let pages = pages();
        match pages.iter().find(|(page, _)| *page == name) {
            Some((_, text)) => Ok(Report::plain("hivectl.man/v1", text.clone())),
            None => {
                let error = Error::new(ErrorKind::Usage, format!("there is no command '{}'", self.words.join(" ")));
                Err(match nearest(&name, pages.iter().map(|(page, _)| page.as_str())) {
                    Some(page) => error.hint(format!("did you mean `hivectl man {}`?", page.replace("hivectl-", "").replace('-', " "))),
                    None => error.hint("`hivectl help` lists the commands"),
                })
            }
        }
    }
}

/// Every manual page: name without section, and roff text.
pub fn pages() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    let mut root = super::command().disable_help_subcommand(true);
    root.build();
    collect(&root, "hivectl", &mut pages);
    pages
}

fn collect(command: &clap::Command, name: &str, pages: &mut Vec<(String, String)>) {
    let mut text = Vec::new();
    // Rendering into memory cannot fail.
    let page =
        clap_mangen::Man::new(command.clone().name(name.to_owned())).title(name.to_uppercase()).section("1").date("").manual("hivectl");
    if page.render(&mut text).is_ok() {
        pages.push((name.to_owned(), String::from_utf8_lossy(&text).into_owned()));
    }
    for child in command.get_subcommands().filter(|child| !child.is_hide_set() && child.get_name() != "help") {
        collect(child, &format!("{name}-{}", child.get_name()), pages);
    }
}
