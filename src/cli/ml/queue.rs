//! `hivectl ml forecast --now`: how long tickets wait at this moment.

use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::api::forecast::{QueueMethod, QueueReport, QueueRequest};
use crate::api::{Tickets, Timestamp};
use crate::base::number::counted;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view::number::{count, milliseconds};
use crate::cli::view::table::{Column, table};
use crate::cli::view::time::minute;
use crate::cli::view::{Screen, View};
use crate::error::Result;

/// The queue at this moment instead of the load that comes.
#[derive(Debug, Args)]
#[command(next_help_heading = "What waits now")]
pub struct QueueArgs {
    /// Tell how many tickets wait for each worker, how long that takes by its newest completions, and how loaded it is; --window is how far back these count [default: 60m]
    #[arg(long, conflicts_with_all = ["values", "model", "series", "by", "time_zone", "bucket", "horizon", "exclude", "above", "origins", "out", "plot", "svg"])]
    pub now: bool,

    /// This worker alone
    #[arg(long, value_name = "ID", requires = "now")]
    pub worker: Option<String>,

    /// Field that names the worker of a ticket [default: allocated_worker_id]
    #[arg(long, value_name = "FIELD", requires = "now")]
    pub worker_field: Option<String>,

    /// Tickets at which a worker is wholly loaded [default: 10]
    #[arg(long, value_name = "COUNT", requires = "now", value_parser = clap::value_parser!(u32).range(1..))]
    pub capacity: Option<u32>,

    /// Which rule: usual, or reference for the numbers of the running system, which counts pending tickets alone, takes the oldest of the newest fifty completions, and says a second without one and a minute at most [default: usual]
    #[arg(long, value_name = "METHOD", requires = "now", value_parser = methods())]
    pub method: Option<QueueMethod>,
}

fn methods() -> impl TypedValueParser<Value = QueueMethod> {
    PossibleValuesParser::new(QueueMethod::ALL.map(|method| method.to_string())).try_map(|word| word.parse::<QueueMethod>())
}

impl QueueArgs {
    /// Tells the queues of these tickets: at `as_of`, by what ended in the `window` before.
    ///
    /// Errors: those of the job.
    pub fn run(&self, session: &Session<'_>, tickets: Tickets, window: Option<Duration>, as_of: Option<Timestamp>) -> Result<Report> {
        Report::of(session.run(&QueueRequest {
            tickets,
            worker: self.worker.clone(),
            worker_field: self.worker_field.clone(),
            as_of,
            window,
            capacity: self.capacity,
            method: self.method.unwrap_or_default(),
        })?)
    }
}

impl View for QueueReport {
    fn text(&self, screen: &Screen) -> String {
        let known = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), milliseconds);
        let columns = [
            Column::Text("WORKER"),
            Column::Number("QUEUE"),
            Column::Number("RUNNING"),
            Column::Number("TAKES"),
            Column::Number("FROM"),
            Column::Number("WAIT"),
            Column::Number("LOAD"),
        ];
        let rows = self.items.iter().map(|item| {
            vec![
                item.worker.clone(),
                count(item.queue_depth),
                count(item.running),
                known(item.mean_duration_ms),
                count(item.completions),
                known(item.queue_ms),
                format!("{:.0} %", 100.0 * item.load),
            ]
        });
        let depth: u64 = self.items.iter().map(|item| item.queue_depth).sum();
        format!(
            "moment   {} UTC; completions since {}\nqueue    {} with {}; one is wholly loaded with {}\ninput    {}\n\n{}",
            minute(self.as_of.0),
            minute(self.since.0),
            counted(depth, "ticket"),
            counted(self.items.len(), "worker"),
            self.capacity,
            self.input_summary,
            table(&columns, &rows.collect::<Vec<_>>(), screen)
        )
    }

    fn warnings(&self) -> Vec<String> {
        self.notes.clone()
    }
}
