//! Where numbers about models go, and come from: [`exposition`] writes them as Prometheus reads them, [`push`] hands them to a
//! Pushgateway, for a Prometheus to fetch; a [`Prometheus`] is asked for what services measure of themselves.
//!
//! Metrics go into a file and to a Pushgateway, one group a model, replaced as a whole, so that nothing stale stays. A
//! push that fails turns exit 0 of a check into 12; a watch says so and goes on.

mod address;
pub mod exposition;
mod push;
mod query;

pub use push::PushGateway;
pub use query::Prometheus;
