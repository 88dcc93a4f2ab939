//! What a restricted API key may do: permissions as `/twilio/voice/calls/read`, of which resource and action count.

use axum::http::Method;

/// Whether one of the permissions allows the request whose path this is, names in braces.
pub(super) fn allow(permissions: &[String], method: &Method, path: &str) -> bool {
    let path = path.trim_end_matches(".json");
    let pieces: Vec<&str> = path.split('/').collect();
    let last = pieces.last().copied().unwrap_or_default();
    let is_item = last.starts_with('{');
    let resource = pieces
        .iter()
        .rev()
        .find(|piece| !piece.starts_with('{'))
        .map(|piece| kebab(piece))
        .unwrap_or_default();
    let action = match (method.as_str(), is_item) {
        ("GET" | "HEAD", false) => "list",
        ("GET" | "HEAD", true) => "read",
        ("POST", false) => "create",
        ("POST", true) => "update",
        _ => "delete",
    };
    let wanted = format!("/{resource}/{action}");
    permissions
        .iter()
        .any(|permission| permission.ends_with(&wanted))
}

/// `IncomingPhoneNumbers` as `incoming-phone-numbers`.
fn kebab(name: &str) -> String {
    let mut text = String::new();
    for (place, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && place > 0 {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::allow;
    use axum::http::Method;

    #[test]
    fn a_permission_allows_one_action_on_one_resource() {
        let may = [
            "/twilio/voice/calls/read".to_owned(),
            "/twilio/numbers/incoming-phone-numbers/list".to_owned(),
        ];
        let below = |path: &str| format!("/2010-04-01/Accounts/{{account}}/{path}");
        assert!(allow(&may, &Method::GET, &below("Calls/{call}")));
        assert!(!allow(&may, &Method::GET, &below("Calls.json")));
        assert!(!allow(&may, &Method::POST, &below("Calls/{call}")));
        assert!(allow(
            &may,
            &Method::GET,
            &below("IncomingPhoneNumbers.json")
        ));
        assert!(!allow(
            &may,
            &Method::DELETE,
            &below("IncomingPhoneNumbers/{number}")
        ));
        assert!(!allow(&[], &Method::GET, &below("Calls.json")));
    }
}
