//! `docs/settings.md` and `docs/rehome.example.toml`, from the list of the server.

use std::fmt::Write;

use rehome_server::settings::{self, Setting};

const PAGE_HEAD: &str = "\
# Settings

Each can be an option of `rehome-server`, a variable of the environment, or a line of the file that `--config` (or `REHOME_CONFIG`) names. Options outweigh variables, those the file, and that what stands here as the default.
[rehome.example.toml](rehome.example.toml) is a file with all of them. [operating.md](operating.md) says how to run a server.

Unknown options, and unknown words in the file, are refused; unknown variables that begin with `REHOME_` are named in the log.

This page is made from the server\u{2019}s own list by `cargo xtask generate`.

| In the file | Option | Variable | Default | What it is for |
|---|---|---|---|---|
";

const RARE: &str = "
## Rarely needed

For tests of faults. The defaults are right for almost every server.

| In the file | Option | Variable | Default | What it is for |
|---|---|---|---|---|
";

const FILE_HEAD: &str = "\
# Settings of rehome-server: rehome-server --config rehome.toml
# Every line that begins with \"# \" and a word is a setting as it is where nobody
# says anything, or an example where there is no default. docs/settings.md says more.
#
# Made from the server's own list by `cargo xtask generate`.
";

/// What stands in the file for settings without a default.
const EXAMPLES: &[(&str, &str)] = &[
    ("public_url", "\"https://rehome.example.org\""),
    ("metrics_listen", "\"127.0.0.1:9187\""),
    ("trusted_proxy", "[\"127.0.0.1\"]"),
    ("smtp_url", "\"smtps://user:password@mail.example.org\""),
    ("smtp_url_file", "\"/etc/rehome/smtp-url\""),
    ("mail_from", "\"rehome@example.org\""),
    ("notify_email", "[\"operator@example.org\"]"),
    ("webhook_url", "\"https://hooks.example.org/rehome\""),
    ("webhook_secret", "\"whsec_…\""),
];

/// The page's text.
pub(crate) fn page() -> String {
    let mut text = PAGE_HEAD.to_owned();
    let (rare, usual): (Vec<_>, Vec<_>) =
        settings::all().into_iter().partition(|setting| setting.is_rare);
    usual.iter().for_each(|setting| write_row(&mut text, setting));
    text.push_str(RARE);
    rare.iter().for_each(|setting| write_row(&mut text, setting));
    text
}

fn write_row(text: &mut String, setting: &Setting) {
    let code = |word: &Option<String>| word.as_ref().map(|word| format!("`{word}`"));
    let (variable, default) = (code(&setting.variable), code(&setting.default));
    let about = setting.about.replace('|', "\\|").replace('\n', " ");
    let _ = writeln!(
        text,
        "| `{}` | `{}` | {} | {} | {about} |",
        setting.key,
        setting.option,
        variable.unwrap_or_default(),
        default.unwrap_or_default(),
    );
}

/// The file's text.
pub(crate) fn file() -> String {
    let mut text = FILE_HEAD.to_owned();
    for setting in settings::all() {
        text.push('\n');
        let about = setting.about.replace('\n', " ");
        for line in wrapped(&about, 88) {
            let _ = writeln!(text, "## {line}");
        }
        let _ = writeln!(text, "# {} = {}", setting.key, value(&setting));
    }
    text
}

/// As TOML: a default, else an example.
fn value(setting: &Setting) -> String {
    let example = EXAMPLES.iter().find(|(key, _)| *key == setting.key);
    match (&setting.default, example) {
        (Some(word), _) if word.parse::<i64>().is_ok() || setting.is_switch => word.clone(),
        (Some(word), _) if setting.is_list => format!("[\"{word}\"]"),
        (Some(word), _) => format!("\"{word}\""),
        (None, Some((_, example))) => (*example).to_owned(),
        (None, None) => panic!("{} has no default: EXAMPLES needs a value", setting.key),
    }
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is one");
        if !last.is_empty() && last.len() + 1 + word.len() > width {
            lines.push(word.to_owned());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}
