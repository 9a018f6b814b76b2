//! Pictures and QR symbols: from bytes and text to what a page can draw.

use image::{ImageDecoder, ImageFormat, ImageReader, Limits};
use qrcode::{Color, EcLevel, QrCode};

use crate::ReportError;
use crate::page::Mark;

/// More pixels than this are refused: intake makes print-size copies, so a larger one is a mistake.
const PIXEL_LIMIT: u32 = 12_000;

/// A picture as the file holds it.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) pixels: (u32, u32),
    pub(crate) data: PictureData,
}

/// The bytes of a picture.
#[derive(Debug)]
pub(crate) enum PictureData {
    /// A JPEG file, embedded as it is, with the number of colour components its frame header names.
    Jpeg(Vec<u8>, u8),
    /// Eight bits each of red, green and blue.
    Rgb(Vec<u8>),
}

impl Picture {
    pub(crate) fn read(bytes: &[u8], caption: &str) -> Result<Picture, ReportError> {
        let refused = |reason: String| ReportError::Figure { caption: caption.to_owned(), reason };
        if bytes.is_empty() {
            return Err(refused("it is a file of 0 bytes".into()));
        }
        let format = match image::guess_format(bytes) {
            Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png)) => format,
            Ok(other) => return Err(refused(format!("it is {other:?}; save it as JPEG or PNG"))),
            Err(_) => {
                return Err(refused("it is no picture the program knows; save it as JPEG or PNG".into()));
            }
        };
        let mut limits = Limits::default();
        limits.max_image_width = Some(PIXEL_LIMIT);
        limits.max_image_height = Some(PIXEL_LIMIT);
        let mut reader = ImageReader::with_format(std::io::Cursor::new(bytes), format);
        reader.limits(limits);
        let decoder = reader.into_decoder().map_err(|error| refused(error.to_string()))?;
        let pixels = decoder.dimensions();
        if pixels.0 == 0 || pixels.1 == 0 {
            return Err(refused("it has no pixels".into()));
        }
        let data = match format {
            // The picture is decoded even when its bytes are embedded: a cut-off JPEG must be refused here, not at the printer.
            ImageFormat::Jpeg => {
                let components = jpeg_components(bytes).unwrap_or(3);
                image::DynamicImage::from_decoder(decoder).map_err(|error| refused(error.to_string()))?;
                PictureData::Jpeg(bytes.to_vec(), components)
            }
            _ => {
                let decoded =
                    image::DynamicImage::from_decoder(decoder).map_err(|error| refused(error.to_string()))?;
                PictureData::Rgb(on_paper(&decoded.into_rgba8()))
            }
        };
        Ok(Picture { pixels, data })
    }

    #[expect(clippy::cast_precision_loss, reason = "the pixel limit is far below what f32 holds exactly")]
    pub(crate) const fn width(&self) -> f32 {
        self.pixels.0 as f32
    }

    #[expect(clippy::cast_precision_loss, reason = "the pixel limit is far below what f32 holds exactly")]
    pub(crate) const fn height(&self) -> f32 {
        self.pixels.1 as f32
    }
}

/// The number of components in a JPEG's frame header; decoders hide it, for they give RGB for CMYK.
fn jpeg_components(bytes: &[u8]) -> Option<u8> {
    let mut rest = bytes.get(2..)?;
    loop {
        let [0xff, marker, high, low, ..] = rest else { return None };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        // SOF0 to SOF15 but for DHT, JPG and DAC, which lie between them.
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return rest.get(9).copied();
        }
        rest = rest.get(2 + length..)?;
    }
}

/// Transparent places show the paper.
fn on_paper(image: &image::RgbaImage) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(image.len() / 4 * 3);
    for pixel in image.pixels() {
        let [red, green, blue, alpha] = pixel.0;
        for colour in [red, green, blue] {
            let mixed = (u16::from(colour) * u16::from(alpha) + 255 * (255 - u16::from(alpha))) / 255;
            bytes.push(u8::try_from(mixed).unwrap_or(u8::MAX));
        }
    }
    bytes
}

/// The dark stretches of a QR symbol with the given side.
pub(crate) fn squares(text: &str, side: f32) -> Result<Vec<Mark>, ReportError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|error| ReportError::Qr { length: text.len(), reason: error.to_string() })?;
    let modules = code.width();
    #[expect(clippy::cast_precision_loss, reason = "a symbol has at most 177 modules a side")]
    let unit = side / modules as f32;
    let colours = code.to_colors();
    let mut marks = Vec::new();
    for (row, colours) in colours.chunks(modules).enumerate() {
        let mut column = 0;
        for run in colours.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                #[expect(clippy::cast_precision_loss, reason = "a symbol has at most 177 modules a side")]
                marks.push(Mark::Fill {
                    x: column as f32 * unit,
                    y: row as f32 * unit,
                    width: run.len() as f32 * unit,
                    height: unit,
                    ink: 0.0,
                });
            }
            column += run.len();
        }
    }
    Ok(marks)
}
