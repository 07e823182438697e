//! The same bytes in, the same bytes out.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::audit::copy_folder;

use crate::run;

/// The repository's fixtures, copied to where no folder above them tells anything.
fn fixtures() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    copy_folder(&original, copy.path());
    copy
}

/// The folders of the fixtures, one for each behaviour, by name.
fn folder_names(fixtures: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(fixtures)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
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
    let fixtures = fixtures();
    for format in ["json", "text"] {
        let one = audit(fixtures.path(), &[], format, "1");
        for threads in ["2", "8"] {
            let many = audit(fixtures.path(), &[], format, threads);
            assert_eq!(one, many, "{format}, {threads} threads");
        }
    }
}

#[test]
fn the_same_run_twice_gives_the_same_bytes() {
    let fixtures = fixtures();
    let first = audit(fixtures.path(), &[], "json", "2");
    assert_eq!(first, audit(fixtures.path(), &[], "json", "2"));
}

#[test]
fn paths_may_be_named_in_any_order() {
    let fixtures = fixtures();
    let mut names = folder_names(fixtures.path());
    let ascending = audit(fixtures.path(), &names, "json", "2");
    names.reverse();
    assert_eq!(ascending, audit(fixtures.path(), &names, "json", "2"));
    names.rotate_left(5);
    assert_eq!(ascending, audit(fixtures.path(), &names, "json", "2"));
}

#[test]
fn what_is_named_twice_is_read_once() {
    let fixtures = fixtures();
    let names = folder_names(fixtures.path());
    let once = audit(fixtures.path(), &names, "json", "2");
    let spelled_otherwise = names
        .iter()
        .map(|name| format!("./{name}/../{name}/"))
        .chain(names.iter().cloned())
        .collect::<Vec<_>>();
    let twice = audit(fixtures.path(), &spelled_otherwise, "json", "2");
    assert_eq!(once, twice);
    let with_all_above = [".".to_owned()].into_iter().chain(names);
    let from_above = audit(fixtures.path(), &[".".to_owned()], "json", "2");
    let both = audit(
        fixtures.path(),
        &with_all_above.collect::<Vec<_>>(),
        "json",
        "2",
    );
    assert_eq!(from_above, both);
}

#[test]
fn an_absolute_path_is_shown_like_a_relative_one() {
    let fixtures = fixtures();
    let names = folder_names(fixtures.path());
    let absolute: Vec<String> = names
        .iter()
        .map(|name| fixtures.path().join(name).to_str().unwrap().to_owned())
        .collect();
    let relative = audit(fixtures.path(), &names, "json", "2");
    assert_eq!(relative, audit(fixtures.path(), &absolute, "json", "2"));
}
