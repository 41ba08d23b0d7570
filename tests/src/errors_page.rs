//! `docs/errors.md`, from the lists of the server.

use std::fmt::Write;

use rehome_server::http::codes::{Code, Why};

const HEAD: &str = "\
# Errors

What goes wrong is answered as a problem document (RFC 9457, `application/problem+json`):

```json
{ \"status\": 409, \"code\": \"not_receiving\", \"title\": \"This import takes nothing more. Start a new one.\", \"line\": null, \"import\": null, \"differs\": [], \"origin\": null }
```

`code` is for programs: it is stable, and always comes with the same status. `title` is for people, in English; it may say more than the sentence below, and may change.
`line` is the line of the chunk or of the stream, from 1, where the problem is about one. `import` names an import where the problem is about another than the one asked for, and `differs` what of it is another; `origin` is, of `same_blog`, where the same comments are known from.

Answers with the status 429 or 503 say in `Retry-After` after how many seconds to try again. What met 408, 429, 500, 503 or 507 may be sent again as it is; after any other, something has to change first.

This page is made from the server\u{2019}s own list by `cargo xtask generate`: there are no other codes. The routes at which each may come stand in `docs/openapi.json`, or readable at `/api/docs` of every server.

";

const IMPORTS: &str = "
## Why an import failed

An import that was accepted and did not come to its end says why in its `error`. A stream in one body that was refused half-way bears the code of its refusal there, one of those above. What takes an import back says in its own `error` why it stopped.

";

/// The page's text.
pub(crate) fn text() -> String {
    let mut text = String::from(HEAD);
    text.push_str(
        "## Answers\n\n| Status | Code | What is wrong | What to do |\n|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let (status, word) = (code.status(), code.word());
        let _ = writeln!(text, "| {status} | `{word}` | {} | {} |", code.says(), code.then());
    }
    text.push_str(IMPORTS);
    text.push_str("| Code | What happened | What to do |\n|---|---|---|\n");
    for why in Why::ALL {
        let _ = writeln!(text, "| `{}` | {} | {} |", why.word(), why.says(), why.then());
    }
    text
}
