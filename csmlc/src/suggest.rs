//! "Did you mean": the nearest known name.

/// The known name nearest to `name`, if one is near enough to be what was meant.
pub fn suggest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).clamp(1, 5);
    known
        .map(|candidate| (distance(name, candidate, limit), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *candidate != name)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Advice that names the nearest known name.
pub fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    suggest(name, known).map(|near| format!("did you mean `{near}`?"))
}

/// Edits between two names, a swap of neighbours counting as one and case as half a slip (none); more than
/// `limit` if it exceeds that. Long names are not worth the work.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    const LONGEST: usize = 256;
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).take(LONGEST).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).take(LONGEST).collect();
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, to) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut cost = at(&previous, j) + usize::from(from != to);
            cost = cost.min(at(&previous, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(to) && b.get(j - 1) == Some(from);
            if swapped {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut previous, row);
    }
    previous.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips_but_not_other_words() {
        let known = ["approach", "away", "close", "left"];
        assert_eq!(suggest("aproach", known.into_iter()), Some("approach"));
        assert_eq!(suggest("clsoe", known.into_iter()), Some("close"));
        assert_eq!(suggest("Away", known.into_iter()), Some("away"));
        assert_eq!(suggest("present", known.into_iter()), None);
        assert_eq!(suggest("x", [""].into_iter()), Some(""));
    }
}
