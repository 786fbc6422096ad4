//! Errors, intervals and tests; every function states its formula and its source.

pub mod random;
