//! The API token: taken in, never printed.

use std::io::{self, Read};
use std::path::Path;

use ureq::http::HeaderValue;

/// Environment variable that a token is taken from.
pub(crate) const VARIABLE: &str = "REHOME_TOKEN";

/// Far more than any token has.
const MOST_BYTES: u64 = 4096;

/// What goes into `Authorization`. Its `Debug` does not show it.
#[derive(Debug, Clone)]
pub(crate) struct Token(HeaderValue);

impl Token {
    /// From the file (`-` is standard input), else as given, else from [`VARIABLE`].
    ///
    /// # Errors
    /// There is none, or it is no token: a sentence that does not quote it.
    pub(crate) fn find(file: Option<&Path>, given: Option<&str>) -> Result<Self, String> {
        match (file, given) {
            (Some(file), _) => {
                let text = read(file).map_err(|error| {
                    format!("the token cannot be read from {}: {error}", file.display())
                })?;
                Self::new(&text)
            }
            (None, Some(given)) => Self::new(given),
            (None, None) => match std::env::var(VARIABLE) {
                Ok(text) => Self::new(&text),
                Err(_) => Err(format!(
                    "a token is needed: make one in Rehome, under Settings, API tokens, and give \
                     it in {VARIABLE} or with --token-file"
                )),
            },
        }
    }

    fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("what was given as the token is none: it is one word".to_owned());
        }
        let mut value = HeaderValue::try_from(format!("Bearer {text}"))
            .map_err(|_| "what was given as the token is none".to_owned())?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// The value of `Authorization`.
    pub(crate) fn header(&self) -> &HeaderValue {
        &self.0
    }
}

fn read(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        io::stdin().lock().take(MOST_BYTES).read_to_string(&mut text)?;
    } else {
        std::fs::File::open(file)?.take(MOST_BYTES).read_to_string(&mut text)?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_it_does_not_count() {
        let token = Token::new(" rehome_abc\n").unwrap();
        assert_eq!(token.header().to_str().unwrap(), "Bearer rehome_abc");
    }

    #[test]
    fn it_is_in_no_debug_output_and_in_no_error() {
        assert!(!format!("{:?}", Token::new("rehome_abc").unwrap()).contains("abc"));
        for text in ["", " \n", "rehome_abc rehome_def", "rehome_abc\nrehome_def", "rehome_ąbc"] {
            let error = Token::new(text).unwrap_err();
            assert!(!error.contains("rehome_"), "{error}");
        }
    }
}
