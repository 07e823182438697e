//! The same bytes in, the same bytes out.

use std::path::Path;

use tempfile::TempDir;

use super::audit::copy_folder;
use crate::{fixtures, repository, run};

/// The repository's fixtures, copied to where no folder above them tells anything.
fn copied_fixtures() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let original = repository().join("fixtures");
    copy_folder(&original, copy.path());
    copy
}

fn audit(folder: &Path, paths: &[String], format: &str, threads: &str) -> String {
    let options = ["audit", "--format", format, "--threads", threads];
    let paths = paths.iter().map(String::as_str);
    let arguments: Vec<&str> = options.into_iter().chain(paths).collect();
    let run = run(folder, &arguments);
    assert!(matches!(run.code, Some(0 | 1)), "{run:?}");
    run.text().to_owned()
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let copy = copied_fixtures();
    for format in ["json", "text"] {
        let one = audit(copy.path(), &[], format, "1");
        for threads in ["2", "8"] {
            let many = audit(copy.path(), &[], format, threads);
            assert_eq!(one, many, "{format}, {threads} threads");
        }
    }
}

#[test]
fn the_same_run_twice_gives_the_same_bytes() {
    let copy = copied_fixtures();
    let first = audit(copy.path(), &[], "json", "2");
    assert_eq!(first, audit(copy.path(), &[], "json", "2"));
}

#[test]
fn paths_may_be_named_in_any_order() {
    let copy = copied_fixtures();
    let mut names = fixtures();
    let ascending = audit(copy.path(), &names, "json", "2");
    names.reverse();
    assert_eq!(ascending, audit(copy.path(), &names, "json", "2"));
    names.rotate_left(5);
    assert_eq!(ascending, audit(copy.path(), &names, "json", "2"));
}

#[test]
fn what_is_named_twice_is_read_once() {
    let copy = copied_fixtures();
    let names = fixtures();
    let once = audit(copy.path(), &names, "json", "2");
    let spelled_otherwise = names
        .iter()
        .map(|name| format!("./{name}/../{name}/"))
        .chain(names.iter().cloned())
        .collect::<Vec<_>>();
    let twice = audit(copy.path(), &spelled_otherwise, "json", "2");
    assert_eq!(once, twice);
    let with_all_above = [".".to_owned()].into_iter().chain(names);
    let from_above = audit(copy.path(), &[".".to_owned()], "json", "2");
    let both = audit(copy.path(), &with_all_above.collect::<Vec<_>>(), "json", "2");
    assert_eq!(from_above, both);
}

#[test]
fn an_absolute_path_is_shown_like_a_relative_one() {
    let copy = copied_fixtures();
    let names = fixtures();
    let absolute: Vec<String> =
        names.iter().map(|name| copy.path().join(name).to_str().unwrap().to_owned()).collect();
    let relative = audit(copy.path(), &names, "json", "2");
    assert_eq!(relative, audit(copy.path(), &absolute, "json", "2"));
}
