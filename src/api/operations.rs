//! What can be asked for, and who does it.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Result;

/// What can be asked for: plain data whose type says what is answered. The implementation beside each request says what
/// is done for it, and with which errors.
pub trait Request: Serialize + DeserializeOwned {
    /// The answer.
    type Report: Serialize + DeserializeOwned;

    /// The name of the job, such as `ml.models.list`: no two requests have the same.
    const NAME: &'static str;

    /// Whether a record of the job is kept, also when it fails: of trainings and checks that may change something.
    fn is_recorded(&self) -> bool {
        false
    }

    /// The exit code that a recorded job ends with when this is its report.
    fn exit_code(_report: &Self::Report) -> u8 {
        0
    }
}

/// Who does the jobs of requests `R`: [`crate::ops::Workspace`], and whoever passes them on to one. What a job changes it
/// asks about first ([`super::Interaction`]).
///
/// ```
/// use hivectl::api::models::{ListModelsRequest, ModelList};
/// use hivectl::api::{Operations, Request};
///
/// struct Empty;
///
/// impl Operations<ListModelsRequest> for Empty {
///     fn run(&self, _: &ListModelsRequest) -> hivectl::error::Result<ModelList> {
///         Ok(ModelList { items: Vec::new(), registry: "nowhere".into() })
///     }
/// }
///
/// fn answer<R: Request>(operations: &impl Operations<R>, request: &str) -> serde_json::Value {
///     let request = serde_json::from_str(request).expect("a request");
///     serde_json::to_value(operations.run(&request).expect("a report")).expect("JSON")
/// }
///
/// assert_eq!(answer::<ListModelsRequest>(&Empty, "{}")["registry"], "nowhere");
/// ```
pub trait Operations<R: Request> {
    /// Does the job.
    ///
    /// Errors: those of the request.
    fn run(&self, request: &R) -> Result<R::Report>;
}

/// A request whose job tells what it comes to while it runs.
pub trait StreamingRequest: Request {
    /// What is told.
    type Event: Serialize + DeserializeOwned;
}

/// Who does the jobs of streaming requests `R`.
pub trait StreamingOperations<R: StreamingRequest> {
    /// Does the job, and tells `listener` what it comes to meanwhile.
    ///
    /// Errors: those of the request and of the listener.
    fn stream(&self, request: &R, listener: &mut dyn Listener<R::Event>) -> Result<R::Report>;
}

/// Who listens to a job while it runs. `()` listens to nothing and never asks for the end.
pub trait Listener<E> {
    /// Everything is agreed and the work begins; from here on a wish to end lets the work under way finish.
    ///
    /// Errors: those of beginning to listen for that wish.
    fn begin(&mut self) -> Result<()> {
        Ok(())
    }

    /// Is told what the job has come to.
    ///
    /// Errors: those of passing it on, which end the job.
    fn tell(&mut self, event: &E) -> Result<()>;

    /// Waits so long; `true` when somebody asked for the end meanwhile.
    fn pause(&mut self, length: Duration) -> bool {
        std::thread::sleep(length);
        false
    }
}

impl<E> Listener<E> for () {
    fn tell(&mut self, _: &E) -> Result<()> {
        Ok(())
    }
}
