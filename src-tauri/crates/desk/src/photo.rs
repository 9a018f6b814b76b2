//! Print-size copies of photographs: what a report or a print embeds instead of twelve megapixels.

use std::io::Cursor;

use domain::{Code, Refusal};
use image::codecs::jpeg::JpegEncoder;
use image::{ImageReader, Limits};

use crate::error::DeskError;

/// A4 at 150 dots per inch, the long side.
const LONG_SIDE: u32 = 1754;
/// Decoding may not take more: a crafted picture can claim to be enormous.
const MEMORY: u64 = 512 * 1024 * 1024;
const QUALITY: u8 = 82;

/// A smaller JPEG of a larger photograph; `None` for what is small already or no photograph.
///
/// # Errors
/// Only when the work could not be run: a picture that cannot be decoded is kept as it is.
pub(crate) async fn print_size(mime: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, DeskError> {
    if !matches!(mime, "image/jpeg" | "image/png" | "image/webp" | "image/bmp") {
        return Ok(None);
    }
    let bytes = bytes.to_vec();
    let failed = |_| Refusal::new(Code::StorageFailed).with("reason", "thread");
    Ok(tokio::task::spawn_blocking(move || shrink(bytes)).await.map_err(failed)?)
}

fn shrink(bytes: Vec<u8>) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    // Telephones store pictures sideways and say so beside them.
    let orientation = image::ImageDecoder::orientation(&mut decoder).ok()?;
    let mut picture = image::DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    if picture.width().max(picture.height()) <= LONG_SIDE {
        return None;
    }
    let small = picture.resize(LONG_SIDE, LONG_SIDE, image::imageops::FilterType::Triangle);
    let mut out = Vec::new();
    small.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn large_pictures_shrink_and_small_ones_stay() {
        let small = shrink(png(4000, 3000)).expect("a copy");
        let picture = image::load_from_memory(&small).unwrap();
        assert_eq!((picture.width(), picture.height()), (1754, 1316));
        assert!(shrink(png(800, 600)).is_none());
        assert!(shrink(b"\x89PNG\r\n\x1a\nbroken".to_vec()).is_none());
    }
}
