//! What shows that a file is one of Muut's.

use super::repair::Repairs;
use super::{START, open};
use crate::ReadError;
use crate::json::Json;

/// The keys that show either form.
pub(super) fn recognised_keys(head: &[u8]) -> Option<&'static str> {
    let mut json = open(Box::new(head), head.len().max(1), &Repairs::default(), START);
    let mut found = Found::default();
    // A head is cut somewhere: what was seen before that counts.
    let _ = found.look_at(&mut json);
    match found {
        Found { thread_keys: 3, .. } => Some("seed, replies"),
        Found { has_channels: true, has_seed: true, .. } => Some("threads, seed"),
        Found { has_channels: true, has_categories: true, .. } => Some("categories, threads"),
        _ => None,
    }
}

/// What the head of a file has.
#[derive(Default)]
struct Found {
    has_categories: bool,
    has_channels: bool,
    /// In a channel.
    has_seed: bool,
    /// 1 for a seed, 2 for replies or a path, at the top.
    thread_keys: u8,
}

impl Found {
    fn look_at(&mut self, json: &mut Json<'_>) -> Result<(), ReadError> {
        if json.is_array()? {
            return Ok(());
        }
        json.enter()?;
        while let Some(key) = json.next_key()? {
            match key.as_str() {
                "categories" => self.has_categories |= json.is_array()?,
                "seed" => self.thread_keys |= u8::from(json.is_object()?),
                "replies" | "path" => self.thread_keys |= 2,
                "threads" if json.is_object()? => {
                    self.has_channels = true;
                    return self.look_at_channels(json);
                }
                _ => {}
            }
            if self.thread_keys == 3 {
                return Ok(());
            }
            json.skip()?;
        }
        Ok(())
    }

    /// Of the first thread there is, a seed shows it.
    fn look_at_channels(&mut self, json: &mut Json<'_>) -> Result<(), ReadError> {
        json.enter()?;
        while json.next_key()?.is_some() {
            if !json.is_array()? {
                return Ok(());
            }
            json.enter()?;
            if json.next_element()? {
                if !json.is_object()? {
                    return Ok(());
                }
                json.enter()?;
                while let Some(key) = json.next_key()? {
                    if key == "seed" {
                        self.has_seed = json.is_object()?;
                        return Ok(());
                    }
                    json.skip()?;
                }
                return Ok(());
            }
        }
        // Threads without one: `categories` may come behind them.
        while let Some(key) = json.next_key()? {
            self.has_categories |= key == "categories" && json.is_array()?;
            json.skip()?;
        }
        Ok(())
    }
}
