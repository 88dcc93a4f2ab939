//! Passwords: argon2id off the async threads, a few at a time, and the same time spent for an unknown e-mail.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use tokio::sync::Semaphore;

use crate::error::ApiError;

/// Each hash takes about 19 MB for its time; more at once would only queue for memory.
const AT_ONCE: usize = 2;
/// The shortest password.
pub const SHORTEST: usize = 10;
/// The longest; more would only cost time.
pub const LONGEST: usize = 256;

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    nobody: Arc<str>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            nobody: Arc::from(NOBODY),
        }
    }
}

/// The hash of a password that nobody has, with the default cost: unknown e-mails are checked against it.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$b2ZmaG9va29mZmhvb2tvZg$9Fv0xgeF0gNpXGY1qJ3WkM4gqBjp9G1aXkq4b2mZ0mE";

impl Passwords {
    /// The hash to store for a new password.
    pub async fn hash(&self, password: &str) -> Result<String, ApiError> {
        let password = password.to_owned();
        self.work(move || {
            let salt = SaltString::generate(&mut OsRng);
            Argon2::default()
                .hash_password(password.as_bytes(), &salt)
                .map(|hash| hash.to_string())
        })
        .await?
        .map_err(|error| ApiError::unexpected(&error))
    }

    /// Whether a password belongs to a stored hash; without a hash it takes as long and says no.
    pub async fn check(&self, password: &str, stored: Option<&str>) -> Result<bool, ApiError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.nobody).to_owned();
        let password = password.to_owned();
        let fits = self
            .work(move || {
                PasswordHash::new(&stored).is_ok_and(|hash| {
                    Argon2::default()
                        .verify_password(password.as_bytes(), &hash)
                        .is_ok()
                })
            })
            .await?;
        Ok(known && fits)
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let turn = self
            .turns
            .acquire()
            .await
            .map_err(|error| ApiError::unexpected(&error))?;
        let done = tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| ApiError::unexpected(&error));
        drop(turn);
        done
    }
}

/// Whether a new password is good enough, in words if not.
pub fn acceptable(field: &str, password: &str) -> Result<(), ApiError> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(ApiError::invalid(
            field,
            format!("use at least {SHORTEST} characters; a few random words are a good password"),
        ));
    }
    if length > LONGEST {
        return Err(ApiError::invalid(
            field,
            format!("use at most {LONGEST} characters"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits_its_hash() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse battery").await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(
            passwords
                .check("correct horse battery", Some(&hash))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .check("correct horse batterY", Some(&hash))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .check("correct horse battery", None)
                .await
                .unwrap()
        );
    }

    #[test]
    fn the_hash_of_nobody_can_be_read_so_that_an_unknown_mail_takes_as_long() {
        PasswordHash::new(NOBODY).unwrap();
    }
}
