//! From a grid of cells to a table: which row is the header, what its columns are called.

use std::collections::HashSet;

use domain::{Code, Refusal};

use super::table::{MAX_ROWS, Table, too_many_rows};

/// One row of cells with its number in the sheet.
#[derive(Debug, Default)]
pub(super) struct GridRow {
    pub(super) number: u32,
    pub(super) cells: Vec<String>,
    /// Cells that had a value of their own, before merged areas were filled.
    pub(super) own: usize,
}

/// Makes the table. `double` says that the header takes two lines (a group name above single names).
pub(super) fn into_table(
    grid: Vec<GridRow>,
    double: impl Fn(u32) -> bool,
    notes: Vec<Refusal>,
) -> Result<Table, Refusal> {
    let mut grid: Vec<GridRow> =
        grid.into_iter().filter(|row| row.cells.iter().any(|cell| !cell.is_empty())).collect();
    // A title above the header has one value of its own, often merged over all columns.
    let at = grid
        .iter()
        .position(|row| row.own >= 2)
        .or(if grid.is_empty() { None } else { Some(0) })
        .ok_or_else(|| Refusal::new(Code::ImportNoHeader))?;
    let mut body = grid.split_off(at);
    let mut lines = body.drain(..).peekable();
    let mut header = lines.next().ok_or_else(|| Refusal::new(Code::ImportNoHeader))?;
    if double(header.number)
        && let Some(names) = lines.next_if(|row| row.number == header.number + 1)
    {
        join(&mut header.cells, names.cells);
    }

    let mut table = Table { notes, ..Table::default() };
    name_columns(header.cells, &mut table);
    let width = table.headers.len();
    let mut extra: Option<(u32, usize)> = None;
    for mut row in lines {
        if row.cells.iter().skip(width).any(|cell| !cell.is_empty()) {
            extra = Some(extra.map_or((row.number, 1), |(first, count)| (first, count + 1)));
        }
        row.cells.resize(width, String::new());
        row.cells.shrink_to_fit();
        table.rows.push(row.cells);
        table.numbers.push(row.number);
    }
    if table.rows.len() > MAX_ROWS {
        return Err(too_many_rows());
    }
    if let Some((row, count)) = extra {
        table.notes.push(Refusal::new(Code::ImportNoteExtraCells).with("count", count).with("row", row));
    }
    Ok(table)
}

/// A group name and the name below it make one column name; a cell merged over both lines stays as it is.
fn join(groups: &mut Vec<String>, names: Vec<String>) {
    groups.resize(groups.len().max(names.len()), String::new());
    for (group, name) in groups.iter_mut().zip(names) {
        if *group != name {
            group.push_str(&name);
        }
    }
}

fn name_columns(cells: Vec<String>, table: &mut Table) {
    let mut taken = HashSet::new();
    let width = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    for (index, cell) in cells.into_iter().take(width).enumerate() {
        let name = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = if name.is_empty() { format!("#{}", index + 1) } else { name };
        let mut unique = name.clone();
        let mut count = 1;
        while !taken.insert(unique.clone()) {
            count += 1;
            unique = format!("{name} ({count})");
        }
        if unique != name {
            table.notes.push(
                Refusal::new(Code::ImportNoteDuplicateHeaders).with("header", name).with("renamed", &unique),
            );
        }
        table.headers.push(unique);
    }
}
