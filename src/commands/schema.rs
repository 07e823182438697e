//! `agent-overlap schema`.

use agent_overlap::schema;

use super::{Outcome, output};
use crate::cli::{Schema, SchemaOf};

pub(crate) fn run(arguments: &Schema) -> anyhow::Result<Outcome> {
    let schema = match arguments.of {
        SchemaOf::Report => schema::report(),
        SchemaOf::Config => schema::config(),
    };
    output::write(None, |out| out.write_all(schema.as_bytes()))?;
    Ok(Outcome::Clean)
}
