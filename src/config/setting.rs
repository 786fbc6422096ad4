//! One value and the place it came from.

use std::time::Duration;

use super::command::LONGEST;
use super::origin::Origin;
use super::secret::SecretSource;
use super::table::SettingSpec;
use crate::base::redact::masked_url;
use crate::error::Result;

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The value as it stands there; of a secret the place it is kept at ([`Setting::revealed`] reads it).
    pub value: String,
    pub origin: Origin,
    pub secret: Option<SecretSource>,
}

impl Setting {
    /// A value that is no secret.
    pub fn plain(value: impl Into<String>, origin: Origin) -> Setting {
        Setting { value: value.into(), origin, secret: None }
    }

    /// The same setting with its secret in the place of where that is kept; a command of a secret runs for
    /// [`LONGEST`] at most.
    ///
    /// Errors: those of [`SecretSource::reveal`].
    pub fn revealed(&self) -> Result<Setting> {
        self.revealed_within(LONGEST)
    }

    /// The same with less time for a command.
    ///
    /// Errors: those of [`SecretSource::reveal`].
    pub fn revealed_within(&self, longest: Duration) -> Result<Setting> {
        let Some(secret) = &self.secret else { return Ok(self.clone()) };
        let value = secret.reveal(longest).map_err(|error| error.because(format!("set by {}", self.origin)))?;
        Ok(Setting { value, origin: self.origin.clone(), secret: None })
    }

    /// Refuses a value that has not the form of `spec`; a secret is not looked at.
    ///
    /// # Errors
    /// Those of [`SettingSpec::check`].
    pub fn check(&self, spec: &SettingSpec) -> Result<()> {
        if self.secret.is_some() { Ok(()) } else { spec.check(&self.value, &self.origin) }
    }

    /// The value as it may be shown: the password of a URL is masked, and so is all that may belong to one.
    pub fn shown(&self) -> String {
        masked_url(&self.value)
    }
}
