//! What people wrote is in no log line and in no file but the database, and in
//! the staged chunks as long as the import lives. Once it is taken back or
//! the site is deleted, it is in the database's files neither.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rehome_record::{
    Author, BodyFormat, Comment, Complete, Counts, End, Extras, Header, Kind, Line, Page,
    SCHEMA_VERSION, Status,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::{Client, came_of};
use crate::process::{Server, Settings, wait_for};
use crate::stream::{Piece, moment};

const COMMENTS: usize = 1_500;
/// Words of comments, of their authors, addresses, and where they sat. Each is
/// in every comment, with a number behind it.
const MARKS: [&str; 7] = [
    "said-in-a-body-",
    "mail-of-somebody-",
    "203.0.113.",
    "Somebody Named ",
    "homepage-of-somebody-",
    "title-of-a-page-",
    "extra-of-a-comment-",
];
/// What only the operator and the receiver know.
const WEBHOOK_SECRET: &str = "bm90LXNvLXNlY3JldC1idXQtdGhpcy1pcy1hLXRlc3Q=";
const WEBHOOK_PATH: &str = "hooks-know-this-path";
const DATABASE: [&str; 3] = ["rehome.sqlite", "rehome.sqlite-wal", "rehome.sqlite-shm"];

#[test]
fn what_people_wrote_is_in_no_log_and_no_file_and_once_deleted_nowhere() {
    let folder = TempDir::new().unwrap();
    let (data, temporary) = (folder.path().join("data"), folder.path().join("tmp"));
    fs::create_dir(&temporary).unwrap();
    let environment = vec![
        ("REHOME_LOG", "trace".to_owned()),
        ("TMPDIR", temporary.to_string_lossy().into_owned()),
        // Nobody listens there: every notice is tried, and what of it fails is logged.
        ("REHOME_WEBHOOK_URL", format!("http://127.0.0.1:9/{WEBHOOK_PATH}")),
        ("REHOME_WEBHOOK_SECRET", format!("whsec_{WEBHOOK_SECRET}")),
        ("REHOME_WEBHOOK_ALLOW_PRIVATE", "true".to_owned()),
    ];
    let settings = Settings { batch_records: 50, environment, ..Settings::default() };
    let server = Server::set_up(&data, settings);
    let new = json!({ "name": "A program", "scopes": ["read", "import"] });
    let secret = server.post("/api/v1/tokens", &new).body["secret"].as_str().unwrap().to_owned();
    let session = server.cookie().split_once('=').unwrap().1.to_owned();
    let places = Places {
        data,
        temporary,
        secrets: vec![secret.clone(), session, WEBHOOK_SECRET.to_owned(), WEBHOOK_PATH.to_owned()],
    };

    refused_chunks(&server);
    let failed = failed_import(&server, &places);
    for client in [(*server).clone(), server.with_token(&secret)] {
        whole_import(&server, &client, &places);
    }
    // Shown to whoever may see it, which is no reason to log it.
    let pages = server.get(&format!("/api/v1/sites/{}/pages", server.site)).body;
    let page = pages["pages"][0]["id"].as_i64().unwrap();
    let shown = server.get(&format!("/api/v1/sites/{}/pages/{page}/comments", server.site)).body;
    assert!(shown.to_string().contains(MARKS[0]), "{shown}");

    assert!(places.database_holds(MARKS[0]), "it is looked for where it is as well");
    take_all_back(&server, &failed, &places);
    whole_import(&server, &server, &places);
    assert!(places.database_holds(MARKS[0]));
    delete_site(&server, &places);

    let log = server.log_text();
    for words in [
        "INSERT INTO comments",
        "answered",
        "the job failed",
        "import ended",
        "a notice is not sent",
    ] {
        assert!(log.contains(words), "the log tells what happened: {words}");
    }
    places.assert_without("the log", log.as_bytes());
    places.assert_without("the terminal", server.printed().as_bytes());
    places.assert_files_without();
}

/// Damaged, under another digest, and not as JSON: each refused with its content unsaid.
fn refused_chunks(server: &Server) {
    let import = create(server);
    let whole = &lines("refused")[0];
    let wrong_digest = Piece { digest: Piece::new(1, b"another").digest, ..whole.clone() };
    let no_json = format!("{{\"type\":\"comment\",\"body\":\"{}1\" \"{}2\"\n", MARKS[0], MARKS[1]);
    let no_json = Piece::new(1, no_json.as_bytes());
    let mut cut = whole.clone();
    cut.gzip.truncate(cut.gzip.len() / 2);
    for piece in [wrong_digest, no_json, cut] {
        let reply = server.put(&import, &piece);
        assert!((400..500).contains(&reply.status), "{}", reply.body);
        for mark in MARKS {
            assert!(!reply.body.to_string().contains(mark), "{}", reply.body);
        }
    }
    let cancelled = server.delete(&format!("/api/v1/imports/{import}"));
    assert!(cancelled.status < 300, "{}", cancelled.body);
}

/// A staged chunk that does not inflate any more, as after a fault of the disk.
fn failed_import(server: &Server, places: &Places) -> String {
    let import = create(server);
    let pieces = lines("failed");
    server.put_all(&import, &pieces);
    places.assert_staged_privately();
    let staged = files(&places.data.join("spool"));
    let last = staged.iter().max().unwrap();
    let bytes = fs::read(last).unwrap();
    fs::write(last, &bytes[..bytes.len() / 2]).unwrap();
    submit(server, &import, &pieces);
    let failed = server.wait_state(&import, "failed");
    for mark in MARKS {
        assert!(!failed["error"].to_string().contains(mark), "{failed}");
    }
    assert!(server.staged().is_empty());
    import
}

/// What the first import applied, and with it all that came later.
fn take_all_back(server: &Server, first: &str, places: &Places) {
    let path = format!("/api/v1/imports/{first}/undo");
    let reply = server.post(&path, &json!({ "with_later": true }));
    assert_eq!(reply.status, 202, "{}", reply.body);
    wait_for("all is taken back", || {
        places.assert_files_without();
        let now = server.import(first);
        assert_ne!(now["undoing"]["state"], "failed", "{now}");
        (now["state"] == "undone").then_some(())
    });
    places.wait_until_database_is_without();
}

fn delete_site(server: &Server, places: &Places) {
    let site = format!("/api/v1/sites/{}", server.site);
    let reply = server.delete_typed(&site, &json!({ "name": "Site" }));
    assert_eq!(reply.status, 204, "{}", reply.body);
    assert_eq!(server.get(&format!("{site}/pages")).status, 404);
    places.wait_until_database_is_without();
}

/// With a line that is rejected, and a look at the files again and again.
fn whole_import(server: &Server, client: &Client, places: &Places) {
    let import = create(client);
    let pieces = lines("whole");
    client.put_all(&import, &pieces);
    places.assert_staged_privately();
    submit(client, &import, &pieces);
    let ended = wait_for("its end", || {
        places.assert_files_without();
        let now = client.import(&import);
        (!["queued", "running"].contains(&now["state"].as_str().unwrap())).then_some(now)
    });
    assert_eq!(ended["state"], "succeeded", "{ended}");
    let [inserted, updated, unchanged, rejected] = came_of(&ended);
    let taken = inserted + updated + unchanged;
    assert_eq!((taken, rejected), (COMMENTS as u64, 1), "{ended}");
    assert!(server.staged().is_empty());
}

struct Places {
    data: PathBuf,
    temporary: PathBuf,
    secrets: Vec<String>,
}

impl Places {
    /// None of the marks and none of the secrets.
    fn assert_without(&self, place: &str, bytes: &[u8]) {
        let secrets = self.secrets.iter().map(String::as_str);
        for mark in MARKS.into_iter().chain(secrets) {
            if let Some(at) = find(bytes, mark) {
                let around = &bytes[at.saturating_sub(300)..(at + 100).min(bytes.len())];
                panic!("{mark} is in {place}:\n{}", String::from_utf8_lossy(around));
            }
        }
    }

    /// Every file but the database's own. One that goes meanwhile has nothing to tell.
    fn assert_files_without(&self) {
        for file in files(&self.data) {
            let Ok(name) = file.strip_prefix(&self.data).map(Path::to_owned) else { continue };
            if DATABASE.iter().any(|own| Path::new(own) == name) {
                continue;
            }
            let in_spool = name.starts_with("spool");
            let known = in_spool || name == Path::new("lock");
            assert!(known, "a file that nobody knows of: {}", name.display());
            // Gzip would hide it anyhow.
            if !in_spool && let Ok(bytes) = fs::read(&file) {
                self.assert_without(&name.to_string_lossy(), &bytes);
            }
        }
        assert_eq!(files(&self.temporary), Vec::<PathBuf>::new(), "temporary files");
    }

    /// While an import lives, its lines are in the private folder and nowhere else.
    fn assert_staged_privately(&self) {
        assert!(!files(&self.data.join("spool")).is_empty());
        for folder in [&self.data, &self.data.join("spool")] {
            let mode = fs::metadata(folder).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
        }
        self.assert_files_without();
    }

    /// The log beside the database is emptied as soon as nobody reads from it.
    fn wait_until_database_is_without(&self) {
        for mark in MARKS {
            wait_for(mark, || (!self.database_holds(mark)).then_some(()));
        }
    }

    fn database_holds(&self, mark: &str) -> bool {
        let holds = |name: &str| {
            fs::read(self.data.join(name)).is_ok_and(|bytes| find(&bytes, mark).is_some())
        };
        DATABASE.iter().any(|name| holds(name))
    }
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries.flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(files(&entry.path())),
            _ => found.push(entry.path()),
        }
    }
    found
}

fn find(bytes: &[u8], mark: &str) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark.as_bytes())
}

fn create(client: &Client) -> String {
    let new = json!({
        "format": "disqus", "origin": "forum", "reader": "disqus/1",
        "file": { "name": "export.xml", "size_bytes": 1, "fingerprint": "00" },
        "seen": { "comments": COMMENTS + 1, "kept": COMMENTS + 1, "skipped_by_reason": {},
            "complete": "yes" },
    });
    let mut reply = client.post(&format!("/api/v1/sites/{}/imports", client.site), &new);
    assert_eq!(reply.status, 201, "{}", reply.body);
    let Value::String(id) = reply.body["import"]["id"].take() else { panic!("no id") };
    id
}

fn submit(client: &Client, import: &str, pieces: &[Piece]) {
    let body = json!({ "chunks": pieces.len(), "counts": counts() });
    let reply = client.post(&format!("/api/v1/imports/{import}/submit"), &body);
    assert_eq!(reply.status, 200, "{}", reply.body);
}

/// One more than is good: see [`lines`].
fn counts() -> Counts {
    Counts { pages: 1, authors: 0, comments: COMMENTS as u64 + 1, removed: 0 }
}

/// A stream whose every record is marked, and whose last comment names a page that is not there.
fn lines(what: &str) -> Vec<Piece> {
    let header = Line::Header(header());
    let page = Line::Page(Page {
        source_id: "p".to_owned(),
        url: Some("https://example.org/p".to_owned()),
        title: Some(format!("{}1", MARKS[5])),
        ..Page::default()
    });
    let comments = (0..COMMENTS).map(|n| comment(n, "p", what));
    let lost = comment(COMMENTS, "no such page", what);
    let end = Line::End(End { counts: counts(), complete: Complete::Yes });
    Piece::all_of([header, page].into_iter().chain(comments).chain([lost, end]), 400)
}

fn comment(n: usize, page: &str, what: &str) -> Line {
    let mut extras = Extras::new();
    extras.insert("mood".to_owned(), json!(format!("{}{n}", MARKS[6])));
    Line::Comment(Box::new(Comment {
        source_id: format!("c{n}"),
        page: page.to_owned(),
        parent: None,
        author: Author {
            name: Some(format!("{}{n}", MARKS[3])),
            email: Some(format!("{}{n}@example.org", MARKS[1])),
            url: Some(format!("https://example.org/{}{n}", MARKS[4])),
            ..Author::default()
        },
        created_at: moment(n),
        edited_at: None,
        status: Status::Approved,
        kind: Kind::Comment,
        body: Some(format!("<p>{}{n}, {what}</p>", MARKS[0])),
        body_format: BodyFormat::Html,
        votes: None,
        ip: Some(format!("{}{}", MARKS[2], n % 250)),
        aliases: Vec::new(),
        extras,
    }))
}

fn header() -> Header {
    let fields = [
        "page.url",
        "page.title",
        "author.name",
        "author.email",
        "author.url",
        "comment.author",
        "comment.created_at",
        "comment.status",
        "comment.body",
        "comment.ip",
        "comment.extras",
    ];
    Header {
        schema: SCHEMA_VERSION,
        format: "disqus".to_owned(),
        family: "disqus".to_owned(),
        origin: "forum".to_owned(),
        reader: "disqus/1".to_owned(),
        fields: fields.map(str::to_owned).to_vec(),
        redacted: Vec::new(),
        options: rehome_record::Options::new(),
    }
}
