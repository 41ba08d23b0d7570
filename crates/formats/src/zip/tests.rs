use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::*;

const TEXT: &[u8] = b"<export>more than once, more than once, more than once</export>";

#[derive(Default, Clone, Copy, PartialEq)]
enum Packing {
    #[default]
    Stored,
    Deflated,
    /// Deflated, with the sizes after the bytes and in the directory alone.
    Streamed,
}

/// How an archive is written.
#[derive(Default, Clone, Copy)]
struct Kind {
    packing: Packing,
    wide: bool,
    encrypted: bool,
    comment: &'static [u8],
}

fn n16(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap().to_le_bytes()
}

fn n32(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}

fn n64(number: usize) -> [u8; 8] {
    (number as u64).to_le_bytes()
}

fn archive(kind: Kind, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    let is_deflated = kind.packing != Packing::Stored;
    let is_streamed = kind.packing == Packing::Streamed;
    let flags = usize::from(kind.encrypted) | usize::from(is_streamed) << 3;
    for (name, text) in files {
        let mut crc = Crc::new();
        crc.update(text);
        let packed = if is_deflated {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        } else {
            text.to_vec()
        };
        let method = if is_deflated { 8 } else { 0 };
        let at = bytes.len();
        let sums = [crc.sum().to_le_bytes(), n32(packed.len()), n32(text.len())].concat();
        let basics = [n16(20), n16(flags), n16(method), n16(0), n16(0)].concat();
        let known = if is_streamed { &[0; 12][..] } else { &sums };
        bytes.extend([b"PK\x03\x04", &basics[..], known, &n16(name.len()), &n16(3)].concat());
        bytes.extend([name.as_bytes(), b"\x99\x99\0", &packed].concat());
        if is_streamed {
            bytes.extend([b"PK\x07\x08", &sums[..]].concat());
        }
        let ones = [0xff; 4];
        let (sums, at, extra) = if kind.wide {
            let wide = [n64(text.len()), n64(packed.len()), n64(at)].concat();
            let extra = [b"UT\x01\0\0", &n16(1)[..], &n16(24), &wide].concat();
            ([&sums[..4], &ones, &ones].concat(), ones, extra)
        } else {
            (sums, n32(at), Vec::new())
        };
        directory.extend([b"PK\x01\x02\x14\0", &basics[..], &sums].concat());
        directory.extend([n16(name.len()), n16(extra.len()), n16(1)].concat());
        directory.extend([&[0; 8], &at[..], name.as_bytes(), &extra, b"c"].concat());
    }
    let at = bytes.len();
    bytes.extend(&directory);
    let count = files.len();
    let end = if kind.wide {
        let end_at = bytes.len();
        bytes.extend([b"PK\x06\x06", &n64(44)[..], &[45, 0, 45, 0], &[0; 8]].concat());
        bytes.extend([n64(count), n64(count), n64(directory.len()), n64(at)].concat());
        bytes.extend([b"PK\x06\x07", &[0; 4][..], &n64(end_at), &n32(1)].concat());
        vec![0xff; 12]
    } else {
        [&n16(count), &n16(count), &n32(directory.len())[..], &n32(at)].concat()
    };
    bytes.extend([b"PK\x05\x06", &[0; 4][..], &end, &n16(kind.comment.len())].concat());
    bytes.extend(kind.comment);
    bytes
}

fn code(error: &io::Error) -> &'static str {
    error.get_ref().and_then(|fault| fault.downcast_ref::<InputFault>()).unwrap().0
}

fn read(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, &'static str> {
    let files = files(Box::new(Cursor::new(bytes))).map_err(|error| code(&error))?;
    let all = files.into_iter().map(|(name, mut file)| {
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(|error| code(&error))?;
        Ok((name, text))
    });
    all.collect()
}

/// Archives of each kind, with two files to read and three to skip.
fn kinds() -> Vec<Vec<u8>> {
    let files = [
        ("b.xml", TEXT),
        ("folder/", b""),
        ("__MACOSX/b.xml", b"left"),
        (".left", b"left"),
        ("folder/ä.xml", b"<a/>"),
    ];
    let of = |kind| archive(kind, &files);
    let plain = Kind::default();
    vec![
        of(plain),
        of(Kind { packing: Packing::Deflated, ..plain }),
        of(Kind { packing: Packing::Streamed, ..plain }),
        of(Kind { comment: b"made PK\x05\x06 here", ..plain }),
        of(Kind { comment: b"PK\x05\x06 and what could be a record of its own", ..plain }),
        of(Kind { wide: true, ..plain }),
        of(Kind { packing: Packing::Streamed, wide: true, comment: b"wide", ..plain }),
    ]
}

#[test]
fn archives_of_each_kind_are_read() {
    static LONGEST: [u8; 65535] = [b'c'; 65535];
    let expected = [("b.xml", TEXT), ("folder/ä.xml", b"<a/>")];
    let expected = expected.map(|(name, text)| (name.to_owned(), text.to_vec()));
    for mut bytes in kinds() {
        assert_eq!(read(&bytes).as_deref(), Ok(&expected[..]));
        bytes.extend(b"\r\n");
        assert_eq!(read(&bytes).as_deref(), Ok(&expected[..]), "with bytes behind it");
    }
    assert_eq!(read(&archive(Kind::default(), &[])), Ok(Vec::new()));
    let longest = Kind { comment: &LONGEST, ..Kind::default() };
    assert_eq!(read(&archive(longest, &[("b.xml", TEXT)])).map(|files| files.len()), Ok(1));
}

#[test]
fn archives_that_stop_anywhere_are_damaged() {
    for bytes in kinds() {
        for end in 0..bytes.len() {
            assert_eq!(read(&bytes[..end]), Err("zip_damaged"), "{end} of {}", bytes.len());
        }
    }
}

#[test]
fn no_bytes_make_the_reader_panic() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed >> 33).unwrap() % below
    };
    let mut refused = 0;
    for bytes in kinds() {
        for at in 0..bytes.len() {
            for value in [0, 0x7f, 0xff] {
                let mut changed = bytes.clone();
                changed[at] = value;
                refused += usize::from(read(&changed).is_err());
            }
        }
        for _ in 0..3000 {
            let mut changed = bytes.clone();
            for _ in 0..=random(4) {
                let at = random(changed.len());
                changed[at] ^= 1 << random(8);
            }
            refused += usize::from(read(&changed).is_err());
        }
    }
    assert!(refused > 5000, "{refused}");
}

#[test]
fn what_no_export_is_packed_in_is_refused() {
    let plain = Kind::default();
    let files = [("a.xml", TEXT), ("b.xml", TEXT)];
    let encrypted = archive(Kind { encrypted: true, ..plain }, &files);
    assert_eq!(read(&encrypted), Err("zip_encrypted"));

    let good = archive(plain, &files);
    let entries: Vec<usize> = memchr::memmem::find_iter(&good, b"PK\x01\x02").collect();
    let end = good.len() - 22;
    let with = |at: usize, put: &[u8]| {
        let mut bytes = good.clone();
        bytes[at..at + put.len()].copy_from_slice(put);
        read(&bytes)
    };
    assert_eq!(with(entries[0] + 10, &[12]), Err("zip_unsupported"));
    assert_eq!(with(entries[1] + 42, &[0; 4]), Err("zip_damaged"), "both at one place");
    assert_eq!(with(entries[0] + 42, &[0xff; 4]), Err("zip_damaged"), "behind the end");
    assert_eq!(with(entries[0] + 16, &[0; 4]), Err("zip_damaged"), "another checksum");
    assert_eq!(with(entries[0] + 24, &[1]), Err("zip_damaged"), "another size");
    assert_eq!(with(end + 10, &[0xff; 2]), Err("zip_damaged"), "more files than bytes");
    assert_eq!(with(end + 10, &[1]), Err("zip_damaged"), "fewer files than there are");
    assert_eq!(with(end + 12, &[0xff; 8]), Err("zip_damaged"), "a directory without end");

    let names: Vec<String> = (0..1001).map(|number| format!("{number}.xml")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, TEXT)).collect();
    assert_eq!(read(&archive(plain, &many)), Err("zip_too_many"));
    assert_eq!(read(&archive(plain, &many[1..])).map(|files| files.len()), Ok(1000));
}
