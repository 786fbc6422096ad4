//! XGBoost's old binary form, written up to version 1.7 (read up to 3.0): the structures of its C++ as they lay in memory.

use std::borrow::Cow;

use base64::Engine as _;

use super::document::{ModelDocument, bad};
use crate::error::Result;
use crate::formats::cursor::Cursor;

/// What a file of this form begins with: the plain form, and the same as base64.
const PLAIN: &[u8] = b"binf";
const AS_TEXT: &[u8] = b"bs64";
/// What a booster in a pickle of 1.0 to 1.5 begins with; the model follows the place of its settings.
const WITH_SETTINGS: &[u8] = b"CONFIG-offset:";

/// Notes in the document that its base score is the margin itself.
pub(super) const BASE_IS_MARGIN: &str = "base_is_margin";

/// Bytes of the structures, with what they keep in reserve.
const LEARNER: usize = 136;
const BOOSTER: usize = 160;
const TREE: usize = 148;
/// Marks a node that was pruned, and in its feature the side of missing values.
const DELETED: u32 = u32::MAX;
const MISSING_LEFT: u32 = 1 << 31;

/// Most nodes, attributes or trees of one model.
const MOST: usize = 100_000_000;

/// Whether these bytes are of this form.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    [PLAIN, AS_TEXT, WITH_SETTINGS].iter().any(|begin| bytes.starts_with(begin)) || names_objective(bytes)
}

/// Whether the sizes of a learner are followed by the names of an objective and of a booster, as in files of 0.90 and before,
/// which begin with the base score itself.
fn names_objective(bytes: &[u8]) -> bool {
    let named = |rest: &[u8]| -> Option<usize> {
        let length = usize::try_from(u64::from_le_bytes(*rest.first_chunk()?)).ok().filter(|length| (1..=40).contains(length))?;
        let name = rest.get(8..8 + length)?;
        name.iter().all(|byte| byte.is_ascii_lowercase() || b":_".contains(byte)).then_some(8 + length)
    };
    let Some(rest) = bytes.get(LEARNER..) else { return false };
    let Some(booster) = named(rest).and_then(|length| rest.get(length..)) else { return false };
    named(booster).is_some_and(|length| [b"gbtree".as_slice(), b"dart", b"gblinear"].contains(&&booster[8..length]))
}

/// Reads the form as the document that the later forms spell.
///
/// Errors: the byte where it ends too early; a count that is larger than the file.
pub(super) fn parse(bytes: &[u8]) -> Result<ModelDocument> {
    let bytes: Cow<'_, [u8]> = match bytes {
        _ if bytes.starts_with(PLAIN) => Cow::Borrowed(&bytes[PLAIN.len()..]),
        _ if bytes.starts_with(WITH_SETTINGS) => {
            let model = bytes.get(WITH_SETTINGS.len() + 8..).unwrap_or_default();
            Cow::Borrowed(model.strip_prefix(PLAIN).unwrap_or(model))
        }
        _ if bytes.starts_with(AS_TEXT) => {
            let text = bytes[AS_TEXT.len()..].trim_ascii();
            let engine = base64::engine::general_purpose::STANDARD;
            Cow::Owned(engine.decode(text).map_err(|error| bad(format_args!("its base64 is broken: {error}")))?)
        }
        _ => Cow::Borrowed(bytes),
    };
    let mut cursor = Cursor::new(&bytes, "XGBoost model");
    let mut learner = Cursor::new(cursor.take(LEARNER)?, "XGBoost model");
    let base_score = f32::from_le_bytes(learner.array()?);
    let (features, classes) = (u32::from_le_bytes(learner.array()?), i32::from_le_bytes(learner.array()?));
    let has_attributes = i32::from_le_bytes(learner.array()?) != 0;
    let _has_metrics: [u8; 4] = learner.array()?;
    // Before 1.0 no version stood there, and the base was kept as the margin.
    let version = [u32::from_le_bytes(learner.array()?), u32::from_le_bytes(learner.array()?)];
    let is_margin = version[0] < 1;
    // Of models of several targets, since 1.6; in reserve before.
    let targets = u32::from_le_bytes(learner.array()?);
    let (objective, booster) = (text(&mut cursor)?, text(&mut cursor)?);
    if booster != "gbtree" && booster != "dart" {
        // Said by who reads the document, as of every form.
        let parameters = [("base_score", "0.5"), ("num_feature", "0"), ("num_class", "0")];
        let learner = ModelDocument::map([
            ("gradient_booster", ModelDocument::map([("name", ModelDocument::Text(booster)), ("model", ModelDocument::map([]))])),
            ("learner_model_param", ModelDocument::map(parameters.map(|(key, value)| (key, ModelDocument::text(value))))),
            ("objective", ModelDocument::map([("name", ModelDocument::Text(objective))])),
        ]);
        return Ok(ModelDocument::map([("learner", learner)]));
    }
    let mut sizes = Cursor::new(cursor.take(BOOSTER)?, "XGBoost model");
    // Before 1.3 the second was the number of roots, which was 1.
    let (trees, parallel) = (i32::from_le_bytes(sizes.array()?), i32::from_le_bytes(sizes.array()?));
    let count = usize::try_from(trees)
        .ok()
        .filter(|&trees| trees <= cursor.remaining() / TREE)
        .ok_or_else(|| bad(format_args!("{trees} trees")))?;
    let trees = (0..count).map(|_| tree(&mut cursor)).collect::<Result<Vec<_>>>()?;
    let mut groups = Vec::with_capacity(count);
    for _ in 0..count {
        groups.push(i32::from_le_bytes(cursor.array()?));
    }
    let mut gradient_booster = vec![("name", ModelDocument::Text(booster.clone()))];
    let rounds = ModelDocument::map([("num_parallel_tree", ModelDocument::Text(parallel.max(1).to_string()))]);
    let model = ModelDocument::map([
        ("gbtree_model_param", rounds),
        ("trees", ModelDocument::List(trees)),
        ("tree_info", ModelDocument::Integers(groups)),
    ]);
    if booster == "dart" {
        let mut weights = vec![0f32; length(&mut cursor)?.min(count)];
        for weight in &mut weights {
            *weight = f32::from_le_bytes(cursor.array()?);
        }
        gradient_booster.push(("gbtree", ModelDocument::map([("model", model)])));
        gradient_booster.push(("weight_drop", ModelDocument::Floats(weights)));
    } else {
        gradient_booster.push(("model", model));
    }
    let mut attributes = Vec::new();
    if has_attributes {
        for _ in 0..length(&mut cursor)? {
            attributes.push((text(&mut cursor)?, ModelDocument::Text(text(&mut cursor)?)));
        }
    }
    let parameters = ModelDocument::map([
        ("base_score", ModelDocument::Text(base_score.to_string())),
        ("num_feature", ModelDocument::Text(features.to_string())),
        ("num_class", ModelDocument::Text(classes.to_string())),
        ("num_target", ModelDocument::Text(targets.to_string())),
        (BASE_IS_MARGIN, ModelDocument::Boolean(is_margin)),
    ]);
    let learner = ModelDocument::map([
        ("attributes", ModelDocument::Map(attributes)),
        ("gradient_booster", ModelDocument::map(gradient_booster)),
        ("learner_model_param", parameters),
        ("objective", ModelDocument::map([("name", ModelDocument::Text(objective))])),
    ]);
    let version = if is_margin { [0, 90] } else { version };
    let version = ModelDocument::Numbers(version.map(f64::from).to_vec());
    Ok(ModelDocument::map([("learner", learner), ("version", version)]))
}

/// A length of 64 bits, not larger than what is left.
fn length(cursor: &mut Cursor<'_>) -> Result<usize> {
    let length = u64::from_le_bytes(cursor.array()?);
    usize::try_from(length)
        .ok()
        .filter(|&length| length <= cursor.remaining())
        .ok_or_else(|| cursor.fail(format_args!("a length of {length}")))
}

fn text(cursor: &mut Cursor<'_>) -> Result<String> {
    let length = length(cursor)?;
    Ok(String::from_utf8_lossy(cursor.take(length)?).into_owned())
}

/// A tree: its sizes, the nodes, then what is known of each.
fn tree(cursor: &mut Cursor<'_>) -> Result<ModelDocument> {
    let mut sizes = Cursor::new(cursor.take(TREE)?, "XGBoost model");
    let mut size = || Ok::<i32, crate::error::Error>(i32::from_le_bytes(sizes.array()?));
    let (_, nodes, _, _, _, vector) = (size()?, size()?, size()?, size()?, size()?, size()?);
    if vector > 1 {
        return Err(bad("leaves of several numbers"));
    }
    let nodes = usize::try_from(nodes).ok().filter(|&nodes| nodes > 0 && nodes <= MOST.min(cursor.remaining() / 36));
    let nodes = nodes.ok_or_else(|| cursor.fail("a tree of more nodes than the file has"))?;
    let (mut left, mut right, mut features) = (Vec::with_capacity(nodes), Vec::with_capacity(nodes), Vec::with_capacity(nodes));
    let (mut conditions, mut missing_left) = (Vec::with_capacity(nodes), Vec::with_capacity(nodes));
    for _ in 0..nodes {
        let _parent: [u8; 4] = cursor.array()?;
        left.push(i32::from_le_bytes(cursor.array()?));
        right.push(i32::from_le_bytes(cursor.array()?));
        let feature = u32::from_le_bytes(cursor.array()?);
        features.push(if feature == DELETED { 0 } else { (feature & !MISSING_LEFT) as i32 });
        missing_left.push(u8::from(feature & MISSING_LEFT != 0));
        conditions.push(f32::from_le_bytes(cursor.array()?));
    }
    let (mut gains, mut weights, mut values) = (Vec::with_capacity(nodes), Vec::with_capacity(nodes), Vec::with_capacity(nodes));
    for _ in 0..nodes {
        gains.push(f32::from_le_bytes(cursor.array()?));
        weights.push(f32::from_le_bytes(cursor.array()?));
        values.push(f32::from_le_bytes(cursor.array()?));
        let _children: [u8; 4] = cursor.array()?;
    }
    Ok(ModelDocument::map([
        ("left_children", ModelDocument::Integers(left)),
        ("right_children", ModelDocument::Integers(right)),
        ("split_indices", ModelDocument::Integers(features)),
        ("split_conditions", ModelDocument::Floats(conditions)),
        ("default_left", ModelDocument::Bytes(missing_left)),
        ("loss_changes", ModelDocument::Floats(gains)),
        ("sum_hessian", ModelDocument::Floats(weights)),
        ("base_weights", ModelDocument::Floats(values)),
    ]))
}
