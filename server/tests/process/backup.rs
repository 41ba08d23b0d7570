//! Copies of the database, and what is found in it.

use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use crate::client::came_of;
use crate::database::Database;
use crate::process::{Server, Settings, wait_for};
use crate::stream::Discussion;
use crate::terminal::{printed, run, text};

#[test]
fn a_back_up_of_the_middle_of_an_import_is_whole_and_a_server_goes_on_from_it() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let settings = Settings { batch_records: 200, ..Settings::default() };
    let server = Server::set_up(&data, settings.clone());
    let discussion = Discussion { comments: 40_000, pages: 400 };
    let import = server.send(discussion, &discussion.pieces(4_000));
    wait_for("some comments", || (came_of(&server.at_work(&import)?)[0] > 1_000).then_some(()));
    let restored = folder.path().join("restored");
    std::fs::create_dir(&restored).unwrap();
    let copy = restored.join("rehome.sqlite");
    let name = copy.to_str().unwrap();
    let said = printed(&run(&data, &["backup", name]));
    assert!(said.contains("MiB, read back without an error"), "{said}");
    assert!(server.at_work(&import).is_some(), "the import goes on meanwhile");
    assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let others = std::fs::read_dir(&restored).unwrap().count();
    assert_eq!(others, 1, "nothing lies beside it");

    let before = std::fs::read(&copy).unwrap();
    let refused = run(&data, &["backup", name]);
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains("cannot be made"), "{}", text(&refused.stderr));
    assert!(std::fs::read(&copy).unwrap() == before, "it is not touched");
    server.wait_state(&import, "succeeded");
    let all = printed(&run(&data, &["check"]));
    assert_eq!(all, "Nothing is wrong. Sites: 1, pages: 400, comments: 40000.\n");
    drop(server);

    // What was staged is not in it, and that is all that is wrong.
    let checked = run(&restored, &["check"]);
    let said = text(&checked.stdout);
    assert_eq!(checked.status.code(), Some(1), "{said}");
    let findings: Vec<_> = said.lines().rev().skip(1).collect();
    assert!(!findings.is_empty() && findings.iter().all(|line| line.ends_with("is not staged.")));
    let mut again = Server::again(&restored, settings);
    wait_for("the import fails", || {
        let mut database = Database::open(&again.database());
        (database.text("SELECT state FROM imports")? == "failed").then_some(())
    });
    let mut database = Database::open(&again.database());
    let error = database.text("SELECT error ->> 'code' FROM imports");
    assert_eq!(error.as_deref(), Some("spool_unreadable"));
    let comments = database.count("SELECT count(*) FROM comments");
    assert!((1_001..40_000).contains(&comments), "{comments}");
    drop(database);
    assert_eq!(again.stop().code(), Some(0));
    let said = printed(&run(&restored, &["check"]));
    assert!(said.contains(&format!("comments: {comments}.")), "{said}");
}

/// Damage, what undoes it, and what is said of it.
const DAMAGES: [(&str, &str, &str); 8] = [
    (
        "UPDATE pages SET comments = comments + 1 WHERE id = 1",
        "UPDATE pages SET comments = comments - 1 WHERE id = 1",
        "Pages that count their comments wrong: 1. The first has the number 1.",
    ),
    (
        "UPDATE comments SET page_id = 9999 WHERE id = 1",
        "UPDATE comments SET page_id = 1 WHERE id = 1",
        "Comments on a page that is not there or of another site: 1. The first has the number 1.",
    ),
    (
        "UPDATE comments SET parent_id = 2 WHERE id = 1",
        "UPDATE comments SET parent_id = NULL WHERE id = 1",
        "Comments under a parent that is not there or on another page: 1.",
    ),
    (
        "UPDATE comment_sources SET comment_id = 2 WHERE source_id = 'c0'",
        "UPDATE comment_sources SET comment_id = 1 WHERE source_id = 'c0'",
        "Comments of which no source is known: 1. The first has the number 1.",
    ),
    (
        "INSERT INTO import_added SELECT seq, 'comment', 5, 6 FROM imports",
        "DELETE FROM import_added WHERE first_id = 5",
        "Imports that are said to have added what was added already: 1.",
    ),
    (
        "INSERT INTO waiting_replies VALUES (1, 'f', 'o', 'p', 'nobody')",
        "DELETE FROM waiting_replies WHERE source_id = 'nobody'",
        "Replies that wait for a parent and are not there, by site: 1.",
    ),
    (
        "UPDATE imports SET state = 'running'",
        "UPDATE imports SET state = 'succeeded'",
        "Imports that wait or run without a job: 1.",
    ),
    (
        "UPDATE imports SET comments = comments + 1",
        "UPDATE imports SET comments = comments - 1",
        "Imports that succeeded and whose sums do not add up: 1.",
    ),
];

#[test]
fn a_check_finds_what_was_damaged_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let server = Server::set_up(folder.path(), Settings::default());
    let discussion = Discussion { comments: 300, pages: 3 };
    let import = server.send(discussion, &discussion.pieces(1_000));
    server.wait_state(&import, "succeeded");
    let check = || {
        let output = run(folder.path(), &["check"]);
        (output.status.code(), text(&output.stdout))
    };
    let fine = (Some(0), "Nothing is wrong. Sites: 1, pages: 3, comments: 300.\n".to_owned());
    assert_eq!(check(), fine);
    let mut database = Database::open(&server.database());
    assert_eq!(database.text("SELECT parent_id FROM comments WHERE id = 1"), None);
    for (damage, mend, says) in DAMAGES {
        database.rows(damage);
        let (code, said) = check();
        assert_eq!(code, Some(1), "{damage}: {said}");
        assert!(said.lines().any(|line| line.starts_with(says)), "{damage}: {said}");
        database.rows(mend);
        assert_eq!(check(), fine, "{mend}");
    }
    database.rows("PRAGMA foreign_keys = OFF");
    database.rows(
        "INSERT INTO sessions (token_hash, admin_id, created_at, used_at) VALUES (x'00', 99, 0, 0)",
    );
    let (code, said) = check();
    assert_eq!(code, Some(1));
    assert!(said.contains("Rows of sessions that name what is not in admins: 1."), "{said}");
    database.rows("DELETE FROM sessions WHERE admin_id = 99");

    let stray = folder.path().join("spool/nobody");
    std::fs::create_dir(&stray).unwrap();
    let (code, said) = check();
    assert_eq!(code, Some(1));
    assert!(said.contains("Files are staged for no import that is under way: nobody."), "{said}");

    let swept = printed(&run(folder.path(), &["sweep"]));
    assert!(swept.starts_with("The running server did it."), "{swept}");
    assert!(!stray.exists(), "{swept}");
    assert_eq!(check(), fine);
}

#[test]
fn a_file_that_is_damaged_is_found() {
    let folder = TempDir::new().unwrap();
    let mut server = Server::set_up(folder.path(), Settings::default());
    let discussion = Discussion { comments: 300, pages: 3 };
    let import = server.send(discussion, &discussion.pieces(1_000));
    server.wait_state(&import, "succeeded");
    assert_eq!(server.stop().code(), Some(0));
    // An index that lacks a row: what SQLite itself looks for.
    let mut database = Database::open(&server.database());
    database.rows("PRAGMA writable_schema = ON");
    database.rows(
        "UPDATE sqlite_schema SET rootpage =
            (SELECT rootpage FROM sqlite_schema WHERE name = 'sites_by_account')
        WHERE name = 'pages_by_comments'",
    );
    drop(database);
    let checked = run(folder.path(), &["check"]);
    let said = text(&checked.stdout);
    assert_eq!(checked.status.code(), Some(1), "{said}{}", text(&checked.stderr));
    assert!(said.contains("The file is damaged: "), "{said}");
}

#[test]
fn a_sweep_without_a_server_does_it_itself() {
    let folder = TempDir::new().unwrap();
    let mut server = Server::set_up(folder.path(), Settings::default());
    assert_eq!(server.stop().code(), Some(0));
    let stray = folder.path().join("spool/nobody");
    std::fs::create_dir(&stray).unwrap();
    let said = printed(&run(folder.path(), &["sweep"]));
    assert!(said.starts_with("Swept.") && said.contains("stray files deleted: 1."), "{said}");
    assert!(!stray.exists());
    let said = printed(&run(folder.path(), &["sweep"]));
    assert!(said.contains("stray files deleted: 0."), "{said}");
}
