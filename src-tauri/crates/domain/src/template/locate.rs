//! From a JSON pointer to the line it stands on, and keys written twice in one object.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;
use std::str::Bytes;

/// Where everything of one JSON file stands. The file must already have been read as JSON.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    by_pointer: BTreeMap<String, u32>,
    /// The first key written twice, with its line: readers of JSON silently keep only one of the two.
    pub(crate) duplicate: Option<(String, u32)>,
}

impl Lines {
    /// Reads the places of all values.
    pub(crate) fn read(source: &str) -> Lines {
        let mut scan = Scan { bytes: source.bytes().peekable(), line: 1, lines: Lines::default() };
        scan.value(String::new());
        scan.lines
    }

    /// The line of a pointer, or of its nearest ancestor that is written in the file.
    pub(crate) fn of(&self, pointer: &str) -> u32 {
        let mut pointer = pointer;
        loop {
            if let Some(line) = self.by_pointer.get(pointer) {
                return *line;
            }
            match pointer.rsplit_once('/') {
                Some((parent, _)) => pointer = parent,
                None => return 1,
            }
        }
    }
}

struct Scan<'a> {
    bytes: Peekable<Bytes<'a>>,
    line: u32,
    lines: Lines,
}

impl Scan<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.next()?;
        if byte == b'\n' {
            self.line += 1;
        }
        Some(byte)
    }

    /// Skips space and the separators between values.
    fn skip(&mut self) -> Option<u8> {
        while let Some(byte) = self.bytes.peek().copied() {
            if !byte.is_ascii_whitespace() && byte != b',' && byte != b':' {
                return Some(byte);
            }
            self.next();
        }
        None
    }

    fn value(&mut self, pointer: String) {
        let first = self.skip();
        self.lines.by_pointer.entry(pointer.clone()).or_insert(self.line);
        match first {
            Some(b'{') => self.object(&pointer),
            Some(b'[') => self.array(&pointer),
            Some(b'"') => {
                self.string();
            }
            _ => {
                while self.bytes.peek().is_some_and(|byte| !b",]} \t\r\n".contains(byte)) {
                    self.next();
                }
            }
        }
    }

    fn object(&mut self, pointer: &str) {
        self.next();
        let mut seen = BTreeSet::new();
        while self.skip().is_some_and(|byte| byte == b'"') {
            let line = self.line;
            let key = self.string();
            let child = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
            self.lines.by_pointer.insert(child.clone(), line);
            if !seen.insert(key.clone()) {
                self.lines.duplicate.get_or_insert((key, line));
            }
            self.value(child);
        }
        self.next();
    }

    fn array(&mut self, pointer: &str) {
        self.next();
        let mut index = 0_usize;
        while self.skip().is_some_and(|byte| byte != b']') {
            self.value(format!("{pointer}/{index}"));
            index += 1;
        }
        self.next();
    }

    /// The text of a string, with its escapes resolved.
    fn string(&mut self) -> String {
        let mut raw = Vec::new();
        raw.extend(self.next());
        while let Some(byte) = self.next() {
            raw.push(byte);
            match byte {
                b'"' => break,
                b'\\' => raw.extend(self.next()),
                _ => {}
            }
        }
        serde_json::from_slice(&raw).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_line() {
        let source = "{\n  \"a\": [1,\n    {\"b/c\": \"x\\\"}\"}],\n  \"d\":\n    null,\n  \"名\": {\"k\": -1.5e3,\n \"k\": 2}\n}";
        let lines = Lines::read(source);
        for (pointer, line) in [
            ("", 1),
            ("/a", 2),
            ("/a/0", 2),
            ("/a/1", 3),
            ("/a/1/b~1c", 3),
            ("/d", 4),
            ("/名/k", 7),
            ("/a/1/nothing/there", 3),
            ("/unknown", 1),
        ] {
            assert_eq!(lines.of(pointer), line, "line of {pointer:?}");
        }
        assert_eq!(lines.duplicate, Some(("k".to_owned(), 7)));
    }
}
