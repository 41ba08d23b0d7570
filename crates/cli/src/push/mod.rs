//! `rehome push`: sends an export to a server and waits until it is applied.

mod address;
mod api;
mod chunks;
mod export;
mod follow;
mod outcome;
mod problem;
mod progress;
mod retry;
mod send;
mod site;
mod token;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use rehome_record::{Options, Submit};

use self::address::Address;
use self::api::Api;
use self::export::Export;
use self::outcome::Pushed;
use self::problem::Answer;
use self::progress::Progress;
use self::send::SameBlog;
use self::token::Token;
use crate::chosen::Chosen;

/// What `rehome push --help` says at its end.
const AFTER_HELP: &str = "\
A push that was stopped is gone on with by the same command: only what is missing is sent.
The export itself stays on this machine; its records are sent as normalized NDJSON.

With --json, standard output is one object:
  ok      true where the exit code is 0
  import  the import as the server's API shows it, or null
  sent    {chunks, chunks_held, bytes}: sent now, there before, gzip bytes sent; or null
  error   {code, message, hint, status, import, differs, origin} or null; of a file also {file, line, byte}

Exit codes:
  0  the import succeeded (with --no-wait: everything is sent)
  1  it failed or was refused; standard error says why and what to do
  2  the command line is wrong; nothing was sent

The server's certificate is checked against this machine's authorities, or those that the
file in SSL_CERT_FILE lists. HTTPS_PROXY, ALL_PROXY and NO_PROXY are heeded.";

/// Sends an export to a server and waits until it is applied.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of a command line")]
pub(crate) struct Args {
    /// The server's address.
    #[arg(long, value_name = "URL", help = "The server's address, as https://rehome.example.org")]
    server: Address,
    /// The API token.
    #[arg(
        long,
        conflicts_with = "token_file",
        help = "The API token. Others on this machine can see it among the running programs: \
                better set REHOME_TOKEN, or give --token-file"
    )]
    token: Option<String>,
    /// A file that holds the API token; - is standard input.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The site's id, name or address.
    #[arg(long)]
    site: String,
    /// Send what can be read of a file that stops before its end; the import stays marked.
    #[arg(long)]
    incomplete: bool,
    /// Start a new import in the place of an unfinished one of the same file
    /// that cannot be gone on with.
    #[arg(long)]
    replace: bool,
    /// What to answer where the server knows the same comments from another address.
    #[arg(long, value_name = "ANSWER")]
    same_blog: Option<SameBlog>,
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
    /// Return as soon as everything is sent.
    #[arg(long)]
    no_wait: bool,
    /// Let the token and the comments travel in the clear, to a server that has no https.
    #[arg(long)]
    insecure_http: bool,
    #[command(flatten)]
    chosen: Chosen,
}

/// Pushes, and prints what came of it.
///
/// # Errors
/// A sentence about what is wrong with the command line; nothing was done then.
pub(crate) fn run(args: &Args) -> Result<anyhow::Result<ExitCode>, String> {
    if args.chosen.is_standard_input() {
        return Err("standard input cannot be pushed, since the export is read more than once: \
                    save it as a file first"
            .to_owned());
    }
    if args.server.is_in_the_clear() && !args.insecure_http {
        return Err(args.server.refused_in_the_clear());
    }
    let token = Token::find(args.token_file.as_deref(), args.token.as_deref())?;
    let options = args.chosen.options()?;
    let outcome = push(args, token, options);
    let verdict = match &outcome {
        Ok(pushed) => pushed.verdict(),
        Err(problem) => Err(problem.clone()),
    };
    let printed = if args.json {
        outcome::print_json(&outcome, &verdict)
    } else {
        outcome::print(&outcome, &verdict)
    };
    let code = if verdict.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    Ok(match printed {
        // Whoever closed the output still learns by the code whether it went well.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(code),
    })
}

fn push(args: &Args, token: Token, options: Options) -> Answer<Pushed> {
    let progress = Progress::new();
    let export = Export::open(args.chosen.files(), options)?;
    let api = Api::new(&args.server, token, &progress)?;
    // Before a large file is read: are address, token and site right?
    progress.asking();
    let sites = api.sites()?;
    let site = site::find(&sites, &args.site)?.id;
    match attempt(args, &api, &progress, &export, site, None) {
        Err(problem) if args.replace && send::is_replaceable(&problem) => {
            attempt(args, &api, &progress, &export, site, problem.import)
        }
        other => other,
    }
}

/// Reads, sends, submits and waits. `replace` names the unfinished import that
/// a new one takes the place of.
fn attempt(
    args: &Args,
    api: &Api<'_>,
    progress: &Progress,
    export: &Export,
    site: i64,
    replace: Option<String>,
) -> Answer<Pushed> {
    let mut known = export.read(args.incomplete, progress)?;
    let mut new = export.new_import(&known);
    new.replace = replace;
    progress.asking();
    let open = send::open(api, site, &mut new, args.replace)?;
    progress.sending(new.seen.kept);
    let issues = known.take_issues();
    let mut chunks = export.chunks(known)?;
    let (submit, sent) = send::run(api, &open, &mut chunks, progress)?;
    let submit = Submit { issues, ..submit };
    let submitted = send::submit(api, &open, submit, args.same_blog)?;
    let import = if args.no_wait { submitted } else { follow::run(api, submitted, progress)? };
    Ok(Pushed { import, sent })
}
