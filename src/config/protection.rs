//! Which contexts are protected, and which changes of a file would take that from them.
//!
//! A context is protected as soon as one file protects it: a file that lies in a folder cannot take back what the
//! user's own file says. Within one file the context's word stands before that of the top level.

use super::file::ConfigFile;
use super::setting::Setting;

/// The setting that protects the context (`None` for no context in force); `None` where no file protects it.
pub fn protecting(files: &[&ConfigFile], context: Option<&str>) -> Option<Setting> {
    files.iter().find_map(|file| file.protecting(context)).cloned()
}

/// The contexts (`None` for no context in force) that are protected by `before`, and by `after` are not, or have another
/// registry.
pub fn weakened(before: &[&ConfigFile], after: &[&ConfigFile]) -> Vec<Option<String>> {
    let named = before.iter().chain(after).flat_map(|file| file.contexts.keys().cloned().map(Some));
    let mut contexts: Vec<Option<String>> = named.chain([None]).collect();
    contexts.sort_by(|left, right| right.is_some().cmp(&left.is_some()).then(left.cmp(right)));
    contexts.dedup();
    contexts.retain(|context| {
        let context = context.as_deref();
        protecting(before, context).is_some()
            && (protecting(after, context).is_none() || registry(before, context) != registry(after, context))
    });
    contexts
}

fn registry(files: &[&ConfigFile], context: Option<&str>) -> Option<String> {
    let inside = context.and_then(|name| files.iter().find_map(|file| file.context_setting(name, "registry")));
    inside.or_else(|| files.iter().find_map(|file| file.setting("registry"))).map(|setting| setting.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn file(text: &str) -> ConfigFile {
        ConfigFile::parse(Path::new("c.yaml"), text).expect("a good file")
    }

    #[test]
    fn one_file_that_protects_is_enough() {
        let user = file("contexts:\n  team:\n    protected: yes\n");
        let project = file("protected: no\ncontexts:\n  team:\n    protected: no\n");
        assert!(protecting(&[&project, &user], Some("team")).is_some() && protecting(&[&user, &project], Some("team")).is_some());
        assert!(protecting(&[&project], Some("team")).is_none() && protecting(&[&project, &user], None).is_none());
        // Within one file the context knows better.
        let both = file("protected: yes\ncontexts:\n  open:\n    protected: no\n");
        assert!(protecting(&[&both], None).is_some() && protecting(&[&both], Some("open")).is_none());
    }

    #[test]
    fn what_takes_protection_or_moves_the_registry_weakens() {
        let before = file("protected: yes\nregistry: a.db\ncontexts:\n  open:\n    protected: no\n  own:\n    registry: b.db\n");
        let weakened = |after: &str| weakened(&[&before], &[&file(after)]);
        let same = "protected: yes\nregistry: a.db\ncontexts:\n  open:\n    protected: no\n  own:\n    registry: b.db\nwindow_days: 3\n";
        assert_eq!(weakened(same), Vec::<Option<String>>::new());
        assert_eq!(weakened(&same.replace("a.db", "c.db")), [None]);
        assert_eq!(weakened(&same.replace("b.db", "c.db")), [Some("own".to_owned())]);
        assert_eq!(weakened(&same.replace("protected: yes", "protected: no")), [Some("own".to_owned()), None]);
    }
}
