//! String literals of Rust and TypeScript, found without a parser: comments and other code are left out.

/// A literal and the line it begins on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// The literals of a Rust file.
pub(crate) fn of_rust(text: &str) -> Vec<Literal> {
    scan(text, Language::Rust)
}

/// The literals of a TypeScript file; in a `.tsx` file also the Chinese text between its tags.
pub(crate) fn of_typescript(text: &str, jsx: bool) -> Vec<Literal> {
    scan(text, if jsx { Language::Tsx } else { Language::TypeScript })
}

/// The text with its comments blanked out, so that what stays is code and literals.
pub(crate) fn without_comments(text: &str) -> String {
    let mut rest = Cursor::new(text);
    let mut out = String::new();
    while let Some(next) = rest.peek() {
        if rest.starts("//") {
            rest.take_while(|c| c != '\n');
        } else if rest.starts("/*") {
            out.extend(rest.take_block().chars().filter(|c| *c == '\n'));
        } else if next == '"' {
            out.push_str(&format!("{:?}", rest.take_quoted('"')));
        } else {
            out.push(next);
            rest.step();
        }
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Rust,
    TypeScript,
    Tsx,
}

fn scan(text: &str, language: Language) -> Vec<Literal> {
    let mut rest = Cursor::new(text);
    let mut found = Vec::new();
    let mut code_before = ' ';
    while let Some(next) = rest.peek() {
        let line = rest.line;
        if rest.starts("//") && code_before != ':' {
            rest.take_while(|c| c != '\n');
            continue;
        }
        if rest.starts("/*") {
            rest.take_block();
            continue;
        }
        let may_be_raw = language == Language::Rust && next == 'r';
        if may_be_raw
            && !(code_before.is_alphanumeric() || code_before == '_')
            && let Some(text) = rest.take_raw()
        {
            found.push(Literal { line, text });
            continue;
        }
        match (language, next) {
            (_, '"') | (Language::TypeScript | Language::Tsx, '\'' | '`') => {
                let text = rest.take_quoted(next);
                found.push(Literal { line, text });
            }
            // A lifetime has no closing mark; a character literal has one after a character or an escape.
            (Language::Rust, '\'') => rest.take_character(),
            _ if language == Language::Tsx && is_ideograph(next) => {
                let text = rest.take_while(is_ideograph);
                found.push(Literal { line, text });
            }
            _ => {
                rest.step();
            }
        }
        code_before = next;
    }
    found
}

/// Whether two ideographs stand side by side.
pub(crate) fn has_chinese_word(text: &str) -> bool {
    let mut before = false;
    for c in text.chars() {
        let now = is_ideograph(c);
        if now && before {
            return true;
        }
        before = now;
    }
    false
}

fn is_ideograph(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF)
}

struct Cursor<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Cursor<'a> {
    fn new(rest: &'a str) -> Self {
        Self { rest, line: 1 }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn starts(&self, prefix: &str) -> bool {
        self.rest.starts_with(prefix)
    }

    fn step(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.rest = self.rest.get(next.len_utf8()..).unwrap_or_default();
        self.line += usize::from(next == '\n');
        Some(next)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while self.peek().is_some_and(&wanted) {
            taken.extend(self.step());
        }
        taken
    }

    fn take_block(&mut self) -> String {
        let mut taken = String::new();
        while let Some(next) = self.step() {
            taken.push(next);
            if taken.len() > 3 && taken.ends_with("*/") {
                break;
            }
        }
        taken
    }

    fn take_quoted(&mut self, mark: char) -> String {
        self.step();
        let mut taken = String::new();
        while let Some(next) = self.step() {
            if next == '\\' {
                taken.push(next);
                taken.extend(self.step());
            } else if next == mark {
                break;
            } else {
                taken.push(next);
            }
        }
        taken
    }

    fn take_raw(&mut self) -> Option<String> {
        let after = self.rest.get(1..)?;
        let marks = after.chars().take_while(|c| *c == '#').count();
        let body = after.get(marks..)?.strip_prefix('"')?;
        let end = body.find(&format!("\"{}", "#".repeat(marks)))?;
        let taken = body.get(..end)?.to_owned();
        self.line += taken.matches('\n').count();
        self.rest = body.get(end + 1 + marks..).unwrap_or_default();
        Some(taken)
    }

    fn take_character(&mut self) {
        self.step();
        let mut ahead = self.rest.chars();
        let (first, second) = (ahead.next(), ahead.next());
        if first == Some('\\') {
            self.step();
            self.step();
            self.take_while(|c| c != '\'');
            self.step();
        } else if second == Some('\'') {
            self.step();
            self.step();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Literal, has_chinese_word, of_rust, of_typescript, without_comments};

    fn texts(literals: Vec<Literal>) -> Vec<String> {
        literals.into_iter().map(|literal| literal.text).collect()
    }

    #[test]
    fn rust_literals() {
        let check = |text: &str, expect: &[&str]| assert_eq!(texts(of_rust(text)), expect, "{text}");
        check(r#"let a = "one"; // "not this""#, &["one"]);
        check(r#"/* "no" */ f("a\"b", 'x', '"', '\'', "c")"#, &[r#"a\"b"#, "c"]);
        check("query!(r#\"select \"x\" from t\"#)", &["select \"x\" from t"]);
        check("fn f<'a>(x: &'a str) -> &'a str { \"y\" }", &["y"]);
        check("let var = r\"raw\"; for_\"x\"", &["raw", "x"]);
    }

    #[test]
    fn typescript_literals() {
        let check =
            |text: &str, expect: &[&str]| assert_eq!(texts(of_typescript(text, true)), expect, "{text}");
        check("const a = 'it' + \"b\" + `c ${d}`; // '不'", &["it", "b", "c ${d}"]);
        check("<b>理赔</b>", &["理赔"]);
    }

    #[test]
    fn words_are_told_from_units() {
        let check = |text: &str, expect| assert_eq!(has_chinese_word(text), expect, "{text}");
        check("${year}年${month}月", false);
        check("，", false);
        check("claims 理赔 desk", true);
        check("𠮷野", true);
    }

    #[test]
    fn lines_count_through_comments_and_raw_strings() {
        let found = of_rust("/*\n\n*/\nlet a = r\"x\ny\";\nf(\"z\")");
        assert_eq!(found.iter().map(|literal| literal.line).collect::<Vec<_>>(), [4, 6]);
    }

    #[test]
    fn comments_go_and_literals_stay() {
        assert_eq!(without_comments("a // b\nc /* d */ \"e // f\""), "a \nc  \"e // f\"");
    }
}
