//! What whole texts commit to.

use std::sync::LazyLock;

use super::*;
use crate::agent::parse;
use crate::discover::classify;
use crate::facet::Entries;
use crate::source::{FileId, SourceFile};

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(&Entries::new()).0);

/// The commitments of a body, as "Flask", "React 19" or "not npm", each with `?` unless strong.
fn committed(body: &str) -> Vec<String> {
    committed_at(".claude/agents/a.md", &format!("---\nname: a\ndescription: d\n---\n{body}"))
}

/// What a text commits to, mere names left out.
fn read(path: &str, text: &str) -> Vec<Commitment> {
    let mut told = read_with_names(path, text);
    told.retain(|commitment| commitment.strength > Strength::Named);
    told
}

fn read_with_names(path: &str, text: &str) -> Vec<Commitment> {
    let file = SourceFile::new(path, text);
    let agent = parse(FileId(0), &file, classify(path));
    commitments(&agent, text, &TABLE)
}

fn committed_at(path: &str, text: &str) -> Vec<String> {
    let mut told: Vec<String> = read(path, text)
        .iter()
        .map(|commitment| {
            let not = if commitment.takes { "" } else { "not " };
            let name = &TABLE.option(commitment.option).name;
            let version =
                commitment.version.map(|version| format!(" {version}")).unwrap_or_default();
            let doubt = if commitment.strength == Strength::Strong { "" } else { "?" };
            format!("{not}{name}{version}{doubt}")
        })
        .collect();
    told.dedup();
    told
}

#[test]
fn a_chinese_word_that_ends_like_a_negation_takes_nothing_back() {
    let plain = committed("- 每一步后提交。\n");
    assert!(!plain.is_empty());
    for body in ["- 特别每一步后提交。\n", "- 分别每一步后提交。\n"] {
        assert_eq!(committed(body), plain, "{body}");
    }
    for body in ["- 别每一步后提交。\n", "- 请别每一步后提交。\n", "- 写完，别每一步后提交。\n"]
    {
        assert_eq!(committed(body), [""; 0], "{body}");
    }
}

#[test]
fn samples_tell_versions_and_no_more() {
    let told = |code: &str| committed(&format!("```\n{code}\n```"));
    assert_eq!(told("FROM node:20-alpine AS build"), ["Node.js 20?"]);
    assert_eq!(told("FROM --platform=linux/amd64 node:20"), [""; 0]);
    assert_eq!(told("    image: postgres:16"), ["PostgreSQL 16?"]);
    assert_eq!(told("  python-version: \"3.12\""), ["Python 3.12?"]);
    assert_eq!(told("  node-version: [18, 20]"), [""; 0]);
    assert_eq!(told("FROM node:${NODE}"), [""; 0]);
    assert_eq!(told("FROM registry.test/harbour:3"), [""; 0]);
}

#[test]
fn a_memory_file_that_runs_all_with_npm_takes_it() {
    let takes = |path: &str, text: &str| {
        let commitments = read(path, text);
        let stances = stances(&commitments, &TABLE);
        let names = stances.iter().map(|(stance, _)| TABLE.option(stance.option).name.clone());
        names.collect::<Vec<_>>()
    };
    let told = |path: &str, rest: &str| {
        let text = format!("# Boats\n\n```sh\nnpm run dev\nnpm test\nnpm run lint\n{rest}\n```\n");
        takes(path, &text)
    };
    assert_eq!(told("CLAUDE.md", ""), ["npm"]);
    assert_eq!(told("CLAUDE.md", "pnpm dlx serve"), ["pnpm"]);
    assert_eq!(told("CLAUDE.md", "cd e2e && pnpm dlx serve"), ["pnpm"]);
    assert_eq!(told(".claude/agents/a.md", ""), [""; 0]);
    assert_eq!(takes("CLAUDE.md", "```sh\nnpm run dev\nnpm test\n```\n"), [""; 0]);
    let optional = "If you use npm:\n\n```sh\nnpm run dev\nnpm test\nnpm run lint\n```\n";
    assert_eq!(takes("CLAUDE.md", optional), [""; 0]);
}

#[test]
fn npm_and_pip_are_weak_wherever_they_run() {
    assert_eq!(strengths("1. Run `npm install` first.\n"), ["npm Weak"]);
    assert_eq!(strengths("```sh\ncd web && npm test\n```\n"), ["npm Weak"]);
    assert_eq!(strengths("```sh\npip install -r requirements.txt\n```\n"), ["pip Weak"]);
    for none in [
        "```sh\nnpm install -g boat\n```\n",
        "```sh\nnpm view boat\n```\n",
        "Never run `npm test`.\n",
    ] {
        assert_eq!(strengths(none), [""; 0], "{none}");
    }
}

#[test]
fn short_orders_tell_the_means_and_short_sentences_what_a_part_is() {
    for (text, told) in [
        ("- Write unit tests with Vitest.\n", "Vitest Medium"),
        ("- Store all bookings in PostgreSQL.\n", "PostgreSQL Medium"),
        ("- The database is MySQL.\n", "MySQL Medium"),
        ("- Events go through Kafka.\n", "Kafka Medium"),
        ("- Secrets live in Vault.\n", "HashiCorp Vault Medium"),
        ("- Feature flags come from Unleash.\n", "Unleash Medium"),
        ("- Client state belongs in a Zustand store.\n", "Zustand Medium"),
        ("- All background jobs use Celery.\n", "Celery Medium"),
        ("- Every service logs with Winston.\n", "winston Medium"),
        ("- Client state is kept in Redux Toolkit slices under `src`.\n", "Redux Toolkit Medium"),
        ("- Define resources as Pulumi programs.\n", "Pulumi Medium"),
        ("- Les dates se manipulent avec date-fns.\n", "date-fns Medium"),
        ("- Run `npx vitest` before you finish.\n", "Vitest Medium"),
        ("- Requests go through axios.\n", "axios Medium"),
        ("- Put shared state into a Zustand store.\n", "Zustand Medium"),
        ("- After login, save the token to `localStorage`.\n", "localStorage Medium"),
        ("- Built on Zephyr RTOS; timers come from it.\n", "Zephyr Medium"),
        ("- The only package manager in this repo is pnpm; others fail.\n", "pnpm Medium"),
        ("- Für jedes Datum nehmen wir ausschließlich Luxon.\n", "Luxon Medium"),
        ("- Gebaut wird mit Maven (`./mvnw`).\n", "Maven Medium"),
        ("- Expose it as GraphQL queries, we don't build REST resources.\n", "GraphQL Medium"),
        ("- Harbours are drawn by somebody with Svelte.\n", "Svelte Weak"),
    ] {
        assert_eq!(strengths(text), [told], "{text}");
    }
    for none in ["- It is MySQL.\n", "- The problem is Redis.\n", "- What you get is React.\n"] {
        assert_eq!(strengths(none), [""; 0], "{none}");
    }
}

#[test]
fn plain_words_are_names_where_they_are_marked_as_code() {
    assert_eq!(committed("- Check all of it with `black`.\n"), ["Black?"]);
    assert_eq!(committed("- Format all prices with black ink.\n"), [""; 0]);
    assert_eq!(committed("- Prices\n  use `prisma` here.\n"), ["Prisma?"]);
}

#[test]
fn a_rival_in_another_sentence_takes_nothing_from_a_sure_choice() {
    let only = "- pnpm is the only package manager. An npm lockfile is an error.\n";
    assert_eq!(committed(only), ["pnpm"]);
    assert_eq!(committed("- Run pnpm. An npm lockfile is an error.\n"), [""; 0]);
}

#[test]
fn a_choice_may_say_that_there_is_no_other() {
    let is_only = |line: &str| {
        let told = read_with_names("CLAUDE.md", &format!("{line}\n"));
        told.iter().any(|commitment| commitment.is_only)
    };
    for only in [
        "- Resources are described in Terraform and in nothing else.",
        "- HTTP client: httpx only",
        "- Use only Vitest.",
        "- Vitest is the only test runner.",
    ] {
        assert!(is_only(only), "{only}");
    }
    for other in ["- Use Vitest.", "- Use Vitest for the only shop."] {
        assert!(!is_only(other), "{other}");
    }
}

/// The commitments of a body with their strengths.
fn strengths(body: &str) -> Vec<String> {
    let text = format!("---\nname: a\ndescription: d\n---\n{body}");
    let commitments = read(".claude/agents/a.md", &text);
    let said = commitments
        .iter()
        .map(|one| format!("{} {:?}", TABLE.option(one.option).name, one.strength));
    said.collect()
}

#[test]
fn an_aside_about_something_else_rejects_nothing() {
    assert_eq!(committed("`roles.ts` is the half for the edge (pure, no Prisma)."), [""; 0]);
    assert_eq!(committed("Use Drizzle (small, not Prisma)."), ["Drizzle", "not Prisma"]);
}

#[test]
fn stacks_and_labels_commit() {
    assert_eq!(committed("- **Framework**: FastAPI\n"), ["FastAPI"]);
    assert_eq!(committed("## Tech stack\n\n- React 19 with hooks\n- Vite\n"), ["React 19", "Vite"]);
    assert_eq!(
        committed("**Frontend**: Next.js 15, Zustand\n"),
        ["Next.js 15", "Zustand"],
        "other facets in one line"
    );
    assert_eq!(committed("| Database | PostgreSQL 16 |\n|-|-|\n"), ["PostgreSQL 16"]);
}

#[test]
fn identities_orders_and_facts_commit() {
    assert_eq!(committed("You are a Django developer.\n"), ["Django"]);
    assert_eq!(committed("- Always use pnpm for packages.\n"), ["pnpm"]);
    assert_eq!(committed("- Use Vitest for unit tests.\n"), ["Vitest?"]);
    assert_eq!(committed("This project uses Drizzle for all queries.\n"), ["Drizzle"]);
}

#[test]
fn rejections_reject() {
    assert_eq!(committed("- Use argon2 (not bcrypt).\n"), ["Argon2", "not bcrypt"]);
    assert_eq!(committed("- Never use Redux.\n"), ["not Redux"]);
    assert_eq!(committed("- Views should not import UIKit\n"), [""; 0], "for views alone");
    assert_eq!(committed("- Svelte 5 instead of Svelte 4\n"), ["Svelte 5?"], "only the version");
    assert_eq!(
        committed("- Always use Heroicons, not Lucide React.\n"),
        ["Heroicons", "not Lucide"],
        "not React"
    );
    assert_eq!(
        committed("- Always use TypeScript, never JavaScript.\n"),
        ["TypeScript"],
        "which is JavaScript too"
    );
}

#[test]
fn what_was_left_behind_is_rejected() {
    assert_eq!(committed("- **Tests**: Vitest (migrated from Jest)\n"), ["not Jest", "Vitest"]);
    assert_eq!(committed("We migrated from webpack to Vite.\n"), ["not webpack"]);
    assert_eq!(committed("The data was migrated from MySQL.\n"), [""; 0], "long ago");
    assert_eq!(
        committed("We migrated from PostgreSQL to Supabase.\n"),
        [""; 0],
        "which is PostgreSQL too"
    );
}

#[test]
fn a_label_may_be_taken_back_in_brackets() {
    assert_eq!(
        committed("- **Icons**: Lucide (configured, but Heroicons is what we use)\n"),
        [""; 0]
    );
}

#[test]
fn the_tree_of_a_memory_file_tells_what_is_used() {
    let told = |path: &str, line: &str| {
        committed_at(path, &format!("# Boats\n\n```\nquay/\n{line}\n```\n"))
    };
    let line = "├── web/   # Next.js 15 + Zustand frontend";
    assert_eq!(told("CLAUDE.md", line), ["Next.js 15?", "Zustand?"]);
    assert_eq!(told(".claude/agents/a.md", line), [""; 0]);
    for other in [
        "├── web/   # legacy Next.js pages",
        "├── web/   # talks to Zustand",
        "web --dev   # Next.js server",
    ] {
        assert_eq!(told("CLAUDE.md", other), [""; 0], "{other}");
    }
}

#[test]
fn mentions_commit_to_nothing() {
    for mention in [
        "You know React, Vue and Angular.",
        "- React, Vue, Angular",
        "- Experience with Flask and Django",
        "If the project uses Jest, run it.",
        "Use Jest or Vitest.",
        "When you migrated from Webpack to Vite, say so.",
        "Detect the framework: look for Flask in requirements.",
        "Compare Flask vs FastAPI.",
        "- Frameworks such as Flask",
        "Does it use Redis?",
        "The user said \"we use Flask\".",
        "- Flask-based services",
        "- See https://flask.example.com/redis/",
    ] {
        assert_eq!(committed(mention), [""; 0], "{mention}");
    }
    assert_eq!(committed("## Example output\n\n- Framework: Flask\n"), [""; 0]);
    assert_eq!(committed("## Areas of expertise\n\n- Databases: MySQL\n"), [""; 0]);
}

#[test]
fn everyday_words_need_evidence() {
    assert_eq!(committed("- Use Go deep on every question.\n"), [""; 0]);
    assert_eq!(committed("- Next, express the result in less words.\n"), [""; 0]);
}

#[test]
fn commands_commit() {
    assert_eq!(committed("```sh\ncd web && yarn build\n```\n"), ["yarn?"]);
    assert_eq!(
        committed("```sh\n# ❌ wrong\n```\n\n## Don't\n\n```sh\nyarn add x\n```\n"),
        [""; 0]
    );
}

#[test]
fn practices_are_told_by_cues() {
    assert_eq!(committed("- Never use `any`.\n"), ["forbidden?"]);
    assert_eq!(
        committed("- Never use `any` unless the library forces it.\n"),
        [""; 0],
        "conditional"
    );
    assert_eq!(committed("- Use tabs.\n"), ["tabs?"]);
    assert_eq!(committed("- Use tabs for navigation.\n"), [""; 0], "the end of a clause");
    assert_eq!(
        committed("- The pages read .env files.\n- Do not read .env.\n"),
        ["never read?"],
        "the beginning of a clause"
    );
    assert_eq!(
        committed("- Prefer async/await over callbacks.\n"),
        ["async/await?"],
        "a word with a slash"
    );
}

#[test]
fn practices_are_told_by_words_in_any_order() {
    for (text, told) in [
        ("Whenever you merge, one squash", [""; 0].as_slice()),
        ("Branches are merged with a squash.", &["squashes?"]),
        ("All pull requests get squashed on merging.", &["squashes?"]),
        ("We don't squash.", &["keeps the commits?"]),
        ("JSON responses have their keys in `snake_case`.", &["snake_case?"]),
    ] {
        assert_eq!(committed(&format!("- {text}\n")), told, "{text}");
    }
}

#[test]
fn a_moment_or_an_exception_on_request_leaves_a_practice_as_it_is() {
    for (text, told) in [
        ("When all is green, push straight to main.", ["straight onto it?"].as_slice()),
        ("Push it straight to main, at once.", &["straight onto it?"]),
        ("If you spot something else, leave a TODO there.", &["left?"]),
        ("Keep answers brief unless somebody asks for more.", &["short?"]),
        ("If it is small, push straight to main.", &[]),
        ("When the user asks and all is green, push straight to main.", &[]),
        ("Keep answers brief unless they are for experts.", &[]),
    ] {
        assert_eq!(committed(&format!("- {text}\n")), told, "{text}");
    }
}

#[test]
fn what_stands_behind_a_ban_is_asked_for() {
    assert_eq!(committed("- Never delete berths physically, set `deleted_at`.\n"), ["marked?"]);
    assert_eq!(committed("- Nothing is pushed to main directly.\n"), ["through a branch?"]);
}

#[test]
fn negations_take_cues_of_practices_back() {
    for text in [
        "Formatters must never reorder lines or use tabs.",
        "It is never right for people here to use tabs.",
        "You should never skip semicolons.",
        "You must not deploy or write code without comments.",
        "Tabs for indentation are forbidden.",
        "Snapshots of tests that we keep if they are small.",
        "这里不要使用单引号。",
    ] {
        assert_eq!(committed(&format!("- {text}\n")), [""; 0], "{text}");
    }
    assert_eq!(committed("- Headers are not indented, and you use tabs.\n"), ["tabs?"]);
    assert_eq!(committed("- Never commit without asking.\n"), ["never commits unasked?"]);
}

#[test]
fn the_work_of_an_agent_is_no_condition() {
    assert_eq!(committed("When invoked:\n\n- Use tabs.\n"), ["tabs?"]);
    assert_eq!(committed("When the file is a makefile:\n\n- Use tabs.\n"), [""; 0]);
}

#[test]
fn other_languages_are_read() {
    assert_eq!(committed("- Nunca usar Redux.\n"), ["not Redux"]);
    assert_eq!(committed("- Verwende pnpm.\n"), ["pnpm?"]);
}

#[test]
fn a_second_weak_witness_makes_a_stance() {
    let text = "---\nname: a\ndescription: d\n---\n- Boats are shown by somebody using Svelte.\n- Harbours are shown by others using Svelte too.\n";
    let commitments = read(".claude/agents/a.md", text);
    assert!(commitments.iter().all(|one| one.strength == Strength::Weak), "{commitments:?}");
    assert_eq!(stances(&commitments, &TABLE).len(), 1);
    assert_eq!(stances(&commitments[..1], &TABLE).len(), 0);
}

#[test]
fn two_of_one_kind_leave_it_open() {
    let text = "---\nname: a\ndescription: d\n---\n- Always use pnpm.\n- Always use yarn.\n";
    let commitments = read(".claude/agents/a.md", text);
    assert_eq!(commitments.len(), 2);
    assert_eq!(stances(&commitments, &TABLE), []);
}

#[test]
fn any_text_is_read_without_a_panic() {
    for text in [
        "使用 pnpm，不要使用 npm。",
        "«React»—Vue",
        "a: pnpm – b — React:",
        "é/React",
        "**｜** | React |",
        "–",
        "’’ React’s",
        "## Tech stack\n\n| a | b |\n|---|---|\n| ab. | ééééé PostgreSQL |",
    ] {
        committed(text);
    }
}
