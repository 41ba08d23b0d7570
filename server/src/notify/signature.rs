//! Signs webhooks by the Standard Webhooks specification, version 1.0.0.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The value of `webhook-signature`: `v1` and the base64 of an HMAC-SHA256 over
/// id, time of the try in seconds since 1970, and body.
pub(super) fn sign(secret: &[u8], id: &str, timestamp: i64, body: &str) -> String {
    // A key may have any length.
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret).expect("any length will do");
    for part in [id, ".", &timestamp.to_string(), ".", body] {
        mac.update(part.as_bytes());
    }
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use standardwebhooks::Webhook;

    use super::*;

    /// Secret, id, timestamp, body and signature, as the specification and its
    /// reference libraries publish them.
    const PUBLISHED: [(&str, &str, i64, &str, &str); 2] = [
        (
            "C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            1_649_367_553,
            r#"{"email":"test@example.com","username":"test_user"}"#,
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
        ),
        (
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
    ];

    #[test]
    fn published_signatures_come_out() {
        for (secret, id, timestamp, body, signature) in PUBLISHED {
            let secret = BASE64_STANDARD.decode(secret).unwrap();
            assert_eq!(sign(&secret, id, timestamp, body), signature, "{id}");
        }
    }

    #[test]
    fn another_implementation_signs_the_same() {
        let bodies = ["", "{}", "a.b.c", "{\"word\":\"zażółć 🎉\"}", &"x".repeat(10_000)];
        for length in [24, 32, 64, 65, 200] {
            let secret: Vec<u8> = (0..length).collect();
            let other = Webhook::from_bytes(secret.clone()).unwrap();
            for (timestamp, body) in (0..).map(|n| n * 1_000_000_007).zip(bodies) {
                let theirs = other.sign("msg_1", timestamp, body.as_bytes()).unwrap();
                assert_eq!(sign(&secret, "msg_1", timestamp, body), theirs, "{length} {body}");
            }
        }
    }

    #[test]
    fn every_part_is_signed() {
        let same = sign(b"secret", "a", 1, "b");
        for other in [
            sign(b"secreu", "a", 1, "b"),
            sign(b"secret", "b", 1, "b"),
            sign(b"secret", "a", 2, "b"),
            sign(b"secret", "a", 1, "c"),
        ] {
            assert_ne!(same, other);
        }
    }
}
