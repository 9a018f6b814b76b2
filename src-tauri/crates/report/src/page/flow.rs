//! Blocks to strips.

use domain::Language;

use super::strip::{Mark, Strip, baseline};
use super::{BODY, BOTTOM, MEASURE, TOP, chart, grid};
use crate::ReportError;
use crate::document::{Block, Document, ParagraphStyle, SignaturePlace};
use crate::figure::{Picture, squares};
use crate::fonts::Face;
use crate::text::{Alignment, Line, Setting, Shaper, set};

const LEADING: f32 = 18.0;
const SMALL: f32 = 8.5;
const SMALL_LEADING: f32 = 13.5;

/// The strips of a document and its pictures in order.
pub(crate) fn flow(
    document: &Document,
    shaper: &mut Shaper<'_>,
) -> Result<(Vec<Strip>, Vec<Picture>), ReportError> {
    let mut flow = Flow {
        strips: Vec::new(),
        pictures: Vec::new(),
        language: document.language,
        fresh: false,
        space: 0.0,
    };
    shaper.at(&document.title);
    flow.title(shaper, document);
    for block in &document.blocks {
        flow.block(shaper, block)?;
    }
    Ok((flow.strips, flow.pictures))
}

struct Flow {
    strips: Vec<Strip>,
    pictures: Vec<Picture>,
    language: Language,
    /// Whether the next strip begins a page.
    fresh: bool,
    /// Space owed before the next strip.
    space: f32,
}

/// One run of lines in one setting.
struct Text {
    face: Face,
    size: f32,
    leading: f32,
    ink: f32,
}

const SONG: Text = Text { face: Face::Song, size: BODY, leading: LEADING, ink: 0.0 };

impl Flow {
    fn push(&mut self, mut strips: Vec<Strip>, before: f32) {
        if let Some(first) = strips.first_mut() {
            first.before = before.max(self.space);
            first.fresh = std::mem::take(&mut self.fresh);
            self.space = 0.0;
        }
        self.strips.append(&mut strips);
    }

    fn title(&mut self, shaper: &mut Shaper<'_>, document: &Document) {
        let title = Text { face: Face::Hei, size: 20.0, leading: 30.0, ink: 0.0 };
        let strips = lines(shaper, &document.title, &title, 0.0, Alignment::Center, (0.0, 0.0));
        self.push(strips, 0.0);
        let number = Text { face: Face::Song, size: 9.0, leading: 14.0, ink: 0.3 };
        let mut strips =
            lines(shaper, &document.meta.number_line, &number, 0.0, Alignment::Center, (0.0, 0.0));
        for strip in &mut strips {
            strip.keep = true;
        }
        self.push(strips, 2.0);
        self.space = 10.0;
    }

    fn block(&mut self, shaper: &mut Shaper<'_>, block: &Block) -> Result<(), ReportError> {
        match block {
            Block::Heading { level, text } => {
                shaper.at(text);
                let (size, before) = match level {
                    0 | 1 => (12.5, 12.0),
                    2 => (11.0, 9.0),
                    _ => (BODY, 7.0),
                };
                let heading = Text { face: Face::Hei, size, leading: size * 1.6, ink: 0.0 };
                let mut strips = lines(shaper, text, &heading, 0.0, Alignment::Left, (0.0, 0.0));
                for strip in &mut strips {
                    strip.keep = true;
                }
                self.push(strips, before);
                self.space = 4.0;
            }
            Block::Paragraph { text, style } => self.paragraph(shaper, text, *style),
            Block::Fields { columns, fields } => {
                let strips = grid::fields(shaper, *columns, fields);
                self.push(strips, 6.0);
                self.space = 9.0;
            }
            Block::Table { columns, rows } => {
                let strips = grid::table(shaper, columns, rows);
                self.push(strips, 6.0);
                self.space = 9.0;
            }
            Block::Bars { bars } => {
                self.push(chart::bars(shaper, bars), 6.0);
                self.space = 9.0;
            }
            Block::Line { points } => {
                self.push(chart::line(shaper, points), 6.0);
                self.space = 9.0;
            }
            Block::Figure { bytes, caption } => self.figure(shaper, bytes, caption)?,
            Block::Signature { places } => self.signature(shaper, places),
            Block::Qr { text, caption } => self.qr(shaper, text, caption)?,
            Block::Notice { title, text } => self.notice(shaper, title, text),
            Block::Space { height } => self.space = self.space.max(*height),
            Block::PageBreak => self.fresh = true,
        }
        Ok(())
    }

    fn paragraph(&mut self, shaper: &mut Shaper<'_>, text: &str, style: ParagraphStyle) {
        let chinese = self.language != Language::En;
        for text in text.split('\n').map(str::trim).filter(|text| !text.is_empty()) {
            let (mut strips, after) = match style {
                ParagraphStyle::Body => {
                    let first = if chinese { 2.0 * BODY } else { 0.0 };
                    (justified(shaper, text, &SONG, (first, 0.0)), if chinese { 1.0 } else { 5.0 })
                }
                ParagraphStyle::Flush => (justified(shaper, text, &SONG, (0.0, 0.0)), 1.0),
                ParagraphStyle::Item => {
                    let hang = hanging(shaper, text);
                    (justified(shaper, text, &SONG, (0.0, hang)), 2.0)
                }
                ParagraphStyle::Small => {
                    let small = Text { face: Face::Song, size: SMALL, leading: SMALL_LEADING, ink: 0.2 };
                    (justified(shaper, text, &small, (0.0, 0.0)), 2.0)
                }
                ParagraphStyle::Display => {
                    let display = Text { face: Face::Hei, size: 20.0, leading: 34.0, ink: 0.0 };
                    (lines(shaper, text, &display, 0.0, Alignment::Center, (0.0, 0.0)), 4.0)
                }
            };
            keep_ends(&mut strips);
            self.push(strips, 0.0);
            self.space = after;
        }
    }

    fn figure(&mut self, shaper: &mut Shaper<'_>, bytes: &[u8], caption: &str) -> Result<(), ReportError> {
        let picture = Picture::read(bytes, caption)?;
        let room = BOTTOM - TOP - 40.0;
        let scale = (MEASURE / picture.width()).min(room / picture.height()).min(0.75);
        let (width, height) = (picture.width() * scale, picture.height() * scale);
        let number = self.pictures.len();
        self.pictures.push(picture);
        let mark = Mark::Picture { x: (MEASURE - width) / 2.0, y: 0.0, width, height, number };
        let mut strips =
            vec![Strip { height: height + 3.0, keep: true, marks: vec![mark], ..Strip::default() }];
        let below = Text { face: Face::Hei, size: 9.0, leading: 14.0, ink: 0.2 };
        strips.extend(lines(shaper, caption, &below, 0.0, Alignment::Center, (0.0, 0.0)));
        keep_all(&mut strips);
        self.push(strips, 6.0);
        self.space = 8.0;
        Ok(())
    }

    /// Places two abreast: label, a line to sign on, the date, and where a seal goes.
    fn signature(&mut self, shaper: &mut Shaper<'_>, places: &[SignaturePlace]) {
        let mut strips = Vec::new();
        let width = MEASURE / 2.0;
        for pair in places.chunks(2) {
            let mut strip = Strip::default();
            let mut x = 0.0;
            for place in pair {
                shaper.at(&place.label);
                let inner = width - 18.0;
                let mut y = 22.0;
                let mut signs_after = 0.0;
                for line in set_lines(shaper, &place.label, Face::Hei, 9.5, inner, Alignment::Left) {
                    signs_after = line.width + 6.0;
                    strip.marks.push(Mark::Text { x, y, size: 9.5, ink: 0.0, line });
                    y += 14.0;
                }
                if signs_after > inner * 0.6 {
                    (signs_after, y) = (0.0, y + 12.0);
                }
                strip.rule(x + signs_after, y - 11.0, inner - signs_after, 0.5, 0.3);
                // Date and seal share a row; each wraps in its own half.
                let half = inner / 2.0 - 4.0;
                let mut lowest = y;
                for (text, from, width, align, ink) in [
                    (
                        &place.date,
                        0.0,
                        if place.seal.is_empty() { inner } else { inner - half * 0.5 },
                        Alignment::Left,
                        0.0,
                    ),
                    (&place.seal, inner - half, half, Alignment::Right, 0.45),
                ] {
                    let mut y = y;
                    if text.is_empty() {
                        continue;
                    }
                    for line in set_lines(shaper, text, Face::Song, 9.5, width, align) {
                        y += 15.0;
                        strip.marks.push(Mark::Text { x: x + from, y: y - 12.0, size: 9.5, ink, line });
                    }
                    lowest = lowest.max(y);
                }
                strip.height = strip.height.max(lowest + 8.0);
                x += width;
            }
            strips.push(strip);
        }
        keep_all(&mut strips);
        // Nobody signs a page that holds nothing but the places to sign.
        if let Some(above) = self.strips.last_mut() {
            above.keep = true;
        }
        self.push(strips, 12.0);
        self.space = 4.0;
    }

    fn qr(&mut self, shaper: &mut Shaper<'_>, text: &str, caption: &str) -> Result<(), ReportError> {
        const SIDE: f32 = 68.0;
        let mut strip = Strip { height: SIDE + 4.0, ..Strip::default() };
        for square in squares(text, SIDE)? {
            strip.marks.push(square);
        }
        shaper.at(caption);
        let x = SIDE + 14.0;
        let mut y = 4.0;
        for line in set_lines(shaper, caption, Face::Song, 9.0, MEASURE - x, Alignment::Justified) {
            strip.marks.push(Mark::Text { x, y: y + baseline(9.0, 14.5), size: 9.0, ink: 0.1, line });
            y += 14.5;
        }
        strip.height = strip.height.max(y);
        self.push(vec![strip], 10.0);
        self.space = 6.0;
        Ok(())
    }

    fn notice(&mut self, shaper: &mut Shaper<'_>, title: &str, text: &str) {
        const INSET: f32 = 12.0;
        const PAD: f32 = 6.0;
        let mut strips = Vec::new();
        if !title.is_empty() {
            shaper.at(title);
            let head = Text { face: Face::Hei, size: 9.5, leading: 16.0, ink: 0.0 };
            strips.extend(lines(shaper, title, &head, INSET, Alignment::Left, (0.0, 0.0)));
            keep_all(&mut strips);
            if let Some(last) = strips.last_mut() {
                last.keep = true;
            }
        }
        let body = Text { face: Face::Song, size: 9.5, leading: 15.5, ink: 0.0 };
        let chinese = self.language != Language::En;
        for text in text.split('\n').map(str::trim).filter(|text| !text.is_empty()) {
            let first = if chinese { 2.0 * body.size } else { 0.0 };
            let mut made = lines(shaper, text, &body, INSET, Alignment::Justified, (first, 0.0));
            keep_ends(&mut made);
            strips.extend(made);
        }
        let last = strips.len().saturating_sub(1);
        for (index, strip) in strips.iter_mut().enumerate() {
            let above = if index == 0 { PAD } else { 0.0 };
            let below = if index == last { PAD } else { 0.0 };
            for mark in &mut strip.marks {
                if let Mark::Text { y, .. } = mark {
                    *y += above;
                }
            }
            strip.height += above + below;
            // Neighbouring tints overlap a little, or viewers show a seam between them.
            let height = strip.height + if index == last { 0.0 } else { 0.4 };
            strip.marks.insert(0, Mark::Fill { x: 0.0, y: 0.0, width: MEASURE, height, ink: 0.955 });
            strip.marks.insert(1, Mark::Fill { x: 0.0, y: 0.0, width: 2.4, height, ink: 0.25 });
        }
        self.push(strips, 8.0);
        self.space = 8.0;
    }
}

/// The lines of a text that may hold several paragraphs, set without indent.
fn set_lines(
    shaper: &mut Shaper<'_>,
    text: &str,
    face: Face,
    size: f32,
    measure: f32,
    align: Alignment,
) -> Vec<Line> {
    let setting = Setting { size, measure, first: 0.0, hang: 0.0, align };
    text.split('\n').flat_map(|text| set(&shaper.shape(text, face), &setting)).collect()
}

fn justified(shaper: &mut Shaper<'_>, text: &str, style: &Text, indents: (f32, f32)) -> Vec<Strip> {
    lines(shaper, text, style, 0.0, Alignment::Justified, indents)
}

/// One strip for each line, set between equal insets.
fn lines(
    shaper: &mut Shaper<'_>,
    text: &str,
    style: &Text,
    inset: f32,
    align: Alignment,
    (first, hang): (f32, f32),
) -> Vec<Strip> {
    let setting = Setting { size: style.size, measure: MEASURE - 2.0 * inset, first, hang, align };
    set(&shaper.shape(text, style.face), &setting)
        .into_iter()
        .map(|line| {
            let y = baseline(style.size, style.leading);
            let mark = Mark::Text { x: inset, y, size: style.size, ink: style.ink, line };
            Strip { height: style.leading, marks: vec![mark], ..Strip::default() }
        })
        .collect()
}

/// The width of a leading number such as `（一）` or `1.`, under which the other lines hang.
fn hanging(shaper: &mut Shaper<'_>, text: &str) -> f32 {
    let end = text.char_indices().take(6).find(|(_, c)| matches!(c, '）' | ')' | '.' | '、'));
    let Some((index, mark)) = end else { return 0.0 };
    let mut head: String = text.get(..index).unwrap_or_default().to_owned();
    if !head.chars().all(|c| c.is_ascii_digit() || "（(一二三四五六七八九十".contains(c)) {
        return 0.0;
    }
    head.push(mark);
    if mark == '.' || mark == ')' {
        head.push(' ');
    }
    let glyphs = shaper.shape(&head, Face::Song);
    let opens = glyphs.first().is_some_and(|glyph| glyph.character == '（');
    let width: i32 = glyphs.iter().map(|glyph| glyph.drawn.width).sum();
    crate::text::points(width - if opens { 500 } else { 0 }, BODY)
}

/// No page begins with a paragraph's last line or ends with its first.
fn keep_ends(strips: &mut [Strip]) {
    let count = strips.len();
    if count > 1 {
        if let Some(first) = strips.first_mut() {
            first.keep = true;
        }
        if let Some(before_last) = strips.get_mut(count - 2) {
            before_last.keep = true;
        }
    }
}

/// All strips on one page.
fn keep_all(strips: &mut [Strip]) {
    let count = strips.len();
    for strip in strips.iter_mut().take(count.saturating_sub(1)) {
        strip.keep = true;
    }
}
