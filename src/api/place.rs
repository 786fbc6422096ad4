//! The registry that a job is about, as people and plans name it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which registry, by which setting, in which context. Displays as the line that stands before every plan and question:
/// `registry sqlite:///registry.db (default; context prod [protected])`.
///
/// ```
/// use hivectl::api::Place;
/// let place = Place { registry: "http://h:5000".into(), origin: "--registry".into(), ..Place::default() };
/// assert_eq!(place.to_string(), "registry http://h:5000 (--registry)");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// A path or a URL, without secrets.
    pub registry: String,
    /// The flag, variable or line of a file that names it.
    pub origin: String,
    /// The workspace of a server, where one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// The context in force.
    pub context: Option<String>,
    /// Whether changes want a typed confirmation here.
    pub protected: bool,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = match &self.workspace {
            Some(workspace) => format!("{}; workspace {workspace}", self.origin),
            None => self.origin.clone(),
        };
        let registry = &self.registry;
        let protection = if self.protected { " [protected]" } else { "" };
        match &self.context {
            Some(context) => write!(f, "registry {registry} ({origin}; context {context}{protection})"),
            None => write!(f, "registry {registry} ({origin}){protection}"),
        }
    }
}
