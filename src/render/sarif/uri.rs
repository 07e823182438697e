//! Paths as URIs.

use std::borrow::Cow;

use serde::Serialize;

use crate::render::quote::percent_encoded;

/// Name of the folder to which paths are relative: the root of the sources.
pub(super) const BASE: &str = "%SRCROOT%";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation<'a> {
    uri: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

/// Where a file lies. Only what lies below the working folder is relative to it.
pub(super) fn artifact(path: &str) -> ArtifactLocation<'_> {
    let has_drive = matches!(path.as_bytes(), [drive, b':', ..] if drive.is_ascii_alphabetic());
    if has_drive {
        return ArtifactLocation {
            uri: format!("file:///{}:{}", &path[..1], percent_encoded(&path[2..])).into(),
            uri_base_id: None,
        };
    }
    if path.starts_with('/') {
        return ArtifactLocation {
            uri: format!("file://{}", percent_encoded(path)).into(),
            uri_base_id: None,
        };
    }
    let is_outside = path == ".." || path.starts_with("../") || path.starts_with("~/");
    ArtifactLocation { uri: percent_encoded(path), uri_base_id: (!is_outside).then_some(BASE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_plain_letter_is_percent_encoded() {
        let location = artifact("agents/a b:#é%.md");
        assert_eq!(location.uri, "agents/a%20b%3A%23%C3%A9%25.md");
        assert_eq!(location.uri_base_id, Some(BASE));
    }

    #[test]
    fn files_elsewhere_are_not_relative_to_the_sources() {
        for (path, uri) in [
            ("/tmp/a b.md", "file:///tmp/a%20b.md"),
            ("C:/a/b.md", "file:///C:/a/b.md"),
            ("../b.md", "../b.md"),
            ("~/.claude/agents/b.md", "~/.claude/agents/b.md"),
        ] {
            let location = artifact(path);
            assert_eq!((location.uri.as_ref(), location.uri_base_id), (uri, None));
        }
    }
}
