//! The threads that learners, scorers and explainers work on.

use crate::error::{Error, ErrorKind, Result};

/// Threads of our own, so that a caller's number holds whatever else runs in the process.
pub(crate) fn thread_pool(threads: usize) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .build()
        .map_err(|source| Error::new(ErrorKind::Internal, format!("cannot start {threads} threads")).because(source))
}
