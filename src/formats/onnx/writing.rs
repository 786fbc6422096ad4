//! From an ensemble to an ONNX model.
//!
//! Thresholds and leaves are written as 64-bit tensors and the input is cast to 64 bits, so that the
//! runtime adds up in 64 bits and rounds once: a hundred 32-bit additions would be off by more than
//! one part in a million. It also keeps the trees exact for whoever reads them. Trees that add in 32 bits themselves
//! are written in 32.

use super::protobuf::Message;
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::ClassLabel;
use crate::trees::average_path_length;
use crate::trees::{Aggregation, EnsembleTask, IsolationScore, LinkFunction, Precision, ThresholdComparison, Tree, TreeEnsemble};

/// The label of what the graph marks: a name inside the file.
const MARKED: &str = stringify!(anomaly);

/// Element types of tensors, as ONNX numbers them.
const FLOAT: i64 = 1;
const INT64: i64 = 7;
const STRING: i64 = 8;
const DOUBLE: i64 = 11;

/// The name of the tree operators' domain and the version written.
const TREE_DOMAIN: &str = "ai.onnx.ml";
const TREE_VERSION: i64 = 3;
/// Version of the plain operators, and of the file format that goes with both.
const OPERATOR_VERSION: i64 = 17;
const FORMAT_VERSION: i64 = 8;

/// A score this little below the offset still counts as at the offset. The mean path length leaves
/// the tree operator as a 32-bit float, which moves a score by at most 2.2e-8; a row that ties with
/// the offset (many do: it is a percentile of such scores) must stay normal, as in scikit-learn.
const SCORE_MARGIN: f64 = 5e-8;

/// Writes the ensemble as an ONNX model with one input `X`, `[rows, features]` of 32-bit floats.
///
/// Outputs: regression `variable`, `[rows, 1]`; isolation `label`, `[rows, 1]`, -1 for an anomaly and
/// 1 otherwise; classification `label` `[rows]` and `probabilities` `[rows, classes]`.
///
/// Errors: [`ErrorKind::Usage`] for an isolation forest grown on single rows, which has no score,
/// for classes that are no whole numbers, and for splits by category.
pub fn write(ensemble: &TreeEnsemble) -> Result<Vec<u8>> {
    ensemble.check()?;
    if ensemble.has_categories() {
        return Err(
            Error::new(ErrorKind::Usage, "cannot write this ensemble as ONNX").because("it splits by category, which ai.onnx.ml 3 cannot")
        );
    }
    let graph = match &ensemble.task {
        EnsembleTask::Regression => regression(ensemble),
        EnsembleTask::Transformed(_) => {
            return Err(Error::new(ErrorKind::Usage, "cannot write this ensemble as ONNX")
                .because("its answer is a function of the sum of its leaves"));
        }
        EnsembleTask::Isolation(score) => isolation(ensemble, score)?,
        EnsembleTask::Classification { classes, link } => classification(ensemble, classes, *link)?,
    };
    let version = |domain: &str, version: i64| Message::default().text(1, domain).integer(2, version);
    let names = serde_json::Value::from(ensemble.feature_names.clone()).to_string();
    let note = |key: &str, value: &str| Message::default().text(1, key).text(2, value);
    let mut model = Message::default()
        .integer(1, FORMAT_VERSION)
        .text(2, "hivectl")
        .text(3, env!("CARGO_PKG_VERSION"))
        .message(7, graph)
        .message(8, version("", OPERATOR_VERSION))
        .message(8, version(TREE_DOMAIN, TREE_VERSION))
        .message(14, note("feature_names", &names));
    if let EnsembleTask::Isolation(score) = &ensemble.task {
        model = model.message(14, note("subsample", &score.subsample.to_string())).message(14, note("offset", &score.offset.to_string()));
        if let Some(contamination) = score.contamination {
            model = model.message(14, note("contamination", &contamination.to_string()));
        }
    }
    Ok(model.into_bytes())
}

fn regression(ensemble: &TreeEnsemble) -> Message {
    let trees = tree_node("TreeEnsembleRegressor", &["variable"], ensemble).attributes(regressor_attributes(ensemble));
    graph("regression", ensemble, [trees.finish()], [], vec![output("variable", FLOAT, &[None, Some(1)])])
}

/// `score = -2^(-path / c)`, and the label by comparing it with the offset.
fn isolation(ensemble: &TreeEnsemble, score: &IsolationScore) -> Result<Message> {
    let average = average_path_length(score.subsample);
    if average == 0.0 {
        return Err(
            Error::new(ErrorKind::Usage, "cannot write this isolation forest as ONNX").because("its trees were grown on one row each")
        );
    }
    let trees = tree_node("TreeEnsembleRegressor", &["path_length"], ensemble).attributes(regressor_attributes(ensemble));
    let nodes = [
        trees.finish(),
        Node::new("", "Cast", &["path_length"], &["path_length_wide"]).integer("to", DOUBLE).finish(),
        Node::new("", "Mul", &["path_length_wide", "minus_per_average"], &["exponent"]).finish(),
        Node::new("", "Pow", &["two", "exponent"], &["anomaly_score"]).finish(),
        Node::new("", "Neg", &["anomaly_score"], &["score_samples"]).finish(),
        Node::new("", "Less", &["score_samples", "offset"], &["is_anomaly"]).finish(),
        Node::new("", "Where", &["is_anomaly", MARKED, "normal"], &["label"]).finish(),
    ];
    let constants = [
        tensor("minus_per_average", DOUBLE, &[], &(-1.0 / average).to_le_bytes()),
        tensor("two", DOUBLE, &[], &2f64.to_le_bytes()),
        tensor("offset", DOUBLE, &[], &(score.offset - SCORE_MARGIN).to_le_bytes()),
        tensor(MARKED, INT64, &[], &(-1i64).to_le_bytes()),
        tensor("normal", INT64, &[], &1i64.to_le_bytes()),
    ];
    Ok(graph("isolation", ensemble, nodes, constants, vec![output("label", INT64, &[None, Some(1)])]))
}

/// Labels as ONNX holds them.
enum Labels {
    Whole(Vec<i64>),
    Texts(Vec<String>),
}

impl Labels {
    /// The attribute whose name begins so.
    fn attribute(&self, name: &str) -> Message {
        match self {
            Labels::Whole(labels) => attribute(&format!("{name}_int64s"), 7).integers(8, labels.iter().copied()),
            Labels::Texts(labels) => attribute(&format!("{name}_strings"), 8).texts(9, labels.iter().map(String::as_str)),
        }
    }
}

/// Errors: labels that are neither whole numbers nor texts.
fn labels(classes: &[ClassLabel]) -> Result<Labels> {
    let whole = |class: &ClassLabel| class.number().filter(|number| number.fract() == 0.0 && number.abs() <= 1e15);
    let text = |class: &ClassLabel| if let ClassLabel::Text(text) = class { Some(text.clone()) } else { None };
    if let Some(labels) = classes.iter().map(whole).collect::<Option<Vec<f64>>>() {
        return Ok(Labels::Whole(labels.into_iter().map(|label| label as i64).collect()));
    }
    classes.iter().map(text).collect::<Option<Vec<String>>>().map(Labels::Texts).ok_or_else(|| {
        Error::new(ErrorKind::Usage, "cannot write this classifier as ONNX").because("its classes are neither whole numbers nor texts")
    })
}

fn classification(ensemble: &TreeEnsemble, classes: &[ClassLabel], link: LinkFunction) -> Result<Message> {
    let labels = labels(classes)?;
    // The classifier has no mean: the leaves carry the division.
    let share = match ensemble.aggregation {
        Aggregation::Mean => 1.0 / ensemble.trees.len() as f64,
        Aggregation::Sum | Aggregation::SumFromBase => 1.0,
    };
    let value = |tree: &Tree, node: usize, output: usize| tree.value[node * ensemble.outputs + output] * share;
    let two = classes.len() == 2;
    let trees = tree_node("TreeEnsembleClassifier", &[if two { "place" } else { "label" }, "probabilities"], ensemble);
    let (trees, transform) = match link {
        LinkFunction::Step | LinkFunction::Margin => {
            return Err(Error::new(ErrorKind::Usage, "cannot write this ensemble as ONNX")
                .because("its margins become no probabilities, and those of the operator for trees do"));
        }
        LinkFunction::Logistic if ensemble.outputs > 1 => {
            return Err(Error::new(ErrorKind::Usage, "cannot write this ensemble as ONNX")
                .because("each class has a probability of its own, and those of the operator for trees add up to 1"));
        }
        // One margin for two classes is written as two, of which the first is 0: 1 / (1 + e^-x) is
        // e^x / (e^0 + e^x). Given one, ONNX Runtime guesses from the signs whether it is a probability; and it adds the
        // base of the second class to the sum of the first, so that the first tree carries it.
        LinkFunction::Logistic => {
            let base = |tree: &Tree| if std::ptr::eq(tree, &ensemble.trees[0]) { ensemble.base[0] } else { 0.0 };
            let margin = |tree: &Tree, node: usize, output: usize| if output == 0 { 0.0 } else { value(tree, node, 0) + base(tree) };
            (trees.attributes(leaf_attributes(ensemble, "class", 2, margin)), "SOFTMAX")
        }
        // Two probabilities are written as the second one: of two sums ONNX Runtime takes the sign for the label.
        LinkFunction::Identity if two && ensemble.base.iter().all(|&base| base == 0.0) => {
            let second = |tree: &Tree, node: usize, _: usize| value(tree, node, ensemble.outputs - 1);
            (trees.attributes(leaf_attributes(ensemble, "class", 1, second)), "NONE")
        }
        LinkFunction::Identity | LinkFunction::Softmax => {
            let trees = trees.attributes(leaf_attributes(ensemble, "class", ensemble.outputs, value)).attributes(base_attribute(ensemble));
            (trees, if link == LinkFunction::Softmax { "SOFTMAX" } else { "NONE" })
        }
    };
    let trees = trees.attribute(attribute("post_transform", 3).text(4, transform));
    // Two classes are told by their place first: ONNX Runtime calls them 0 and 1 whatever their names are.
    let told = if two { Labels::Whole(vec![0, 1]).attribute("classlabels") } else { labels.attribute("classlabels") };
    let mut nodes = vec![trees.attribute(told).finish()];
    if two {
        let names = Node::new(TREE_DOMAIN, "LabelEncoder", &["place"], &["label"])
            .attribute(attribute("keys_int64s", 7).integers(8, [0, 1]))
            .attribute(labels.attribute("values"));
        nodes.push(names.finish());
    }
    let label_kind = if matches!(labels, Labels::Whole(_)) { INT64 } else { STRING };
    let outputs = vec![output("label", label_kind, &[None]), output("probabilities", FLOAT, &[None, Some(classes.len() as i64)])];
    Ok(graph("classification", ensemble, nodes, [], outputs))
}

fn graph<const C: usize>(
    name: &str,
    ensemble: &TreeEnsemble,
    nodes: impl IntoIterator<Item = Message>,
    constants: [Message; C],
    outputs: Vec<Message>,
) -> Message {
    let widen = (ensemble.precision != Precision::Single).then(widen);
    let mut graph = widen.into_iter().chain(nodes).fold(Message::default(), |graph, node| graph.message(1, node)).text(2, name);
    graph = constants.into_iter().fold(graph, |graph, constant| graph.message(5, constant));
    graph = graph.message(11, output("X", FLOAT, &[None, Some(ensemble.features() as i64)]));
    outputs.into_iter().fold(graph, |graph, output| graph.message(12, output))
}

/// The input in 64 bits.
fn widen() -> Message {
    Node::new("", "Cast", &["X"], &["X_wide"]).integer("to", DOUBLE).finish()
}

struct Node {
    message: Message,
    domain: &'static str,
}

impl Node {
    fn new(domain: &'static str, operator: &str, inputs: &[&str], outputs: &[&str]) -> Node {
        let message = Message::default().texts(1, inputs.iter().copied()).texts(2, outputs.iter().copied());
        Node { message: message.text(3, outputs[0]).text(4, operator), domain }
    }

    fn attribute(mut self, attribute: Message) -> Node {
        self.message = self.message.message(5, attribute);
        self
    }

    fn attributes(self, attributes: Vec<Message>) -> Node {
        attributes.into_iter().fold(self, Node::attribute)
    }

    fn integer(self, name: &str, value: i64) -> Node {
        self.attribute(attribute(name, 2).integer(3, value))
    }

    fn finish(self) -> Message {
        if self.domain.is_empty() { self.message } else { self.message.text(7, self.domain) }
    }
}

/// An attribute that waits for its value; the kinds are ONNX's numbers (2 whole number, 3 text,
/// 4 tensor, 7 whole numbers, 8 texts).
fn attribute(name: &str, kind: i64) -> Message {
    Message::default().text(1, name).integer(20, kind)
}

/// A constant; `data` is little-endian.
fn tensor(name: &str, kind: i64, shape: &[i64], data: &[u8]) -> Message {
    shape.iter().fold(Message::default(), |tensor, &length| tensor.integer(1, length)).integer(2, kind).text(8, name).bytes(9, data)
}

/// Numbers as wide as the trees add.
fn numbers(ensemble: &TreeEnsemble, name: &str, values: impl Iterator<Item = f64>) -> Message {
    let (kind, size, data): (_, _, Vec<u8>) = match ensemble.precision {
        Precision::Single => (FLOAT, 4, values.flat_map(|value| (value as f32).to_le_bytes()).collect()),
        Precision::SingleValues | Precision::Double => (DOUBLE, 8, values.flat_map(f64::to_le_bytes).collect()),
    };
    attribute(name, 4).message(5, tensor(name, kind, &[data.len() as i64 / size], &data))
}

/// A named input or output; `None` is any number of rows.
fn output(name: &str, kind: i64, shape: &[Option<i64>]) -> Message {
    let dimension = |length: &Option<i64>| match length {
        Some(length) => Message::default().integer(1, *length),
        None => Message::default().text(2, "rows"),
    };
    let shape = shape.iter().fold(Message::default(), |shape, length| shape.message(1, dimension(length)));
    let tensor = Message::default().integer(1, kind).message(2, shape);
    Message::default().text(1, name).message(2, Message::default().message(1, tensor))
}

/// A tree operator with all nodes of all trees.
fn tree_node(operator: &str, outputs: &[&str], ensemble: &TreeEnsemble) -> Node {
    let mode = |tree: &Tree, node: usize| match (tree.is_leaf(node), ensemble.comparison) {
        (true, _) => "LEAF",
        (false, ThresholdComparison::LessOrEqual) => "BRANCH_LEQ",
        (false, ThresholdComparison::Less) => "BRANCH_LT",
    };
    let integers = |name: &str, each: &dyn Fn(usize, &Tree, usize) -> i64| {
        attribute(name, 7).integers(8, nodes_of(ensemble).map(|(number, tree, node)| each(number, tree, node)))
    };
    let split = |tree: &Tree, node: usize, value: u32| if tree.is_leaf(node) { 0 } else { i64::from(value) };
    let input = if ensemble.precision == Precision::Single { "X" } else { "X_wide" };
    Node::new(TREE_DOMAIN, operator, &[input], outputs)
        .attribute(integers("nodes_treeids", &|number, _, _| number as i64))
        .attribute(integers("nodes_nodeids", &|_, _, node| node as i64))
        .attribute(integers("nodes_featureids", &|_, tree, node| split(tree, node, tree.feature[node])))
        .attribute(attribute("nodes_modes", 8).texts(9, nodes_of(ensemble).map(|(_, tree, node)| mode(tree, node))))
        .attribute(numbers(
            ensemble,
            "nodes_values_as_tensor",
            nodes_of(ensemble).map(|(_, tree, node)| if tree.is_leaf(node) { 0.0 } else { threshold(ensemble, tree.threshold[node]) }),
        ))
        .attribute(integers("nodes_truenodeids", &|_, tree, node| split(tree, node, tree.left[node])))
        .attribute(integers("nodes_falsenodeids", &|_, tree, node| split(tree, node, tree.right[node])))
        .attribute(integers("nodes_missing_value_tracks_true", &|_, tree, node| split(tree, node, u32::from(tree.missing_left[node]))))
}

/// The threshold that compares in 64 bits as the ensemble does.
fn threshold(ensemble: &TreeEnsemble, threshold: f64) -> f64 {
    ensemble.precision.threshold(threshold)
}

fn nodes_of(ensemble: &TreeEnsemble) -> impl Iterator<Item = (usize, &Tree, usize)> {
    ensemble.trees.iter().enumerate().flat_map(|(number, tree)| (0..tree.len()).map(move |node| (number, tree, node)))
}

fn regressor_attributes(ensemble: &TreeEnsemble) -> Vec<Message> {
    let aggregate = match ensemble.aggregation {
        Aggregation::Mean => "AVERAGE",
        Aggregation::Sum | Aggregation::SumFromBase => "SUM",
    };
    let mut attributes =
        leaf_attributes(ensemble, "target", ensemble.outputs, |tree, node, output| tree.value[node * ensemble.outputs + output]);
    attributes.extend(base_attribute(ensemble));
    attributes.push(attribute("n_targets", 2).integer(3, ensemble.outputs as i64));
    attributes.push(attribute("aggregate_function", 3).text(4, aggregate));
    attributes.push(attribute("post_transform", 3).text(4, "NONE"));
    attributes
}

fn base_attribute(ensemble: &TreeEnsemble) -> Vec<Message> {
    if ensemble.base.iter().all(|&base| base == 0.0) {
        return Vec::new();
    }
    vec![numbers(ensemble, "base_values_as_tensor", ensemble.base.iter().copied())]
}

/// What the leaves give: one entry for each leaf and output, under the names `{prefix}_…`.
fn leaf_attributes(ensemble: &TreeEnsemble, prefix: &str, outputs: usize, value: impl Fn(&Tree, usize, usize) -> f64) -> Vec<Message> {
    let leaves = || {
        let leaves = nodes_of(ensemble).filter(|(_, tree, node)| tree.is_leaf(*node));
        leaves.flat_map(move |(number, tree, node)| (0..outputs).map(move |output| (number, tree, node, output)))
    };
    vec![
        attribute(&format!("{prefix}_treeids"), 7).integers(8, leaves().map(|(number, _, _, _)| number as i64)),
        attribute(&format!("{prefix}_nodeids"), 7).integers(8, leaves().map(|(_, _, node, _)| node as i64)),
        attribute(&format!("{prefix}_ids"), 7).integers(8, leaves().map(|(_, _, _, output)| output as i64)),
        numbers(ensemble, &format!("{prefix}_weights_as_tensor"), leaves().map(|(_, tree, node, output)| value(tree, node, output))),
    ]
}
