//! Sums per code: built from rows, subtracted from the parent's, moved with the rows.
//!
//! All sums are integers, so a histogram does not depend on the order of the rows, and the larger
//! child's is exactly its parent's minus its sibling's.

use super::bins::{BinnedMatrix, Column, NARROW_CODES};

/// Bits of a row's value that hold its weight; the target stands above them.
const WEIGHT_BITS: u32 = 8;

/// Largest weight of a row.
pub(crate) const MOST_WEIGHT: u64 = (1 << WEIGHT_BITS) - 1;

/// One row as it is moved: weight (0 to [`MOST_WEIGHT`]) and weight × encoded target.
pub(crate) fn pack_value(target: i64, weight: u64) -> u64 {
    ((target * weight as i64) << WEIGHT_BITS) as u64 | weight
}

/// What is known of a set of rows: Σ weight × target, Σ weight and the number of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) sum: i64,
    /// Weight in the upper half, number of rows in the lower: both grow by one addition.
    counts: u64,
}

impl Cell {
    /// The cell of one packed row.
    pub(crate) fn of_row(value: u64) -> Self {
        Cell { sum: value as i64 >> WEIGHT_BITS, counts: (value & MOST_WEIGHT) << 32 | 1 }
    }

    pub(crate) fn weight(self) -> u64 {
        self.counts >> 32
    }

    pub(crate) fn rows(self) -> usize {
        self.counts as u32 as usize
    }

    pub(crate) fn add(&mut self, other: Cell) {
        self.sum = self.sum.wrapping_add(other.sum);
        self.counts = self.counts.wrapping_add(other.counts);
    }

    pub(crate) fn minus(self, other: Cell) -> Cell {
        Cell { sum: self.sum.wrapping_sub(other.sum), counts: self.counts.wrapping_sub(other.counts) }
    }
}

/// Cells by code for all columns, zero between uses.
pub(crate) struct DenseCells {
    /// Narrow columns in order. A little longer than the codes, so that equal codes of neighbouring
    /// columns do not fall on addresses that differ by a multiple of 4,096.
    narrow: Vec<[Cell; NARROW_CODES + 12]>,
    wide: Vec<Vec<Cell>>,
}

impl DenseCells {
    pub(crate) fn new(binned: &BinnedMatrix) -> Self {
        let narrow = binned.columns.iter().filter(|column| !column.wide).count();
        DenseCells {
            narrow: vec![[Cell::default(); NARROW_CODES + 12]; narrow],
            wide: binned.columns[narrow..].iter().map(|column| vec![Cell::default(); column.codes]).collect(),
        }
    }

    /// Adds rows to the cells. `arrays[0]` holds packed values, `arrays[1..]` the words of codes.
    pub(crate) fn add_rows(&mut self, columns: &[Column], values: &[u64], words: &[&[u64]]) {
        let mut first = 0;
        for (word, codes) in words.iter().enumerate() {
            let of_word = columns[first..].iter().take_while(|column| column.word == word).count();
            if columns[first].wide {
                let from = first - self.narrow.len();
                for (column, cells) in columns[first..].iter().zip(&mut self.wide[from..from + of_word]) {
                    add_wide(column.shift, values, codes, cells);
                }
            } else {
                add_narrow(values, codes, &mut self.narrow[first..first + of_word]);
            }
            first += of_word;
        }
    }

    fn column(&mut self, index: usize) -> &mut [Cell] {
        let narrow = self.narrow.len();
        if index < narrow { &mut self.narrow[index] } else { &mut self.wide[index - narrow] }
    }
}

fn add_narrow(values: &[u64], codes: &[u64], columns: &mut [[Cell; NARROW_CODES + 12]]) {
    match columns.len() {
        1 => add_narrow_columns::<1>(values, codes, columns),
        2 => add_narrow_columns::<2>(values, codes, columns),
        3 => add_narrow_columns::<3>(values, codes, columns),
        4 => add_narrow_columns::<4>(values, codes, columns),
        5 => add_narrow_columns::<5>(values, codes, columns),
        6 => add_narrow_columns::<6>(values, codes, columns),
        7 => add_narrow_columns::<7>(values, codes, columns),
        _ => add_narrow_columns::<8>(values, codes, columns),
    }
}

/// A known number of columns lets the compiler unroll and drop every bounds check.
fn add_narrow_columns<const COLUMNS: usize>(values: &[u64], codes: &[u64], columns: &mut [[Cell; NARROW_CODES + 12]]) {
    let Some(columns) = columns.first_chunk_mut::<COLUMNS>() else { return };
    for (&value, &word) in values.iter().zip(codes) {
        let cell = Cell::of_row(value);
        for (position, column) in columns.iter_mut().enumerate() {
            column[usize::from((word >> (8 * position)) as u8)].add(cell);
        }
    }
}

fn add_wide(shift: u32, values: &[u64], codes: &[u64], cells: &mut [Cell]) {
    for (&value, &word) in values.iter().zip(codes) {
        cells[usize::from((word >> shift) as u16)].add(Cell::of_row(value));
    }
}

/// The cells of the codes that occur in a node, column by column, codes ascending.
#[derive(Clone, Debug, Default)]
pub(crate) struct NodeHistogram {
    /// Where each column's entries begin, and the end.
    starts: Vec<u32>,
    codes: Vec<u16>,
    cells: Vec<Cell>,
}

impl NodeHistogram {
    /// The entries of one column.
    pub(crate) fn column(&self, index: usize) -> (&[u16], &[Cell]) {
        let range = self.starts[index] as usize..self.starts[index + 1] as usize;
        (&self.codes[range.clone()], &self.cells[range])
    }

    fn clear(&mut self) {
        self.starts.clear();
        self.starts.push(0);
        self.codes.clear();
        self.cells.clear();
    }

    fn push(&mut self, code: u16, cell: Cell) {
        self.codes.push(code);
        self.cells.push(cell);
    }

    fn end_column(&mut self) {
        self.starts.push(self.codes.len() as u32);
    }

    /// Takes the cells of a root out of `dense` and leaves zeros.
    pub(crate) fn take(&mut self, columns: &[Column], dense: &mut DenseCells) {
        self.clear();
        for (index, column) in columns.iter().enumerate() {
            for (code, cell) in dense.column(index)[..column.codes].iter_mut().enumerate() {
                if cell.rows() > 0 {
                    self.push(code as u16, std::mem::take(cell));
                }
            }
            self.end_column();
        }
    }

    /// Takes the smaller child's cells out of `dense`, leaves zeros, and sets `larger` to the rest.
    pub(crate) fn divide(&self, dense: &mut DenseCells, smaller: &mut NodeHistogram, larger: &mut NodeHistogram) {
        smaller.clear();
        larger.clear();
        for index in 0..self.starts.len() - 1 {
            let (codes, cells) = self.column(index);
            let dense = dense.column(index);
            for (&code, &cell) in codes.iter().zip(cells) {
                let part = std::mem::take(&mut dense[usize::from(code)]);
                let rest = cell.minus(part);
                if part.rows() > 0 {
                    smaller.push(code, part);
                }
                if rest.rows() > 0 {
                    larger.push(code, rest);
                }
            }
            smaller.end_column();
            larger.end_column();
        }
    }
}
