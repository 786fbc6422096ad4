//! Ended tickets as columns: what drift looks at.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::features::encoded::{UNKNOWN, WordCode};
use crate::features::{FeatureSchema, HistoryPolicy, Timeline, TrainingMask, build};
use crate::statistics::random::SplitMix64;

/// Order in which tickets are drawn where there are too many.
const SEED: u64 = 42;

/// Ended tickets, one row each, columns of equal length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Observations {
    /// When the outcome became known, milliseconds since the epoch.
    pub completed_at: Vec<i64>,
    pub duration_ms: Vec<f64>,
    /// NaN where the ticket states none; JSON has null.
    #[serde(with = "optional")]
    pub estimated_duration_ms: Vec<f64>,
    pub requester: CategoricalColumn,
    pub task_type: CategoricalColumn,
    pub risk_band: CategoricalColumn,
    /// The reference's features, in its order; those of a ticket's history stand at their defaults, as the
    /// running system computes them for drift.
    pub features: Vec<Vec<f32>>,
}

/// Words by row, each stored once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CategoricalColumn {
    pub names: Vec<String>,
    /// Place in `names` by row; [`UNKNOWN`] where the ticket names none.
    pub codes: Vec<WordCode>,
}

/// NaN does not survive JSON; an absent number is null there.
mod optional {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        let optional: Vec<Option<f64>> = values.iter().map(|&value| value.is_finite().then_some(value)).collect();
        optional.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        let optional = Vec::<Option<f64>>::deserialize(deserializer)?;
        Ok(optional.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())
    }
}

impl CategoricalColumn {
    fn of(names: &[impl AsRef<str>], codes: impl Iterator<Item = WordCode>) -> CategoricalColumn {
        let mut own = vec![UNKNOWN; names.len()];
        let mut words = CategoricalColumn::default();
        for code in codes {
            let Some((name, own)) = names.get(code as usize).zip(own.get_mut(code as usize)) else {
                words.codes.push(UNKNOWN);
                continue;
            };
            if *own == UNKNOWN {
                words.names.push(name.as_ref().to_owned());
                *own = (words.names.len() - 1) as WordCode;
            }
            words.codes.push(*own);
        }
        words
    }

    /// The same words with the codes of `known`; words that it has not follow after its own.
    pub fn recoded(&self, known: &CategoricalColumn) -> CategoricalColumn {
        let mut names = known.names.clone();
        let places: HashMap<&str, WordCode> =
            known.names.iter().enumerate().map(|(place, name)| (name.as_str(), place as WordCode)).collect();
        let codes: Vec<WordCode> = self
            .names
            .iter()
            .map(|name| {
                places.get(name.as_str()).copied().unwrap_or_else(|| {
                    names.push(name.clone());
                    (names.len() - 1) as WordCode
                })
            })
            .collect();
        CategoricalColumn { names, codes: self.codes.iter().map(|&code| codes.get(code as usize).copied().unwrap_or(UNKNOWN)).collect() }
    }

    /// The word behind a code; empty where there is none.
    pub fn name(&self, code: WordCode) -> &str {
        self.names.get(code as usize).map_or("", String::as_str)
    }

    /// Share of rows (0–1) without a word; 1 for no rows.
    pub fn unknown_share(&self) -> f64 {
        let unknown = self.codes.iter().filter(|&&code| code == UNKNOWN).count();
        if self.codes.is_empty() { 1.0 } else { unknown as f64 / self.codes.len() as f64 }
    }

    fn select(&self, rows: &[usize]) -> CategoricalColumn {
        CategoricalColumn::of(&self.names, rows.iter().map(|&row| self.codes[row]))
    }
}

/// The names of [`Observations::features`].
pub fn feature_names() -> Vec<String> {
    FeatureSchema::reference().names()
}

impl Observations {
    /// Takes these rows (ascending, labelled) of a timeline.
    ///
    /// Errors: [`crate::error::ErrorKind::Internal`] when the rows do not ascend.
    pub fn of(timeline: &Timeline, rows: &[u32]) -> Result<Observations> {
        let schema = Arc::new(FeatureSchema::reference());
        let without_history = HistoryPolicy { statistics: TrainingMask::Nothing, recency: TrainingMask::Nothing };
        let frame = build(&schema, timeline, rows, &without_history)?;
        let encoded = || rows.iter().map(|&row| &timeline.tickets()[row as usize]);
        let words = timeline.vocabulary();
        Ok(Observations {
            completed_at: encoded().map(|encoded| encoded.known_at).collect(),
            duration_ms: encoded().map(|encoded| encoded.duration_ms).collect(),
            estimated_duration_ms: encoded().map(|encoded| encoded.estimated_duration_ms).collect(),
            requester: CategoricalColumn::of(words.requesters.words(), encoded().map(|encoded| encoded.requester)),
            task_type: CategoricalColumn::of(words.task_types.words(), encoded().map(|encoded| encoded.task_type)),
            risk_band: CategoricalColumn::of(words.risk_bands.words(), encoded().map(|encoded| encoded.risk_band)),
            features: (0..schema.len()).map(|feature| frame.column(feature).to_vec()).collect(),
        })
    }

    /// Number of tickets.
    pub fn len(&self) -> usize {
        self.duration_ms.len()
    }

    /// Whether there is no ticket.
    pub fn is_empty(&self) -> bool {
        self.duration_ms.is_empty()
    }

    /// First and last completion, milliseconds since the epoch; `None` for no tickets.
    pub fn span(&self) -> Option<(i64, i64)> {
        Some((*self.completed_at.iter().min()?, *self.completed_at.iter().max()?))
    }

    /// These rows alone.
    pub fn select(&self, rows: &[usize]) -> Observations {
        Observations {
            completed_at: rows.iter().map(|&row| self.completed_at[row]).collect(),
            duration_ms: rows.iter().map(|&row| self.duration_ms[row]).collect(),
            estimated_duration_ms: rows.iter().map(|&row| self.estimated_duration_ms[row]).collect(),
            requester: self.requester.select(rows),
            task_type: self.task_type.select(rows),
            risk_band: self.risk_band.select(rows),
            features: self.features.iter().map(|column| rows.iter().map(|&row| column[row]).collect()).collect(),
        }
    }

    /// All tickets, or `most` of them: every one with the same chance, in the same order. What each burst is of the whole
    /// stays as it is, so that tests that count bursts lose next to nothing.
    pub fn thinned(&self, most: usize) -> Observations {
        let all = self.len();
        if all <= most {
            return self.clone();
        }
        let mut random = SplitMix64::new(SEED);
        let mut rows = Vec::with_capacity(most);
        for row in 0..all {
            // As many as are still wanted of as many as are left.
            if random.below(all - row) < most - rows.len() {
                rows.push(row);
            }
        }
        self.select(&rows)
    }

    /// The same tickets with the word codes of `known`, so that one code is one word on both sides.
    pub fn recoded(mut self, known: &Observations) -> Observations {
        self.requester = self.requester.recoded(&known.requester);
        self.task_type = self.task_type.recoded(&known.task_type);
        self.risk_band = self.risk_band.recoded(&known.risk_band);
        self
    }

    /// Whether all columns have one length and every code a word.
    pub fn is_whole(&self) -> bool {
        let rows = self.len();
        let words = [&self.requester, &self.task_type, &self.risk_band];
        self.completed_at.len() == rows
            && self.estimated_duration_ms.len() == rows
            && self.features.iter().all(|column| column.len() == rows)
            && words.iter().all(|words| {
                words.codes.len() == rows && words.codes.iter().all(|&code| code == UNKNOWN || (code as usize) < words.names.len())
            })
    }
}
