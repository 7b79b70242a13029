//! Random expressions of a type, from the visible names.

use super::dice::Dice;

/// Types of variables and expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ty {
    Bool,
    Int,
    Float,
    Text,
    Ints,
    Map,
    /// Different ones at different times.
    Any,
}

pub(crate) const TYPES: [Ty; 7] = [Ty::Bool, Ty::Int, Ty::Float, Ty::Text, Ty::Ints, Ty::Map, Ty::Any];

/// A name and its type; event data with their `$`.
pub(crate) type Name = (String, Ty);

/// An expression of a type.
pub(crate) fn expression(dice: &mut Dice, names: &[Name], ty: Ty) -> String {
    let depth = 1 + dice.below(3);
    if dice.once_in(12) {
        return script(dice, names, ty);
    }
    Writer { dice, names }.value(ty, depth)
}

/// A guard.
pub(crate) fn guard(dice: &mut Dice, names: &[Name]) -> String {
    let depth = 1 + dice.below(3);
    Writer { dice, names }.truth(depth)
}

/// A literal of a type.
pub(crate) fn literal(dice: &mut Dice, ty: Ty) -> String {
    Writer { dice, names: &[] }.value(ty, 0)
}

/// Statements with a value.
fn script(dice: &mut Dice, names: &[Name], ty: Ty) -> String {
    let mut names = names.to_vec();
    let local = (dice.word(&["x", "y", "matched", "event"]).to_owned(), Ty::Int);
    // What the script declares hides what is around it, from the start.
    names.retain(|name| name.0 != local.0 && name.0 != "f");
    let first = Writer { dice, names: &names }.value(Ty::Int, 1);
    names.push(local.clone());
    let mut writer = Writer { dice, names: &names };
    let name = &local.0;
    let (condition, value) = (writer.truth(1), writer.value(ty, 1));
    let more = writer.value(Ty::Int, 1);
    match writer.dice.below(4) {
        0 => format!("var {name} = {first}; if ({condition}) {{ {name} += {more} }} {value}"),
        1 => format!("var {name} = {first}; for (var i : 1..3) {{ {name} += i % 2 }} {value}"),
        2 => {
            let early = writer.value(ty, 1);
            format!("var {name} = {first}; if ({condition}) return {early}; {value}")
        }
        _ => format!("var {name} = {first}; var f = (p) -> p + {name}; {name} = f({more}); {value}"),
    }
}

struct Writer<'a> {
    dice: &'a mut Dice,
    names: &'a [Name],
}

impl Writer<'_> {
    fn value(&mut self, ty: Ty, depth: usize) -> String {
        let known: Vec<&Name> = self.names.iter().filter(|name| name.1 == ty).collect();
        if !known.is_empty() && self.dice.below(3) > 0 {
            return self.dice.pick(&known).map(|name| name.0.clone()).unwrap_or_default();
        }
        if depth == 0 {
            return self.literal(ty);
        }
        let depth = depth - 1;
        if self.dice.once_in(10) {
            let (a, b, c) = (self.truth(depth), self.value(ty, depth), self.value(ty, depth));
            return format!("({a} ? {b} : {c})");
        }
        match ty {
            Ty::Bool => self.truth(depth),
            Ty::Int => self.int(depth),
            Ty::Float => self.float(depth),
            Ty::Text => self.text(depth),
            Ty::Ints => self.ints(depth),
            Ty::Map => {
                let (key, value) = (self.value(Ty::Text, depth), self.value(Ty::Int, depth));
                format!("{{'k': {value}, ({key}): 1}}")
            }
            Ty::Any => {
                let of = self.dice.pick(&[Ty::Bool, Ty::Int, Ty::Text, Ty::Ints]).copied().unwrap_or(Ty::Int);
                self.value(of, depth)
            }
        }
    }

    fn literal(&mut self, ty: Ty) -> String {
        let words: &[&str] = match ty {
            Ty::Bool => &["true", "false"],
            Ty::Int => &["0", "1", "2", "3", "7", "100", "-1", "9007199254740993"],
            Ty::Float => &["0.0", "1.5", "-2.25", "1e3"],
            Ty::Text => &["''", "'a'", "'b'", "'it\\'s'", "'ä€'", "'two words'"],
            Ty::Ints => &["[1]", "[1, 2]", "[3, 0, 3]"],
            Ty::Map => &["{'k': 1}", "{'k': 2, 'z': 0}"],
            Ty::Any => &["1", "'x'", "true", "[1, 'a']"],
        };
        self.dice.word(words).to_owned()
    }

    fn truth(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.value(Ty::Bool, 0);
        }
        let depth = depth - 1;
        let of = self.dice.pick(&[Ty::Int, Ty::Int, Ty::Float, Ty::Text]).copied().unwrap_or(Ty::Int);
        let (a, b) = (self.value(of, depth), self.value(of, depth));
        match self.dice.below(10) {
            0..4 => format!("({a} {} {b})", self.dice.word(&["==", "!=", "<", "<=", ">", ">="])),
            4 => format!("({} && {})", self.truth(depth), self.truth(depth)),
            5 => format!("({} || {})", self.truth(depth), self.truth(depth)),
            6 => format!("!{}", self.value(Ty::Bool, 0)),
            7 => {
                let (list, item) = (self.value(Ty::Ints, depth), self.value(Ty::Int, depth));
                format!("{list}.contains({item})")
            }
            8 => {
                let any = self.value(Ty::Any, 0);
                let other = self.literal(Ty::Any);
                if any.starts_with(|c: char| c.is_alphabetic()) && any != "null" && any != "true" {
                    format!("({any} == {other})")
                } else {
                    format!("({a} == {b})")
                }
            }
            _ => self.value(Ty::Bool, 0),
        }
    }

    fn int(&mut self, depth: usize) -> String {
        let (a, b) = (self.value(Ty::Int, depth), self.value(Ty::Int, depth));
        match self.dice.below(9) {
            0..3 => format!("({a} {} {b})", self.dice.word(&["+", "-", "*"])),
            3 => format!("({a} {} {})", self.dice.word(&["/", "%"]), self.dice.word(&["2", "3", "-1"])),
            4 => format!("size({})", self.value(Ty::Ints, depth)),
            5 => format!("{}.length()", self.value(Ty::Text, depth)),
            6 => format!("({}.k ?? {b})", self.value(Ty::Map, 0)),
            7 => format!("math:max({a}, {b})"),
            _ => format!("({a} & {b})"),
        }
    }

    fn float(&mut self, depth: usize) -> String {
        let a = self.value(Ty::Float, depth);
        match self.dice.below(3) {
            0 => format!("({a} + {})", self.value(Ty::Int, depth)),
            1 => format!("({a} / 2.0)"),
            _ => format!("({a} * {})", self.value(Ty::Float, depth)),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        let a = self.value(Ty::Text, depth);
        let of =
            self.dice.pick(&[Ty::Bool, Ty::Int, Ty::Float, Ty::Text, Ty::Any]).copied().unwrap_or(Ty::Int);
        let b = self.value(of, depth);
        match self.dice.below(4) {
            0 => format!("({a} + {b})"),
            1 => format!("`<${{{a}}}:${{{b}}}>`"),
            2 => format!("{a}.{}", self.dice.word(&["trim()", "toUpperCase()", "replace('a', 'bb')"])),
            _ => format!("('' + {b})"),
        }
    }

    fn ints(&mut self, depth: usize) -> String {
        let (list, item) = (self.value(Ty::Ints, depth), self.value(Ty::Int, depth));
        match self.dice.below(3) {
            0 => format!("({list} + {item})"),
            1 => format!("[{item}, 1]"),
            _ => format!("({list} - [{item}])"),
        }
    }
}
