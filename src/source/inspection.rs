//! What a server with tickets says of itself.

use crate::error::Result;

/// An index that a query of ours needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeededIndex {
    /// The field that it begins with.
    pub field: &'static str,
    /// What is slow without it.
    pub serves: &'static str,
}

/// How a query would be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryPlan {
    /// By an index.
    Index,
    /// By reading every document.
    EveryDocument,
    /// The server's words are not understood.
    Unknown,
}

/// What an account may do with the tickets and beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountRights {
    /// The server asks nobody who they are.
    NotAsked,
    /// The account's actions that are missing here; empty when it may do everything needed.
    Missing(Vec<&'static str>),
    /// The server does not tell.
    Unknown,
}

/// Completed tickets, and those of them that say how long they took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelCoverage {
    pub completed: u64,
    pub with_duration: u64,
}

/// Looks at a server and its tickets; changes nothing but by [`create_index`](ServerInspection::create_index).
///
/// Every question that is sent may fail with the server's own errors.
pub trait ServerInspection {
    /// The oldest major version that is supported.
    fn oldest_major_version(&self) -> u32;

    /// The server's version, as it names it.
    fn version(&self) -> Result<String>;

    /// How far the server's clock is ahead of ours, in ms, give or take half of the time the question took; `None`
    /// where it does not tell its time.
    fn clock_ahead_ms(&self) -> Result<Option<(i64, i64)>>;

    /// What the account may do.
    fn rights(&self) -> Result<AccountRights>;

    /// The command by which an administrator gives an account the rights that are needed.
    fn grant_command(&self) -> String;

    /// The indexes for the queries that hivectl runs.
    fn needed_indexes(&self) -> &'static [NeededIndex];

    /// The fields that the indexes of the tickets begin with.
    fn indexed_fields(&self) -> Result<Vec<String>>;

    /// How the server would run the query that an index serves, over the last day.
    fn plan(&self, index: &NeededIndex) -> Result<QueryPlan>;

    /// Makes an index that begins with `field`; one that is there already stays.
    fn create_index(&self, field: &str) -> Result<()>;

    /// The command that makes an index by hand.
    fn index_command(&self, field: &str) -> String;

    /// What types and spellings there are, one fact a line.
    fn survey(&self) -> Result<Vec<String>>;

    /// How many completed tickets say how long they took.
    fn label_coverage(&self) -> Result<LabelCoverage>;
}
