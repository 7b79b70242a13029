//! What a text that is no expression was most likely meant to be: a span of time, or a text without its quotes.

use csml_expr::quote;

use crate::{
    diagnostics::{Diagnostic, fix::Fix},
    model::Role,
    source::Span,
    text::{Text, shown},
};

/// Adds to an error what the whole expression was meant to be.
pub(super) fn advise(found: Diagnostic, text: &Text, role: Role) -> Diagnostic {
    let written = text.as_str().trim();
    if let Some(milliseconds) = milliseconds(written) {
        let message = format!("time is a number of milliseconds: write \"{milliseconds}\"");
        return with_fix(found, message, text, &milliseconds);
    }
    // A text is no delay and no condition, and what is declared elsewhere is no text.
    if matches!(role, Role::Delay | Role::Guard) || !is_prose(written) || !found.related.is_empty() {
        return found;
    }
    let mut quoted = String::new();
    quote(written, &mut quoted);
    with_fix(found, format!("a text has quotes of its own: {}", shown(&quoted)), text, &quoted)
}

fn with_fix(found: Diagnostic, message: String, text: &Text, expression: &str) -> Diagnostic {
    // One fix is enough: that of a misspelt name is likelier.
    if found.fixes.is_empty() {
        found.with_fix(Fix::rename(message, text.span, text.as_str(), expression))
    } else {
        found.help(message)
    }
}

/// Whether a place is where a text begins. Several unknown names in one text are one mistake, which is explained at the
/// first.
pub(super) fn is_beginning(place: Span, text: &Text) -> bool {
    let blank = text.as_str().len() - text.as_str().trim_start().len();
    place.start == text.span_of(blank, blank).start
}

/// Whether a text reads as words of a natural language or as an identifier, rather than as an expression.
fn is_prose(text: &str) -> bool {
    /// Words of the language that may stand between others.
    const OPERATORS: [&str; 24] = [
        "and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "div", "mod", "empty", "size", "new", "var",
        "let", "const", "if", "else", "for", "while", "return", "true", "false",
    ];
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    let mut words = text.starts_with(char::is_alphabetic);
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        words &= match c {
            '_' | ' ' => true,
            '-' | '\'' => before.is_alphanumeric() && next.is_alphanumeric(),
            '.' | ',' | '!' | '?' | ':' => before.is_alphanumeric() && next == ' ',
            c => c.is_alphanumeric(),
        };
        before = c;
    }
    words && !text.split(' ').any(|word| OPERATORS.contains(&word))
}

/// The milliseconds of a span of time: `5s`, `1.5 min`, `1h 30m`, `PT5S`.
fn milliseconds(text: &str) -> Option<String> {
    const LONGEST: usize = 40;
    if text.len() > LONGEST || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let (mut rest, iso) = match lower.strip_prefix('p') {
        Some(rest) => (rest, true),
        None => (lower.as_str(), false),
    };
    let mut total = 0.0;
    let mut time = !iso;
    loop {
        rest = rest.trim_start();
        if iso
            && !time
            && let Some(after) = rest.strip_prefix('t')
        {
            (rest, time) = (after, true);
        }
        if rest.is_empty() {
            break;
        }
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (count, behind) = rest.split_at_checked(number)?;
        let behind = behind.trim_start();
        let letters = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
        let unit = if iso { letters.min(1) } else { letters };
        let (unit, behind) = behind.split_at_checked(unit)?;
        total += count.parse::<f64>().ok()? * if iso { iso_unit(unit, time)? } else { common_unit(unit)? };
        rest = behind;
    }
    let total = (total * 1000.0).round() / 1000.0;
    (total.is_finite() && total < 1e15).then(|| total.to_string())
}

fn common_unit(unit: &str) -> Option<f64> {
    Some(match unit {
        "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => 1.0,
        "s" | "sec" | "secs" | "second" | "seconds" => 1_000.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600_000.0,
        "d" | "day" | "days" => 86_400_000.0,
        _ => return None,
    })
}

/// Of ISO 8601. Months and years have no fixed length.
fn iso_unit(unit: &str, time: bool) -> Option<f64> {
    Some(match (unit, time) {
        ("s", true) => 1_000.0,
        ("m", true) => 60_000.0,
        ("h", true) => 3_600_000.0,
        ("d", false) => 86_400_000.0,
        ("w", false) => 604_800_000.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_are_milliseconds() {
        let found = |text| milliseconds(text).unwrap_or_default();
        for (text, expected) in [
            ("5s", "5000"),
            ("5 S", "5000"),
            ("1.5 min", "90000"),
            ("1h 30m", "5400000"),
            ("1m30s", "90000"),
            ("250ms", "250"),
            (".5s", "500"),
            ("0.0005s", "0.5"),
            ("2 days", "172800000"),
            ("PT5S", "5000"),
            ("pt1h0.5s", "3600500"),
            ("P1DT1M", "86460000"),
            ("P2W", "1209600000"),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
        for text in [
            "5",
            "s",
            "5x",
            "P1Y",
            "PT",
            "n5s",
            "PT5",
            "1e9s",
            "5s + n",
            "5..2s",
            "P5S",
            "99999999999999999d",
        ] {
            assert_eq!(found(text), "", "{text}");
        }
    }

    #[test]
    fn prose_is_no_expression() {
        for text in
            ["idle", "hello world", "Hello, world!", "red-light", "größe", "It's late.", "Ready?", "Note: x"]
        {
            assert!(is_prose(text), "{text}");
        }
        for text in
            ["", "5", "a - b", "a.b", "a ? b : c", "a or b", "not a", "x -y", "f(x)", "$x", "'a'", "return x"]
        {
            assert!(!is_prose(text), "{text}");
        }
    }
}
