//! Versions that came from outside or went there, as people read them.

use super::number::{bytes, counted, plural};
use super::{Screen, View};
use crate::api::transfer::{CopiedVersion, ExportReport, ImportReport, PullReport, PushReport, RegisterReport, RegisteredVersion};
use crate::base::{Hint, commands};
use crate::lifecycle::Stage;

impl RegisteredVersion {
    fn label(&self) -> String {
        format!("{}@{}", self.model, self.version)
    }

    fn sentence(&self) -> String {
        match self.changed {
            true => format!("registered as {}, in no stage\n", self.label()),
            false => format!("these bytes are {} already; nothing was changed\n", self.label()),
        }
    }
}

impl View for RegisterReport {
    fn text(&self, _: &Screen) -> String {
        self.0.sentence()
    }

    fn names(&self) -> Vec<String> {
        vec![self.0.label()]
    }

    fn next(&self) -> Vec<Hint> {
        vec![commands::models_show(self.0.label()).into()]
    }
}

impl View for ImportReport {
    fn text(&self, _: &Screen) -> String {
        self.registered.sentence()
    }

    fn names(&self) -> Vec<String> {
        vec![self.registered.label()]
    }

    fn next(&self) -> Vec<Hint> {
        let label = self.registered.label();
        let promote = Hint::from(("to put it into Production: ", commands::models_promote(&label)));
        let served = (self.exported_stage == Stage::Production).then_some(promote);
        [commands::models_show(&label).into()].into_iter().chain(served).collect()
    }
}

impl View for ExportReport {
    fn text(&self, _: &Screen) -> String {
        let line = |item: &crate::api::transfer::ExportedVersion| {
            format!("wrote {}@{} to {} ({})\n", item.model, item.version, item.file.display(), bytes(item.size_bytes))
        };
        self.items.iter().map(line).collect()
    }
}

impl CopiedVersion {
    fn label(&self) -> String {
        format!("{}@{}", self.model, self.version)
    }

    fn sentence(&self) -> String {
        let what = if self.changed { "is" } else { "was already" };
        let CopiedVersion { from, registry, files, .. } = self;
        format!(
            "{}@{} {what} {} in {registry}; {} compared with {} digests\n",
            from.model,
            from.version,
            self.label(),
            counted(*files, "file"),
            plural(*files, "its", "their")
        )
    }

    fn next(&self) -> Vec<Hint> {
        let (label, registry) = (self.label(), &self.registry);
        let promote = Hint::from(("to put it into Production there: ", commands::models_promote_in(registry, &label)));
        let served = (self.from.stage == Stage::Production).then_some(promote);
        [commands::models_show_in(registry, &label).into()].into_iter().chain(served).collect()
    }
}

/// The two ways of a copy read alike.
macro_rules! reads_as_a_copy {
    ($($report:ty),*) => {
        $(impl View for $report {
            fn text(&self, _: &Screen) -> String {
                self.0.sentence()
            }

            fn names(&self) -> Vec<String> {
                vec![self.0.label()]
            }

            fn next(&self) -> Vec<Hint> {
                self.0.next()
            }
        })*
    };
}

reads_as_a_copy!(PushReport, PullReport);
