//! The little HTTP that WebDriver needs: one request, one answer, on this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Longer than any single step of a window may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends a request and gives the status and the JSON that came back.
pub(crate) fn call(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).context("connecting to the driver")?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let body = body.map(Value::to_string).unwrap_or_default();
    // No `Connection: close`: tauri-driver passes it on, and then sends the next request into the closed connection.
    // One write, or the server waits for the acknowledgement of the first packet.
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes())?;
    let (status, bytes) = answer(&mut BufReader::new(stream)).with_context(|| format!("{method} {path}"))?;
    let json = serde_json::from_slice(&bytes)
        .with_context(|| format!("{method} {path}: no JSON in {}", String::from_utf8_lossy(&bytes)))?;
    Ok((status, json))
}

fn answer(reader: &mut impl BufRead) -> Result<(u16, Vec<u8>)> {
    let first = line(reader)?;
    let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
    let Some(status) = status else { bail!("not an HTTP answer: {first:?}") };
    let mut length = None;
    let mut chunked = false;
    loop {
        let header = line(reader)?.to_ascii_lowercase();
        match header.split_once(':') {
            Some(("content-length", value)) => length = Some(value.trim().parse::<u64>()?),
            Some(("transfer-encoding", value)) => chunked = value.trim() == "chunked",
            Some(_) => {}
            None => break,
        }
    }
    let mut body = Vec::new();
    if chunked {
        loop {
            let size = u64::from_str_radix(line(reader)?.trim(), 16)?;
            reader.by_ref().take(size).read_to_end(&mut body)?;
            line(reader)?;
            if size == 0 {
                break;
            }
        }
    } else {
        reader.take(length.unwrap_or(u64::MAX)).read_to_end(&mut body)?;
    }
    Ok((status, body))
}

fn line(reader: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        bail!("the driver closed the connection");
    }
    Ok(line.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn bodies_with_length_and_in_chunks() {
        let check = |text: &str, expect: &str| {
            let (status, body) = answer(&mut text.as_bytes()).unwrap();
            assert_eq!((status, String::from_utf8(body).unwrap().as_str()), (200, expect));
        };
        check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}rest", "{}");
        check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n", "abcd");
    }

    #[test]
    fn a_closed_connection_is_an_error() {
        assert!(answer(&mut "".as_bytes()).is_err());
        assert!(answer(&mut "HTTP/1.1 200 OK\r\nContent-Length: 5".as_bytes()).is_err());
    }
}
