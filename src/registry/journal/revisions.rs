//! The MLflow schemas that hivectl was tried on. Which files it changes is not for the revision to say: see [`super::shape`].

/// The Alembic revision that hivectl writes: the oldest with logged models, so that most MLflows open it.
pub const WRITTEN: &str = "6953534de441";

/// The newest revision that was tried, of MLflow 3.18.
pub const NEWEST: &str = "f4a9b2c7d1e6";
