//! Did you mean? The nearest known name to an unknown one.

use crate::lists::Gather;

/// The known name most like `name`, if one is near enough to be what was meant. The first of several that are
/// equally near.
#[must_use]
pub fn suggest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    nearest(name, &known.take(MOST).gather())
}

fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let wanted: Vec<char> = fold(name);
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in known.iter().copied() {
        let limit = best.map_or(usize::MAX, |(distance, _)| distance);
        if candidate != name
            && let Some(distance) = near(&wanted, candidate)
            && distance < limit
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate).or_else(|| beginning(&wanted, known))
}

/// The first known name that goes on where `name` ends, or the other way round: `service` for `serviceType`.
fn beginning<'a>(wanted: &[char], known: &[&'a str]) -> Option<&'a str> {
    const SHORTEST: usize = 4;
    known.iter().copied().find(|candidate| {
        let candidate = fold(candidate);
        let both = wanted.len().min(candidate.len());
        both >= SHORTEST
            && wanted.len() != candidate.len()
            && wanted.iter().zip(&candidate).all(|(a, b)| a == b)
    })
}

/// The line `did you mean …?` for [`suggest`].
#[must_use]
pub fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    suggest(name, known).map(|found| format!("did you mean {}?", crate::text::shown(found)))
}

/// Case and separators are what people get wrong most.
fn fold(name: &str) -> Vec<char> {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .take(LONGEST + 1)
        .gather()
}

/// Longer names get no suggestion: the distance costs the product of both lengths.
const LONGEST: usize = 200;
/// Of a machine-made text with more names than this only the first are looked at.
const MOST: usize = 2000;

fn near(wanted: &[char], candidate: &str) -> Option<usize> {
    if candidate.len() > 4 * LONGEST {
        return None;
    }
    let candidate = fold(candidate);
    let (short, long) = (wanted.len().min(candidate.len()), wanted.len().max(candidate.len()));
    if long > LONGEST || short == 0 {
        return None;
    }
    let limit = match short {
        1 | 2 => 1,
        3..=5 => 2,
        _ => short / 3,
    };
    if long - short > limit {
        return None;
    }
    let distance = distance(wanted, &candidate);
    // All characters changed is no likeness.
    (distance <= limit && distance < short).then_some(distance)
}

/// Edits from one text to the other: insert, remove, replace, swap neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).gather();
    let mut previous_a = None;
    for (i, ca) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        let mut left = i + 1;
        row.push(left);
        let mut previous_b = None;
        let above = last.iter().zip(last.iter().skip(1));
        for (j, (cb, (diagonal, up))) in b.iter().zip(above).enumerate() {
            let mut cost = (diagonal + usize::from(ca != cb)).min(up + 1).min(left + 1);
            if previous_a == Some(cb)
                && previous_b == Some(ca)
                && let Some(swap) = j.checked_sub(1).and_then(|j| before_last.get(j))
            {
                cost = cost.min(swap + 1);
            }
            row.push(cost);
            left = cost;
            previous_b = Some(cb);
        }
        before_last = std::mem::replace(&mut last, row);
        previous_a = Some(ca);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, known: &[&'static str]) -> Option<&'static str> {
        suggest(name, known.iter().copied())
    }

    #[test]
    fn finds_the_nearest() {
        assert_eq!(of("stat", &["state", "status", "start"]), Some("state"));
        assert_eq!(of("gaurds", &["actions", "guards"]), Some("guards"));
        assert_eq!(of("LocalData", &["localContext", "localData"]), Some("localData"));
        assert_eq!(of("local_data", &["localData"]), Some("localData"));
        assert_eq!(of("2.1", &["2.0", "1.0", "0.1"]), Some("2.0"));
        assert_eq!(of("service", &["type", "serviceType"]), Some("serviceType"));
        assert_eq!(of("initialState", &["terminal", "initial"]), Some("initial"));
    }

    #[test]
    fn says_nothing_about_what_is_unlike() {
        assert_eq!(of("x", &["y"]), None);
        assert_eq!(of("state", &["state"]), None);
        assert_eq!(of("", &["a"]), None);
        assert_eq!(of("banana", &["transition"]), None);
        assert_eq!(of(&"x".repeat(100_000), &["x"]), None);
    }

    #[test]
    fn counts_a_swap_once() {
        let distance =
            |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(distance("abcd", "abdc"), 1);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
