//! Proof that somebody agreed to a change.

use serde::{Deserialize, Serialize};

/// How the agreement was given; kept in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// The model's name was typed at the prompt.
    Typed,
    /// `--confirm` repeated what the command named.
    ConfirmFlag,
    /// A yes at the prompt, or `--yes`.
    Yes,
    /// A plan file was applied.
    PlanFile,
    /// `--promote-if-better`, given before training.
    PromoteIfBetter,
}

impl Approval {
    /// The change that was agreed to in this way.
    pub fn given<T>(self, subject: T) -> Approved<T> {
        Approved::new(subject, self)
    }
}

/// A change that may be applied. What changes Production takes this and nothing else, so there is no way
/// around the question. Only an [`Approval`] makes one, so how it was agreed to is always known:
///
/// ```compile_fail
/// use hivectl::lifecycle::{Approval, Approved};
/// let forged = Approved::new("a plan", Approval::Yes);
/// ```
///
/// ```
/// use hivectl::lifecycle::Approval;
/// assert_eq!(Approval::Yes.given("a plan").approval(), Approval::Yes);
/// ```
#[derive(Clone, Debug)]
pub struct Approved<T> {
    subject: T,
    approval: Approval,
}

impl<T> Approved<T> {
    pub(in crate::lifecycle) fn new(subject: T, approval: Approval) -> Self {
        Approved { subject, approval }
    }

    /// What was agreed to.
    pub fn subject(&self) -> &T {
        &self.subject
    }

    /// How.
    pub fn approval(&self) -> Approval {
        self.approval
    }
}
