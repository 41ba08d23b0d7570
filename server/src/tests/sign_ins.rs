//! How often somebody may try to sign in, and who is kept out by that: nobody else.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use sqlx::Executor;

use super::*;
use crate::network::parse_proxy;
use crate::sweep;

const PASSWORD: &str = "correct horse";
const HOME: &str = "198.51.100.1";
const ATTACKER: &str = "203.0.113.9";

/// A server with an owner and another admin, whose password is [`PASSWORD`]. Its clock
/// stands: what may be tried comes back with time, and hashes take long on a busy machine.
async fn server() -> Server {
    with_people(Server::new().await).await
}

async fn with_people(server: Server) -> Server {
    server.app.clock().stand_still();
    let hash = server.app.passwords().hash(PASSWORD.into()).await.unwrap();
    let now = server.app.clock().now_micros();
    for email in ["owner@example.org", "bob@example.org"] {
        let mut tx = server.app.store().begin().await.unwrap();
        accounts::insert_owner(&mut tx, email, &hash, now).await.unwrap();
        tx.commit().await.unwrap();
    }
    server
}

/// A try to sign in from an address, perhaps with the cookies of a browser.
struct Try<'a> {
    from: &'a str,
    email: &'a str,
    password: &'a str,
    cookies: &'a str,
    forwarded_for: Option<&'a str>,
}

fn from(from: &str) -> Try<'_> {
    Try { from, email: "owner@example.org", password: PASSWORD, cookies: "", forwarded_for: None }
}

/// A wrong password, with what a proxy or somebody else says of the way it came.
fn through<'a>(proxy: &'a str, hops: &'a str) -> Try<'a> {
    Try { forwarded_for: Some(hops), password: "a wrong one", ..from(proxy) }
}

impl Server {
    async fn attempt(&self, attempt: Try<'_>) -> Reply {
        let body = json!({ "email": attempt.email, "password": attempt.password });
        let mut request = Request::post("/api/v1/session")
            .header(header::HOST, "127.0.0.1:8787")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, attempt.cookies);
        if let Some(hops) = attempt.forwarded_for {
            request = request.header("x-forwarded-for", hops);
        }
        let mut request = request.body(Body::from(body.to_string())).unwrap();
        let address = SocketAddr::new(attempt.from.parse().unwrap(), 4711);
        request.extensions_mut().insert(ConnectInfo(address));
        self.send(request).await
    }

    async fn fail(&self, from: &str, email: &str) -> u16 {
        let password = "a wrong one";
        let wrong = Try { from, email, password, cookies: "", forwarded_for: None };
        self.attempt(wrong).await.status.as_u16()
    }

    async fn rows(&self, table: &'static str) -> i64 {
        let sql = match table {
            "familiar" => "SELECT count(*) FROM familiar",
            _ => "SELECT count(*) FROM sign_in_failures",
        };
        sqlx::query_scalar(sql).fetch_one(self.app.store().reader()).await.unwrap()
    }
}

fn session_cookie(reply: &Reply) -> String {
    let cookies = reply.headers.get_all(header::SET_COOKIE).iter();
    let mut cookies = cookies.map(|cookie| cookie.to_str().unwrap());
    let cookie = cookies.find(|cookie| cookie.starts_with("rehome=")).unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

fn browser_cookie(reply: &Reply) -> String {
    let cookies = reply.headers.get_all(header::SET_COOKIE).iter();
    let mut cookies = cookies.map(|cookie| cookie.to_str().unwrap());
    let cookie = cookies.find(|cookie| cookie.starts_with("rehome-browser=")).unwrap();
    assert!(cookie.contains("; HttpOnly; SameSite=Lax; Max-Age=15552000"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn ten_thousand_bad_sign_ins_keep_nobody_else_out() {
    let server = server().await;
    assert_eq!(server.attempt(from(HOME)).await.status, 200);
    let at_office = server.attempt(Try { email: "bob@example.org", ..from(ATTACKER) }).await;
    let browser = browser_cookie(&at_office);

    let mut came = BTreeMap::<u16, u32>::new();
    for number in 0..10_000 {
        let email = if number % 2 == 0 { "owner@example.org" } else { "Bob@Example.org" };
        *came.entry(server.fail(ATTACKER, email).await).or_default() += 1;
    }
    assert_eq!(came.values().sum::<u32>(), 10_000);
    // Those that were not let through did not cost a hash: the others are few.
    let looked_at = came[&401];
    assert!(looked_at <= 40, "{came:?}");
    assert_eq!(came[&429], 10_000 - looked_at, "{came:?}");

    let usual = server.attempt(from(HOME)).await;
    assert_eq!(usual.status, 200, "the owner from where they always are: {}", usual.body);
    let elsewhere = Try { email: "bob@example.org", ..from("192.0.2.77") };
    assert_eq!(server.attempt(elsewhere).await.status, 200, "another admin from anywhere else");
    let same_room = Try { email: "bob@example.org", cookies: &browser, ..from(ATTACKER) };
    assert_eq!(server.attempt(same_room).await.status, 200, "and behind the attacker's address");
    let stranger = server.attempt(from("192.0.2.78")).await;
    assert_eq!(stranger.status, 200, "one address does not use up what the world may try");
    let attacker = server.attempt(Try { email: "ann@example.org", ..from(ATTACKER) }).await;
    assert_eq!(attacker.code(), (429, "too_many_attempts"));
}

#[tokio::test]
async fn a_throttle_survives_a_restart_and_ends() {
    let server = server().await;
    for _ in 0..10 {
        assert_eq!(server.fail(ATTACKER, "owner@example.org").await, 401);
    }
    let server = server.restart(1_000).await;
    server.app.clock().stand_still();
    // The right password does not help whoever guesses.
    let refused = server.attempt(from(ATTACKER)).await;
    assert_eq!(refused.code(), (429, "too_many_attempts"));
    let wait: u64 = refused.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert_eq!(wait, 1);
    server.app.clock().advance(Duration::from_secs(wait));
    assert_eq!(server.fail(ATTACKER, "owner@example.org").await, 401);
    let longer = server.attempt(from(ATTACKER)).await;
    assert_eq!(longer.headers[header::RETRY_AFTER], "2");
    server.app.clock().advance(Duration::from_secs(2));
    assert_eq!(server.attempt(from(ATTACKER)).await.status, 200);
}

#[tokio::test]
async fn many_addresses_cannot_guess_one_account_and_its_owner_gets_in() {
    let server = server().await;
    let browser = browser_cookie(&server.attempt(from(HOME)).await);
    let mut looked_at = 0;
    for number in 0..300 {
        let address = format!("10.{}.{}.1", number / 250, number % 250);
        if server.fail(&address, "owner@example.org").await == 401 {
            looked_at += 1;
        }
    }
    assert!(looked_at < 120, "{looked_at}");
    let known_browser = Try { cookies: &browser, ..from("192.0.2.99") };
    assert_eq!(server.attempt(known_browser).await.status, 200);
    assert_eq!(server.attempt(from(HOME)).await.status, 200);
    // The others of the account are not meant.
    let bob = Try { email: "bob@example.org", ..from("192.0.2.99") };
    assert_eq!(server.attempt(bob).await.status, 200);
}

#[tokio::test]
async fn whoever_is_known_is_counted_too() {
    let server = server().await;
    let browser = browser_cookie(&server.attempt(from(HOME)).await);
    let wrong = || Try { cookies: &browser, password: "guess", ..from(HOME) };
    for _ in 0..10 {
        assert_eq!(server.attempt(wrong()).await.status, 401);
    }
    assert_eq!(server.attempt(wrong()).await.status, 429);
    // Another's browser is nobody's here.
    let bob = Try { email: "bob@example.org", cookies: &browser, ..from("192.0.2.5") };
    assert_eq!(server.attempt(bob).await.status, 200);
    // The network without the cookie is counted apart, and by itself.
    assert_eq!(server.attempt(from(HOME)).await.status, 200);
}

#[tokio::test]
async fn a_session_that_was_left_open_is_no_way_to_guess() {
    let server = server().await;
    let cookie = session_cookie(&server.attempt(from(HOME)).await);
    let change = async |current: &str| {
        let body = json!({ "current": current, "new": "another horse" });
        let request = Request::put("/api/v1/password")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, &cookie);
        server.send(request.body(Body::from(body.to_string())).unwrap()).await
    };
    for _ in 0..10 {
        assert_eq!(change("a wrong one").await.code(), (403, "password_wrong"));
    }
    assert_eq!(change("a wrong one").await.code(), (429, "too_many_attempts"));
    // Signing in is counted apart: the person is not kept out by it.
    assert_eq!(server.attempt(from(HOME)).await.status, 200);
    server.app.clock().advance(Duration::from_secs(1));
    assert_eq!(change(PASSWORD).await.status, 204);
}

#[tokio::test]
async fn an_unknown_address_is_counted_like_a_known_one() {
    let server = server().await;
    let mut came = Vec::new();
    for email in ["owner@example.org", "nobody@example.org"] {
        let from = if email.starts_with('o') { "192.0.2.1" } else { "192.0.2.2" };
        let mut codes = Vec::new();
        for _ in 0..12 {
            codes.push(server.fail(from, email).await);
        }
        came.push(codes);
    }
    assert_eq!(came[0], came[1]);
}

#[tokio::test]
async fn one_good_account_is_no_way_to_try_all_others() {
    let server = server().await;
    let mut looked_at = 0;
    for _ in 0..10 {
        let mine = Try { email: "bob@example.org", ..from(ATTACKER) };
        server.attempt(mine).await;
        for _ in 0..5 {
            if server.fail(ATTACKER, "owner@example.org").await == 401 {
                looked_at += 1;
            }
        }
    }
    assert!(looked_at < 20, "{looked_at}");
}

#[tokio::test]
async fn addresses_of_one_ipv6_network_are_one() {
    let server = server().await;
    for number in 0..10 {
        let address = format!("2001:db8:1:2::{number:x}");
        assert_eq!(server.fail(&address, "owner@example.org").await, 401);
    }
    assert_eq!(server.fail("2001:db8:1:2:ffff::1", "owner@example.org").await, 429);
    assert_eq!(server.fail("2001:db8:1:3::1", "owner@example.org").await, 401);
}

#[tokio::test]
async fn a_proxy_is_believed_only_where_it_is_trusted() {
    let server = with_people(
        Server::with(|config| {
            config.trusted_proxy = vec![parse_proxy("10.0.0.0/8").unwrap()];
        })
        .await,
    )
    .await;
    for _ in 0..10 {
        let reply = server.attempt(through("10.0.0.1", "192.0.2.66, 203.0.113.9")).await;
        assert_eq!(reply.status, 401);
    }
    // What a client writes before the proxy's own word changes nothing.
    let reply = server.attempt(through("10.0.0.2", "192.0.2.67, 203.0.113.9")).await;
    assert_eq!(reply.status, 429);
    assert_eq!(server.fail("203.0.113.9", "bob@example.org").await, 429);
    let reply = server.attempt(through("10.0.0.1", "203.0.113.10")).await;
    assert_eq!(reply.status, 401);
    // From anybody else the header is words.
    for number in 0..10 {
        let hops = format!("198.51.100.{number}");
        assert_eq!(server.attempt(through("192.0.2.3", &hops)).await.status, 401);
    }
    let reply = server.attempt(through("192.0.2.3", "198.51.100.99")).await;
    assert_eq!(reply.status, 429);
}

#[tokio::test]
async fn what_is_counted_is_swept_and_bounded() {
    let server = server().await;
    server.attempt(from(HOME)).await;
    server.fail(ATTACKER, "owner@example.org").await;
    assert!(server.rows("sign_in_failures").await >= 2);
    assert_eq!(server.rows("familiar").await, 2);
    server.app.clock().advance(Duration::from_hours(25));
    sweep::sweep(&server.app).await.unwrap();
    assert_eq!((server.rows("sign_in_failures").await, server.rows("familiar").await), (0, 2));

    let mut tx = server.app.store().begin().await.unwrap();
    let many = sqlx::AssertSqlSafe(format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100010)
        INSERT INTO sign_in_failures SELECT CAST(printf('%016d', n) AS BLOB), n % 7 + 1, {} FROM n",
        server.app.clock().now_micros()
    ));
    tx.execute(sqlx::raw_sql(many)).await.unwrap();
    tx.commit().await.unwrap();
    sweep::sweep(&server.app).await.unwrap();
    assert_eq!(server.rows("sign_in_failures").await, 100_000);
    let least: i64 = sqlx::query_scalar("SELECT count(*) FROM sign_in_failures WHERE failures = 1")
        .fetch_one(server.app.store().reader())
        .await
        .unwrap();
    assert_eq!(least, 14_287 - 10, "those that say least went");

    server.app.clock().advance(Duration::from_hours(181 * 24));
    sweep::sweep(&server.app).await.unwrap();
    assert_eq!((server.rows("sign_in_failures").await, server.rows("familiar").await), (0, 0));
    for _ in 0..60 {
        server.attempt(from(HOME)).await;
    }
    assert_eq!(server.rows("familiar").await, 50);
}
