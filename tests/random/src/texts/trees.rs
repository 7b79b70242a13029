//! Random trees that some text gives: locals are declared before they are used, statements stand where
//! statements can. Same seed, same tree.

use csml_expr::{
    Parsed, Symbol,
    ast::{Access, Binary, Expr, Function, Kind, Local, LocalId, LocalRole, Piece, Script, Unary},
};
use csml_rt_core::Rng;

type Tree = Expr<Symbol, ()>;

/// The tree for a number. Captures of functions and what is nullable are left out.
#[must_use]
pub fn script(seed: u64) -> Parsed<()> {
    let mut writer = Writer {
        rng: Rng::new(seed),
        locals: Vec::new(),
        visible: vec![Vec::new()],
        functions: vec![0],
        loops: 0,
        budget: 60,
    };
    let depth = 1 + writer.below(6);
    let count = writer.below(5);
    let mut items: Vec<Tree> = (0..count).map(|_| writer.statement(depth)).collect();
    let root = match items.pop() {
        Some(only) if items.is_empty() => only,
        last => {
            items.extend(last);
            tree(Kind::Block(items))
        }
    };
    Script { root, locals: writer.locals }
}

/// Empties the captures of all functions in a tree.
pub fn forget_captures(expr: &mut Tree) {
    match &mut expr.kind {
        Kind::Define { function, .. } | Kind::Apply { function, .. } => function.captures.clear(),
        _ => {}
    }
    for child in children_mut(expr) {
        forget_captures(child);
    }
}

fn children_mut(expr: &mut Tree) -> Vec<&mut Tree> {
    match &mut expr.kind {
        Kind::Template(pieces) => pieces
            .iter_mut()
            .filter_map(|piece| match piece {
                Piece::Text(_) => None,
                Piece::Expr(expr) => Some(expr),
            })
            .collect(),
        Kind::List(items) | Kind::Set(items) | Kind::Block(items) => items.iter_mut().collect(),
        Kind::Map(entries) => entries.iter_mut().flat_map(|(key, value)| [key, value]).collect(),
        Kind::Unary(_, a)
        | Kind::Protected(a)
        | Kind::Field { base: a, .. }
        | Kind::Increment { target: a, .. } => vec![a],
        Kind::Binary(_, a, b)
        | Kind::While(a, b)
        | Kind::DoWhile(a, b)
        | Kind::Index { base: a, index: b, .. }
        | Kind::Assign { target: a, value: b, .. } => vec![a, b],
        Kind::Conditional(a, b, c) | Kind::ForEach { target: a, collection: b, body: c } => vec![a, b, c],
        Kind::Call { arguments, .. } | Kind::CallLocal { arguments, .. } => arguments.iter_mut().collect(),
        Kind::Method { receiver, arguments, .. } => {
            std::iter::once(&mut **receiver).chain(arguments).collect()
        }
        Kind::Apply { function, arguments } => std::iter::once(&mut function.body).chain(arguments).collect(),
        Kind::Declare { value, .. } | Kind::Return(value) => value.as_deref_mut().into_iter().collect(),
        Kind::Define { function, .. } => vec![&mut function.body],
        Kind::If(a, b, c) => [&mut **a, &mut **b].into_iter().chain(c.as_deref_mut()).collect(),
        Kind::For { init, condition, step, body } => {
            let heads = [init, condition, step].into_iter().filter_map(|head| head.as_deref_mut());
            heads.chain([&mut **body]).collect()
        }
        Kind::Null
        | Kind::Bool(_)
        | Kind::Int(_)
        | Kind::Float(_)
        | Kind::Text(_)
        | Kind::Regex(_)
        | Kind::Ref(_)
        | Kind::Local(_)
        | Kind::Break
        | Kind::Continue => Vec::new(),
    }
}

fn tree(kind: Kind<Symbol, ()>) -> Tree {
    Expr { kind, span: () }
}

/// A local that can be seen.
#[derive(Clone, Copy)]
struct Seen {
    local: LocalId,
    role: LocalRole,
    /// Number of parameters of a function.
    parameters: usize,
}

struct Writer {
    rng: Rng,
    locals: Vec<Local<()>>,
    /// By block, the innermost last.
    visible: Vec<Vec<Seen>>,
    /// The blocks that belong to functions.
    functions: Vec<usize>,
    loops: u32,
    /// Trees still to be made before only leaves are.
    budget: u32,
}

const BINARY: [Binary; 30] = [
    Binary::Elvis,
    Binary::Coalesce,
    Binary::Or,
    Binary::And,
    Binary::BitOr,
    Binary::BitXor,
    Binary::BitAnd,
    Binary::Eq,
    Binary::Ne,
    Binary::Same,
    Binary::NotSame,
    Binary::Lt,
    Binary::Le,
    Binary::Gt,
    Binary::Ge,
    Binary::Matches,
    Binary::NotMatches,
    Binary::StartsWith,
    Binary::NotStartsWith,
    Binary::EndsWith,
    Binary::NotEndsWith,
    Binary::Range,
    Binary::Shl,
    Binary::Shr,
    Binary::Ushr,
    Binary::Add,
    Binary::Sub,
    Binary::Mul,
    Binary::Div,
    Binary::Rem,
];

const ASSIGNED: [Option<Binary>; 12] = [
    None,
    Some(Binary::Add),
    Some(Binary::Sub),
    Some(Binary::Mul),
    Some(Binary::Div),
    Some(Binary::Rem),
    Some(Binary::BitAnd),
    Some(Binary::BitOr),
    Some(Binary::BitXor),
    Some(Binary::Shl),
    Some(Binary::Shr),
    Some(Binary::Ushr),
];

const UNARY: [Unary; 6] = [Unary::Minus, Unary::Plus, Unary::Not, Unary::BitNot, Unary::Size, Unary::Empty];

impl Writer {
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.rng.below(bound.max(1) as u64)).unwrap_or(0)
    }

    fn yes(&mut self) -> bool {
        self.below(2) == 0
    }

    fn of<T: Clone>(&mut self, choices: &[T]) -> Option<T> {
        let choice = self.below(choices.len());
        choices.get(choice).cloned()
    }

    fn word(&mut self, choices: &[&str]) -> String {
        self.of(choices).unwrap_or_default().to_owned()
    }

    fn safety(&mut self) -> Access {
        if self.yes() { Access::Safe } else { Access::Plain }
    }

    fn boxed(&mut self, depth: usize) -> Box<Tree> {
        Box::new(self.expr(depth))
    }

    fn several(&mut self, depth: usize) -> Vec<Tree> {
        let count = self.below(4);
        (0..count).map(|_| self.expr(depth)).collect()
    }

    /// A new local, visible from here on in the innermost block, or in all of the function.
    fn declare(&mut self, role: LocalRole, parameters: usize, in_function: bool) -> LocalId {
        let local = self.name(role);
        self.show(Seen { local, role, parameters }, in_function);
        local
    }

    fn name(&mut self, role: LocalRole) -> LocalId {
        let local = LocalId(self.locals.len() as u32);
        // Each name once: what hides what is for tests of the parser.
        let name = format!("v{}", local.0);
        self.locals.push(Local { name, span: (), role, nullable: false });
        local
    }

    fn show(&mut self, seen: Seen, in_function: bool) {
        let block =
            if in_function { self.functions.last().copied().unwrap_or(0) } else { self.visible.len() - 1 };
        if let Some(block) = self.visible.get_mut(block) {
            block.push(seen);
        }
    }

    fn seen(&mut self, fits: impl Fn(&Seen) -> bool) -> Option<Seen> {
        let seen: Vec<Seen> = self.visible.iter().flatten().copied().filter(|seen| fits(seen)).collect();
        self.of(&seen)
    }

    fn symbol(&mut self) -> Kind<Symbol, ()> {
        Kind::Ref(if self.below(4) == 0 {
            Symbol::Datum(self.word(&["x", "value"]))
        } else {
            Symbol::Name(self.word(&["a", "b", "sized", "std", "_c$1"]))
        })
    }

    fn leaf(&mut self) -> Tree {
        tree(match self.below(9) {
            0 => Kind::Null,
            1 => Kind::Bool(self.yes()),
            2 | 3 => Kind::Int(self.of(&[0, 7, -3, i64::MAX, i64::MIN]).unwrap_or(0)),
            4 => Kind::Float(
                self.of(&[0.0, -0.0, 1.5, -2.5e-9, 1e300, f64::MIN_POSITIVE, f64::NAN]).unwrap_or(0.0),
            ),
            5 => Kind::Text(self.word(&["", "it's \\ \"x\"\n\u{2028}\u{1}`${", "naïve 😀"])),
            6 => self.symbol(),
            _ => match self.seen(|seen| seen.role != LocalRole::Function) {
                Some(seen) => Kind::Local(seen.local),
                None => self.symbol(),
            },
        })
    }

    fn expr(&mut self, depth: usize) -> Tree {
        self.budget = self.budget.saturating_sub(1);
        if depth == 0 || self.budget == 0 {
            return self.leaf();
        }
        let depth = depth - 1;
        tree(match self.below(19) {
            0 => return self.leaf(),
            1 => Kind::List(self.several(depth)),
            2 => Kind::Set(self.several(depth)),
            3 => {
                let count = self.below(4);
                Kind::Map((0..count).map(|_| (self.expr(depth), self.expr(depth))).collect())
            }
            4 => Kind::Unary(self.of(&UNARY).unwrap_or(Unary::Not), self.boxed(depth)),
            5..=7 => {
                let operator = self.of(&BINARY).unwrap_or(Binary::Add);
                Kind::Binary(operator, self.boxed(depth), self.boxed(depth))
            }
            8 => Kind::Conditional(self.boxed(depth), self.boxed(depth), self.boxed(depth)),
            9 => Kind::Index { base: self.boxed(depth), index: self.boxed(depth), access: self.safety() },
            10 => Kind::Field { base: self.boxed(depth), name: self.member(), access: self.safety() },
            11 => Kind::Call {
                namespace: self.of(&[None, Some("std"), Some("host")]).flatten().map(str::to_owned),
                name: self.word(&["f", "randomPayload"]),
                name_span: (),
                arguments: self.several(depth),
            },
            12 => Kind::Method {
                receiver: self.boxed(depth),
                name: self.member(),
                name_span: (),
                arguments: self.several(depth),
                access: self.safety(),
            },
            13 => match self.seen(|seen| seen.role == LocalRole::Function) {
                Some(seen) => Kind::CallLocal {
                    function: seen.local,
                    arguments: (0..seen.parameters).map(|_| self.expr(depth)).collect(),
                },
                None => return self.expr(depth),
            },
            14 => {
                let count = self.below(3);
                let function = self.function(None, count, depth);
                Kind::Apply {
                    function: Box::new(function),
                    arguments: (0..count).map(|_| self.expr(depth)).collect(),
                }
            }
            15 | 16 => Kind::Assign {
                target: Box::new(self.target(depth)),
                operator: self.of(&ASSIGNED).flatten(),
                value: self.boxed(depth),
            },
            17 => {
                Kind::Increment { target: Box::new(self.target(depth)), down: self.yes(), prefix: self.yes() }
            }
            _ => self.template(depth),
        })
    }

    fn member(&mut self) -> String {
        self.word(&["k", "size", "two words", "0", "$x", "if", ""])
    }

    fn template(&mut self, depth: usize) -> Kind<Symbol, ()> {
        let mut pieces = vec![Piece::Expr(self.expr(depth))];
        for _ in 0..self.below(3) {
            let text_may_follow = !matches!(pieces.last(), Some(Piece::Text(_)));
            pieces.push(if text_may_follow && self.yes() {
                Piece::Text(self.word(&["a", "${", "\\n`", "$", "é\n}"]))
            } else {
                Piece::Expr(self.expr(depth))
            });
        }
        Kind::Template(pieces)
    }

    fn target(&mut self, depth: usize) -> Tree {
        match self.below(4) {
            0 if depth > 0 => {
                let base = Box::new(self.target(depth - 1));
                tree(Kind::Index { base, index: self.boxed(depth - 1), access: Access::Plain })
            }
            1 if depth > 0 => {
                let base = Box::new(self.target(depth - 1));
                tree(Kind::Field { base, name: self.member(), access: Access::Plain })
            }
            2 => self.assignable(),
            _ => tree(self.symbol()),
        }
    }

    fn assignable(&mut self) -> Tree {
        let seen = self.seen(|seen| !matches!(seen.role, LocalRole::Const | LocalRole::Function));
        tree(match seen {
            Some(seen) => Kind::Local(seen.local),
            None => self.symbol(),
        })
    }

    /// A function; if it has a name, its body can call it.
    fn function(&mut self, name: Option<LocalId>, count: usize, depth: usize) -> Function<Symbol, ()> {
        if let Some(local) = name {
            self.show(Seen { local, role: LocalRole::Function, parameters: count }, false);
        }
        self.visible.push(Vec::new());
        self.functions.push(self.visible.len() - 1);
        let parameters = (0..count).map(|_| self.declare(LocalRole::Parameter, 0, false)).collect();
        let loops = std::mem::take(&mut self.loops);
        let body = if self.yes() { self.block(depth) } else { self.expr(depth) };
        self.loops = loops;
        self.functions.pop();
        self.visible.pop();
        Function { parameters, captures: Vec::new(), body }
    }

    fn block(&mut self, depth: usize) -> Tree {
        self.visible.push(Vec::new());
        let count = self.below(4);
        let items = (0..count).map(|_| self.statement(depth)).collect();
        self.visible.pop();
        tree(Kind::Block(items))
    }

    /// What a condition or loop holds: a block, or a statement that declares no variable.
    fn body(&mut self, depth: usize) -> Tree {
        if self.yes() {
            return self.block(depth);
        }
        self.visible.push(Vec::new());
        let body = match self.statement_kind(depth, 4) {
            Some(kind) => tree(kind),
            None => self.expr(depth),
        };
        self.visible.pop();
        body
    }

    fn loop_body(&mut self, depth: usize) -> Box<Tree> {
        self.loops += 1;
        let body = self.body(depth);
        self.loops -= 1;
        Box::new(body)
    }

    fn statement(&mut self, depth: usize) -> Tree {
        match self.statement_kind(depth, 0) {
            Some(kind) => tree(kind),
            None => self.expr(depth),
        }
    }

    /// A statement that is no expression. The kinds before `from` are left out.
    fn statement_kind(&mut self, depth: usize, from: usize) -> Option<Kind<Symbol, ()>> {
        self.budget = self.budget.saturating_sub(1);
        let depth = if self.budget == 0 { 0 } else { depth };
        let depth = depth.checked_sub(1)?;
        Some(match from + self.below(16 - from) {
            0..=2 => self.declaration(depth),
            3 => self.block(depth).kind,
            4 => {
                let local = self.name(LocalRole::Function);
                let count = self.below(3);
                Kind::Define { local, function: Box::new(self.function(Some(local), count, depth)) }
            }
            5 | 6 => {
                let condition = self.boxed(depth);
                let then = self.body(depth);
                // An `else` would belong to an inner `if`.
                let otherwise = (self.yes() && !takes_else(&then)).then(|| Box::new(self.body(depth)));
                Kind::If(condition, Box::new(then), otherwise)
            }
            7 => Kind::While(self.boxed(depth), self.loop_body(depth)),
            8 => {
                let body = self.loop_body(depth);
                Kind::DoWhile(body, self.boxed(depth))
            }
            9 | 10 => self.for_each(depth),
            11 => self.classic_for(depth),
            12 if self.loops > 0 => Kind::Break,
            13 if self.loops > 0 => Kind::Continue,
            14 => Kind::Return(if self.yes() { Some(self.boxed(depth)) } else { None }),
            _ => return None,
        })
    }

    /// Of a new local, or with `var` of one that there is already.
    fn declaration(&mut self, depth: usize) -> Kind<Symbol, ()> {
        let role = self.of(&[LocalRole::Var, LocalRole::Let, LocalRole::Const]).unwrap_or(LocalRole::Var);
        let function = self.functions.last().copied().unwrap_or(0);
        let known = self.visible.get(function..).unwrap_or_default().iter().flatten();
        let known: Vec<Seen> = known
            .copied()
            .filter(|seen| matches!(seen.role, LocalRole::Var | LocalRole::Parameter))
            .collect();
        if role == LocalRole::Var
            && self.yes()
            && let Some(seen) = self.of(&known)
        {
            let value = if self.yes() { Some(self.boxed(depth)) } else { None };
            return Kind::Declare { local: seen.local, value };
        }
        let local = self.name(role);
        let valued = role == LocalRole::Const || self.yes();
        let value = if valued { Some(self.boxed(depth)) } else { None };
        self.show(Seen { local, role, parameters: 0 }, role == LocalRole::Var);
        Kind::Declare { local, value }
    }

    fn for_each(&mut self, depth: usize) -> Kind<Symbol, ()> {
        let collection = self.boxed(depth);
        self.visible.push(Vec::new());
        let target = match self.below(5) {
            0 => tree(self.symbol()),
            1 => self.assignable(),
            choice => {
                let role = match choice {
                    2 => LocalRole::Loop,
                    3 => LocalRole::Let,
                    _ => LocalRole::Const,
                };
                tree(Kind::Local(self.declare(role, 0, role == LocalRole::Loop)))
            }
        };
        let body = self.loop_body(depth);
        self.visible.pop();
        Kind::ForEach { target: Box::new(target), collection, body }
    }

    fn classic_for(&mut self, depth: usize) -> Kind<Symbol, ()> {
        self.visible.push(Vec::new());
        let init = match self.below(4) {
            0 => None,
            1 => Some(self.expr(depth)),
            2 => Some(tree(self.declaration(depth))),
            _ => {
                let role = self.of(&[LocalRole::Var, LocalRole::Let]).unwrap_or(LocalRole::Var);
                let items = (0..2).map(|_| {
                    let local = self.name(role);
                    let value = if self.yes() { Some(self.boxed(depth)) } else { None };
                    self.show(Seen { local, role, parameters: 0 }, role == LocalRole::Var);
                    tree(Kind::Declare { local, value })
                });
                let items = items.collect();
                Some(tree(Kind::Block(items)))
            }
        };
        let condition = if self.yes() { Some(self.boxed(depth)) } else { None };
        let step = if self.yes() { Some(self.boxed(depth)) } else { None };
        let body = self.loop_body(depth);
        self.visible.pop();
        Kind::For { init: init.map(Box::new), condition, step, body }
    }
}

/// Whether an `else` after this statement would belong to it.
fn takes_else(statement: &Tree) -> bool {
    match &statement.kind {
        Kind::If(_, _, None) => true,
        Kind::If(_, _, Some(body))
        | Kind::While(_, body)
        | Kind::ForEach { body, .. }
        | Kind::For { body, .. } => takes_else(body),
        _ => false,
    }
}
