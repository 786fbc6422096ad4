//! Servers that hivectl only has to reach, and tickets in files.

use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use super::runner::Family;
use super::{CheckOutcome, look};
use crate::api::CheckState as State;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::source::TicketFiles;
use crate::ticket::FieldPaths;

/// A server that does not take a connection within this is away.
const CONNECT: Duration = Duration::from_secs(3);

/// The check of Prometheus; `url` is `None` where none is configured, an error where it cannot be told.
pub fn prometheus(url: Result<Option<String>>) -> Family {
    let work = move |tell: &dyn Fn(super::Finding)| {
        tell(look("prometheus_reachable", || match url? {
            None => Ok(CheckOutcome::skipped("no Prometheus is configured").remedy((
                "`",
                commands::config_set("prometheus", "http://HOST:9090"),
                "`",
            ))),
            Some(url) => connect(&url).map(|address| CheckOutcome::pass(format!("{address} takes connections"))),
        }));
    };
    Family { ids: &["prometheus_reachable"], late: State::Fail, work: Box::new(work) }
}

/// The check of tickets in files; `None` where no tickets are configured, an error where they cannot be told.
pub fn ticket_files(places: Result<Option<Vec<String>>>) -> Family {
    let work = move |tell: &dyn Fn(super::Finding)| {
        tell(look("tickets", || match places? {
            None => Ok(CheckOutcome::skipped("no tickets are configured").remedy((
                "`",
                commands::config_set("tickets", "PATH"),
                "`, or MONGODB_URI",
            ))),
            Some(places) => {
                let paths = FieldPaths::new(None, None, None)?;
                TicketFiles::open(&places, paths).map(|_| CheckOutcome::pass(format!("{} can be opened", places.join(" "))))
            }
        }));
    };
    Family { ids: &["tickets"], late: State::Warn, work: Box::new(work) }
}

/// The check of tickets in files where they are on a server.
pub fn tickets_on_a_server() -> Family {
    let evidence = "the tickets are on a server";
    let work = move |tell: &dyn Fn(super::Finding)| {
        tell(look("tickets", || Ok(CheckOutcome::skipped(evidence).remedy(("`", commands::doctor_mongodb(), "`")))));
    };
    Family { ids: &["tickets"], late: State::Warn, work: Box::new(work) }
}

/// Opens a connection to the host and port of `url` and closes it.
///
/// Errors: [`ErrorKind::Unreachable`]; [`ErrorKind::BadConfiguration`] for a text that names no host.
pub fn connect(url: &str) -> Result<String> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let usual_port = if scheme.ends_with("https") { 443 } else { 80 };
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port { host.to_owned() } else { format!("{host}:{usual_port}") };
    if host.is_empty() {
        return Err(Error::new(ErrorKind::BadConfiguration, format!("'{rest}' names no host")));
    }
    let away = |cause: &dyn std::fmt::Display| {
        Error::new(ErrorKind::Unreachable, format!("cannot reach {address}"))
            .because(cause)
            .hint(format!("check host, port and network: `curl -v {scheme}://{address}/`"))
    };
    let addresses = address.to_socket_addrs().map_err(|error| away(&error))?;
    let mut last = None;
    for socket in addresses {
        match TcpStream::connect_timeout(&socket, CONNECT) {
            Ok(_) => return Ok(address),
            Err(error) => last = Some(error),
        }
    }
    Err(last.map_or_else(|| away(&"the name has no address"), |error| away(&error)))
}
