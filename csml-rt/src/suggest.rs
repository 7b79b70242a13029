//! "Did you mean": the known name that is nearest to an unknown one.

/// The candidate with the smallest edit distance, if that is small enough to be a slip. Never the word itself: what is
/// refused under its own name is no advice.
pub(crate) fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = wanted.chars().count();
    if length > 200 {
        return None;
    }
    let limit = (length / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= 1_000 && *candidate != wanted)
        .map(|candidate| (distance(wanted, candidate), candidate))
        // All characters changed is no likeness.
        .filter(|(distance, candidate)| {
            *distance <= limit && *distance < length.min(candidate.chars().count())
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `: did you mean …?`, or nothing.
#[cfg(feature = "json")]
pub(crate) fn hint<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(wanted, candidates).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// Edit distance over lower-cased characters, a swap of neighbours counting as one edit.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&row, j + 1) + 1).min(at(&next, j) + 1).min(at(&row, j) + usize::from(x != y));
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_different_word_is_not() {
        let known = ["sensor", "gateUp", "gateDown"];
        assert_eq!(nearest("senosr", known), Some("sensor"));
        assert_eq!(nearest("gateup", known), Some("gateUp"));
        assert_eq!(nearest("lamp", known), None);
        assert_eq!(hint("sensr", known), "; did you mean `sensor`?");
        for (unlike, known) in [("x", "y"), ("", "a"), ("a", ""), ("sensor", "sensor")] {
            assert_eq!(nearest(unlike, [known]), None, "{unlike}");
        }
        assert_eq!(nearest("Sensor", ["sensor"]), Some("sensor"));
    }
}
