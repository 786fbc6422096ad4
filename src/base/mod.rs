//! What every room needs and nobody outside sees. Imports nothing of the house.

pub mod command_examples;
pub mod command_line;
pub mod commands;
mod hint;

pub use command_line::CommandLine;
pub use hint::Hint;
