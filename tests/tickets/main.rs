//! Tickets as an operator meets them: every shape, every form of file, everything that can be wrong.

mod bad_input;
mod forms;
mod python;
mod real_logs;
mod shapes;
mod support;
mod synthetic;
mod tables;
