//! `agent-overlap schema`: the copies in `docs/` are what it prints, and the
//! configuration that `init` writes is what it describes.

use std::fs;
use std::path::Path;

use agent_overlap::config::{Config, DEFAULT_TOML};
use serde_json::Value;

use super::formats::mistakes;
use crate::{repository, run};

fn schema(of: &str) -> Value {
    let printed = run(repository(), &["schema", of]);
    assert_eq!((printed.code, printed.stderr.as_str()), (Some(0), ""));
    let copy = format!("docs/{of}.schema.json");
    assert_eq!(
        printed.text(),
        fs::read_to_string(repository().join(&copy)).unwrap_or_default(),
        "`agent-overlap schema {of} > {copy}` renews it"
    );
    printed.json()
}

/// The configuration as JSON, for a validator.
fn as_json(text: &str) -> Value {
    let table: toml::Table = toml::from_str(text).unwrap();
    serde_json::to_value(table).unwrap()
}

#[test]
fn the_schema_of_the_report_names_every_rule() {
    let schema = schema("report").to_string();
    for rule in agent_overlap::finding::Rule::ALL {
        assert!(schema.contains(&format!("\"{}\"", rule.id())));
    }
}

#[test]
fn the_schema_of_the_configuration_takes_what_the_program_takes() {
    let schema = schema("config");
    let in_force: String = DEFAULT_TOML
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let everything = "baseline = \"b.json\"\nscope = \"project\"\nmatches = 3\n\
        [rules]\nname-collision = \"off\"\n[thresholds]\nredundant = 0.5\n\
        [house]\npackage-manager-js = \"pnpm\"\nmodel = [\"sonnet\", \"haiku\"]\n\
        [facets.release-day]\ntitle = \"day of releases\"\n\
        options = { Tuesday = { aliases = [\"tuesday\"] }, Friday = {} }\n\
        [[accept]]\nrule = \"redundant-agent\"\npaths = [\"/a/\"]\nreason = \"b\"\n";
    for text in [DEFAULT_TOML, &in_force, everything] {
        Config::parse(text, Path::new("c.toml")).unwrap();
        assert_eq!(mistakes(&schema, &as_json(text)), [""; 0]);
    }
    for text in [
        "fail-onn = \"error\"",
        "scope = \"projekt\"",
        "[rules]\nname-colision = \"off\"",
        "[rules]\nname-collision = \"of\"",
        "max-file-bytes = 4294967296",
        "[thresholds]\nunit-match = 1.5",
        "[thresholds]\nunit-copy = 0.0",
        "[thresholds]\nboilerplate-agents = 1",
        "matches = -1",
        "[[accept]]\nrule = \"name-collision\"\nfingerprint = \"x\"",
        "[facets.a]\nexclusiv = \"layer\"",
    ] {
        assert!(Config::parse(text, Path::new("c.toml")).is_err(), "{text}");
        assert!(!mistakes(&schema, &as_json(text)).is_empty(), "{text}");
    }
}
