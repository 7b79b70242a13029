//! The front end for build scripts.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;

use common::{Folder, GOOD};

#[test]
fn a_module_is_written_once() {
    let folder = Folder::new("once");
    let lamp = folder.write("lamp.csml", GOOD);
    let builder = csmlc::Builder::new().out_dir(folder.path.join("out"));
    builder.compile(&lamp).unwrap();
    let module = folder.path.join("out/lamp.rs");
    let text = fs::read_to_string(&module).unwrap();
    assert!(text.contains("pub mod lamp {"), "{text}");
    assert!(text.contains("from lamp.csml"), "{text}");
    assert!(!text.contains(&folder.path.display().to_string()));
    let before = fs::metadata(&module).unwrap().modified().unwrap();
    builder.compile(&lamp).unwrap();
    assert_eq!(fs::metadata(&module).unwrap().modified().unwrap(), before);
}

#[test]
fn options_reach_the_module() {
    let folder = Folder::new("options");
    let lamp = folder.write("my.lamp.csml", GOOD);
    csmlc::Builder::new()
        .out_dir(&folder.path)
        .module("light")
        .runtime("::other_rt")
        .app(false)
        .compile(&lamp)
        .unwrap();
    let text = fs::read_to_string(folder.path.join("my.lamp.rs")).unwrap();
    assert!(text.contains("pub mod light {"));
    assert!(text.contains("::other_rt::"));
    assert!(!text.contains("::csml_rt"));
    assert!(!text.contains("pub struct App"));
}

#[test]
fn errors_of_all_descriptions_are_shown_with_their_lines() {
    let folder = Folder::new("errors");
    let files = [
        folder.write("a.csml", "{ \"name\": }"),
        folder.write("lamp.csml", GOOD),
        folder.write("b.csml", "[]"),
        folder.path.join("missing.csml"),
    ];
    let error = csmlc::Builder::new().out_dir(folder.path.join("out")).compile_all(&files).unwrap_err();
    // A build script's `?` prints it with `Debug`.
    for text in [format!("{error}"), format!("{error:?}")] {
        assert!(text.contains("a.csml:1:"), "{text}");
        assert!(text.contains("{ \"name\": }"), "{text}");
        assert!(text.contains("b.csml:1:"), "{text}");
        assert!(text.contains("missing.csml"), "{text}");
    }
    let debug = format!("{error:?}");
    assert_eq!(debug, format!("no code was generated\n\n{error}\n"));
    assert!(folder.path.join("out/lamp.rs").is_file());
    assert!(!folder.path.join("out/a.rs").exists());
}

#[test]
fn two_descriptions_of_one_name_do_not_overwrite_each_other() {
    let folder = Folder::new("twice");
    let files = [folder.write("a/lamp.csml", GOOD), folder.write("b/lamp.csml", GOOD)];
    let error = csmlc::Builder::new().out_dir(folder.path.join("out")).compile_all(&files).unwrap_err();
    assert!(error.to_string().contains("another description already generates"), "{error}");
}
