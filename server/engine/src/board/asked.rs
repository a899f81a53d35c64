use std::collections::BTreeMap;

use model::Status;

use super::grid::{MatrixCell, Row};

/// What a column asks.
pub(super) struct AskedColumn {
    /// The place of the thing.
    pub place: usize,
    /// The programme for which it is asked.
    pub programme: usize,
    /// The programmes of the columns before it that ask the same thing.
    before: Vec<usize>,
}

impl AskedColumn {
    /// All columns from left to right, by the places of their things and by their programmes.
    pub(super) fn all(places: &[usize], programmes: impl Iterator<Item = usize>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::with_capacity(places.len());
        for (place, programme) in places.iter().copied().zip(programmes) {
            let same = all.iter().filter(|other| other.place == place);
            let before = same.map(|other| other.programme).collect();
            all.push(Self { place, programme, before });
        }
        all
    }

    /// Whether a column before it asks the same thing of somebody: what two programmes ask is done once.
    pub(super) fn is_again(&self, row: &Row) -> bool {
        self.before.iter().any(|programme| is_theirs(row, *programme))
    }
}

/// A thing that columns ask, once, however many they are.
pub(super) struct AskedThing {
    /// The place of the thing.
    pub place: usize,
    /// The programmes of its columns.
    programmes: Vec<usize>,
}

impl AskedThing {
    /// Each thing of all columns, by its place.
    pub(super) fn each(columns: &[AskedColumn]) -> Vec<Self> {
        let mut by_place: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for column in columns {
            by_place.entry(column.place).or_default().push(column.programme);
        }
        by_place.into_iter().map(|(place, programmes)| Self { place, programmes }).collect()
    }

    /// Where somebody stands with it, as far as it is asked of them.
    pub(super) fn cell<'r>(&self, row: &'r Row) -> &'r MatrixCell {
        let is_theirs = self.programmes.iter().any(|programme| is_theirs(row, *programme));
        if is_theirs { &row.cells[self.place] } else { &MatrixCell::NOT_ASKED }
    }
}

/// Whether a programme is somebody's.
pub(super) fn is_theirs(row: &Row, programme: usize) -> bool {
    row.programmes.iter().any(|theirs| usize::from(*theirs) == programme)
}

/// Whether a programme asks of somebody what stands in a cell of theirs, and they are not excused from it.
pub(super) fn is_asked(row: &Row, cell: &MatrixCell, programme: usize) -> bool {
    !matches!(cell.status, Status::Exempt | Status::NotRequired) && is_theirs(row, programme)
}
