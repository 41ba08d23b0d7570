//! What is imported, and what another import makes of it.

use super::*;

pub(super) fn author(source_id: &str, name: &str) -> Value {
    json!({ "type": "author", "source_id": source_id, "name": name })
}

/// Of two pages and two authors; a reply waits for its parent, one names the ids of another source.
pub(super) fn base() -> Stream {
    let mut records =
        vec![page("p"), page("q"), author("ann", "Ann"), author("bob", "Bob"), comment("1", None)];
    records.push(comment("2", Some("1")));
    records.push(comment("orphan", Some("late")));
    let mut of_ann = comment("of-ann", None);
    of_ann["author"] = json!({ "source_id": "ann", "name": "Ann" });
    of_ann["aliases"] = json!([{ "family": "wordpress", "source_id": "77" }]);
    records.push(of_ann);
    let mut on_q = comment("on-q", None);
    on_q["page"] = json!("q");
    records.push(on_q);
    let mut stream = Stream::new(records);
    let mut fields: Vec<_> = FIELDS.to_vec();
    fields.push("comment.aliases");
    stream.header["fields"] = json!(fields);
    stream
}

pub(super) fn changed(change: impl FnOnce(&mut Vec<Value>)) -> Stream {
    let mut stream = base();
    change(&mut stream.records);
    stream
}

pub(super) fn of_id<'a>(records: &'a mut [Value], id: &str) -> &'a mut Value {
    records.iter_mut().find(|record| record["source_id"] == id).unwrap()
}

/// Another source of the same site, whose page and comment are known already.
pub(super) fn other_source() -> Stream {
    let mut records = vec![page("p"), comment("77", None), comment("78", Some("77"))];
    records[0]["source_id"] = json!("post");
    for record in &mut records[1..] {
        record["page"] = json!("post");
    }
    records[1]["body"] = json!("of-ann");
    records[1]["author"] = json!({ "name": "Ann" });
    let mut stream = Stream::new(records);
    stream.header["family"] = json!("wordpress");
    stream
}

/// Addresses and names were taken out of it.
pub(super) fn redacting() -> Stream {
    let mut stream = base();
    for record in &mut stream.records {
        let record = record.as_object_mut().unwrap();
        record.remove("url");
        if let Some(author) = record.get_mut("author").and_then(Value::as_object_mut) {
            author.remove("name");
        }
    }
    stream.header["redacted"] = json!(["page.url", "author.name"]);
    stream
}

/// What a second import may do to the first one's rows.
pub(super) fn second_imports() -> Vec<(&'static str, Stream)> {
    vec![
        ("nothing but new comments", changed(|records| records.push(comment("new", Some("2"))))),
        (
            "a new page and a new author",
            changed(|records| {
                records.push(page("new"));
                records.push(author("new", "New"));
                let mut comment = comment("new", None);
                comment["page"] = json!("new");
                comment["author"] = json!({ "source_id": "new", "name": "New" });
                records.push(comment);
            }),
        ),
        (
            "changed comments, pages and authors",
            changed(|records| {
                of_id(records, "2")["body"] = json!("other words");
                of_id(records, "1")["status"] = json!("spam");
                of_id(records, "p")["title"] = json!("Another title");
                of_id(records, "bob")["name"] = json!("Robert");
            }),
        ),
        (
            "a removed comment",
            changed(|records| {
                records.retain(|record| record["source_id"] != "2");
                records.push(json!({ "type": "removed", "kind": "comment", "source_id": "2" }));
            }),
        ),
        ("a parent that was waited for", changed(|records| records.push(comment("late", None)))),
        (
            "a reply of another parent",
            changed(|records| of_id(records, "2")["parent"] = json!("nobody")),
        ),
        (
            "aliases that are others",
            changed(|records| {
                let other = json!([{ "family": "wordpress", "source_id": "78" }]);
                of_id(records, "of-ann")["aliases"] = other;
                of_id(records, "1")["aliases"] =
                    json!([{ "family": "wordpress", "source_id": "5" }]);
            }),
        ),
        (
            "a comment that moved to a new page",
            changed(|records| {
                records.push(page("new"));
                of_id(records, "1")["page"] = json!("new");
            }),
        ),
        (
            "pages that moved on in a row",
            changed(|records| {
                of_id(records, "p")["url"] = json!("https://example.org/moved");
                of_id(records, "q")["url"] = json!("https://example.org/p");
                let mut late = page("late-page");
                late["url"] = json!("https://example.org/q");
                records.push(late);
            }),
        ),
        ("what is taken out on purpose", redacting()),
        ("another source of the same comments", other_source()),
    ]
}

/// Most of it at once.
pub(super) fn second_import_of_everything() -> Stream {
    changed(|records| {
        of_id(records, "p")["url"] = json!("https://example.org/moved");
        of_id(records, "q")["url"] = json!("https://example.org/p");
        of_id(records, "bob")["name"] = json!("Robert");
        of_id(records, "on-q")["body"] = json!("other words");
        of_id(records, "of-ann")["aliases"] = Value::Null;
        of_id(records, "of-ann").as_object_mut().unwrap().remove("aliases");
        records.retain(|record| record["source_id"] != "2");
        records.push(json!({ "type": "removed", "kind": "comment", "source_id": "2" }));
        records.extend([page("new"), author("new", "New"), comment("late", None)]);
        of_id(records, "1")["page"] = json!("new");
        records.extend((0..5).map(|n| comment(&format!("new-{n}"), Some("late"))));
    })
}

pub(super) fn long_stream() -> Stream {
    let mut records = vec![page("p")];
    records.extend((0..20).map(|n| comment(&n.to_string(), (n > 0).then_some("0"))));
    Stream::new(records)
}
