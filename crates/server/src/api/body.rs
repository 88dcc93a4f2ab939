//! Reading requests: a JSON body and query parameters, whose errors name the field.

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::ApiError;
use crate::limits::BODY_LIMIT;

/// A JSON body. It comes last among a handler's arguments, so that nobody without a credential gets this far.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let bytes = to_bytes(request.into_body(), BODY_LIMIT)
            .await
            .map_err(|_| ApiError::TooLarge(BODY_LIMIT))?;
        parse(&bytes).map(Self)
    }
}

/// A JSON body that may be missing altogether.
pub struct MaybeBody<T>(pub T);

impl<T: DeserializeOwned + Default, S: Sync> FromRequest<S> for MaybeBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let bytes = to_bytes(request.into_body(), BODY_LIMIT)
            .await
            .map_err(|_| ApiError::TooLarge(BODY_LIMIT))?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            Ok(Self(T::default()))
        } else {
            parse(&bytes).map(Self)
        }
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| refused(&error))?;
    json.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

fn malformed(error: &serde_json::Error) -> ApiError {
    ApiError::Malformed {
        field: "body".to_owned(),
        detail: format!("send JSON; {error}"),
    }
}

/// Tells a body that is no JSON (400) from a field that is missing or of the wrong kind (422).
fn refused(error: &serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    let inner = error.inner();
    if !inner.is_data() {
        return malformed(inner);
    }
    let words = inner.to_string();
    let words = words
        .split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned();
    let missing = words
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split('`').next());
    let path = error.path().to_string();
    let field = match (path.as_str(), missing) {
        ("." | "", Some(name)) => name.to_owned(),
        (path, Some(name)) => format!("{path}.{name}"),
        ("." | "", None) => "body".to_owned(),
        (path, None) => path.to_owned(),
    };
    match missing {
        Some(_) => ApiError::Invalid {
            field,
            code: "missing",
            detail: "this field is needed".to_owned(),
        },
        None => ApiError::Invalid {
            field,
            code: "wrong_kind",
            detail: words,
        },
    }
}

/// Query parameters.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs =
            serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(pairs)
            .map(Self)
            .map_err(|error| {
                let path = error.path().to_string();
                let field = if path == "." {
                    "query".to_owned()
                } else {
                    path
                };
                ApiError::Invalid {
                    field,
                    code: "wrong_kind",
                    detail: plainly(&error.inner().to_string()),
                }
            })
    }
}

/// What the readers of numbers and times say, in words for whoever wrote the query.
fn plainly(words: &str) -> String {
    if words.contains("digit") || words.contains("number too") {
        "a whole number of 0 or more is needed".to_owned()
    } else if words.contains("input") {
        "a time is needed, as RFC 3339 writes it: 2026-11-20T09:30:00Z".to_owned()
    } else {
        words.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_that_cannot_be_read_is_refused_in_plain_words() {
        let count = "-1".parse::<u32>().unwrap_err().to_string();
        assert_eq!(plainly(&count), "a whole number of 0 or more is needed");
        let day = "yesterday".parse::<chrono::DateTime<chrono::Utc>>();
        assert!(plainly(&day.unwrap_err().to_string()).contains("RFC 3339"));
        let date = "2026-11-20".parse::<chrono::DateTime<chrono::Utc>>();
        assert!(plainly(&date.unwrap_err().to_string()).contains("RFC 3339"));
    }

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only the reading is looked at")]
    struct Person {
        name: String,
        phones: Vec<Phone>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only the reading is looked at")]
    struct Phone {
        number: String,
    }

    fn field(json: &str) -> (u16, String) {
        match parse::<Person>(json.as_bytes()).unwrap_err() {
            ApiError::Invalid { field, .. } => (422, field),
            ApiError::Malformed { field, .. } => (400, field),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_error_names_the_field() {
        assert_eq!(field("{"), (400, "body".into()));
        assert_eq!(field("[]"), (422, "body".into()));
        assert_eq!(field(r#"{"phones":[]}"#), (422, "name".into()));
        assert_eq!(field(r#"{"name":5,"phones":[]}"#), (422, "name".into()));
        assert_eq!(
            field(r#"{"name":"a","phones":[{"number":5}]}"#),
            (422, "phones[0].number".into())
        );
        assert_eq!(
            field(r#"{"name":"a","phones":[{}]}"#),
            (422, "phones[0].number".into())
        );
        assert_eq!(field(r#"{"name":"a","phones":[]} x"#), (400, "body".into()));
    }
}
