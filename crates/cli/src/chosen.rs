//! What a command line says of an export: its files, and how to read them.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use rehome_formats::{
    Choice, ErrorReport, FORMATS, Format, OPTIONS, Preview, Summary, TAKE_PRIVATE, format_by_id,
};
use rehome_record::Options;

use crate::open::Files;

/// The export, and what is chosen about it.
#[derive(clap::Args)]
pub(crate) struct Chosen {
    /// Say what the files are, where they do not show it.
    #[arg(long = "as", value_name = "FORMAT", value_parser = formats())]
    format: Option<String>,
    /// Decide what the export leaves open; may be given several times.
    #[arg(long = "option", value_name = "NAME=VALUE", value_parser = option)]
    options: Vec<(String, String)>,
    /// Take comments that were never public, too.
    #[arg(long)]
    take_private: bool,
    /// The export as the old system gave it: a file, gzip or not, a zip
    /// archive, or several files that are one export.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

impl Chosen {
    /// The files, as they are to be opened.
    pub(crate) fn files(&self) -> Files {
        Files::new(&self.files, self.format.as_deref().and_then(format_by_id))
    }

    /// Standard input is among the files.
    pub(crate) fn is_standard_input(&self) -> bool {
        self.files.iter().any(|file| file.as_os_str() == "-")
    }

    /// What is chosen, as the header of the stream has it.
    ///
    /// # Errors
    /// A sentence: an option is given twice.
    pub(crate) fn options(&self) -> Result<Options, String> {
        let mut options = Options::new();
        for (name, value) in &self.options {
            if options.insert(name.clone(), value.as_str().into()).is_some() {
                return Err(format!("the option {name} is given twice"));
            }
        }
        if self.take_private {
            options.insert(TAKE_PRIVATE.to_owned(), true.into());
        }
        Ok(options)
    }
}

/// Ids of the formats, which clap lists where another is given.
fn formats() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(FORMATS.iter().map(|format: &&dyn Format| format.facts().id))
}

fn option(given: &str) -> Result<(String, String), String> {
    let Some((name, value)) = given.split_once('=') else {
        return Err("it has the form NAME=VALUE".to_owned());
    };
    if !OPTIONS.contains(&name) {
        return Err(format!("there is no such option; there are: {}", OPTIONS.join(", ")));
    }
    Ok((name.to_owned(), value.to_owned()))
}

/// Refuses a choice that is needed and not made, or that the export does not offer.
///
/// # Errors
/// Which one, with what there is to choose from.
pub(crate) fn check(
    files: &Files,
    preview: &Preview,
    options: &Options,
) -> Result<(), ErrorReport> {
    for choice in &preview.choices {
        let chosen = options.get(choice.option).and_then(|value| value.as_str());
        let is_offered = |chosen| choice.values.iter().any(|offered| offered.value == chosen);
        match chosen {
            None if choice.is_needed => {
                let message = format!(
                    "The export leaves {} open, and it has to be decided. {}",
                    choice.option,
                    how_to_choose(choice)
                );
                return Err(files.error("choice_needed", message));
            }
            Some(chosen) if !choice.values.is_empty() && !is_offered(chosen) => {
                let message = format!(
                    "The export does not have what --option {} says. {}",
                    choice.option,
                    how_to_choose(choice)
                );
                return Err(files.error("choice_unknown", message));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The words that make a choice, with its values.
pub(crate) fn how_to_choose(choice: &Choice) -> String {
    let name = choice.option;
    if choice.values.is_empty() {
        return format!("Add --option {name}=TEXT.");
    }
    let values: Vec<_> = choice
        .values
        .iter()
        .map(|offered| match offered.comments {
            Some(comments) => format!("{} ({comments} comments)", offered.value),
            None => offered.value.clone(),
        })
        .collect();
    format!("Add --option {name}=VALUE with one of: {}.", values.join(", "))
}

/// Kept comments that are not sent unless `--take-private` is given.
pub(crate) fn withheld(summary: &Summary) -> u64 {
    summary.comments.withheld_by_reason.values().sum()
}

#[cfg(test)]
mod tests {
    use rehome_formats::{ChoiceValue, HOST, Previewer, Reading, SITE_ADDRESS, Source};

    use super::*;

    fn preview(choices: Vec<Choice>) -> (Files, Preview) {
        let source = Source::open("a.xml", std::io::Cursor::new(b""), |_| None).unwrap();
        let (preview, _) = Previewer::new(FORMATS[0], source, &Reading::default().options).run();
        (Files::new(&[PathBuf::from("a.xml")], None), Preview { choices, ..preview })
    }

    fn host(is_needed: bool) -> Choice {
        let values = [("a.example.org", Some(12)), ("b.example.org", None)]
            .map(|(value, comments)| ChoiceValue { value: value.to_owned(), comments });
        Choice { option: HOST, values: values.into(), is_needed }
    }

    fn chosen(name: &str, value: &str) -> Options {
        Options::from([(name.to_owned(), value.into())])
    }

    #[test]
    fn a_needed_choice_that_is_not_made_lists_the_values() {
        let (files, preview) = preview(vec![host(true)]);
        let error = check(&files, &preview, &Options::new()).unwrap_err();
        assert_eq!((error.code, error.file.as_str()), ("choice_needed", "a.xml"));
        let said =
            "Add --option host=VALUE with one of: a.example.org (12 comments), b.example.org.";
        assert!(error.message.ends_with(said), "{}", error.message);
        assert_eq!(check(&files, &preview, &chosen(HOST, "b.example.org")), Ok(()));
    }

    #[test]
    fn a_value_that_the_export_does_not_have_is_refused() {
        for is_needed in [true, false] {
            let (files, preview) = preview(vec![host(is_needed)]);
            let error = check(&files, &preview, &chosen(HOST, "c.example.org")).unwrap_err();
            assert_eq!(error.code, "choice_unknown");
        }
    }

    #[test]
    fn a_choice_without_values_takes_any_text_and_need_not_be_made() {
        let any = |is_needed| Choice { option: SITE_ADDRESS, values: Vec::new(), is_needed };
        let (files, open) = preview(vec![any(false)]);
        assert_eq!(check(&files, &open, &Options::new()), Ok(()));
        let (files, open) = preview(vec![any(true)]);
        assert_eq!(check(&files, &open, &chosen(SITE_ADDRESS, "https://example.org")), Ok(()));
        let error = check(&files, &open, &Options::new()).unwrap_err();
        assert!(error.message.ends_with("Add --option site_address=TEXT."), "{}", error.message);
    }
}
