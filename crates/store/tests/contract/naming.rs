//! Every query names the organization: `SQLite` has no row level security to stand behind one that forgot.

use std::path::{Path, PathBuf};

/// Reached through `Db::system`, by hash, id or moment.
const OUTSIDE: [&str; 12] = [
    "installation",
    "organizations",
    "users",
    "memberships",
    "links",
    "sessions",
    "api_keys",
    "login_failures",
    "leases",
    "directory",
    "jobs",
    "timers",
];

#[test]
fn every_query_of_an_organizations_rows_names_the_organization() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tables = tables(&root.join("migrations/sqlite"));
    let mut looked_at = 0;
    for file in rust_files(&root.join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for query in string_literals(&text) {
            let touched: Vec<_> = tables
                .iter()
                .filter(|table| touches(&query, table))
                .collect();
            if touched.is_empty() {
                continue;
            }
            looked_at += 1;
            assert!(
                query.contains("org_id"),
                "{} asks {touched:?} without its organization: {query}",
                file.display()
            );
        }
    }
    assert!(looked_at > 60, "only {looked_at} queries were found");
}

fn tables(folder: &Path) -> Vec<String> {
    let mut tables = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let names = text
            .lines()
            .filter_map(|line| line.strip_prefix("CREATE TABLE ")?.split(' ').next());
        tables.extend(
            names
                .filter(|name| !OUTSIDE.contains(name))
                .map(str::to_owned),
        );
    }
    assert!(tables.len() > 15, "{tables:?}");
    tables
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files
}

/// Good enough for this crate: a quote begins a literal, the next that is not escaped ends it; comments are left out.
fn string_literals(text: &str) -> Vec<String> {
    let code: Vec<_> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let code = code.join("\n");
    let mut literals = Vec::new();
    let mut current: Option<String> = None;
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match (&mut current, c) {
            (None, '"') => current = Some(String::new()),
            (Some(_), '"') => literals.extend(current.take()),
            (Some(literal), '\\') => literal.extend(chars.next()),
            (Some(literal), c) => literal.push(c),
            (None, _) => {}
        }
    }
    literals
}

fn touches(query: &str, table: &str) -> bool {
    let words: Vec<_> = query
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|w| !w.is_empty())
        .collect();
    words
        .windows(2)
        .any(|pair| matches!(pair[0], "FROM" | "JOIN" | "INTO" | "UPDATE") && pair[1] == table)
}
