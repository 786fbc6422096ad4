//! What an ensemble answers, for many rows or one, from one compiled form.
//!
//! Trees are taken one after another for a block of rows, so that a tree and the block stay in the
//! first-level cache. Which leaf a row reaches is found by the kernels of [`super::score`]; the sums are
//! made here, in the order of the trees, so every kernel leads to the same bits.

use rayon::prelude::*;

use super::coded::{Coded, coded_columns};
use super::compiled::{AnyCoded, Compiled, NodeLayout};
use super::ensemble::{Aggregation, TreeEnsemble};
use super::instruction_set::InstructionSet;
use super::matrix::Columns;
use super::ranks::Code;
use super::threads::thread_pool;
use super::walk::{BlockWalk, CodeWalk, RowWalk, TREES_TOGETHER};
use crate::error::{Error, ErrorKind, Result};

/// An ensemble compiled for scoring.
///
/// ```
/// use hivectl::trees::{Columns, RandomForestParams, Scorer, fit_forest};
/// use linfa::ParamGuard;
///
/// let size = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let duration = [10.0, 10.0, 10.0, 20.0, 20.0, 20.0];
/// let matrix = Columns::new(vec![&size[..]], 6)?;
/// let parameters = RandomForestParams::new().trees(5).bootstrap(false).min_split(2).min_leaf(1).check()?;
/// let forest = fit_forest(&parameters, &matrix, &duration, 1, &|_| ())?;
/// let scorer = Scorer::new(&forest.ensemble)?;
/// assert_eq!((scorer.score_row(&[2.0]), scorer.score(&matrix, 1)?), (10.0, duration.to_vec()));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scorer {
    compiled: Compiled,
    instruction_set: InstructionSet,
}

impl Scorer {
    /// Compiles an ensemble for the processor at hand.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] if [`TreeEnsemble::check`] fails.
    pub fn new(ensemble: &TreeEnsemble) -> Result<Self> {
        Ok(Scorer { compiled: Compiled::new(ensemble)?, instruction_set: InstructionSet::detect() })
    }

    /// The same scorer without instructions that only some processors have: the same answers, slower.
    #[must_use]
    pub fn portable(self) -> Self {
        Scorer { instruction_set: InstructionSet::Portable, ..self }
    }

    /// Numbers answered a row.
    pub fn outputs(&self) -> usize {
        self.compiled.outputs
    }

    /// The answer for one row of an ensemble with one output: the regression value, the probability of
    /// the second class, or scikit-learn's isolation score in (-1, 0). NaN means missing. Of several
    /// outputs it is the first.
    ///
    /// Panics if `row` is shorter than the number of features.
    pub fn score_row(&self, row: &[f32]) -> f64 {
        if self.outputs() == 1 {
            let mut answer = [0.0];
            self.score_row_into(row, &mut answer);
            return answer[0];
        }
        let mut answer = vec![0.0; self.outputs()];
        self.score_row_into(row, &mut answer);
        answer[0]
    }

    /// The answers for one row, [`Scorer::outputs`] numbers.
    ///
    /// Panics if `row` is shorter than the number of features.
    pub fn score_row_into(&self, row: &[f32], answer: &mut [f64]) {
        let compiled = &self.compiled;
        let row = &row[..compiled.features];
        compiled.begin(answer);
        let mut places = [0u32; TREES_TOGETHER];
        for first in (0..compiled.trees).step_by(places.len()) {
            let trees = (compiled.trees - first).min(places.len());
            RowWalk { compiled, first, row }.places(self.instruction_set, &mut places);
            for (tree, &place) in (first..).zip(&places[..trees]) {
                compiled.add(answer, self.values_of(tree), place);
            }
        }
        compiled.finish(answer);
    }

    /// The answers for all rows, row-major: [`Scorer::outputs`] numbers a row. The same for any
    /// number of threads, and the same as row by row.
    ///
    /// Errors: [`ErrorKind::SchemaMismatch`] when the number of features differs.
    pub fn score(&self, matrix: &Columns<'_>, threads: usize) -> Result<Vec<f64>> {
        thread_pool(threads)?.install(|| self.score_on_pool(matrix))
    }

    /// [`Scorer::score`] on the current rayon pool.
    pub(crate) fn score_on_pool(&self, matrix: &Columns<'_>) -> Result<Vec<f64>> {
        self.check_features(matrix)?;
        let compiled = &self.compiled;
        let mut answers = vec![0.0; matrix.rows() * compiled.outputs];
        answers.par_chunks_mut(compiled.block_rows * compiled.outputs).enumerate().for_each_init(
            || Block::new(self),
            |block, (number, answers)| {
                block.fill(self, matrix, number * compiled.block_rows, answers.len() / compiled.outputs);
                compiled.begin(answers);
                for tree in 0..compiled.trees {
                    let values = self.values_of(tree);
                    let places = block.places(self, tree);
                    answers.chunks_exact_mut(compiled.outputs).zip(places).for_each(|(answer, &place)| compiled.add(answer, values, place));
                }
                answers.chunks_exact_mut(compiled.outputs).for_each(|answer| compiled.finish(answer));
            },
        );
        Ok(answers)
    }

    fn check_features(&self, matrix: &Columns<'_>) -> Result<()> {
        let (wanted, given) = (self.compiled.features, matrix.features());
        if wanted == given {
            return Ok(());
        }
        Err(Error::new(ErrorKind::SchemaMismatch, format!("the model was trained on {wanted} features, the data has {given}")))
    }

    /// For each row the mean over the trees whose bag does not hold it, row-major in outputs; NaN where all
    /// do. `bags` has one bit a row for each tree. Runs on the current rayon pool.
    pub(crate) fn out_of_bag(&self, matrix: &Columns<'_>, bags: &[Vec<u64>]) -> Vec<f64> {
        let compiled = &self.compiled;
        let outputs = compiled.outputs;
        let mut means = vec![0.0; matrix.rows() * outputs];
        means.par_chunks_mut(compiled.block_rows * outputs).enumerate().for_each_init(
            || (Block::new(self), vec![0u32; compiled.block_rows]),
            |(block, counts), (number, sums)| {
                block.fill(self, matrix, number * compiled.block_rows, sums.len() / outputs);
                counts.fill(0);
                for (tree, bag) in bags.iter().enumerate() {
                    let values = self.values_of(tree);
                    let places = block.places(self, tree);
                    for_each_unseen(bag, number * compiled.block_rows, places.len(), |row| {
                        compiled.add(&mut sums[row * outputs..(row + 1) * outputs], values, places[row]);
                        counts[row] += 1;
                    });
                }
                sums.chunks_exact_mut(outputs).zip(counts).for_each(|(sums, &mut count)| {
                    sums.iter_mut().for_each(|sum| *sum = if count == 0 { f64::NAN } else { *sum / f64::from(count) })
                });
            },
        );
        means
    }

    /// The leaf values that a tree's places point into.
    fn values_of(&self, tree: usize) -> &[f64] {
        match &self.compiled.layout {
            NodeLayout::Perfect { depth } => {
                let leaves = self.compiled.outputs << depth;
                &self.compiled.values[tree * leaves..(tree + 1) * leaves]
            }
            NodeLayout::Linked { .. } => &self.compiled.values,
            NodeLayout::Plain { trees, .. } => &trees[tree].value,
        }
    }
}

/// Calls `take` for each of `rows` rows from `first` on, a multiple of 64, that is not in the bag.
fn for_each_unseen(bag: &[u64], first: usize, rows: usize, mut take: impl FnMut(usize)) {
    for (word, start) in bag[first / 64..].iter().zip((0..rows).step_by(64)) {
        let here = rows - start;
        let mut unseen = !word & if here < 64 { (1 << here) - 1 } else { u64::MAX };
        while unseen != 0 {
            take(start + unseen.trailing_zeros() as usize);
            unseen &= unseen - 1;
        }
    }
}

/// Scores a matrix once; see [`Scorer`] for many.
pub fn score(ensemble: &TreeEnsemble, matrix: &Columns<'_>, threads: usize) -> Result<Vec<f64>> {
    Scorer::new(ensemble)?.score(matrix, threads)
}

/// Parts that trees are divided into, at most: the variance that they tell is sure to about a fifth.
const MOST_PARTS: usize = 25;
/// And at least, however many rows there are.
const FEWEST_PARTS: usize = 8;
/// Numbers that all parts together hold: 128 MB.
const MOST_NUMBERS: usize = 1 << 24;

/// What an ensemble would answer without some of its trees.
///
/// ```
/// use hivectl::trees::WithoutPart;
///
/// // Two of eight trees left out; one answer a row.
/// let without = WithoutPart { share: 2.0 / 8.0, answers: vec![40.0, 35.0] };
/// assert_eq!(without.answers.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct WithoutPart {
    /// Share of the trees that are left out, in (0, 1).
    pub share: f64,
    /// One a row.
    pub answers: Vec<f64>,
}

/// What an ensemble would answer without each part of its trees, so that one can tell how much the choice of trees
/// matters. Each tree is a part of its own up to 25, above that they are dealt out to 25 parts, and to as few as 8 where
/// the rows are millions.
///
/// Empty where the answer is not the mean of two trees or more, or not one number: what a boosted tree adds depends on
/// those before it, so none can be left out.
///
/// ```
/// use hivectl::trees::{Columns, EnsembleTask, Tree, TreeEnsemble, score_without_parts};
///
/// # let leaf = |value: f64| Tree {
/// #     feature: vec![0], threshold: vec![0.0], left: vec![Tree::LEAF], right: vec![Tree::LEAF], missing_left: vec![false],
/// #     value: vec![value], rows: vec![1], weight: vec![1.0], impurity: vec![0.0], gain: vec![0.0], categorical: Vec::new(),
/// # };
/// let trees = [10.0, 20.0, 60.0].map(leaf).to_vec();
/// let forest = TreeEnsemble::averaged(EnsembleTask::Regression, vec!["size".into()], 1, trees);
/// let without = score_without_parts(&forest, &Columns::new(vec![&[1.0][..]], 1)?, 1)?;
/// assert_eq!(without.iter().map(|part| part.answers[0]).collect::<Vec<_>>(), [40.0, 35.0, 15.0]);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
///
/// Errors: those of [`score`].
pub fn score_without_parts(ensemble: &TreeEnsemble, matrix: &Columns<'_>, threads: usize) -> Result<Vec<WithoutPart>> {
    if ensemble.aggregation != Aggregation::Mean || ensemble.outputs != 1 || ensemble.trees.len() < 2 || matrix.rows() == 0 {
        return Ok(Vec::new());
    }
    let scorer = Scorer::new(ensemble)?;
    scorer.check_features(matrix)?;
    let parts = ensemble.trees.len().min(MOST_PARTS).min((MOST_NUMBERS / matrix.rows()).max(FEWEST_PARTS));
    Ok(thread_pool(threads)?.install(|| scorer.without_parts(matrix, parts)))
}

impl Scorer {
    /// Tree `t` belongs to part `t % parts`; there are more trees than one.
    fn without_parts(&self, matrix: &Columns<'_>, parts: usize) -> Vec<WithoutPart> {
        let compiled = &self.compiled;
        let left_out = |part: usize| (compiled.trees - part).div_ceil(parts) as f64;
        let all = compiled.trees as f64;
        let mut answers = vec![0.0; matrix.rows() * parts];
        answers.par_chunks_mut(compiled.block_rows * parts).enumerate().for_each_init(
            || Block::new(self),
            |block, (number, answers)| {
                block.fill(self, matrix, number * compiled.block_rows, answers.len() / parts);
                for tree in 0..compiled.trees {
                    let values = self.values_of(tree);
                    let places = block.places(self, tree);
                    answers.chunks_exact_mut(parts).zip(places).for_each(|(row, &place)| row[tree % parts] += values[place as usize]);
                }
                for row in answers.chunks_exact_mut(parts) {
                    let total: f64 = row.iter().sum();
                    for (part, answer) in row.iter_mut().enumerate() {
                        // `finish` divides by the number of all trees.
                        *answer = (total - *answer) * all / (all - left_out(part));
                        compiled.finish(std::slice::from_mut(answer));
                    }
                }
            },
        );
        let of_part = |part: usize| answers.iter().skip(part).step_by(parts).copied().collect();
        (0..parts).map(|part| WithoutPart { share: left_out(part) / all, answers: of_part(part) }).collect()
    }
}

/// Some rows, feature by feature, and where they end in a tree.
struct Block {
    /// The values, or nothing where codes are walked.
    values: Vec<f32>,
    bytes: Vec<u8>,
    words: Vec<u16>,
    rows: usize,
    missing: bool,
    places: Vec<u32>,
}

impl Block {
    fn new(scorer: &Scorer) -> Self {
        let compiled = &scorer.compiled;
        let (values, codes) = (compiled.features * compiled.block_rows, coded_columns(compiled.features) * compiled.block_rows);
        let mut block = Block {
            values: Vec::new(),
            bytes: Vec::new(),
            words: Vec::new(),
            rows: 0,
            missing: false,
            places: vec![0; compiled.block_rows],
        };
        match &compiled.coded {
            AnyCoded::Bytes(_) if scorer.instruction_set.walk_codes() => block.bytes.resize(codes, 0),
            AnyCoded::Words(_) if scorer.instruction_set.walk_codes() => block.words.resize(codes, 0),
            _ => block.values.resize(values, 0.0),
        }
        block
    }

    fn fill(&mut self, scorer: &Scorer, matrix: &Columns<'_>, first: usize, rows: usize) {
        let stride = scorer.compiled.block_rows;
        self.rows = rows;
        self.missing = false;
        for feature in 0..matrix.features() {
            let column = &matrix.column(feature)[first..first + rows];
            self.missing |= column.iter().fold(false, |missing, value| missing | value.is_nan());
            let range = feature * stride..feature * stride + rows;
            match &scorer.compiled.coded {
                AnyCoded::Bytes(coded) if !self.bytes.is_empty() => {
                    coded.ranks[feature].rank(scorer.instruction_set, column, &mut self.bytes[range])
                }
                AnyCoded::Words(coded) if !self.words.is_empty() => {
                    coded.ranks[feature].rank(scorer.instruction_set, column, &mut self.words[range])
                }
                _ => self.values[range].copy_from_slice(column),
            }
        }
    }

    /// The leaf places of the rows in one tree.
    fn places(&mut self, scorer: &Scorer, tree: usize) -> &[u32] {
        let compiled = &scorer.compiled;
        match &compiled.coded {
            AnyCoded::Bytes(coded) if !self.bytes.is_empty() => {
                walk_codes(scorer, coded, tree, &self.bytes, self.missing, self.rows, &mut self.places)
            }
            AnyCoded::Words(coded) if !self.words.is_empty() => {
                walk_codes(scorer, coded, tree, &self.words, self.missing, self.rows, &mut self.places)
            }
            _ => BlockWalk { compiled, tree, values: &self.values, missing: self.missing }.places(
                scorer.instruction_set,
                self.rows,
                &mut self.places,
            ),
        }
        &self.places[..self.rows]
    }
}

fn walk_codes<C: Code>(scorer: &Scorer, coded: &Coded<C>, tree: usize, codes: &[C], missing: bool, rows: usize, places: &mut [u32]) {
    let walk = CodeWalk { tree: coded.tree(tree), codes, stride: scorer.compiled.block_rows, features: scorer.compiled.features, missing };
    walk.places(scorer.instruction_set, 0, rows, places);
}
