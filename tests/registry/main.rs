//! The embedded registry, from outside: what is registered is there, whole, for hivectl and for MLflow.

mod changing;
mod dying;
mod faults;
mod jobs;
mod mlflow;
mod storing;
mod support;
mod transferring;
