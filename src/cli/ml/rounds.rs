//! The word that says which rounds of a boosted model answer.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::api::words::Rounds;

/// Which rounds answer.
#[derive(Debug, Args)]
pub struct RoundsArgs {
    /// Rounds of a boosted model that answer where its training stopped early [default: as its library does]
    #[arg(long, value_name = "WHICH", value_parser = rounds_parser())]
    pub rounds: Option<Rounds>,
}

fn rounds_parser() -> impl TypedValueParser<Value = Rounds> {
    PossibleValuesParser::new([Rounds::All, Rounds::Best].map(|rounds| rounds.to_string())).try_map(|word| word.parse::<Rounds>())
}
