//! What is known before the program runs: the table of facets as JSON, which
//! is read ten times as fast at every start as the TOML that people edit, and
//! the hashes of the HTML page's script and style, which its policy names.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    facets()?;
    hashed(&["comparison.css"], "COMPARISON_STYLE_HASH")?;
    hashed(
        &["report.css", "palette.css", "graph.css"],
        "REPORT_STYLE_HASH",
    )?;
    hashed(&["report.js"], "REPORT_SCRIPT_HASH")
}

fn facets() -> Result<(), Box<dyn Error>> {
    const SOURCE: &str = "src/facet/facets.toml";
    println!("cargo::rerun-if-changed={SOURCE}");
    let table: toml::Table = toml::from_str(&fs::read_to_string(SOURCE)?)?;
    let target = PathBuf::from(env::var("OUT_DIR")?).join("facets.json");
    fs::write(target, serde_json::to_string(&table)?)?;
    Ok(())
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
