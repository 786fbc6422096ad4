//! A SQLite database in MLflow's schema, with the artifacts beside it.
