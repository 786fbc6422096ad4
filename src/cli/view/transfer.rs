//! Versions that came from outside or went there, as people read them.

use super::number::{bytes, counted, plural};
use super::{Screen, View};
use crate::api::transfer::{CopiedVersion, ExportReport, ImportReport, PullReport, PushReport, RegisterReport, RegisteredVersion};
use crate::base::{Hint, commands};
use crate::cli::sanitize;
use crate::lifecycle::Stage;

impl RegisteredVersion {
    fn label(&self) -> String {
        label(&self.model, self.version)
    }

    fn sentence(&self) -> String {
        if let Some(place) = &self.place {
            let place = sanitize::line(&place.to_string());
            return match self.version {
                None => format!("{place}\nwould register a new version of {}, in no stage\nnothing was changed\n", self.model),
                Some(_) => format!("{place}\nthese bytes are {} already; nothing was changed\n", self.label()),
            };
        }
        match self.changed {
            true => format!("registered as {}, in no stage\n", self.label()),
            false => format!("these bytes are {} already; nothing was changed\n", self.label()),
        }
    }
}

/// The name of a version; of one that is not there yet, the model's.
fn label(model: &str, version: Option<u32>) -> String {
    version.map_or_else(|| model.to_owned(), |version| format!("{model}@{version}"))
}

impl View for RegisterReport {
    fn text(&self, _: &Screen) -> String {
        self.0.sentence()
    }

    fn names(&self) -> Vec<String> {
        self.0.version.map(|_| self.0.label()).into_iter().collect()
    }

    fn next(&self) -> Vec<Hint> {
        self.0.version.map(|_| commands::models_show(self.0.label()).into()).into_iter().collect()
    }
}

impl View for ImportReport {
    fn text(&self, _: &Screen) -> String {
        self.registered.sentence()
    }

    fn names(&self) -> Vec<String> {
        self.registered.version.map(|_| self.registered.label()).into_iter().collect()
    }

    fn next(&self) -> Vec<Hint> {
        if self.registered.version.is_none() {
            return Vec::new();
        }
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
        label(&self.model, self.version)
    }

    fn sentence(&self) -> String {
        if self.dry_run && self.version.is_none() {
            let CopiedVersion { from, registry, files, model, .. } = self;
            let files = counted(*files, "file");
            return format!(
                "would copy {}@{} as a new version of {model} into {registry}, {files}\nnothing was changed\n",
                from.model, from.version
            );
        }
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
        if self.version.is_none() {
            return vec!["the same command without --dry-run".into()];
        }
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
                self.0.version.map(|_| self.0.label()).into_iter().collect()
            }

            fn next(&self) -> Vec<Hint> {
                self.0.next()
            }
        })*
    };
}

reads_as_a_copy!(PushReport, PullReport);
