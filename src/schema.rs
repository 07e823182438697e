//! JSON Schemas of what scripts read and people write. They come from the
//! types that are serialised, descriptions included, and so cannot differ.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};

use crate::config::Config;
use crate::report::Report;

/// The schema of the JSON report.
pub fn report() -> String {
    text::<Report>(SchemaSettings::draft07().for_serialize())
}

/// The schema of `agent-overlap.toml`, for editors.
pub fn config() -> String {
    text::<Config>(SchemaSettings::draft07().for_deserialize())
}

/// Draft 7 is the newest that the TOML extensions of editors read.
fn text<T: JsonSchema>(settings: SchemaSettings) -> String {
    let schema =
        settings.with_transform(PlainDescriptions).into_generator().into_root_schema_for::<T>();
    format!("{:#}\n", schema.as_value())
}

/// Makes plain text of lines and links in the documentation of the code.
#[derive(Debug, Clone)]
struct PlainDescriptions;

impl Transform for PlainDescriptions {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(serde_json::Value::String(text)) = schema.get_mut("description") {
            *text = text
                .replace('\n', " ")
                .replace("[`Self::", "`")
                .replace("[`", "`")
                .replace("`]", "`");
        }
        transform_subschemas(self, schema);
    }
}
