//! What is known before the program runs: the table of facets as constants, so
//! that no start has to read the TOML that people edit, and the hashes of the
//! HTML page's script and style, which its policy names.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};
use toml::{Table, Value};

fn main() -> Result<(), Box<dyn Error>> {
    facets()?;
    hashed(&["comparison.css"], "COMPARISON_STYLE_HASH")?;
    hashed(&["report.css", "palette.css", "graph.css"], "REPORT_STYLE_HASH")?;
    hashed(&["report.js"], "REPORT_SCRIPT_HASH")
}

/// Writes the table of facets as constants of the types in `src/facet/shipped.rs`.
/// A key that these do not have does not compile.
fn facets() -> Result<(), Box<dyn Error>> {
    const SOURCE: &str = "src/facet/facets.toml";
    println!("cargo::rerun-if-changed={SOURCE}");
    let table: Table = toml::from_str(&fs::read_to_string(SOURCE)?)?;
    let skip = literal("skip", &table["skip"]);
    let facets = literal("facets", &table["facets"]);
    let code = format!("static SKIP: &[&str] = {skip};\nstatic FACETS: &[Facet] = {facets};\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("facets.rs"), code)?;
    Ok(())
}

/// A value of the table of facets in Rust.
fn literal(key: &str, value: &Value) -> String {
    let variant_of = |name: &str, value: &str| {
        let (first, rest) = value.split_at(1);
        format!("Some({name}::{}{rest})", first.to_uppercase())
    };
    match (key, value) {
        ("facets", Value::Table(facets)) => named("Facet", "id", facets),
        ("options", Value::Table(options)) => named("Choice", "name", options),
        ("scope", Value::String(scope)) => variant_of("FacetScope", scope),
        ("exclusive", Value::String(exclusive)) => variant_of("Exclusive", exclusive),
        ("kind", Value::String(kind)) => variant_of("FacetKind", kind),
        ("unit", Value::String(unit)) => variant_of("MeasureUnit", unit),
        ("bound", Value::String(bound)) => variant_of("Bound", bound),
        (_, Value::String(text)) => format!("Some({text:?})"),
        (_, Value::Array(texts)) => {
            let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
            format!("&{texts:?}")
        }
        (_, Value::Integer(number)) => format!("Some({number})"),
        (_, other) => format!("compile_error!({:?})", other.type_str()),
    }
}

/// A list of structs, of which each has its key in the table as the field `name`.
fn named(of: &str, name: &str, table: &Table) -> String {
    let item = |(key, value): (&String, &Value)| {
        let fields: String = value
            .as_table()
            .into_iter()
            .flatten()
            .map(|(field, value)| format!("{field}: {}, ", literal(field, value)))
            .collect();
        format!("{of} {{ {name}: {key:?}, {fields}..{of}::EMPTY }},\n")
    };
    format!("&[{}]", table.iter().map(item).collect::<String>())
}

/// Sets a variable to the hash of files of the page, one after the other, in the
/// form that a policy takes, and writes what was hashed under the first one's
/// name: that is what the page must hold.
fn hashed(files: &[&str], variable: &str) -> Result<(), Box<dyn Error>> {
    let mut content = String::new();
    for file in files {
        let source = format!("src/render/html/{file}");
        println!("cargo::rerun-if-changed={source}");
        content.push_str(&fs::read_to_string(source)?);
    }
    let hash = BASE64_STANDARD.encode(Sha256::digest(&content));
    println!("cargo::rustc-env={variable}=sha256-{hash}");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join(files[0]), content)?;
    Ok(())
}
