//! `match` actions: a Rust `match` where only one case can run, `if`s one after the other where several can
//! (`docs/semantics.md#1-descriptions`, Actions).

use std::borrow::Cow;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Steps;
use crate::{
    codegen::{
        effects::expression,
        expr,
        places::{EventAccess, Places},
        rollback::{self, Change},
        rust_types,
        site::EventKnowledge,
        step_function::mentions,
    },
    ir::{Constant, Expr, Kind, Program},
    lists::Gather,
    model::{Match, StateId},
    types::Type,
};

impl Steps<'_> {
    pub(super) fn matching(
        &self,
        it: &Match<Expr>,
        trigger: EventKnowledge,
        internal: Option<StateId>,
    ) -> TokenStream {
        let default = self.actions(&it.default, trigger, internal);
        let bodies: Vec<_> =
            it.cases.iter().map(|case| self.actions(&case.actions, trigger, internal)).gather();
        if let Some(constants) = it.constants()
            && constants.len() > 1
            && !is_literal(&it.value)
        {
            return self.by_constant(it, trigger, &constants, &bodies, &default);
        }
        let (program, site) = (self.generator.program, self.site(trigger));
        let stays = self.stays(it, trigger);
        let tests =
            it.cases.iter().map(|case| match stays.then(|| case.test.with_matched(it.id, &it.value)) {
                Some(Some(test)) => Cow::Owned(test),
                Some(None) | None => Cow::Borrowed(&case.test),
            });
        let tests: Vec<_> = tests.gather();
        let compared = match (tests.as_slice(), bodies.as_slice()) {
            ([test], [body]) => expr::choice(test, body.clone(), default, program, &site),
            _ => {
                let flag = !default.is_empty() && !tests.is_empty();
                let ran = flag.then(|| quote!(unmatched = false;));
                let mut statements =
                    if flag { quote!(let mut unmatched = true;) } else { TokenStream::new() };
                for (test, body) in tests.iter().zip(&bodies) {
                    let body = quote!(#ran #body);
                    statements.extend(expr::choice(test, body, quote!(), program, &site));
                }
                statements.extend(if flag { quote!(if unmatched { #default }) } else { default });
                statements
            }
        };
        let name = &self.generator.names.matches[it.id];
        if !mentions(&compared, &name.to_string()) {
            // Of what takes the place of the value each test has its own.
            let value = if stays { quote!() } else { expr::discarded(&it.value, program, &site) };
            return quote!(#value #compared);
        }
        let ty = rust_types::rust_type(&it.value.ty, &quote!(rt));
        let value = self.value(trigger, &it.value);
        quote!(let #name: #ty = #value; #compared)
    }

    /// A Rust `match` over constants.
    fn by_constant(
        &self,
        it: &Match<Expr>,
        trigger: EventKnowledge,
        constants: &[Constant<'_>],
        bodies: &[TokenStream],
        default: &TokenStream,
    ) -> TokenStream {
        let (program, site) = (self.generator.program, self.site(trigger));
        if default.is_empty() && bodies.iter().all(TokenStream::is_empty) {
            return expr::discarded(&it.value, program, &site);
        }
        let name = &self.generator.names.matches[it.id];
        let mut head = quote!();
        let subject = if stands(&it.value, program, &site) {
            expr::borrowed(&it.value, program, &site)
        } else if let (Type::Text, Some(text)) = (&it.value.ty, expr::lasting(&it.value, program, &site)) {
            head = quote!(let #name = #text;);
            quote!(#name)
        } else {
            let ty = rust_types::rust_type(&it.value.ty, &quote!(rt));
            let value = self.value(trigger, &it.value);
            head = quote!(let #name: #ty = #value;);
            if it.value.ty == Type::Text { quote!(#name.as_str()) } else { quote!(#name) }
        };
        let arms = constants.iter().zip(bodies).map(|(constant, body)| {
            let pattern = match constant {
                Constant::Bool(value) => quote!(#value),
                Constant::Int(value) => {
                    let digits = Literal::u64_unsuffixed(value.unsigned_abs());
                    if *value < 0 { quote!(-#digits) } else { quote!(#digits) }
                }
                Constant::Text(text) => quote!(#text),
            };
            quote!(#pattern => { #body })
        });
        let both = matches!(constants, [Constant::Bool(_), ..]) && constants.len() > 1;
        let rest = (!both).then(|| quote!(_ => { #default }));
        quote!(#head match #subject { #(#arms)* #rest })
    }

    /// Whether the value can be looked at again for each case, and is still the same.
    fn stays(&self, it: &Match<Expr>, trigger: EventKnowledge) -> bool {
        if is_literal(&it.value) {
            return true;
        }
        let unchanged = match it.value.kind {
            Kind::Variable(variable) => !self.changed_between(it, trigger, Change::Variable(variable)),
            _ => true,
        };
        unchanged && stands(&it.value, self.generator.program, &self.site(trigger))
    }

    /// Whether something may change between two of the comparisons.
    fn changed_between(&self, it: &Match<Expr>, trigger: EventKnowledge, change: Change) -> bool {
        let program = self.generator.program;
        let before_last = it.cases.split_last().map_or(&[][..], |(_, before)| before);
        before_last.iter().any(|case| {
            expression(program, &case.test, trigger).changes.contains(&change)
                || rollback::actions(program, &case.actions, trigger).changes.contains(&change)
        })
    }
}

fn is_literal(value: &Expr) -> bool {
    value.constant_int().is_some() || matches!(value.kind, Kind::Bool(_) | Kind::Float(_) | Kind::Text(_))
}

/// Whether it is a variable or event datum that is certainly there.
fn stands(value: &Expr, program: &Program, site: &dyn Places) -> bool {
    if value.fails_itself(program) {
        return false;
    }
    match (&value.kind, site.event()) {
        (Kind::Variable(_), _) => true,
        (Kind::Datum { sources, .. }, EventAccess::Payload(_)) => matches!(sources.as_slice(), [(_, None)]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Options, compile, source::Sources};

    /// The generated code of a machine whose event `go` runs these actions, without spaces. `n` and `k` are int,
    /// `s` is string.
    fn generated(actions: &str) -> String {
        let text = format!(
            r#"{{"name": "n", "version": "2.0", "memoryMode": "distributed", "stateMachines": [{{
                "name": "m",
                "localData": [{{"name": "n", "value": "0"}}, {{"name": "k", "value": "0"}},
                    {{"name": "s", "value": "''"}}],
                "states": [{{"name": "s", "initial": true, "on": [
                    {{"event": "go", "channel": "peripheral", "actions": [{actions}]}}
                ]}}]
            }}]}}"#,
        );
        let mut sources = Sources::new();
        let root = sources.add("n.csml", text);
        let (output, diagnostics) = compile(&sources, root, &Options::default());
        let tokens = output.unwrap_or_else(|| panic!("{diagnostics:?}")).tokens;
        tokens.to_string().replace(char::is_whitespace, "")
    }

    fn matching(value: &str, cases: &[(&str, &str, &str)], default: &str) -> String {
        let cases: Vec<String> = cases
            .iter()
            .map(|(case, variable, value)| {
                format!(r#"{{"case": "{case}", "action": {}}}"#, set(variable, value))
            })
            .collect();
        format!(
            r#"{{"type": "match", "value": "{value}", "cases": [{}], "default": [{default}]}}"#,
            cases.join(",")
        )
    }

    fn set(variable: &str, value: &str) -> String {
        format!(r#"{{"type": "assign", "variable": "{variable}", "value": "{value}"}}"#)
    }

    #[track_caller]
    fn contains(code: &str, expected: &str) {
        let expected = expected.replace(char::is_whitespace, "");
        assert!(code.contains(&expected), "{expected}\n{code}");
    }

    #[test]
    fn different_constants_are_a_match() {
        let code = generated(&matching("n", &[("1", "n", "2"), ("-2", "n", "3")], &set("n", "4")));
        contains(
            &code,
            "match cx.machine.data.n {
                1 => { cx.machine.data.n = 2; } -2 => { cx.machine.data.n = 3; } _ => { cx.machine.data.n = 4; }
            }",
        );
        let code = generated(&matching("s", &[("'a'", "n", "2"), ("'b'", "n", "3")], ""));
        contains(&code, r#"match cx.machine.data.s.as_str() { "a" => { cx.machine.data.n = 2; }"#);
        let code = generated(&matching("n + 1", &[("1", "n", "2"), ("2", "n", "3")], ""));
        contains(&code, "match matched { 1 => { cx.machine.data.n = 2; }");
    }

    #[test]
    fn a_variable_that_no_case_changes_is_looked_at_where_it_stands() {
        let code = generated(&matching("s", &[("s", "n", "1"), ("'a'", "n", "2")], ""));
        contains(
            &code,
            "if cx.machine.data.s.as_str() == cx.machine.data.s.as_str() { cx.machine.data.n = 1; }",
        );
        assert!(!code.contains("matched"), "{code}");
    }

    #[test]
    fn a_variable_that_a_case_changes_is_kept() {
        let code = generated(&matching("n", &[("k", "n", "1"), ("2", "k", "2")], &set("k", "3")));
        contains(
            &code,
            "let matched: i64 = cx.machine.data.n; let mut unmatched = true;
            if matched == cx.machine.data.k { unmatched = false; cx.machine.data.n = 1; }
            if matched == 2 { unmatched = false; cx.machine.data.k = 2; }
            if unmatched { cx.machine.data.k = 3; }",
        );
    }

    #[test]
    fn a_single_case_is_an_if() {
        let code = generated(&matching("n", &[("1", "n", "2")], &set("k", "3")));
        contains(
            &code,
            "if cx.machine.data.n == 1 { cx.machine.data.n = 2; } else { cx.machine.data.k = 3; }",
        );
        let code = generated(&matching("true", &[("n > 3", "n", "2")], ""));
        contains(&code, "if cx.machine.data.n > 3 { cx.machine.data.n = 2; }");
    }

    #[test]
    fn nested_ones_have_names_of_their_own() {
        let inner = matching("k + 1", &[("k", "n", "1")], "");
        let outer = format!(
            r#"{{"type": "match", "value": "n + 1", "cases": [{{"case": "n", "action": {inner}}}, {{"case": "k", "actions": []}}], "default": {inner}}}"#
        );
        let code = generated(&outer);
        contains(&code, "if matched == cx.machine.data.n { unmatched = false; let matched_2: i64 =");
        contains(&code, "if matched_2 == cx.machine.data.k");
    }

    #[test]
    fn only_what_may_change_before_a_failure_is_saved() {
        // The case that fails is not the one that changes something.
        let code = generated(&matching("n", &[("1", "k", "2"), ("2", "n", "n + 1")], ""));
        assert!(!code.contains("saved"), "{code}");
        // It may be, where both may run.
        let code = generated(&matching("n", &[("k", "k", "2"), ("2", "n", "n + 1")], ""));
        contains(&code, "let saved = cx.machine.data.k;");
        // The assignment comes first and may be the last one; it does not wait for another case.
        let code =
            generated(&format!("{}, {}", set("k", "n + 1"), matching("n", &[("k", "n", "n + 1")], "")));
        contains(&code, "let new_k: i64 =");
        contains(&code, "if cx.machine.data.n == new_k");
        let code = generated(&format!("{}, {}", matching("n", &[("1", "k", "2")], ""), set("n", "n + 1")));
        assert!(!code.contains("new_k"), "{code}");
        contains(&code, "let saved = cx.machine.data.k;");
    }

    #[test]
    fn what_nobody_compares_is_only_evaluated_if_it_can_fail() {
        let code = generated(&matching("n", &[], &set("k", "1")));
        assert!(!code.contains("matched"), "{code}");
        let code = generated(&matching("n + 1", &[], &set("k", "1")));
        contains(&code, "let _ = rt::int::add(cx.machine.data.n, 1,");
    }
}
