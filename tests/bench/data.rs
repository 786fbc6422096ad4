//! Parquet in, a feature matrix out: the Rust twin of ../shared/bench/features.py.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch, types};
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// What benches may fail with: told to a person, never inspected.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A feature matrix with its target, and labels where the file has some.
pub struct Matrix {
    pub names: Vec<String>,
    pub columns: Vec<Vec<f32>>,
    pub target: Vec<f64>,
    pub label: Option<Vec<bool>>,
}

impl Matrix {
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(self.target.len(), Vec::len)
    }

    /// The rows of `indices`, in that order.
    pub fn rows_of(&self, indices: &[usize]) -> Matrix {
        Matrix {
            names: self.names.clone(),
            columns: self.columns.iter().map(|column| indices.iter().map(|&row| column[row]).collect()).collect(),
            target: if self.target.is_empty() { Vec::new() } else { indices.iter().map(|&row| self.target[row]).collect() },
            label: self.label.as_ref().map(|label| indices.iter().map(|&row| label[row]).collect()),
        }
    }
}

/// Names that are never features.
const NOT_FEATURES: [&str; 3] = ["ticket_id", "created_at", "completed_at"];

/// Reads a file as the benches of the peers do: flat tickets become the 15 reference features, anything
/// else keeps its numeric columns. `features` keeps only those named.
pub fn load(path: &Path, rows: Option<usize>, target: &str, label: &str, features: &[String]) -> Outcome<Matrix> {
    let mut table = Table::read(path, rows)?;
    let mut matrix = if table.texts.contains_key("task_type") { tickets(&mut table, target)? } else { numeric(&mut table, target, label) };
    if let Some(label) = table.numbers.remove(label) {
        matrix.label = Some(label.into_iter().map(|value| value > 0.5).collect());
    }
    if !features.is_empty() {
        let kept: Outcome<Vec<usize>> = features
            .iter()
            .map(|name| {
                matrix
                    .names
                    .iter()
                    .position(|known| known == name)
                    .ok_or_else(|| format!("no feature {name:?}; there are {}", matrix.names.join(", ")).into())
            })
            .collect();
        let kept = kept?;
        matrix.columns = kept.iter().map(|&index| std::mem::take(&mut matrix.columns[index])).collect();
        matrix.names = features.to_vec();
    }
    Ok(matrix)
}

/// All columns of a file in memory.
struct Table {
    order: Vec<String>,
    numbers: HashMap<String, Vec<f64>>,
    texts: HashMap<String, Texts>,
}

/// A column of few texts.
#[derive(Default)]
struct Texts {
    known: Vec<String>,
    codes: Vec<u8>,
}

impl Texts {
    fn push(&mut self, text: &str) -> Outcome<()> {
        let code = match self.known.iter().position(|known| known == text) {
            Some(code) => code,
            None => {
                self.known.push(text.to_owned());
                self.known.len() - 1
            }
        };
        self.codes.push(u8::try_from(code).map_err(|_| "more than 256 different texts in a column")?);
        Ok(())
    }

    /// Each row's number by its text.
    fn map(&self, numbers: &[(&str, f32)]) -> Vec<f32> {
        let table: Vec<f32> =
            self.known.iter().map(|text| numbers.iter().find(|(name, _)| name == text).map_or(f32::NAN, |&(_, number)| number)).collect();
        self.codes.iter().map(|&code| table[usize::from(code)]).collect()
    }
}

impl Table {
    fn read(path: &Path, rows: Option<usize>) -> Outcome<Self> {
        let mut builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
        let usable: Vec<usize> = builder
            .schema()
            .fields()
            .iter()
            .enumerate()
            .filter(|(_, field)| is_usable(field.name(), field.data_type()))
            .map(|(index, _)| index)
            .collect();
        let mask = ProjectionMask::roots(builder.parquet_schema(), usable);
        builder = builder.with_projection(mask).with_batch_size(65_536);
        if let Some(rows) = rows {
            builder = builder.with_limit(rows);
        }
        let mut table = Table { order: Vec::new(), numbers: HashMap::new(), texts: HashMap::new() };
        for batch in builder.build()? {
            table.push(&batch?)?;
        }
        Ok(table)
    }

    fn push(&mut self, batch: &RecordBatch) -> Outcome<()> {
        for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
            if !self.order.contains(field.name()) {
                self.order.push(field.name().clone());
            }
            if is_text(field.data_type()) {
                let texts = self.texts.entry(field.name().clone()).or_default();
                each_text(array, |text| texts.push(text))?;
            } else {
                let numbers = self.numbers.entry(field.name().clone()).or_default();
                each_number(array, |number| numbers.push(number));
            }
        }
        Ok(())
    }
}

fn is_usable(name: &str, data_type: &DataType) -> bool {
    name != "ticket_id"
        && (data_type.is_numeric() || is_text(data_type) || matches!(data_type, DataType::Boolean | DataType::Timestamp(_, _)))
}

fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8)
        || matches!(data_type, DataType::Dictionary(_, value) if **value == DataType::Utf8 || **value == DataType::LargeUtf8)
}

fn each_text(array: &ArrayRef, mut take: impl FnMut(&str) -> Outcome<()>) -> Outcome<()> {
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        let texts: Vec<&str> = match dictionary.values().data_type() {
            DataType::LargeUtf8 => dictionary.values().as_string::<i64>().iter().map(Option::unwrap_or_default).collect(),
            _ => dictionary.values().as_string::<i32>().iter().map(Option::unwrap_or_default).collect(),
        };
        return dictionary.normalized_keys().into_iter().try_for_each(|key| take(texts[key]));
    }
    match array.data_type() {
        DataType::LargeUtf8 => array.as_string::<i64>().iter().try_for_each(|text| take(text.unwrap_or_default())),
        _ => array.as_string::<i32>().iter().try_for_each(|text| take(text.unwrap_or_default())),
    }
}

fn each_number(array: &ArrayRef, mut take: impl FnMut(f64)) {
    macro_rules! primitive {
        ($type:ty) => {
            array.as_primitive::<$type>().iter().for_each(|value| take(value.map_or(f64::NAN, |value| value as f64)))
        };
    }
    match array.data_type() {
        DataType::Boolean => array.as_boolean().iter().for_each(|value| take(value.map_or(f64::NAN, f64::from))),
        DataType::Int8 => primitive!(Int8Type),
        DataType::Int16 => primitive!(Int16Type),
        DataType::Int32 => primitive!(Int32Type),
        DataType::Int64 => primitive!(Int64Type),
        DataType::UInt8 => primitive!(UInt8Type),
        DataType::UInt16 => primitive!(UInt16Type),
        DataType::UInt32 => primitive!(UInt32Type),
        DataType::UInt64 => primitive!(UInt64Type),
        DataType::Float32 => primitive!(Float32Type),
        DataType::Timestamp(TimeUnit::Second, _) => array
            .as_primitive::<types::TimestampSecondType>()
            .iter()
            .for_each(|value| take(value.map_or(f64::NAN, |value| value as f64 * 1e3))),
        DataType::Timestamp(TimeUnit::Millisecond, _) => primitive!(types::TimestampMillisecondType),
        DataType::Timestamp(TimeUnit::Microsecond, _) => array
            .as_primitive::<types::TimestampMicrosecondType>()
            .iter()
            .for_each(|value| take(value.map_or(f64::NAN, |value| value as f64 / 1e3))),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => array
            .as_primitive::<types::TimestampNanosecondType>()
            .iter()
            .for_each(|value| take(value.map_or(f64::NAN, |value| value as f64 / 1e6))),
        _ => primitive!(Float64Type),
    }
}

fn numeric(table: &mut Table, target: &str, label: &str) -> Matrix {
    let names: Vec<String> = table
        .order
        .iter()
        .filter(|name| table.numbers.contains_key(*name) && *name != target && *name != label && !NOT_FEATURES.contains(&name.as_str()))
        .cloned()
        .collect();
    let columns = names
        .iter()
        .filter_map(|name| table.numbers.remove(name))
        .map(|column| column.into_iter().map(|value| value as f32).collect())
        .collect();
    Matrix { names, columns, target: table.numbers.remove(target).unwrap_or_default(), label: None }
}

/// The 15 features of the running system, history over the whole file as in features.py.
fn tickets(table: &mut Table, target: &str) -> Outcome<Matrix> {
    let target = table.numbers.remove(target).ok_or_else(|| format!("no column {target:?}"))?;
    let text = |name: &str| table.texts.get(name).ok_or_else(|| format!("no column {name:?}"));
    let number = |name: &str| table.numbers.get(name).ok_or_else(|| format!("no column {name:?}"));
    let (task, risk, status) = (text("task_type")?, text("risk_band")?, text("status")?);
    let done = status.map(&[("COMPLETED", 1.0)]);
    let mut groups: HashMap<(u8, u8), [f64; 4]> = HashMap::new();
    let keys = || task.codes.iter().copied().zip(risk.codes.iter().copied());
    for ((key, &duration), done) in keys().zip(&target).zip(&done) {
        let group = groups.entry(key).or_default();
        group[0] += 1.0;
        group[1] += duration;
        group[2] += if done.is_nan() { 0.0 } else { 1.0 };
    }
    for (key, &duration) in keys().zip(&target) {
        let group = groups.entry(key).or_default();
        group[3] += (duration - group[1] / group[0]).powi(2);
    }
    let history = |of: fn(&[f64; 4]) -> f64| -> Vec<f32> {
        let table: HashMap<(u8, u8), f32> = groups.iter().map(|(&key, group)| (key, of(group) as f32)).collect();
        keys().map(|key| table[&key]).collect()
    };
    let plain = |name: &str| -> Outcome<Vec<f32>> { Ok(number(name)?.iter().map(|&value| value as f32).collect()) };
    let named: Vec<(&str, Vec<f32>)> = vec![
        ("risk_weight", risk.map(&[("critical", 1.0), ("high", 0.7), ("medium", 0.5), ("low", 0.3)])),
        ("qos_delivery_score", text("qos_delivery_mode")?.map(&[("at_least_once", 0.5), ("at_most_once", 0.6), ("exactly_once", 1.0)])),
        ("qos_consistency_score", text("qos_consistency")?.map(&[("eventual", 0.85), ("strong", 1.0), ("causal", 0.95)])),
        ("qos_durability_score", text("qos_durability")?.map(&[("ephemeral", 0.9), ("transient", 0.9), ("persistent", 1.0)])),
        ("capabilities_count", plain("capability_count")?),
        (
            "task_type_encoded",
            task.map(&[
                ("BUILD", 0.0),
                ("DEPLOY", 1.0),
                ("TEST", 2.0),
                ("VALIDATE", 3.0),
                ("EXECUTE", 4.0),
                ("PLAN", 5.0),
                ("CONSOLIDATE", 6.0),
            ]),
        ),
        ("parameters_size", plain("parameters_size")?),
        ("estimated_duration_ms", plain("estimated_duration_ms")?),
        ("sla_timeout_ms", plain("sla_timeout_ms")?),
        ("avg_duration_by_task", history(|group| group[1] / group[0])),
        ("avg_duration_by_risk", history(|group| group[1] / group[0])),
        ("success_rate_by_task", history(|group| group[2] / group[0])),
        ("std_duration_by_task", history(|group| (group[3] / group[0]).sqrt())),
        ("retry_count", plain("retry_count")?),
        ("hour_of_day", number("created_at")?.iter().map(|&ms| ((ms / 3_600_000.0).floor() % 24.0) as f32).collect()),
    ];
    let (names, columns) = named.into_iter().map(|(name, column)| (name.to_owned(), column)).unzip();
    Ok(Matrix { names, columns, target, label: None })
}

/// Training and holdout rows, the very ones that features.py's `split` picks: the last fifth by time, or
/// the first fifth of numpy's permutation with seed 42.
pub fn split(rows: usize, by_time: bool) -> (Vec<usize>, Vec<usize>) {
    if by_time {
        let cut = (rows as f64 * 0.8) as usize;
        return ((0..cut).collect(), (cut..rows).collect());
    }
    let mut order: Vec<usize> = (0..rows).collect();
    let mut generator = Pcg64::seed_42();
    for last in (1..rows).rev() {
        order.swap(last, generator.below_or_equal(last as u64));
    }
    let cut = (rows as f64 * 0.2) as usize;
    (order[cut..].to_vec(), order[..cut].to_vec())
}

/// numpy's default generator (PCG XSL RR 128/64) as `default_rng(42)` starts it.
struct Pcg64 {
    state: u128,
    half: Option<u32>,
}

impl Pcg64 {
    const INCREMENT: u128 = 332_724_090_758_049_132_448_979_897_138_935_081_983;
    const MULTIPLIER: u128 = 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645;

    fn seed_42() -> Self {
        Pcg64 { state: 274_674_114_334_540_486_603_088_602_300_644_985_544, half: None }
    }

    fn next_u32(&mut self) -> u32 {
        if let Some(half) = self.half.take() {
            return half;
        }
        self.state = self.state.wrapping_mul(Self::MULTIPLIER).wrapping_add(Self::INCREMENT);
        let folded = (self.state >> 64) as u64 ^ self.state as u64;
        let word = folded.rotate_right((self.state >> 122) as u32);
        self.half = Some((word >> 32) as u32);
        word as u32
    }

    /// Uniform in `0..=most` by masked rejection, `most` below 2^32.
    fn below_or_equal(&mut self, most: u64) -> usize {
        let mask = (1u64 << (64 - most.leading_zeros())) - 1;
        loop {
            let value = u64::from(self.next_u32()) & mask;
            if value <= most {
                return value as usize;
            }
        }
    }
}
