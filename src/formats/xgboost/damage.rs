//! Whether the parts of XGBoost's document agree, which can be told also of models that are not understood.

use super::document::{ModelDocument, bad};
use crate::error::Result;

/// Checks what every booster of trees must keep: as many trees as are stated, children that come after one another without a
/// circle, features that there are.
///
/// Errors: the first contradiction, with tree and node. A document without trees is none of this function's.
pub(super) fn check(document: &ModelDocument) -> Result<()> {
    let Some(learner) = document.find("learner") else { return Ok(()) };
    let Some(booster) = learner.find("gradient_booster") else { return Ok(()) };
    let Some(model) = booster.find("gbtree").unwrap_or(booster).find("model") else { return Ok(()) };
    let Some(trees) = model.find("trees").and_then(ModelDocument::items) else { return Ok(()) };
    tree_count(model, trees.len())?;
    let features = number(learner.find("learner_model_param"), "num_feature").unwrap_or(f64::INFINITY);
    trees.iter().enumerate().try_for_each(|(number, tree)| check_tree(tree, number, features))
}

/// Errors: another number of trees than is stated beside them.
pub(super) fn tree_count(model: &ModelDocument, held: usize) -> Result<()> {
    let stated = number(model.find("gbtree_model_param"), "num_trees");
    match stated.filter(|&stated| stated != held as f64) {
        Some(stated) => Err(bad(format_args!("it states {stated} trees (num_trees) and holds {held}: it was cut off or changed"))),
        None => Ok(()),
    }
}

/// A number that is written as a text.
fn number(parameters: Option<&ModelDocument>, key: &str) -> Option<f64> {
    if let ModelDocument::Text(text) = parameters?.find(key)? { text.parse().ok() } else { None }
}

fn check_tree(tree: &ModelDocument, number: usize, features: f64) -> Result<()> {
    let (left, right, looked_at) =
        (tree.numbers_of("left_children")?, tree.numbers_of("right_children")?, tree.numbers_of("split_indices")?);
    let nodes = left.len();
    if nodes == 0 || right.len() != nodes || looked_at.len() != nodes {
        let (right, looked_at) = (right.len(), looked_at.len());
        return Err(bad(format_args!("tree {number}: {nodes} left children, {right} right ones, {looked_at} features of splits")));
    }
    let mut reached = vec![false; nodes];
    let mut open = vec![0usize];
    while let Some(node) = open.pop() {
        let at = |what: std::fmt::Arguments<'_>| bad(format_args!("tree {number}, node {node}: {what}"));
        if std::mem::replace(&mut reached[node], true) {
            return Err(at(format_args!("it has two parents, or is below itself")));
        }
        if left[node] == -1.0 {
            continue;
        }
        if !(0.0..features).contains(&looked_at[node]) {
            return Err(at(format_args!("it looks at feature {} of {features}", looked_at[node])));
        }
        for child in [left[node], right[node]] {
            if !(0.0..nodes as f64).contains(&child) {
                return Err(at(format_args!("child {child} of {nodes} nodes")));
            }
            open.push(child as usize);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::xgboost::json;

    #[test]
    fn parts_that_contradict_each_other_are_refused_with_their_place() {
        let told = |left: &str, right: &str, features: &str, trees: &str| {
            let tree = format!("{{\"left_children\": {left}, \"right_children\": {right}, \"split_indices\": {features}}}");
            let text = format!(
                "{{\"learner\": {{\"learner_model_param\": {{\"num_feature\": \"2\"}}, \"gradient_booster\": {{\"model\": \
                 {{\"gbtree_model_param\": {{\"num_trees\": \"{trees}\"}}, \"trees\": [{tree}]}}}}}}}}"
            );
            check(&json::parse(text.as_bytes()).expect("JSON")).map_err(|error| error.to_string())
        };
        assert_eq!(told("[1, -1, -1]", "[2, -1, -1]", "[1, 0, 0]", "1"), Ok(()));
        for (left, right, features, trees, place) in [
            ("[1, -1, -1]", "[2, -1, -1]", "[2, 0, 0]", "1", "tree 0, node 0: it looks at feature 2 of 2"),
            ("[1, 0, -1]", "[2, 2, -1]", "[1, 0, 0]", "1", "below itself"),
            ("[1, -1, -1]", "[1, -1, -1]", "[1, 0, 0]", "1", "two parents"),
            ("[1, -1, -1]", "[3, -1, -1]", "[1, 0, 0]", "1", "child 3 of 3"),
            ("[1, -1, -1]", "[2, -1]", "[1, 0, 0]", "1", "2 right ones"),
            ("[1, -1, -1]", "[2, -1, -1]", "[1, 0, 0]", "5", "it states 5 trees (num_trees) and holds 1"),
        ] {
            let refused = told(left, right, features, trees).expect_err(place);
            assert!(refused.contains(place), "{place}: {refused}");
        }
    }
}
