//! From columns of numbers to columns of small codes.
//!
//! Each feature is cut into bins; features of few values share a *joint column* whose code stands
//! for their observed combination, so that one histogram serves them all without loss. Codes are
//! stored in 64-bit words, eight narrow (8-bit) or four wide (16-bit) columns a word: the unit that
//! rows are moved in while a tree grows.

use rayon::prelude::*;

use super::instruction_set::InstructionSet;
use super::matrix::Columns;
use super::ranks::{Code, Ranks};

/// Codes of a narrow column.
pub(crate) const NARROW_CODES: usize = 256;

/// Most bins a feature may have; one more code stands for "missing".
pub const MOST_BINS: usize = 65_535;

/// Rows looked at before a merge of two columns is tried on all rows.
const MERGE_SAMPLE: usize = 1024;

/// Rows that quantiles are taken from at most.
const QUANTILE_SAMPLE: usize = 1 << 18;

/// Rows up to which every distinct value is a bin of its own unless the parameters say otherwise.
const EXACT_ROWS: usize = 8_192;

/// Bins of a feature on larger data.
const USUAL_BINS: usize = 255;

/// Bins of a feature where the caller named no number.
pub(crate) fn usual_bins(rows: usize) -> usize {
    if rows <= EXACT_ROWS { MOST_BINS } else { USUAL_BINS }
}

/// Where a feature's values are cut: bin `b` holds the values in `lower[b] ..= upper[b]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FeatureBins {
    lower: Vec<f32>,
    upper: Vec<f32>,
    /// Whether a training value is missing; its code is [`FeatureBins::missing_bin`].
    pub(crate) has_missing: bool,
}

impl FeatureBins {
    /// Number of bins of present values.
    pub(crate) fn len(&self) -> usize {
        self.upper.len()
    }

    /// The bin of missing values, after all others.
    pub(crate) fn missing_bin(&self) -> usize {
        self.upper.len()
    }

    /// Number of codes, the one for missing values included.
    fn codes(&self) -> usize {
        (self.upper.len() + usize::from(self.has_missing)).max(1)
    }

    /// The bin of `value`; values beyond the training range go to the nearest bin.
    fn bin(&self, value: f32) -> usize {
        if value.is_nan() {
            return self.missing_bin();
        }
        self.upper.partition_point(|&upper| upper < value).min(self.upper.len().saturating_sub(1))
    }

    /// The bins of a column of at most 256 codes, `missing` where a value is missing.
    pub(crate) fn codes_of(&self, column: &[f32], missing: u8, codes: &mut [u8]) {
        let ranks = Ranks::new(&self.upper[..self.upper.len().saturating_sub(1)]);
        ranks.rank(InstructionSet::detect(), column, codes);
        if self.has_missing && missing != u8::MISSING {
            codes.iter_mut().zip(column).filter(|(_, value)| value.is_nan()).for_each(|(code, _)| *code = missing);
        }
    }

    /// The cut that sends bins up to `left` to the left and bins from `right` on to the right, where the
    /// bins between do not occur: the last bin that goes left, and the threshold behind it. Of the
    /// boundaries between bins it is the one nearest to the middle of the gap, which sends every training
    /// value where scikit-learn's own threshold, the middle, would send it; so a feature has no more
    /// different thresholds than bins. Where only missing values go right, `right` is the missing bin and
    /// the threshold is infinity.
    pub(crate) fn cut(&self, left: usize, right: usize) -> (usize, f64) {
        let Some(last) = self.upper.len().checked_sub(1).filter(|&last| right <= last) else {
            return (self.upper.len().saturating_sub(1), f64::INFINITY);
        };
        debug_assert!(left < right && right <= last, "bins in order");
        let middle = f64::from(self.upper[left]) / 2.0 + f64::from(self.lower[right]) / 2.0;
        let distance = |bin: &usize| (self.boundary(*bin) - middle).abs();
        let nearest = (left..right).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(left);
        (nearest, self.boundary(nearest))
    }

    /// Midpoint, in 64 bits, of a bin's largest and the next one's smallest value; the former where the
    /// midpoint is not below the latter.
    fn boundary(&self, bin: usize) -> f64 {
        let (low, high) = (f64::from(self.upper[bin]), f64::from(self.lower[bin + 1]));
        let middle = low / 2.0 + high / 2.0;
        if middle >= high || middle.is_infinite() || middle.is_nan() { low } else { middle }
    }

    /// Cuts a column into at most `most` bins; every distinct value gets its own if they are fewer.
    fn of_column(column: &[f32], most: usize) -> Self {
        let has_missing = column.iter().any(|value| value.is_nan());
        if let Some(values) = few_distinct(column, most.min(NARROW_CODES)) {
            return FeatureBins { lower: values.clone(), upper: values, has_missing };
        }
        let stride = column.len().div_ceil(QUANTILE_SAMPLE).max(1);
        let mut keys: Vec<u32> = column.iter().step_by(stride).filter(|value| !value.is_nan()).map(|&value| sortable(value)).collect();
        keys.sort_unstable();
        let counted: Vec<(f32, usize)> = keys.chunk_by(|a, b| a == b).map(|run| (unsortable(run[0]), run.len())).collect();
        let (mut lower, mut upper) = if counted.len() <= most {
            counted.iter().map(|&(value, _)| (value, value)).unzip()
        } else {
            quantiles(&counted, keys.len(), most)
        };
        if stride > 1 {
            close_gaps(&mut lower, &mut upper);
        }
        FeatureBins { lower, upper, has_missing }
    }
}

/// The sorted distinct values of a column, or nothing when there are more than `most`.
fn few_distinct(column: &[f32], most: usize) -> Option<Vec<f32>> {
    const SLOTS: usize = 1024;
    const EMPTY: u32 = u32::MAX; // the key of a NaN, which is skipped
    let mut table = [EMPTY; SLOTS];
    let mut keys = Vec::with_capacity(most + 1);
    for &value in column {
        if value.is_nan() {
            continue;
        }
        let key = sortable(value);
        let mut slot = (key.wrapping_mul(0x9E37_79B1) >> 22) as usize;
        while table[slot] != key {
            if table[slot] == EMPTY {
                if keys.len() == most {
                    return None;
                }
                table[slot] = key;
                keys.push(key);
                break;
            }
            slot = (slot + 1) % SLOTS;
        }
    }
    keys.sort_unstable();
    Some(keys.into_iter().map(unsortable).collect())
}

/// Maps floats to integers of the same order; both zeros to one.
fn sortable(value: f32) -> u32 {
    let bits = (value + 0.0).to_bits();
    if bits >> 31 == 1 { !bits } else { bits | 1 << 31 }
}

fn unsortable(key: u32) -> f32 {
    f32::from_bits(if key >> 31 == 1 { key & !(1 << 31) } else { !key })
}

/// Bins of about equal numbers of rows; a value that fills a bin alone gets one.
fn quantiles(counted: &[(f32, usize)], rows: usize, most: usize) -> (Vec<f32>, Vec<f32>) {
    let heavy = |count: usize| count * most >= rows;
    let (mut bins_left, mut rows_left) = (most, rows);
    for &(_, count) in counted {
        if heavy(count) {
            bins_left -= 1;
            rows_left -= count;
        }
    }
    let (mut lower, mut upper) = (Vec::with_capacity(most), Vec::with_capacity(most));
    let mut filled = 0;
    for (index, &(value, count)) in counted.iter().enumerate() {
        if filled == 0 {
            lower.push(value);
        }
        filled += count;
        let share = rows_left / bins_left.max(1);
        if !heavy(count) {
            rows_left -= count;
        }
        let next_is_heavy = counted.get(index + 1).is_some_and(|&(_, count)| heavy(count));
        let full = heavy(count) || filled >= share || (next_is_heavy && 2 * filled >= share);
        if (full && upper.len() + 1 < most) || index + 1 == counted.len() {
            upper.push(value);
            if !heavy(count) {
                bins_left = bins_left.saturating_sub(1);
            }
            filled = 0;
        }
    }
    (lower, upper)
}

/// Widens the bins of a sample until they touch, so that every unseen value lies in one of them.
fn close_gaps(lower: &mut [f32], upper: &mut [f32]) {
    for bin in 0..upper.len().saturating_sub(1) {
        let middle = upper[bin] / 2.0 + lower[bin + 1] / 2.0;
        let middle = if middle.is_nan() { upper[bin] } else { middle.clamp(upper[bin], lower[bin + 1].next_down()) };
        upper[bin] = middle;
        lower[bin + 1] = middle.next_up();
    }
}

/// One feature of a column: how its bin follows from the column's code.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Member {
    pub(crate) feature: usize,
    /// Bin of every code; empty where code and bin are the same.
    pub(crate) bin_of_code: Vec<u16>,
}

/// A column of codes inside the words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CodeColumn {
    /// Index of the word.
    pub(crate) word: usize,
    /// Position of the code in the word, in bits.
    pub(crate) shift: u32,
    /// Number of codes.
    pub(crate) codes: usize,
    /// 16 bits instead of 8.
    pub(crate) wide: bool,
    pub(crate) members: Vec<Member>,
}

impl CodeColumn {
    /// The code of this column in a row's word.
    pub(crate) fn code(&self, word: u64) -> usize {
        ((word >> self.shift) & if self.wide { 0xFFFF } else { 0xFF }) as usize
    }
}

/// A matrix as codes.
#[derive(Clone, Debug)]
pub(crate) struct BinnedMatrix {
    pub(crate) rows: usize,
    pub(crate) features: Vec<FeatureBins>,
    pub(crate) columns: Vec<CodeColumn>,
    /// `words[w][row]`.
    pub(crate) words: Vec<Vec<u64>>,
}

impl BinnedMatrix {
    /// Cuts every feature into at most `most_bins` bins (1 to [`MOST_BINS`]) and packs the codes.
    /// Runs on the current rayon pool; the result does not depend on it.
    pub(crate) fn new(matrix: &Columns<'_>, most_bins: usize) -> Self {
        let features: Vec<FeatureBins> = (0..matrix.features())
            .into_par_iter()
            .map(|feature| FeatureBins::of_column(matrix.column(feature), most_bins.clamp(1, MOST_BINS)))
            .collect();
        let narrow = |feature: &usize| features[*feature].codes() <= NARROW_CODES;
        let mut by_codes: Vec<usize> = (0..features.len()).filter(narrow).collect();
        by_codes.sort_by_key(|&feature| std::cmp::Reverse(features[feature].codes()));
        let coded: Vec<Vec<u8>> = by_codes
            .par_iter()
            .map(|&feature| {
                let mut codes = vec![0; matrix.rows()];
                features[feature].codes_of(matrix.column(feature), features[feature].missing_bin() as u8, &mut codes);
                codes
            })
            .collect();
        let mut groups: Vec<JointColumn> = Vec::new();
        for (&feature, codes) in by_codes.iter().zip(coded) {
            let count = features[feature].codes();
            match best_partner(&groups, &codes, count) {
                Some((partner, merged)) => groups[partner].absorb(feature, merged),
                None => groups.push(JointColumn { count, codes, members: vec![Member { feature, bin_of_code: Vec::new() }] }),
            }
        }
        let mut binned = BinnedMatrix { rows: matrix.rows(), features, columns: Vec::new(), words: Vec::new() };
        binned.pack_narrow(groups);
        binned.pack_wide(matrix);
        binned
    }

    fn pack_narrow(&mut self, groups: Vec<JointColumn>) {
        for eight in groups.chunks(8) {
            let word = self.words.len();
            let mut packed = vec![0u64; self.rows];
            for (position, group) in eight.iter().enumerate() {
                packed.iter_mut().zip(&group.codes).for_each(|(word, &code)| *word |= u64::from(code) << (8 * position));
                self.columns.push(CodeColumn {
                    word,
                    shift: 8 * position as u32,
                    codes: group.count,
                    wide: false,
                    members: group.members.clone(),
                });
            }
            self.words.push(packed);
        }
    }

    fn pack_wide(&mut self, matrix: &Columns<'_>) {
        let wide: Vec<usize> = (0..self.features.len()).filter(|&feature| self.features[feature].codes() > NARROW_CODES).collect();
        for four in wide.chunks(4) {
            let word = self.words.len();
            let mut packed = vec![0u64; self.rows];
            for (position, &feature) in four.iter().enumerate() {
                let bins = &self.features[feature];
                packed
                    .par_iter_mut()
                    .zip(matrix.column(feature))
                    .for_each(|(word, &value)| *word |= (bins.bin(value) as u64) << (16 * position));
                let members = vec![Member { feature, bin_of_code: Vec::new() }];
                self.columns.push(CodeColumn { word, shift: 16 * position as u32, codes: bins.codes(), wide: true, members });
            }
            self.words.push(packed);
        }
    }
}

/// A column in the making.
struct JointColumn {
    count: usize,
    codes: Vec<u8>,
    members: Vec<Member>,
}

/// The observed combinations of two columns.
struct Merge {
    codes: Vec<u8>,
    /// The pair of codes that each new code stands for.
    pairs: Vec<(u8, u8)>,
}

impl JointColumn {
    fn absorb(&mut self, feature: usize, merge: Merge) {
        for member in &mut self.members {
            let old = std::mem::take(&mut member.bin_of_code);
            member.bin_of_code =
                merge.pairs.iter().map(|&(code, _)| if old.is_empty() { u16::from(code) } else { old[usize::from(code)] }).collect();
        }
        self.members.push(Member { feature, bin_of_code: merge.pairs.iter().map(|&(_, bin)| u16::from(bin)).collect() });
        self.count = merge.pairs.len();
        self.codes = merge.codes;
    }
}

/// The column that takes the feature best: one of which it is a function, else the one it fills most.
fn best_partner(groups: &[JointColumn], codes: &[u8], count: usize) -> Option<(usize, Merge)> {
    let stride = (codes.len() / MERGE_SAMPLE).max(1);
    let mut candidates: Vec<(bool, usize, usize)> = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let sampled = observed_pairs(group.codes.iter().step_by(stride), codes.iter().step_by(stride), group.count, count);
        if let Some(pairs) = sampled {
            candidates.push((pairs <= group.count, pairs, index));
        }
    }
    candidates.sort_by_key(|&(function, pairs, index)| (std::cmp::Reverse(function), std::cmp::Reverse(pairs), index));
    candidates.into_iter().find_map(|(_, _, index)| merge(&groups[index], codes, count).map(|merge| (index, merge)))
}

fn observed_pairs<'a>(
    left: impl Iterator<Item = &'a u8>,
    right: impl Iterator<Item = &'a u8>,
    left_count: usize,
    right_count: usize,
) -> Option<usize> {
    let mut seen = vec![false; left_count * right_count];
    let mut pairs = 0;
    for (&a, &b) in left.zip(right) {
        let pair = &mut seen[usize::from(a) * right_count + usize::from(b)];
        pairs += usize::from(!std::mem::replace(pair, true));
        if pairs > NARROW_CODES {
            return None;
        }
    }
    Some(pairs)
}

fn merge(group: &JointColumn, codes: &[u8], count: usize) -> Option<Merge> {
    const NEW: u16 = u16::MAX;
    let mut table = vec![NEW; group.count * count];
    let mut merged = Merge { codes: Vec::with_capacity(codes.len()), pairs: Vec::new() };
    for (&a, &b) in group.codes.iter().zip(codes) {
        let entry = &mut table[usize::from(a) * count + usize::from(b)];
        if *entry == NEW {
            if merged.pairs.len() == NARROW_CODES {
                return None;
            }
            *entry = merged.pairs.len() as u16;
            merged.pairs.push((a, b));
        }
        merged.codes.push(*entry as u8);
    }
    Some(merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(binned: &BinnedMatrix, feature: usize, row: usize) -> usize {
        let (column, member) = binned
            .columns
            .iter()
            .find_map(|column| column.members.iter().find(|member| member.feature == feature).map(|member| (column, member)))
            .expect("a column for each feature");
        let code = column.code(binned.words[column.word][row]);
        if member.bin_of_code.is_empty() { code } else { usize::from(member.bin_of_code[code]) }
    }

    #[test]
    fn every_value_lands_in_its_bin() {
        let few: Vec<f32> = (0..5000).map(|row| (row * 7 % 13) as f32).collect();
        let many: Vec<f32> = (0..5000).map(|row| if row % 3 == 0 { -1.0 } else { ((row * 26_544 % 100_003) as f32).sqrt() }).collect();
        let missing: Vec<f32> = (0..5000).map(|row| if row % 10 == 0 { f32::NAN } else { f32::from(row as u8) }).collect();
        let constant = vec![2.5f32; 5000];
        let copy = few.clone();
        let columns = [&few[..], &many, &missing, &constant, &copy];
        let matrix = Columns::new(columns.to_vec(), 5000).expect("one length");
        for most_bins in [255, 16, MOST_BINS] {
            let binned = BinnedMatrix::new(&matrix, most_bins);
            for (feature, column) in columns.iter().enumerate() {
                let bins = &binned.features[feature];
                assert!(bins.len() <= most_bins);
                for (row, &value) in column.iter().enumerate() {
                    let bin = decode(&binned, feature, row);
                    if value.is_nan() {
                        assert_eq!(bin, bins.missing_bin());
                    } else {
                        assert!(bins.lower[bin] <= value && value <= bins.upper[bin], "feature {feature}: {value} in bin {bin}");
                    }
                }
            }
        }
    }

    #[test]
    fn features_of_few_values_share_a_column() {
        let a: Vec<f32> = (0..3000).map(|row| (row % 3) as f32).collect();
        let b: Vec<f32> = (0..3000).map(|row| (row % 7) as f32).collect();
        let function_of_both: Vec<f32> = (0..3000).map(|row| (row % 21) as f32 * 1.5).collect();
        let binned = BinnedMatrix::new(&Columns::new(vec![&a, &b, &function_of_both], 3000).expect("one length"), 255);
        assert_eq!(binned.columns.len(), 1);
        assert_eq!(binned.columns[0].codes, 21);
    }

    #[test]
    fn quantile_bins_are_even_and_spare_heavy_values() {
        let column: Vec<f32> = (0..100_000).map(|row| if row % 2 == 0 { 7.0 } else { (row as f32 * 0.37).sin() * 50.0 }).collect();
        let bins = FeatureBins::of_column(&column, 64);
        let mut counts = vec![0; bins.len()];
        column.iter().for_each(|&value| counts[bins.bin(value)] += 1);
        let heavy = bins.bin(7.0);
        assert_eq!((bins.lower[heavy], bins.upper[heavy]), (7.0, 7.0));
        counts.remove(heavy);
        assert!(bins.len() >= 60 && bins.len() <= 64, "{}", bins.len());
        assert!(counts.iter().all(|&count| count < 2_000), "{counts:?}");
    }

    #[test]
    fn a_threshold_lies_between_its_bins() {
        let adjacent = 1.0f32.next_up();
        let bins = FeatureBins::of_column(&[1.0, adjacent, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 3.0], 255);
        assert_eq!(bins.len(), 5);
        assert!(bins.has_missing);
        assert_eq!(bins.cut(2, 3), (2, f64::midpoint(f64::from(adjacent), 3.0)));
        let (_, close) = bins.cut(1, 2);
        assert!(close >= 1.0 && close < f64::from(adjacent));
        assert_eq!(bins.cut(3, 4), (3, 3.0));
        assert_eq!(bins.cut(0, 1), (0, f64::NEG_INFINITY));
        assert_eq!(bins.cut(4, 5), (4, f64::INFINITY));
        // The middle of 1 and 3 lies beyond the bin of 1.0000001.
        assert_eq!(bins.cut(1, 3).0, 2);
    }
}
