//! The attributes of a tree operator as trees.

use std::collections::{BTreeMap, HashMap};

use super::graph::{Node, bad};
use crate::error::Result;
use crate::formats::arrange::{ValueBudget, arrange, blank};
use crate::trees::{ThresholdComparison, Tree};

/// What a tree operator holds, without what is done with it.
pub(super) struct TreeTable {
    pub(super) trees: Vec<Tree>,
    pub(super) comparison: ThresholdComparison,
    /// Largest feature in use, plus one.
    pub(super) features: usize,
    /// Outputs that any leaf contributes to.
    pub(super) given: Vec<bool>,
}

/// Reads the trees of `node`; the leaves' values come from the attributes `{prefix}_…`.
///
/// Errors: lists of different lengths, nodes that do not exist or stand twice, modes that are not
/// understood, outputs out of range.
pub(super) fn tree_table(node: &Node<'_>, prefix: &str, outputs: usize, budget: &mut ValueBudget) -> Result<TreeTable> {
    let ids = node.integers("nodes_nodeids");
    let list = |name: &str| {
        let list = node.integers(name);
        if list.len() == ids.len() { Ok(list) } else { Err(bad(format!("{name} has {} entries for {} nodes", list.len(), ids.len()))) }
    };
    let tree_ids = list("nodes_treeids")?;
    let thresholds = node.numbers("nodes_values").0;
    let modes = node.attribute("nodes_modes").map_or(&[][..], |modes| &modes.texts);
    if thresholds.len() != ids.len() || modes.len() != ids.len() || ids.is_empty() {
        return Err(bad(format!("{} thresholds and {} modes for {} nodes", thresholds.len(), modes.len(), ids.len())));
    }
    budget.take(ids.len(), outputs)?;
    let columns = Columns {
        features: list("nodes_featureids")?,
        left: list("nodes_truenodeids")?,
        right: list("nodes_falsenodeids")?,
        missing: if node.integers("nodes_missing_value_tracks_true").is_empty() {
            None
        } else {
            Some(list("nodes_missing_value_tracks_true")?)
        },
        thresholds,
        modes,
    };
    let mut members: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (index, &tree) in tree_ids.iter().enumerate() {
        members.entry(tree).or_default().push(index);
    }
    let comparison = comparison(modes)?;
    let mut leaves = leaves(node, prefix, outputs)?;
    let mut table = TreeTable { trees: Vec::with_capacity(members.len()), comparison, features: 0, given: vec![false; outputs] };
    for (number, (id, members)) in members.iter().enumerate() {
        let index = Places::of(ids, members, number)?;
        let mut tree = columns.tree(members, &index, outputs, number)?;
        for (node, output, weight) in leaves.remove(id).unwrap_or_default() {
            let place = index.get(node).ok_or_else(|| bad(format!("tree {number}: a leaf {node} that is no node")))?;
            tree.value[place * outputs + output] += weight;
            table.given[output] = true;
        }
        table.features = (0..tree.len())
            .filter(|&node| !tree.is_leaf(node))
            .map(|node| tree.feature[node] as usize + 1)
            .max()
            .unwrap_or(0)
            .max(table.features);
        table.trees.push(arrange(tree, 0, number)?);
    }
    match leaves.keys().next() {
        None => Ok(table),
        Some(tree) => Err(bad(format!("leaves of a tree {tree} that has no nodes"))),
    }
}

/// How the operator compares; `>` and `>=` are the same with the branches changed.
fn comparison(modes: &[&[u8]]) -> Result<ThresholdComparison> {
    let mut found = None;
    for &mode in modes {
        let comparison = match mode {
            b"LEAF" => continue,
            b"BRANCH_LEQ" | b"BRANCH_GT" => ThresholdComparison::LessOrEqual,
            b"BRANCH_LT" | b"BRANCH_GTE" => ThresholdComparison::Less,
            other => {
                return Err(bad(format!("the node mode {} is not understood", String::from_utf8_lossy(&other[..other.len().min(40)]))));
            }
        };
        if *found.get_or_insert(comparison) != comparison {
            return Err(bad("nodes that compare in different ways"));
        }
    }
    Ok(found.unwrap_or(ThresholdComparison::LessOrEqual))
}

/// Entries of the leaves by tree: node, output, weight.
type Leaves = BTreeMap<i64, Vec<(i64, usize, f64)>>;

fn leaves(node: &Node<'_>, prefix: &str, outputs: usize) -> Result<Leaves> {
    let (weights, _) = node.numbers(&format!("{prefix}_weights"));
    let list = |name: &str| {
        let list = node.integers(&format!("{prefix}_{name}"));
        if list.len() == weights.len() {
            Ok(list)
        } else {
            Err(bad(format!("{prefix}_{name} has {} entries for {} weights", list.len(), weights.len())))
        }
    };
    let (trees, nodes, ids) = (list("treeids")?, list("nodeids")?, list("ids")?);
    let mut leaves = Leaves::new();
    for (index, &weight) in weights.iter().enumerate() {
        match usize::try_from(ids[index]) {
            Ok(output) if output < outputs => leaves.entry(trees[index]).or_default().push((nodes[index], output, weight)),
            _ => return Err(bad(format!("output {} of {outputs}", ids[index]))),
        }
    }
    Ok(leaves)
}

/// The node lists of an operator, all of one length.
struct Columns<'n, 'a> {
    features: &'n [i64],
    left: &'n [i64],
    right: &'n [i64],
    missing: Option<&'n [i64]>,
    thresholds: &'n [f64],
    modes: &'n [&'a [u8]],
}

impl Columns<'_, '_> {
    /// One tree without values; its first node is the root.
    fn tree(&self, members: &[usize], index: &Places, outputs: usize, number: usize) -> Result<Tree> {
        let child =
            |id: i64| index.get(id).map(|place| place as u32).ok_or_else(|| bad(format!("tree {number}: a child {id} that is no node")));
        let mut tree = blank(members.len(), outputs);
        for (place, &member) in members.iter().enumerate() {
            if self.modes[member] == b"LEAF" {
                continue;
            }
            let swapped = matches!(self.modes[member], b"BRANCH_GT" | b"BRANCH_GTE");
            let missing = self.missing.is_some_and(|missing| missing[member] != 0);
            let (yes, no) = (child(self.left[member])?, child(self.right[member])?);
            (tree.left[place], tree.right[place]) = if swapped { (no, yes) } else { (yes, no) };
            tree.missing_left[place] = missing != swapped;
            tree.threshold[place] = self.thresholds[member];
            tree.feature[place] =
                u32::try_from(self.features[member]).map_err(|_| bad(format!("tree {number}: feature {}", self.features[member])))?;
        }
        Ok(tree)
    }
}

/// Where the nodes of a tree stand in it, by their ids.
enum Places {
    /// The ids count from 0, as nearly every writer has them.
    InOrder(usize),
    Scattered(HashMap<i64, usize>),
}

impl Places {
    fn of(ids: &[i64], members: &[usize], number: usize) -> Result<Places> {
        if members.iter().enumerate().all(|(place, &member)| ids[member] == place as i64) {
            return Ok(Places::InOrder(members.len()));
        }
        let mut places = HashMap::with_capacity(members.len());
        for (place, &member) in members.iter().enumerate() {
            if places.insert(ids[member], place).is_some() {
                return Err(bad(format!("tree {number}: node {} stands twice", ids[member])));
            }
        }
        Ok(Places::Scattered(places))
    }

    fn get(&self, id: i64) -> Option<usize> {
        match self {
            Places::InOrder(count) => usize::try_from(id).ok().filter(|place| place < count),
            Places::Scattered(places) => places.get(&id).copied(),
        }
    }
}
