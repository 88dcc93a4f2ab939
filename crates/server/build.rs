//! Compiles the crate anew when the web app was built anew, where the app is embedded.

fn main() {
    // With debug assertions the files are read from web/dist at run time, so nothing has to be compiled again.
    let embedded = std::env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_none();
    let watched = if embedded {
        "../../web/dist"
    } else {
        "build.rs"
    };
    println!("cargo::rerun-if-changed={watched}");
}
