//! The report on any file beside an ordinary one.

#![no_main]

use agent_overlap::analysis::analyse;
use agent_overlap::config::Config;
use agent_overlap::discover::{Discovery, FoundFile, classify};
use agent_overlap::source::SourceFile;
use libfuzzer_sys::fuzz_target;

const ORDINARY: &str = "---\nname: brewer\ndescription: Brews beer.\ntools: Read\n---\n\n\
    You are a brewer.\n\n## Rules\n\n- Always use pnpm, never npm.\n- Test coverage: at least 80%\n\
    - Never commit without approval.\n";

fuzz_target!(|text: &str| {
    let files = [text, ORDINARY].into_iter().zip(["a", "b"]);
    let files = files.map(|(text, name)| {
        let path = format!(".claude/agents/{name}.md");
        FoundFile {
            origin: classify(&path),
            source: SourceFile::new(path, text),
            named: false,
        }
    });
    let discovery = Discovery {
        files: files.collect(),
        ..Discovery::default()
    };
    let report = analyse(discovery, &Config::default());
    assert_eq!(report.agents.len(), 2);
});
