//! Charts of few figures, drawn as rules, bars and lines with their figures beside them: ink for what is counted, and
//! nothing else.

use super::MEASURE;
use super::strip::{Mark, Strip, baseline};
use crate::document::Bar;
use crate::fonts::Face;
use crate::text::{Alignment, Setting, Shaper, set};

const SIZE: f32 = 9.0;
const ROW: f32 = 17.0;
/// From one line of a label to the next.
const LINE: f32 = 12.0;
const THICK: f32 = 9.0;
/// Between a label and its bar, a bar and its figure.
const GAP: f32 = 6.0;
const BAR_INK: f32 = 0.35;
const GRID_INK: f32 = 0.82;
const AXIS_INK: f32 = 0.4;

/// Bars from one edge, each with its label before and its figure behind it.
pub(super) fn bars(shaper: &mut Shaper<'_>, bars: &[Bar]) -> Vec<Strip> {
    let most = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    let labels: Vec<Vec<Placed>> =
        bars.iter().map(|bar| Placed::lines(shaper, &bar.label, MEASURE * 0.34)).collect();
    let widest = labels.iter().flatten().map(|line| line.width).fold(0.0, f32::max);
    let figures: Vec<Placed> = bars.iter().map(|bar| Placed::set(shaper, &bar.text, MEASURE * 0.3)).collect();
    let behind = figures.iter().map(|figure| figure.width).fold(0.0, f32::max);
    let (left, room) = (widest + GAP, MEASURE - widest - behind - 2.0 * GAP);
    let count = bars.len();
    bars.iter()
        .zip(labels.into_iter().zip(figures))
        .enumerate()
        .map(|(index, (bar, (label, figure)))| {
            #[expect(clippy::cast_precision_loss, reason = "a label has few lines")]
            let height = ROW + LINE * label.len().saturating_sub(1) as f32;
            // Neither the first bar nor the last stands alone on a page.
            let keep = index + 1 < count && (index == 0 || index + 2 == count);
            let mut strip = Strip { height, keep, ..Strip::default() };
            let length = room * part(bar.value, most);
            for (row, line) in label.iter().enumerate() {
                #[expect(clippy::cast_precision_loss, reason = "a label has few lines")]
                let down = LINE * row as f32;
                line.put(&mut strip, widest - line.width, down + baseline(SIZE, ROW), 0.1);
            }
            let y = (height - THICK) / 2.0;
            strip.marks.push(Mark::Fill { x: left, y, width: length, height: THICK, ink: BAR_INK });
            strip.marks.push(Mark::Fill { x: left - 0.3, y: 0.0, width: 0.6, height, ink: AXIS_INK });
            figure.put(&mut strip, left + length + GAP, baseline(SIZE, height), 0.0);
            strip
        })
        .collect()
}

/// A line over time: one strip, as wide as the text.
pub(super) fn line(shaper: &mut Shaper<'_>, points: &[Bar]) -> Vec<Strip> {
    const TALL: f32 = 118.0;
    const ABOVE: f32 = 14.0;
    const BELOW: f32 = 18.0;
    let most = points.iter().map(|point| point.value).fold(0.0, f64::max);
    let steps = scale(most);
    let top = steps.last().copied().unwrap_or(1.0);
    let named: Vec<Placed> =
        steps.iter().map(|step| Placed::set(shaper, &format!("{step}"), MEASURE * 0.2)).collect();
    let left = named.iter().map(|name| name.width).fold(0.0, f32::max) + GAP;
    let width = MEASURE - left - 2.0 * SIZE;
    let mut strip = Strip { height: ABOVE + TALL + BELOW, ..Strip::default() };
    let high = |value: f64| ABOVE + TALL * (1.0 - part(value, top));
    for (step, name) in steps.iter().zip(&named) {
        let y = high(*step);
        let ink = if *step == 0.0 { AXIS_INK } else { GRID_INK };
        strip.rule(left, y, MEASURE - left, 0.5, ink);
        name.put(&mut strip, left - GAP - name.width, y + SIZE * 0.36, 0.2);
    }
    #[expect(clippy::cast_precision_loss, reason = "a line has few points")]
    let across =
        |index: usize| left + SIZE + width * index as f32 / points.len().saturating_sub(1).max(1) as f32;
    let path: Vec<(f32, f32)> =
        points.iter().enumerate().map(|(index, point)| (across(index), high(point.value))).collect();
    // Labels that would touch are left out, the last one never.
    let mut free = f32::MIN;
    let last = points.len().saturating_sub(1);
    let end = Placed::set(shaper, points.last().map_or("", |point| &point.label), MEASURE * 0.2);
    let end_from = across(last) - end.width / 2.0;
    for (index, point) in points.iter().enumerate() {
        let label = Placed::set(shaper, &point.label, MEASURE * 0.2);
        let from = across(index) - label.width / 2.0;
        let fits = from > free && (index == last || from + label.width + GAP < end_from);
        if fits {
            label.put(&mut strip, from.min(MEASURE - label.width), ABOVE + TALL + 4.0 + SIZE, 0.1);
            free = from + label.width + GAP;
        }
    }
    let figures = points.len() <= 16;
    for (index, (point, (x, y))) in points.iter().zip(&path).enumerate() {
        strip.marks.push(Mark::Fill { x: x - 1.6, y: y - 1.6, width: 3.2, height: 3.2, ink: 0.0 });
        if figures {
            let figure = Placed::set(shaper, &point.text, MEASURE * 0.2);
            // Where the line comes from above on both sides, the figure stands in its way unless it is below.
            let beside = [index.checked_sub(1), index.checked_add(1)].into_iter().flatten();
            let valley = beside.filter_map(|at| points.get(at)).all(|other| other.value > point.value);
            let below = valley && y + SIZE * 1.6 < ABOVE + TALL;
            let down = if below { SIZE * 1.3 } else { -5.0 };
            figure.put(&mut strip, x - figure.width / 2.0, y + down, 0.0);
        }
    }
    strip.marks.push(Mark::Path { points: path, weight: 1.1, ink: 0.15 });
    vec![strip]
}

/// Whole steps of 1, 2 or 5 times a power of ten, from nothing to above the greatest value.
fn scale(most: f64) -> Vec<f64> {
    const STEPS: f64 = 4.0;
    let rough = (most / STEPS).max(1.0);
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|unit| unit * power).find(|step| *step >= rough);
    let step = step.unwrap_or(rough);
    let mut steps = vec![0.0];
    while steps.last().is_some_and(|last| *last < most.max(1.0)) && steps.len() < 12 {
        let next = steps.last().copied().unwrap_or_default() + step;
        steps.push(next);
    }
    steps
}

#[expect(clippy::cast_possible_truncation, reason = "a part of one")]
fn part(value: f64, of: f64) -> f32 {
    if of > 0.0 { (value.max(0.0) / of) as f32 } else { 0.0 }
}

/// One line of text with its width.
struct Placed {
    line: Option<crate::text::Line>,
    width: f32,
}

impl Placed {
    fn lines(shaper: &mut Shaper<'_>, text: &str, measure: f32) -> Vec<Placed> {
        shaper.at(text);
        let setting = Setting { size: SIZE, measure, first: 0.0, hang: 0.0, align: Alignment::Left };
        let lines = set(&shaper.shape(text, Face::Song), &setting).into_iter();
        lines.map(|line| Placed { width: line.width, line: Some(line) }).collect()
    }

    /// A figure or a date, which is one line.
    fn set(shaper: &mut Shaper<'_>, text: &str, measure: f32) -> Placed {
        Placed::lines(shaper, text, measure).into_iter().next().unwrap_or(Placed { line: None, width: 0.0 })
    }

    fn put(&self, strip: &mut Strip, x: f32, y: f32, ink: f32) {
        if let Some(line) = self.line.clone().filter(|line| !line.glyphs.is_empty()) {
            strip.marks.push(Mark::Text { x, y, size: SIZE, ink, line });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_of_round_steps_and_reaches_above_the_greatest() {
        assert_eq!(scale(0.0), [0.0, 1.0]);
        assert_eq!(scale(3.0), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(scale(47.0), [0.0, 20.0, 40.0, 60.0]);
        assert_eq!(scale(1200.0), [0.0, 500.0, 1000.0, 1500.0]);
        for most in 1..3000 {
            let steps = scale(f64::from(most));
            assert!(*steps.last().unwrap() >= f64::from(most) && steps.len() <= 7, "{most}: {steps:?}");
        }
    }
}
