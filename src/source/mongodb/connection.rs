//! One connection to a server, used synchronously: the asynchronous driver stays in here.

use std::future::Future;
use std::time::{Duration, Instant};

use mongodb::bson::{Document, RawDocumentBuf};
use mongodb::error::{Error as DriverError, ErrorKind as DriverKind, WriteFailure};
use mongodb::options::ClientOptions;
use mongodb::{Client, Collection, Database};
use tokio::runtime::{Builder, Runtime};

use super::reason;
use super::target::MongoTarget;
use crate::error::{Error, ErrorKind, Result};

/// Server codes: not authorised, authentication failed, time limit passed (of the query, and of a stage), cursor gone.
const UNAUTHORIZED: i32 = 13;
const AUTHENTICATION_FAILED: i32 = 18;
const TIME_LIMIT: [i32; 2] = [50, 262];
const CURSOR_NOT_FOUND: i32 = 43;

/// Longest time for one attempt to connect, where nothing else is said.
const LONGEST_HANDSHAKE: Duration = Duration::from_secs(10);

/// A client and the runtime it lives in. The driver watches its servers only while something is asked of it.
pub(super) struct Connection {
    pub(super) target: MongoTarget,
    runtime: Runtime,
    client: Client,
}

impl Connection {
    /// Prepares a client; nothing is sent before the first request.
    ///
    /// Errors: [`ErrorKind::BadConfiguration`] for a URI that is none; [`ErrorKind::Internal`] without a runtime.
    pub(super) fn open(target: &MongoTarget) -> Result<Connection> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| Error::new(ErrorKind::Internal, "cannot prepare the connection to MongoDB").because(source))?;
        let client = runtime.block_on(async {
            let mut options = ClientOptions::parse(target.uri()).await?;
            options.app_name = options.app_name.or(Some("hivectl".into()));
            let wait = target.connect_timeout(options.server_selection_timeout);
            options.server_selection_timeout = Some(wait);
            options.connect_timeout = Some(options.connect_timeout.unwrap_or(LONGEST_HANDSHAKE).min(wait));
            Client::with_options(options)
        });
        let client = client.map_err(|source| match &*source.kind {
            DriverKind::InvalidTlsConfig { .. } => failure(target, "read the certificates for the server", &source),
            _ => wrong_uri(target, &source),
        })?;
        Ok(Connection { target: target.clone(), runtime, client })
    }

    /// The database of the target.
    pub(super) fn database(&self) -> Database {
        self.client.database(&self.target.database)
    }

    /// The tickets, as raw documents.
    pub(super) fn tickets(&self) -> Collection<RawDocumentBuf> {
        self.database().collection(&self.target.collection)
    }

    /// Runs something to its end, whatever time it takes.
    pub(super) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// One request; `doing` completes "cannot …".
    ///
    /// Errors: see [`failure`]; also when no answer comes within the target's time.
    pub(super) fn ask<T>(&self, doing: &str, request: impl Future<Output = Result<T, DriverError>>) -> Result<T> {
        self.block_on(async { answer(&self.target, doing, request).await })
    }

    /// Runs a command on the target's database; again after a broken connection, for as long as the target
    /// allows, so it must be one that may be carried out twice.
    pub(super) fn command(&self, doing: &str, command: &Document) -> Result<Document> {
        let database = self.database();
        let mut backoff = RetryBackoff::new(&self.target);
        loop {
            match self.ask(doing, async { database.run_command(command.clone()).await }) {
                Err(error) if backoff.waits_after(&error) => {}
                answered => return answered,
            }
        }
    }
}

/// The first pause before something is tried again; each next one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// How long a server that went away is waited for.
pub(super) struct RetryBackoff<'t> {
    target: &'t MongoTarget,
    until: Instant,
    pause: Duration,
}

impl<'t> RetryBackoff<'t> {
    /// As long as the target allows, from now on.
    pub(super) fn new(target: &'t MongoTarget) -> Self {
        RetryBackoff { target, until: Instant::now() + target.answer_timeout(), pause: FIRST_PAUSE }
    }

    /// Whether what failed is worth another try; has waited for it then.
    pub(super) fn waits_after(&mut self, error: &Error) -> bool {
        // For a server that was never there the driver has waited already.
        let never_there = !self.target.contact.was_made() && self.target.contact.is_away().is_some();
        if error.kind() != ErrorKind::Unreachable || never_there || Instant::now() + self.pause >= self.until {
            return false;
        }
        std::thread::sleep(self.pause);
        self.pause *= 2;
        true
    }
}

/// What an answer may take beyond the target's time: within that time the driver looks for a server, and its "there is
/// none" must come before our "no answer".
const AFTER_SELECTION: Duration = Duration::from_millis(250);

/// Waits for one answer, hardly longer than the target allows; not at all where the server was away a moment ago.
pub(super) async fn answer<T>(target: &MongoTarget, doing: &str, request: impl Future<Output = Result<T, DriverError>>) -> Result<T> {
    if let Some(reason) = target.contact.is_away() {
        return Err(unreachable_server(target, doing, &reason));
    }
    match tokio::time::timeout(target.answer_timeout() + AFTER_SELECTION, request).await {
        Ok(Ok(value)) => {
            target.contact.made();
            Ok(value)
        }
        Ok(Err(source)) => {
            match &*source.kind {
                DriverKind::ServerSelection { .. } => target.contact.failed(&target.without_secrets(&reason::of(&source.kind))),
                DriverKind::Io(_) => {}
                _ => target.contact.made(),
            }
            Err(failure(target, doing, &source))
        }
        Err(_) => Err(query_timeout(target, doing)),
    }
}

fn wrong_uri(target: &MongoTarget, source: &DriverError) -> Error {
    if let Some(host) = target.host_behind_names() {
        // A resolver of its own costs two dozen crates; whoever is on call has one.
        return Error::new(ErrorKind::BadConfiguration, format!("hivectl does not ask the name service which hosts {target} stands for"))
            .because("mongodb+srv:// is short for a list of hosts and options that only the name service knows")
            .hint(format!("look the hosts up: `dig +short SRV _mongodb._tcp.{host}`, and the options: `dig +short TXT {host}`"))
            .hint("then write them out in MONGODB_URI: mongodb://USER:PASSWORD@HOST1:27017,HOST2:27017/?tls=true&OPTIONS");
    }
    Error::new(ErrorKind::BadConfiguration, format!("the URI of {target} cannot be used"))
        .because(target.without_secrets(&reason::of(&source.kind)))
        .hint("write it as mongodb://USER:PASSWORD@HOST:PORT/?OPTIONS, with : / ? # @ in the password written as %3A %2F %3F %23 %40")
}

fn query_timeout(target: &MongoTarget, doing: &str) -> Error {
    let (database, collection) = (&target.database, &target.collection);
    Error::new(ErrorKind::Unreachable, format!("MongoDB query timeout: cannot {doing} of {target}"))
        .because(format!("no answer within {} s", target.answer_timeout().as_secs_f64()))
        .hint(format!("make the index that the query needs: `mongosh {database} --eval 'db.getCollection(\"{collection}\").createIndex({{created_at: 1}})'`"))
        .hint("or wait longer: `--timeout 5m`")
}

/// What a failure of the driver means to the operator.
pub(super) fn failure(target: &MongoTarget, doing: &str, source: &DriverError) -> Error {
    let text = target.without_secrets(&reason::of(&source.kind));
    match code(source) {
        Some(AUTHENTICATION_FAILED) => return refused_login(target, doing, &text),
        Some(UNAUTHORIZED) => {
            return Error::new(ErrorKind::NotAllowed, format!("cannot {doing} of {target}: the server does not allow it"))
                .because(text)
                .hint(format!("let an administrator grant the account the role: `{}`", target.grant_command()));
        }
        Some(code) if TIME_LIMIT.contains(&code) => return query_timeout(target, doing).because(text),
        Some(CURSOR_NOT_FOUND) => {
            return Error::new(ErrorKind::Unreachable, format!("cannot {doing} of {target}: the server has lost the query"))
                .because(text)
                .because("it was restarted, or no batch was fetched for ten minutes")
                .hint("run the command again");
        }
        _ => {}
    }
    match &*source.kind {
        DriverKind::Authentication { .. } => refused_login(target, doing, &text),
        DriverKind::InvalidTlsConfig { .. } => {
            Error::new(ErrorKind::BadConfiguration, format!("the TLS settings of {target} cannot be used"))
                .because(text)
                .hint("check the files that tlsCAFile and tlsCertificateKeyFile of the URI name")
        }
        DriverKind::Command(_)
        | DriverKind::Write(_)
        | DriverKind::InsertMany(_)
        | DriverKind::BulkWrite(_)
        | DriverKind::InvalidResponse { .. } => {
            Error::new(ErrorKind::ServerFailed, format!("cannot {doing} of {target}: the server answered with an error"))
                .because(text)
                .hint("the server's log says more; run the command again once it is mended")
        }
        _ => unreachable_server(target, doing, &text),
    }
}

fn refused_login(target: &MongoTarget, doing: &str, text: &str) -> Error {
    Error::new(ErrorKind::NotAllowed, format!("cannot {doing} of {target}: the server refuses the account or its password"))
        .because(text)
        .hint("check user, password and authSource of the URI in MONGODB_URI: `mongosh \"$MONGODB_URI\" --eval 'db.runCommand({connectionStatus: 1})'`")
}

fn unreachable_server(target: &MongoTarget, doing: &str, text: &str) -> Error {
    let error = Error::new(ErrorKind::Unreachable, format!("cannot {doing} of {target}: the server cannot be reached")).because(text);
    let lower = text.to_ascii_lowercase();
    if ["certificate", "tls", "handshake", "unknownissuer"].iter().any(|word| lower.contains(word)) {
        return error.hint(
            "for a certificate of your own authority add `tlsCAFile=FILE` to the URI; for a server without TLS leave `tls=true` out",
        );
    }
    error
        .hint("check host, port and network: `mongosh \"$MONGODB_URI\" --eval 'db.hello()'`")
        .hint("a server that wants TLS closes connections without it: add `tls=true` to the URI")
}

/// The server's own number for what went wrong.
fn code(source: &DriverError) -> Option<i32> {
    match &*source.kind {
        DriverKind::Command(error) => Some(error.code),
        DriverKind::Write(WriteFailure::WriteError(error)) => Some(error.code),
        DriverKind::Write(WriteFailure::WriteConcernError(error)) => Some(error.code),
        _ => None,
    }
}
