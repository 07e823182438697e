//! The report on any text beside ordinary files; the property tests and a fuzz
//! target call it.

use agent_overlap::analysis::analyse;
use agent_overlap::config::Config;
use agent_overlap::discover::{Discovery, FoundFile, classify};
use agent_overlap::source::SourceFile;

/// An agent that says what most say.
const AGENT: &str = "---\nname: brewer\ndescription: Brews beer.\ntools: Read\n---\n\n\
    You are a brewer.\n\n## Rules\n\n- Always use pnpm, never npm.\n- Test coverage: at least 80%\n\
    - Never commit without approval.\n\n```ts\nconst vat: any = fill();\n```\n";

/// A statement for each family of rules, so that each compares it with the text.
const MEMORY: &str = "# Brewery\n\n- Never use `any`.\n- Never run `git push --force`.\n\
    - Always use pnpm for all packages. Tests run with Vitest 2.\n- Ask before each commit.\n\
    - Functions have at most 20 lines.\n- Never write logs.\n- The API runs on port 3000.\n\
    - Components lie in `src/components/`, see https://brewery.test/docs.\n\
    - All responses are `{ \"data\": {}, \"error\": null }`.\n- File names in `kebab-case`.\n\
    - English only, in comments and in commits.\n- Hand over to the `brew-master` agent.\n\
    - The main branch is `main`.\n- Parameterized queries only.\n";

/// Analyses a text as an agent and as what all agents read, beside files of
/// which the rules compare each statement with it.
pub(crate) fn check(text: &str) {
    let of = |paths: [(&str, &str); 3]| {
        let files = paths.into_iter().map(|(path, text)| FoundFile {
            origin: classify(path),
            source: SourceFile::new(path, text),
            named: false,
        });
        let discovery = Discovery { files: files.collect(), ..Discovery::default() };
        let report = analyse(discovery, &Config::default());
        assert_eq!(report.agents.len(), 3);
    };
    let agent = ".claude/agents/brewer.md";
    of([(".claude/agents/a.md", text), (agent, AGENT), ("CLAUDE.md", MEMORY)]);
    of([("CLAUDE.md", text), (agent, AGENT), ("web/CLAUDE.md", MEMORY)]);
}
