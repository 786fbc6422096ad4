//! Where numbers about models go: [`push`] hands them to a Pushgateway, for a Prometheus to fetch.

mod push;

pub use push::PushGateway;
