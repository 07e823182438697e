//! Finds redundant AI-agent definitions and conflicting advice.
//!
//! `paths → files → agents → terms → pairs → groups → findings → report → text or JSON`
//!
//! Each stage is a plain function of the data before it: [`discover`] finds and
//! reads the files, [`agent`] takes each apart, [`collection`] turns all into
//! terms, [`relation`] compares them pairwise, [`graph`] groups what is
//! redundant, [`rules`] says what is the matter, and [`render`] writes the
//! [`report`]. [`analysis`] runs them in order; only the first stage and the
//! configuration touch the outside. [`lineup`] says what each agent decides
//! for, [`review`] what a change does, [`compare`] what two agents say alike and
//! otherwise, [`explain`] what a rule or a decision means.
//!
//! ```
//! use agent_overlap::analysis::analyse;
//! use agent_overlap::config::Config;
//! use agent_overlap::discover::{DiscoverOptions, discover};
//!
//! let config = Config::default();
//! let options = DiscoverOptions::new(std::env::current_dir()?, &config);
//! let discovery = discover(&["fixtures/contained".into()], &options)?;
//! let report = analyse(discovery, &config);
//! let group = &report.groups[0];
//! assert_eq!(report.agents[group.keep as usize].name, "code-reviewer");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod agent;
pub mod align;
pub mod analysis;
pub mod baseline;
pub mod collection;
pub(crate) mod commitment;
pub mod compare;
pub mod config;
pub mod consolidate;
pub(crate) mod disagreement;
pub mod discover;
pub mod error;
pub mod explain;
pub mod facet;
pub mod finding;
pub mod graph;
pub mod join;
pub(crate) mod layout;
pub mod lineup;
pub mod measure;
pub mod merge;
pub(crate) mod model;
pub(crate) mod network;
pub mod plugin;
pub mod reach;
pub mod relation;
pub mod render;
pub mod report;
pub mod review;
pub mod route;
pub mod rules;
pub mod schema;
pub mod slip;
pub mod source;
pub mod statement;
pub mod text;

pub use error::Error;
