//! Rules of the house that no compiler holds: the arrows between crates, twin migrations, short files, nothing unfinished.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Who may know whom, dev-dependencies too. Adding an arrow is a decision.
const ARROWS: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("twilio", &[]),
    ("store", &["core"]),
    ("server", &["core", "store", "twilio"]),
    ("sandbox", &["twilio"]),
    ("offhook", &["server", "sandbox"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the workspace is two folders up")
}

fn files_below(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "node_modules" && name != "target" && name != "dist" {
            files_below(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
}

#[test]
fn crates_know_only_whom_they_may() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> = ARROWS
        .iter()
        .map(|(from, to)| (*from, to.iter().copied().collect()))
        .collect();
    let mut seen = BTreeSet::new();
    for entry in fs::read_dir(root().join("crates"))
        .expect("crates/ is there")
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        let manifest = fs::read_to_string(entry.path().join("Cargo.toml"))
            .expect("every crate has a manifest");
        let known = allowed
            .get(name.as_str())
            .unwrap_or_else(|| panic!("crate `{name}` is not in the table of arrows"));
        for line in manifest
            .lines()
            .map(str::trim)
            .filter(|l| !l.starts_with("name"))
        {
            let Some(other) = line.strip_prefix("offhook-") else {
                continue;
            };
            let other = other
                .split(['.', ' ', '='])
                .next()
                .expect("split gives at least one part");
            assert!(
                known.contains(other),
                "crate `{name}` may not depend on `{other}`"
            );
        }
        seen.insert(name);
    }
    assert_eq!(
        seen.len(),
        ARROWS.len(),
        "the table of arrows names every crate and no other"
    );
}

#[test]
fn every_migration_exists_for_both_engines() {
    let names = |engine: &str| -> BTreeSet<String> {
        let folder = root().join("crates/store/migrations").join(engine);
        fs::read_dir(folder)
            .expect("the migrations folder is there")
            .flatten()
            .map(|f| f.file_name().to_string_lossy().into_owned())
            .collect()
    };
    assert!(!names("sqlite").is_empty());
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn core_and_the_wire_do_no_input_or_output() {
    for name in ["core", "twilio"] {
        let manifest = fs::read_to_string(root().join("crates").join(name).join("Cargo.toml"))
            .expect("manifest");
        for forbidden in ["tokio", "reqwest", "sqlx", "axum", "rand"] {
            assert!(
                !manifest
                    .lines()
                    .any(|l| l.trim().starts_with(&format!("{forbidden}."))),
                "`{name}` is pure and does not depend on {forbidden}"
            );
        }
    }
}

#[test]
fn nothing_is_left_unfinished() {
    let marks = [
        "todo!(",
        "unimplemented!(",
        "FIXME",
        "coming soon",
        "#[ignore",
    ];
    let mut files = Vec::new();
    files_below(&root().join("crates"), ".rs", &mut files);
    files_below(&root().join("web/src"), ".ts", &mut files);
    files_below(&root().join("web/src"), ".tsx", &mut files);
    for file in files.iter().filter(|f| !f.ends_with("tidy.rs")) {
        let text = fs::read_to_string(file).expect("a source file is readable");
        for mark in marks {
            assert!(!text.contains(mark), "{} holds `{mark}`", file.display());
        }
    }
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let mut files = Vec::new();
    for entry in fs::read_dir(root().join("crates"))
        .expect("crates/")
        .flatten()
    {
        files_below(&entry.path().join("src"), ".rs", &mut files);
    }
    for file in files {
        let text = fs::read_to_string(&file).expect("a source file is readable");
        assert!(
            text.starts_with("//!"),
            "{} does not begin with a `//!` sentence",
            file.display()
        );
    }
}
