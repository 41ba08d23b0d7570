//! The list of formats as the pages need it before anything is read.

use std::fmt::Write;
use std::path::PathBuf;

use rehome_formats::{Evidence, FORMATS, Facts, part_of};
use serde_json::json;

/// Folder of the pages' English texts, from the root of the checkout.
pub(crate) const ENGLISH: &str = "web/src/locales/en";
/// The one of its files that is made from the list.
pub(crate) const HOW_TO_GET: &str = "formats.ftl";

/// Both files, by their place.
pub(crate) fn files(types: &str) -> [(PathBuf, String); 2] {
    [
        (PathBuf::from(types).join("formats.ts"), list()),
        (PathBuf::from(ENGLISH).join(HOW_TO_GET), how_to_get()),
    ]
}

fn facts() -> impl Iterator<Item = &'static Facts> {
    FORMATS.iter().map(|format| format.facts())
}

fn list() -> String {
    let mut text = String::from(
        "// Made from the list of formats by `cargo xtask generate`. Do not edit.\n\n\
         /** What is known of a format without a file. */\n\
         export type FormatFacts = {\n  id: string;\n  name: string;\n  \
         /** What its files are called. */\n  files: string;\n  \
         /** Whether real files were seen. */\n  evidence: 'confirmed' | 'inferred';\n  \
         /** Steps to get the export: messages `format-<id>-step-<number>`, from 1. */\n  steps: number;\n  \
         /** The part of the module that reads it. */\n  part: 'json' | 'tables' | 'xml';\n};\n\n\
         export const FORMATS: readonly FormatFacts[] = [\n",
    );
    for facts in facts() {
        let evidence = match facts.evidence {
            Evidence::Confirmed => "confirmed",
            Evidence::Inferred => "inferred",
        };
        let shown = json!({
            "id": facts.id,
            "name": facts.name,
            "files": facts.files,
            "evidence": evidence,
            "steps": facts.how_to_get.len(),
            "part": part_of(facts.id),
        });
        let _ = writeln!(text, "  {shown},");
    }
    text + "];\n"
}

fn how_to_get() -> String {
    let mut text =
        String::from("# Made from the list of formats by `cargo xtask generate`. Do not edit.\n");
    for facts in facts() {
        for (step, sentence) in (1..).zip(facts.how_to_get) {
            let _ = writeln!(text, "format-{}-step-{step} = {}", facts.id, literal(sentence));
        }
    }
    text
}

/// A text that Fluent takes as it is.
fn literal(text: &str) -> String {
    text.chars().fold(String::new(), |mut literal, character| {
        match character {
            '{' | '}' => {
                let _ = write!(literal, "{{ \"{character}\" }}");
            }
            other => literal.push(other),
        }
        literal
    })
}
