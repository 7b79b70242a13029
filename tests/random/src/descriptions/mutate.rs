//! Mistakes in a description: something missing, doubled, misspelt, of another type, in another place.

use super::{
    dice::Dice,
    json::{Json, text},
};

/// Words of the language, inserted in wrong positions.
const WORDS: &[&str] = &[
    "name",
    "states",
    "initial",
    "event",
    "channel",
    "internal",
    "peripheral",
    "assign",
    "match",
    "case",
    "cases",
    "default",
    "actions",
    "action",
    "reference",
    "variable",
    "value",
    "target",
    "else",
    "guards",
    "type",
    "timeout",
    "delay",
    "extends",
    "abstract",
    "lock",
    "2.0",
    "n + 1",
    "n +",
    "$gone",
    "gone",
    "",
    "😀",
    "true",
    "'",
];

/// Makes one mistake.
pub(crate) fn change(tree: &mut Json, dice: &mut Dice) {
    let size = tree.size();
    let (number, other) = (dice.below(size), dice.below(size));
    let copy = tree.nth(other).map(|other| other.clone());
    let Some(place) = tree.nth(number) else { return };
    match (place, dice.below(7)) {
        (Json::Text(value), 0..=4) => *value = misspelt(value, dice),
        (Json::Object(members), 0 | 1) if !members.is_empty() => {
            let at = dice.below(members.len());
            members.remove(at);
        }
        (Json::Object(members), 2) if !members.is_empty() => {
            let at = dice.below(members.len());
            if let Some(member) = members.get(at).cloned() {
                members.push(member);
            }
        }
        (Json::Object(members), 3 | 4) if !members.is_empty() => {
            let at = dice.below(members.len());
            if let Some((key, _)) = members.get_mut(at) {
                *key = misspelt(key, dice);
            }
        }
        (Json::Object(members), 5) => members.push((dice.word(WORDS).to_owned(), text(dice.word(WORDS)))),
        (Json::List(items), 0 | 1) if !items.is_empty() => {
            let at = dice.below(items.len());
            items.remove(at);
        }
        (Json::List(items), 2) if !items.is_empty() => {
            let at = dice.below(items.len());
            if let Some(item) = items.get(at).cloned() {
                items.push(item);
            }
        }
        (Json::List(items), 3 | 4) => items.extend(copy),
        (place, 5) => {
            let raw = dice.word(&["null", "true", "0", "-1.5e300", "[]", "{}"]);
            let raw = ["null", "true", "0", "-1.5e300"].into_iter().find(|known| *known == raw);
            *place = raw.map_or(Json::List(Vec::new()), Json::Raw);
        }
        // Moves a piece of text to another place.
        (place, _) => {
            if let Some(copy) = copy.filter(|copy| copy.size() < 200) {
                *place = copy;
            }
        }
    }
}

fn misspelt(word: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = dice.below(letters.len());
    match dice.below(5) {
        0 if !letters.is_empty() => {
            letters.remove(at);
        }
        1 if at + 1 < letters.len() => letters.swap(at, at + 1),
        2 => letters
            .insert(at, *dice.pick(&['x', 'ä', '\'', '(', '$', ' ', '\u{0}', '\u{2028}']).unwrap_or(&'x')),
        3 => letters.truncate(at),
        _ => return dice.word(WORDS).to_owned(),
    }
    letters.into_iter().collect()
}
