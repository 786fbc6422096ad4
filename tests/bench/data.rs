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

    /// Training and holdout rows as [`split`] picks them; each column is given up as it is copied.
    pub fn split(self, by_time: bool) -> (Matrix, Matrix) {
        let (train, holdout) = split(self.rows(), by_time);
        let part = || Matrix { names: self.names.clone(), columns: Vec::new(), target: Vec::new(), label: None };
        let (mut of_train, mut of_holdout) = (part(), part());
        for column in self.columns {
            of_train.columns.push(train.iter().map(|&row| column[row as usize]).collect());
            of_holdout.columns.push(holdout.iter().map(|&row| column[row as usize]).collect());
        }
        of_train.target = train.iter().map(|&row| self.target[row as usize]).collect();
        of_holdout.target = holdout.iter().map(|&row| self.target[row as usize]).collect();
        (of_train, of_holdout)
    }
}

/// Names that are never features.
const NOT_FEATURES: [&str; 3] = ["ticket_id", "created_at", "completed_at"];

/// Reads a file as the benches of the peers do: flat tickets become the 15 reference features, anything
/// else keeps its numeric columns. `features` keeps only those named.
pub fn load(path: &Path, rows: Option<usize>, target: &str, label: &str, features: &[String]) -> Outcome<Matrix> {
    let mut table = Table::read(path, rows, target)?;
    let mut matrix = if table.texts.contains_key("task_type") { tickets(&mut table, target)? } else { numeric(&mut table, target, label) };
    if let Some(label) = table.numbers.remove(label) {
        matrix.label = Some(label.single().into_iter().map(|value| value > 0.5).collect());
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

fn open(path: &Path) -> Outcome<ParquetRecordBatchReaderBuilder<File>> {
    let name = path.display();
    let file = File::open(path).map_err(|source| format!("cannot open {name}: {source}"))?;
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|source| {
        let hint = format!("hivectl ml dataset features --tickets {name} --window-days 40000 --out matrix.parquet");
        format!("{name} is no Parquet file ({source}); of a ticket file one is made by: {hint}").into()
    })
}

/// One column of numbers, in the order of the file.
pub fn target(path: &Path, rows: Option<usize>, name: &str) -> Outcome<Vec<f64>> {
    let mut builder = open(path)?;
    let column = builder.schema().index_of(name)?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), [column]);
    builder = builder.with_projection(mask);
    if let Some(rows) = rows {
        builder = builder.with_limit(rows);
    }
    let mut numbers = Vec::new();
    for batch in builder.build()? {
        each_number(batch?.column(0), |number| numbers.push(number));
    }
    Ok(numbers)
}

/// The columns of a file in memory.
struct Table {
    order: Vec<String>,
    numbers: HashMap<String, Numbers>,
    texts: HashMap<String, Texts>,
}

/// A column of numbers, in the precision it is used in.
enum Numbers {
    Single(Vec<f32>),
    Double(Vec<f64>),
}

impl Numbers {
    fn push(&mut self, number: f64) {
        match self {
            Numbers::Single(numbers) => numbers.push(number as f32),
            Numbers::Double(numbers) => numbers.push(number),
        }
    }

    fn single(self) -> Vec<f32> {
        match self {
            Numbers::Single(numbers) => numbers,
            Numbers::Double(numbers) => numbers.into_iter().map(|number| number as f32).collect(),
        }
    }

    fn double(self) -> Vec<f64> {
        match self {
            Numbers::Single(numbers) => numbers.into_iter().map(f64::from).collect(),
            Numbers::Double(numbers) => numbers,
        }
    }
}

/// What is read of a file of flat tickets.
const TICKET_COLUMNS: [&str; 12] = [
    "task_type",
    "risk_band",
    "status",
    "qos_delivery_mode",
    "qos_consistency",
    "qos_durability",
    "capability_count",
    "parameters_size",
    "estimated_duration_ms",
    "sla_timeout_ms",
    "retry_count",
    "created_at",
];

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
    fn read(path: &Path, rows: Option<usize>, target: &str) -> Outcome<Self> {
        let mut builder = open(path)?;
        let fields = builder.schema().fields().clone();
        let is_tickets = fields.iter().any(|field| field.name() == "task_type");
        let wanted = |name: &str| !is_tickets || name == target || name == "is_anomaly" || TICKET_COLUMNS.contains(&name);
        let usable = fields
            .iter()
            .enumerate()
            .filter(|(_, field)| wanted(field.name()) && is_usable(field.name(), field.data_type()))
            .map(|(index, _)| index);
        let mask = ProjectionMask::roots(builder.parquet_schema(), usable);
        builder = builder.with_projection(mask).with_batch_size(65_536);
        if let Some(rows) = rows {
            builder = builder.with_limit(rows);
        }
        let mut table = Table { order: Vec::new(), numbers: HashMap::new(), texts: HashMap::new() };
        for name in [target, "created_at"] {
            table.numbers.insert(name.to_owned(), Numbers::Double(Vec::new()));
        }
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
                let numbers = self.numbers.entry(field.name().clone()).or_insert_with(|| Numbers::Single(Vec::new()));
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
    let columns = names.iter().filter_map(|name| table.numbers.remove(name)).map(Numbers::single).collect();
    Matrix { names, columns, target: table.numbers.remove(target).map(Numbers::double).unwrap_or_default(), label: None }
}

/// The 15 features of the running system, history over the whole file as in features.py.
fn tickets(table: &mut Table, target: &str) -> Outcome<Matrix> {
    let mut number = |name: &str| table.numbers.remove(name).ok_or_else(|| format!("no column {name:?}"));
    let target = number(target)?.double();
    let [capabilities, size, estimate, sla, retries] =
        ["capability_count", "parameters_size", "estimated_duration_ms", "sla_timeout_ms", "retry_count"].map(&mut number);
    let hour = number("created_at")?.double().into_iter().map(|ms| ((ms / 3_600_000.0).floor() % 24.0) as f32).collect();
    let text = |name: &str| table.texts.get(name).ok_or_else(|| format!("no column {name:?}"));
    let (task, risk) = (text("task_type")?, text("risk_band")?);
    let history = history(task, risk, &text("status")?.map(&[("COMPLETED", 1.0)]), &target);
    let past = |statistic: usize| -> Vec<f32> {
        task.codes.iter().zip(&risk.codes).map(|(&task, &risk)| history[&(task, risk)][statistic] as f32).collect()
    };
    let task_numbers =
        [("BUILD", 0.0), ("DEPLOY", 1.0), ("TEST", 2.0), ("VALIDATE", 3.0), ("EXECUTE", 4.0), ("PLAN", 5.0), ("CONSOLIDATE", 6.0)];
    let named: Vec<(&str, Vec<f32>)> = vec![
        ("risk_weight", risk.map(&[("critical", 1.0), ("high", 0.7), ("medium", 0.5), ("low", 0.3)])),
        ("qos_delivery_score", text("qos_delivery_mode")?.map(&[("at_least_once", 0.5), ("at_most_once", 0.6), ("exactly_once", 1.0)])),
        ("qos_consistency_score", text("qos_consistency")?.map(&[("eventual", 0.85), ("strong", 1.0), ("causal", 0.95)])),
        ("qos_durability_score", text("qos_durability")?.map(&[("ephemeral", 0.9), ("transient", 0.9), ("persistent", 1.0)])),
        ("capabilities_count", capabilities?.single()),
        ("task_type_encoded", task.map(&task_numbers)),
        ("parameters_size", size?.single()),
        ("estimated_duration_ms", estimate?.single()),
        ("sla_timeout_ms", sla?.single()),
        ("avg_duration_by_task", past(0)),
        ("avg_duration_by_risk", past(0)),
        ("success_rate_by_task", past(1)),
        ("std_duration_by_task", past(2)),
        ("retry_count", retries?.single()),
        ("hour_of_day", hour),
    ];
    let (names, columns) = named.into_iter().map(|(name, column)| (name.to_owned(), column)).unzip();
    Ok(Matrix { names, columns, target, label: None })
}

/// Mean duration, share completed and standard deviation by task type and risk band.
fn history(task: &Texts, risk: &Texts, completed: &[f32], target: &[f64]) -> HashMap<(u8, u8), [f64; 3]> {
    let keys = || task.codes.iter().copied().zip(risk.codes.iter().copied());
    let mut sums: HashMap<(u8, u8), [f64; 4]> = HashMap::new();
    for ((key, &duration), completed) in keys().zip(target).zip(completed) {
        let group = sums.entry(key).or_default();
        group[0] += 1.0;
        group[1] += duration;
        group[2] += if completed.is_nan() { 0.0 } else { 1.0 };
    }
    for (key, &duration) in keys().zip(target) {
        let group = sums.entry(key).or_default();
        group[3] += (duration - group[1] / group[0]).powi(2);
    }
    sums.into_iter()
        .map(|(key, [count, sum, completed, squares])| (key, [sum / count, completed / count, (squares / count).sqrt()]))
        .collect()
}

/// Training and holdout rows, the very ones that features.py's `split` picks: the last fifth by time, or
/// the first fifth of numpy's permutation with seed 42.
fn split(rows: usize, by_time: bool) -> (Vec<u32>, Vec<u32>) {
    let mut order: Vec<u32> = (0..rows as u32).collect();
    if by_time {
        let holdout = order.split_off((rows as f64 * 0.8) as usize);
        return (order, holdout);
    }
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
