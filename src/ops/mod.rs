//! One file per operator's job: joins knowledge and doors, returns a typed report; prints nothing.

mod progress;

pub use progress::Progress;
