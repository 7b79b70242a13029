//! Whatever the tree, evaluation ends with a value or an error: trees that no parser makes included.

use std::collections::BTreeMap;

use csml_expr::{
    Parsed, Symbol,
    ast::{Access, Binary, Expr, Function, Kind, LocalId, Piece, Script, Unary},
    encode,
    eval::Program,
};
use csml_rt_core::{Rng, Value};

type Tree = Expr<Symbol, ()>;

const TREES: u64 = 20_000;
const LOOP_LIMIT: u64 = 200;

#[test]
fn evaluation_never_panics_and_repeats() {
    let (mut values, mut errors) = (0, BTreeMap::<String, usize>::new());
    for seed in 0..TREES {
        let root = Writer { rng: Rng::new(seed) }.block(5);
        let script: Parsed<()> = Script { root, locals: Vec::new() };
        let program = Program::new(&script);
        let run = || {
            let mut variables = variables();
            let result = program.evaluate(&mut variables, &mut Rng::new(seed), LOOP_LIMIT);
            (result.map(|value| encode(&value)), variables)
        };
        let first = run();
        assert_eq!(first, run(), "seed {seed}: {script:?}");
        match first.0 {
            Ok(_) => values += 1,
            Err(error) => *errors.entry(format!("{:?}", error.kind)).or_default() += 1,
        }
    }
    println!("{values} values, errors {errors:?}");
    assert!(values > TREES / 20, "only {values} trees have a value");
    assert!(errors.len() > 4, "{errors:?}");
}

fn variables() -> BTreeMap<String, Value> {
    let list = Value::list([1.into(), 2.5.into(), "a".into(), Value::Null]);
    let map = Value::map([(Value::from("k"), list.clone()), (1.into(), Value::map([("j", 3.into())]))]);
    BTreeMap::from([
        ("x".to_owned(), 3.into()),
        ("s".to_owned(), "abc".into()),
        ("l".to_owned(), list),
        ("m".to_owned(), map),
        ("n".to_owned(), Value::Null),
        ("$d".to_owned(), 0.5.into()),
    ])
}

struct Writer {
    rng: Rng,
}

impl Writer {
    fn below(&mut self, bound: usize) -> usize {
        self.rng.below(bound as u64) as usize
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn yes(&mut self) -> bool {
        self.below(2) == 0
    }

    fn safety(&mut self) -> Access {
        self.of(&[Access::Plain, Access::Safe, Access::Protected])
    }

    fn boxed(&mut self, depth: usize) -> Box<Tree> {
        Box::new(self.expr(depth))
    }

    fn maybe(&mut self, depth: usize) -> Option<Box<Tree>> {
        self.yes().then(|| self.boxed(depth))
    }

    fn several(&mut self, most: usize, depth: usize) -> Vec<Tree> {
        let count = self.below(most + 1);
        (0..count).map(|_| self.expr(depth)).collect()
    }

    fn block(&mut self, depth: usize) -> Tree {
        Tree { kind: Kind::Block(self.several(5, depth)), span: () }
    }

    fn local(&mut self) -> LocalId {
        LocalId(self.below(4) as u32)
    }

    /// Locals of functions have numbers of their own, as with the parser.
    fn function_local(&mut self) -> LocalId {
        LocalId(10 + self.below(3) as u32)
    }

    fn expr(&mut self, depth: usize) -> Tree {
        let kind = match depth.checked_sub(1) {
            None => self.leaf(),
            Some(depth) => match self.below(10) {
                0 => self.leaf(),
                1..=3 => self.operation(depth),
                4 => self.collection(depth),
                5 => self.access(depth),
                6 => self.call(depth),
                7 => self.change(depth),
                _ => self.statement(depth),
            },
        };
        Tree { kind, span: () }
    }

    fn leaf(&mut self) -> Kind<Symbol, ()> {
        match self.below(10) {
            9 => Kind::Regex(self.of(&["a+", "("]).to_owned()),
            0 => Kind::Null,
            1 => Kind::Bool(self.yes()),
            2 => Kind::Int(self.of(&[0, 1, 2, 3, -1, 7, 64, i64::MAX, i64::MIN])),
            3 => Kind::Float(self.of(&[0.0, -0.0, 1.5, -2.5, 1e300, f64::NAN, f64::INFINITY])),
            4 => {
                Kind::Text(self.of(&["", "a", "abc", "5", "1.5", "false", "é😀", "a+", "(", "k"]).to_owned())
            }
            5 => Kind::Local(self.local()),
            6 => Kind::Ref(Symbol::Datum(self.of(&["d", "q"]).to_owned())),
            _ => Kind::Ref(Symbol::Name(self.of(&["x", "s", "l", "m", "n", "q"]).to_owned())),
        }
    }

    fn operation(&mut self, depth: usize) -> Kind<Symbol, ()> {
        use Binary::*;
        match self.below(7) {
            6 => Kind::Protected(self.boxed(depth)),
            0 => {
                let all = [Unary::Minus, Unary::Plus, Unary::Not, Unary::BitNot, Unary::Size, Unary::Empty];
                Kind::Unary(self.of(&all), self.boxed(depth))
            }
            1 => Kind::Conditional(self.boxed(depth), self.boxed(depth), self.boxed(depth)),
            _ => {
                let all = [
                    Elvis,
                    Coalesce,
                    Or,
                    And,
                    BitOr,
                    BitXor,
                    BitAnd,
                    Eq,
                    Ne,
                    Same,
                    NotSame,
                    Lt,
                    Le,
                    Gt,
                    Ge,
                    Matches,
                    NotMatches,
                    StartsWith,
                    NotStartsWith,
                    EndsWith,
                    NotEndsWith,
                    Range,
                    Shl,
                    Shr,
                    Ushr,
                    Add,
                    Sub,
                    Mul,
                    Div,
                    Rem,
                ];
                Kind::Binary(self.of(&all), self.boxed(depth), self.boxed(depth))
            }
        }
    }

    fn collection(&mut self, depth: usize) -> Kind<Symbol, ()> {
        match self.below(4) {
            0 => Kind::List(self.several(3, depth)),
            1 => Kind::Set(self.several(3, depth)),
            2 => {
                let keys = self.several(3, depth);
                Kind::Map(keys.into_iter().map(|key| (key, self.expr(depth))).collect())
            }
            _ => {
                let pieces = self.several(2, depth).into_iter().map(Piece::Expr);
                Kind::Template(pieces.chain([Piece::Text("t".to_owned())]).collect())
            }
        }
    }

    fn access(&mut self, depth: usize) -> Kind<Symbol, ()> {
        let (base, access) = (self.boxed(depth), self.safety());
        if self.yes() {
            Kind::Index { base, index: self.boxed(depth), access }
        } else {
            Kind::Field { base, name: self.of(&["k", "j", "0", ""]).to_owned(), access }
        }
    }

    fn call(&mut self, depth: usize) -> Kind<Symbol, ()> {
        const METHODS: &[&str] = &[
            "size",
            "isEmpty",
            "contains",
            "indexOf",
            "get",
            "set",
            "add",
            "addAll",
            "remove",
            "clear",
            "subList",
            "put",
            "putAll",
            "getOrDefault",
            "keySet",
            "values",
            "entrySet",
            "substring",
            "charAt",
            "split",
            "matches",
            "replace",
            "toString",
            "equals",
            "compareTo",
            "trim",
            "toUpperCase",
            "nope",
            "",
        ];
        const FUNCTIONS: &[&str] = &[
            "abs",
            "max",
            "floor",
            "round",
            "pow",
            "floorMod",
            "takeRandom",
            "randomAround",
            "randomPayload",
            "seed",
            "nope",
        ];
        match self.below(6) {
            0 => Kind::Call {
                namespace: self
                    .of(&[Some("math"), Some("std"), Some("utility"), Some("q"), None])
                    .map(str::to_owned),
                name: self.of(FUNCTIONS).to_owned(),
                name_span: (),
                arguments: self.several(2, depth),
            },
            1 => Kind::CallLocal { function: self.function_local(), arguments: self.several(2, depth) },
            2 => Kind::Apply { function: self.function(depth), arguments: self.several(2, depth) },
            _ => Kind::Method {
                receiver: self.boxed(depth),
                name: self.of(METHODS).to_owned(),
                name_span: (),
                arguments: self.several(2, depth),
                access: self.safety(),
            },
        }
    }

    fn function(&mut self, depth: usize) -> Box<Function<Symbol, ()>> {
        let count = self.below(3);
        let parameters = (0..count).map(|_| self.local()).collect();
        Box::new(Function { parameters, captures: Vec::new(), body: self.block(depth) })
    }

    /// What can be assigned, nearly always.
    fn target(&mut self, depth: usize) -> Box<Tree> {
        let kind = match (self.below(8), depth.checked_sub(1)) {
            (0, _) => return self.boxed(depth),
            (1..=3, _) | (_, None) => Kind::Local(self.local()),
            (4, _) => Kind::Ref(Symbol::Name(self.of(&["x", "l", "m", "new"]).to_owned())),
            (5, Some(depth)) => {
                Kind::Field { base: self.target(depth), name: "k".to_owned(), access: self.safety() }
            }
            (_, Some(depth)) => {
                Kind::Index { base: self.target(depth), index: self.boxed(depth), access: self.safety() }
            }
        };
        Box::new(Tree { kind, span: () })
    }

    fn change(&mut self, depth: usize) -> Kind<Symbol, ()> {
        let target = self.target(depth);
        if self.below(3) == 0 {
            return Kind::Increment { target, down: self.yes(), prefix: self.yes() };
        }
        let operators =
            [None, None, Some(Binary::Add), Some(Binary::Mul), Some(Binary::And), Some(Binary::Elvis)];
        Kind::Assign { target, operator: self.of(&operators), value: self.boxed(depth) }
    }

    fn statement(&mut self, depth: usize) -> Kind<Symbol, ()> {
        match self.below(12) {
            0 | 1 => Kind::Block(self.several(4, depth)),
            2 | 3 => Kind::Declare { local: self.local(), value: self.maybe(depth) },
            4 => Kind::Define { local: self.function_local(), function: self.function(depth) },
            5 => Kind::If(self.boxed(depth), self.boxed(depth), self.maybe(depth)),
            6 => Kind::While(self.boxed(depth), self.boxed(depth)),
            7 => Kind::DoWhile(self.boxed(depth), self.boxed(depth)),
            8 => Kind::ForEach {
                target: self.target(depth),
                collection: self.boxed(depth),
                body: self.boxed(depth),
            },
            9 => Kind::For {
                init: self.maybe(depth),
                condition: self.maybe(depth),
                step: self.maybe(depth),
                body: self.boxed(depth),
            },
            10 => {
                if self.yes() {
                    Kind::Break
                } else {
                    Kind::Continue
                }
            }
            _ => Kind::Return(self.maybe(depth)),
        }
    }
}
