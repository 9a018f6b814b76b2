//! Writes pages as PDF, the same bytes for the same document.
//!
//! printpdf draws document ids from a process-wide counter and dates from its defaults; both are replaced here, by the
//! document's hash and by the time it was printed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset};
use domain::Language;
use lopdf::{Object, StringFormat};
use printpdf::{
    Codepoint, Color, CurTransMat, DictItem, ExternalStream, ExternalXObject, FontId, Greyscale,
    Line as PdfLine, LinePoint, Mm, Op, PaintMode, PdfDocument, PdfFont, PdfFontHandle, PdfPage,
    PdfSaveOptions, Point, Pt, Rect, TextItem, TextMatrix, XObject, XObjectId, XObjectTransform,
};

use crate::document::Document;
use crate::figure::{Picture, PictureData};
use crate::fonts::{Face, Fonts};
use crate::page::{self, Ink, LEFT, MEASURE, Mark, PAGE_HEIGHT, PAGE_WIDTH, Page};
use crate::text::{Alignment, Line, Setting, Shaper, set};
use crate::{MissingGlyph, ReportError};

/// A finished file.
#[derive(Debug, Clone)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// Number of pages.
    pub pages: usize,
    /// SHA-256 of the document's content, in hex. Its first sixteen characters stand on every page.
    pub hash: String,
    /// Characters that no face has, each once per place.
    pub warnings: Vec<MissingGlyph>,
}

/// Sets a document and writes it as PDF.
pub fn render(document: &Document, fonts: &Fonts) -> Result<Pdf, ReportError> {
    let hash = document.hash();
    let mut shaper = Shaper::new(fonts);
    let (strips, pictures) = page::flow(document, &mut shaper)?;
    let mut pages = page::paginate(&strips);
    let count = pages.len();
    for (index, page) in pages.iter_mut().enumerate() {
        head_and_foot(&mut shaper, document, &hash, page, index + 1, count);
    }
    let bytes = write(document, fonts, &hash, &pages, &pictures)?;
    Ok(Pdf { bytes, pages: count, hash, warnings: shaper.missing })
}

/// Branch and title above, number, page and hash below.
fn head_and_foot(
    shaper: &mut Shaper<'_>,
    document: &Document,
    hash: &str,
    page: &mut Page,
    number: usize,
    count: usize,
) {
    let meta = &document.meta;
    let pages =
        meta.page_pattern.replace("{page}", &number.to_string()).replace("{pages}", &count.to_string());
    let proof = format!("{} · {}", meta.copy_line, hash.get(..16).unwrap_or(hash));
    let foot = PAGE_HEIGHT - 46.0;
    let edges = [
        (meta.issuer.as_str(), 47.0, Alignment::Left),
        (document.title.as_str(), 47.0, Alignment::Right),
        (meta.number_line.as_str(), foot, Alignment::Left),
        (pages.as_str(), foot, Alignment::Center),
        (proof.as_str(), foot, Alignment::Right),
    ];
    for (text, y, align) in edges {
        shaper.at(text);
        let setting = Setting { size: 8.5, measure: MEASURE, first: 0.0, hang: 0.0, align };
        if let Some(line) = set(&shaper.shape(text, Face::Song), &setting).into_iter().next() {
            page.marks.push(Mark::Text { x: 0.0, y, size: 8.5, ink: 0.25, line });
        }
    }
    for y in [53.0, foot - 13.0] {
        page.marks.push(Mark::Fill { x: 0.0, y, width: MEASURE, height: 0.5, ink: 0.25 });
    }
}

fn write(
    document: &Document,
    fonts: &Fonts,
    hash: &str,
    pages: &[Page],
    pictures: &[Picture],
) -> Result<Vec<u8>, ReportError> {
    let mut pdf = PdfDocument::new(&document.title);
    for face in used_faces(pages) {
        let font = PdfFont::new(fonts.parsed(face).clone());
        pdf.resources.fonts.map.insert(FontId(face.tag().into()), font);
    }
    for (number, picture) in pictures.iter().enumerate() {
        pdf.resources.xobjects.map.insert(picture_id(number), XObject::External(embedded(picture)));
    }
    let info = &mut pdf.metadata.info;
    info.author.clone_from(&document.meta.issuer);
    info.subject.clone_from(&document.number);
    info.creator = "claims-desk".into();
    info.producer = "claims-desk, printpdf".into();
    pdf.pages = pages
        .iter()
        .map(|page| PdfPage::new(Mm::from(Pt(PAGE_WIDTH)), Mm::from(Pt(PAGE_HEIGHT)), operations(page)))
        .collect();

    let mut warnings = Vec::new();
    let options =
        PdfSaveOptions { optimize: true, subset_fonts: true, secure: true, image_optimization: None };
    let mut file = pdf.to_lopdf_document(&options, &mut warnings);
    if let Some(failure) =
        warnings.iter().find(|warning| warning.severity == printpdf::PdfParseErrorSeverity::Error)
    {
        return Err(ReportError::Write(failure.msg.clone()));
    }
    settle(&mut file, document, hash)?;
    file.compress();
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).map_err(|error| ReportError::Write(error.to_string()))?;
    Ok(bytes)
}

fn used_faces(pages: &[Page]) -> BTreeSet<Face> {
    let lines = pages.iter().flat_map(|page| &page.marks).filter_map(|mark| match mark {
        Mark::Text { line, .. } => Some(line),
        Mark::Fill { .. } | Mark::Path { .. } | Mark::Picture { .. } => None,
    });
    lines.flat_map(|line| &line.glyphs).map(|glyph| glyph.face).collect()
}

/// Fixes what printpdf draws from counters, and says which language the text is in.
fn settle(file: &mut lopdf::Document, document: &Document, hash: &str) -> Result<(), ReportError> {
    let failed = |error: lopdf::Error| ReportError::Write(error.to_string());
    file.version = "1.5".into();
    let id = Object::String(hash.get(..32).unwrap_or(hash).as_bytes().to_vec(), StringFormat::Literal);
    file.trailer.set("ID", Object::Array(vec![id.clone(), id]));
    let language = match document.language {
        Language::ZhCn => "zh-CN",
        Language::ZhTw => "zh-TW",
        Language::En => "en",
    };
    let catalog = file.catalog_mut().map_err(failed)?;
    catalog.set("Lang", Object::string_literal(language));
    let preferences = [("DisplayDocTitle", Object::Boolean(true))];
    catalog.set("ViewerPreferences", Object::Dictionary(lopdf::Dictionary::from_iter(preferences)));
    let info = file.trailer.get(b"Info").and_then(Object::as_reference).map_err(failed)?;
    let info = file.get_dictionary_mut(info).map_err(failed)?;
    for unused in ["GTS_PDFXVersion", "Identifier", "Trapped", "Keywords"] {
        info.remove(unused.as_bytes());
    }
    for name in ["CreationDate", "ModDate"] {
        match file_date(&document.meta.printed_at) {
            Some(date) => info.set(name, Object::string_literal(date)),
            None => {
                info.remove(name.as_bytes());
            }
        }
    }
    Ok(())
}

fn file_date(printed_at: &str) -> Option<String> {
    let shanghai = FixedOffset::east_opt(8 * 3600)?;
    let at = DateTime::parse_from_rfc3339(printed_at).ok()?.with_timezone(&shanghai);
    Some(at.format("D:%Y%m%d%H%M%S+08'00'").to_string())
}

fn picture_id(number: usize) -> XObjectId {
    XObjectId(format!("FIGURE{number}"))
}

fn embedded(picture: &Picture) -> ExternalXObject {
    let name = |text: &str| DictItem::Name(text.as_bytes().to_vec());
    let number = |value: u32| DictItem::Int(i64::from(value));
    let mut dict = BTreeMap::from([
        ("Type".to_owned(), name("XObject")),
        ("Subtype".to_owned(), name("Image")),
        ("Width".to_owned(), number(picture.pixels.0)),
        ("Height".to_owned(), number(picture.pixels.1)),
        ("BitsPerComponent".to_owned(), number(8)),
    ]);
    let (space, content) = match &picture.data {
        PictureData::Jpeg(bytes, components) => {
            dict.insert("Filter".into(), name("DCTDecode"));
            if *components == 4 {
                // Adobe writes CMYK JPEG inverted, and so does everybody after it.
                let range = [1, 0, 1, 0, 1, 0, 1, 0].map(DictItem::Int);
                dict.insert("Decode".into(), DictItem::Array(range.to_vec()));
            }
            let space = match components {
                1 => "DeviceGray",
                4 => "DeviceCMYK",
                _ => "DeviceRGB",
            };
            (space, bytes)
        }
        PictureData::Rgb(bytes) => ("DeviceRGB", bytes),
    };
    dict.insert("ColorSpace".into(), name(space));
    let stream = ExternalStream { dict, content: content.clone(), compress: true };
    ExternalXObject { stream, width: None, height: None, dpi: None }
}

fn operations(page: &Page) -> Vec<Op> {
    let mut made = Vec::new();
    let mut ink = None;
    let mut shade = |made: &mut Vec<Op>, wanted: Ink| {
        if ink != Some(wanted) {
            ink = Some(wanted);
            let col = Color::Greyscale(Greyscale::new(wanted, None));
            made.push(Op::SetFillColor { col });
        }
    };
    for mark in &page.marks {
        match mark {
            Mark::Text { x, y, size, ink, line } => {
                shade(&mut made, *ink);
                text(&mut made, LEFT + x + line.x, PAGE_HEIGHT - y, *size, line);
            }
            Mark::Fill { x, y, width, height, ink } => {
                shade(&mut made, *ink);
                let rectangle = Rect {
                    x: Pt(round(LEFT + x)),
                    y: Pt(round(PAGE_HEIGHT - y - height)),
                    width: Pt(round(*width)),
                    height: Pt(round(*height)),
                    mode: Some(PaintMode::Fill),
                    winding_order: None,
                };
                made.push(Op::DrawRectangle { rectangle });
            }
            Mark::Path { points, weight, ink } => {
                let col = Color::Greyscale(Greyscale::new(*ink, None));
                made.push(Op::SetOutlineColor { col });
                made.push(Op::SetOutlineThickness { pt: Pt(*weight) });
                let point = |(x, y): &(f32, f32)| LinePoint {
                    p: Point { x: Pt(round(LEFT + x)), y: Pt(round(PAGE_HEIGHT - y)) },
                    bezier: false,
                };
                let points = points.iter().map(point).collect();
                made.push(Op::DrawLine { line: PdfLine { points, is_closed: false } });
            }
            Mark::Picture { x, y, width, height, number } => {
                made.push(Op::SaveGraphicsState);
                let place = [*width, 0.0, 0.0, *height, LEFT + x, PAGE_HEIGHT - y - height];
                made.push(Op::SetTransformationMatrix { matrix: CurTransMat::Raw(place) });
                let transform = XObjectTransform { no_auto_scale: true, ..XObjectTransform::default() };
                made.push(Op::UseXobject { id: picture_id(*number), transform });
                made.push(Op::RestoreGraphicsState);
            }
        }
    }
    made
}

/// One line: a run for each change of face, gaps as adjustments between glyphs.
fn text(made: &mut Vec<Op>, x: f32, y: f32, size: f32, line: &Line) {
    let Some(first) = line.glyphs.first() else { return };
    made.push(Op::StartTextSection);
    let matrix = TextMatrix::Translate(Pt(round(x + crate::text::points(first.x, size))), Pt(round(y)));
    made.push(Op::SetTextMatrix { matrix });
    let nexts = line.glyphs.iter().skip(1).map(Some).chain([None]);
    let glyphs: Vec<(Face, Codepoint)> = line
        .glyphs
        .iter()
        .zip(nexts)
        .map(|(glyph, next)| {
            let kern = next.map_or(0, |next| glyph.x + glyph.width - next.x);
            (glyph.face, Codepoint::with_cid(glyph.glyph, adjustment(kern), glyph.character.to_string()))
        })
        .collect();
    for run in glyphs.chunk_by(|one, other| one.0 == other.0) {
        let Some((face, _)) = run.first() else { continue };
        let font = PdfFontHandle::External(FontId(face.tag().into()));
        made.push(Op::SetFont { font, size: Pt(size) });
        let run = run.iter().map(|(_, glyph)| glyph.clone()).collect();
        made.push(Op::ShowText { items: vec![TextItem::GlyphIds(run)] });
    }
    made.push(Op::EndTextSection);
}

#[expect(clippy::cast_precision_loss, reason = "an adjustment is far smaller than what f32 holds exactly")]
const fn adjustment(thousandths: i32) -> f32 {
    thousandths as f32
}

/// Hundredths of a point are finer than any printer.
fn round(points: f32) -> f32 {
    (points * 100.0).round() / 100.0
}
