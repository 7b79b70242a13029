//! `csmlc explain`, run as a user runs it. What the pages say is tested in the library.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::process::{Command, Output};

use common::text;

fn explain(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csmlc"));
    command.arg("explain").args(args).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command.output().unwrap()
}

fn printed(args: &[&str]) -> String {
    let output = explain(args);
    assert_eq!(text(&output.stderr), "", "{args:?}");
    assert_eq!(output.status.code(), Some(0), "{args:?}");
    text(&output.stdout)
}

#[test]
fn a_page_has_everything_in_order() {
    let page = printed(&["CSML0302"]);
    let parts = [
        "CSML0302 unreachable-state\nLevel: warning, an error with `--strict`.\n",
        "\nSpecification: 2.0, State Machine States",
        "\nWrong\n",
        "      { \"name\": \"dimmed\" }\n",
        "\n  The compiler says:\n\n  warning[CSML0302]: state `dimmed` of machine `lamp` is never reached\n",
        "\nRight\n",
        "\nIts level\n\n  `--allow unreachable-state` leaves it out",
    ];
    let mut rest = page.as_str();
    for part in parts {
        let (_, after) = rest.split_once(part).unwrap_or_else(|| panic!("no {part:?} in order in\n{page}"));
        rest = after;
    }
    assert!(!page.contains('\u{1b}'), "no colours where there is no terminal");
    assert!(printed(&["CSML0302", "--color", "always"]).contains("\u{1b}[1mCSML0302"));
}

#[test]
fn a_rule_has_several_spellings_and_is_printed_once() {
    let page = printed(&["CSML0302"]);
    for spelling in ["csml0302", "0302", "unreachable-state", "Unreachable_State", "warning[CSML0302]"] {
        assert_eq!(printed(&[spelling]), page, "{spelling}");
    }
    let both = printed(&["0302", "unreachable-state", "CSML0301"]);
    assert_eq!(both, format!("{page}\n{}", printed(&["CSML0301"])));
}

#[test]
fn the_list_has_a_line_for_each_rule() {
    let list = printed(&[]);
    assert_eq!(list.lines().count(), csml_compiler::rules::all().len());
    let line = list.lines().find(|line| line.starts_with("CSML0302")).unwrap();
    let words: Vec<&str> = line.split_whitespace().take(3).collect();
    assert_eq!(words, ["CSML0302", "unreachable-state", "strict"]);
    assert_eq!(printed(&["--list"]), list);
    assert!(printed(&["--format", "markdown"]).starts_with("# Diagnostics\n"));
}

#[test]
fn markdown_is_that_of_the_documentation() {
    let page = printed(&["CSML0302", "--format", "markdown"]);
    assert!(page.starts_with("# CSML0302: unreachable-state\n\n<!-- Made by"), "{page}");
    assert!(page.contains("\n```text\nwarning[CSML0302]: "), "{page}");
}

#[test]
fn an_unknown_rule_is_2_with_a_suggestion() {
    let output = explain(&["unreachable-sate", "CSML0302", "kettle"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert_eq!(
        text(&output.stderr),
        "error: there is no rule `unreachable-sate`; did you mean `unreachable-state`?\n\
         error: there is no rule `kettle`; `csmlc explain` lists all\n"
    );
    assert_eq!(explain(&["--list", "CSML0302"]).status.code(), Some(2));
}
