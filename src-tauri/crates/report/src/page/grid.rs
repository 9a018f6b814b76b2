//! Field grids and tables: cells side by side in rows.

use std::rc::Rc;

use super::MEASURE;
use super::strip::{Mark, Strip, baseline};
use crate::document::{Align, Column, Field};
use crate::fonts::Face;
use crate::text::{Alignment, Line, Setting, Shaper, set};

const CELL: f32 = 9.5;
const LABEL: f32 = 9.0;
const LEADING: f32 = 14.0;
/// Above and below a cell's text.
const PAD: f32 = 3.6;
/// Left and right of a cell's text.
const SIDE: f32 = 6.0;
const FRAME: f32 = 0.9;
const HAIR: f32 = 0.4;
const HAIR_INK: f32 = 0.6;
const TINT: f32 = 0.955;
/// A row with more lines than this may be split between pages.
const UNSPLIT: usize = 14;

/// A cell's lines with the edges it was set between.
struct Cell {
    x: f32,
    lines: Vec<Line>,
    size: f32,
    ink: f32,
}

/// A row of cells and what stands behind them.
struct Row {
    cells: Vec<Cell>,
    /// Tinted stretches: left edge and width.
    tints: Vec<(f32, f32)>,
    /// Vertical hairlines.
    walls: Vec<f32>,
}

fn cell(shaper: &mut Shaper<'_>, text: &str, face: Face, x: f32, width: f32, align: Align) -> Cell {
    let size = if face == Face::Hei { LABEL } else { CELL };
    let align = match align {
        Align::Left => Alignment::Left,
        Align::Center => Alignment::Center,
        Align::Right => Alignment::Right,
    };
    let setting = Setting { size, measure: (width - 2.0 * SIDE).max(size), first: 0.0, hang: 0.0, align };
    let lines = text.split('\n').flat_map(|text| set(&shaper.shape(text, face), &setting)).collect();
    Cell { x: x + SIDE, lines, size, ink: if face == Face::Hei { 0.2 } else { 0.0 } }
}

impl Row {
    fn line_count(&self) -> usize {
        self.cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0).max(1)
    }

    /// The row as strips: one, or one for each line when it is very tall.
    fn strips(self) -> Vec<Strip> {
        let count = self.line_count();
        if count <= UNSPLIT {
            return vec![self.strip(0, count, true, true)];
        }
        (0..count).map(|line| self.strip(line, line + 1, line == 0, line + 1 == count)).collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "a row has few lines")]
    fn strip(&self, from: usize, to: usize, first: bool, last: bool) -> Strip {
        let above = if first { PAD } else { 0.0 };
        let below = if last { PAD } else { 0.0 };
        let height = above + (to - from) as f32 * LEADING + below;
        let mut strip = Strip { height, ..Strip::default() };
        for (x, width) in &self.tints {
            strip.marks.push(Mark::Fill { x: *x, y: 0.0, width: *width, height, ink: TINT });
        }
        for x in &self.walls {
            strip.marks.push(Mark::Fill { x: x - HAIR / 2.0, y: 0.0, width: HAIR, height, ink: HAIR_INK });
        }
        for cell in &self.cells {
            for (index, line) in cell.lines.iter().take(to).skip(from).enumerate() {
                if line.glyphs.is_empty() {
                    continue;
                }
                let y = above + index as f32 * LEADING + baseline(cell.size, LEADING);
                strip.marks.push(Mark::Text {
                    x: cell.x,
                    y,
                    size: cell.size,
                    ink: cell.ink,
                    line: line.clone(),
                });
            }
        }
        strip
    }
}

/// Joins rows to strips with rules between them and a frame above and below.
fn stack(rows: Vec<Row>, header: Option<&Rc<Strip>>) -> Vec<Strip> {
    let mut strips: Vec<Strip> = Vec::new();
    let count = rows.len();
    for (index, row) in rows.into_iter().enumerate() {
        let mut parts = row.strips();
        if let Some(part) = parts.first_mut() {
            let (weight, ink) = if index == 0 { (FRAME, 0.0) } else { (HAIR, HAIR_INK) };
            part.rule(0.0, 0.0, MEASURE, weight, ink);
        }
        for (number, part) in parts.iter_mut().enumerate() {
            part.header = header.cloned();
            part.cut = (index > 0 || number > 0).then_some(FRAME);
        }
        strips.append(&mut parts);
    }
    if let Some(part) = strips.last_mut() {
        part.rule(0.0, part.height, MEASURE, FRAME, 0.0);
    }
    // Neither the first row nor the last stands alone on a page.
    if count > 1 {
        if let Some(first) = strips.first_mut() {
            first.keep = true;
        }
        let before_last = strips.len().saturating_sub(2);
        if let Some(part) = strips.get_mut(before_last) {
            part.keep = true;
        }
    }
    strips
}

/// Label and value pairs in columns, as forms have them.
pub(super) fn fields(shaper: &mut Shaper<'_>, columns: u8, fields: &[Field]) -> Vec<Strip> {
    let columns = usize::from(columns.clamp(1, 4));
    #[expect(clippy::cast_precision_loss, reason = "at most four columns")]
    let pair = MEASURE / columns as f32;
    let widest = fields.iter().map(|field| natural_width(shaper, &field.label)).fold(4.0 * LABEL, f32::max);
    let label_width = (widest + 2.0 * SIDE + 1.0).min(pair * 0.42).min(MEASURE * 0.24);

    let mut rows = Vec::new();
    let mut rest = fields;
    while let Some((first, _)) = rest.split_first() {
        let take =
            if first.wide { 1 } else { rest.iter().take(columns).take_while(|field| !field.wide).count() };
        let (now, later) = rest.split_at(take);
        rest = later;
        let mut row = Row { cells: Vec::new(), tints: Vec::new(), walls: Vec::new() };
        let mut x = 0.0;
        for (index, field) in now.iter().enumerate() {
            let end = if index + 1 == now.len() { MEASURE } else { x + pair };
            if index > 0 {
                row.walls.push(x);
            }
            row.tints.push((x, label_width));
            row.walls.push(x + label_width);
            shaper.at(&field.label);
            row.cells.push(cell(shaper, &field.label, Face::Hei, x, label_width, Align::Left));
            row.cells.push(cell(
                shaper,
                &field.value,
                Face::Song,
                x + label_width,
                end - x - label_width,
                Align::Left,
            ));
            x = end;
        }
        rows.push(row);
    }
    stack(rows, None)
}

fn natural_width(shaper: &mut Shaper<'_>, text: &str) -> f32 {
    let setting = Setting { size: LABEL, measure: 10_000.0, first: 0.0, hang: 0.0, align: Alignment::Left };
    set(&shaper.shape(text, Face::Hei), &setting).first().map_or(0.0, |line| line.width)
}

/// Left edge and width of each column: what a column does not need goes to those that need more, by their shares.
fn spans(shaper: &mut Shaper<'_>, columns: &[Column], rows: &[Vec<String>]) -> Vec<(f32, f32)> {
    let needs: Vec<f32> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let cells = rows.iter().filter_map(|row| row.get(index)).map(String::as_str);
            let widest = cells.map(|text| rough_width(text, CELL)).fold(0.0, f32::max);
            shaper.at(&column.title);
            widest.max(natural_width(shaper, &column.title)) + 2.0 * SIDE + 1.0
        })
        .collect();
    let shares: Vec<f32> = columns.iter().map(|column| column.width.max(0.1)).collect();
    let mut widths: Vec<Option<f32>> = vec![None; columns.len()];
    let (mut room, mut open) = (MEASURE, shares.iter().sum::<f32>());
    // Each round settles the columns that are content with less than their share of what is left.
    if needs.iter().sum::<f32>() > MEASURE {
        loop {
            let unit = room / open.max(0.1);
            let content: Vec<usize> = (0..columns.len())
                .filter(|index| {
                    let (need, share) = (needs.get(*index).copied(), shares.get(*index).copied());
                    widths.get(*index) == Some(&None) && need <= share.map(|share| share * unit)
                })
                .collect();
            if content.is_empty() {
                break;
            }
            for index in content {
                let (need, share) =
                    (needs.get(index).copied().unwrap_or(0.0), shares.get(index).copied().unwrap_or(0.0));
                if let Some(width) = widths.get_mut(index) {
                    *width = Some(need);
                }
                room -= need;
                open -= share;
            }
        }
    } else {
        let spare = MEASURE - needs.iter().sum::<f32>();
        for ((width, need), share) in widths.iter_mut().zip(&needs).zip(&shares) {
            *width = Some(need + spare * share / open.max(0.1));
        }
    }
    let unit = room / open.max(0.1);
    let mut x = 0.0;
    widths
        .iter()
        .zip(&shares)
        .map(|(width, share)| {
            let width = width.unwrap_or(share * unit);
            let span = (x, width);
            x += width;
            span
        })
        .collect()
}

/// What the setting puts between Chinese and Latin, a little rounded up.
const SEAM: f32 = 0.1;

/// The width of a cell's longest line, near enough to divide a table's width, without setting it.
fn rough_width(text: &str, size: f32) -> f32 {
    let is_latin = |c: char| matches!(c, ' '..='~' | '·');
    let em = |c: char| match c {
        '%' => 0.9,
        c if is_latin(c) => 0.56,
        _ => 1.0,
    };
    text.split('\n')
        .map(|line| {
            // Chinese and Latin are set a little apart: a date has five such seams.
            let seams = line.chars().zip(line.chars().skip(1)).filter(|(a, b)| is_latin(*a) != is_latin(*b));
            line.chars().map(em).sum::<f32>() + SEAM * seams.count() as f32
        })
        .fold(0.0, f32::max)
        * size
}

/// A table in the manner of books: rules above, below the header and below; hairlines between rows.
pub(super) fn table(shaper: &mut Shaper<'_>, columns: &[Column], rows: &[Vec<String>]) -> Vec<Strip> {
    let spans = spans(shaper, columns, rows);
    let titles = columns
        .iter()
        .zip(&spans)
        .map(|(column, (x, width))| cell(shaper, &column.title, Face::Hei, *x, *width, column.align))
        .collect();
    let head = Row { cells: titles, tints: vec![(0.0, MEASURE)], walls: Vec::new() };
    let lines = head.line_count();
    let mut head = head.strip(0, lines, true, true);
    head.rule(0.0, 0.0, MEASURE, FRAME, 0.0);
    head.keep = true;
    let header = Rc::new(head.clone());

    let rows = rows
        .iter()
        .map(|texts| {
            let cells = texts
                .iter()
                .zip(columns)
                .zip(&spans)
                .map(|((text, column), (x, width))| {
                    shaper.at(&column.title);
                    cell(shaper, text, Face::Song, *x, *width, column.align)
                })
                .collect();
            Row { cells, tints: Vec::new(), walls: Vec::new() }
        })
        .collect();
    let mut strips = stack(rows, Some(&header));
    // The rule below the header is lighter than the frame.
    if let Some(Mark::Fill { height, y, .. }) = strips.first_mut().and_then(|first| {
        first.marks.iter_mut().rev().find(|mark| matches!(mark, Mark::Fill { ink, .. } if *ink == 0.0))
    }) {
        *height = 0.6;
        *y = -0.3;
    }
    strips.insert(0, head);
    strips
}
