//! The embedded registry, from outside: what is registered is there, whole, for hivectl and for MLflow.

mod changing;
mod dying;
mod faults;
mod jobs;
mod machine;
mod mlflow;
mod racing;
mod storing;
mod support;
mod transferring;
