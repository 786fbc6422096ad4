//! Settings, each with the place it came from.
//!
//! [`table`] is what can be set, [`settings`] how the layers override each other, [`file`] reads the YAML files and
//! [`edit`] changes one line of them, [`protection`] tells which contexts they protect, [`secret`] knows where a secret is
//! kept, [`command`] runs what tells one, [`place`] turns a registry word into a place; [`variables`] are those of the environment
//! that set nothing.

mod command;
pub mod edit;
mod file;
mod origin;
mod permissions;
mod place;
mod protection;
mod secret;
mod setting;
mod settings;
mod table;
mod variables;

pub use command::SecretCommands;
pub use file::ConfigFile;
pub use origin::Origin;
pub use permissions::refuse_writable_by_others;
pub use place::{LayerFile, cache_directory, config_path, data_directory, files};
pub use protection::{protecting, weakened};
pub use secret::SecretSource;
pub use setting::Setting;
pub use settings::{Flags, Settings, layers};
pub use table::{SETTINGS, SettingSpec, ValueType, parse_bool};
pub use variables::{OF_MLFLOW, OF_SERVICES, UnknownVariable, unknown};
