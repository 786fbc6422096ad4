//! Variables of the environment that are no settings: whose they are, and which nobody knows.

use super::table::SETTINGS;
use crate::base::similarity::nearest;

/// Variables of MLflow's own clients, and what hivectl makes of them.
pub const OF_MLFLOW: &[(&str, &str)] = &[
    ("MLFLOW_TRACKING_USERNAME", "is the user at an MLflow server that asks for one"),
    ("MLFLOW_TRACKING_PASSWORD", "is the password at an MLflow server that asks for one"),
    ("MLFLOW_TRACKING_TOKEN", "is the token at an MLflow server that asks for one"),
    ("MLFLOW_TRACKING_INSECURE_TLS", "lets an MLflow server have any certificate"),
    ("MLFLOW_TRACKING_SERVER_CERT_PATH", "is the file with the authority of an MLflow server's certificate"),
    ("MLFLOW_TRACKING_CLIENT_CERT_PATH", "is the file with the certificate that an MLflow server asks for"),
];

/// Variables of the guides that only the running services read, and what they are about.
pub const OF_SERVICES: &[(&str, &str)] = &[
    ("ML_PREDICTIONS_ENABLED", "switches predictions in the service"),
    ("ML_TRAINING_INTERVAL_HOURS", "is how often the service trains; hivectl trains when a schedule of yours runs it"),
    ("ML_FEATURE_CACHE_TTL_SECONDS", "is how long the service keeps features"),
    ("CLICKHOUSE_HOST", "is where the service reads history; hivectl reads tickets from files and from a MongoDB"),
    ("AB_TESTING_ENABLED", "switches A/B tests of the service"),
    ("AB_TEST_DEFAULT_TRAFFIC", "is the share of traffic that an A/B test of the service gets"),
    ("KAFKA_BOOTSTRAP_SERVERS", "is where the service collects data"),
    ("DATA_COLLECTION_DAYS", "is how far back the service collects data"),
    ("MIN_CONFIDENCE", "is the least confidence of data that the service collects"),
];

/// hivectl's own that are no settings.
const OWN: [&str; 4] = ["HIVECTL_ACCESSIBLE", "HIVECTL_CONFIG", "HIVECTL_CONTEXT", "HIVECTL_HOME"];

/// What begins the variables with the credentials of a second registry.
const OF_OTHER_REGISTRY: &str = "HIVECTL_OTHER_TRACKING_";

/// What begins the names of variables that nobody sets for another program.
const PREFIXES: [&str; 2] = ["HIVECTL_", "ML_"];

/// A variable that looks like one of hivectl's or of the running system's, and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVariable {
    pub name: String,
    /// The one that may be meant.
    pub near: Option<&'static str>,
}

/// Of these names of variables those that look like one that is read, and are none, in their order.
pub fn unknown(names: impl Iterator<Item = String>) -> Vec<UnknownVariable> {
    let known: Vec<&'static str> = SETTINGS
        .iter()
        .flat_map(|spec| spec.environment.iter().copied())
        .chain(OF_SERVICES.iter().map(|(name, _)| *name))
        .chain(OWN)
        .collect();
    let is_ours =
        |name: &String| PREFIXES.iter().any(|prefix| name.to_ascii_uppercase().starts_with(prefix)) && !name.starts_with(OF_OTHER_REGISTRY);
    let is_known = |name: &String| known.iter().any(|known| known == name);
    names
        .filter(|name| is_ours(name) && !is_known(name))
        .map(|name| UnknownVariable { near: nearest(&name, known.iter().copied()), name })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_misspelt_gets_the_one_that_is_meant() {
        let names = ["HIVECTL_REGISTRI", "ML_TRAINING_WINDOW_DAY", "ml_colour", "PATH", "HIVECTL_OTHER_TRACKING_TOKEN", "HIVECTL_HOME"];
        let found = unknown(names.iter().map(|&name| name.to_owned()));
        let found: Vec<(&str, Option<&str>)> = found.iter().map(|unknown| (unknown.name.as_str(), unknown.near)).collect();
        let wanted = [
            ("HIVECTL_REGISTRI", Some("HIVECTL_REGISTRY")),
            ("ML_TRAINING_WINDOW_DAY", Some("ML_TRAINING_WINDOW_DAYS")),
            ("ml_colour", None),
        ];
        assert_eq!(found, wanted);
        let all = SETTINGS.iter().flat_map(|spec| spec.environment).chain(OF_SERVICES.iter().map(|(name, _)| name));
        assert_eq!(unknown(all.map(|&name| name.to_owned())), []);
    }
}
