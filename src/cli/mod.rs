//! The face: the words typed, the tables shown.
