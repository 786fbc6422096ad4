//! The embedded registry, from outside: what is registered is there, whole, for hivectl and for MLflow.

mod mlflow;
mod storing;
mod support;
