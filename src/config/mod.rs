//! Settings, each with the place it came from.
//!
//! [`table`] is what can be set, [`settings`] how the layers override each other, [`file`] reads the YAML files and
//! [`edit`] changes one line of them, [`secret`] knows where a secret is kept, [`place`] turns a registry word into a
//! place.

pub mod edit;
mod file;
mod place;
mod secret;
mod settings;
mod table;

pub use file::ConfigFile;
pub use place::{LayerFile, RegistryPlace, cache_directory, config_path, data_directory, files};
pub use secret::SecretSource;
pub use settings::{Flags, Origin, Setting, Settings};
pub use table::{Form, SETTINGS, SettingSpec};
