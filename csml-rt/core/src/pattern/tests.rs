use super::*;

const AT: Position = Position::new(1, 2);

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern, AT).unwrap_or_else(|error| panic!("{error}"))
}

/// Pattern, texts that it matches, texts that it does not.
type Case = (&'static str, &'static [&'static str], &'static [&'static str]);

#[test]
fn whole_texts_match_as_in_java() {
    let cases: &[Case] = &[
        ("", &[""], &["a"]),
        ("a", &["a"], &["", "b", "ab", "ba", "A"]),
        (".*W.*", &["W", "World", "xWx"], &["", "w", "a\nW"]),
        ("(?s).*W.*", &["a\nW\r"], &[]),
        ("a|bc|", &["a", "bc", ""], &["b", "abc"]),
        ("a*b+c?", &["b", "aabbc"], &["", "ac", "bcc"]),
        ("(ab){2,3}", &["abab", "ababab"], &["ab", "abababab", "aba"]),
        ("a{2}", &["aa"], &["a", "aaa"]),
        ("a{2,}", &["aa", "aaaaa"], &["a"]),
        ("(a*)*", &["", "aaa"], &["b"]),
        ("(?:a|ab)(?:c|bcd)", &["ac", "abc", "abcd", "abbcd"], &["ab"]),
        ("[a-c&&[^b]]+", &["ac"], &["b", "abc", "d"]),
        ("[^0-9]", &["x", "é", "\n"], &["5", ""]),
        ("[]a]", &["]", "a"], &["b"]),
        ("[a-]", &["a", "-"], &["b"]),
        ("[\\w.-]+@[\\w-]+\\.\\w{2,}", &["a.b-c@x-y.org"], &["a@b", "@b.cc"]),
        ("\\d{3}-\\d{4}", &["555-1234"], &["5555-123", "٣٣٣-٣٣٣٣"]),
        ("\\s\\S\\D", &[" xx"], &["xxx", " x1"]),
        ("\\p{Lu}\\p{L}*", &["Été", "Ä"], &["été"]),
        ("\\p{Upper}+\\P{Upper}", &["ABc"], &["É1", "AB"]),
        ("(?i)hello", &["HeLLo"], &["hallo"]),
        ("a(?i:b)c", &["abc", "aBc"], &["Abc", "abC"]),
        ("(?i)[a-c]É", &["BÉ"], &["bé"]),
        ("(?x) a b # comment\n c", &["abc"], &["a b c"]),
        ("\\Qa.b*\\E+", &["a.b*", "a.b**"], &["a.b", "axb*"]),
        ("\\u0041\\x42\\x{43}\\0104\\t", &["ABCD\t"], &["ABCD"]),
        ("(?<year>\\d+)-x", &["2024-x"], &["-x"]),
        ("\\bfoo\\b.*", &["foo", "foo bar"], &["foobar"]),
        ("a\\B.", &["ab"], &["a "]),
        ("^a$", &["a"], &["b"]),
        ("(?m)a$\n^b", &["a\nb"], &["ab"]),
        ("a\\Rb", &["a\r\nb", "a\nb", "a\u{2028}b"], &["a\n\nb"]),
        ("[\\[\\]]{1}", &["[", "]"], &["\\"]),
        ("é.😀", &["éa😀", "é😀😀"], &["é😀"]),
        ("a.c", &["abc"], &["a\rc", "a\nc", "a\u{2028}c"]),
        ("x*?y+?", &["xxyy", "y"], &["x"]),
        ("\\.\\*\\{\\$", &[".*{$"], &["a"]),
        ("a}]", &["a}]"], &[]),
        ("[a-c[x-z]]+", &["axbz"], &["d"]),
        ("(){1000000}(()*){3}a", &["a"], &[""]),
    ];
    for (pattern, yes, no) in cases {
        let regex = regex(pattern);
        for text in *yes {
            assert!(regex.matches(text, AT).unwrap(), "{pattern} should match {text:?}");
        }
        for text in *no {
            assert!(!regex.matches(text, AT).unwrap(), "{pattern} should not match {text:?}");
        }
    }
}

#[test]
fn errors_have_a_place() {
    for (pattern, part) in [
        ("a(b(c)", "(b(c)"),
        ("ä[b", "[b"),
        ("x[a[b]", "[a[b]"),
        ("a)b", ")"),
        ("ab*?*c", "*"),
        ("ab{2,1}c", "{2,1}"),
        ("a{3", "{3"),
        ("a|*b", "*"),
        ("ab\\y", "\\y"),
        ("a\\u00g", "\\u00"),
        ("x[ab-a]", "b-a"),
        ("x[\\p{Klingon}]", "\\p{Klingon}"),
        ("a(?q)", "(?q"),
        ("(a)\\1", "\\1"),
        ("a(?=b)", "(?="),
        ("a++", "++"),
        ("a\\", "\\"),
    ] {
        let error = check_pattern(pattern).unwrap_err();
        assert_eq!(&pattern[error.start..error.end], part, "{pattern}: {}", error.message);
    }
}

#[test]
fn what_cannot_be_done_says_so() {
    let cases = [
        ("(?=a)b", "lookaheads `(?=…)`, `(?!…)` are not supported"),
        ("(?<!a)b", "lookbehinds `(?<=…)`, `(?<!…)` are not supported"),
        ("(a)\\1", "backreferences are not supported"),
        ("a*+", "possessive repetitions such as `*+` are not supported"),
        ("(?>a)", "atomic groups `(?>…)` are not supported"),
        ("(a", "`(` without `)`"),
        ("a)", "`)` without `(`"),
        ("[a", "`[` without `]`"),
        ("*a", "nothing to repeat before `*`"),
        ("a**", "a repetition follows a repetition"),
        ("a{2,1}", "`{2,1}` is not a repetition"),
        ("a{x}", "`{x}` is not a repetition"),
        ("a{", "`}` is missing"),
        ("{a", "nothing to repeat before `{`; a brace itself is `\\{`"),
        ("\\", "`\\` at the end"),
        ("\\y", "`\\y` has no meaning"),
        ("\\u00", "`\\u` is followed by no character code"),
        ("[b-a]", "a range of characters that begins with `b` has no end after it"),
        ("\\p{Klingon}", "unknown set of characters `Klingon`"),
        ("(?q)a", "unknown flag `q`; the flags are i, m, s, x"),
        ("((a{100}){100}){100}", "it is too large: more than 4096 steps"),
    ];
    for (pattern, message) in cases {
        assert_eq!(check_pattern(pattern).unwrap_err().message, message, "{pattern}");
    }
    let deep = "(".repeat(10_000);
    assert_eq!(check_pattern(&deep).unwrap_err().message, "nested more than 100 levels deep");
    assert!(check_pattern(&"[".repeat(10_000)).is_err());
    let error = Regex::new("(a", AT).unwrap_err();
    assert_eq!(error.message(), "regular expression \"(a\": `(` without `)`");
    assert_eq!(error.kind(), StepErrorKind::Pattern);
}

#[test]
fn large_programs_match_too() {
    let regex = regex("(?:abc|[x-z]){600}");
    assert!(regex.matches(&"xabc".repeat(300), AT).unwrap());
    assert!(!regex.matches(&"x".repeat(599), AT).unwrap());
}

#[test]
fn matching_takes_linear_time() {
    let regex = regex("(a|a)*(a*)*b");
    assert!(!regex.matches(&"a".repeat(20_000), AT).unwrap());
}

#[test]
fn texts_are_split_as_in_java() {
    let cases: &[(&str, &str, i64, &[&str])] = &[
        ("Hello World", " ", 0, &["Hello", "World"]),
        ("a,b,,", ",", 0, &["a", "b"]),
        ("a,b,,", ",", -1, &["a", "b", "", ""]),
        ("a,b,c", ",", 2, &["a", "b,c"]),
        (",a", ",", 0, &["", "a"]),
        ("", ",", 0, &[""]),
        (",", ",", 0, &[]),
        ("abc", "", 0, &["a", "b", "c"]),
        ("abc", "", -1, &["a", "b", "c", ""]),
        ("äö", "", 0, &["ä", "ö"]),
        ("a1b22c", "\\d+", 0, &["a", "b", "c"]),
        ("a1b22c", "\\d", 0, &["a", "b", "", "c"]),
        ("xaaay", "a+?", 0, &["x", "", "", "y"]),
        ("xaby", "a|ab", 0, &["x", "by"]),
        ("a.b", ".", 0, &[]),
        ("one two", "\\b", 0, &["one", " ", "two"]),
        ("aXbX", "X", 1, &["aXbX"]),
        ("no", "x", 0, &["no"]),
    ];
    for (text, pattern, limit, parts) in cases {
        assert_eq!(
            regex(pattern).split(text, *limit, AT).unwrap(),
            *parts,
            "{text:?} at {pattern:?}, {limit}"
        );
    }
}

#[test]
fn a_static_pattern_is_read_once() {
    static WORD: Pattern = Pattern::new("\\w+");
    static WRONG: Pattern = Pattern::new("(");
    assert_eq!(WORD.matches("abc", AT), Ok(true));
    assert_eq!(WORD.matches("a c", AT), Ok(false));
    assert!(WRONG.matches("abc", AT).is_err());
    static COMMA: Pattern = Pattern::new(",");
    assert_eq!(COMMA.split("a,b", AT), Ok([String::from("a"), String::from("b")].into()));
}

#[test]
fn no_pattern_breaks_it() {
    const PIECES: [&str; 24] = [
        "a", "b", ".", "*", "+", "?", "{1,3}", "{2}", "(", ")", "(?:", "(?i)", "[", "]", "[^", "-", "&&",
        "|", "\\", "\\d", "\\Q", "\\E", "^", "$",
    ];
    let mut rng = crate::Rng::new(1);
    let mut read = 0;
    for _ in 0..20_000 {
        let pattern: String =
            (0..rng.below(10)).filter_map(|_| PIECES.get(rng.below(24) as usize).copied()).collect();
        let Ok(regex) = Regex::read(&pattern) else { continue };
        read += 1;
        for text in ["", "a", "ab1", "bba\n"] {
            let whole = regex.matches(text, AT).unwrap();
            let parts = regex.split(text, -1, AT).unwrap();
            let length: usize = parts.iter().map(|part| part.len()).sum();
            assert!(length <= text.len() && !parts.is_empty(), "{pattern}");
            // What matches all of the text is found in it.
            assert!(!whole || text.is_empty() || parts.len() > 1 || parts == [text], "{pattern}");
        }
    }
    assert!(read > 1_000);
}
