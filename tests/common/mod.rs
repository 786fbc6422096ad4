//! What the tests of several rooms share.

pub mod folders;
pub mod gzip;
pub mod home;
pub mod python;
pub mod servers;
pub mod shared;
pub mod silent;
pub mod terminal;
pub mod walk;
