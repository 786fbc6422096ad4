//! The operator's shell: contexts, doctor, runbooks, explain, old habits, completion, manual pages, screens.
#![allow(clippy::print_stdout, reason = "a skipped test says why")]

#[path = "../common/files.rs"]
mod files;
#[path = "../common/folders.rs"]
mod folders;
#[path = "../common/home.rs"]
mod home;
#[path = "../common/terminal.rs"]
mod terminal;

mod bad_input;
mod completion;
mod contexts;
mod doctor;
mod examples;
mod explain;
mod habits;
mod manual;
mod normal;
mod protected;
mod rows;
mod runbooks;
mod screens;
mod settings;
mod support;
