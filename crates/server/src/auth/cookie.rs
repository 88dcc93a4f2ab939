//! The session cookie: `__Host-` over https; plain on loopback, where http is all there is.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::config::Config;

const SECURE: &str = "__Host-offhook";
const PLAIN: &str = "offhook";

fn name(config: &Config) -> &'static str {
    if config.is_https() { SECURE } else { PLAIN }
}

/// The token that a request's cookie holds.
pub(crate) fn read(config: &Config, headers: &HeaderMap) -> Option<String> {
    let name = name(config);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// A header that sets the cookie for as long as a session lives, or removes it.
pub(crate) fn set(config: &Config, token: Option<&str>) -> HeaderValue {
    let (value, age) = match token {
        Some(token) => (token, super::caller::SESSION_LIFE.num_seconds()),
        None => ("", 0),
    };
    let secure = if config.is_https() { "; Secure" } else { "" };
    let line = format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}",
        name(config)
    );
    HeaderValue::try_from(line).expect("tokens are plain letters")
}
