//! The changes that are disturbed, and what must have happened before each.

use super::support::{Home, Ran, leases};

/// One change of a model of its own.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    pub name: &'static str,
    before: &'static [&'static str],
    words: &'static str,
}

const IMPORT: &str = "ml models import model.tar --name M";
const IMPORT_SECOND: &str = "ml models import second.tar --name M";
const PROMOTE_FIRST: &str = "ml models promote M@1 --force-gate --reason trial --confirm M@1";
const PROMOTE_SECOND: &str = "ml models promote M@2 --force-gate --reason trial --confirm M@2";

pub const CHANGES: [Change; 8] = [
    Change { name: "import", before: &[], words: IMPORT },
    Change { name: "import-second", before: &[IMPORT], words: IMPORT_SECOND },
    Change { name: "promote", before: &[IMPORT], words: PROMOTE_FIRST },
    Change { name: "promote-over", before: &[IMPORT, IMPORT_SECOND, PROMOTE_FIRST], words: PROMOTE_SECOND },
    Change {
        name: "rollback",
        before: &[IMPORT, IMPORT_SECOND, PROMOTE_FIRST, PROMOTE_SECOND],
        words: "ml models rollback M --to 1 --reason trial --confirm M@1",
    },
    Change { name: "alias", before: &[IMPORT], words: "ml models alias set M blue 1" },
    Change { name: "tag", before: &[IMPORT], words: "ml models tag M@1 colour=red" },
    Change { name: "archive", before: &[IMPORT, PROMOTE_FIRST], words: "ml models archive M@1 --force --reason trial --confirm M@1" },
];

impl Change {
    /// The words of the change, for this model.
    pub fn arguments(self, model: &str) -> Vec<String> {
        words_of(self.words, model)
    }

    /// Does what comes before, on the server itself.
    pub fn prepare(self, home: &Home, url: &str, model: &str) {
        for line in self.before {
            run(home, url, &words_of(line, model)).expect(0);
        }
    }
}

/// The words of a line that calls the model M.
fn words_of(line: &str, model: &str) -> Vec<String> {
    words(&line.replace('M', model))
}

/// The words of a line.
pub fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

/// Runs words against the server at `url`.
#[must_use]
pub fn run(home: &Home, url: &str, words: &[String]) -> Ran {
    home.run_against(url, &words.iter().map(String::as_str).collect::<Vec<&str>>())
}

/// A lease that a dead process left stands in nobody's way, and the next change takes it down.
pub fn check_leases(home: &Home, url: &str, model: &str, what: &str) {
    if !leases(url, model).is_empty() {
        let next = format!("ml models alias set {model} next 1");
        run(home, url, &words(&next)).expect(0);
    }
    assert_eq!(leases(url, model), Vec::<String>::new(), "{what}: a lease was left");
}
