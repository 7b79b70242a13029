//! The pages of the documentation, so that `cargo test --doc` compiles and runs their Rust samples.

pub mod files;

macro_rules! pages {
    ($($name:ident: $path:literal,)*) => {
        $(
            #[doc = include_str!(concat!("../../../", $path))]
            pub mod $name {}
        )*
    };
}

pages! {
    readme: "README.md",
    getting_started: "docs/getting-started.md",
    mapping: "docs/mapping.md",
    semantics: "docs/semantics.md",
    expressions: "docs/expressions.md",
    expressions_syntax: "docs/expressions/syntax.md",
    expressions_statements: "docs/expressions/statements.md",
    expressions_collections: "docs/expressions/collections.md",
    expressions_library: "docs/expressions/library.md",
    expressions_types: "docs/expressions/types.md",
    expressions_errors: "docs/expressions/errors.md",
    expressions_jexl: "docs/expressions/jexl.md",
    runtime: "docs/runtime.md",
    cli: "docs/cli.md",
    typing: "docs/typing.md",
}
