//! hivectl: machine-learning operations from the terminal. This page is the architecture.
//!
//! # The map, in reading order
//! Data goes one way through the rooms, from top to bottom; no room calls back up.
//!
//! Under everything: [`error`] is the one table of failures, [`base`] what every room needs: time, whole files, masks of
//! secrets, digests, and a command to type next as a value.
//!
//! Knowledge, pure and deterministic, without input or output:
//! [`ticket`] what a ticket is · [`features`] what a model sees of it · [`trees`] the tree engine ·
//! [`statistics`] errors, intervals, tests · [`formats`] model files in and out · [`forecast`] load over time · [`drift`] whether the work has changed,
//! and for whom · [`audit`] the record of a change and its hash chain · [`kinds`] what each kind of model needs, how it is
//! trained, judged, packaged and run, behind one seam · [`lifecycle`] versions, references, gates, plans, agreement,
//! history.
//!
//! Doors, everything that touches the outside:
//! [`source`] tickets from files and from a MongoDB, by capability · [`registry`] where versions live: an MLflow database
//! of our own, or an MLflow server, by capability · [`config`] settings and their origin, contexts, secrets ·
//! [`telemetry`] numbers for a Prometheus.
//!
//! Work: [`api`] what can be asked for and what is answered, as plain data · [`ops`] one function an operator's job,
//! from a request to a report · [`runbook`] what to type when something is wrong, as text that is tested.
//!
//! The face: [`cli`] the words typed, the tables, prompts and progress.
//!
//! # Entry points
//! `src/main.rs` is one expression; `src/cli/run.rs` goes from the words typed to the exit code. Every job is a request
//! ([`api::Request`]) that [`ops::Workspace`] answers with its report, as [`api::Operations`] of that request
//! (`src/api/operations.rs`).
//!
//! # The walk of a training
//! 1. `src/cli/ml/train.rs` makes a request of the words typed; `src/ops/workspace/mod.rs` resolves the settings.
//! 2. `src/ops/train/mod.rs` reads: `src/source/open.rs` opens the tickets, `src/ticket/normalize.rs` makes one of every shape,
//!    `src/ticket/filter.rs` counts why one is not used.
//! 3. `src/features/build.rs` sweeps them in the order of creation, so that no row sees what was not known.
//! 4. The kind (`src/kinds/kind.rs`) fits: `src/kinds/regression.rs` or `src/kinds/anomaly.rs` over `src/trees/forest.rs`,
//!    `src/trees/boosting.rs` or `src/trees/isolation.rs`.
//!    A kind that forecasts learns from a series instead of rows: `src/ops/train/series.rs` counts the tickets, and
//!    `src/kinds/series.rs` is what was learned, judged by forecasts of the past.
//! 5. The holdout judges; `src/lifecycle/gate.rs` decides; `src/ops/champion.rs` compares with the version that serves.
//! 6. `src/kinds/package.rs` makes the files, `src/kinds/card.rs` says what is known of them.
//! 7. `src/registry/contract.rs` registers: one transaction in `src/registry/embedded/registration.rs`, a lease and a
//!    read-back in `src/registry/mlflow/registration.rs`.
//! 8. The report goes back up as a [`api::Document`]: JSON is the report, and `src/cli/view/train.rs` renders the text.
//!
//! # What must not happen (kept by `tests/house.rs` and the compiler)
//! - Knowledge imports no door, no work and no face, and neither clock nor environment nor files: time, randomness and
//!   thread count come in as arguments. [`base`] imports nothing of the house but [`error`].
//! - Doors import knowledge and base, never each other; nothing of their wire types leaves them.
//! - The face opens nothing, reads no policy and decides nothing; work prints nothing and never prompts.
//! - No command to type is a text below the face: it is a [`base::CommandLine`], made in `src/base/commands` alone.
//! - A kind of model is matched nowhere outside [`kinds`].
//! - What changes a stage takes an [`lifecycle::Approved`], which [`lifecycle`] alone can make.
//!
//! # To add …
//! - **a verb**: its request and report (a file beside `src/api/stats.rs`); its job, which is `Operations` of that request
//!   (beside `src/ops/stats.rs`); what is typed and shown (beside `src/cli/ml/stats.rs`): the arguments with their
//!   completers, `VerbArgs` with examples, exit codes, what it changes and asks, and the `View` of the report. Each file is a
//!   line in the `mod.rs` beside it, where the last one also stands in the list of its group. A verb that only the face
//!   knows is that last file alone (`src/cli/completions.rs`). Then `HIVECTL_WRITE_GENERATED=1 cargo test --test house`
//!   writes its pages.
//! - **a kind**: one file beside `src/kinds/anomaly.rs` that is a `ModelKind`, and its line in `src/kinds/catalogue.rs`.
//! - **a registry**: a folder beside `src/registry/embedded/` that offers the capabilities of `src/registry/contract.rs` it
//!   has, its word in `src/registry/uri.rs`, and its line in `src/registry/open.rs`.
//! - **a source**: a file beside `src/source/files.rs` that offers the capabilities of `src/source/contract.rs` it has, and
//!   its scheme in `src/source/open.rs`.
//! - **a drift test**: its statistics beside `src/statistics/psi.rs`, its part of `src/drift/robust.rs`, its line in
//!   `src/cli/ml/drift/check.rs` and `src/ops/drift/metrics.rs`.
//! - **what a gate can demand**: its name in `src/lifecycle/criterion.rs`, its number in `src/ops/gates/mod.rs`, its line in
//!   the page of `src/cli/explain/topics.rs`.
//! - **a metric**: its family in `src/ops/drift/metrics.rs`, in the text form of `src/telemetry/exposition.rs`.

pub mod base;
pub mod error;

pub mod audit;
pub mod drift;
pub mod features;
pub mod forecast;
pub mod formats;
pub mod kinds;
pub mod lifecycle;
pub mod statistics;
pub mod ticket;
pub mod trees;

pub mod config;
pub mod registry;
pub mod source;
pub mod telemetry;

pub mod api;
pub mod ops;

pub mod runbook;

pub mod cli;
