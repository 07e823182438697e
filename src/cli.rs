//! The command line, as types.

use std::path::PathBuf;

use agent_overlap::config::{FailOn, ScopeChoice};
use agent_overlap::render::{ComparisonFormat, Format, ReportFormat};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Finds redundant AI-agent definitions and conflicting advice.
///
/// Reads agents, skills, commands, rules and memory files (Claude Code, Cursor,
/// Copilot, OpenCode, Codex, Gemini CLI) and reports what is said twice and
/// what contradicts. Nothing leaves the machine.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "\
Exit codes: 0 nothing at or above the failing level, 1 findings, 2 the run failed
or, of audit, read no definition.

Examples:
  agent-overlap audit
  agent-overlap audit agents/ --fail-on warning
  agent-overlap review --base origin/main
  agent-overlap consolidate agents/
  agent-overlap compare a.md b.md
  agent-overlap facets .
  agent-overlap route \"review the SQL migration\"
  agent-overlap explain choice-conflict"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Audit(Audit),
    Review(Review),
    Compare(Compare),
    Consolidate(Consolidate),
    Facets(Facets),
    Route(Route),
    Explain(Explain),
    Init(Init),
    Schema(Schema),
    Completions(Completions),
    Man(Man),
}

/// Report what is said twice, what contradicts and what it costs.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  agent-overlap audit                               the project in this folder
  agent-overlap audit --user                        and your own definitions
  agent-overlap audit ~/agents new.md               a collection and one file
  agent-overlap audit --format json --output a.json
  agent-overlap audit --write-baseline              from now on, only what is new
  agent-overlap audit --format html --output a.html     a page to look at
  agent-overlap audit agents/ --scope catalogue --fail-on never")]
pub(crate) struct Audit {
    #[command(flatten)]
    pub(crate) collection: Collection,

    #[command(flatten)]
    pub(crate) settings: Settings,

    #[command(flatten)]
    pub(crate) output: Output<ReportFormat>,

    #[command(flatten)]
    pub(crate) gate: Gate,

    /// Write the findings of this run to the baseline, which knows them from then on.
    ///
    /// The file is the one of --baseline or of the configuration, else
    /// agent-overlap-baseline.json in this folder.
    #[arg(long)]
    pub(crate) write_baseline: bool,

    #[command(flatten)]
    pub(crate) run: Run,

    /// Matching pieces of text quoted for a pair, at most [default: 20].
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) matches: Option<usize>,

    /// Show everything, not only what matters most.
    #[arg(long)]
    pub(crate) all: bool,

    #[command(flatten)]
    pub(crate) links: Links,
}

/// Say what new or changed definitions do to the collection they join.
///
/// For each: a verdict (duplicate, redundant, conflicts, overlaps or new), the
/// nearest agents with what they share, what only the new one says, and the
/// findings that it adds.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  agent-overlap review new-agent.md                  beside the project in this folder
  agent-overlap review new-agent.md --against agents/
  agent-overlap review --base origin/main            what this branch adds and changes
  agent-overlap review --base HEAD --format markdown what is not committed yet")]
#[command(group = ArgGroup::new("change").args(["new", "base"]).required(true).multiple(true))]
pub(crate) struct Review {
    /// Files and folders to review; with --base, those of them that changed.
    #[arg(value_name = "NEW")]
    pub(crate) new: Vec<PathBuf>,

    /// Files and folders of the collection that they join; without one, this folder.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub(crate) against: Vec<PathBuf>,

    /// Review what was added and changed since the branch left this commit.
    ///
    /// Compares the working tree, new files included, with the commit at which
    /// the current branch and REV part. What was so there already is not the
    /// change's fault and stays quiet. Needs git.
    #[arg(long, value_name = "REV")]
    pub(crate) base: Option<String>,

    /// Add your own definitions, such as ~/.claude/agents, to the collection.
    #[arg(long)]
    pub(crate) user: bool,

    #[command(flatten)]
    pub(crate) settings: Settings,

    #[command(flatten)]
    pub(crate) output: Output<ReportFormat>,

    #[command(flatten)]
    pub(crate) gate: Gate,

    #[command(flatten)]
    pub(crate) run: Run,

    /// Show everything, not only what matters most.
    #[arg(long)]
    pub(crate) all: bool,

    #[command(flatten)]
    pub(crate) links: Links,
}

/// Plan how to say everything once: which agents to keep, merge and drop.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  agent-overlap consolidate agents/                   the plan
  agent-overlap consolidate agents/ --all             all of it
  agent-overlap consolidate agents/ --write drafts/   merged agents, to be read
  agent-overlap consolidate agents/ --apply           in place, in a git work tree
  agent-overlap consolidate agents/ --format json --output plan.json")]
pub(crate) struct Consolidate {
    #[command(flatten)]
    pub(crate) collection: Collection,

    #[command(flatten)]
    pub(crate) settings: Settings,

    #[command(flatten)]
    pub(crate) output: Output<Format>,

    #[command(flatten)]
    pub(crate) run: Run,

    /// Write the merged agents as drafts to a new or empty folder.
    ///
    /// Each draft is checked first: every statement of every file that it takes
    /// the place of is in it, in these or like words. A draft that loses one is
    /// not written, and the exit code is 2.
    #[arg(long, value_name = "DIR", conflicts_with = "apply")]
    pub(crate) write: Option<PathBuf>,

    /// Change the files: merge into the kept ones, remove the others.
    ///
    /// Only in a git work tree without uncommitted changes that tracks all of
    /// these files: `git diff` shows what was done, `git checkout .` undoes it.
    #[arg(long)]
    pub(crate) apply: bool,

    /// Leave out the comments that tell where each piece of a draft comes from.
    #[arg(long)]
    pub(crate) no_origin: bool,

    /// Show everything, not only what matters most.
    #[arg(long)]
    pub(crate) all: bool,
}

/// Show two agents beside each other, statement by statement.
///
/// What both say and in which words they differ, what only one of them says,
/// and what contradicts.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  agent-overlap compare agents/reviewer.md agents/code-reviewer.md
  agent-overlap compare reviewer code-reviewer        by name, in this project
  agent-overlap compare a.md b.md --all               the same statements too
  agent-overlap compare a.md b.md --format html --output a-b.html

Exit codes: 0, or 2 if something could not be read.")]
pub(crate) struct Compare {
    /// The left agent: a file, or the name of an agent in this folder.
    #[arg(value_name = "A")]
    pub(crate) left: PathBuf,

    /// The right agent.
    #[arg(value_name = "B")]
    pub(crate) right: PathBuf,

    #[command(flatten)]
    pub(crate) settings: Settings,

    #[command(flatten)]
    pub(crate) output: Output<ComparisonFormat>,

    /// Show everything in full, what both say in the same words too.
    #[arg(long)]
    pub(crate) all: bool,
}

/// List what agents can decide for, or show what those in PATH decide for.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  agent-overlap facets                  all decisions
  agent-overlap facets .                what each agent of this project decides for
  agent-overlap facets . --format json  the same with lines")]
pub(crate) struct Facets {
    /// Files and folders to read; without one, all decisions are listed.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) settings: Settings,

    #[command(flatten)]
    pub(crate) output: Output<Format>,
}

/// Rank the definitions in PATH by how well they fit a request.
///
/// Agents, skills and whatever else a model picks by description are compared
/// with the request by the words of name, description, example requests and
/// body. A model that picks by meaning may choose otherwise.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  agent-overlap route \"review the SQL migration\"
  agent-overlap route \"write tests for the login\" agents/ --top 10
  git log -1 --format=%B | agent-overlap route - --user")]
pub(crate) struct Route {
    /// What somebody asks for; `-` reads it from the standard input.
    #[arg(value_name = "REQUEST")]
    pub(crate) request: String,

    #[command(flatten)]
    pub(crate) collection: Collection,

    /// Answers to show, at most.
    #[arg(long, value_name = "N", default_value = "5", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) top: u16,

    #[command(flatten)]
    pub(crate) settings: Settings,

    #[command(flatten)]
    pub(crate) output: Output<Format>,
}

/// Say what a rule or a facet means and how to switch it off.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  agent-overlap explain                     all rules
  agent-overlap explain choice-conflict
  agent-overlap explain package-manager-js")]
pub(crate) struct Explain {
    /// Id of a rule or a facet; without one, all rules are listed.
    #[arg(value_name = "RULE|FACET")]
    pub(crate) name: Option<String>,

    #[command(flatten)]
    pub(crate) settings: Settings,

    #[command(flatten)]
    pub(crate) page: Page,
}

/// What is read.
#[derive(Debug, Args)]
pub(crate) struct Collection {
    /// Files and folders to read; without one, this folder.
    ///
    /// A file is read whatever its name. In folders, ignore files are honoured
    /// and what is no definition (READMEs, notes) is left out.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Add your own definitions, such as ~/.claude/agents.
    #[arg(long)]
    pub(crate) user: bool,
}

/// Where the settings come from.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Configuration file; without it, the nearest agent-overlap.toml in this folder or above.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// When a run fails.
#[derive(Debug, Args)]
pub(crate) struct Gate {
    /// Least severity that makes the run fail [default: error].
    #[arg(long, value_enum, hide_default_value = true)]
    pub(crate) fail_on: Option<FailOn>,

    /// Keep the findings quiet that this file knows, so that only new ones count.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
}

/// How agents are compared.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// How the agents are in each other's way [default: auto].
    #[arg(long, value_enum, hide_default_value = true)]
    pub(crate) scope: Option<ScopeChoice>,

    /// Threads to use [default: one for each processor].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,

    /// No progress and no remarks on the standard error output.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// In which of the forms `F` a result goes where.
#[derive(Debug, Args)]
pub(crate) struct Output<F: ValueEnum + Clone + Send + Sync + 'static> {
    /// Form of the result.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: F,

    /// Write the result to a file instead of the standard output, which is `-`.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) page: Page,
}

/// How text looks.
#[derive(Debug, Args)]
pub(crate) struct Page {
    /// Columns of the text [default: those of the terminal, else 100].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(40..))]
    pub(crate) width: Option<u16>,

    /// Whether to colour the text.
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: Color,
}

/// Where the files can be read, for the links of a page.
#[derive(Debug, Args)]
pub(crate) struct Links {
    /// What stands before a path in the links of --format markdown; without it,
    /// there are no links.
    ///
    /// On GitHub, the page of a branch, with `/blob/main/` at its end.
    #[arg(long, value_name = "URL")]
    pub(crate) link_base: Option<String>,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Write an agent-overlap.toml with all settings and their defaults to this folder.
#[derive(Debug, Args)]
pub(crate) struct Init {}

/// Print a JSON Schema, made from the types of this version.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  agent-overlap schema config > agent-overlap.schema.json
  agent-overlap schema report")]
pub(crate) struct Schema {
    /// What it describes.
    #[arg(value_enum, value_name = "WHAT")]
    pub(crate) of: SchemaOf,
}

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// The JSON report of `audit`.
    Report,
    /// The configuration file, for editors.
    Config,
}

/// Print completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  agent-overlap completions bash > ~/.local/share/bash-completion/completions/agent-overlap
  agent-overlap completions zsh > ~/.zfunc/_agent-overlap
  agent-overlap completions fish > ~/.config/fish/completions/agent-overlap.fish")]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Print the man page, or write one for each command.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  agent-overlap man | man -l -
  agent-overlap man ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// Folder for the pages of all commands; without one, the program's is printed.
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
}
