//! Expressions of stand-ins: the part of the expression language that computes an answer from inputs.
//! Literals, input names, `.` and `[]`, arithmetic, comparison, logic, `? :`, lists. Values behave as
//! `dynamic` ones do everywhere.

use csml_rt_core::private::dynamic;
use csml_rt_core::{Position, StepError, Value};

/// Levels of nesting beyond which an expression is refused.
const DEPTH: u32 = 100;
/// Binary operators beyond which an expression is refused: chains nest to the left.
const OPERATOR_LIMIT: u32 = 500;

/// A parsed expression.
#[derive(Debug)]
pub(super) struct Expr(Node);

#[derive(Debug)]
enum Node {
    Literal(Value),
    Input(String),
    List(Vec<Node>),
    Index(Box<Node>, Box<Node>),
    Unary(Unary, Box<Node>),
    Binary(Binary, Box<Node>, Box<Node>),
    Choice(Box<(Node, Node, Node)>),
}

#[derive(Debug, Clone, Copy)]
enum Unary {
    Not,
    Neg,
    Plus,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Binary {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

/// Operators and how tightly they bind; longer ones stand before their prefixes.
const OPERATORS: [(&str, Binary, u8); 23] = [
    ("||", Binary::Or, 1),
    ("or", Binary::Or, 1),
    ("&&", Binary::And, 2),
    ("and", Binary::And, 2),
    ("==", Binary::Eq, 3),
    ("eq", Binary::Eq, 3),
    ("!=", Binary::Ne, 3),
    ("ne", Binary::Ne, 3),
    ("<=", Binary::Le, 4),
    (">=", Binary::Ge, 4),
    ("<", Binary::Lt, 4),
    (">", Binary::Gt, 4),
    ("lt", Binary::Lt, 4),
    ("le", Binary::Le, 4),
    ("gt", Binary::Gt, 4),
    ("ge", Binary::Ge, 4),
    ("+", Binary::Add, 5),
    ("-", Binary::Sub, 5),
    ("*", Binary::Mul, 6),
    ("/", Binary::Div, 6),
    ("div", Binary::Div, 6),
    ("%", Binary::Rem, 6),
    ("mod", Binary::Rem, 6),
];

impl Expr {
    pub(super) fn parse(source: &str) -> Result<Self, String> {
        let mut parser = Parser { source, at: 0, depth: 0, operators: 0 };
        let node = parser.choice()?;
        parser.space();
        if parser.rest().is_empty() {
            Ok(Self(node))
        } else {
            Err(parser.error("expected an operator or the end"))
        }
    }

    /// The value over the inputs of a call, a map.
    pub(super) fn evaluate(&self, input: &Value) -> Result<Value, String> {
        let failure = |error: Failure| match error {
            Failure::Step(error) => error.message().to_owned(),
            Failure::Unknown(name) => format!("the call has no input `{name}`"),
        };
        evaluate(&self.0, input).map_err(failure)
    }
}

enum Failure {
    Step(StepError),
    Unknown(String),
}

impl From<StepError> for Failure {
    fn from(error: StepError) -> Self {
        Self::Step(error)
    }
}

fn evaluate(node: &Node, input: &Value) -> Result<Value, Failure> {
    // Positions in a stand-in's expression are not positions in the description.
    const AT: Position = Position::new(1, 1);
    Ok(match node {
        Node::Literal(value) => value.clone(),
        Node::Input(name) => match input.get(name) {
            Some(value) => value.clone(),
            None => return Err(Failure::Unknown(name.clone())),
        },
        Node::List(items) => {
            items.iter().map(|item| evaluate(item, input)).collect::<Result<Vec<_>, _>>()?.into()
        }
        Node::Index(base, key) => {
            let (base, key) = (evaluate(base, input)?, evaluate(key, input)?);
            dynamic::index(&base, &key, AT)?.clone()
        }
        Node::Unary(operator, operand) => {
            let operand = evaluate(operand, input)?;
            match operator {
                Unary::Not => dynamic::not(&operand, AT)?.into(),
                Unary::Neg => dynamic::neg(&operand, AT)?,
                Unary::Plus => dynamic::add(&0.into(), &operand, AT)?,
            }
        }
        Node::Choice(parts) => {
            let (condition, yes, no) = &**parts;
            let chosen = dynamic::to_bool(&evaluate(condition, input)?, AT)?;
            evaluate(if chosen { yes } else { no }, input)?
        }
        Node::Binary(operator @ (Binary::And | Binary::Or), left, right) => {
            let left = dynamic::to_bool(&evaluate(left, input)?, AT)?;
            if left == (*operator == Binary::Or) {
                left.into()
            } else {
                dynamic::to_bool(&evaluate(right, input)?, AT)?.into()
            }
        }
        Node::Binary(operator, left, right) => {
            let (left, right) = (&evaluate(left, input)?, &evaluate(right, input)?);
            match operator {
                Binary::Eq => dynamic::eq(left, right).into(),
                Binary::Ne => (!dynamic::eq(left, right)).into(),
                Binary::Lt => dynamic::lt(left, right, AT)?.into(),
                Binary::Le => dynamic::le(left, right, AT)?.into(),
                Binary::Gt => dynamic::gt(left, right, AT)?.into(),
                Binary::Ge => dynamic::ge(left, right, AT)?.into(),
                Binary::Add => dynamic::add(left, right, AT)?,
                Binary::Sub => dynamic::sub(left, right, AT)?,
                Binary::Mul => dynamic::mul(left, right, AT)?,
                Binary::Div => dynamic::div(left, right, AT)?,
                Binary::Rem | Binary::And | Binary::Or => dynamic::rem(left, right, AT)?,
            }
        }
    })
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    depth: u32,
    operators: u32,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn error(&self, message: &str) -> String {
        let column = self.source.get(..self.at).unwrap_or_default().chars().count() + 1;
        format!("{message} at column {column} of the expression `{}`", self.source)
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes a sign or a word if it comes next.
    fn take(&mut self, token: &str) -> bool {
        self.space();
        let Some(after) = self.rest().strip_prefix(token) else {
            return false;
        };
        let word = token.starts_with(|c: char| c.is_alphabetic());
        if word && after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return false;
        }
        self.at += token.len();
        true
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.take(token) {
            return Ok(());
        }
        Err(self.error(&format!("expected `{token}`")))
    }

    fn choice(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.error("nested too deeply"));
        }
        let condition = self.binary(0)?;
        let node = if self.take("?") {
            let yes = self.choice()?;
            self.expect(":")?;
            let no = self.choice()?;
            Node::Choice(Box::new((condition, yes, no)))
        } else {
            condition
        };
        self.depth -= 1;
        Ok(node)
    }

    fn binary(&mut self, loosest: u8) -> Result<Node, String> {
        let mut left = self.unary()?;
        loop {
            let before = self.at;
            let found = OPERATORS.iter().find(|(token, ..)| self.take(token));
            let Some((_, operator, binding)) = found.filter(|(.., binding)| *binding > loosest) else {
                self.at = before;
                return Ok(left);
            };
            self.operators += 1;
            if self.operators > OPERATOR_LIMIT {
                return Err(self.error("too many operators"));
            }
            let right = self.binary(*binding)?;
            left = Node::Binary(*operator, Box::new(left), Box::new(right));
        }
    }

    fn unary(&mut self) -> Result<Node, String> {
        let operator = if self.take("!") || self.take("not") {
            Unary::Not
        } else if self.take("-") {
            Unary::Neg
        } else if self.take("+") {
            Unary::Plus
        } else {
            return self.postfix();
        };
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.error("nested too deeply"));
        }
        let operand = self.unary()?;
        self.depth -= 1;
        Ok(Node::Unary(operator, Box::new(operand)))
    }

    fn postfix(&mut self) -> Result<Node, String> {
        let mut node = self.primary()?;
        for _ in 0..DEPTH {
            let key = if self.take("[") {
                let key = self.choice()?;
                self.expect("]")?;
                key
            } else if self.take(".") {
                self.space();
                match self.word() {
                    Some(name) => Node::Literal(name.into()),
                    None => return Err(self.error("expected a name")),
                }
            } else {
                return Ok(node);
            };
            node = Node::Index(Box::new(node), Box::new(key));
        }
        Err(self.error("nested too deeply"))
    }

    fn primary(&mut self) -> Result<Node, String> {
        if self.take("(") {
            let node = self.choice()?;
            self.expect(")")?;
            return Ok(node);
        }
        if self.take("[") {
            let mut items = Vec::new();
            while !self.take("]") {
                if !items.is_empty() {
                    self.expect(",")?;
                }
                items.push(self.choice()?);
            }
            return Ok(Node::List(items));
        }
        self.space();
        match self.rest().chars().next() {
            Some(quote @ ('\'' | '"')) => self.text(quote),
            Some(digit) if digit.is_ascii_digit() => self.number(),
            _ => match self.word() {
                Some("true") => Ok(Node::Literal(true.into())),
                Some("false") => Ok(Node::Literal(false.into())),
                Some("null") => Ok(Node::Literal(Value::Null)),
                Some(name) => Ok(Node::Input(name.to_owned())),
                None => Err(self.error("expected a value")),
            },
        }
    }

    fn word(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let inside = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let end = rest.find(|c| !inside(c)).unwrap_or(rest.len());
        let word = rest.get(..end).filter(|word| !word.is_empty())?;
        self.at += end;
        Some(word)
    }

    fn number(&mut self) -> Result<Node, String> {
        let rest = self.rest();
        let mut end = 0;
        let mut before = ' ';
        for (index, c) in rest.char_indices() {
            let sign = matches!(c, '+' | '-') && matches!(before, 'e' | 'E');
            if !(c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E') || sign) {
                break;
            }
            before = c;
            end = index + c.len_utf8();
        }
        let text = rest.get(..end).unwrap_or_default();
        let value = if text.contains(['.', 'e', 'E']) {
            text.parse::<f64>().ok().map(Value::from)
        } else {
            text.parse::<i64>().ok().map(Value::from)
        };
        let value = value.ok_or_else(|| self.error("not a number that fits into 64 bits"))?;
        self.at += end;
        Ok(Node::Literal(value))
    }

    fn text(&mut self, quote: char) -> Result<Node, String> {
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((index, c)) = chars.next() {
            if c == quote {
                self.at += index + 1;
                return Ok(Node::Literal(text.into()));
            }
            text.push(match c {
                '\\' => match chars.next() {
                    Some((_, 'n')) => '\n',
                    Some((_, 't')) => '\t',
                    Some((_, 'r')) => '\r',
                    Some((_, escaped @ ('\\' | '\'' | '"'))) => escaped,
                    _ => return Err(self.error("unknown escape in the string")),
                },
                c => c,
            });
        }
        Err(self.error("the string does not end"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(source: &str) -> Value {
        let input = Value::map([
            ("v", Value::from(4)),
            ("name", "lamp".into()),
            ("list", Value::list([1.into(), 2.into()])),
            ("m", Value::map([("k", Value::from(true))])),
        ]);
        Expr::parse(source).unwrap().evaluate(&input).unwrap()
    }

    #[test]
    fn computes_over_inputs() {
        for (source, expected) in [
            ("v + 1", Value::from(5)),
            ("1 + 2 * 3 - 4", 3.into()),
            ("(1 + 2) * 3 % 5", 4.into()),
            ("10 - 2 - 3", 5.into()),
            ("-v + +1", (-3).into()),
            ("v / 2.0", 2.0.into()),
            ("'on: ' + name", "on: lamp".into()),
            ("v > 3 && !(v == 5) ? 'big' : 'small'", "big".into()),
            ("v lt 3 or name eq 'lamp'", true.into()),
            ("list[1] + list[0]", 3.into()),
            ("m.k and m['k']", true.into()),
            ("[v, name]", Value::list([4.into(), "lamp".into()])),
            ("1 < 2 == true", true.into()),
            (r"'a\'b'", "a'b".into()),
            ("1e3", 1000.0.into()),
            ("null", Value::Null),
        ] {
            assert_eq!(value(source), expected, "{source}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for source in ["", "1 +", "v v", "(1", "'a", "a[", "v.", "99999999999999999999", "f(1)"] {
            assert!(Expr::parse(source).is_err(), "{source}");
        }
        for deep in ["(", "!", "[", "-", "a?"] {
            assert!(Expr::parse(&deep.repeat(100_000)).is_err());
        }
        let long = format!("1{}", " + 1".repeat(100_000));
        assert!(Expr::parse(&long).unwrap_err().contains("too many"));
        let error = |source: &str| Expr::parse(source).unwrap().evaluate(&Value::Null);
        assert_eq!(error("x").unwrap_err(), "the call has no input `x`");
        assert!(error("1 / 0").is_err());
        assert!(error("9223372036854775807 + 1").is_err());
    }
}
