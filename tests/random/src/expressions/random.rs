//! Random scripts that a person could have written: typed, with locals, loops, functions and collections. Same
//! seed, same scripts.
//!
//! Integers and floats never meet in one local, list or branch, where the compiler would make floats of both and
//! the evaluator would not. Nothing is certain to fail, as the compiler would refuse that even in a branch which
//! is never taken.

use std::fmt::Write as _;

use csml_rt_core::Rng;

/// Types of what is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ty {
    Bool,
    Int,
    Float,
    Text,
    Ints,
    Texts,
    Set,
    Map,
}

const TYPES: [Ty; 8] = [Ty::Bool, Ty::Int, Ty::Float, Ty::Text, Ty::Ints, Ty::Texts, Ty::Set, Ty::Map];

/// How literals are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As they are: the compiler knows all types.
    Typed,
    /// As items of lists of anything: the compiler knows no type.
    Untyped,
}

/// A script for a number. Scripts of one seed differ between styles in how literals are written only.
#[must_use]
pub fn script(seed: u64, style: Style) -> String {
    let mut writer =
        Writer { rng: Rng::new(seed), style, locals: Vec::new(), declared: 0, functions: 0, loops: 0 };
    writer.script()
}

struct Writer {
    rng: Rng,
    style: Style,
    /// Locals that can be read, and whether they can be assigned.
    locals: Vec<(String, Ty, bool)>,
    declared: usize,
    functions: usize,
    loops: usize,
}

impl Writer {
    fn below(&mut self, bound: u64) -> u64 {
        self.rng.below(bound)
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let index = self.below(choices.len() as u64) as usize;
        choices[index]
    }

    fn ty(&mut self) -> Ty {
        TYPES[self.below(TYPES.len() as u64) as usize]
    }

    fn script(&mut self) -> String {
        let mut out = String::new();
        for _ in 0..1 + self.below(4) {
            let statement = self.declaration();
            out.push_str(&statement);
        }
        for _ in 0..self.below(5) {
            let statement = self.statement(2);
            out.push_str(&statement);
        }
        let ty = self.ty();
        let value = self.value(ty, 3);
        out + &value
    }

    /// An unused name: a second `var` with the same name would be the same local.
    fn local(&mut self) -> String {
        self.declared += 1;
        format!("l{}", self.declared)
    }

    fn declaration(&mut self) -> String {
        let ty = self.ty();
        let value = self.value(ty, 2);
        let name = self.local();
        let keyword = self.one_of(&["var", "let", "var", "const"]);
        self.locals.push((name.clone(), ty, keyword != "const"));
        format!("{keyword} {name} = {value}; ")
    }

    fn block(&mut self, depth: u32) -> String {
        let outer = self.locals.len();
        let mut out = String::from("{ ");
        for _ in 0..1 + self.below(2) {
            let statement = self.statement(depth);
            out.push_str(&statement);
        }
        // What a block declares may be invisible behind it.
        self.locals.truncate(outer);
        out + "} "
    }

    fn statement(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self.change();
        }
        match self.below(9) {
            0 => {
                let condition = self.value(Ty::Bool, 2);
                let (yes, no) = (self.block(depth - 1), self.block(depth - 1));
                format!("if ({condition}) {yes}else {no}")
            }
            1 => {
                let list = self.value(Ty::Ints, 1);
                self.with_item(Ty::Int, depth, |name, body| format!("for (var {name} : {list}) {body}"))
            }
            2 => {
                let (low, high) = (self.below(4), self.below(7));
                self.with_item(Ty::Int, depth, |name, body| {
                    format!("for (var {name} : {low}..{high}) {body}")
                })
            }
            3 => {
                let rounds = self.below(5);
                self.loops += 1;
                let counter = format!("n{}", self.loops);
                let leave = if self.below(3) == 0 {
                    let condition = self.value(Ty::Bool, 1);
                    format!("if ({condition}) {{ break }} ")
                } else {
                    String::new()
                };
                let body = self.block(depth - 1);
                let body = body.trim_end().trim_start_matches('{').trim_end_matches('}').to_owned();
                format!("for (var {counter} = 0; {counter} < {rounds}; {counter}++) {{ {leave}{body} }} ")
            }
            4 => {
                self.functions += 1;
                let name = format!("f{}", self.functions);
                let outer = self.locals.len();
                self.locals.push((format!("p{}", self.functions), Ty::Int, true));
                let body = self.value(Ty::Int, 2);
                self.locals.truncate(outer);
                let argument = self.value(Ty::Int, 1);
                let parameter = format!("p{}", self.functions);
                let result = self.local();
                self.locals.push((result.clone(), Ty::Int, true));
                format!("var {name} = {parameter} -> ({body}); var {result} = {name}({argument}); ")
            }
            5 => self.declaration(),
            _ => self.change(),
        }
    }

    fn with_item(&mut self, ty: Ty, depth: u32, write: impl FnOnce(&str, &str) -> String) -> String {
        self.loops += 1;
        let name = format!("n{}", self.loops);
        self.locals.push((name.clone(), ty, false));
        let body = self.block(depth - 1);
        self.locals.pop();
        write(&name, &body)
    }

    /// A statement that changes a local, if there is one.
    fn change(&mut self) -> String {
        let changeable: Vec<(String, Ty)> =
            self.locals.iter().filter(|local| local.2).map(|(name, ty, _)| (name.clone(), *ty)).collect();
        if changeable.is_empty() {
            return self.declaration();
        }
        let (name, ty) = changeable[self.below(changeable.len() as u64) as usize].clone();
        let value = self.value(ty, 2);
        let (int, text) = (self.value(Ty::Int, 1), self.value(Ty::Text, 1));
        let choice = self.below(3);
        match (ty, choice) {
            (Ty::Int, 0) => format!("{name} += {int}; "),
            (Ty::Int, 1) => format!("{name}{}; ", self.one_of(&["++", "--"])),
            (Ty::Text, 0) => format!("{name} += {text}; "),
            (Ty::Ints, 0) => format!("{name}.add({int}); "),
            (Ty::Ints, 1) => format!("if ({name}.size() > 0) {{ {name}[0] = {int} }} "),
            (Ty::Texts, 0) => format!("{name}.add({text}); "),
            (Ty::Set, 0) => format!("{name}.add({int}); "),
            (Ty::Set, 1) => format!("{name}.remove({int}); "),
            (Ty::Map, 0) => format!("{name}[{text}] = {int}; "),
            (Ty::Map, 1) => format!("{name}.{} = {int}; ", self.one_of(&["a", "b", "zz"])),
            _ => format!("{name} = {value}; "),
        }
    }

    fn value(&mut self, ty: Ty, depth: u32) -> String {
        let known: Vec<String> =
            self.locals.iter().filter(|local| local.1 == ty).map(|local| local.0.clone()).collect();
        if !known.is_empty() && self.below(2) == 0 {
            return known[self.below(known.len() as u64) as usize].clone();
        }
        if depth == 0 || self.below(5) == 0 {
            return self.literal(ty);
        }
        if self.below(10) == 0 {
            let condition = self.value(Ty::Bool, depth - 1);
            let (yes, no) = (self.value(ty, depth - 1), self.value(ty, depth - 1));
            return format!("({condition} ? {yes} : {no})");
        }
        match ty {
            Ty::Bool => self.truth(depth - 1),
            Ty::Int => self.int(depth - 1),
            Ty::Float => self.float(depth - 1),
            Ty::Text => self.text(depth - 1),
            Ty::Ints => self.ints(depth - 1),
            Ty::Texts => self.texts(depth - 1),
            Ty::Set => self.set(depth - 1),
            Ty::Map => self.map(depth - 1),
        }
    }

    fn literal(&mut self, ty: Ty) -> String {
        let literal = match ty {
            Ty::Bool => self.one_of(&["true", "false"]).to_owned(),
            Ty::Int => self
                .one_of(&["0", "1", "2", "3", "7", "60", "-3", "2147483647", "9007199254740993"])
                .to_owned(),
            Ty::Float => self.one_of(&["0.0", "1.5", "-2.5", "1e3", "0.25"]).to_owned(),
            Ty::Text => self
                .one_of(&["''", "'a'", "'b'", "'abc'", "'Hello World'", "'5'", "' 7 '", "'ä€'"])
                .to_owned(),
            Ty::Ints => self.collection("[", "]", Ty::Int),
            Ty::Texts => self.collection("[", "]", Ty::Text),
            Ty::Set => self.collection("{", "}", Ty::Int),
            Ty::Map => format!("{{'a': {}, 'b': {}}}", self.literal(Ty::Int), self.literal(Ty::Int)),
        };
        match self.style {
            Style::Typed => literal,
            Style::Untyped => format!("[{literal}, null, 'x', 1][0]"),
        }
    }

    fn collection(&mut self, open: &str, close: &str, item: Ty) -> String {
        let mut out = String::from(open);
        for index in 0..1 + self.below(3) {
            let comma = if index == 0 { "" } else { ", " };
            let item = self.literal(item);
            _ = write!(out, "{comma}{item}");
        }
        out + close
    }

    fn truth(&mut self, depth: u32) -> String {
        let ty = [Ty::Int, Ty::Float, Ty::Text][self.below(3) as usize];
        let (a, b) = (self.value(ty, depth), self.value(ty, depth));
        let (p, q) = (self.value(Ty::Bool, depth), self.value(Ty::Bool, depth));
        let (text, other) = (self.value(Ty::Text, depth), self.value(Ty::Text, depth));
        let int = self.value(Ty::Int, depth);
        let collection = [Ty::Ints, Ty::Set][self.below(2) as usize];
        let collection = self.value(collection, depth);
        let map = self.value(Ty::Map, depth);
        match self.below(14) {
            0..4 => {
                let operator = self.one_of(&["==", "!=", "<", "<=", ">", ">=", "eq", "lt"]);
                format!("({a} {operator} {b})")
            }
            4 => format!("({p} && {q})"),
            5 => format!("({p} || {q})"),
            6 => format!("(!{p})"),
            7 => format!("({text} {} {other})", self.one_of(&["=^", "!^", "=$", "!$"])),
            8 => format!("{collection}.contains({int})"),
            9 => format!("({int} {} {collection})", self.one_of(&["=~", "!~"])),
            10 => format!("{map}.containsKey({text})"),
            11 => format!("({map}.zz == null)"),
            12 => format!(
                "{text}.{}",
                self.one_of(&["isEmpty()", "isBlank()", "startsWith('a')", "matches('[a-z]+')"])
            ),
            _ => format!("(empty({collection}))"),
        }
    }

    fn int(&mut self, depth: u32) -> String {
        let (a, b) = (self.value(Ty::Int, depth), self.value(Ty::Int, depth));
        let (text, other) = (self.value(Ty::Text, depth), self.value(Ty::Text, depth));
        let (ints, map) = (self.value(Ty::Ints, depth), self.value(Ty::Map, depth));
        let float = self.value(Ty::Float, depth);
        match self.below(16) {
            0..3 => format!("({a} {} {b})", self.one_of(&["+", "-", "*"])),
            3 => {
                format!("({a} {} {})", self.one_of(&["/", "%", "div", "mod"]), self.one_of(&["2", "3", "-7"]))
            }
            4 => format!("({a} {} {b})", self.one_of(&["&", "|", "^"])),
            5 => {
                format!("({a} {} {})", self.one_of(&["<<", ">>", ">>>"]), self.one_of(&["0", "1", "5", "63"]))
            }
            6 => format!("(-({a}))"),
            7 => format!("(~{a})"),
            8 => format!("{text}.length()"),
            9 => format!("(size({ints}))"),
            10 => format!("({map}.a ?? {b})"),
            11 => format!("math:{}({a}, {b})", self.one_of(&["max", "min"])),
            12 => format!("{text}.indexOf({other})"),
            13 => format!("{ints}.indexOf({a})"),
            14 => format!("{map}.getOrDefault({text}, {a})"),
            _ => format!("math:round({float})"),
        }
    }

    fn float(&mut self, depth: u32) -> String {
        let (a, b) = (self.value(Ty::Float, depth), self.value(Ty::Float, depth));
        let int = self.value(Ty::Int, depth);
        match self.below(7) {
            0 | 1 => format!("({a} {} {b})", self.one_of(&["+", "-", "*"])),
            2 => format!("({a} {} {int})", self.one_of(&["+", "-", "*"])),
            3 => format!("({a} / {})", self.one_of(&["2.0", "0.5", "-3.0"])),
            4 => format!("(-({a}))"),
            5 => format!("math:{}({a})", self.one_of(&["sqrt", "floor", "ceil", "sin", "abs"])),
            _ => format!("{int}.doubleValue()"),
        }
    }

    fn text(&mut self, depth: u32) -> String {
        let (a, b) = (self.value(Ty::Text, depth), self.value(Ty::Text, depth));
        let other = [Ty::Bool, Ty::Int, Ty::Float][self.below(3) as usize];
        let other = self.value(other, depth);
        let texts = self.value(Ty::Texts, depth);
        match self.below(7) {
            0 => format!("({a} + {b})"),
            1 => format!("({a} + {other})"),
            2 => format!("({other} + {a})"),
            3 => format!("`<${{{a}}}:${{{other}}}>`"),
            4 => format!(
                "{a}.{}",
                self.one_of(&["toUpperCase()", "trim()", "replace('a', 'bb')", "toString()", "concat('!')"])
            ),
            5 => format!("({texts}.size() > 0 ? {texts}[0] : {b})"),
            _ => format!("({a}.length() > 1 ? {a}.substring(1) : {b})"),
        }
    }

    fn ints(&mut self, depth: u32) -> String {
        let (a, b) = (self.value(Ty::Ints, depth), self.value(Ty::Ints, depth));
        let int = self.value(Ty::Int, depth);
        match self.below(5) {
            0 => format!("({a} + {b})"),
            1 => format!("({a} - {b})"),
            2 => format!("({a} + {int})"),
            3 => format!("({}..{})", self.below(5), self.below(5)),
            _ => format!("[{int}, {int}]"),
        }
    }

    fn texts(&mut self, depth: u32) -> String {
        let (a, b) = (self.value(Ty::Text, depth), self.value(Ty::Text, depth));
        let list = self.value(Ty::Texts, depth);
        match self.below(3) {
            0 => format!("[{a}, {b}]"),
            1 => format!("({list} + [{b}])"),
            _ => format!("{a}.split(' ')"),
        }
    }

    fn set(&mut self, depth: u32) -> String {
        let (a, b) = (self.value(Ty::Set, depth), self.value(Ty::Set, depth));
        let int = self.value(Ty::Int, depth);
        match self.below(3) {
            0 => format!("({a} + {b})"),
            1 => format!("({a} - {b})"),
            _ => format!("{{{int}, 1}}"),
        }
    }

    fn map(&mut self, depth: u32) -> String {
        let (a, b) = (self.value(Ty::Map, depth), self.value(Ty::Map, depth));
        let (key, int) = (self.value(Ty::Text, depth), self.value(Ty::Int, depth));
        match self.below(2) {
            0 => format!("({a} + {b})"),
            _ => format!("{{{key}: {int}, 'a': 1}}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats() {
        assert_eq!(script(3, Style::Typed), script(3, Style::Typed));
        assert_ne!(script(3, Style::Typed), script(4, Style::Typed));
    }
}
