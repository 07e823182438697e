//! `agent-overlap consolidate`: what to keep, merge and drop.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{run, write};

fn fixture(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(folder)
}

fn plan(folder: &Path) -> Value {
    let run = run(folder, &["consolidate", ".", "--format", "json"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    run.json()
}

/// `action path`, for each member of a group.
fn actions(plan: &Value, group: usize) -> Vec<String> {
    let members = plan["groups"][group]["members"].as_array().unwrap();
    members
        .iter()
        .map(|member| {
            let id = member["agent"].as_u64().unwrap() as usize;
            let path = plan["agents"][id]["path"].as_str().unwrap();
            format!("{} {path}", member["action"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn the_plan_says_what_to_do_with_each_file() {
    for width in ["80", "140"] {
        let run = run(
            &fixture("drifted-copies"),
            &["consolidate", ".", "--width", width],
        );
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        let widest = run.text().lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(width.parse().unwrap()), "{}", run.text());
        insta::assert_snapshot!(format!("drifted-copies-{width}"), run.text());
    }
}

#[test]
fn a_contained_agent_goes_and_what_only_it_says_is_named() {
    let plan = plan(&fixture("contained"));
    assert_eq!(
        actions(&plan, 0),
        [
            "keep agents/code-reviewer.md",
            "merge agents/quick-reviewer.md"
        ]
    );
    let texts: Vec<&str> = plan["groups"][0]["members"][1]["only_here"]
        .as_array()
        .unwrap()
        .iter()
        .map(|quote| quote["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        [
            "You are a code reviewer at Lumenfold.",
            "Remove commented-out code."
        ]
    );
}

#[test]
fn what_is_not_redundant_stays() {
    for folder in ["clean-team", "house-template", "translations"] {
        let plan = plan(&fixture(folder));
        assert_eq!(plan["summary"]["groups"], 0, "{folder}");
    }
    let run = run(&fixture("clean-team"), &["consolidate", "."]);
    insta::assert_snapshot!("clean-team", run.text());
}

#[test]
fn mirrors_are_to_be_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let body = "---\nname: NAME\ndescription: Tunes the kilns of the pottery and logs each firing.\n---\n\
                You tune kilns.\n\n- Log the temperature of every firing\n- Open the damper before the \
                second stage\n- Ask the potter before you change a curve\nMORE";
    let more = "- Sweep the flue after ten firings\n";
    let (one, other) = (
        body.replace("NAME", "kiln-tuner").replace("MORE", ""),
        body.replace("NAME", "kiln-expert").replace("MORE", more),
    );
    for root in [".claude/agents", ".opencode/agent"] {
        write(folder.path(), &format!("{root}/kiln-tuner.md"), &one);
        write(folder.path(), &format!("{root}/kiln-expert.md"), &other);
    }
    let plan = plan(folder.path());
    assert_eq!(
        actions(&plan, 0),
        [
            "keep .claude/agents/kiln-expert.md",
            "drop .claude/agents/kiln-tuner.md"
        ]
    );
    let mirrors = plan["groups"][0]["mirrors"].as_array().unwrap();
    assert_eq!(mirrors.len(), 1, "that of the one that goes");
}

#[test]
fn opposite_advice_and_other_numbers_are_not_said_already() {
    let folder = tempfile::tempdir().unwrap();
    let shared = "You mend harbour cranes.\n\n- Grease the slewing ring before the first lift\n- Write \
                  the hours of the hoist into the crane's log\n- Test the limit switch with an empty \
                  hook\n- Report cracks in a weld to the harbour office at once\n";
    let agent = |name: &str, more: &str| {
        format!("---\nname: {name}\ndescription: Mends harbour cranes.\n---\n{shared}{more}")
    };
    let kept = "- Renew the hoist rope after 400 hours of lifting\n- Paint the jib in the rain \
                season\n- Lock the cabin of the crane at night\n";
    let other = "- Renew the hoist rope after 500 hours of lifting\n- Never paint the jib in the \
                 rain season\n";
    write(
        folder.path(),
        "agents/crane-mender.md",
        agent("crane-mender", kept),
    );
    write(
        folder.path(),
        "agents/crane-fitter.md",
        agent("crane-fitter", other),
    );
    let plan = plan(folder.path());
    let members = plan["groups"][0]["members"].as_array().unwrap();
    let texts: Vec<&str> = members[1]["only_here"]
        .as_array()
        .unwrap()
        .iter()
        .map(|quote| quote["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        [
            "Renew the hoist rope after 500 hours of lifting",
            "Never paint the jib in the rain season"
        ]
    );
}

#[test]
fn an_agent_of_another_kind_or_project_stays() {
    let folder = tempfile::tempdir().unwrap();
    let body = "---\nname: dune-planter\ndescription: Plants grass on dunes.\n---\nYou plant grass on \
                dunes.\n\n- Plant in rows across the wind\n- Fence the young grass until spring\n";
    write(folder.path(), "north/.claude/agents/dune-planter.md", body);
    write(folder.path(), "south/.claude/agents/dune-planter.md", body);
    write(
        folder.path(),
        "south/.claude/commands/dune-planter.md",
        body,
    );
    let plan = plan(folder.path());
    assert_eq!(plan["summary"]["groups"], 0);
    assert_eq!(
        plan["summary"]["cover"]["agents"],
        plan["summary"]["agents"]
    );
}

#[test]
fn nothing_and_what_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = run(folder.path(), &["consolidate", "."]);
    assert_eq!(nothing.code, Some(0));
    assert!(nothing.text().starts_with("No agents found"));
    assert!(nothing.stderr.starts_with("note: no definitions found"));
    let missing = run(folder.path(), &["consolidate", "nowhere"]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.stderr.contains("nowhere"), "{}", missing.stderr);
}
