//! Discovery against real folders.

use std::fs;
use std::path::{Path, PathBuf};

use super::root::climbed;
use super::*;

const DEFINITION: &str = "---\nname: x\ndescription: y\n---\nDo.\n";

fn put(folder: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn options(folder: &Path) -> DiscoverOptions {
    DiscoverOptions::new(folder.to_owned(), &Config::default())
}

fn run(folder: &Path, paths: &[&str]) -> Discovery {
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    discover(&paths, &options(folder)).unwrap()
}

fn shown(found: &Discovery) -> Vec<&str> {
    found.files.iter().map(|file| file.source.path.as_str()).collect()
}

fn skipped(found: &Discovery) -> Vec<(&str, SkipReason)> {
    found.skipped.iter().map(|file| (file.path.as_str(), file.reason)).collect()
}

fn problems(found: &Discovery) -> Vec<(&str, &str)> {
    found.problems.iter().map(|problem| (problem.path.as_str(), problem.message.as_str())).collect()
}

#[test]
fn definitions_are_found_and_the_rest_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    for path in [".claude/agents/a.md", "b.mdc", "c.txt", "deep/d.markdown", "e.rs", "README.md"] {
        put(folder.path(), path, DEFINITION);
    }
    put(folder.path(), "notes.md", "# Notes\n");
    put(folder.path(), "page.md", "---\ntitle: x\n---\n");
    put(folder.path(), ".claude/agents/empty.md", " \n");
    let found = run(folder.path(), &["."]);
    assert_eq!(shown(&found), [".claude/agents/a.md", "b.mdc", "c.txt", "deep/d.markdown"]);
    let expected = [
        (".claude/agents/empty.md", SkipReason::Empty),
        ("README.md", SkipReason::DocumentName),
        ("notes.md", SkipReason::NoFrontmatter),
        ("page.md", SkipReason::OtherFrontmatter),
    ];
    assert_eq!(skipped(&found), expected);
    assert!(found.problems.is_empty() && !found.unreachable);
}

#[test]
fn files_without_frontmatter_are_judged_by_their_neighbours() {
    let folder = tempfile::tempdir().unwrap();
    for path in [
        "plain/agents/a.md", "plain/agents/b.md", "mixed/agents/a.md", "p/commands/a.md",
        "q/commands/a.md",
    ] {
        put(folder.path(), path, "# Role\n");
    }
    for path in ["plain/agents/c.md", "mixed/agents/b.md", "p/agents/b.md"] {
        put(folder.path(), path, DEFINITION);
    }
    let found = run(folder.path(), &["."]);
    let expected = [
        "mixed/agents/b.md", "p/agents/b.md", "p/commands/a.md", "plain/agents/a.md",
        "plain/agents/b.md", "plain/agents/c.md",
    ];
    assert_eq!(shown(&found), expected);
}

#[test]
fn a_named_file_is_read_whatever_it_is() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "README.md", "# Text\n");
    put(folder.path(), "node_modules/x.rst", "");
    put(folder.path(), "garbage", b"\x89PNG\0\0\0\0\xFF\xFF");
    let found = run(folder.path(), &["README.md", "./node_modules//x.rst", "garbage"]);
    assert_eq!(shown(&found), ["README.md", "garbage", "node_modules/x.rst"]);
    assert!(found.files.iter().all(|file| file.named));
    assert_eq!(found.problems.len(), 2);
}

#[test]
fn each_file_is_read_once_whatever_the_order_of_paths() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a/b/x.md", DEFINITION);
    put(folder.path(), "a/y.md", DEFINITION);
    let absolute = folder.path().join("a").to_string_lossy().into_owned();
    let mut paths = ["a/b", "a", "./a/b/../b/x.md", "a", &absolute];
    let first = run(folder.path(), &paths);
    assert_eq!(shown(&first), ["a/b/x.md", "a/y.md"]);
    assert_eq!(first.files.iter().map(|file| file.named).collect::<Vec<_>>(), [true, false]);
    paths.reverse();
    assert_eq!(shown(&run(folder.path(), &paths)), shown(&first));
}

#[test]
fn shown_paths_keep_what_was_typed_outside_the_working_folder() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "other/.claude/agents/x.md", DEFINITION);
    put(folder.path(), "home/.claude/agents/x.md", DEFINITION);
    put(folder.path(), "work/.claude/agents/dev/x.md", DEFINITION);
    let work = folder.path().join("work");
    let found = run(&work, &["..//other/./.claude"]);
    assert_eq!(shown(&found), ["../other/.claude/agents/x.md"]);
    assert_eq!(found.files[0].origin.load_root, "../other/.claude/agents");
    assert_eq!(found.files[0].origin.project_root.as_deref(), Some("../other"));

    let found = run(&work.join(".claude/agents/dev"), &["."]);
    assert_eq!(shown(&found), ["x.md"]);
    assert_eq!(found.files[0].origin.load_root, "..");
    assert_eq!(found.files[0].origin.project_root.as_deref(), Some("../../.."));

    let home_folder = Some(folder.path().join("home"));
    let options = DiscoverOptions { home_folder, ..options(&work) };
    let found = discover(&[PathBuf::from("~/.claude/agents")], &options).unwrap();
    assert_eq!(shown(&found), ["~/.claude/agents/x.md"]);
    assert_eq!(found.files[0].origin.project_root.as_deref(), Some("~"));
}

#[test]
fn climbing_goes_above_what_is_shown() {
    for (path, levels, expected) in [
        ("", 1, ".."),
        ("a/b", 1, "a"),
        ("a/b", 2, ""),
        ("a", 3, "../.."),
        ("../a", 2, "../.."),
        ("/a", 1, "/"),
    ] {
        assert_eq!(climbed(path, levels), expected, "{path} {levels}");
    }
}

#[test]
fn ignore_files_and_exclusions_are_honoured() {
    let folder = tempfile::tempdir().unwrap();
    for path in [
        "a.md", "ignored/b.md", "dot/c.md", "out/d.md", "node_modules/e.md", ".git/f.md",
        "sub/old.md",
    ] {
        put(folder.path(), path, DEFINITION);
    }
    put(folder.path(), ".gitignore", "ignored/\n");
    put(folder.path(), ".ignore", "/dot\n");
    put(folder.path(), "sub/.gitignore", "old.md\n");
    let exclude = Globs::new(vec!["out/".to_owned()]).unwrap();
    let options = DiscoverOptions { exclude, ..options(folder.path()) };
    let found = discover(&[PathBuf::from(".")], &options).unwrap();
    assert_eq!(shown(&found), ["a.md"]);
    let named = discover(&[PathBuf::from("out/d.md")], &options).unwrap();
    assert_eq!(shown(&named), ["out/d.md"]);
}

#[test]
fn files_over_the_limit_are_left_out_with_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "fits.md", DEFINITION);
    put(folder.path(), "large.md", format!("{DEFINITION}x"));
    let max_file_bytes = DEFINITION.len() as u64;
    let options = DiscoverOptions { max_file_bytes, ..options(folder.path()) };
    for path in [".", "large.md"] {
        let found = discover(&[PathBuf::from(path)], &options).unwrap();
        assert_eq!(skipped(&found), [("large.md", SkipReason::TooLarge)]);
        assert_eq!(problems(&found), [("large.md", "skipped: larger than 35 bytes")]);
        assert!(!found.unreachable);
    }
}

#[test]
fn what_is_not_text_is_left_out_with_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "agents/x.md", b"\x89PNG\0\0\0\0\xFF\xFF");
    put(folder.path(), "agents/latin.md", b"---\nname: x\n---\nl'\xE9t\xE9\n");
    let found = run(folder.path(), &["."]);
    assert_eq!(shown(&found), ["agents/latin.md"]);
    let expected = [
        ("agents/latin.md", "not UTF-8: 2 places replaced by U+FFFD"),
        ("agents/x.md", "skipped: not text"),
    ];
    assert_eq!(problems(&found), expected);
    assert_eq!(found.problems[0].line, Some(4));
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = discover(&[PathBuf::from("gone.md")], &options(folder.path())).unwrap_err();
    assert_eq!(error.to_string(), "no such file or folder: `gone.md`");
}

#[test]
fn thousands_of_empty_files_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    for file_idx in 0..5_000 {
        fs::write(folder.path().join(format!("{file_idx}.md")), "").unwrap();
    }
    let found = run(folder.path(), &["."]);
    assert_eq!((found.files.len(), found.skipped.len()), (0, 5_000));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for file_idx in 0..200 {
        put(folder.path(), &format!("{}/{file_idx}.md", file_idx % 7), DEFINITION);
    }
    let listed = |n_threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| shown(&run(folder.path(), &["."])).join(" "))
    };
    assert_eq!(listed(1), listed(8));
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;

    use super::*;

    #[test]
    fn a_fifo_is_never_opened() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("pipe.md");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        put(folder.path(), "a.md", DEFINITION);
        let found = run(folder.path(), &["."]);
        assert_eq!(shown(&found), ["a.md"]);
        assert!(!found.unreachable);
        let found = run(folder.path(), &["pipe.md"]);
        assert_eq!(
            problems(&found),
            [("pipe.md", "is neither a file nor a folder, and was not opened")]
        );
        assert!(found.unreachable);
    }

    #[test]
    fn links_are_followed_only_where_named() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "real/a.md", DEFINITION);
        put(folder.path(), "work/b.md", DEFINITION);
        let work = folder.path().join("work");
        symlink("..", work.join("cycle")).unwrap();
        symlink("../real/a.md", work.join("link.md")).unwrap();
        let found = run(&work, &["."]);
        assert_eq!(shown(&found), ["b.md"]);
        assert_eq!(skipped(&found), [("link.md", SkipReason::Link)]);
        assert_eq!(shown(&run(&work, &["link.md"])), ["link.md"]);
        assert_eq!(shown(&run(&work, &["cycle"])), ["../real/a.md", "b.md"]);
    }

    #[test]
    fn what_cannot_be_read_is_a_problem_and_the_run_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "a.md", DEFINITION);
        put(folder.path(), "locked/b.md", DEFINITION);
        put(folder.path(), "c.md", DEFINITION);
        let lock = |path: &str, mode| {
            fs::set_permissions(folder.path().join(path), fs::Permissions::from_mode(mode))
                .unwrap();
        };
        lock("locked", 0o000);
        lock("c.md", 0o000);
        let may_all = fs::read_dir(folder.path().join("locked")).is_ok();
        let found = run(folder.path(), &["."]);
        lock("locked", 0o755);
        // Permissions do not bind the superuser.
        if !may_all {
            assert_eq!(shown(&found), ["a.md"]);
            let denied = "could not be read: permission denied";
            assert_eq!(problems(&found), [("c.md", denied), ("locked", denied)]);
            assert!(found.unreachable);
        }
    }

    #[test]
    fn a_path_through_a_file_or_a_loop_is_a_problem() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "a.md", DEFINITION);
        symlink("loop", folder.path().join("loop")).unwrap();
        let found = run(folder.path(), &["a.md/b.md", "loop", "a.md"]);
        assert_eq!(shown(&found), ["a.md"]);
        assert_eq!(found.problems.len(), 2);
        assert!(found.unreachable);
    }

    #[test]
    fn a_name_that_is_not_utf8_is_shown_as_well_as_can_be() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(OsStr::from_bytes(b"a\xFF.md")), DEFINITION).unwrap();
        fs::write(folder.path().join(OsStr::from_bytes(b"a\xFE.md")), DEFINITION).unwrap();
        assert_eq!(shown(&run(folder.path(), &["."])), ["a\u{FFFD}.md", "a\u{FFFD}.md"]);
    }
}
