//! One job of the engine on one file, as one JSON line in the form of the peers' scripts.
//!
//!     cargo bench --bench engine -- forest --data tickets.parquet

mod data;
mod jobs;

use clap::Parser;

fn main() -> data::Outcome<()> {
    jobs::Arguments::parse().run()
}
