//! The Pythons with MLflow that `tests/servers/mlflow.sh` makes.
#![allow(clippy::print_stdout, reason = "a skipped test says why")]

/// The interpreter that a variable names, or nothing with a word on why the test is skipped.
pub fn python(variable: &str) -> Option<String> {
    let python = std::env::var(variable).ok().filter(|path| !path.is_empty());
    if python.is_none() {
        println!("SKIPPED: {variable} names no Python with MLflow; 'eval \"$(tests/servers/mlflow.sh env)\"' sets it");
    }
    python
}
