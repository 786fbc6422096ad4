//! Which columns a model sees, in which order, in which units, and what stands for a missing value.

use serde::{Deserialize, Serialize};

use super::feature::{Feature, Statistic};
use super::{extended, reference};
use crate::base::commands;
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::ticket::{FieldPath, FieldPaths};

/// Raised whenever the arithmetic behind a feature's name changes, so that the fingerprint does too.
const ARITHMETIC: u32 = 1;

/// One column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "WrittenFeature", into = "WrittenFeature")]
pub struct FeatureSpec {
    /// How it is computed; its name and unit follow from it.
    pub feature: Feature,
    /// What stands where nothing is known; `None` leaves NaN, which the trees treat as missing.
    pub missing: Option<f32>,
}

#[derive(Clone, Serialize, Deserialize)]
struct WrittenFeature {
    name: String,
    unit: String,
    missing: Option<f32>,
}

impl FeatureSpec {
    /// A column; `missing` replaces NaN.
    pub fn new(feature: Feature, missing: Option<f32>) -> Self {
        FeatureSpec { feature, missing }
    }

    /// The column's name.
    pub fn name(&self) -> String {
        self.feature.name()
    }
}

impl From<FeatureSpec> for WrittenFeature {
    fn from(spec: FeatureSpec) -> Self {
        WrittenFeature { name: spec.name(), unit: spec.feature.unit().to_owned(), missing: spec.missing }
    }
}

impl TryFrom<WrittenFeature> for FeatureSpec {
    type Error = String;

    fn try_from(written: WrittenFeature) -> Result<Self, String> {
        let feature =
            Feature::by_name(&written.name).ok_or_else(|| format!("'{}' is no feature this version of hivectl computes", written.name))?;
        Ok(FeatureSpec { feature, missing: written.missing })
    }
}

/// Where a ticket keeps the fields that only `extended` reads: dotted paths, as configured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// Who asked for the ticket.
    pub requester: Option<String>,
    /// What the ticket runs.
    pub executable: Option<String>,
    /// How large it is, a number.
    pub size: Option<String>,
}

/// The columns a model sees. Travels with the model; [`FeatureSchema::require`] refuses another.
///
/// ```
/// use hivectl::features::FeatureSchema;
///
/// let schema = FeatureSchema::reference();
/// assert_eq!((schema.len(), schema.names()[0].as_str()), (15, "risk_weight"));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeatureSchema {
    /// `reference` or `extended`, with `+outcome` when columns are known only after completion; `none` without a column.
    pub name: String,
    /// The columns in order.
    pub features: Vec<FeatureSpec>,
    /// Empty for `reference`.
    pub configuration: Configuration,
}

impl FeatureSchema {
    /// The schemas that can be asked for by name, with one line of help each.
    pub const NAMES: [(&str, &str); 2] =
        [("reference", "The 15 features of the running system"), ("extended", "Also recency, calendar and ratios")];

    /// The fifteen features of the running system, in its order, with its defaults.
    pub fn reference() -> Self {
        FeatureSchema { name: "reference".into(), features: reference::features(), configuration: Configuration::default() }
    }

    /// No column: of a model that sees no features of a ticket.
    pub fn none() -> Self {
        FeatureSchema { name: "none".into(), features: Vec::new(), configuration: Configuration::default() }
    }

    /// Recency, calendar and ratios; columns of fields that are not configured are left out.
    pub fn extended(configuration: Configuration) -> Self {
        FeatureSchema { name: "extended".into(), features: extended::features(&configuration), configuration }
    }

    /// The schema called `name` (`reference` or `extended`).
    ///
    /// Errors: [`ErrorKind::Usage`] for any other name.
    pub fn named(name: &str, configuration: Configuration) -> Result<Self> {
        match name {
            "reference" => Ok(FeatureSchema::reference()),
            "extended" => Ok(FeatureSchema::extended(configuration)),
            _ => Err(Error::new(ErrorKind::Usage, format!("'{name}' is no feature schema"))
                .hint("the schemas are reference and extended: --features reference")),
        }
    }

    /// Adds the two columns that are known only when a ticket has ended.
    #[must_use]
    pub fn with_outcome(mut self) -> Self {
        self.name.push_str("+outcome");
        self.features.push(FeatureSpec::new(Feature::Statistic(Statistic::DurationDeviation), Some(0.0)));
        self.features.push(FeatureSpec::new(Feature::Statistic(Statistic::RetryPattern), Some(0.0)));
        self
    }

    /// Number of columns.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether there is no column.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// The columns' names in order.
    pub fn names(&self) -> Vec<String> {
        self.features.iter().map(FeatureSpec::name).collect()
    }

    /// Whether some column exists only once the ticket has ended.
    pub fn needs_outcome(&self) -> bool {
        self.features.iter().any(|spec| spec.feature.known_after_completion())
    }

    /// The column of that name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.features.iter().position(|spec| spec.name() == name)
    }

    /// SHA-256, lower-case hexadecimal, over the schema's JSON form and the version of the arithmetic.
    /// Equal fingerprints: the same numbers in the same columns.
    pub fn fingerprint(&self) -> String {
        // Strings, floats and options of them: serialising cannot fail.
        let canonical = serde_json::to_vec(&(ARITHMETIC, self)).unwrap_or_default();
        sha256_hex(&canonical)
    }

    /// Checks that `found` is the schema this one (the model's) asks for.
    ///
    /// Errors: [`ErrorKind::SchemaMismatch`] that names what differs.
    pub fn require(&self, found: &FeatureSchema) -> Result<()> {
        if self.fingerprint() == found.fingerprint() {
            return Ok(());
        }
        let (wanted, given) = (self.names(), found.names());
        let absent: Vec<_> = wanted.iter().filter(|name| !given.contains(name)).cloned().collect();
        let surplus: Vec<_> = given.iter().filter(|name| !wanted.contains(name)).cloned().collect();
        let message = format!("the model was trained on the features '{}', not on '{}'", self.name, found.name);
        let mut error = Error::new(ErrorKind::SchemaMismatch, message);
        if !absent.is_empty() {
            error = error.because(format!("missing here: {}", absent.join(", ")));
        }
        if !surplus.is_empty() {
            error = error.because(format!("not known to the model: {}", surplus.join(", ")));
        }
        if let Some(place) =
            wanted.iter().zip(&given).position(|(left, right)| left != right).filter(|_| absent.is_empty() && surplus.is_empty())
        {
            error = error.because(format!("column {} is {} for the model, {} here", place + 1, wanted[place], given[place]));
        }
        for (ours, theirs) in self
            .features
            .iter()
            .zip(&found.features)
            .filter(|(ours, theirs)| ours.feature == theirs.feature && ours.missing != theirs.missing)
        {
            error = error.because(format!(
                "a missing {} is {} for the model, {} here",
                ours.name(),
                filler(ours.missing),
                filler(theirs.missing)
            ));
        }
        if self.configuration != found.configuration {
            error =
                error.because(format!("fields for the model: {}; here: {}", self.configuration.describe(), found.configuration.describe()));
        }
        let advice = "leave --features out to use the model's own schema, or train again with the schema you want: ";
        Err(error.hint((advice, commands::train_with_features("SCHEMA"))))
    }
}

fn filler(missing: Option<f32>) -> String {
    missing.map_or_else(|| "left missing".to_owned(), |value| value.to_string())
}

impl FieldPaths {
    /// The fields as a table of features records them.
    pub fn configuration(&self) -> Configuration {
        let name = |path: &Option<FieldPath>| path.as_ref().map(|path| path.as_str().to_owned());
        Configuration { requester: name(&self.requester), executable: name(&self.executable), size: name(&self.size) }
    }
}

impl Configuration {
    fn describe(&self) -> String {
        let field = |name: &str, path: &Option<String>| format!("{name} {}", path.as_deref().unwrap_or("none"));
        [field("requester", &self.requester), field("executable", &self.executable), field("size", &self.size)].join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configured() -> Configuration {
        Configuration { requester: Some("metadata.requested_by".into()), executable: Some("parameters.executable".into()), size: None }
    }

    #[test]
    fn every_feature_is_found_by_its_name() {
        for schema in
            [FeatureSchema::reference().with_outcome(), FeatureSchema::extended(Configuration { size: Some("s".into()), ..configured() })]
        {
            for spec in &schema.features {
                assert_eq!(Feature::by_name(&spec.name()), Some(spec.feature));
            }
            let mut names = schema.names();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), schema.len());
        }
    }

    #[test]
    fn a_schema_survives_the_journey_through_json() {
        let schema = FeatureSchema::extended(configured());
        let text = serde_json::to_string(&schema).unwrap();
        let back: FeatureSchema = serde_json::from_str(&text).unwrap();
        assert_eq!(back, schema);
        assert_eq!(back.fingerprint(), schema.fingerprint());
        assert!(
            serde_json::from_str::<FeatureSchema>(&text.replace("day_of_week", "moon_phase"))
                .unwrap_err()
                .to_string()
                .contains("moon_phase")
        );
    }

    #[test]
    fn another_schema_is_refused_by_name_order_filler_and_field() {
        let model = FeatureSchema::reference();
        model.require(&FeatureSchema::reference()).unwrap();
        let message = |found: &FeatureSchema| {
            let error = model.require(found).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::SchemaMismatch);
            error.to_string()
        };
        assert!(message(&FeatureSchema::extended(configured())).contains("day_of_week"));
        let mut swapped = FeatureSchema::reference();
        swapped.features.swap(3, 4);
        assert!(message(&swapped).contains("column 4 is qos_durability_score for the model, capabilities_count here"));
        let mut filled = FeatureSchema::reference();
        filled.features[7].missing = None;
        assert!(message(&filled).contains("a missing estimated_duration_ms is 60000 for the model, left missing here"));
        let other = FeatureSchema { configuration: configured(), ..FeatureSchema::reference() };
        assert!(message(&other).contains("requester metadata.requested_by"));
    }

    #[test]
    fn the_reference_fingerprint_is_fixed() {
        assert_eq!(FeatureSchema::reference().len(), 15);
        assert_eq!(FeatureSchema::reference().fingerprint().len(), 64);
        assert_ne!(FeatureSchema::reference().fingerprint(), FeatureSchema::reference().with_outcome().fingerprint());
    }
}
