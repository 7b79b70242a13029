//! The examples with a few things changed at random: bytes, lines, tokens, strings.

use super::{compile, examples, random::Random};

/// Changed texts of each example and kind of change, `CSMLC_CASES` times as many where that is set.
fn cases(few: u64) -> u64 {
    let times = std::env::var("CSMLC_CASES").ok().and_then(|times| times.parse().ok());
    few * times.unwrap_or(1)
}

fn bytes(random: &mut Random, text: &str) -> Vec<u8> {
    const FREQUENT: &[u8] = b"{}[]:,\"'\\/*$.0e-+ \n\0\xff\xc3";
    let mut text = text.as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(text.len());
        match random.below(4) {
            0 => text[at] ^= 1 << random.below(8),
            1 => text[at] = *random.one(FREQUENT),
            2 => text.insert(at, *random.one(FREQUENT)),
            _ => {
                text.remove(at);
            }
        }
    }
    text
}

fn lines(random: &mut Random, text: &str) -> Vec<u8> {
    let mut lines: Vec<_> = text.lines().collect();
    for _ in 0..=random.below(3) {
        let (a, b) = (random.below(lines.len()), random.below(lines.len()));
        match random.below(4) {
            0 => {
                lines.remove(a);
            }
            1 => lines.swap(a, b),
            2 => lines.insert(b, lines[a]),
            _ => lines.truncate(a.max(1)),
        }
    }
    lines.join("\n").into_bytes()
}

/// Strings, words and single characters.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric();
        let length = match first {
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            c if word(c) => rest.find(|c| !word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
    tokens
}

fn swapped(random: &mut Random, text: &str) -> Vec<u8> {
    let mut tokens = tokens(text);
    let solid: Vec<_> = (0..tokens.len()).filter(|at| !tokens[*at].trim().is_empty()).collect();
    for _ in 0..=random.below(3) {
        let (a, b) = (*random.one(&solid), *random.one(&solid));
        match random.below(3) {
            0 => tokens.swap(a, b),
            1 => tokens[a] = tokens[b],
            _ => tokens[a] = "",
        }
    }
    tokens.concat().into_bytes()
}

/// Strings take the place of others: JSON stays JSON, and names and expressions mean something else.
fn strings(random: &mut Random, text: &str) -> Vec<u8> {
    const MORE: [&str; 14] = [
        "\"null\"",
        "\"1.5\"",
        "\"'a'\"",
        "\"[1, 'a']\"",
        "\"{'k': $count}\"",
        "\"$value\"",
        "\"internal\"",
        "\"peripheral\"",
        "\"left ? 1 : 'a'\"",
        "\"persons / 0\"",
        "\"crate[packed][0]\"",
        "\"onTrack == picture\"",
        "\"utility:genRandPayload([1])\"",
        "\"!-~1\"",
    ];
    let mut tokens = tokens(text);
    // Keys stay what they are.
    let is_key = |at: usize| tokens.get(at + 1) == Some(&":");
    let places: Vec<_> =
        (0..tokens.len()).filter(|at| tokens[*at].starts_with('"') && !is_key(*at)).collect();
    for _ in 0..=random.below(3) {
        let at = *random.one(&places);
        tokens[at] = if random.below(3) == 0 { *random.one(&MORE) } else { tokens[*random.one(&places)] };
    }
    tokens.concat().into_bytes()
}

fn change(kind: u64, few: u64, change: impl Fn(&mut Random, &str) -> Vec<u8>) -> usize {
    let mut taken = 0;
    for (index, (name, text)) in (0_u64..).zip(examples()) {
        for case in 0..cases(few) {
            let seed = (kind << 32) | (index << 24) | case;
            let changed = change(&mut Random::new(seed), &text);
            let case = || format!("{name}, seed {seed}:\n{}", String::from_utf8_lossy(&changed));
            taken += usize::from(compile(&case, &changed).is_some());
        }
    }
    taken
}

#[test]
fn changed_bytes() {
    assert!(change(1, 400, bytes) > 0);
}

#[test]
fn changed_lines() {
    assert!(change(2, 400, lines) > 0);
}

#[test]
fn swapped_tokens() {
    assert!(change(3, 400, swapped) > 0);
}

#[test]
fn other_strings() {
    assert!(change(4, 100, strings) > 30);
}
