//! Expressions and the Rust text they become.

use csml_rt_core::Position;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{borrowed, owned};
use crate::{
    codegen::places::{Context, EventAccess, Places},
    ir::{
        Arithmetic, Bits, Coercion, Comparison, DynamicOp, Expr, Kind, LibraryFunction, LocalId, Over, Part,
        Program, ScriptFunction, Stmt,
    },
    model::{DatumId, OutputId, VarId, arena::Id},
    tests::programs::*,
    types::Type,
};

/// How the triggering event is known.
#[derive(Clone, Copy)]
enum TriggeringEvent {
    None,
    Payload,
    Any,
}

struct TestPlaces {
    program: Program,
    trigger: TriggeringEvent,
}

impl Places for TestPlaces {
    fn variable(&self, variable: VarId) -> TokenStream {
        let name = format_ident!("{}", self.program.app.variables[variable].name.text);
        quote!(cx.#name)
    }

    fn event(&self) -> EventAccess {
        match self.trigger {
            TriggeringEvent::None => EventAccess::None,
            TriggeringEvent::Payload => EventAccess::Payload(quote!(payload)),
            TriggeringEvent::Any => EventAccess::Any(quote!(cx.event)),
        }
    }

    fn datum_field(&self, datum: DatumId) -> TokenStream {
        let name = format_ident!("{}", self.program.app.data[datum].name.text);
        quote!(#name)
    }

    fn datum_pattern(&self, datum: DatumId) -> TokenStream {
        let event = format_ident!("E{}", self.program.app.data[datum].event.index());
        quote!(Event::#event(payload))
    }

    fn output(&self, output: OutputId) -> TokenStream {
        let name = format_ident!("{}", self.program.app.outputs[output].name.text);
        quote!(reply.#name)
    }

    fn matched(&self, _: crate::model::MatchId) -> TokenStream {
        quote!(matched)
    }

    fn rng(&self) -> TokenStream {
        quote!(cx.rng)
    }

    fn runtime(&self) -> TokenStream {
        quote!(rt)
    }

    fn context(&self) -> Context {
        Context { name: quote!(cx), ty: quote!(Cx<'_, F>), generics: quote!(<F: rt::Effects>) }
    }

    fn event_argument(&self) -> Option<TokenStream> {
        match self.trigger {
            TriggeringEvent::None => None,
            TriggeringEvent::Payload => Some(quote!(rt::Some(event))),
            TriggeringEvent::Any => Some(quote!(event)),
        }
    }

    fn reply_argument(&self) -> Option<(TokenStream, TokenStream)> {
        Some((quote!(reply), quote!(Output)))
    }

    fn taken(&self) -> Vec<String> {
        vec!["new_count".to_owned()]
    }

    fn loop_limit(&self) -> u64 {
        1000
    }
}

fn places(trigger: TriggeringEvent) -> TestPlaces {
    TestPlaces { program: program(), trigger }
}

#[track_caller]
fn same(found: TokenStream, expected: &str) {
    // How tokens are spaced depends on how they were made.
    let normal = |text: &str| text.replace([' ', '\n'], "").replace(",}", "}");
    assert_eq!(normal(&found.to_string()), normal(expected));
}

#[track_caller]
fn gives(expr: &Expr, expected: &str) {
    let places = places(TriggeringEvent::Payload);
    same(owned(expr, &places.program, &places), expected);
}

#[track_caller]
fn lends(expr: &Expr, expected: &str) {
    let places = places(TriggeringEvent::Payload);
    same(borrowed(expr, &places.program, &places), expected);
}

#[track_caller]
fn gives_with(trigger: TriggeringEvent, expr: &Expr, expected: &str) {
    let places = places(trigger);
    same(owned(expr, &places.program, &places), expected);
}

#[test]
fn literals() {
    gives(&int(5), "5");
    gives(&int(i64::MIN), "-9223372036854775808");
    gives(&negate(int(5)), "-5");
    gives(&float(1.0), "1.0");
    gives(&float(-0.0), "-0.0");
    gives(&float(1e300), "1e300");
    gives(&float(f64::NAN), "rt::float::NAN");
    gives(&float(f64::NEG_INFINITY), "rt::float::NEG_INFINITY");
    gives(&text(""), "rt::String::new()");
    gives(&text("a\"b"), r#"rt::text::owned("a\"b")"#);
    lends(&text("a"), r#""a""#);
    gives(&null(option(Type::Int)), "rt::None");
    gives(&null(Type::Dynamic), "rt::Value::Null");
    gives(&list_of(Type::Int, &[int(1), int(2)]), "rt::vec![1, 2]");
    gives(&list_of(Type::Int, &[]), "rt::Vec::new()");
    let ages = map(Type::Text, Type::Int);
    gives(&map_of(&[(text("a"), int(1))], ages), r#"rt::map::of([(rt::text::owned("a"), 1)])"#);
    let keyed = map_of(&[(float(1.5), int(1))], map(Type::Float, Type::Int));
    gives(&keyed, "rt::map::of([(rt::into_value(1.5), 1)])");
}

#[test]
fn variables() {
    gives(&var("count"), "cx.count");
    gives(&var("label"), "rt::copied(&cx.label)");
    lends(&var("label"), "cx.label.as_str()");
    lends(&var("items"), "&cx.items");
    gives(&var("made"), r#"*rt::slot(&cx.made, "made", rt::at(3, 7))?"#);
    gives(&var("note"), r#"rt::copied(rt::slot(&cx.note, "note", rt::at(3, 7))?)"#);
    lends(&var("note"), r#"rt::slot(&cx.note, "note", rt::at(3, 7))?.as_str()"#);
    gives(&output(0), "reply.image");
    gives(&output(1), r#"*rt::output(&reply.score, "score", rt::at(3, 7))?"#);
}

#[test]
fn data_of_a_known_event() {
    let float = Type::Float;
    gives(&datum("value", &[(0, None)], false, Type::Int), "payload.value");
    lends(&datum("text", &[(0, None)], false, Type::Text), "payload.text.as_str()");
    gives(
        &datum("value", &[(2, None)], false, Type::Int),
        r#"*rt::datum(&payload.value, "value", rt::at(3, 7))?"#,
    );
    gives(
        &datum("value", &[(0, Some(Coercion::IntToFloat))], false, float),
        "rt::float::from_int(payload.value)",
    );
    let value = datum("value", &[(0, None)], false, Type::Int);
    gives_with(TriggeringEvent::None, &value, r#"rt::absent::<i64>("value", rt::at(3, 7))?"#);
}

#[test]
fn data_of_one_of_several_events() {
    let value = datum("value", &[(0, Some(Coercion::IntToFloat)), (1, None)], false, Type::Float);
    gives_with(
        TriggeringEvent::Any,
        &compare(Comparison::Gt, value, float(1.0)),
        r#"(match cx.event {
            rt::Some(Event::E0(payload)) => rt::float::from_int(payload.value),
            rt::Some(Event::E1(payload)) => payload.value,
            _ => rt::absent("value", rt::at(3, 7))?,
        }) > 1.0"#,
    );
    let both = datum("text", &[(0, None), (1, None)], false, Type::Text);
    let places = places(TriggeringEvent::Any);
    same(
        borrowed(&both, &places.program, &places),
        r#"(match cx.event {
            rt::Some(Event::E0(payload)) => &payload.text,
            rt::Some(Event::E1(payload)) => &payload.text,
            _ => rt::absent("text", rt::at(3, 7))?,
        }).as_str()"#,
    );
}

#[test]
fn arithmetic_on_integers_is_checked() {
    gives(&add(var("count"), int(1)), "rt::int::add(cx.count, 1, rt::at(3, 7))?");
    gives(&negate(var("count")), "rt::int::neg(cx.count, rt::at(3, 7))?");
    gives(&arithmetic(Arithmetic::Div, int(1), int(0)), "rt::int::div(1, 0, rt::at(3, 7))?");
    gives(&add(int(i64::MAX), int(1)), "rt::int::add(9223372036854775807, 1, rt::at(3, 7))?");
}

#[test]
fn what_cannot_fail_is_a_plain_operator() {
    gives(&arithmetic(Arithmetic::Mul, int(60), int(1000)), "60000");
    gives(&arithmetic(Arithmetic::Rem, var("count"), int(10)), "cx.count % 10");
    gives(&arithmetic(Arithmetic::Div, var("count"), int(1)), "cx.count / 1");
    let sum = add(var("level"), float(1.0));
    gives(&arithmetic(Arithmetic::Mul, sum.clone(), var("level")), "(cx.level + 1.0) * cx.level");
    gives(&arithmetic(Arithmetic::Sub, var("level"), sum), "cx.level - (cx.level + 1.0)");
    gives(&arithmetic(Arithmetic::Div, var("level"), float(2.0)), "cx.level / 2.0");
    gives(
        &arithmetic(Arithmetic::Div, var("level"), var("level")),
        "rt::float::div(cx.level, cx.level, rt::at(3, 7))?",
    );
    gives(&negate(negate(var("level"))), "cx.level");
    gives(&negate(add(var("level"), float(-1.0))), "-(cx.level + -1.0)");
}

#[test]
fn comparisons_look_and_allocate_nothing() {
    gives(&eq(var("label"), text("x")), r#"cx.label.as_str() == "x""#);
    gives(&eq(var("label"), text("")), "cx.label.is_empty()");
    gives(&compare(Comparison::Ne, text(""), var("note")), {
        r#"!rt::slot(&cx.note, "note", rt::at(3, 7))?.is_empty()"#
    });
    gives(&compare(Comparison::Lt, var("count"), int(-1)), "cx.count < -1");
    gives(&eq(int(1), int(2)), "false");
    gives(&eq(var("items"), var("items")), "cx.items == cx.items");
    gives(&eq(var("items"), list_of(Type::Int, &[int(1)])), "cx.items == [1]");
    gives(&eq(var("names"), list_of(Type::Text, &[text("a"), var("label")])), {
        r#"cx.names == ["a", cx.label.as_str()]"#
    });
    gives(&eq(list_of(Type::Int, &[int(1)]), var("items")), {
        "rt::of_type::<rt::Vec<i64>>(rt::vec![1]) == cx.items"
    });
    gives(&eq(var("items"), list_of(Type::Int, &[])), "cx.items.is_empty()");
    let ages = map(Type::Text, Type::Int);
    gives(&compare(Comparison::Ne, var("ages"), map_of(&[], ages)), "!cx.ages.is_empty()");
    let some = coerce(Coercion::Some, text("x"), option(Type::Text));
    gives(&eq(var("title"), some), r#"cx.title.as_deref() == rt::Some("x")"#);
    let some = coerce(Coercion::Some, int(1), option(Type::Int));
    gives(&eq(var("maybe"), some), "cx.maybe == rt::Some(1)");
    gives(&eq(var("maybe"), null(option(Type::Int))), "cx.maybe.is_none()");
    gives(&is_null(var("any")), "cx.any.is_null()");
}

#[test]
fn truth_values_are_not_compared() {
    gives(&eq(var("flag"), bool(true)), "cx.flag");
    gives(&eq(bool(false), var("flag")), "!cx.flag");
    gives(&not(eq(var("flag"), bool(true))), "!cx.flag");
    gives(&not(not(var("flag"))), "cx.flag");
    gives(&not(compare(Comparison::Lt, var("count"), int(3))), "cx.count >= 3");
    gives(&not(compare(Comparison::Lt, var("level"), float(3.0))), "!(cx.level < 3.0)");
    gives(&not(is_null(var("maybe"))), "cx.maybe.is_some()");
    gives(&compare(Comparison::Le, var("flag"), var("flag")), "!cx.flag | cx.flag");
    gives(&conditional(var("flag"), bool(false), bool(true)), "!cx.flag");
}

#[test]
fn logic_has_only_the_parentheses_it_needs() {
    let low = compare(Comparison::Lt, var("count"), int(3));
    let either = or(var("flag"), low.clone());
    gives(&and(either.clone(), low.clone()), "(cx.flag || cx.count < 3) && cx.count < 3");
    gives(&or(and(var("flag"), low.clone()), low), "cx.flag && cx.count < 3 || cx.count < 3");
    gives(&not(either), "!(cx.flag || cx.count < 3)");
    let choice = conditional(var("flag"), int(1), var("count"));
    gives(&eq(choice.clone(), int(1)), "(if cx.flag { 1 } else { cx.count }) == 1");
    gives(&choice, "if cx.flag { 1 } else { cx.count }");
    let label = conditional(var("flag"), var("label"), text("none"));
    lends(&label, r#"if cx.flag { cx.label.as_str() } else { "none" }"#);
}

#[test]
fn items() {
    gives(&list_item(var("items"), int(0)), "*rt::list::item(&cx.items, 0, rt::at(3, 7))?");
    lends(&list_item(var("names"), var("count")), {
        "rt::list::item(&cx.names, cx.count, rt::at(3, 7))?.as_str()"
    });
    gives(&list_item(list_of(Type::Int, &[int(7)]), int(0)), {
        "*rt::list::item(&rt::of_type::<rt::Vec<i64>>(rt::vec![7]), 0, rt::at(3, 7))?"
    });
    gives(&map_item(var("ages"), var("label")), "cx.ages.get(cx.label.as_str()).copied()");
    gives(&is_null(map_item(var("ages"), text("a"))), r#"!cx.ages.contains_key("a")"#);
    gives(&coerce(Coercion::Unwrap, map_item(var("ages"), text("a")), Type::Int), {
        r#"*rt::map::item(&cx.ages, "a", rt::at(3, 7))?"#
    });
    let by_int = map_of(&[(int(1), int(2))], map(Type::Int, Type::Int));
    gives(&map_item(by_int, int(1)), {
        "rt::of_type::<rt::BTreeMap<i64, i64>>(rt::map::of([(1, 2)])).get(&1).copied()"
    });
}

#[test]
fn strings_are_joined_at_once() {
    let count = coerce(Coercion::ToText, add(var("count"), int(1)), Type::Text);
    let any = coerce(Coercion::ToText, var("any"), Type::Text);
    gives(&concat(&[text("n"), count, any, var("label")]), {
        r#"rt::text::concat(&[
            rt::text::Piece::Text("n"),
            rt::text::Piece::Int(rt::int::add(cx.count, 1, rt::at(3, 7))?),
            rt::text::Piece::Value(&cx.any),
            rt::text::Piece::Text(cx.label.as_str())
        ], rt::at(3, 7))?"#
    });
    let appended = append(var("items"), list_of(Type::Int, &[int(1)]));
    gives(&appended, "rt::list::append(rt::copied(&cx.items), 1, rt::at(3, 7))?");
}

#[test]
fn coercions() {
    let to = |coercion, operand, ty: Type| coerce(coercion, operand, ty);
    gives(&to(Coercion::IntToFloat, var("count"), Type::Float), "rt::float::from_int(cx.count)");
    gives(&to(Coercion::IntToFloat, int(2), Type::Float), "2.0");
    gives(&to(Coercion::ToDynamic, int(2), Type::Dynamic), "rt::Value::Int(2)");
    gives(&to(Coercion::ToDynamic, var("label"), Type::Dynamic), "rt::to_value(&cx.label)");
    gives(&to(Coercion::ToDynamic, text("a"), Type::Dynamic), r#"rt::into_value(rt::text::owned("a"))"#);
    gives(&to(Coercion::Unwrap, var("maybe"), Type::Int), "rt::some(cx.maybe, rt::at(3, 7))?");
    lends(&to(Coercion::Unwrap, var("title"), Type::Text), {
        "rt::some(cx.title.as_ref(), rt::at(3, 7))?.as_str()"
    });
    gives(&to(Coercion::DynamicToBool, var("any"), Type::Bool), {
        "rt::dynamic::to_bool(&cx.any, rt::at(3, 7))?"
    });
    gives(&to(Coercion::BoolToInt, var("flag"), Type::Int), "rt::int::from_bool(cx.flag)");
    let items = |inner, ty| Coercion::Items(Box::new(inner), ty);
    let floats = to(items(Coercion::IntToFloat, Type::Float), var("items"), list(Type::Float));
    gives(&floats, "rt::list::map(rt::copied(&cx.items), rt::float::from_int)");
    let rows = to(
        items(items(Coercion::DynamicToBool, Type::Bool), list(Type::Bool)),
        list_of(list(Type::Dynamic), &[]),
        list(list(Type::Bool)),
    );
    gives(&rows, {
        "rt::list::try_map(
            rt::of_type::<rt::Vec<rt::Vec<rt::Value>>>(rt::Vec::new()),
            |__csml_item| rt::list::try_map(__csml_item,
                |__csml_item| rt::dynamic::to_bool(&__csml_item, rt::at(3, 7)))
        )?"
    });
    let inside = Coercion::Inside(Box::new(Coercion::ToText), Type::Text);
    gives(&to(inside, var("maybe"), option(Type::Text)), "rt::option::map(cx.maybe, rt::text::from_int)");
}

#[test]
fn untyped_operands_are_borrowed() {
    let one = coerce(Coercion::ToDynamic, int(1), Type::Dynamic);
    let binary = |operation, ty| dynamic(operation, &[var("any"), one.clone()], ty);
    gives(
        &binary(DynamicOp::Arithmetic(Arithmetic::Add), Type::Dynamic),
        "rt::dynamic::add(&cx.any, &rt::Value::Int(1), rt::at(3, 7))?",
    );
    gives(
        &binary(DynamicOp::Compare(Comparison::Ne), Type::Bool),
        "!rt::dynamic::eq(&cx.any, &rt::Value::Int(1))",
    );
    gives(
        &not(binary(DynamicOp::Compare(Comparison::Ne), Type::Bool)),
        "rt::dynamic::eq(&cx.any, &rt::Value::Int(1))",
    );
    gives(
        &binary(DynamicOp::Compare(Comparison::Le), Type::Dynamic),
        "rt::Value::Bool(rt::dynamic::le(&cx.any, &rt::Value::Int(1), rt::at(3, 7))?)",
    );
    let item = binary(DynamicOp::Index, Type::Dynamic);
    gives(
        &dynamic(DynamicOp::Index, &[item, one.clone()], Type::Dynamic),
        "rt::Clone::clone(rt::dynamic::index(
            rt::dynamic::index(&cx.any, &rt::Value::Int(1), rt::at(3, 7))?,
            &rt::Value::Int(1), rt::at(3, 7))?)",
    );
    gives(&dynamic(DynamicOp::Not, &[var("any")], Type::Bool), "rt::dynamic::not(&cx.any, rt::at(3, 7))?");
    gives(&eq(var("any"), null(Type::Dynamic)), "rt::dynamic::eq(&cx.any, &rt::Value::Null)");
}

#[test]
fn functions() {
    let sizes = list_of(Type::Int, &[int(0), int(8)]);
    gives(
        &library("random::random_payload", &[sizes], Type::Bytes),
        "rt::random::random_payload(&[0, 8], &mut cx.rng, rt::at(3, 7))?",
    );
    gives(&function(LibraryFunction::Size, var("label"), Type::Int), "rt::size(&cx.label)");
    gives(&function(LibraryFunction::Size, text("abc"), Type::Int), r#"rt::size("abc")"#);
    gives(&not(function(LibraryFunction::Empty, var("items"), Type::Bool)), "!rt::is_empty(&cx.items)");
}

/// A local of type `int`.
fn n(id: u32) -> Expr {
    local(id, Type::Int)
}

fn less(left: Expr, right: Expr) -> Expr {
    compare(Comparison::Lt, left, right)
}

const HERE: Position = Position::new(3, 7);

#[test]
fn bits_sets_and_ranges() {
    let bits = |operator, left: Expr, right: Expr| {
        expr(Kind::Bits(operator, Box::new(left), Box::new(right)), Type::Int)
    };
    let both = bits(Bits::And, var("count"), int(3));
    gives(&eq(both.clone(), int(1)), "cx.count & 3 == 1");
    gives(
        &bits(Bits::Or, both.clone(), bits(Bits::Xor, var("count"), int(1))),
        "cx.count & 3 | cx.count ^ 1",
    );
    gives(&bits(Bits::And, both, bits(Bits::Or, int(1), var("count"))), "cx.count & 3 & (1 | cx.count)");
    gives(&bits(Bits::Ushr, var("count"), int(70)), "rt::int::ushr(cx.count, 70)");
    gives(&expr(Kind::BitNot(Box::new(var("count"))), Type::Int), "!cx.count");
    let range = expr(Kind::Range(Box::new(int(1)), Box::new(var("count"))), list(Type::Int));
    gives(&range, "rt::list::range(1, cx.count, rt::at(3, 7))?");
    let of = |items: &[Expr], item| expr(Kind::Set(items.to_vec()), set(item));
    gives(&of(&[text("a")], Type::Text), r#"rt::set::of([rt::text::owned("a")])"#);
    gives(&of(&[float(1.5)], Type::Float), "rt::set::of([rt::into_value(1.5)])");
    gives(&of(&[], Type::Int), "rt::BTreeSet::new()");
}

#[test]
fn guards_look_without_making_anything() {
    gives(&library("text::starts_with", &[var("label"), text("a")], Type::Bool), {
        r#"rt::text::starts_with(cx.label.as_str(), "a")"#
    });
    gives(&library("text::matches", &[var("label"), text("a.*")], Type::Bool), {
        r#"{
            static PATTERN: rt::Pattern = rt::Pattern::new("a.*");
            PATTERN.matches(cx.label.as_str(), rt::at(3, 7))?
        }"#
    });
    gives(
        &library("list::contains", &[var("items"), int(2)], Type::Bool),
        "rt::list::contains(&cx.items, &2)",
    );
    gives(&library("list::contains", &[var("names"), text("a")], Type::Bool), {
        r#"rt::list::contains_text(&cx.names, "a")"#
    });
    let either = list_of(Type::Text, &[text("a"), text("b")]);
    gives(&library("list::contains", &[either, var("label")], Type::Bool), {
        r#"["a", "b"].contains(&cx.label.as_str())"#
    });
    gives(&library("set::contains", &[var("tags"), var("label")], Type::Bool), {
        "cx.tags.contains(cx.label.as_str())"
    });
    let some = coerce(Coercion::Some, text("x"), option(Type::Text));
    gives(&eq(map_item(var("texts"), text("k")), some), {
        r#"cx.texts.get("k").map(rt::String::as_str) == rt::Some("x")"#
    });
    let some = coerce(Coercion::Some, int(1), option(Type::Int));
    gives(&eq(map_item(var("ages"), text("k")), some), r#"cx.ages.get("k").copied() == rt::Some(1)"#);
    gives(&is_null(map_item(var("table"), text("k"))), {
        r#"cx.table.get("k").unwrap_or(&rt::Value::Null).is_null()"#
    });
    let untyped = coerce(Coercion::ToDynamic, text("x"), Type::Dynamic);
    gives(&dynamic(DynamicOp::Compare(Comparison::Ne), &[var("any"), untyped], Type::Bool), {
        r#"!rt::dynamic::eq_text(&cx.any, "x")"#
    });
}

#[test]
fn conditions() {
    let holds = |operand| coerce(Coercion::Condition, operand, Type::Bool);
    gives(&holds(var("count")), "cx.count != 0");
    gives(&holds(int(9_007_199_254_740_993)), "true");
    gives(&holds(var("label")), "rt::holds(cx.label.as_str())");
    gives(&holds(var("title")), "rt::holds(&cx.title.as_ref())");
    gives(&holds(var("maybe")), "rt::holds(&cx.maybe)");
    gives(&holds(map_item(var("texts"), text("k"))), r#"rt::holds(&cx.texts.get("k"))"#);
    gives(&holds(var("any")), "rt::holds(&cx.any)");
}

#[test]
fn blocks_and_assignments_of_variables() {
    let it = script(&[("", Type::Int)], Vec::new(), {
        block(&[Stmt::Let(LocalId(0), add(var("count"), int(1))), assign("count", n(0))], n(0))
    });
    gives(&it, {
        "{
            let it: i64 = rt::int::add(cx.count, 1, rt::at(3, 7))?;
            cx.count = it;
            it
        }"
    });
    let made = script(&[], Vec::new(), block(&[assign("made", int(5))], bool(true)));
    gives(&made, r#"{ *rt::existing(&mut cx.made, "made", rt::at(3, 7))? = 5; true }"#);
}

#[test]
fn loops_and_locals() {
    let body = [
        Stmt::If(eq(n(0), int(3)), vec![Stmt::Continue], Vec::new()),
        Stmt::If(eq(n(0), int(7)), vec![Stmt::Break], Vec::new()),
    ];
    let repeat = Stmt::Loop {
        before: Some(less(n(0), int(10))),
        body: body.to_vec(),
        step: vec![assign_local(0, add(n(0), int(1)))],
        after: None,
        at: HERE,
    };
    let whole =
        script(&[("i", Type::Int)], Vec::new(), block(&[Stmt::Let(LocalId(0), int(0)), repeat], n(0)));
    gives(&whole, {
        r#"{
            let fuel = &mut rt::Fuel::new(1000);
            #[allow(unused_assignments, unused_variables, clippy::all, reason = "scripts are the description's")]
            let value: i64 = {
                let mut i: i64 = 0;
                'loop_1: while i < 10 {
                    fuel.burn(rt::at(3, 7))?;
                    'next_1: {
                        if i == 3 { break 'next_1; }
                        if i == 7 { break 'loop_1; }
                    }
                    i = rt::int::add(i, 1, rt::at(3, 7))?;
                }
                i
            };
            value
        }"#
    });
}

/// The statements of a script of a text and a list as locals, without what is around them.
#[track_caller]
fn does(statements: &[Stmt], expected: &str) {
    let places = places(TriggeringEvent::Payload);
    let whole = script(
        &[("t", Type::Text), ("l", list(Type::Int)), ("x", Type::Int)],
        Vec::new(),
        block(statements, bool(true)),
    );
    let code = owned(&whole, &places.program, &places).to_string().replace([' ', '\n'], "");
    let expected = expected.replace([' ', '\n'], "");
    assert!(code.contains(&expected), "{code}\n{expected}");
}

#[test]
fn collections_are_gone_through_where_they_stand() {
    let each = |over: Expr, body: Vec<Stmt>| Stmt::ForEach {
        local: LocalId(0),
        over: Over::Items(over),
        body,
        at: HERE,
    };
    let read = assign("flag", eq(local(0, Type::Text), text("x")));
    does(&[each(var("names"), vec![read.clone()])], {
        r#"let __csml_items = &cx.names;
           fuel.take(__csml_items.len() as u64, rt::at(3, 7))?;
           for t in __csml_items.iter() { cx.flag = t.as_str() == "x"; }"#
    });
    let grow = Stmt::Do(change(
        "list::add",
        place(variable("names"), &[], list(Type::Text)),
        &[text("y")],
        Type::Bool,
    ));
    does(&[each(var("names"), vec![read, grow])], {
        r#"let __csml_items: rt::Vec<rt::String> = rt::copied(&cx.names);
           fuel.take(__csml_items.len() as u64, rt::at(3, 7))?;
           for t in __csml_items {
               rt::budget::check(rt::at(3, 7))?;
               cx.flag = t.as_str() == "x";
               rt::list::add(&mut cx.names, rt::text::owned("y"), rt::at(3, 7))?;
           }"#
    });
    let range = Stmt::ForEach {
        local: LocalId(2),
        over: Over::Range(int(1), var("count")),
        body: vec![assign("level", float(0.5))],
        at: HERE,
    };
    does(&[range], {
        "let (__csml_from, __csml_to): (i64, i64) = (1, cx.count);
         fuel.take(__csml_from.abs_diff(__csml_to).saturating_add(1), rt::at(3, 7))?;
         for x in rt::int::range(__csml_from, __csml_to) { cx.level = 0.5; }"
    });
}

#[test]
fn places_are_taken_last() {
    let at = |root, path: &[Part], ty| place(root, path, ty);
    let item = |index| Part::Item(index);
    let cell = at(variable("grid"), &[item(int(1)), item(var("count"))], Type::Int);
    does(&[Stmt::Assign(cell, int(9))], {
        "*rt::list::item_mut(rt::list::item_mut(&mut cx.grid, 1, rt::at(3, 7))?, cx.count, rt::at(3, 7))? = 9;"
    });
    let last = at(variable("items"), &[item(list_item(var("items"), int(0)))], Type::Int);
    does(&[Stmt::Assign(last, int(9))], {
        "{ let __csml_1: i64 = *rt::list::item(&cx.items, 0, rt::at(3, 7))?;
           *rt::list::item_mut(&mut cx.items, __csml_1, rt::at(3, 7))? = 9; }"
    });
    let value = at(variable("ages"), &[Part::Entry(text("k"))], Type::Int);
    does(&[Stmt::Assign(value.clone(), var("count"))], {
        r#"rt::map::assign(&mut cx.ages, rt::text::owned("k"), cx.count, rt::at(3, 7))?;"#
    });
    let size = function(LibraryFunction::Size, var("ages"), Type::Int);
    does(&[Stmt::Assign(value, size)], {
        r#"{ let __csml_1: i64 = rt::size(&cx.ages);
             rt::map::assign(&mut cx.ages, rt::text::owned("k"), __csml_1, rt::at(3, 7))?; }"#
    });
    let size = function(LibraryFunction::Size, var("items"), Type::Int);
    let grow = change("list::add", at(variable("items"), &[], list(Type::Int)), &[size], Type::Bool);
    does(&[Stmt::Do(grow)], {
        "{ let __csml_1: i64 = rt::size(&cx.items); rt::list::add(&mut cx.items, __csml_1, rt::at(3, 7))? };"
    });
}

#[test]
fn a_list_that_gets_more_of_itself_grows_in_place() {
    let ints = |items: &[Expr]| list_of(Type::Int, items);
    does(&[assign("items", append(var("items"), ints(&[var("count")])))], {
        "rt::list::add(&mut cx.items, cx.count, rt::at(3, 7))?;"
    });
    does(&[assign("items", append(var("items"), ints(&[int(1), int(2)])))], {
        "rt::list::add_all(&mut cx.items, &[rt::of_type::<i64>(1), 2], rt::at(3, 7))?;"
    });
    does(&[assign("items", append(ints(&[var("count")]), var("items")))], "cx.items = rt::list::concat(");
}

#[test]
fn what_a_later_operand_changes_is_copied_first() {
    let set = block(&[assign("label", text("y"))], var("label"));
    gives(&concat(&[var("label"), set]), {
        r#"rt::text::concat(&[
            rt::text::Piece::Text(rt::copied(&cx.label).as_str()),
            rt::text::Piece::Text(({ cx.label = rt::text::owned("y"); rt::copied(&cx.label) }).as_str())
        ], rt::at(3, 7))?"#
    });
    let other = block(&[assign("count", int(1))], var("label"));
    gives(&eq(var("title"), coerce(Coercion::Some, other, option(Type::Text))), {
        "cx.title.as_deref() == rt::Some(({ cx.count = 1; rt::copied(&cx.label) }).as_str())"
    });
}

#[test]
fn functions_take_what_is_around_them_last() {
    let body = conditional(less(n(0), int(2)), n(0), call(0, &[add(n(0), var("count"))], Type::Int));
    let function =
        ScriptFunction { name: "f".to_owned(), parameters: vec![LocalId(0)], captures: Vec::new(), body };
    let whole = script(&[("x", Type::Int)], vec![function], call(0, &[int(5)], Type::Int));
    gives(&whole, {
        r#"{
            #[allow(unconditional_recursion, unreachable_code, unused_assignments, unused_variables, clippy::all,
                reason = "scripts are the description's")]
            fn f<F: rt::Effects>(x: i64, cx: &Cx<'_, F>, fuel: &mut rt::Fuel, at: rt::Position)
                -> rt::Result<i64, rt::StepError>
            {
                fuel.enter(at)?;
                let value: i64 = if x < 2 { x } else {
                    f(rt::int::add(x, cx.count, rt::at(3, 7))?, cx, fuel, rt::at(3, 7))?
                };
                fuel.leave();
                rt::Ok(value)
            }
            let fuel = &mut rt::Fuel::new(1000);
            f(5, cx, fuel, rt::at(3, 7))?
        }"#
    });
}

#[test]
fn nothing_stands_behind_what_leaves() {
    let early = Stmt::If(var("flag"), vec![Stmt::Return(int(1))], Vec::new());
    let never = expr(Kind::Never, Type::Int);
    let whole =
        script(&[], Vec::new(), block(&[early, Stmt::Return(int(2)), assign("count", int(3))], never));
    gives(&whole, {
        r#"{
            #[allow(unused_assignments, unused_variables, clippy::all, reason = "scripts are the description's")]
            let value: i64 = 'script: { if cx.flag { break 'script 1; } 2 };
            value
        }"#
    });
}

#[test]
fn a_block_that_is_returned_gets_a_name() {
    let made = block(&[assign("count", int(3))], var("count"));
    let early = Stmt::If(var("flag"), vec![Stmt::Return(made)], Vec::new());
    let whole = script(&[], Vec::new(), block(&[early], int(2)));
    gives(&whole, {
        r#"{
            #[allow(unused_assignments, unused_variables, clippy::all, reason = "scripts are the description's")]
            let value: i64 = 'script: {
                if cx.flag { let value: i64 = { cx.count = 3; cx.count }; break 'script value; }
                2
            };
            value
        }"#
    });
}
