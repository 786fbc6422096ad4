//! Tree operators that answer numbers: `TreeEnsembleRegressor`, and `TreeEnsemble` of the operator set `ai.onnx.ml` 5.

use std::collections::BTreeMap;

use super::graph::{MOST_COLUMNS, Model, Node, bad};
use super::outputs::{Way, factor_and_addend, passes, take_exponential, ways};
use super::reading::{base, on_inputs};
use super::trees::{TreeTable, tree_table};
use crate::error::Result;
use crate::formats::arrange::{ValueBudget, arrange, blank};
use crate::formats::read_model::ReadTrees;
use crate::formats::unfold::{Question, UnfoldBudget, unfold};
use crate::statistics::ClassLabel;
use crate::trees::{
    Aggregation, Committee, EnsembleTask, LinkFunction, Member, Model as Answering, Rule, ThresholdComparison, Transformation, Tree,
    TreeEnsemble,
};

/// How trees become one number a target.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joined {
    Sum,
    Mean,
    Least,
    Greatest,
}

/// The operator's own last step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Post {
    Nothing,
    Softmax,
    Logistic,
}

/// A `TreeEnsembleRegressor` and what stands behind it.
///
/// Errors: what is not understood, by its name.
pub(super) fn regressor(model: &Model<'_>, node: &Node<'_>) -> Result<ReadTrees> {
    let outputs = targets(node, 1)?;
    let text = |name: &str| String::from_utf8_lossy(&node.text(name)[..node.text(name).len().min(40)]).into_owned();
    let joined = match text("aggregate_function").as_str() {
        "" | "SUM" => Joined::Sum,
        "AVERAGE" => Joined::Mean,
        "MIN" => Joined::Least,
        "MAX" => Joined::Greatest,
        other => return Err(bad(format_args!("trees joined by {other}"))),
    };
    let post = match text("post_transform").as_str() {
        "" | "NONE" => Post::Nothing,
        "SOFTMAX" => Post::Softmax,
        "LOGISTIC" => Post::Logistic,
        other => return Err(bad(format_args!("post transform {other}"))),
    };
    let table = tree_table(node, "target", outputs, &mut ValueBudget::new(model.size))?;
    answered(model, node, table, base(node, outputs)?, joined, post)
}

/// The trees of a `TreeEnsembleRegressor` of one sum, whatever stands behind it.
///
/// Errors: several numbers, another way to join the trees.
pub(super) fn regressor_alone(model: &Model<'_>, node: &Node<'_>) -> Result<TreeEnsemble> {
    let aggregation = match node.text("aggregate_function") {
        b"" | b"SUM" => Aggregation::Sum,
        b"AVERAGE" => Aggregation::Mean,
        _ => return Err(bad("an isolation forest of trees that are not added up")),
    };
    if targets(node, 1)? != 1 || !matches!(node.text("post_transform"), b"" | b"NONE") {
        return Err(bad("an isolation forest that answers several numbers"));
    }
    let table = tree_table(node, "target", 1, &mut ValueBudget::new(model.size))?;
    let base = base(node, 1)?;
    on_inputs(model, node, table, |trees| TreeEnsemble { base, aggregation, ..trees })
}

/// A `TreeEnsemble` and what stands behind it.
///
/// Errors: as [`regressor`].
pub(super) fn ensemble(model: &Model<'_>, node: &Node<'_>) -> Result<ReadTrees> {
    let outputs = targets(node, 0)?;
    let whole = |name: &str, otherwise: i64| node.attribute(name).map_or(otherwise, |attribute| attribute.integer);
    let joined = match whole("aggregate_function", 1) {
        0 => Joined::Mean,
        1 => Joined::Sum,
        2 => Joined::Least,
        3 => Joined::Greatest,
        other => return Err(bad(format_args!("trees joined by the function {other}"))),
    };
    let post = match whole("post_transform", 0) {
        0 => Post::Nothing,
        // The standard numbers these two the other way round; ONNX Runtime answers so.
        1 => Post::Logistic,
        2 => Post::Softmax,
        3 => return Err(bad("post transform SOFTMAX_ZERO")),
        4 => return Err(bad("post transform PROBIT")),
        other => return Err(bad(format_args!("the post transform {other}"))),
    };
    let table = Nodes::of(node)?.table(outputs, model.size)?;
    let read = answered(model, node, table, vec![0.0; outputs], joined, post)?;
    let note = match post {
        Post::Nothing => None,
        Post::Logistic => Some("its post transform 1 is LOGISTIC, as ONNX Runtime has it; the standard calls it SOFTMAX".to_owned()),
        Post::Softmax => Some("its post transform 2 is SOFTMAX, as ONNX Runtime has it; the standard calls it LOGISTIC".to_owned()),
    };
    Ok(ReadTrees { note, ..read })
}

fn targets(node: &Node<'_>, otherwise: i64) -> Result<usize> {
    let stated = node.attribute("n_targets").map_or(otherwise, |targets| targets.integer);
    usize::try_from(stated)
        .ok()
        .filter(|count| (1..=MOST_COLUMNS).contains(count))
        .ok_or_else(|| bad(format_args!("it answers {stated} numbers a row")))
}

/// What the graph answers by the trees.
fn answered(model: &Model<'_>, node: &Node<'_>, table: TreeTable, base: Vec<f64>, joined: Joined, post: Post) -> Result<ReadTrees> {
    let (mut ways, outputs) = (ways(model, node)?, base.len());
    let tells_label = outputs > 1 && chooses(&ways)?;
    let exponential = if outputs == 1 && matches!(post, Post::Nothing) { take_exponential(model, &mut ways) } else { None };
    let is_exponential = exponential.is_some();
    let task = match post {
        Post::Nothing if is_exponential => EnsembleTask::Transformed(Transformation::Exponential),
        Post::Nothing if tells_label => classes(outputs, LinkFunction::Identity),
        Post::Nothing => EnsembleTask::Regression,
        Post::Softmax if outputs > 1 => classes(outputs, LinkFunction::Softmax),
        Post::Logistic if outputs > 1 && !tells_label => EnsembleTask::Transformed(Transformation::Logistic),
        // The standard has it computed; ONNX Runtime leaves it out.
        Post::Softmax | Post::Logistic => return Err(bad("a link behind a single number, which ONNX Runtime leaves out")),
    };
    let is_classifier = matches!(task, EnsembleTask::Classification { .. });
    let (factor, addend) = if outputs == 1 { factor_and_addend(model, &ways)? } else { (1.0, 0.0) };
    let addend = addend + exponential.unwrap_or(0.0);
    let is_extreme = matches!(joined, Joined::Least | Joined::Greatest);
    if is_extreme && (is_exponential || outputs > 1 || (factor, addend) != (1.0, 0.0)) {
        return Err(bad("the least or greatest of trees that answer several numbers, or that is changed afterwards"));
    }
    let aggregation = if joined == Joined::Mean { Aggregation::Mean } else { Aggregation::Sum };
    let mut trees = on_inputs(model, node, table, |trees| TreeEnsemble { task, outputs, base, aggregation, ..trees })?;
    if factor != 1.0 {
        trees.trees.iter_mut().for_each(|tree| tree.value.iter_mut().for_each(|value| *value *= factor));
    }
    if outputs == 1 {
        trees.base[0] = trees.base[0] * factor + addend;
    }
    if is_extreme {
        return extreme(trees, joined == Joined::Greatest);
    }
    Ok(ReadTrees { is_booster: is_classifier && !tells_label, ..trees.into() })
}

fn classes(count: usize, link: LinkFunction) -> EnsembleTask {
    EnsembleTask::Classification { classes: ClassLabel::numbered(count), link }
}

/// Whether the place of the highest number is answered.
///
/// Errors: an operator behind the trees that does anything else, by its name.
fn chooses(ways: &[Way<'_, '_>]) -> Result<bool> {
    let mut found = false;
    for way in ways {
        let mut is_place = false;
        for node in way.steps.iter().filter(|node| !passes(node)) {
            let is_last_axis = || node.attribute("axis").is_some_and(|axis| matches!(axis.integer, 1 | -1));
            match is_place {
                false if node.is("ArgMax") && is_last_axis() => is_place = true,
                true if node.is("Cast") => {}
                _ => return Err(bad(format_args!("behind the trees it computes {}, which is not understood", node.called()))),
            }
        }
        found |= is_place;
    }
    Ok(found)
}

/// The least or the greatest of the trees' numbers.
fn extreme(trees: TreeEnsemble, is_greatest: bool) -> Result<ReadTrees> {
    trees.check()?;
    let outline = TreeEnsemble { trees: Vec::new(), ..trees.clone() };
    let member = |tree: Tree| Member {
        model: Answering::Trees(Box::new(TreeEnsemble { trees: vec![tree], base: vec![0.0], ..outline.clone() })),
        classes: vec![0],
    };
    let base = trees.base[0];
    if base != 0.0 {
        return Err(bad("the least or greatest of trees with a base value"));
    }
    let members: Vec<Member> = trees.trees.into_iter().map(member).collect();
    let committee = Committee { members, rule: Rule::Extreme { is_greatest }, classes: None, features: outline.features() };
    committee.check()?;
    Ok(ReadTrees { committee: Some(committee), ..outline.into() })
}

/// What the nodes of a `TreeEnsemble` ask, as ONNX numbers it.
const AT_MOST: u8 = 0;
const LESS: u8 = 1;
const AT_LEAST: u8 = 2;
const GREATER: u8 = 3;
const EQUAL: u8 = 4;
const UNEQUAL: u8 = 5;
const MEMBER: u8 = 6;

/// Largest member of a set: above it 32-bit floats are no longer all whole numbers.
const MOST_MEMBER: f64 = 16_777_216.0;

/// The lists of a `TreeEnsemble`, all of one length.
struct Nodes<'n> {
    modes: Vec<u8>,
    splits: &'n [f64],
    /// Of the nodes that ask for membership.
    sets: BTreeMap<usize, Vec<f64>>,
    features: &'n [i64],
    /// Of the true and of the false side: the place and whether it is a leaf's.
    sides: [(&'n [i64], &'n [i64]); 2],
    missing: &'n [i64],
    roots: &'n [i64],
    leaf_targets: &'n [i64],
    leaf_weights: &'n [f64],
    is_wide: bool,
}

impl<'n> Nodes<'n> {
    fn of(node: &'n Node<'_>) -> Result<Nodes<'n>> {
        let tensor = |name: &str| node.attribute(name).and_then(|attribute| attribute.tensor.as_ref());
        let needed = |name: &str| tensor(name).ok_or_else(|| bad(format_args!("a TreeEnsemble without {name}")));
        let (modes, splits, weights) = (needed("nodes_modes")?, needed("nodes_splits")?, needed("leaf_weights")?);
        if splits.wide != weights.wide || [splits, weights].iter().any(|tensor| tensor.is_half) {
            return Err(bad("a TreeEnsemble of 16-bit numbers, or of numbers of different widths"));
        }
        let count = modes.values.len();
        let list = |name: &str, length: usize| match node.integers(name) {
            list if list.len() == length => Ok(list),
            list => Err(bad(format_args!("{name} has {} entries, expected {length}", list.len()))),
        };
        let side = |places: &str, leaves: &str| Ok::<_, crate::error::Error>((list(places, count)?, list(leaves, count)?));
        let mode = |mode: &f64| match *mode {
            known if (0.0..=f64::from(MEMBER)).contains(&known) && known.fract() == 0.0 => Ok(known as u8),
            other => Err(bad(format_args!("the node mode {other}"))),
        };
        let modes = modes.values.iter().map(mode).collect::<Result<Vec<u8>>>()?;
        if count == 0 || splits.values.len() != count {
            return Err(bad(format_args!("{} splits for {count} nodes", splits.values.len())));
        }
        let leaf_targets = node.integers("leaf_targetids");
        let missing = node.integers("nodes_missing_value_tracks_true");
        Ok(Nodes {
            sets: sets(&modes, tensor("membership_values").map_or(&[][..], |tensor| &tensor.values))?,
            modes,
            splits: &splits.values,
            features: list("nodes_featureids", count)?,
            sides: [side("nodes_truenodeids", "nodes_trueleafs")?, side("nodes_falsenodeids", "nodes_falseleafs")?],
            missing: if missing.is_empty() { missing } else { list("nodes_missing_value_tracks_true", count)? },
            roots: node.integers("tree_roots"),
            leaf_weights: if weights.values.len() == leaf_targets.len() {
                &weights.values
            } else {
                return Err(bad(format_args!("{} targets for {} leaves", leaf_targets.len(), weights.values.len())));
            },
            leaf_targets,
            is_wide: splits.wide,
        })
    }

    /// The trees.
    fn table(&self, outputs: usize, size: usize) -> Result<TreeTable> {
        if self.roots.is_empty() {
            return Err(bad("a TreeEnsemble without trees"));
        }
        let mut table =
            TreeTable { trees: Vec::new(), comparison: ThresholdComparison::LessOrEqual, features: 0, given: vec![false; outputs] };
        let (mut given, mut made) = (ValueBudget::new(size), UnfoldBudget::new(size));
        let mut reached = vec![false; self.modes.len()];
        for (number, &root) in self.roots.iter().enumerate() {
            let (tree, questions) = self.tree(number, root, outputs, &mut reached, &mut given, &mut table.given)?;
            let tree = if questions.is_empty() { tree } else { unfold(&tree, &questions, outputs, &mut made)?.0 };
            let used = (0..tree.len()).filter(|&node| !tree.is_leaf(node)).map(|node| tree.feature[node] as usize + 1).max();
            table.features = table.features.max(used.unwrap_or(0));
            table.trees.push(arrange(tree, 0, number)?);
        }
        Ok(table)
    }

    /// One tree, parents first, and what those of its nodes ask that ask no plain threshold.
    fn tree(
        &self,
        number: usize,
        root: i64,
        outputs: usize,
        reached: &mut [bool],
        budget: &mut ValueBudget,
        given: &mut [bool],
    ) -> Result<(Tree, BTreeMap<usize, Question>)> {
        let place = |id: i64, count: usize, what: &str| {
            usize::try_from(id).ok().filter(|&id| id < count).ok_or_else(|| bad(format_args!("tree {number}: {what} {id} of {count}")))
        };
        let root = place(root, self.modes.len(), "the root")?;
        let both = [0, 1].map(|side| (self.sides[side].0[root], self.sides[side].1[root] != 0));
        // A tree of one leaf is a node both of whose sides are it.
        let first = if both[0] == both[1] && both[0].1 {
            if both[0].0 != root as i64 {
                return Err(bad(format_args!(
                    "tree {number} is the leaf {} at the root {root}, which ONNX Runtime takes for another",
                    both[0].0
                )));
            }
            (root, true)
        } else {
            (root, false)
        };
        // Nodes in the order in which they are reached: given place, whether it is a leaf, and the parent's slot.
        let mut open = vec![(first.0, first.1, None::<(usize, usize)>)];
        let (mut order, mut children): (Vec<(usize, bool)>, Vec<[u32; 2]>) = (Vec::new(), Vec::new());
        while let Some((id, is_leaf, parent)) = open.pop() {
            let made = order.len();
            budget.take(1, outputs)?;
            if let Some((parent, side)) = parent {
                children[parent][side] = made as u32;
            }
            order.push((id, is_leaf));
            children.push([Tree::LEAF; 2]);
            if is_leaf {
                place(id as i64, self.leaf_weights.len(), "the leaf")?;
                continue;
            }
            if std::mem::replace(&mut reached[id], true) {
                return Err(bad(format_args!("tree {number}: node {id} is reached twice")));
            }
            for side in [1, 0] {
                let (child, is_leaf) = (self.sides[side].0[id], self.sides[side].1[id] != 0);
                let count = if is_leaf { self.leaf_weights.len() } else { self.modes.len() };
                open.push((place(child, count, "a child")?, is_leaf, Some((made, side))));
            }
        }
        let mut tree = blank(order.len(), outputs);
        let mut questions = BTreeMap::new();
        for (made, &(id, is_leaf)) in order.iter().enumerate() {
            if is_leaf {
                let target = place(self.leaf_targets[id], outputs, "the target")?;
                tree.value[made * outputs + target] = self.leaf_weights[id];
                given[target] = true;
                continue;
            }
            tree.feature[made] = u32::try_from(self.features[id]).map_err(|_| bad(format_args!("feature {}", self.features[id])))?;
            [tree.left[made], tree.right[made]] = children[made];
            let missing = self.missing.get(id).is_some_and(|&missing| missing != 0);
            let question = self.question(id, missing)?;
            match question.pieces.as_slice() {
                [(threshold, true), (_, false)] => {
                    (tree.threshold[made], tree.missing_left[made]) = (*threshold, question.missing_left);
                }
                _ => {
                    questions.insert(made, question);
                }
            }
        }
        Ok((tree, questions))
    }

    /// What a node asks, as pieces of the line of numbers: true goes left.
    fn question(&self, id: usize, missing: bool) -> Result<Question> {
        let split = self.splits[id];
        let mode = self.modes[id];
        if split.is_nan() && mode != MEMBER {
            return Err(bad(format_args!("node {id} compares with what is no number")));
        }
        let end = f64::INFINITY;
        let before = self.before(split);
        let up_to = |at: Option<f64>, yes: bool| match at {
            Some(at) if at < end => vec![(at, yes), (end, !yes)],
            Some(_) => vec![(end, yes)],
            None => vec![(end, !yes)],
        };
        let pieces = match mode {
            AT_MOST => up_to(Some(split), true),
            LESS => up_to(before, true),
            AT_LEAST => up_to(before, false),
            GREATER => up_to(Some(split), false),
            EQUAL => self.among(&[split], true),
            UNEQUAL => self.among(&[split], false),
            _ => self.members(id)?,
        };
        // What is missing is unequal to any number.
        Ok(Question { pieces, missing_left: missing || mode == UNEQUAL })
    }

    /// What a node asks that tests for membership. ONNX Runtime looks for a number itself in a small set of small whole
    /// numbers, and for its whole part in any other set, of which it takes whole numbers alone.
    fn members(&self, id: usize) -> Result<Vec<(f64, bool)>> {
        let set = self.sets.get(&id).map_or(&[][..], |set| set);
        if set.len() < 31 && set.iter().all(|member| (0.0..=30.0).contains(member)) {
            return Ok(self.among(set, true));
        }
        if let Some(other) = set.iter().find(|member| member.fract() != 0.0 || member.abs() > MOST_MEMBER) {
            return Err(bad(format_args!("node {id} asks for {other} in a set, of which ONNX Runtime takes whole numbers")));
        }
        let mut pieces: Vec<(f64, bool)> = Vec::new();
        for &member in set {
            // Cut towards zero.
            let below = if member > 0.0 { self.before(member) } else { Some(member - 1.0) };
            let end = if member < 0.0 { Some(member) } else { self.before(member + 1.0) };
            pieces.extend(below.filter(|below| pieces.last().is_none_or(|(end, _)| below > end)).map(|below| (below, false)));
            pieces.extend(end.map(|end| (end, true)));
        }
        pieces.push((f64::INFINITY, false));
        Ok(pieces)
    }

    /// The pieces of the line that are these numbers, which are in order, and those between them.
    fn among(&self, members: &[f64], yes: bool) -> Vec<(f64, bool)> {
        let mut pieces: Vec<(f64, bool)> = Vec::new();
        for &member in members {
            let before = self.before(member).filter(|before| pieces.last().is_none_or(|(end, _)| before > end));
            pieces.extend(before.map(|before| (before, !yes)));
            pieces.push((member, yes));
        }
        if pieces.last().is_none_or(|(end, _)| *end < f64::INFINITY) {
            pieces.push((f64::INFINITY, !yes));
        }
        pieces
    }

    /// The number right below, of the width that is compared in; `None` below all.
    fn before(&self, number: f64) -> Option<f64> {
        let before = if self.is_wide { number.next_down() } else { f64::from((number as f32).next_down()) };
        (number > f64::NEG_INFINITY).then_some(before)
    }
}

/// The members that nodes ask for, in order: all in one list, NaN behind those of each node.
fn sets(modes: &[u8], members: &[f64]) -> Result<BTreeMap<usize, Vec<f64>>> {
    let mut parts = members.split(|member| member.is_nan());
    let mut sets = BTreeMap::new();
    for (node, _) in modes.iter().enumerate().filter(|(_, mode)| **mode == MEMBER) {
        let mut set: Vec<f64> = parts.next().unwrap_or_default().iter().map(|member| member + 0.0).collect();
        if set.is_empty() {
            return Err(bad(format_args!("node {node} asks for membership of nothing")));
        }
        set.sort_by(f64::total_cmp);
        set.dedup();
        sets.insert(node, set);
    }
    Ok(sets)
}
