//! `agent-overlap consolidate`: what to keep, merge and drop.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{fixture, git, run, write};

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
        let run = run(&fixture("drifted-copies"), &["consolidate", ".", "--width", width]);
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
        ["keep agents/code-reviewer.md", "merge agents/quick-reviewer.md"]
    );
    let texts: Vec<&str> = plan["groups"][0]["members"][1]["only_here"]
        .as_array()
        .unwrap()
        .iter()
        .map(|quote| quote["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["You are a code reviewer at Lumenfold.", "Remove commented-out code."]);
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
        ["keep .claude/agents/kiln-expert.md", "drop .claude/agents/kiln-tuner.md"]
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
    write(folder.path(), "agents/crane-mender.md", agent("crane-mender", kept));
    write(folder.path(), "agents/crane-fitter.md", agent("crane-fitter", other));
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
fn what_differs_in_a_name_is_not_said_already() {
    let folder = tempfile::tempdir().unwrap();
    let agent = |name: &str, product: &str| {
        format!(
            "---\nname: {name}\ndescription: Tunes harbour databases.\n---\nYou tune the \
             databases of the harbour.\n\n- Read the plan of each slow query of the harbour \
             before you add an index for {product}\n- Write the size of each table into the log \
             of the harbour at the end of a month\n- Ask the harbour office before you stop the \
             database for repairs\n"
        )
    };
    write(folder.path(), "agents/tuner.md", agent("tuner", "PostgreSQL"));
    write(folder.path(), "agents/db-tuner.md", agent("db-tuner", "Oracle"));
    let plan = plan(folder.path());
    let only_here = &plan["groups"][0]["members"][1]["only_here"];
    assert_eq!(only_here.as_array().unwrap().len(), 1, "{plan}");
}

#[test]
fn a_file_that_is_no_utf_8_is_not_merged() {
    let folder = tempfile::tempdir().unwrap();
    cellar(folder.path());
    let name = std::fs::read_dir(folder.path().join("agents")).unwrap().next();
    let path = name.unwrap().unwrap().path();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend(b"- Say caf\xE9 to the guests\n");
    std::fs::write(&path, bytes).unwrap();
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "Add agents"]);
    let refused = run(folder.path(), &["consolidate", "agents", "--apply"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("not UTF-8"), "{}", refused.stderr);
    assert_eq!(git(folder.path(), &["status", "--porcelain"]), "");
}

#[test]
fn an_agent_of_another_kind_or_project_stays() {
    let folder = tempfile::tempdir().unwrap();
    let body = "---\nname: dune-planter\ndescription: Plants grass on dunes.\n---\nYou plant grass on \
                dunes.\n\n- Plant in rows across the wind\n- Fence the young grass until spring\n";
    write(folder.path(), "north/.claude/agents/dune-planter.md", body);
    write(folder.path(), "south/.claude/agents/dune-planter.md", body);
    write(folder.path(), "south/.claude/commands/dune-planter.md", body);
    let plan = plan(folder.path());
    assert_eq!(plan["summary"]["groups"], 0);
    assert_eq!(plan["summary"]["cover"]["agents"], plan["summary"]["agents"]);
}

#[test]
fn each_of_two_projects_has_a_group_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    for project in ["north", "south"] {
        cellar(&folder.path().join(project).join(".claude"));
    }
    let plan = plan(folder.path());
    assert_eq!(plan["summary"]["groups"], 2);
    for (group, project) in ["north", "south"].into_iter().enumerate() {
        let actions = actions(&plan, group);
        assert_eq!(actions.len(), 2, "{actions:?}");
        assert!(actions[0].starts_with("keep "), "{actions:?}");
        assert!(actions[1].starts_with("merge "), "{actions:?}");
        assert!(actions.iter().all(|action| action.contains(project)), "{actions:?}");
    }
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

/// The letters and digits of a text, so that markup and line ends do not count.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn read(folder: &Path, path: &str) -> String {
    std::fs::read_to_string(folder.join(path)).unwrap()
}

/// Two cellar keepers with a list each under the same and under other titles.
fn cellar(folder: &Path) {
    let shared = "- Turn each barrel by a quarter on Mondays\n- Note the temperature of the vault \
                  in the ledger\n- Taste from the middle of the cask, not from its top\n- Seal the \
                  bung with fresh wax after every tasting\n";
    let kept = format!(
        "---\nname: cellar-keeper\ndescription: Keeps the wine cellar.\ntools: Read, Write\nmodel: \
         sonnet\n---\n\n# Cellar keeper\n\nYou keep the wine cellar of the abbey.\n\n## Daily \
         work\n\n{shared}- Rack the young wine after 6 weeks on the lees\n\n## Limits\n\nNever:\n\n- Move \
         a cask during the harvest\n- Light an open \
         fire in the vault\n\n| Wine | Years |\n|-|-|\n| Riesling | 3 |\n\nAsk the cellarer \
         before you sell a cask.\n\n\
         ## Guests\n\n- Offer bread before the second glass\n- Show the oldest cask last\n- Lock \
         the grille behind the last visitor\n- Write the names of guests into the house book\n- Keep the \
         oldest key on the ring of the prior\n- Carry a lamp with a closed flame\n- Count the \
         flasks before and after the visit\n- Brush the mould from the eastern wall each \
         spring\n"
    );
    let other = format!(
        "---\nname: cellar-keeper-pro\ndescription: \"Keeps the wine cellar. Use it for questions \
         about corks: soft, hard and broken.\"\ntools: Read, Bash\nmodel: opus\n---\n\nYou keep \
         the wine cellar of the abbey.\n\n## Daily work\n\n{shared}- Rack the young wine after 9 weeks on \
         the lees\n- Air the vault for one hour at dawn\n\n## Limits\n\nNever:\n\n- Move a cask during the harvest\n- Whistle near the \
         sleeping yeast\n\n| Wine | Years |\n|-|-|\n| Riesling | 3 |\n| Blaufränkisch | 7 |\n\n\
         ## Corks\n\nSoak corks overnight:\n\n1. Boil the water\n2. Let it cool to hand \
         warmth\n\n```sh\ncork --soak --hours 12\n```\n\n| Cork | Soak |\n|-|-|\n| soft | one night |\n| hard | two \
         days |\n"
    );
    write(folder, "agents/cellar-keeper.md", kept);
    write(folder, "agents/cellar-keeper-pro.md", other);
}

#[test]
fn a_draft_holds_each_piece_where_it_fits() {
    let folder = tempfile::tempdir().unwrap();
    cellar(folder.path());
    let run = run(folder.path(), &["consolidate", "agents", "--write", "drafts"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let drafts: Vec<_> = std::fs::read_dir(folder.path().join("drafts"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(drafts.len(), 1);
    insta::assert_snapshot!("cellar-draft", read(folder.path(), &format!("drafts/{}", drafts[0])));
    insta::assert_snapshot!("cellar-written", run.text());
}

#[test]
fn a_draft_without_origin_has_no_origin() {
    let folder = tempfile::tempdir().unwrap();
    cellar(folder.path());
    run(folder.path(), &["consolidate", "agents", "--write", "drafts", "--no-origin"]);
    let draft = walk(&folder.path().join("drafts")).remove(0);
    let draft = std::fs::read_to_string(draft).unwrap();
    assert!(!draft.contains("<!-- from"), "{draft}");
    assert!(draft.contains("DECIDE"), "decisions stay: {draft}");
}

/// All files below a folder, sorted.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn drafts_of_all_fixtures_lose_nothing() {
    let mut n_drafts = 0;
    for entry in std::fs::read_dir(fixture("")).unwrap() {
        let fixture = entry.unwrap().path();
        if !fixture.is_dir() || fixture.ends_with("broken") {
            continue;
        }
        let drafts = tempfile::tempdir().unwrap();
        let into = drafts.path().join("drafts");
        let arguments = ["consolidate", ".", "--format", "json", "--write"];
        let run = run(&fixture, &[&arguments[..], &[into.to_str().unwrap()]].concat());
        assert_eq!(run.code, Some(0), "{}: {}", fixture.display(), run.stderr);
        let plan = run.json();
        for group in plan["groups"].as_array().unwrap() {
            let Some(file) = group["draft"]["file"].as_str() else {
                continue;
            };
            n_drafts += 1;
            let draft = std::fs::read_to_string(into.join(file)).unwrap();
            let said = letters(&draft);
            for member in group["members"].as_array().unwrap() {
                for quote in member["only_here"].as_array().unwrap() {
                    let text = quote["text"].as_str().unwrap();
                    assert!(said.contains(&letters(text)), "{file}: {text}");
                }
            }
            let keep = group["keep"].as_u64().unwrap() as usize;
            let kept = plan["agents"][keep]["path"].as_str().unwrap();
            let kept = std::fs::read_to_string(fixture.join(kept)).unwrap();
            for line in kept.lines().filter(|line| !line.contains("description:")) {
                assert!(draft.contains(line.trim()), "{file}: {line}");
            }
        }
        let audit = crate::run(drafts.path(), &["audit", ".", "--format", "json"]).json();
        let findings = audit["findings"].as_array().unwrap();
        let is_broken = |finding: &&Value| finding["rule"] == "invalid-frontmatter";
        assert_eq!(findings.iter().find(is_broken), None, "{}", fixture.display());
    }
    assert!(n_drafts >= 3, "the fixtures have groups to merge");
}

#[test]
fn drafts_go_to_an_empty_folder_only() {
    let folder = tempfile::tempdir().unwrap();
    cellar(folder.path());
    write(folder.path(), "drafts/mine.md", "mine");
    let run = run(folder.path(), &["consolidate", "agents", "--write", "drafts"]);
    assert_eq!(run.code, Some(2));
    assert_eq!(run.stderr, "error: `drafts` is not empty: name a new folder for the drafts\n");
    assert_eq!(walk(&folder.path().join("drafts")).len(), 1);
}

#[test]
fn no_draft_takes_the_place_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join("here");
    cellar(&here);
    cellar(folder.path());
    // Other advice under the same names.
    for name in ["cellar-keeper", "cellar-keeper-pro"] {
        let path = format!("agents/{name}.md");
        let text = read(folder.path(), &path);
        let other = |line: &str| match line.split_once(": ") {
            Some((key @ ("tools" | "model"), value)) => format!("{key}: {value}\n"),
            Some((key @ ("name" | "description"), value)) => {
                format!("{key}: {}\n", value.replace('e', "ou").replace('i', "ae"))
            }
            _ => line.replace('e', "ou").replace('i', "ae") + "\n",
        };
        let text: String = text.lines().map(other).collect();
        write(folder.path(), &path, text);
    }
    let arguments = ["consolidate", "agents", "../agents", "--write", "drafts"];
    let run = run(&here, &arguments);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let drafts = walk(&here.join("drafts"));
    let names: Vec<_> =
        drafts.iter().map(|path| path.strip_prefix(here.join("drafts")).unwrap()).collect();
    assert_eq!(
        names,
        [Path::new("2/agents/cellar-keeper.md"), Path::new("agents/cellar-keeper.md")]
    );
}

#[cfg(unix)]
#[test]
fn apply_changes_what_git_can_undo() {
    let folder = tempfile::tempdir().unwrap();
    cellar(folder.path());
    write(
        folder.path(),
        "agents/steward.md",
        "---\nname: steward\ndescription: Runs the abbey.\n---\nAsk `cellar-keeper` or \
         `cellar-keeper-pro` for wine.\n",
    );
    let assert_refused = |why: &str| {
        let refused = run(folder.path(), &["consolidate", "agents", "--apply"]);
        assert_eq!(refused.code, Some(2));
        assert!(refused.stderr.contains(why), "{}", refused.stderr);
    };
    assert_refused("git work tree");

    git(folder.path(), &["init", "-q"]);
    assert_refused("is not tracked by git");

    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "Add agents"]);
    write(folder.path(), "agents/steward.md", "changed");
    assert_refused("`agents/steward.md` has changes that are not committed");
    assert_eq!(git(folder.path(), &["status", "--porcelain"]), " M agents/steward.md\n");

    git(folder.path(), &["checkout", "-q", "."]);
    let applied = run(folder.path(), &["consolidate", "agents", "--apply"]);
    assert_eq!((applied.code, applied.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!("cellar-applied", applied.text());
    let status = git(folder.path(), &["status", "--porcelain"]);
    assert_eq!(status.lines().count(), 2, "{status}");
    assert!(status.contains(" D agents/cellar-"), "{status}");
    assert!(status.contains(" M agents/cellar-"), "{status}");

    git(folder.path(), &["checkout", "-q", "."]);
    assert_eq!(git(folder.path(), &["status", "--porcelain"]), "");
}

#[test]
fn frontmatter_that_was_no_yaml_becomes_yaml() {
    let folder = tempfile::tempdir().unwrap();
    cellar(folder.path());
    for name in ["", "-pro"] {
        let path = format!("agents/cellar-keeper{name}.md");
        let text = read(folder.path(), &path);
        let text = text.replace("description: Keeps", "description: Use when: corks break. Keeps");
        let text = text.replace(
            "description: \"Keeps the wine cellar. Use it for questions about corks: soft, hard and broken.\"",
            "description: Keeps the wine: red and white. <example>user: 'The cork broke'\\nassistant: \
             'I will ask cellar-keeper-pro: it knows corks'</example>",
        );
        write(folder.path(), &path, text);
    }
    run(folder.path(), &["consolidate", "agents", "--write", "drafts"]);
    let draft = std::fs::read_to_string(walk(&folder.path().join("drafts")).remove(0)).unwrap();
    let head = draft.split("\n---\n").next().unwrap();
    insta::assert_snapshot!("cellar-frontmatter", head);
    let audit = run(folder.path(), &["audit", "drafts", "--format", "json"]).json();
    let findings = audit["findings"].as_array().unwrap();
    assert!(findings.iter().all(|one| one["rule"] != "invalid-frontmatter"));
}

/// Two files of one text, whose frontmatter is `one` and `other`.
fn twins(folder: &Path, one: &str, other: &str) {
    let body = "You tend the bees of the orchard.\n\n- Count the frames of each hive in April\n- \
                Feed sugar water after a week of rain\n- Paint the hive number on the southern \
                side\n- Write every swarm into the orchard book\n";
    let agent = |name: &str, fields: &str| {
        format!("---\nname: {name}\ndescription: Tends bees.\n{fields}---\n{body}")
    };
    write(folder, "agents/bee-keeper.md", agent("bee-keeper", one));
    write(folder, "agents/bee-tender.md", agent("bee-tender", other));
}

#[test]
fn a_file_whose_frontmatter_says_more_is_not_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let common = "color: amber\ntools: Read, Write\nversion: 2\nlicense: MIT\n";
    let more = "color: teal\ntools: [write]\nauthor: The \"old\" abbey\nlimits:\n  smoke:\n    - \
                \"never: at noon\" # bees\n";
    twins(folder.path(), common, more);
    for no_origin in [&["--no-origin"][..], &[]] {
        let drafts = tempfile::tempdir().unwrap();
        let into = drafts.path().join("new");
        let arguments = ["consolidate", "agents", "--format", "json", "--write"];
        let run =
            run(folder.path(), &[&arguments[..], &[into.to_str().unwrap()], no_origin].concat());
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        let plan = run.json();
        let member = &plan["groups"][0]["members"][1];
        assert_eq!(member["action"], "merge");
        assert_eq!(member["fields"], serde_json::json!(["color", "author", "limits"]));
        assert_eq!(
            member["reason"],
            "its statements stand above, but not its fields color, author, limits"
        );
        let draft = std::fs::read_to_string(&walk(&into)[0]).unwrap();
        assert!(
            draft.contains(
                "\n# DECIDE: as above, or as bee-tender.md has color: teal\n\
                 # bee-tender.md also has author: The \"old\" abbey\n\
                 # bee-tender.md also has limits:\n#     smoke:\n#       - \"never: at noon\" # bees\n"
            ),
            "{draft}"
        );
    }
}

#[test]
fn a_file_with_less_frontmatter_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    twins(folder.path(), "color: amber\ntools: Read, Write\nmodel: opus\n", "tools: [write]\n");
    let plan = plan(folder.path());
    assert_eq!(actions(&plan, 0), ["keep agents/bee-keeper.md", "drop agents/bee-tender.md"]);
    assert_eq!(plan["summary"]["fields"], 4);
    assert_eq!(plan["summary"]["sentences"], 2);
}

#[test]
fn copies_for_different_models_stay_apart() {
    for (one, other) in [
        ("model: opus\n", "model: haiku\n"),
        ("model_family: heron\n", "model_family: crane\n"),
        ("recommended_models:\n  - a/heron\n", "recommended_models:\n  - b/crane\n"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        twins(folder.path(), one, other);
        let plan = plan(folder.path());
        assert_eq!(plan["summary"]["groups"], 0, "{one}");
        assert_eq!(plan["summary"]["groups_apart"], 1, "{one}");
        let text = run(folder.path(), &["consolidate", "agents"]);
        let words: Vec<_> = text.text().split_whitespace().collect();
        let why = "of which none can stand in for another one: 1 made for different models";
        assert!(words.join(" ").contains(why), "{}", text.text());
    }
}

#[test]
fn names_that_go_are_found_wherever_they_are_called() {
    let folder = tempfile::tempdir().unwrap();
    let command = |more: &str| {
        format!(
            "---\ndescription: Moors a barge at the quay.\n---\nMoor the barge at the quay.\n\n- Ask \
             the lock keeper for a berth\n- Lay out fenders on the quay side\n- Tie the bow line \
             before the stern line\n- Write the berth into the log of the barge\n{more}"
        )
    };
    let kept = "- Switch off the engine last\n- Then call `/moor` once more for the dinghy\n- Hang \
                a lamp over the stern at night\n";
    let other = "- Run /moor --dry before the first time\n";
    write(folder.path(), ".claude/commands/moor-barge.md", command(kept));
    write(folder.path(), ".claude/commands/moor.md", command(other));
    write(
        folder.path(),
        ".claude/agents/skipper.md",
        "---\nname: skipper\ndescription: Steers.\n---\nUse /moor at the quay and commands:moor \
         elsewhere.\nRead docs/moor and moor/notes; a moor is wet.\n",
    );
    let plan = plan(folder.path());
    let references: Vec<String> = plan["groups"][0]["references"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap();
            format!("{}:{} {} {}", text("path"), one["line"], text("name"), text("instead"))
        })
        .collect();
    assert_eq!(
        references,
        [
            ".claude/agents/skipper.md:5 moor moor-barge",
            ".claude/commands/moor-barge.md:11 moor moor-barge",
            ".claude/commands/moor.md:10 moor moor-barge",
        ]
    );
    let text = run(folder.path(), &["consolidate", "."]);
    assert!(
        text.text().contains("rename to `moor-barge`: .claude/agents/skipper.md:5 (`moor`)"),
        "{}",
        text.text()
    );
}

#[test]
fn plugins_are_not_merged_with_each_other() {
    let body = "---\nname: kite-maker\ndescription: Builds kites.\n---\nYou build kites.\n\n- Split \
                the bamboo along its grain\n- Glue the paper with rice paste\n- Balance the frame \
                on one finger\n";
    let layouts = [
        ("plugins/wind/agents", "plugins/sky/agents", None),
        ("external_plugins/wind/agents", "plugins/wind/agents", None),
        ("kits/wind/agents", "kits/sky/agents", Some("kits/sky")),
    ];
    for (one, other, manifest) in layouts {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &format!("{one}/kite-maker.md"), body);
        write(folder.path(), &format!("{other}/kite-builder.md"), body);
        let before = plan(folder.path());
        assert_eq!(before["summary"]["groups"], u64::from(manifest.is_some()), "{one}");
        if let Some(plugin) = manifest {
            write(folder.path(), &format!("{plugin}/.claude-plugin/plugin.json"), "{}");
        }
        let plan = plan(folder.path());
        assert_eq!(plan["summary"]["groups"], 0, "{one}");
        assert_eq!(plan["summary"]["groups_apart"], 1, "{one}");
    }
}

#[test]
fn of_two_folders_with_the_same_files_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let agent = |name: &str, work: &str| {
        format!(
            "---\nname: {name}\ndescription: {work}\n---\nYou do this: {work}\n\n- Begin with the \
             {name} list of the day\n- Put every tool of the {name} back in its place\n- Tell the \
             steward when {name} work is done\n"
        )
    };
    for (name, work) in
        [("cook", "Boils soup for the crew."), ("sailor", "Mends the mainsail in harbour.")]
    {
        for tree in ["agents", "agents/borrowed/old"] {
            write(folder.path(), &format!("{tree}/deck/{name}.md"), agent(name, work));
        }
    }
    let plan = plan(folder.path());
    for (group, name) in [(0, "sailor"), (1, "cook")] {
        assert_eq!(
            actions(&plan, group),
            [
                format!("keep agents/deck/{name}.md"),
                format!("drop agents/borrowed/old/deck/{name}.md")
            ]
        );
        assert_eq!(
            plan["groups"][group]["members"][1]["reason"],
            format!("the same text as `agents/deck/{name}.md`, whose folder is less deep")
        );
    }
}

/// Two smiths with steps, formats and rules under the same and other titles.
fn smiths(folder: &Path) {
    let shared = "You forge hinges for the town gate.\n\n## Safety\n\n- Wear the leather apron at the \
                  fire\n- Keep a bucket of sand beside the anvil\n- Clear the floor before the \
                  hammer falls\n- Call out before you quench the iron\n\n";
    let agent = |name: &str, body: &str| {
        format!(
            "---\nname: {name}\ndescription: Forges hinges for the town gate.\n---\n{shared}{body}"
        )
    };
    let kept = "## Process\n\n1. Heat the bar to bright orange\n2. Draw out the leaf of the hinge\n3. \
                Roll the eye around the mandrel\n4. Quench the hinge in oil\n\n## Report format\n\n\
                ```\nhinge: done\n```\n\n## Prices\n\n- Ask two coins for a plain pair\n- Ask three \
                coins for a pair with scrolls\n- Add half a coin for work at night\n";
    let other = "## Process\n\n1. Heat the bar to bright orange\n2. Measure the gap of the gate with \
                 a stick\n3. Punch four holes through each leaf\n4. Rub the hinge with beeswax\n\n## \
                 Report format\n\n```\ngate and hinge, both sides\n```\n\n## Coal\n\n- Sieve the coal \
                 twice a week\n- Store it under the northern roof\n";
    write(folder, "agents/hinge-smith.md", agent("hinge-smith", kept));
    write(folder, "agents/hinge-smith-pro.md", agent("hinge-smith-pro", other));
}

#[test]
fn steps_and_formats_of_two_files_are_not_mixed() {
    let folder = tempfile::tempdir().unwrap();
    smiths(folder.path());
    let run = run(folder.path(), &["consolidate", "agents", "--write", "drafts"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!("smith-draft", read(folder.path(), "drafts/hinge-smith.md"));
}

#[test]
fn what_is_refused_counts_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    cellar(folder.path());
    let path = folder.path().join("agents/cellar-keeper.md");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend(b"- Say caf\xE9 to the guests\n");
    std::fs::write(&path, bytes).unwrap();
    let plan = run(folder.path(), &["consolidate", "agents", "--format", "json"]).json();
    let summary = &plan["summary"];
    for key in ["merged", "dropped", "moved_statements", "decisions", "placed"] {
        assert_eq!(summary[key], 0, "{key}");
    }
    assert_eq!((&summary["groups"], &summary["refused"]), (&1.into(), &1.into()));
    assert_eq!(summary["tokens"]["saved"], 0);
    let text = run(folder.path(), &["consolidate", "agents"]);
    assert!(text.text().contains("1. redundant: stays as it is"), "{}", text.text());
    assert!(!text.text().contains("Saves"), "{}", text.text());
}

#[test]
fn the_report_and_the_plan_count_the_same() {
    for entry in std::fs::read_dir(fixture("")).unwrap() {
        let fixture = entry.unwrap().path();
        if !fixture.is_dir() {
            continue;
        }
        let report = run(&fixture, &["audit", ".", "--format", "json"]).json();
        let plan = run(&fixture, &["consolidate", ".", "--format", "json"]).json();
        let figures = |group: &Value, statements: &str| {
            let keys = ["keep", "relation", "tokens_saved", "description_tokens_saved", statements];
            keys.map(|key| group[key].clone())
        };
        let figures_of = |result: &Value, statements: &str| -> Vec<_> {
            let groups = result["groups"].as_array().unwrap().iter();
            groups.map(|group| figures(group, statements)).collect()
        };
        assert_eq!(
            figures_of(&report, "missing_units"),
            figures_of(&plan, "moved_statements"),
            "{}",
            fixture.display()
        );
        assert_eq!(report["apart"], plan["apart"], "{}", fixture.display());
        let tokens = |result: &Value, key: &str| result["summary"]["tokens"][key].clone();
        assert_eq!(tokens(&report, "redundant"), tokens(&plan, "saved"));
    }
}

#[test]
fn a_group_that_is_accepted_is_not_planned() {
    let folder = tempfile::tempdir().unwrap();
    twins(folder.path(), "", "");
    assert_eq!(plan(folder.path())["summary"]["groups"], 1);
    write(
        folder.path(),
        "agent-overlap.toml",
        "[[accept]]\nrule = \"duplicate-agent\"\npaths = [\"agents/\"]\nreason = \"both are sold\"\n",
    );
    let plan = plan(folder.path());
    assert_eq!(plan["summary"]["groups"], 0);
    assert_eq!(plan["apart"], serde_json::json!([]));
}

#[test]
fn a_sentence_that_has_a_name_inside_a_word_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let agent = |name: &str, more: &str, lines: &str| {
        format!(
            "---\nname: {name}\ndescription: Keeps the books of the harbour.{more}\n---\nYou keep \
             the books of the harbour.\n\n- Write each berth fee into the ledger on its day\n- \
             Close the ledger of the quay on the last evening of a month\n- Ask the harbour \
             master before you strike out a line\n{lines}"
        )
    };
    let more = " Do not use for the planning of capital budgets.";
    let lines = "- Count the coins of the till twice\n- Lock the till at sunset\n";
    write(folder.path(), "agents/api-pro.md", agent("api-pro", "", lines));
    write(folder.path(), "agents/api.md", agent("api", more, ""));
    let run = run(folder.path(), &["consolidate", "agents", "--write", "drafts"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let draft = read(folder.path(), "drafts/api-pro.md");
    assert!(draft.contains(more), "{draft}");
}

#[test]
fn a_byte_order_mark_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    cellar(folder.path());
    let mark = "\u{FEFF}";
    for name in ["cellar-keeper", "cellar-keeper-pro"] {
        let path = format!("agents/{name}.md");
        let text = read(folder.path(), &path);
        write(folder.path(), &path, format!("{mark}{text}"));
    }
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "Add agents"]);
    let drafts = tempfile::tempdir().unwrap();
    let into = drafts.path().join("new");
    for how in [&["--write", into.to_str().unwrap()][..], &["--apply"]] {
        let arguments = [&["consolidate", "agents"], how].concat();
        assert_eq!(run(folder.path(), &arguments).code, Some(0));
    }
    let applied = walk(&folder.path().join("agents"));
    for merged in [&walk(&into)[..], &applied].concat() {
        let text = std::fs::read_to_string(merged).unwrap();
        assert_eq!(text.matches(mark).count(), 1, "{text}");
        assert!(text.starts_with(mark), "{text}");
    }
}

#[test]
fn drafts_of_files_with_other_line_breaks_say_the_same() {
    for fill in [cellar, smiths] {
        let drafts = ["\n", "\r\n", "\r"].map(|line_break| {
            let folder = tempfile::tempdir().unwrap();
            fill(folder.path());
            for file in walk(folder.path()) {
                let text = std::fs::read_to_string(&file).unwrap();
                std::fs::write(&file, text.replace('\n', line_break)).unwrap();
            }
            let arguments = ["consolidate", "agents", "--write", "drafts"];
            let run = run(folder.path(), &arguments);
            assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
            let draft = std::fs::read_to_string(&walk(&folder.path().join("drafts"))[0]).unwrap();
            let plain = draft.replace(line_break, "\n");
            assert!(!plain.contains('\r'), "{draft:?}");
            plain
        });
        assert_eq!(drafts[1], drafts[0]);
        assert_eq!(drafts[2], drafts[0]);
    }
}

/// Two lamp keepers with steps that stand under no heading.
fn lamp_keepers(folder: &Path) {
    let agent = |name: &str, model: &str, steps: &str, more: &str| {
        format!(
            "---\nname: {name}\ndescription: Keeps the lamps of the pier.\nmodel: {model}\n---\nYou \
             keep the lamps of the pier.\n\nWhen called:\n1. {steps}\n\nChecklist:\n- Trim every wick \
             before dusk\n- Fill the northern lamp with whale oil\n- Wipe soot off the glass with \
             vinegar\n- Note the hour of lighting in the log\n{more}"
        )
    };
    let kept =
        "Climb the iron ladder\n2. Open the vent on the roof\n3. Light the wick with a taper";
    let other = "Row out to the pier head\n2. Ring the bell of the tower\n3. Turn the lens by hand";
    write(
        folder,
        "agents/lamp-keeper.md",
        agent(
            "lamp-keeper",
            "sonnet",
            kept,
            "- Lock the oil store\n- Count the tapers on Sundays\n- Sweep the gallery\n- Wind the \
             clockwork at noon\n\nIn fog, call `lamp-keeper-pro`.\n",
        ),
    );
    write(
        folder,
        "agents/lamp-keeper-pro.md",
        agent("lamp-keeper-pro", "opus", other, "- Ask lamp-keeper-pro for spare glass\n"),
    );
}

#[test]
fn calls_and_steps_are_placed_in_the_files_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    lamp_keepers(folder.path());
    let arguments = ["consolidate", "agents", "--write", "drafts"];
    let run = run(folder.path(), &arguments);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!("lamps-written", run.text());
    let draft = read(folder.path(), "drafts/lamp-keeper.md");
    let steps = "DECIDE: the steps under \"When called\" with \"Climb the iron ladder\" \
                 (lamp-keeper.md:9) or the steps under \"When called\" with \"Row out to the pier \
                 head\" (lamp-keeper-pro.md:9)?";
    assert!(draft.contains(steps), "{draft}");
}

#[test]
fn what_drafts_come_to_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    cellar(folder.path());
    let n_tokens = |path: &Path| std::fs::read_to_string(path).unwrap().len().div_ceil(4) as u64;
    let before: u64 = walk(&folder.path().join("agents")).iter().map(|path| n_tokens(path)).sum();
    let mut afters = Vec::new();
    for no_origin in [&["--no-origin"][..], &[]] {
        let drafts = tempfile::tempdir().unwrap();
        let into = drafts.path().join("new");
        let arguments = ["consolidate", "agents", "--format", "json", "--write"];
        let arguments = [&arguments[..], &[into.to_str().unwrap()], no_origin].concat();
        let plan = run(folder.path(), &arguments).json();
        let tokens = &plan["written"]["tokens"];
        assert_eq!(tokens, &plan["summary"]["tokens"]["drafts"]);
        let count = |key: &str| tokens[key].as_u64().unwrap();
        assert!(count("before").abs_diff(before) < 5, "{tokens}");
        assert!(count("after").abs_diff(n_tokens(&walk(&into)[0])) < 5, "{tokens}");
        afters.push((count("after"), count("comments")));
    }
    let [(without, marks), (with, all)] = afters[..] else {
        unreachable!("there are two runs");
    };
    assert!(marks > 0 && marks < all, "{afters:?}");
    assert!((with - without).abs_diff(all - marks) < 5, "{afters:?}");
}

#[test]
fn variants_for_two_models_and_rules_for_other_files_stay() {
    let folder = tempfile::tempdir().unwrap();
    let body = "Tend the bees of the orchard.\n\n- Count the frames of each hive in April\n- Feed \
                sugar water after a week of rain\n- Paint the hive number on the southern side\n";
    for (name, model) in [("bee-keeper", "opus"), ("bee-keeper-low", "haiku")] {
        let own = format!("- Report as {name} at noon\n");
        let text = format!(
            "---\nname: {name}\ndescription: Tends bees.\nmodel: {model}\n---\n{body}{own}"
        );
        write(folder.path(), &format!(".claude/agents/{name}.md"), text);
    }
    for (name, globs) in [("hive-north", "north/**"), ("hive-south", "south/**")] {
        let text = format!("---\ndescription: Hives\nglobs: {globs}\n---\n{body}");
        write(folder.path(), &format!(".cursor/rules/{name}.mdc"), text);
    }
    let plan = plan(folder.path());
    assert_eq!(plan["groups"], serde_json::json!([]));
    let reasons: Vec<&str> = plan["apart"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group["reason"].as_str().unwrap())
        .collect();
    assert!(reasons.contains(&"made for different models"), "{reasons:?}");
    assert!(reasons.contains(&"loaded for different files"), "{reasons:?}");
}

#[test]
fn copies_that_disagree_twice_are_marked_pair_by_pair() {
    let folder = tempfile::tempdir().unwrap();
    let body = "You look after the signals.\n\n- Trim each wick before dusk\n- Clean the lens \
                with vinegar\n- Log the hours of fog\n- Salute passing pilots\n";
    for (name, own) in [
        (
            "lamp-keeper",
            "- Signals have at most 50 flashes\n\n## Repairs\n\nOrder a spare for each.\n",
        ),
        (
            "lamp-tender",
            "- Signals have at most 30 flashes\n\n## Repairs\n\nDo not order spares.\n",
        ),
    ] {
        let text = format!("---\nname: {name}\ndescription: Keeps lamps.\n---\n{body}{own}");
        write(folder.path(), &format!("agents/{name}.md"), text);
    }
    let run = run(folder.path(), &["consolidate", "agents", "--no-origin", "--write", "drafts"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let draft = std::fs::read_to_string(&walk(&folder.path().join("drafts"))[0]).unwrap();
    for said in
        ["at most 50 flashes", "at most 30 flashes", "spare for each", "Do not order spares"]
    {
        assert!(draft.contains(said), "{draft}");
    }
    let marks = draft.lines().filter(|line| line.contains("DECIDE: "));
    for mark in marks.clone() {
        let is_of_flashes = mark.contains("50 flashes") && mark.contains("30 flashes");
        let is_of_spares = mark.contains("spare for each") && mark.contains("order spares");
        assert!(is_of_flashes || is_of_spares, "{mark}");
    }
    assert_eq!(marks.count(), 2, "{draft}");
}

/// Writes two definitions of one description and returns their draft.
fn draft_of(kept: (&str, &str), other: (&str, &str)) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, body) in [kept, other] {
        let text = format!("---\nname: {name}\ndescription: Looks after the ferry.\n---\n{body}");
        write(folder.path(), &format!("agents/{name}.md"), text);
    }
    let arguments = ["consolidate", "agents", "--no-origin", "--write", "drafts"];
    let run = run(folder.path(), &arguments);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let drafts = walk(&folder.path().join("drafts"));
    assert_eq!(drafts.len(), 1, "{}", run.text());
    std::fs::read_to_string(&drafts[0]).unwrap()
}

const FERRY: &str = "You look after the ferry.\n\n- Grease the chain before the first crossing\n- \
                     Count the passengers at the gangway\n- Ring the bell in fog\n- Hoist the lantern at \
                     dusk\n- Sweep sand off the ramp\n- Turn back when the river stands over the mark\n";

/// The lines of a draft from one that begins so up to the next blank one.
fn below<'d>(draft: &'d str, start: &str) -> Vec<&'d str> {
    let lines = draft.lines().skip_while(|line| !line.starts_with(start));
    let mut lines = lines.skip(1).skip_while(|line| line.is_empty());
    lines.by_ref().take_while(|line| !line.is_empty()).collect()
}

#[test]
fn lead_ins_that_order_something_are_not_lost() {
    let parts = "\n- **Load**: carts and horses\n- **Delay**: in minutes\n";
    let draft = draft_of(
        (
            "ferry-keeper",
            &format!(
                "{FERRY}- Wait thirty minutes for the mail\n- Tie up at the northern post\n\nWrite the \
                 log to `crossings/<date>.md` with these parts:\n{parts}"
            ),
        ),
        (
            "ferry-keeper-pro",
            &format!(
                "{FERRY}- Wait sixty minutes for the mail\n\nWrite the log to `reports/<date>.md` with \
                 these parts:\n{parts}"
            ),
        ),
    );
    let mark = |words: &str| {
        let mut lines = draft.lines().filter(|line| line.contains("DECIDE"));
        lines.any(|line| words.split(' ').all(|word| line.contains(word)))
    };
    assert!(mark("crossings/ reports/"), "{draft}");
    assert!(mark("thirty sixty"), "{draft}");
}

#[test]
fn lists_stay_below_what_introduces_them() {
    let draft = draft_of(
        (
            "ferry-keeper",
            &format!(
                "{FERRY}\nWhen you repair the winch:\n\n1. Take off the load\n2. Draw the pin\n3. Oil the \
                 axle\n4. Boundaries: you must NOT:\n   - Cut the rope\n   - Work alone\n\n\
                 ## Winter\n\n- Break the ice along the hull\n- Strew ashes on the steps\n- Bring the \
                 benches into the shed\n- Drain the pump before frost\n- Cover the wheelhouse with \
                 canvas\n- Store the oars under the roof\n- Scrape mussels off the keel\n- Tar the seams \
                 of the dinghy\n"
            ),
        ),
        (
            "ferry-keeper-pro",
            &format!(
                "{FERRY}\nBefore repairs, you will:\n\n- Note the wear of each cog\n- Lay out spare \
                 shackles\n\n**Checks on the bank:**\n\nBefore you cast off, look at:\n\n- The tide \
                 table\n- The flag of the harbour\n\nOn Sundays:\n\n- Ask the sexton for the key\n"
            ),
        ),
    );
    for (lead_in, expected) in [
        (
            "Before repairs, you will:",
            &["- Note the wear of each cog", "- Lay out spare shackles"][..],
        ),
        ("## Checks on the bank", &["Before you cast off, look at:"]),
        ("Before you cast off, look at:", &["- The tide table", "- The flag of the harbour"]),
        ("On Sundays:", &["- Ask the sexton for the key"]),
        ("   - Work alone", &["Before repairs, you will:"]),
    ] {
        assert_eq!(below(&draft, lead_in), expected, "{lead_in}: {draft}");
    }
}

#[test]
fn what_stands_against_each_other_is_marked() {
    let draft = draft_of(
        (
            "ferry-keeper",
            &format!("{FERRY}- Ask for spare planks at https://north.example/yard before the winter\n"),
        ),
        (
            "ferry-keeper-pro",
            &FERRY.replace("You look after the ferry.", "You are the mate of the steamer.")
                .replace("- Hoist", "- Ask for spare planks at https://north.example/mill before the winter\n- Hoist"),
        ),
    );
    let marks: Vec<&str> = draft.lines().filter(|line| line.contains("DECIDE")).collect();
    assert_eq!(marks.len(), 1, "{draft}");
    assert!(marks[0].contains("/yard") && marks[0].contains("/mill"), "{draft}");
    let selves = |one: &str| FERRY.replace("You look after", one);
    let draft = draft_of(
        ("ferry-keeper", &format!("{}- Salute pilots\n", selves("You are the owner of"))),
        ("ferry-keeper-pro", &selves("You are a seasoned inspector and critic of")),
    );
    let mut lines = draft.lines();
    let is_marked = |line: &str| line.contains("DECIDE") && line.contains("You are the owner");
    assert!(lines.any(is_marked), "{draft}");
}

#[test]
fn drafts_do_not_go_where_agents_are_read() {
    let folder = tempfile::tempdir().unwrap();
    cellar(folder.path());
    for (read, write) in
        [(".", "drafts"), ("agents", "agents/new/drafts"), ("agents", "./agents/../agents/x")]
    {
        let run = run(folder.path(), &["consolidate", read, "--write", write]);
        assert_eq!(run.code, Some(2), "{read} {write}");
        let expected = format!("error: `{write}` lies in `{read}`, so that the next run");
        assert!(run.stderr.starts_with(&expected), "{}", run.stderr);
    }
    let hint = |read: &str| run(folder.path(), &["consolidate", read]).text().to_owned();
    assert!(hint(".").contains("--write ../drafts"));
    assert!(hint("agents").contains("--write drafts"));
}

/// Where the plan of a folder says that agents that go are called.
fn references(folder: &Path) -> Vec<String> {
    let plan = plan(folder);
    let references = plan["groups"][0]["references"].as_array().unwrap();
    let place = |one: &Value| format!("{}:{}", one["path"].as_str().unwrap(), one["line"]);
    references.iter().map(place).collect()
}

#[test]
fn an_agent_is_called_by_its_name_though_a_skill_has_it_too() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["ferry-keeper", "ferry-mate"] {
        let text = format!("---\nname: {name}\ndescription: Looks after the ferry.\n---\n{FERRY}");
        let own = if name == "ferry-keeper" { "- Salute pilots\n" } else { "" };
        write(folder.path(), &format!(".claude/agents/{name}.md"), format!("{text}{own}"));
    }
    let skill = "---\nname: ferry-mate\ndescription: Paints boats.\n---\nPaint the boats.\n";
    write(folder.path(), ".claude/skills/ferry-mate/SKILL.md", skill);
    write(folder.path(), "CLAUDE.md", "Ask `@ferry-mate` first.\n\nUse `ferry-mate` to paint.\n");
    assert_eq!(references(folder.path()), ["CLAUDE.md:1"]);
}

#[test]
fn the_head_of_a_family_is_not_merged_with_its_members() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["ferry", "ferry:keeper"] {
        let text = format!("---\nname: {name}\ndescription: Looks after the ferry.\n---\n{FERRY}");
        write(folder.path(), &format!("agents/{}.md", name.replace(':', "-")), text);
    }
    let plan = plan(folder.path());
    assert_eq!(plan["groups"], serde_json::json!([]));
    let reason = plan["apart"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("the family that it heads"), "{reason}");
}

#[test]
fn links_to_files_that_go_are_found() {
    let folder = tempfile::tempdir().unwrap();
    for (name, own) in [("boatman", "- Salute pilots\n"), ("ferryman", "")] {
        let text =
            format!("---\nname: {name}\ndescription: Looks after the ferry.\n---\n{FERRY}{own}");
        write(folder.path(), &format!(".claude/agents/{name}.md"), text);
    }
    let text =
        "A ferryman has a [guide](docs/ferryman.md).\n\nRead [this](.claude/agents/ferryman.md).\n";
    write(folder.path(), "CLAUDE.md", text);
    assert_eq!(references(folder.path()), ["CLAUDE.md:3"]);
}

#[test]
fn links_to_images_of_a_name_are_no_calls() {
    let folder = tempfile::tempdir().unwrap();
    for (name, own) in [("ferry-man", "- Salute pilots\n"), ("ferry-mate", "")] {
        let text =
            format!("---\nname: {name}\ndescription: Looks after the ferry.\n---\n{FERRY}{own}");
        write(folder.path(), &format!(".claude/agents/{name}.md"), text);
    }
    let text = "![ferry-mate](art/ferry-mate.svg) and `ferry-mate.png`\n\nAsk ferry-mate.\n\n\
                [One](ferry-mate.md)\n";
    write(folder.path(), "CLAUDE.md", text);
    assert_eq!(references(folder.path()), ["CLAUDE.md:3", "CLAUDE.md:5"]);
}

#[test]
fn what_holds_under_one_circumstance_is_not_said_under_another() {
    let of_river = "- Moor at the upper landing\n- Tell the toll keeper at once\n";
    let draft = draft_of(
        (
            "ferry-keeper",
            &format!(
                "{FERRY}- Rest the horses\n\nIf the river rises:\n\n{of_river}\nIf the river falls:\n\n\
                 - Sound the channel with a pole\n\n## On market days\n\n- Sell tickets on the bank\n"
            ),
        ),
        (
            "ferry-keeper-pro",
            &format!(
                "{FERRY}\nIf the river falls:\n\n{of_river}\n## On Sundays\n\n- Sell tickets on the \
                 bank\n\n## After the last crossing\n\n- Ring the bell in fog\n"
            ),
        ),
    );
    for (title, expected) in [
        (
            "If the river rises:",
            &["- Moor at the upper landing", "- Tell the toll keeper at once"][..],
        ),
        (
            "If the river falls:",
            &[
                "- Sound the channel with a pole",
                "- Moor at the upper landing",
                "- Tell the toll keeper at once",
            ],
        ),
        ("## On market days", &["- Sell tickets on the bank"]),
        ("## On Sundays", &["- Sell tickets on the bank"]),
        ("## After the last crossing", &["- Ring the bell in fog"]),
    ] {
        assert_eq!(below(&draft, title), expected, "{title}: {draft}");
    }
    assert!(!draft.contains("DECIDE"), "{draft}");
}

#[test]
fn what_can_both_be_followed_is_not_marked() {
    let draft = draft_of(
        (
            "ferry-keeper",
            &format!(
                "{FERRY}- Use the long winch when the load is light and dry\n\n## When to use the raft\n\n\
                 - The load fits on two carts of the mill\n"
            ),
        ),
        (
            "ferry-keeper-pro",
            &format!(
                "{FERRY}- Do not use the long winch when the load is heavy and dry\n\n## When not to use \
                 the raft\n\n- The load fits on two carts of the mill\n"
            ),
        ),
    );
    for line in [
        "- Do not use the long winch when the load is heavy and dry",
        "## When not to use the raft",
    ] {
        assert!(draft.lines().any(|own| own == line), "{line}: {draft}");
    }
    assert!(!draft.contains("DECIDE"), "{draft}");
}

#[test]
fn a_statement_with_a_clause_more_is_not_lost() {
    let (short, long) = (
        "- Grease the iron bearings of the winch with tallow",
        "- Grease the iron bearings of the winch with tallow, except in frost",
    );
    for (kept, other) in [(short, long), (long, short)] {
        let draft = draft_of(
            ("ferry-keeper", &format!("{FERRY}{kept}\n- Rest the horses\n")),
            ("ferry-keeper-pro", &format!("{FERRY}{other}\n")),
        );
        for line in [short, long] {
            assert!(draft.lines().any(|own| own == line), "{line}: {draft}");
        }
    }
}

#[test]
fn lists_and_tables_keep_what_stands_above_them() {
    let draft = draft_of(
        (
            "ferry-keeper",
            &format!(
                "{FERRY}- Rest the horses\n\nCare of Ropes\n\n- Dry each rope in the wind\n\n## Fares\n\n\
                 | load | by day | by night |\n|-|-|-|\n| cart | 2 | 4 |\n"
            ),
        ),
        (
            "ferry-keeper-pro",
            &format!(
                "{FERRY}\nCare of Sails\n\n- Patch holes with canvas\n\nCare of Ropes\n\n- Tar the worn \
                 strands\n\n## Fares\n\n| load | by night | by day |\n|-|-|-|\n| horse | 6 | 3 |\n"
            ),
        ),
    );
    for (title, expected) in [
        ("Care of Ropes", &["- Tar the worn strands", "- Dry each rope in the wind"][..]),
        ("Care of Sails", &["- Patch holes with canvas"]),
        ("| load | by day | by night |", &["|-|-|-|", "| cart | 2 | 4 |"]),
        ("| load | by night | by day |", &["|-|-|-|", "| horse | 6 | 3 |"]),
    ] {
        assert_eq!(below(&draft, title), expected, "{title}: {draft}");
    }
}

#[test]
fn steps_are_put_in_without_gaps_and_whole_where_they_are_to_be_decided() {
    let steps = |steps: [&str; 4]| {
        let lines = (1..).zip(steps).map(|(n, step)| format!("{n}. {step}\n"));
        lines.collect::<String>()
    };
    let kept = steps([
        "Weigh the cart", "Lash the wheels to the deck", "Lower the bar", "Cast off the stern line",
    ]);
    let other = steps([
        "Ask for the toll", "Lash the wheels to the deck", "Blow the horn twice",
        "Tell the far bank by flag",
    ]);
    let draft = draft_of(
        ("ferry-keeper", &format!("{FERRY}- Rest the horses\n\n## Workflow\n\n{kept}")),
        ("ferry-keeper-pro", &format!("{FERRY}\n## Workflow\n\n{other}")),
    );
    let own: Vec<&str> = below(&draft, "## Workflow (ferry-keeper)");
    assert!(own[0].starts_with("<!-- DECIDE"), "{draft}");
    assert!(draft.contains(&kept) && draft.contains(&other), "{draft}");
    let draft = draft_of(
        ("ferry-keeper", &format!("{FERRY}- Rest the horses\n\n## Rules\n\n{kept}")),
        ("ferry-keeper-pro", &format!("{FERRY}\n## Bank rules\n\n{other}")),
    );
    let expected = ["1. Weigh the cart", "2. Lower the bar", "3. Cast off the stern line"];
    assert_eq!(below(&draft, "## Rules"), expected, "{draft}");
}
