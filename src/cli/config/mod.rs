//! `hivectl config`: settings and contexts, shown, checked and changed.

mod change;
mod contexts;
mod list;

use crate::cli::verb_spec::group;

group! {
    /// Show the settings and where each comes from
    pub enum ConfigCommand {
        List(list::ListSettingsArgs),
        Get(list::GetArgs),
        Set(change::SetArgs),
        Unset(change::UnsetArgs),
        Path(list::PathArgs),
        Contexts(contexts::ContextsArgs),
        Use(contexts::UseArgs),
        Check(contexts::CheckSettingsArgs),
    }
}
