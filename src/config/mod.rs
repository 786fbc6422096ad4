//! Settings, each with the place it came from.
//!
//! [`settings`] is the table of what can be set and how the layers override each other,
//! [`file`] reads the YAML files, [`place`] turns a registry word into a place.

mod file;
mod place;
mod settings;

pub use file::ConfigFile;
pub use place::{RegistryPlace, config_path, data_directory};
pub use settings::{Flags, Origin, SETTINGS, Setting, SettingSpec, Settings};
