//! The configuration: `agent-overlap.toml`, and what the command line overrides.

mod globs;
mod message;
mod slip;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};

use crate::error::Error;
use crate::facet::Entries;
use crate::finding::{Finding, Rule, Severity};
use crate::source::LineIndex;
pub use globs::Globs;

/// Name of the configuration file.
pub const FILE_NAME: &str = "agent-overlap.toml";

/// The file that `init` writes: every setting with its default, commented out.
pub const DEFAULT_TOML: &str = include_str!("config/default.toml");

/// Files larger than this are no definitions that anyone would load: the
/// largest of 27,000 public ones has 0.4 MiB.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// The most that [`Config::max_file_bytes`] may be. Bytes that are no text
/// become three each, and places in a text have 32 bits.
const MOST_FILE_BYTES: u64 = 1024 * 1024 * 1024;

/// Matching units quoted for a pair.
pub const MATCHES: usize = 20;

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// How the agents are in each other's way.
    pub scope: ScopeChoice,
    /// The least severity that makes the run fail.
    pub fail_on: FailOn,
    /// Matching units quoted for a pair, at most.
    pub matches: usize,
    /// Findings that were there before, and where they are written down: a
    /// file, relative to this one.
    pub baseline: Option<PathBuf>,
    /// Files and folders that are not read.
    #[schemars(with = "Vec<String>")]
    pub exclude: Globs,
    /// Larger files are not read.
    #[serde(deserialize_with = "file_bytes")]
    #[schemars(with = "u64", range(max = MOST_FILE_BYTES))]
    pub max_file_bytes: u64,
    /// The borders of the relations.
    pub thresholds: Thresholds,
    /// Severities other than the usual ones.
    #[schemars(schema_with = "levels_by_rule")]
    pub rules: BTreeMap<RuleId, Level>,
    /// Facets and options that are added, overridden or switched off.
    pub facets: Entries,
    /// By facet: the options that are right here.
    pub house: BTreeMap<String, OneOrMany>,
    /// Findings that stay quiet.
    #[schemars(with = "Vec<AcceptTable>")]
    pub accept: Vec<Accept>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            scope: ScopeChoice::Auto,
            fail_on: FailOn::Error,
            matches: MATCHES,
            baseline: None,
            exclude: Globs::default(),
            max_file_bytes: MAX_FILE_BYTES,
            thresholds: Thresholds::default(),
            rules: BTreeMap::new(),
            facets: Entries::new(),
            house: BTreeMap::new(),
            accept: Vec::new(),
        }
    }
}

/// One name or several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a name or a list of names")]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All names.
    pub fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }
}

/// How the agents are in each other's way: told, or found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum ScopeChoice {
    /// Found out from where the files lie.
    Auto,
    /// They work together in one project.
    Project,
    /// They are offered for everyone to pick from.
    Catalogue,
}

/// The least severity that makes the run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum FailOn {
    /// Fail on errors.
    Error,
    /// Fail on errors and warnings.
    Warning,
    /// Never fail because of findings.
    Never,
}

impl FailOn {
    /// Whether a finding of `severity` makes the run fail.
    pub fn is_reached_by(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity == Severity::Error,
            Self::Warning => severity <= Severity::Warning,
            Self::Never => false,
        }
    }
}

/// Whether and how a rule speaks up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// As an error.
    Error,
    /// As a warning.
    Warning,
    /// As a note.
    Note,
    /// Not at all.
    Off,
}

/// A rule, written as its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
pub struct RuleId(pub Rule);

impl<'de> Deserialize<'de> for RuleId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        Rule::find(&id).map(Self).ok_or_else(|| {
            let known: Vec<String> =
                Rule::ALL.iter().map(|rule| format!("`{}`", rule.id())).collect();
            de::Error::custom(format!("unknown rule `{id}`, expected one of {}", known.join(", ")))
        })
    }
}

/// The schema of `[rules]`: a key for each rule, with what it reports.
fn levels_by_rule(generator: &mut SchemaGenerator) -> Schema {
    let level = generator.subschema_for::<Level>();
    let property = |rule: Rule| {
        let schema = json_schema!({ "description": rule.summary(), "allOf": [level] });
        (rule.id().to_owned(), schema.to_value())
    };
    let properties: serde_json::Map<_, _> = Rule::ALL.into_iter().map(property).collect();
    json_schema!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

/// The borders of the relations. Shares lie in 0..=1 and are inclusive. What
/// asks for less is not above what asks for more: `unit-match` and `unit-copy`,
/// `overlapping` and `redundant`, `near-duplicate` and `duplicate`.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Thresholds {
    /// Least cosine of two units that say the same.
    #[serde(deserialize_with = "likeness")]
    #[schemars(with = "f64", range(max = 1), extend("exclusiveMinimum" = 0))]
    pub unit_match: f64,
    /// Least cosine of two units of which one is a copy of the other.
    #[serde(deserialize_with = "likeness")]
    #[schemars(with = "f64", range(max = 1), extend("exclusiveMinimum" = 0))]
    pub unit_copy: f64,
    /// Least redundancy of two agents of one role.
    #[serde(deserialize_with = "share")]
    #[schemars(with = "f64", range(min = 0, max = 1))]
    pub redundant: f64,
    /// Least redundancy of two agents that share scope or advice.
    #[serde(deserialize_with = "share")]
    #[schemars(with = "f64", range(min = 0, max = 1))]
    pub overlapping: f64,
    /// Least coverage of an agent that another contains.
    #[serde(deserialize_with = "share")]
    #[schemars(with = "f64", range(min = 0, max = 1))]
    pub contained: f64,
    /// Least coverage, both ways, of copies that drifted apart.
    #[serde(deserialize_with = "share")]
    #[schemars(with = "f64", range(min = 0, max = 1))]
    pub near_duplicate: f64,
    /// Least coverage, both ways, of copies.
    #[serde(deserialize_with = "share")]
    #[schemars(with = "f64", range(min = 0, max = 1))]
    pub duplicate: f64,
    /// Least coverage of agents that share a house template.
    #[serde(deserialize_with = "share")]
    #[schemars(with = "f64", range(min = 0, max = 1))]
    pub template: f64,
    /// Least number of agents that make a repeated block boilerplate.
    #[serde(deserialize_with = "several")]
    #[schemars(with = "usize", range(min = 2))]
    pub boilerplate_agents: usize,
}

impl Thresholds {
    /// Default of [`Self::unit_match`].
    pub const UNIT_MATCH: f64 = 0.5;
    /// Default of [`Self::unit_copy`].
    pub const UNIT_COPY: f64 = 0.8;
    /// Default of [`Self::redundant`].
    pub const REDUNDANT: f64 = 0.45;
    /// Default of [`Self::overlapping`].
    pub const OVERLAPPING: f64 = 0.35;
    /// Default of [`Self::contained`].
    pub const CONTAINED: f64 = 0.75;
    /// Default of [`Self::near_duplicate`].
    pub const NEAR_DUPLICATE: f64 = 0.6;
    /// Default of [`Self::duplicate`].
    pub const DUPLICATE: f64 = 0.9;
    /// Default of [`Self::template`].
    pub const TEMPLATE: f64 = 0.3;
    /// Default of [`Self::boilerplate_agents`].
    pub const BOILERPLATE_AGENTS: usize = 5;
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            unit_match: Self::UNIT_MATCH,
            unit_copy: Self::UNIT_COPY,
            redundant: Self::REDUNDANT,
            overlapping: Self::OVERLAPPING,
            contained: Self::CONTAINED,
            near_duplicate: Self::NEAR_DUPLICATE,
            duplicate: Self::DUPLICATE,
            template: Self::TEMPLATE,
            boilerplate_agents: Self::BOILERPLATE_AGENTS,
        }
    }
}

fn file_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let value = u64::deserialize(deserializer)?;
    if value <= MOST_FILE_BYTES {
        Ok(value)
    } else {
        Err(de::Error::custom(format!(
            "`max-file-bytes` has to be at most {MOST_FILE_BYTES}, not {value}"
        )))
    }
}

fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let value = f64::deserialize(deserializer)?;
    if (0.0..=1.0).contains(&value) {
        Ok(value)
    } else {
        Err(de::Error::custom(format!("{value} is not a share: it must lie between 0 and 1")))
    }
}

/// A share above 0: texts without a common word are not alike.
fn likeness<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let value = share(deserializer)?;
    if value > 0.0 {
        Ok(value)
    } else {
        Err(de::Error::custom(format!("{value} is no likeness: it must be above 0")))
    }
}

/// See [`Thresholds::boilerplate_agents`]: it takes two to repeat something.
fn several<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let value = usize::deserialize(deserializer)?;
    if value >= 2 {
        Ok(value)
    } else {
        Err(de::Error::custom(format!("`boilerplate-agents` has to be at least 2, not {value}")))
    }
}

/// Findings that someone has looked at and accepts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "AcceptTable")]
pub struct Accept {
    /// The rule that reports them.
    pub rule: Rule,
    /// All files of an accepted finding match these; empty where a fingerprint is given.
    pub paths: Globs,
    /// The fingerprint of the accepted finding.
    pub fingerprint: Option<String>,
    /// Why.
    pub reason: String,
}

/// Findings that someone has looked at and accepts: by `paths` or by `fingerprint`.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Accept")]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AcceptTable {
    /// The rule that reports them.
    rule: RuleId,
    /// Patterns that all files of the finding match; left out where there is a fingerprint.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    paths: Globs,
    /// The fingerprint of a single finding, as the JSON report names it.
    fingerprint: Option<String>,
    /// Why.
    reason: String,
}

impl TryFrom<AcceptTable> for Accept {
    type Error = &'static str;

    fn try_from(table: AcceptTable) -> Result<Self, Self::Error> {
        if table.paths.is_empty() == table.fingerprint.is_none() {
            return Err("an accepted finding needs either `paths` or `fingerprint`");
        }
        if table.reason.trim().is_empty() {
            return Err("an accepted finding needs a reason");
        }
        let is_written = |name: &String| name.len() == 16 && name.bytes().all(is_hex_digit);
        if !table.fingerprint.iter().all(is_written) {
            return Err(
                "a fingerprint has 16 of the digits 0 to 9 and a to f, as the JSON report names it",
            );
        }
        let AcceptTable { rule: RuleId(rule), paths, fingerprint, reason } = table;
        Ok(Self { rule, paths, fingerprint, reason })
    }
}

/// Whether a fingerprint is written with it.
fn is_hex_digit(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

impl Accept {
    /// Whether it accepts a finding.
    pub fn accepts(&self, finding: &Finding) -> bool {
        let mut paths = finding.evidence.iter().map(|evidence| &evidence.path);
        self.rule == finding.rule
            && match &self.fingerprint {
                Some(accepted) => *accepted == finding.fingerprint,
                None => {
                    !finding.evidence.is_empty()
                        && paths.all(|path| self.paths.matches(path, false))
                }
            }
    }
}

/// What the command line sets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--scope`.
    pub scope: Option<ScopeChoice>,
    /// `--fail-on`.
    pub fail_on: Option<FailOn>,
    /// `--matches`.
    pub matches: Option<usize>,
}

impl Config {
    /// The settings of a run: those of the command line, else those of `file`,
    /// else the defaults.
    ///
    /// # Errors
    /// If `file` cannot be read or has a mistake.
    pub fn resolve(
        file: Option<&Path>,
        working_folder: &Path,
        flags: Overrides,
    ) -> Result<Self, Error> {
        let mut config = match file {
            Some(path) => Self::load(path, working_folder)?,
            None => Self::default(),
        };
        config.scope = flags.scope.unwrap_or(config.scope);
        config.fail_on = flags.fail_on.unwrap_or(config.fail_on);
        config.matches = flags.matches.unwrap_or(config.matches);
        Ok(config)
    }

    /// The configuration file that governs `folder`: the nearest in it or above it.
    pub fn find(folder: &Path) -> Option<PathBuf> {
        folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file())
    }

    fn load(path: &Path, working_folder: &Path) -> Result<Self, Error> {
        let read_error = |source| Error::Read { path: path.to_owned(), source };
        let text = fs::read_to_string(working_folder.join(path)).map_err(read_error)?;
        let mut config = Self::parse(&text, path)?;
        let real = fs::canonicalize(working_folder.join(path)).map_err(read_error)?;
        let folder = fs::canonicalize(working_folder).map_err(read_error)?;
        let below = real.parent().and_then(|parent| folder.strip_prefix(parent).ok());
        // Patterns of a file elsewhere are relative to the working folder.
        let below: Vec<_> = below
            .iter()
            .flat_map(|below| below.iter())
            .map(|part| part.to_string_lossy())
            .collect();
        let below = below.join("/");
        config.exclude.set_below(&below);
        config.baseline = config.baseline.map(|file| path.with_file_name("").join(file));
        for accept in &mut config.accept {
            accept.paths.set_below(&below);
        }
        Ok(config)
    }

    /// Reads the text of a configuration file; `path` is for messages.
    ///
    /// # Errors
    /// If it has a mistake.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let mistake = |start: usize, message| {
            let position = LineIndex::new(text).position(text, start as u32);
            Error::Config {
                path: path.to_owned(),
                line: position.line,
                column: position.column,
                message,
            }
        };
        let config: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            mistake(start, message::in_words(error.message(), text, start))
        })?;
        match slip::first(&config, text) {
            Some((start, message)) => Err(mistake(start, message)),
            None => Ok(config),
        }
    }

    /// By facet: the names of the options that are right here.
    pub fn house_names(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.house.iter().map(|(facet, names)| (facet.as_str(), names.names()))
    }

    /// How a finding of `rule` is reported that usually is as bad as `usual`; `None` if not at all.
    pub fn severity(&self, rule: Rule, usual: Severity) -> Option<Severity> {
        match self.rules.get(&RuleId(rule)) {
            None => Some(usual),
            Some(Level::Error) => Some(Severity::Error),
            Some(Level::Warning) => Some(Severity::Warning),
            Some(Level::Note) => Some(Severity::Note),
            Some(Level::Off) => None,
        }
    }

    /// Entries of `[[accept]]` that accept none of the findings, of rules that are on.
    pub fn unused<'a>(&'a self, accepted: &'a [Finding]) -> impl Iterator<Item = &'a Accept> {
        let is_on = |accept: &Accept| self.severity(accept.rule, Severity::Note).is_some();
        let is_used = |accept: &Accept| accepted.iter().any(|found| accept.accepts(found));
        let all = self.accept.iter();
        all.filter(move |accept| is_on(accept) && !is_used(accept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Evidence;

    fn mistake(text: &str) -> String {
        Config::parse(text, Path::new("c.toml")).unwrap_err().to_string()
    }

    /// [`DEFAULT_TOML`] with its settings in force: they are commented out without a space.
    fn default_in_force() -> String {
        let is_setting =
            |line: &str| line.starts_with('#') && !line.starts_with("# ") && line != "#";
        DEFAULT_TOML
            .lines()
            .map(|line| if is_setting(line) { &line[1..] } else { line })
            .fold(String::new(), |text, line| text + line + "\n")
    }

    #[test]
    fn the_documented_defaults_are_the_real_ones() {
        let path = Path::new("c.toml");
        assert_eq!(Config::parse(DEFAULT_TOML, path).unwrap(), Config::default());
        assert_eq!(Config::parse(&default_in_force(), path).unwrap(), Config::default());
    }

    #[test]
    fn the_documented_defaults_name_every_setting() {
        let text = default_in_force();
        for unknown in ["zzz = 1", "[thresholds]\nzzz = 1"] {
            let message = mistake(unknown);
            for name in message.split('`').skip(3).step_by(2) {
                let is_there = text.lines().any(|line| {
                    line.starts_with(&format!("{name} = "))
                        // What has no default stands there as an example.
                        || line.starts_with(&format!("# {name} = "))
                        || line == format!("[{name}]")
                        || line.contains(&format!("[[{name}]]"))
                });
                assert!(is_there, "{name}");
            }
        }
    }

    #[test]
    fn mistakes_are_placed_and_the_nearest_name_offered() {
        for (text, expected) in [
            (
                "\nfail-onn = \"error\"",
                "c.toml:2:1: unknown field `fail-onn`; did you mean `fail-on`?",
            ),
            (
                "scope = \"projekt\"",
                "c.toml:1:9: `scope` has to be `auto`, `project` or `catalogue`, not `projekt`; \
                 did you mean `project`?",
            ),
            (
                "[rules]\nname-colision = \"off\"",
                "c.toml:2:1: unknown rule `name-colision`; did you mean `name-collision`?",
            ),
            (
                "[rules]\nname-collision = \"of\"",
                "c.toml:2:18: `name-collision` has to be `error`, `warning`, `note` or `off`, not `of`; \
                 did you mean `off`?",
            ),
            (
                "[thresholds]\nunit-match = 1.5",
                "c.toml:2:14: 1.5 is not a share: it must lie between 0 and 1",
            ),
            (
                "[thresholds]\nunit-match = nan",
                "c.toml:2:14: NaN is not a share: it must lie between 0 and 1",
            ),
            ("[thresholds]\nunit-copy = 0", "c.toml:2:13: 0 is no likeness: it must be above 0"),
            (
                "[thresholds]\n\nboilerplate-agents = 1",
                "c.toml:3:22: `boilerplate-agents` has to be at least 2, not 1",
            ),
            (
                "[thresholds]\nredundant = 0.5\noverlapping = 0.6",
                "c.toml:3:1: `overlapping` (0.6) must not be above `redundant` (0.5)",
            ),
            (
                "[thresholds]\nduplicate = 0.5",
                "c.toml:2:1: `near-duplicate` (0.6) must not be above `duplicate` (0.5)",
            ),
            (
                "thresholds = { unit-match = 0.9 }",
                "c.toml:1:16: `unit-match` (0.9) must not be above `unit-copy` (0.8)",
            ),
            ("exclude = [\"a[\"]", "c.toml:1:11: bad pattern `a[`: "),
            (
                "max-file-bytes = 4294967296",
                "c.toml:1:18: `max-file-bytes` has to be at most 1073741824, not 4294967296",
            ),
            (
                "matches = -1",
                "c.toml:1:11: `matches` has to be a whole number from 0 on, not the number `-1`",
            ),
            ("exclude = \"a\"", "c.toml:1:11: `exclude` has to be a list, not the text \"a\""),
            (
                "scope = \"of\"",
                "c.toml:1:9: `scope` has to be `auto`, `project` or `catalogue`, not `of`",
            ),
            ("[rules]\nredundant-agent = 3", "c.toml:2:19: `redundant-agent` has to be a text"),
            (
                "[house]\nfrontend = 3",
                "c.toml:2:12: `frontend` has to be a name or a list of names",
            ),
            (
                "[[accept]]\nrule = \"name-collision\"\nfingerprint = \"x\"",
                "c.toml:1:1: missing field `reason`",
            ),
            (
                "[[accept]]\nrule = \"name-collision\"\nfingerprint = \"zz\"\nreason = \"x\"",
                "c.toml:1:1: a fingerprint has 16 of the digits",
            ),
            ("fail-on = ", "c.toml:1:11: `fail-on` has no value"),
            (
                "fail-on = warning",
                "c.toml:1:11: `fail-on` is a text, which stands in quotes: `\"warning\"`",
            ),
            (
                "[[accept]]\nrule = \"name-collision\"\nreason = \"x\"",
                "c.toml:1:1: an accepted finding needs either",
            ),
            ("x = [", "c.toml:1:6: "),
            (
                "[house]\n\npackage-manager = \"pnpm\"",
                "c.toml:3:1: unknown facet `package-manager`; did you mean `package-manager-js`?",
            ),
            (
                "house.package-manager-js = [\"npm\",\n  \"pnmp\"]",
                "c.toml:2:3: unknown option `pnmp` of `package-manager-js`; did you mean `pnpm`?",
            ),
            (
                "[house]\nmodel = \"sonet\"",
                "c.toml:2:9: unknown model `sonet`; did you mean `sonnet`?",
            ),
            (
                "[facets.package-manager-js.options]\nBunn = { off = true }",
                "c.toml:2:1: unknown option `Bunn` of `package-manager-js`; did you mean `bun`?",
            ),
            (
                "# é\n[facets.package-manager-jss]\noff = true",
                "c.toml:2:9: unknown facet `package-manager-jss`; did you mean `package-manager-js`?",
            ),
            (
                "[facets]\nmascot = { title = \"mascot\", options.Ferris = { implies = [\"Rustt\"] } }",
                "c.toml:2:49: unknown option `Rustt`; did you mean `Rust`?",
            ),
            (
                "[facets.package-manager-js]\nexclusiv = \"layer\"",
                "c.toml:2:1: unknown field `exclusiv`; did you mean `exclusive`?",
            ),
        ] {
            let message = mistake(text);
            assert!(message.starts_with(expected), "{text:?}: {message}");
        }
    }

    #[test]
    fn a_share_may_be_a_whole_number() {
        let config = Config::parse("[thresholds]\ncontained = 1", Path::new("c.toml")).unwrap();
        assert!(config.thresholds.contained >= 1.0);
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        fs::write(&path, "scope = \"project\"\nmatches = 3").unwrap();
        let flags = Overrides { matches: Some(7), ..Overrides::default() };
        let config = Config::resolve(Some(&path), folder.path(), flags).unwrap();
        assert_eq!(
            (config.scope, config.matches, config.fail_on),
            (ScopeChoice::Project, 7, FailOn::Error)
        );
    }

    #[test]
    fn the_nearest_file_upwards_governs_and_its_patterns_are_relative_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("a/b");
        fs::create_dir_all(&below).unwrap();
        fs::write(folder.path().join(FILE_NAME), "exclude = [\"/a/b/x.md\"]").unwrap();
        let path = Config::find(&below).unwrap();
        assert_eq!(path, folder.path().join(FILE_NAME));
        let config = Config::resolve(Some(&path), &below, Overrides::default()).unwrap();
        assert!(config.exclude.matches("x.md", false));
        assert!(!config.exclude.matches("../x.md", false));
    }

    #[test]
    fn accepted_findings_match_by_all_their_paths_or_by_fingerprint() {
        let text = "[[accept]]\nrule = \"redundant-agent\"\npaths = [\"old/\"]\nreason = \"leaving\"\n\
                    [[accept]]\nrule = \"name-collision\"\nfingerprint = \"00000000000000f1\"\nreason = \"meant\"";
        let config = Config::parse(text, Path::new("c.toml")).unwrap();
        let accepts = |rule, paths, fingerprint| {
            let finding = finding(rule, paths, fingerprint);
            config.accept.iter().any(|accept| accept.accepts(&finding))
        };
        assert!(accepts(Rule::RedundantAgent, &["old/a.md", "x/old/b.md"], ""));
        assert!(!accepts(Rule::RedundantAgent, &["old/a.md", "b.md"], ""));
        assert!(!accepts(Rule::RedundantAgent, &[], ""));
        assert!(!accepts(Rule::DuplicateAgent, &["old/a.md"], ""));
        assert!(accepts(Rule::NameCollision, &["b.md"], "00000000000000f1"));
        assert!(!accepts(Rule::NameCollision, &["b.md"], "00000000000000f2"));
    }

    #[test]
    fn what_accepts_nothing_is_unused() {
        let text = "[[accept]]\nrule = \"redundant-agent\"\npaths = [\"old/\"]\nreason = \"leaving\"\n\
                    [[accept]]\nrule = \"name-collision\"\nfingerprint = \"00000000000000f1\"\nreason = \"meant\"";
        let config = Config::parse(text, Path::new("c.toml")).unwrap();
        let accepted = [finding(Rule::RedundantAgent, &["old/a.md"], "00000000000000f1")];
        let unused: Vec<_> = config.unused(&accepted).map(|accept| accept.rule).collect();
        assert_eq!(unused, [Rule::NameCollision]);
    }

    fn finding(rule: Rule, paths: &[&str], fingerprint: &str) -> Finding {
        let evidence = paths.iter().map(|path| Evidence {
            path: (*path).to_owned(),
            line: 1,
            end_line: 1,
            column: 1,
            text: String::new(),
        });
        Finding {
            rule,
            severity: Severity::Warning,
            confidence: 1.0,
            message: String::new(),
            help: String::new(),
            agents: Vec::new(),
            facet: None,
            options: None,
            sides: Vec::new(),
            evidence: evidence.collect(),
            fingerprint: fingerprint.to_owned(),
        }
    }

    #[test]
    fn rules_can_be_turned_down_and_off() {
        let text = "[rules]\nname-collision = \"note\"\nshared-boilerplate = \"off\"";
        let config = Config::parse(text, Path::new("c.toml")).unwrap();
        assert_eq!(config.severity(Rule::NameCollision, Severity::Error), Some(Severity::Note));
        assert_eq!(config.severity(Rule::SharedBoilerplate, Severity::Note), None);
        assert_eq!(
            config.severity(Rule::RedundantAgent, Severity::Warning),
            Some(Severity::Warning)
        );
    }
}
