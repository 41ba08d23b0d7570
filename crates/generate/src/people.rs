//! Who writes: accounts that come back, and guests.

use crate::random::Random;
use crate::words::{Between, Script, add_words};

/// Accounts of a site. A number, and not a share of the comments: a large site
/// has readers who write often.
const ACCOUNTS: u64 = 20_000;

/// Somebody, as a comment or page names them.
pub(crate) struct Person {
    /// Plain text, as shown; neither empty nor escaped.
    pub(crate) name: String,
    /// None for guests.
    pub(crate) username: Option<String>,
}

impl Person {
    /// Always the same for the same number.
    pub(crate) fn account(seed: u64, number: u64) -> Self {
        let mut random = Random::of(seed, "account", number);
        let name = name(&mut random);
        let username = if random.per_mille(400) {
            format!("disqus_{number:05x}{:05x}", random.below(1 << 20))
        } else {
            format!("reader_{number}")
        };
        Self { name, username: Some(username) }
    }

    /// A guest or an account.
    pub(crate) fn any(seed: u64, random: &mut Random) -> Self {
        if random.per_mille(250) {
            return Self { name: name(random), username: None };
        }
        // Squared: a few write much, most write little.
        let number = random.below(ACCOUNTS) * random.below(ACCOUNTS) / ACCOUNTS;
        Self::account(seed, number)
    }
}

fn name(random: &mut Random) -> String {
    let mut name = String::new();
    let script = Script::any(random);
    add_words(&mut name, random, script, 2, Between::Spaces);
    if random.per_mille(20) {
        name.push_str(" & Sons <shop>");
    }
    name
}
