//! Fields of a change: left out means as it is, null means none.

use serde::{Deserialize, Deserializer};

/// Reads a field that may be null: `None` when it was left out, `Some(None)` when it was null.
pub(crate) fn nullable<'de, T, D>(field: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(field).map(Some)
}

/// A text that is not empty, without spaces around it.
pub(crate) fn text(field: &str, value: &str, longest: usize) -> Result<String, crate::ApiError> {
    let value = value.trim();
    if value.is_empty() {
        return Err(crate::ApiError::invalid(field, "this cannot be empty"));
    }
    if value.chars().count() > longest {
        return Err(crate::ApiError::invalid(
            field,
            format!("use at most {longest} characters"),
        ));
    }
    Ok(value.to_owned())
}

/// An optional text: nothing but spaces is none.
pub(crate) fn optional(
    field: &str,
    value: Option<&str>,
    longest: usize,
) -> Result<Option<String>, crate::ApiError> {
    value
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .map(|value| text(field, value, longest))
        .transpose()
}

/// An e-mail that could be one, in lower case.
pub(crate) fn email(field: &str, value: &str) -> Result<String, crate::ApiError> {
    let value = text(field, value, 254)?.to_lowercase();
    let looks_right = value.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.len() >= 3
            && domain.contains('.')
            && !value.chars().any(char::is_whitespace)
    });
    if looks_right {
        Ok(value)
    } else {
        Err(crate::ApiError::invalid(
            field,
            "write an e-mail address such as ana@example.com",
        ))
    }
}

/// A count within its limits.
pub(crate) fn within(
    field: &str,
    value: u32,
    least: u32,
    most: u32,
) -> Result<u32, crate::ApiError> {
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(crate::ApiError::invalid(
            field,
            format!("choose {least} to {most}"),
        ))
    }
}
