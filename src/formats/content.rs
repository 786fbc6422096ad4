//! Whether what a pickle or a skops file holds predicts anything, also where hivectl does not read it.

use std::cell::Cell;

use super::object::{Global, Object, ObjectView};
use crate::error::{Error, ErrorKind, Result};

/// Deepest containers that are looked into.
const DEEPEST: usize = 4;

/// What an object is, as far as that can be told of any.
pub(super) enum Content {
    /// An object of this module and class; `last` is what a pipeline ends with.
    Object { module: String, class: String, last: Option<Box<Content>>, is_fitted: bool },
    /// A dictionary, list or tuple, with what is in it.
    Container(&'static str, Vec<Content>),
    /// What is no object of a class of its own, in words.
    Plain(&'static str),
}

/// Modules whose objects are data or parts of it.
pub(super) const DATA: [&str; 26] = [
    "numpy",
    "pandas",
    "scipy",
    "pyarrow",
    "polars",
    "builtins",
    "__builtin__",
    "collections",
    "datetime",
    "decimal",
    "fractions",
    "pathlib",
    "types",
    "enum",
    "uuid",
    "array",
    "random",
    "itertools",
    "functools",
    "operator",
    "re",
    "logging",
    "threading",
    "copyreg",
    "_codecs",
    "zoneinfo",
];

/// scikit-learn's modules whose objects prepare columns for a model.
const PREPARING: [&str; 8] = [
    "sklearn.preprocessing",
    "sklearn.impute",
    "sklearn.decomposition",
    "sklearn.feature_extraction",
    "sklearn.random_projection",
    "sklearn.kernel_approximation",
    "sklearn.compose._column_transformer",
    "sklearn.feature_selection",
];

/// Those among them that hand rows on to a model.
const PREDICTING: [&str; 2] = ["RFE", "RFECV"];

impl Content {
    /// Errors: [`ErrorKind::BadModelFile`] for what predicts nothing, by what it is.
    pub(super) fn refuse(&self) -> Result<()> {
        let Some(why) = self.why_not() else { return Ok(()) };
        Err(Error::new(ErrorKind::BadModelFile, "this file holds no model")
            .because(why)
            .hint("save the fitted model itself, that whose `predict` is asked"))
    }

    /// Why it predicts nothing; `None` for what may.
    fn why_not(&self) -> Option<String> {
        match self {
            Content::Plain(what) => Some(format!("it holds {what}, and no model")),
            Content::Container(kind, parts) => match parts.iter().find_map(Content::why_not_among) {
                _ if parts.iter().any(|part| part.why_not().is_none()) => None,
                Some(why) => Some(format!("it is a {kind} without a model: {why}")),
                None => Some(format!("it is a {kind} without a model")),
            },
            Content::Object { module, class, last, is_fitted } => {
                let inside = |known: &&str| module == *known || module.starts_with(&format!("{known}."));
                match last {
                    Some(last) => last.why_not().map(|why| format!("it is a {class} that ends without a model: {why}")),
                    None if DATA.iter().any(|known| inside(&known)) => {
                        Some(format!("it holds {module}.{class}, which is data and no model"))
                    }
                    None if PREPARING.iter().any(|known| inside(&known)) && !PREDICTING.contains(&class.as_str()) => {
                        Some(format!("it holds a {class}, which prepares columns and predicts nothing"))
                    }
                    None if !is_fitted => Some(format!("it holds a {class} that was never fitted, so it cannot predict")),
                    None => None,
                }
            }
        }
    }

    /// The same of a part of a container, where it says more than that the part is data.
    fn why_not_among(&self) -> Option<String> {
        if matches!(self, Content::Object { .. }) { self.why_not() } else { None }
    }
}

/// Most parts of containers that are looked at: a list may stand in itself, a million times.
const MOST_PARTS: usize = 200_000;

/// What a pickled object is.
pub(super) fn of_object(object: &ObjectView<'_, '_>) -> Content {
    within(object, 0, &Cell::new(MOST_PARTS))
}

fn within(object: &ObjectView<'_, '_>, depth: usize, left: &Cell<usize>) -> Content {
    let contents = |items: Vec<ObjectView<'_, '_>>| {
        let mut found = Vec::new();
        for item in &items {
            let Some(fewer) = left.get().checked_sub(1) else { break };
            left.set(fewer);
            found.push(within(item, depth + 1, left));
        }
        found
    };
    match object.object() {
        Object::None => Content::Plain("nothing (None)"),
        Object::Boolean(_) | Object::Integer(_) | Object::Float(_) => Content::Plain("a number"),
        Object::Text(_) | Object::Bytes(_) => Content::Plain("a text"),
        Object::Array(_) => Content::Plain("an array"),
        Object::Global(_) | Object::Foreign { is_made: false, .. } => Content::Plain("the name of a class or function"),
        // What lies deeper is left to who knows it.
        Object::Dictionary(_) | Object::List(_) | Object::Tuple(_) if depth >= DEEPEST || left.get() == 0 => {
            Content::Container("container", Vec::new())
        }
        // A list of so many numbers is not looked through for a model.
        Object::Dictionary(parts) if parts.len() > left.get() => Content::Container("dictionary", Vec::new()),
        Object::List(parts) if parts.len() > left.get() => Content::Container("list", Vec::new()),
        Object::Tuple(parts) if parts.len() > left.get() => Content::Container("tuple", Vec::new()),
        Object::Dictionary(_) => Content::Container("dictionary", contents(object.values())),
        Object::Instance { constructor: Global::DefaultDictionary | Global::OrderedDictionary | Global::Bunch, .. }
            if depth < DEEPEST && left.get() > 0 && object.dictionary().is_some_and(|entries| entries.values().len() <= left.get()) =>
        {
            Content::Container("dictionary", contents(object.dictionary().map(|entries| entries.values()).unwrap_or_default()))
        }
        Object::List(_) => Content::Container("list", contents(object.items().unwrap_or_default())),
        Object::Tuple(_) => Content::Container("tuple", contents(object.items().unwrap_or_default())),
        Object::Foreign { name, .. } => {
            let (module, class) = name.rsplit_once('.').unwrap_or_default();
            Content::Object { module: module.to_owned(), class: class.to_owned(), last: None, is_fitted: true }
        }
        Object::Instance { constructor: Global::Reconstruct | Global::FromBuffer | Global::Scalar | Global::NumpyArray, .. } => {
            Content::Plain("an array")
        }
        Object::Instance { constructor, .. } => {
            let steps = object.find("steps").ok().flatten().filter(|_| *constructor == Global::Pipeline && depth < DEEPEST);
            let last = steps.and_then(|steps| steps.items().ok()?.pop()?.items().ok()?.into_iter().nth(1));
            Content::Object {
                module: constructor.module().to_owned(),
                class: constructor.symbol().to_owned(),
                last: last.filter(|last| !last.is_none()).map(|last| Box::new(within(&last, depth + 1, left))),
                is_fitted: is_fitted(*constructor, object),
            }
        }
    }
}

/// Whether scikit-learn keeps under this name what an estimator learned.
pub(super) fn is_learned(name: &str) -> bool {
    name.ends_with('_') && !name.ends_with("__")
}

/// Whether an estimator learned anything: what it learned it keeps under names that end with `_`.
fn is_fitted(class: Global, object: &ObjectView<'_, '_>) -> bool {
    match class {
        Global::Pipeline | Global::FrozenEstimator => true,
        _ if class.module().starts_with("xgboost.sklearn") || class.module().starts_with("lightgbm.sklearn") => {
            object.find("_Booster").ok().flatten().is_some_and(|booster| !booster.is_none())
        }
        _ if class.module().starts_with("sklearn.") => {
            let state = object.state().and_then(|state| state.entries());
            state.map_or(true, |entries| entries.iter().any(|(name, _)| is_learned(name.trim_matches('\''))))
        }
        _ => true,
    }
}
