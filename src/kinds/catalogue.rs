//! The catalogue: which kinds there are, and which of them a word or a name means.

use std::fmt;
use std::sync::Arc;

use super::anomaly::Anomaly;
use super::kind::{AnswerForm, DataNeed, ModelKind, USUAL_VARIANT};
use super::load::{LOAD_60M, LOAD_360M, LOAD_1440M};
use super::regression_kind::{DURATION, SCHEDULING};
use super::specialist::Specialist;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::Policy;

/// The model that a command means which was given none.
pub const USUAL_MODEL: &str = "duration";

/// A kind of the catalogue, cheap to share. Two are equal when their words are.
///
/// ```
/// let usual = hivectl::kinds::Catalogue::all().usual();
/// assert_eq!(usual.first().map(|kind| kind.word()), Some("duration"));
/// ```
#[derive(Clone)]
pub struct Kind(Arc<dyn ModelKind>);

impl std::ops::Deref for Kind {
    type Target = dyn ModelKind;

    fn deref(&self) -> &Self::Target {
        self.0.as_ref()
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Kind) -> bool {
        self.word() == other.word()
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// The kinds that there are, in the order they are trained.
///
/// ```
/// use hivectl::kinds::Catalogue;
/// let kinds = Catalogue::all();
/// assert_eq!(kinds.name_behind("duration-predictor"), Some("ticket-duration-predictor"));
/// assert_eq!(kinds.of_version("ticket-anomaly-detector", None).map(|kind| kind.word()), Some("anomaly"));
/// assert!(kinds.get("tea leaves").is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Catalogue {
    kinds: Arc<[Kind]>,
}

impl Catalogue {
    /// Every kind that hivectl knows.
    pub fn all() -> Catalogue {
        Catalogue::of(vec![
            Arc::new(DURATION),
            Arc::new(SCHEDULING),
            Arc::new(Anomaly),
            Arc::new(LOAD_60M),
            Arc::new(LOAD_360M),
            Arc::new(LOAD_1440M),
            Arc::new(Specialist),
        ])
    }

    /// These kinds, in this order; each word and each registered name once.
    pub fn of(kinds: Vec<Arc<dyn ModelKind>>) -> Catalogue {
        Catalogue { kinds: kinds.into_iter().map(Kind).collect() }
    }

    /// The same with one more.
    #[must_use]
    pub fn with(&self, kind: Arc<dyn ModelKind>) -> Catalogue {
        Catalogue { kinds: self.kinds.iter().cloned().chain([Kind(kind)]).collect() }
    }

    /// Every kind.
    pub fn iter(&self) -> impl Iterator<Item = &Kind> {
        self.kinds.iter()
    }

    /// Those that can be trained here.
    pub fn trained(&self) -> impl Iterator<Item = &Kind> {
        self.kinds.iter().filter(|kind| kind.needs() != DataNeed::NotTrained)
    }

    /// Those that are trained when none is named.
    pub fn usual(&self) -> Vec<Kind> {
        self.trained().filter(|kind| kind.is_usual()).cloned().collect()
    }

    /// The kind behind a word.
    pub fn get(&self, word: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.word() == word)
    }

    /// The kinds that can be trained behind a word: that of a kind, or of a family; none for another word.
    ///
    /// ```
    /// let kinds = hivectl::kinds::Catalogue::all();
    /// assert_eq!((kinds.trained_as("load").len(), kinds.trained_as("duration").len(), kinds.trained_as("tea").len()), (3, 1, 0));
    /// ```
    pub fn trained_as(&self, word: &str) -> Vec<Kind> {
        self.trained().filter(|kind| kind.word() == word || kind.family() == Some(word)).cloned().collect()
    }

    /// The words that `--model` of a training offers: of kinds, and of families in the place of theirs.
    pub fn trained_words(&self) -> Vec<&'static str> {
        let mut words: Vec<&'static str> = self.trained().map(|kind| kind.family().unwrap_or(kind.word())).collect();
        words.dedup();
        words
    }

    /// The kind that a card names.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] for one that this catalogue does not hold.
    pub fn require(&self, word: &str) -> Result<&Kind> {
        self.get(word).ok_or_else(|| {
            Error::new(ErrorKind::BadModelFile, format!("'{word}' is no kind of model that this hivectl knows"))
                .hint("use the version of hivectl that trained the model")
        })
    }

    /// The first kind that answers in this form: what a model of another tool is taken for.
    pub fn answering(&self, form: AnswerForm) -> Option<&Kind> {
        self.trained().find(|kind| kind.answer_form() == form)
    }

    /// Every word that stands for a registered name, with that name.
    pub fn words(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.trained().flat_map(|kind| {
            let name = kind.registered_name(USUAL_VARIANT);
            [kind.word()].into_iter().chain(kind.aliases().iter().copied()).map(move |word| (word, name))
        })
    }

    /// The registered name behind a kind or a guide's word, where no model of that exact name exists.
    pub fn name_behind(&self, word: &str) -> Option<&'static str> {
        self.words().find(|(known, _)| *known == word).map(|(_, name)| name)
    }

    /// The shortest word that means a model of this registered name: the kind's, else the name itself.
    pub fn word_for<'a>(&self, name: &'a str) -> &'a str
    where
        'static: 'a,
    {
        self.words().find(|(_, registered)| *registered == name).map_or(name, |(word, _)| word)
    }

    /// What a version without a card answers: by the tag of its maker, else by its exact name. A name that is only like
    /// one of these tells nothing.
    pub fn of_version(&self, name: &str, tag: Option<&str>) -> Option<&Kind> {
        let tagged = tag.and_then(|word| self.get(word));
        tagged.or_else(|| self.kinds.iter().find(|kind| kind.claims(name)))
    }

    /// The usual gates of all kinds.
    pub fn policy(&self) -> Policy {
        Policy::new(self.kinds.iter().map(|kind| (kind.word().to_owned(), kind.default_gate())))
    }

    /// The words of the kinds that can be trained, as a hint offers them.
    pub fn model_flags(&self) -> String {
        let flags: Vec<String> = self.trained_words().into_iter().map(|word| format!("`--model {word}`")).collect();
        match flags.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, before)) => format!("{} or {last}", before.join(", ")),
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_name_says_the_kind_and_a_part_of_one_says_nothing() {
        let kinds = Catalogue::all();
        let told = |name: &str, tag: Option<&str>| kinds.of_version(name, tag).map(|kind| kind.word());
        for name in ["ticket-duration-predictor", "duration-predictor"] {
            assert_eq!(told(name, None), Some("duration"), "{name}");
        }
        for name in ["ticket-anomaly-detector", "ticket-anomaly-detector-outcome", "anomaly-detector-isolation_forest"] {
            assert_eq!(told(name, None), Some("anomaly"), "{name}");
        }
        assert_eq!(told("scheduling-predictor-lightgbm", None), Some("scheduling"));
        assert_eq!(told("neural-hive-specialists_business", None), Some("specialist"));
        assert_eq!(told("duration-x", Some("anomaly")), Some("anomaly"), "the maker's tag counts first");
        for name in ["scheduling-duration-x", "my-duration", "team-anomaly-v2", "price-evaluator", "ticket-duration-predictor-2"] {
            assert_eq!(told(name, None), None, "{name}");
        }
        assert_eq!(told("tea", Some("leaves")), None);
    }

    #[test]
    fn the_usual_gates_are_those_of_the_guides_and_a_file_replaces_a_kind() {
        let usual = Catalogue::all().policy();
        let told = |policy: &Policy, kind: &str| -> Vec<String> {
            let need = |required| if required { "" } else { " desired" };
            policy.criteria(kind).iter().map(|one| format!("{} {}{}", one.metric, one.demand, need(one.required))).collect()
        };
        assert_eq!(told(&usual, "duration"), ["mae_pct < 15", "r2 > 0.6 desired", "judged_tickets >= 30"]);
        let anomaly = ["precision > 0.75", "recall > 0.5 desired", "f1 > 0.65 desired", "judged_tickets >= 30", "positives >= 10"];
        assert_eq!(told(&usual, "anomaly"), anomaly);
        assert_eq!(told(&usual, "specialist").len(), 7);
        let policy = usual.clone().with_file("p.yaml", "duration:\n  mae_pct: \"< 12\"\n  r2: \"> 0.7 desired\"\n").expect("good");
        assert_eq!(told(&policy, "duration"), ["mae_pct < 12", "r2 > 0.7 desired", "judged_tickets >= 30"]);
        let on_one_line = usual.clone().with_file("p.yaml", "duration: {mae_pct: \"< 12\", r2: \"> 0.7 desired\"}\n").expect("good");
        assert_eq!(told(&on_one_line, "duration"), told(&policy, "duration"));
        assert_eq!(policy.criteria("anomaly"), usual.criteria("anomaly"));
        let policy = usual.clone().with_file("p.yaml", "specialist:\n  accuracy: \">= 0.9\"\n").expect("good");
        assert_eq!(told(&policy, "specialist"), ["accuracy >= 0.9", "judged_tickets >= 30"]);
        let refusal = |text: &str| usual.clone().with_file("p.yaml", text).expect_err("refused").to_string();
        assert!(refusal("duration:\n  mae_pct: 12\n").starts_with("p.yaml:2: '12' is no criterion"));
        assert!(refusal("durations:\n  mae_pct: \"< 1\"\n").starts_with("p.yaml:1:"));
        assert!(refusal("duration:\n  r2: \"> 0.6 desired\"\n").contains("no required criterion"));
    }
}
