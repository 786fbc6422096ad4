//! Whether it is certain what serves, told before work begins that rests on it.

use crate::error::Result;
use crate::lifecycle::Serving;
use crate::ops::train::TrainingSettings;
use crate::ops::workspace::Workspace;
use crate::registry::ModelStore;

impl Workspace<'_> {
    /// What serves of a model; what is wrong with it is told at once and beside the result.
    pub(in crate::ops) fn told_serving(&self, registry: &dyn ModelStore, name: &str) -> Result<Serving> {
        let serving = registry.serving(name, &registry.versions(name)?)?;
        for fault in serving.faults() {
            let told = format!("{name}: {fault}");
            self.interaction().note(&format!("warning: {told}"));
            self.warn(told);
        }
        Ok(serving)
    }

    /// Tells of every model that is to be trained what is wrong with what serves of it.
    ///
    /// Errors: [`crate::error::ErrorKind::InvariantBroken`] where the one model that is trained could not be registered, or not
    /// be promoted as it is asked: nobody waits for a training that is refused at its end.
    pub(in crate::ops) fn check_serving(&self, registry: &dyn ModelStore, training: &TrainingSettings) -> Result<()> {
        for kind in &training.kinds {
            let name = training.name_of(kind);
            let serving = self.told_serving(registry, &name)?;
            let changes = training.promote_if_better || (!serving.several.is_empty() && !registry.is_shared());
            if changes && !training.dry_run && training.kinds.len() == 1 {
                serving.certain(&name)?;
            }
        }
        Ok(())
    }
}
