//! The wish that a loop should end: SIGTERM of a scheduler, SIGINT of a keyboard.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::error::Result;

/// How soon a wish is seen.
const STEP: Duration = Duration::from_millis(50);

/// Whether somebody asked this process to end. Work under way is finished; a second signal ends at once.
pub struct ShutdownSignal {
    code: Arc<AtomicUsize>,
}

impl ShutdownSignal {
    /// Listens from here on.
    ///
    /// Errors: [`crate::error::ErrorKind::Internal`] when the operating system does not let it.
    pub fn listen() -> Result<ShutdownSignal> {
        let ending = ShutdownSignal { code: Arc::new(AtomicUsize::new(0)) };
        ending.register()?;
        super::interrupt::stand_aside();
        Ok(ending)
    }

    #[cfg(unix)]
    fn register(&self) -> Result<()> {
        use crate::error::{Error, ErrorKind};
        use signal_hook::consts::{SIGINT, SIGTERM};
        use signal_hook::flag;
        let failed = |error: std::io::Error| Error::new(ErrorKind::Internal, "cannot listen for signals").because(error);
        let asked = Arc::new(AtomicBool::new(false));
        for (signal, code) in [(SIGTERM, 143i32), (SIGINT, 130)] {
            // In this order the first signal only asks, and the second finds that it was asked before.
            flag::register_conditional_shutdown(signal, code, Arc::clone(&asked)).map_err(failed)?;
            flag::register(signal, Arc::clone(&asked)).map_err(failed)?;
            flag::register_usize(signal, Arc::clone(&self.code), code as usize).map_err(failed)?;
        }
        Ok(())
    }

    #[cfg(not(unix))]
    fn register(&self) -> Result<()> {
        Ok(())
    }

    /// Waits, at most until somebody asks to end.
    pub fn pause(&self, length: Duration) {
        let until = Instant::now() + length;
        while self.exit_code().is_none() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(STEP));
        }
    }

    /// The exit code of the signal that asked; `None` while nobody has.
    pub fn exit_code(&self) -> Option<u8> {
        u8::try_from(self.code.load(Ordering::Relaxed)).ok().filter(|&code| code != 0)
    }
}
