//! `agent-overlap completions` and `man`.

use std::fs;

use crate::{repository, run};

#[test]
fn every_shell_has_completions_for_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = run(repository(), &["completions", shell]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        for name in ["audit", "facets", "fail-on"] {
            assert!(run.text().contains(name), "{shell}: {name}");
        }
    }
}

#[cfg(unix)]
#[test]
fn bash_completes_with_the_script() {
    let script = run(repository(), &["completions", "bash"]);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("script"), script.stdout).unwrap();
    let line = "source ./script; COMP_WORDS=(agent-overlap audit --form); COMP_CWORD=2; \
                _agent__overlap agent-overlap --form audit; echo \"${COMPREPLY[@]}\"";
    let output = std::process::Command::new("bash")
        .args(["-c", line])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "--format\n");
}

#[test]
fn each_command_has_a_man_page() {
    let page = run(repository(), &["man"]);
    assert_eq!((page.code, page.stderr.as_str()), (Some(0), ""));
    assert!(page.text().contains(".TH agent-overlap 1"));

    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path(), &["man", "share/man1"]);
    assert_eq!((run.code, run.stdout.len()), (Some(0), 0));
    let names: Vec<String> = fs::read_dir(folder.path().join("share/man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for name in ["agent-overlap.1", "agent-overlap-audit.1", "agent-overlap-man.1"] {
        assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
    }
    let audit = fs::read_to_string(folder.path().join("share/man1/agent-overlap-audit.1")).unwrap();
    assert!(audit.contains("fail\\-on") && audit.contains("sarif"));
}
