//! Model files in and out: the ensemble in the forms that other tools read and write.

pub mod yaml;
