//! One thread cuts input into pieces, several turn the pieces into results, the caller gets the results
//! in the order of the pieces.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::error::{Error, ErrorKind, Result};

/// Gives a piece on; false once no one wants more.
pub(super) type Give<'g, T> = dyn FnMut(T) -> bool + 'g;

/// Runs `produce` on one thread and `convert` on `workers` threads, and calls `consume` here, in the
/// order of the pieces. A bounded number of pieces is under way at any time.
///
/// The threads are not scoped: when `consume` fails, a producer that waits for standard input must not
/// hold the error back. They end by themselves with their channels.
///
/// Errors: `consume`'s; [`ErrorKind::Internal`] when a thread panicked.
pub(super) fn in_order<T, U>(
    workers: usize,
    produce: impl FnOnce(&mut Give<'_, T>) + Send + 'static,
    convert: impl Fn(T) -> U + Send + Sync + 'static,
    mut consume: impl FnMut(U) -> Result<()>,
) -> Result<()>
where
    T: Send + 'static,
    U: Send + 'static,
{
    let workers = workers.max(1);
    let (work, jobs) = sync_channel::<(T, SyncSender<U>)>(workers);
    let (promise, promises) = sync_channel::<Receiver<U>>(2 * workers);
    let producer = thread::spawn(move || {
        produce(&mut |piece| {
            let (answer, result) = sync_channel(1);
            promise.send(result).is_ok() && work.send((piece, answer)).is_ok()
        });
    });
    let jobs = Arc::new(Mutex::new(jobs));
    let convert = Arc::new(convert);
    for _ in 0..workers {
        let (jobs, convert) = (Arc::clone(&jobs), Arc::clone(&convert));
        thread::spawn(move || {
            while let Some((piece, answer)) = next_job(&jobs) {
                // No one waits for the answer any more once the caller has failed.
                let _ = answer.send(convert(piece));
            }
        });
    }
    for result in promises {
        consume(result.recv().map_err(|_| worker_panicked())?)?;
    }
    producer.join().map_err(|_| worker_panicked())
}

fn next_job<J>(jobs: &Mutex<Receiver<J>>) -> Option<J> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn worker_panicked() -> Error {
    Error::new(ErrorKind::Internal, "a thread that reads tickets stopped without a result")
        .hint("this is a bug: set `RUST_BACKTRACE=1`, run the command again and report what it prints")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_pieces() {
        let mut seen = Vec::new();
        let produce = |give: &mut Give<'_, u64>| assert!((0..500).all(give));
        let convert = |piece: u64| {
            thread::sleep(std::time::Duration::from_micros(piece * 37 % 200));
            piece * 2
        };
        in_order(4, produce, convert, |result| {
            seen.push(result);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, (0..500).map(|piece| piece * 2).collect::<Vec<_>>());
    }

    #[test]
    fn a_failing_consumer_does_not_wait_for_an_endless_producer() {
        let produce = |give: &mut Give<'_, u64>| while give(1) {};
        let error = in_order(2, produce, |piece| piece, |_| Err(Error::new(ErrorKind::BadInput, "enough"))).unwrap_err();
        assert_eq!(error.message(), "enough");
    }

    #[test]
    fn a_panic_in_a_thread_is_an_error_and_not_an_early_end() {
        let produce = |give: &mut Give<'_, u64>| {
            let _ = (0..10).all(give);
        };
        let convert = |piece: u64| if piece == 7 { panic!("on purpose") } else { piece };
        assert_eq!(in_order(1, produce, convert, |_| Ok(())).unwrap_err().kind(), ErrorKind::Internal);
        let broken = |_: &mut Give<'_, u64>| panic!("on purpose");
        assert_eq!(in_order(1, broken, |piece| piece, |_| Ok(())).unwrap_err().kind(), ErrorKind::Internal);
    }
}
