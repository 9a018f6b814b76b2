//! Stacks strips onto pages: keeps what belongs together, repeats table headers, closes cut tables.

use super::strip::{Mark, Strip};
use super::{BOTTOM, MEASURE, TOP};

/// A page's marks, measured from the left edge of the text and the top of the page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) marks: Vec<Mark>,
}

/// Stacks the strips. There is always at least one page.
pub(crate) fn paginate(strips: &[Strip]) -> Vec<Page> {
    let mut stack = Stack { pages: vec![Page::default()], y: TOP };
    let mut index = 0;
    while let Some(rest) = strips.get(index..).filter(|rest| !rest.is_empty()) {
        let together = rest.iter().take_while(|strip| strip.keep).count() + 1;
        let group = rest.get(..together).unwrap_or(rest);
        stack.put_group(group);
        index += group.len();
    }
    stack.pages
}

struct Stack {
    pages: Vec<Page>,
    y: f32,
}

impl Stack {
    fn at_top(&self) -> bool {
        self.y <= TOP
    }

    fn put_group(&mut self, group: &[Strip]) {
        let height: f32 = group
            .iter()
            .enumerate()
            .map(|(index, strip)| strip.height + if index == 0 && self.at_top() { 0.0 } else { strip.before })
            .sum();
        let fits_a_page = height
            <= BOTTOM
                - TOP
                - group.first().and_then(|strip| strip.header.as_ref()).map_or(0.0, |header| header.height);
        if group.first().is_some_and(|strip| strip.fresh) || (fits_a_page && self.y + height > BOTTOM) {
            self.turn(group.first());
        }
        for strip in group {
            if self.y + strip.before + strip.height > BOTTOM {
                self.turn(Some(strip));
            }
            if !self.at_top() {
                self.y += strip.before;
            }
            self.put(strip);
        }
    }

    /// Begins a page, which `next` is the first to stand on.
    fn turn(&mut self, next: Option<&Strip>) {
        if self.at_top() {
            return;
        }
        let cut = next.and_then(|strip| strip.cut);
        if let (Some(weight), Some(page)) = (cut, self.pages.last_mut()) {
            page.marks.push(Mark::Fill {
                x: 0.0,
                y: self.y - weight / 2.0,
                width: MEASURE,
                height: weight,
                ink: 0.0,
            });
        }
        self.pages.push(Page::default());
        self.y = TOP;
        match next.and_then(|strip| strip.header.clone()) {
            Some(header) => self.put(&header),
            None => {
                if let (Some(weight), Some(page)) = (cut, self.pages.last_mut()) {
                    page.marks.push(Mark::Fill {
                        x: 0.0,
                        y: TOP - weight / 2.0,
                        width: MEASURE,
                        height: weight,
                        ink: 0.0,
                    });
                }
            }
        }
    }

    fn put(&mut self, strip: &Strip) {
        if let Some(page) = self.pages.last_mut() {
            page.marks.extend(strip.marks.iter().cloned().map(|mark| moved(mark, self.y)));
        }
        self.y += strip.height;
    }
}

fn moved(mark: Mark, down: f32) -> Mark {
    match mark {
        Mark::Text { x, y, size, ink, line } => Mark::Text { x, y: y + down, size, ink, line },
        Mark::Fill { x, y, width, height, ink } => Mark::Fill { x, y: y + down, width, height, ink },
        Mark::Path { points, weight, ink } => {
            Mark::Path { points: points.into_iter().map(|(x, y)| (x, y + down)).collect(), weight, ink }
        }
        Mark::Picture { x, y, width, height, number } => {
            Mark::Picture { x, y: y + down, width, height, number }
        }
    }
}
