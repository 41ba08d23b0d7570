//! Settings from the command line, the environment and a file, in this order of weight.
//!
//! A file has the options' own words, with underscores: `--public-url` is
//! `public_url`. So there is one list of settings, that of clap.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::Resettable;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};
use toml::de::{DeTable, DeValue};

use crate::config::Cli;

/// Options that are of the command line alone.
const NO_SETTINGS: [&str; 3] = ["config", "help", "version"];
/// What all variables of the environment begin with.
const PREFIX: &str = "REHOME_";

/// One setting, for what is written about all of them.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Its word in a file.
    pub key: String,
    /// Its option, with dashes before it.
    pub option: String,
    /// Its variable of the environment.
    pub variable: Option<String>,
    /// What it is where nobody says anything.
    pub default: Option<String>,
    /// What it is for, in sentences.
    pub about: String,
    /// It is on or off.
    pub is_switch: bool,
    /// It takes several values.
    pub is_list: bool,
    /// For tests of faults, and rarely for anything else: `--help` leaves it out.
    pub is_rare: bool,
}

/// Every setting, in the order of `--help`.
#[must_use]
pub fn all() -> Vec<Setting> {
    let text = |text: &clap::builder::StyledStr| text.to_string();
    settings_of(&Cli::command())
        .map(|argument| Setting {
            key: key_of(argument),
            option: format!("--{}", argument.get_long().unwrap_or_default()),
            variable: argument.get_env().map(|name| name.to_string_lossy().into_owned()),
            default: match argument.get_action() {
                ArgAction::SetTrue => Some("false".to_owned()),
                _ => argument
                    .get_default_values()
                    .first()
                    .map(|value| value.to_string_lossy().into_owned()),
            },
            about: argument.get_long_help().or(argument.get_help()).map(text).unwrap_or_default(),
            is_switch: matches!(argument.get_action(), ArgAction::SetTrue),
            is_list: matches!(argument.get_action(), ArgAction::Append),
            is_rare: argument.is_hide_set(),
        })
        .collect()
}

impl Cli {
    /// What these arguments, the environment and the file that they name say.
    ///
    /// # Errors
    /// Something is unknown or cannot be read; or it is not about running at
    /// all, like `--help`.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let arguments: Vec<_> = arguments.into_iter().collect();
        let mut command = Self::command();
        // What is wrong beside is said in the second round.
        let first = command.clone().ignore_errors(true).try_get_matches_from(&arguments)?;
        if let Some(file) = first.get_one::<PathBuf>("config_file") {
            for given in read_file(&command, file)? {
                command = command.mut_arg(given.id, |arg| arg.default_values(given.values));
            }
        }
        let matches = command.clone().try_get_matches_from(&arguments)?;
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }
}

/// Variables of the environment that look like settings and are none, in
/// sentences. Not refused: other programs of ours have theirs.
pub fn unknown_variables(names: impl IntoIterator<Item = OsString>) -> Vec<String> {
    let command = Cli::command();
    let known: Vec<_> = command
        .get_arguments()
        .filter_map(|argument| Some(argument.get_env()?.to_string_lossy().into_owned()))
        .collect();
    let mut unknown: Vec<_> = names
        .into_iter()
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| name.starts_with(PREFIX) && !known.contains(name))
        .collect();
    unknown.sort();
    let said = |name: &String| {
        format!("{name} is set, and is no setting of this program{}", hint(name, &known))
    };
    unknown.iter().map(said).collect()
}

/// What a file says of one setting.
struct Given {
    id: String,
    values: Vec<String>,
}

fn read_file(command: &Command, file: &Path) -> Result<Vec<Given>, clap::Error> {
    let refuse = |line: Option<usize>, why: String| {
        let line = line.map(|line| format!(", line {line}")).unwrap_or_default();
        let message = format!("{}{line}: {why}", file.display());
        command.clone().error(ErrorKind::ValueValidation, message)
    };
    let text = std::fs::read_to_string(file).map_err(|error| refuse(None, error.to_string()))?;
    let line_of = |at: usize| text.get(..at).map_or(0, |before| before.matches('\n').count()) + 1;
    let table = DeTable::parse(&text).map_err(|error| {
        refuse(error.span().map(|span| line_of(span.start)), error.message().to_owned())
    })?;
    let mut all = Vec::new();
    for (key, value) in table.get_ref() {
        let (line, key) = (line_of(key.span().start), key.get_ref().as_ref());
        let Some(argument) = settings_of(command).find(|argument| key_of(argument) == key) else {
            let known: Vec<_> = settings_of(command).map(key_of).collect();
            return Err(refuse(Some(line), format!("{key} is no setting{}", hint(key, &known))));
        };
        let values = values_of(argument, value.get_ref())
            .and_then(|values| check(command, argument, &values).map(|()| values))
            .map_err(|why| refuse(Some(line), format!("{key}: {why}")))?;
        all.push(Given { id: argument.get_id().to_string(), values });
    }
    Ok(all)
}

/// As they would stand on the command line.
fn values_of(argument: &Arg, value: &DeValue<'_>) -> Result<Vec<String>, String> {
    let is_switch = matches!(argument.get_action(), ArgAction::SetTrue);
    let is_list = matches!(argument.get_action(), ArgAction::Append);
    match value {
        DeValue::Boolean(on) if is_switch => Ok(vec![on.to_string()]),
        _ if is_switch => Err("it is true or false".to_owned()),
        DeValue::String(text) => Ok(vec![text.clone().into_owned()]),
        DeValue::Integer(number) if number.radix() == 10 => Ok(vec![number.as_str().to_owned()]),
        DeValue::Array(several) if is_list => {
            let each = several.iter().map(|one| match one.get_ref() {
                DeValue::String(text) => Ok(text.clone().into_owned()),
                _ => Err("it is a list of texts".to_owned()),
            });
            each.collect()
        }
        _ if is_list => Err("it is a text, or a list of texts".to_owned()),
        _ => Err("it is a text or a whole number".to_owned()),
    }
}

/// Whether the command line would take these values.
fn check(command: &Command, argument: &Arg, values: &[String]) -> Result<(), String> {
    if matches!(argument.get_action(), ArgAction::SetTrue) {
        return Ok(());
    }
    let option = argument.get_long().unwrap_or_default();
    let line = values.iter().map(|value| format!("--{option}={value}"));
    let line: Vec<_> = std::iter::once("rehome-server".to_owned()).chain(line).collect();
    // The environment is not what is asked about.
    let alone = command.clone().mut_args(|argument| argument.env(Resettable::Reset));
    alone.try_get_matches_from(line).map(|_| ()).map_err(|error| {
        let said = error.to_string();
        let said = said.split("\n\n").next().unwrap_or_default();
        let lines: Vec<_> = said.lines().map(str::trim).collect();
        lines.join(" ").trim_start_matches("error: ").to_owned()
    })
}

fn settings_of(command: &Command) -> impl Iterator<Item = &Arg> {
    command
        .get_arguments()
        .filter(|argument| argument.get_long().is_some_and(|long| !NO_SETTINGS.contains(&long)))
}

fn key_of(argument: &Arg) -> String {
    argument.get_long().unwrap_or_default().replace('-', "_")
}

/// The known word that was probably meant: at most a third of the letters are others.
/// What all variables begin with is not counted.
fn hint(word: &str, known: &[String]) -> String {
    let meant = without_prefix(word);
    let nearest = known
        .iter()
        .map(|known| (strsim::osa_distance(meant, without_prefix(known)), known))
        .min_by_key(|&(distance, _)| distance);
    match nearest {
        Some((distance, known)) if distance * 3 <= meant.chars().count() => {
            format!("; did you mean {known}?")
        }
        _ => String::new(),
    }
}

fn without_prefix(word: &str) -> &str {
    word.strip_prefix(PREFIX).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, arguments: &[&str]) -> Result<Cli, String> {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("rehome.toml");
        std::fs::write(&file, text).unwrap();
        let mut line: Vec<OsString> = vec!["rehome-server".into(), "--config".into(), file.into()];
        line.extend(arguments.iter().map(OsString::from));
        Cli::read(line).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_says_what_options_say() {
        let text = "listen = \"127.0.0.1:9000\"\nmost_open_imports = 3\nbatch_records = 1_0\n\
            trusted_proxy = [\"10.0.0.0/8\", \"192.0.2.1\"]\nlog_format = \"json\"\n";
        let cli = read(text, &[]).unwrap();
        assert_eq!(cli.config.listen.port(), 9000);
        assert_eq!(cli.config.limits.most_open_imports.get(), 3);
        assert_eq!(cli.config.batch_records, 10);
        assert_eq!(cli.config.trusted_proxy.len(), 2);
        assert_eq!(cli.logs.log_format, crate::logs::LogFormat::Json);
        assert_eq!(cli.config.data, PathBuf::from("./data"), "the rest stays as it is");
        let one = read("trusted_proxy = \"10.0.0.0/8,192.0.2.1\"", &[]).unwrap();
        assert_eq!(one.config.trusted_proxy, cli.config.trusted_proxy);
    }

    #[test]
    fn an_option_outweighs_the_file_before_and_behind_a_command() {
        let text = "data = \"file\"\nlisten = \"127.0.0.1:9000\"";
        let cli = read(text, &["--data", "line"]).unwrap();
        assert_eq!((cli.config.data, cli.config.listen.port()), ("line".into(), 9000));
        let cli = read(text, &["new-account", "--data", "line"]).unwrap();
        assert_eq!((cli.config.data, cli.config.listen.port()), ("line".into(), 9000));
        let cli = read(text, &["new-account"]).unwrap();
        assert_eq!(cli.config.data, PathBuf::from("file"));
    }

    #[test]
    fn what_is_wrong_in_a_file_is_named_with_its_line() {
        for (text, said) in [
            ("\nlistn = 1", "rehome.toml, line 2: listn is no setting; did you mean listen?"),
            ("public-url = \"x\"", "line 1: public-url is no setting; did you mean public_url?"),
            ("xyz = 1", "line 1: xyz is no setting\n"),
            ("config = \"x\"", "line 1: config is no setting"),
            ("[mail]\nfrom = \"x\"", "line 1: mail is no setting"),
            ("listen = \"nowhere\"", "line 1: listen: invalid value 'nowhere' for '--listen"),
            ("most_open_imports = 0", "line 1: most_open_imports: invalid value '0'"),
            ("log_format = \"xml\"", "[possible values: text, json]"),
            ("listen = 1.5", "line 1: listen: it is a text or a whole number"),
            ("listen = [\"127.0.0.1:1\"]", "line 1: listen: it is a text or a whole number"),
            ("trusted_proxy = [1]", "line 1: trusted_proxy: it is a list of texts"),
            ("a = 1\nb =", "line 2: "),
            ("listen = \"127.0.0.1:1\"\nlisten = \"127.0.0.1:1\"", "line 2: duplicate key"),
        ] {
            let error = read(text, &[]).map(|_| ()).unwrap_err();
            assert!(error.contains(said), "{text:?}: {error}");
        }
        let line = ["rehome-server", "--config", "/nowhere/rehome.toml"].map(OsString::from);
        let error = Cli::read(line).unwrap_err().to_string();
        assert!(error.contains("/nowhere/rehome.toml: "), "{error}");
    }

    #[test]
    fn variables_that_are_no_settings_are_named() {
        let names = ["REHOME_LISTN", "REHOME_LISTEN", "REHOME_ZZZ", "PATH"].map(OsString::from);
        let said = unknown_variables(names);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].ends_with("did you mean REHOME_LISTEN?"), "{said:?}");
        assert!(said[1].starts_with("REHOME_ZZZ is set, and is no setting"), "{said:?}");
    }

    #[test]
    fn only_what_is_near_is_taken_for_what_was_meant() {
        for (name, meant) in [
            ("REHOME_SMPT_URL", Some("REHOME_SMTP_URL")),
            ("REHOME_MAIL_FORM", Some("REHOME_MAIL_FROM")),
            ("REHOME_TRUSTED_PROXY", Some("REHOME_TRUSTED_PROXIES")),
            ("REHOME_SAMPLES", None),
            ("REHOME_TOKEN", None),
            ("REHOME_", None),
        ] {
            let said = unknown_variables([OsString::from(name)]).remove(0);
            match meant {
                Some(meant) => assert!(said.ends_with(&format!("did you mean {meant}?")), "{said}"),
                None => assert!(said.ends_with("no setting of this program"), "{said}"),
            }
        }
    }

    #[test]
    fn every_setting_has_a_variable_and_a_sentence() {
        for setting in all() {
            assert!(setting.about.len() > 10, "{setting:?}");
            let variable = setting.variable.expect("a variable of the environment");
            assert!(variable.starts_with("REHOME_"), "{variable}");
        }
    }

    #[test]
    fn the_example_holds_every_setting_as_it_may_stand_in_a_file() {
        let text = include_str!("../../docs/rehome.example.toml");
        let is_setting = |line: &&str| line.starts_with("# ") && line.contains(" = ");
        let lines: Vec<_> = text.lines().filter(is_setting).map(|line| &line[2..]).collect();
        let keys: Vec<_> = lines.iter().map(|line| line.split(" = ").next().unwrap()).collect();
        let wanted: Vec<_> = all().into_iter().map(|setting| setting.key).collect();
        assert_eq!(keys, wanted);
        read(&lines.join("\n"), &[]).unwrap();
        // As it stands, it says nothing.
        assert!(toml::Table::is_empty(&text.parse().unwrap()));
    }
}
