//! Measures that projects set figures for, and the words that name them.

use super::number::{Bound, Measured};

/// A figure that can only be set once.
#[derive(Debug)]
pub(super) struct Measure {
    /// What it is called in reports.
    pub(super) title: &'static str,
    /// What its numbers count.
    pub(super) measured: Measured,
    /// The side that is allowed where the text names none.
    pub(super) bound: Bound,
    /// Words of which one stands near the number, in lower case.
    pub(super) cues: &'static [&'static str],
    /// Words of which one stands in the same statement; none is needed where the list is empty.
    pub(super) beside: &'static [&'static str],
}

/// The table. Measures of which a statement names more than one are told apart
/// by what stands nearest to the number.
#[rustfmt::skip]
pub(super) const MEASURES: &[Measure] = &[
    floor("test coverage", Measured::Percent, &["test coverage", "code coverage", "coverage", "cobertura", "testabdeckung", "couverture", "покрытие", "커버리지", "カバレッジ", "覆盖率"], &[]),
    floor("mutation score", Measured::Percent, &["mutation score"], &[]),
    ceiling("p95 response time", Measured::Time, &["p95", "95th percentile"], &[]),
    ceiling("p99 response time", Measured::Time, &["p99", "99th percentile"], &[]),
    ceiling("API response time", Measured::Time, &["api response time", "api response", "api responses", "api latency", "api calls"], &[]),
    ceiling("database query time", Measured::Time, &["query time", "database queries", "database query", "query execution"], &[]),
    ceiling("bundle size", Measured::Size, &["bundle size", "bundle", "javascript bundle", "initial bundle", "js bundle"], &[]),
    ceiling("largest contentful paint", Measured::Time, &["lcp", "largest contentful paint"], &[]),
    ceiling("first contentful paint", Measured::Time, &["fcp", "first contentful paint"], &[]),
    ceiling("first input delay", Measured::Time, &["fid", "first input delay"], &[]),
    ceiling("interaction to next paint", Measured::Time, &["inp", "interaction to next paint"], &[]),
    ceiling("time to interactive", Measured::Time, &["tti", "time to interactive"], &[]),
    ceiling("time to first byte", Measured::Time, &["ttfb", "time to first byte"], &[]),
    ceiling("cumulative layout shift", Measured::Plain, &["cls", "cumulative layout shift"], &[]),
    ceiling("page load time", Measured::Time, &["page load", "page loads", "load time", "initial load"], &[]),
    floor("Lighthouse performance score", Measured::Plain, &["lighthouse score", "lighthouse performance", "lighthouse"], &[]),
    floor("uptime", Measured::Percent, &["uptime", "availability"], &[]),
    ceiling("error rate", Measured::Percent, &["error rate"], &[]),
    ceiling("function length", Measured::Lines, &["function", "functions", "method", "methods", "per function"], &[]),
    ceiling("file length", Measured::Lines, &["file", "files", "per file", "file size", "file length"], &[]),
    ceiling("component length", Measured::Lines, &["component", "components"], &[]),
    ceiling("class length", Measured::Lines, &["class", "classes"], &[]),
    ceiling("line length", Measured::Characters, &["line length", "per line", "line width", "lines"], &[]),
    ceiling("commit subject length", Measured::Characters, &["subject line", "commit message", "commit subject", "subject", "first line", "summary line"], &["commit", "subject"]),
    ceiling("size of a pull request", Measured::Lines, &["pull request", "pull requests", "pr", "prs"], &[]),
    ceiling("cyclomatic complexity", Measured::Plain, &["cyclomatic complexity", "cyclomatic", "complexity"], &["cyclomatic"]),
    ceiling("nesting depth", Measured::Levels, &["nesting", "nested", "indentation"], &[]),
    ceiling("number of parameters", Measured::Parameters, &["function", "functions", "method", "methods", "parameters"], &[]),
    exact("access token lifetime", Measured::Time, &["access token", "access tokens"], &[]),
    exact("refresh token lifetime", Measured::Time, &["refresh token", "refresh tokens"], &[]),
    floor("touch target size", Measured::Pixels, &["touch target", "touch targets", "tap target", "tap targets"], &[]),
];

const fn floor(
    title: &'static str,
    measured: Measured,
    cues: &'static [&'static str],
    beside: &'static [&'static str],
) -> Measure {
    Measure {
        title,
        measured,
        bound: Bound::AtLeast,
        cues,
        beside,
    }
}

const fn ceiling(
    title: &'static str,
    measured: Measured,
    cues: &'static [&'static str],
    beside: &'static [&'static str],
) -> Measure {
    Measure {
        title,
        measured,
        bound: Bound::AtMost,
        cues,
        beside,
    }
}

const fn exact(
    title: &'static str,
    measured: Measured,
    cues: &'static [&'static str],
    beside: &'static [&'static str],
) -> Measure {
    Measure {
        title,
        measured,
        bound: Bound::Exactly,
        cues,
        beside,
    }
}
