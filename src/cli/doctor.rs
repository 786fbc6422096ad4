//! `hivectl doctor`.

use clap::{Args, ValueEnum};

use super::ml::TicketArgs;
use super::prompt;
use super::report::Report;
use super::session::Session;
use super::view;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::doctor;

/// Check what hivectl stands on, and say what to do about what is wrong
///
/// Looks at the server with the tickets: whether it answers, its version and clock, what the account may do, the
/// indexes that queries need, the types and spellings that are there, and how many completed tickets say how long
/// they took. Changes nothing without --create-indexes.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// What to check
    #[arg(long, value_enum, default_value_t = CheckWord::Mongodb)]
    pub check: CheckWord,

    #[command(flatten)]
    pub source: TicketArgs,

    /// Make the indexes that are missing, after a confirmation
    #[arg(long)]
    pub create_indexes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckWord {
    /// The server with the tickets
    Mongodb,
}

impl DoctorArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let CheckWord::Mongodb = self.check;
        let mut flags = session.flags();
        self.source.note(&mut flags);
        let settings = session.settings(&flags)?;
        let place = self.source.server(&settings)?.ok_or_else(|| {
            Error::new(ErrorKind::Usage, "the tickets are in files, there is no server to check")
                .hint("name one: `hivectl doctor --tickets mongodb://HOST:PORT`, or set MONGODB_URI")
        })?;
        let mut made = Vec::new();
        if self.create_indexes {
            prompt::yes(session, &prompt::INDEXES, &format!("Make the missing indexes of {place}?"))?;
            made = doctor::create_indexes(&place)?;
        }
        Ok(view::doctor::report(doctor::mongodb(&place)?, &made))
    }
}
