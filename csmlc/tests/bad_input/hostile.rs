//! Names and strings that look like Rust, comments or markup stay names and strings.

use std::collections::BTreeSet;

use csml_compiler::{Options, diagnostics::levels::Levels, request::compile_bytes};
use csmlc::emit::module_text;
use proc_macro2::{TokenStream, TokenTree};
use serde_json::json;

/// A description with `tail` at the end of each name and string in it.
fn description(tail: &str) -> String {
    let name = |name: &str| format!("{name}{tail}");
    // As a string of the expression language.
    let escaped = |c: char| match c {
        '\\' | '\'' => format!("\\{c}"),
        c if c.is_control() || c == '\u{2028}' => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    let text = format!("'{}'", name("text").chars().map(escaped).collect::<String>());
    let raise = |event: &str| {
        json!({ "type": "raiseEvent", "event": {
            "name": name(event), "channel": "external", "data": [{ "name": "datum", "value": &text }]
        } })
    };
    let invoke = json!({
        "type": "invoke",
        "serviceType": name("service"),
        "input": [{ "name": name("input"), "value": &text }],
        "done": [{ "name": name("done"), "channel": "internal" }],
        "properties": [{ "name": name("property"), "value": name("value") }]
    });
    let nested = json!({ "name": name("nested"), "states": [{ "name": name("only"), "initial": true }] });
    let machine = json!({
        "name": name("machine"),
        "localData": [
            { "name": "variable", "value": &text },
            { "name": "map", "value": format!("{{{text}: 1}}") }
        ],
        "states": [
            {
                "name": name("first"),
                "initial": true,
                "entry": [raise("raised"), invoke],
                "after": [{ "name": name("timer"), "delay": "5", "actions": [
                    { "type": "raiseEvent", "event": { "name": name("due"), "channel": "internal" } }
                ] }],
                "on": [
                    { "event": name("done"), "actions": [{ "type": "timeoutReset", "action": name("timer") }] },
                    { "event": name("due"), "target": name("second") },
                    {
                        "event": name("raised"),
                        "guards": [format!("variable != $datum + {text} && map[{text}] == 1")],
                        "actions": [{ "type": "assign", "variable": "variable", "value": format!("$datum + {text}") }]
                    }
                ]
            },
            { "name": name("second"), "terminal": true }
        ],
        "stateMachines": [nested]
    });
    json!({ "name": name("description"), "version": "2.0", "stateMachines": [machine] }).to_string()
}

/// What tokens look like when every name and every literal is alike. Commas and braces are left out: where
/// lines are broken depends on lengths, and they on that.
fn shape(tokens: TokenStream, out: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Ident(_) => out.push('i'),
            TokenTree::Literal(_) => out.push('l'),
            TokenTree::Punct(punct) if punct.as_char() == ',' => {}
            TokenTree::Punct(punct) => out.push(punct.as_char()),
            TokenTree::Group(group) => {
                let marks = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ["(", ")"],
                    proc_macro2::Delimiter::Bracket => ["[", "]"],
                    _ => ["", ""],
                };
                out.push_str(marks[0]);
                shape(group.stream(), out);
                out.push_str(marks[1]);
            }
        }
    }
}

/// Values of all string literals.
fn strings(tokens: TokenStream, all: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => strings(group.stream(), all),
            TokenTree::Literal(literal) => {
                all.extend(syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|text| text.value()));
            }
            _ => {}
        }
    }
}

/// Shapes of the generated tokens and of the text that is made of them, and all strings.
fn generated(tail: &str) -> ([String; 2], BTreeSet<String>) {
    let text = description(tail);
    let compiled = compile_bytes("case.csml", text.into_bytes(), &Options::default(), &Levels::new());
    let found: Vec<_> = compiled.diagnostics.iter().map(|diagnostic| &diagnostic.message).collect();
    let output = compiled.output.unwrap_or_else(|| panic!("{tail:?}: {found:?}"));
    let text: TokenStream = module_text(&output, &format!("case{tail}.csml")).unwrap().parse().unwrap();
    let mut shapes = [String::new(), String::new()];
    shape(output.tokens.clone(), &mut shapes[0]);
    shape(text, &mut shapes[1]);
    let mut all = BTreeSet::new();
    strings(output.tokens, &mut all);
    (shapes, all)
}

#[test]
fn names_and_strings_never_become_code() {
    let (plain, _) = generated("");
    let long = "x".repeat(1 << 16);
    for tail in [
        "*/",
        "/*",
        "/**/ mod evil {} /*",
        "//",
        "\n//! evil",
        "\r",
        "\r\nfn evil() {}",
        "\n",
        "\"",
        "\"#",
        "##\"##",
        "\"; evil!(); \"",
        "'",
        "'a",
        "\\",
        "\\\"",
        "\\n",
        "\\u{41}",
        "#[evil]",
        "#![evil]",
        "]",
        ")] fn evil() {} #[doc(",
        "{}",
        "{evil}",
        "{{",
        "}}",
        "}",
        ")",
        "$evil",
        "`",
        "```\nevil\n```",
        "<b>",
        "|",
        "../../evil",
        "\0",
        "\u{1b}[31m",
        "\u{202e}",
        "\u{200b}",
        "\u{feff}",
        "\u{2028}",
        "\u{85}",
        "é",
        "e\u{301}",
        "а",
        "😀",
        " ",
        "\t",
        "!",
        "::",
        "r#",
        "_",
        &long,
    ] {
        let (shapes, strings) = generated(tail);
        assert!(shapes == plain, "{tail:?} changes what is generated");
        // Names have their exact text for logs, traces and the wire.
        for name in [
            "description",
            "machine",
            "nested",
            "first",
            "second",
            "raised",
            "due",
            "service",
            "input",
            "text",
        ] {
            let name = format!("{name}{tail}");
            assert!(strings.contains(&name), "{name:?} is in no literal");
        }
    }
}
