//! A migration alone is reason enough to build this crate again: they are embedded.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
