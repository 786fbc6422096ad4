//! A registry that can only be read: what it offers, and how what it lacks is told.

use hivectl::error::{ErrorKind, Result};
use hivectl::lifecycle::{ModelSummary, ModelVersion, RunRecord};
use hivectl::registry::{ModelStore, Registry};

/// A folder of printed reports, say: it lists nothing and changes nothing.
struct Shelf;

impl ModelStore for Shelf {
    fn location(&self) -> String {
        "the shelf".to_owned()
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn list(&self) -> Result<Vec<ModelSummary>> {
        Ok(Vec::new())
    }

    fn versions(&self, _: &str) -> Result<Vec<ModelVersion>> {
        Ok(Vec::new())
    }

    fn version(&self, _: &str, _: u32) -> Result<Option<ModelVersion>> {
        Ok(None)
    }

    fn file_paths(&self, _: &ModelVersion) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn read_artifact(&self, version: &ModelVersion, _: &str) -> Result<Vec<u8>> {
        Err(version.without_files())
    }

    fn check_files(&self, _: &ModelVersion) -> Result<()> {
        Ok(())
    }

    fn run_of(&self, _: &ModelVersion) -> Result<Option<RunRecord>> {
        Ok(None)
    }
}

#[test]
fn a_registry_that_can_only_be_read_says_what_it_lacks() {
    let registry = Registry::read_only(Shelf);
    assert!(registry.store().all_versions().expect("read").is_empty());
    let lacking = [
        registry.registration().err(),
        registry.promotion().err(),
        registry.annotations().err(),
        registry.audit_log().err(),
        registry.drift_store().err(),
        registry.leases().err(),
    ];
    for error in lacking {
        let error = error.expect("refused");
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.to_string().starts_with("the registry the shelf has no "), "{error}");
    }
}
