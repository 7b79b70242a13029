//! The schema knows the words that the front end knows, and no others.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::schema::{schema, spelling::PLACES};
use csml_compiler::syntax::{keywords, value_words};

#[test]
fn every_construct_has_its_place() {
    let here: BTreeSet<_> = PLACES.iter().map(|(_, construct)| construct.name).collect();
    let all: BTreeSet<_> = keywords::ALL.iter().map(|construct| construct.name).collect();
    assert_eq!(here, all);
}

#[test]
fn keywords_are_those_of_the_front_end() {
    let schema = schema();
    for (place, construct) in PLACES {
        let here = schema.pointer(place).unwrap_or_else(|| panic!("{} is not at `{place}`", construct.name));
        assert_eq!(here["additionalProperties"], false, "{}", construct.name);
        let known: BTreeSet<_> = here["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let keywords = construct.keywords.iter();
        let spellings: BTreeSet<_> = keywords
            .flat_map(|keyword| std::iter::once(keyword.name).chain(keyword.aliases.iter().copied()))
            .collect();
        assert_eq!(known, spellings, "{}", construct.name);
    }
}

/// Objects that name their keys are constructs: there is none that the front end does not have.
#[test]
fn objects_are_constructs() {
    let schema = schema();
    let places: BTreeSet<_> =
        PLACES.iter().map(|(place, _)| schema.pointer(place).unwrap().to_string()).collect();
    let mut closed = BTreeSet::new();
    each(&schema, &mut |schema| {
        if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
            closed.insert(shape(schema));
        }
    });
    let shapes: BTreeSet<_> =
        places.iter().map(|place| shape(&serde_json::from_str(place).unwrap())).collect();
    assert_eq!(closed, shapes);
}

/// The keywords of an object.
fn shape(schema: &Value) -> Vec<String> {
    schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
}

#[test]
fn values_are_those_of_the_front_end() {
    let schema = schema();
    let values = |place: &str| -> BTreeSet<String> {
        let values = schema.pointer(place).and_then(Value::as_array).unwrap_or_else(|| panic!("{place}"));
        values.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
    };
    let set = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(values("/properties/version/enum"), set(value_words::versions()));
    assert_eq!(values("/properties/memoryMode/enum"), set(value_words::memory_modes()));
    assert_eq!(values("/definitions/Event/properties/channel/enum"), set(value_words::channels()));
    assert_eq!(values("/definitions/On/properties/channel/enum"), set(value_words::channels()));

    let types = value_words::types();
    let all: BTreeSet<_> = types.iter().flatten().map(|word| (*word).to_owned()).collect();
    assert_eq!(values("/definitions/NamedAction/properties/type/enum"), all);
    let but_timers = all.into_iter().filter(|word| word != "timeout").collect();
    assert_eq!(values("/definitions/Action/properties/type/enum"), but_timers);
    assert_eq!(values("/definitions/Timer/properties/type/enum"), set(vec!["timeout"]));

    // Spellings of one type have the keywords of one construct.
    let choices =
        schema.pointer("/definitions/NamedAction/then/else/allOf").and_then(Value::as_array).unwrap();
    let grouped: BTreeSet<BTreeSet<_>> = choices
        .iter()
        .filter_map(|choice| choice.pointer("/if/properties/type/enum")?.as_array())
        .map(|words| words.iter().map(|word| word.as_str().unwrap().to_owned()).collect())
        .collect();
    assert_eq!(grouped, types.into_iter().map(set).collect());
}

/// What an editor shows.
#[test]
fn everything_has_a_description() {
    let schema = schema();
    for (place, construct) in PLACES {
        let here = schema.pointer(place).unwrap();
        assert!(here["description"].is_string(), "{}", construct.name);
        for (keyword, of) in here["properties"].as_object().unwrap() {
            // The description of an action's type stands where the type is chosen.
            let reference = of["$ref"].as_str().and_then(|path| schema.pointer(path.trim_start_matches('#')));
            let described = reference.unwrap_or(of)["description"].as_str().unwrap_or_default();
            assert!(
                keyword == "type" || described.ends_with('.'),
                "{} {keyword}: {described}",
                construct.name
            );
        }
    }
    each(&schema, &mut |schema| {
        for (values, descriptions) in [("enum", "enumDescriptions"), ("enum", "markdownEnumDescriptions")] {
            let count = |key| schema.get(key).and_then(Value::as_array).map(Vec::len);
            if let Some(descriptions) = count(descriptions) {
                assert_eq!(count(values), Some(descriptions), "{schema}");
            }
        }
        if let Some(text) = schema.get("description").and_then(Value::as_str) {
            assert!(!text.contains(['`', '\n']), "{text}");
        }
        // Editors differ in what they make of one with neighbours.
        assert!(
            schema.get("$ref").is_none() || schema.as_object().map_or(0, serde_json::Map::len) == 1,
            "{schema}"
        );
        assert!(!schema.to_string().contains("null"), "{schema}");
    });
}

#[test]
fn other_spellings_are_not_offered() {
    let schema = schema();
    let state = &schema["definitions"]["State"]["properties"];
    assert_eq!(state["localContext"]["doNotSuggest"], true);
    let description = state["localContext"]["markdownDescription"].as_str().unwrap();
    assert!(description.starts_with("Older spelling of `localData`."), "{description}");
    // VS Code would underline every line of a description that is older than 2.0.
    assert!(!schema.to_string().contains("deprecated"));
}

/// Calls `look` on every schema in a schema; also on what only looks like one, which does no harm.
fn each(value: &Value, look: &mut impl FnMut(&Value)) {
    match value {
        Value::Object(members) => {
            look(value);
            members.values().for_each(|member| each(member, look));
        }
        Value::Array(items) => items.iter().for_each(|item| each(item, look)),
        _ => {}
    }
}
