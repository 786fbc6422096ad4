//! The operator's shell: contexts, doctor, runbooks, explain, old habits, completion, manual pages, screens.

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
mod terminal;
