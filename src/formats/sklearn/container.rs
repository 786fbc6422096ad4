//! A dictionary, list or tuple that somebody pickled with a model in it.

use crate::error::Result;
use crate::formats::content::DATA;
use crate::formats::object::{Global, Object, ObjectView};

/// Elements among which a model is looked for: a file of a few bytes an element may hold millions.
const MOST_ELEMENTS: usize = 10_000;

/// The one model among the elements, with where it stands in words; what is no container is the model itself.
///
/// Errors: none or several, and a transformer beside the model: what is done with it is known to other code alone.
pub(super) fn opened<'v, 'a>(root: ObjectView<'v, 'a>) -> Result<(ObjectView<'v, 'a>, Option<String>)> {
    let (kind, held) = match root.object() {
        Object::Dictionary(entries) => ("dictionary", entries.len()),
        Object::List(items) => ("list", items.len()),
        Object::Tuple(items) => ("tuple", items.len()),
        _ => ("", 0),
    };
    if held > MOST_ELEMENTS {
        let told = format_args!("it is a {kind} of {held} elements, and in one of more than {MOST_ELEMENTS} no model is looked for");
        return Err(root.fail(told).hint("save the model alone"));
    }
    let (kind, elements) = match root.object() {
        _ if root.dictionary().is_some() => {
            ("dictionary", root.dictionary().map(|entries| entries.entries()).transpose()?.unwrap_or_default())
        }
        Object::List(_) | Object::Tuple(_) => {
            let items = root.items()?;
            let kind = if matches!(root.object(), Object::List(_)) { "list" } else { "tuple" };
            (kind, items.into_iter().enumerate().map(|(place, item)| (format!("place {place}"), item)).collect())
        }
        _ => return Ok((root, None)),
    };
    let class = |view: &ObjectView<'_, '_>| view.class().ok();
    let named = |named: &[(String, ObjectView<'v, 'a>)]| named.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>().join(", ");
    let (mut models, others): (Vec<_>, Vec<_>) = elements.into_iter().partition(|(_, view)| class(view).is_some_and(is_model));
    if let Some((name, step)) = others.iter().find(|(_, view)| class(view).is_some_and(is_transformer)) {
        let class = step.class()?;
        return Err(root
            .fail(format_args!(
                "it is a {kind} with {} in {name:.80}, and what is done with that before the model is not known",
                class.symbol()
            ))
            .hint("save them as one: `sklearn.pipeline.make_pipeline(transformer, model)`"));
    }
    // What is not known and no plain data may be such a step too, or the model itself.
    if let Some((name, class)) = others.iter().find_map(|(name, view)| Some((name, view.foreign().filter(|class| !is_data(class))?))) {
        return Err(root
            .fail(format_args!(
                "it is a {kind} with {class:.120} in {name:.80}, which is not on the list of what a tree model holds, and what is done with \
                 that is not known"
            ))
            .hint("save the model alone"));
    }
    match (models.pop(), models.is_empty()) {
        (Some((name, model)), true) => {
            let name = crate::base::sanitize::line(&format!("{name:.80}"));
            Ok((model, Some(format!("the model is {name} of a {kind}"))))
        }
        (Some(last), false) => {
            models.push(last);
            Err(root
                .fail(format_args!("it is a {kind} with several models: {:.200}", named(&models)))
                .hint("save the one that is meant alone"))
        }
        (None, _) => Err(root.fail(format_args!("it is a {kind} without a model that is read"))),
    }
}

/// Whether the objects of a class are plain data, by its module.
fn is_data(class: &str) -> bool {
    DATA.iter().any(|module| class.strip_prefix(module).is_some_and(|rest| rest.starts_with('.')))
}

fn is_model(class: Global) -> bool {
    matches!(
        class,
        Global::RandomForestRegressor
            | Global::RandomForestClassifier
            | Global::ExtraTreesRegressor
            | Global::ExtraTreesClassifier
            | Global::IsolationForest
            | Global::DecisionTreeRegressor
            | Global::DecisionTreeClassifier
            | Global::ExtraTreeRegressor
            | Global::ExtraTreeClassifier
            | Global::HistogramRegressor
            | Global::HistogramClassifier
            | Global::GradientBoostingRegressor
            | Global::GradientBoostingClassifier
            | Global::BaggingRegressor
            | Global::BaggingClassifier
            | Global::AdaBoostRegressor
            | Global::AdaBoostClassifier
            | Global::VotingRegressor
            | Global::VotingClassifier
            | Global::StackingRegressor
            | Global::StackingClassifier
            | Global::CalibratedClassifier
            | Global::FrozenEstimator
            | Global::Pipeline
            | Global::TransformedTarget
            | Global::GridSearch
            | Global::RandomizedSearch
            | Global::HalvingGridSearch
            | Global::HalvingRandomSearch
            | Global::XgboostRegressor
            | Global::XgboostClassifier
            | Global::XgboostForestRegressor
            | Global::XgboostForestClassifier
            | Global::XgboostRanker
            | Global::XgboostModel
            | Global::XgboostBooster
            | Global::LightgbmRegressor
            | Global::LightgbmClassifier
            | Global::LightgbmRanker
            | Global::LightgbmBooster
    )
}

fn is_transformer(class: Global) -> bool {
    matches!(
        class,
        Global::StandardScaler
            | Global::MinMaxScaler
            | Global::MaxAbsScaler
            | Global::RobustScaler
            | Global::SimpleImputer
            | Global::VarianceThreshold
            | Global::SelectKBest
            | Global::FunctionTransformer
            | Global::ColumnTransformer
            | Global::OneHotEncoder
            | Global::OrdinalEncoder
            | Global::LabelEncoder
    )
}
