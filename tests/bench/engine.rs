//! One job of the engine on one file, as one JSON line in the form of the peers' scripts.
//!
//!     cargo bench --bench engine -- forest --data tickets.parquet
#![allow(clippy::print_stderr, reason = "a bench without a job says how to name one")]

mod data;
mod jobs;

use clap::Parser;

fn main() -> data::Outcome<()> {
    if std::env::args().skip(1).all(|word| word == "--bench") {
        eprintln!("nothing to measure; try: cargo bench --bench engine -- forest --data FILE.parquet");
        return Ok(());
    }
    jobs::Arguments::parse().run()
}
