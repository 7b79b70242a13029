//! Values of Rust string literals.

/// The value of a Rust string literal, plain or raw; none if `written` is another literal.
pub(super) fn string_value(written: &str) -> Option<String> {
    if let Some(raw) = written.strip_prefix('r') {
        let hashes = raw.bytes().take_while(|byte| *byte == b'#').count();
        let fence = raw.get(..hashes)?;
        return raw
            .get(hashes..)?
            .strip_prefix('"')?
            .strip_suffix(fence)?
            .strip_suffix('"')
            .map(str::to_owned);
    }
    unescape(written.strip_prefix('"')?.strip_suffix('"')?)
}

fn unescape(body: &str) -> Option<String> {
    let mut value = String::with_capacity(body.len());
    let mut rest = body.chars();
    while let Some(next) = rest.next() {
        if next != '\\' {
            value.push(next);
            continue;
        }
        match rest.next()? {
            'n' => value.push('\n'),
            'r' => value.push('\r'),
            't' => value.push('\t'),
            '0' => value.push('\0'),
            quoted @ ('\\' | '"' | '\'') => value.push(quoted),
            'x' => {
                let digits: String = rest.by_ref().take(2).collect();
                value.push(char::from(u8::from_str_radix(&digits, 16).ok()?));
            }
            'u' => {
                let digits: String = rest.by_ref().take_while(|digit| *digit != '}').collect();
                let digits = digits.trim_start_matches('{').replace('_', "");
                value.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
            }
            // A line continuation: the white space up to the next line's text is no part of the string.
            '\n' | '\r' => rest = rest.as_str().trim_start().chars(),
            _ => return None,
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_rust() {
        assert_eq!(string_value(r#""a\n\"\\\x41\u{1F6_00}\0\'""#).unwrap(), "a\n\"\\A😀\0'");
        assert_eq!(string_value("\"a \\\n   b\"").unwrap(), "a b");
        assert_eq!(string_value(r###"r#"say "hi"\n"#"###).unwrap(), "say \"hi\"\\n");
        assert_eq!(string_value("r\"\"").unwrap(), "");
    }

    #[test]
    fn other_literals_are_not_strings() {
        for other in ["1", "'a'", "b\"x\"", "c\"x\"", "1.5", "br#\"x\"#"] {
            assert_eq!(string_value(other), None, "{other}");
        }
    }
}
