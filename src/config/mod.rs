//! Settings with their origin.
