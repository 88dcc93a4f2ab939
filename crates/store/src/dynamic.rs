//! A statement whose filters depend on what was asked: its text is put together from literals only, values are bound.

use sqlx::AssertSqlSafe;

/// A value to bind.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(String),
    Int(i64),
    Bool(bool),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}

/// A growing statement; `?` in a piece is the place of its next value.
#[derive(Debug, Default)]
pub(crate) struct Statement {
    text: String,
    values: Vec<Value>,
}

impl Statement {
    /// Adds a literal piece with its values.
    pub(crate) fn add(
        &mut self,
        piece: &'static str,
        values: impl IntoIterator<Item = Value>,
    ) -> &mut Self {
        let mut values = values.into_iter();
        for (i, part) in piece.split('?').enumerate() {
            if i > 0 {
                let value = values
                    .next()
                    .expect("each `?` of a literal piece comes with its value");
                self.values.push(value);
                self.text.push('$');
                self.text.push_str(&self.values.len().to_string());
            }
            self.text.push_str(part);
        }
        self
    }

    /// Adds a piece with one value, when there is one.
    pub(crate) fn when(
        &mut self,
        piece: &'static str,
        value: Option<impl Into<Value>>,
    ) -> &mut Self {
        if let Some(value) = value {
            self.add(piece, [value.into()]);
        }
        self
    }

    /// Adds `(?, ?, …)` with these values; there must be one at least.
    pub(crate) fn list(&mut self, values: impl IntoIterator<Item = Value>) -> &mut Self {
        for (i, value) in values.into_iter().enumerate() {
            self.add(if i == 0 { "(?" } else { ", ?" }, [value]);
        }
        self.add(")", [])
    }

    pub(crate) fn into_parts(self) -> (AssertSqlSafe<String>, Vec<Value>) {
        (AssertSqlSafe(self.text), self.values)
    }
}

/// `term` as a LIKE pattern that finds it anywhere; `\` is the escape sign.
pub(crate) fn anywhere(term: &str) -> String {
    let mut pattern = String::from("%");
    for c in term.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Runs a [`Statement`].
macro_rules! run {
    ($conn:expr, execute, $statement:expr) => {{
        let (text, values) = $statement.into_parts();
        let conn: &mut $crate::tx::Conn = &mut *$conn;
        let outcome = match &mut conn.engine {
            $crate::tx::Engine::Sqlite(t) => {
                let query = $crate::dynamic::bound!(sqlx::query::<sqlx::Sqlite>(text), values);
                query.execute(&mut **t).await.map(|d| d.rows_affected())
            }
            $crate::tx::Engine::Postgres(t) => {
                let query = $crate::dynamic::bound!(sqlx::query::<sqlx::Postgres>(text), values);
                query.execute(&mut **t).await.map(|d| d.rows_affected())
            }
        };
        outcome.map_err(|e| conn.failed(e))
    }};
    ($conn:expr, fetch_all::<$row:ty>, $statement:expr) => {{
        let (text, values) = $statement.into_parts();
        let conn: &mut $crate::tx::Conn = &mut *$conn;
        let outcome = match &mut conn.engine {
            $crate::tx::Engine::Sqlite(t) => {
                $crate::dynamic::bound!(sqlx::query_as::<sqlx::Sqlite, $row>(text), values)
                    .fetch_all(&mut **t)
                    .await
            }
            $crate::tx::Engine::Postgres(t) => {
                $crate::dynamic::bound!(sqlx::query_as::<sqlx::Postgres, $row>(text), values)
                    .fetch_all(&mut **t)
                    .await
            }
        };
        outcome.map_err(|e| conn.failed(e))
    }};
}

macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                $crate::dynamic::Value::Text(text) => query.bind(text),
                $crate::dynamic::Value::Int(int) => query.bind(int),
                $crate::dynamic::Value::Bool(bool) => query.bind(bool),
            };
        }
        query
    }};
}
pub(crate) use {bound, run};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_numbered_in_the_order_of_their_values() {
        let mut s = Statement::default();
        s.add("SELECT 1 WHERE a = ? AND b = ?", ["x".into(), 2.into()]);
        s.when(" AND c = ?", None::<&str>)
            .when(" AND d = ?", Some(true));
        let (text, values) = s.into_parts();
        assert_eq!(text.0, "SELECT 1 WHERE a = $1 AND b = $2 AND d = $3");
        assert_eq!(values.len(), 3);
    }

    #[test]
    fn signs_of_like_are_taken_literally() {
        assert_eq!(anywhere("50%_a"), "%50\\%\\_a%");
    }
}
