//! Words of many scripts: what a file of a real site mixes.

use crate::random::Random;

/// The alphabet of a text; a comment keeps to one.
#[derive(Clone, Copy)]
pub(crate) enum Script {
    Latin,
    Cyrillic,
    EastAsian,
    RightToLeft,
    Indic,
}

const ENGLISH: &[&str] = &[
    "the",
    "of",
    "and",
    "a",
    "to",
    "in",
    "is",
    "you",
    "that",
    "it",
    "was",
    "for",
    "on",
    "are",
    "as",
    "with",
    "I",
    "at",
    "be",
    "this",
    "have",
    "from",
    "or",
    "one",
    "had",
    "by",
    "but",
    "not",
    "what",
    "all",
    "were",
    "we",
    "when",
    "your",
    "can",
    "said",
    "there",
    "use",
    "an",
    "each",
    "which",
    "how",
    "their",
    "if",
    "will",
    "up",
    "other",
    "about",
    "out",
    "many",
    "then",
    "them",
    "these",
    "so",
    "some",
    "would",
    "make",
    "like",
    "into",
    "time",
    "has",
    "look",
    "two",
    "more",
    "write",
    "see",
    "number",
    "way",
    "could",
    "people",
    "than",
    "first",
    "been",
    "who",
    "now",
    "find",
    "long",
    "down",
    "day",
    "did",
    "get",
    "come",
    "made",
    "part",
    "comment",
    "article",
    "really",
    "thanks",
    "great",
    "writing",
    "agree",
    "disagree",
    "server",
    "garden",
    "bread",
    "photograph",
    "self-hosted",
    "performance",
    "database",
    "export",
    "weather",
    "bicycle",
];
const ACCENTED: &[&str] = &[
    "naïve",
    "café",
    "über",
    "straße",
    "garçon",
    "señor",
    "mañana",
    "façade",
    "Ångström",
    "København",
    "więcej",
    "żółty",
    "český",
    "příliš",
    "coração",
    "déjà",
    "vu",
    "größer",
    "schön",
];
const CYRILLIC: &[&str] = &[
    "привет",
    "мир",
    "комментарий",
    "статья",
    "спасибо",
    "очень",
    "хорошо",
    "сервер",
    "данные",
    "автор",
    "почему",
    "когда",
    "можно",
    "вопрос",
    "ответ",
    "Україна",
    "їжак",
    "завтра",
];
const EAST_ASIAN: &[&str] = &[
    "評論",
    "系統",
    "数据库",
    "你好",
    "世界",
    "ありがとう",
    "コメント",
    "記事",
    "サーバー",
    "한국어",
    "댓글",
    "감사합니다",
    "导入",
    "导出",
    "很好",
    "天気",
    "自転車",
];
const RIGHT_TO_LEFT: &[&str] =
    &["مرحبا", "تعليق", "مقال", "شكرا", "خادم", "שלום", "תגובה", "תודה", "جميل", "غدا"];
const INDIC: &[&str] = &["हिन्दी", "टिप्पणी", "धन्यवाद", "नमस्ते", "ภาษาไทย", "ขอบคุณ", "தமிழ்", "மாலை"];
/// One, two and four code points; with joiners and variation selectors.
const EMOJI: &[&str] = &["😀", "🎉", "👍🏽", "❤️", "🇵🇱", "👩‍💻", "🤔", "🔥"];

impl Script {
    /// Seven of ten texts are Latin.
    pub(crate) fn any(random: &mut Random) -> Self {
        match random.below(10) {
            0..=6 => Self::Latin,
            7 => Self::Cyrillic,
            8 => Self::EastAsian,
            _ if random.per_mille(500) => Self::RightToLeft,
            _ => Self::Indic,
        }
    }

    fn word(self, random: &mut Random) -> &'static str {
        let words = match self {
            Self::Latin if random.per_mille(40) => ACCENTED,
            Self::Latin => ENGLISH,
            Self::Cyrillic => CYRILLIC,
            Self::EastAsian => EAST_ASIAN,
            Self::RightToLeft => RIGHT_TO_LEFT,
            Self::Indic => INDIC,
        };
        random.pick(words)
    }
}

/// What stands between words now and then.
#[derive(Clone, Copy)]
pub(crate) enum Between {
    /// Nothing but white space: names and titles.
    Spaces,
    /// Commas and full stops, emoji, and entities of HTML.
    Marks,
}

const ENTITIES: &[&str] = &["&amp;", "&quot;", "&#39;", "&lt;", "&gt;", "&hellip;"];

/// Adds so many words.
pub(crate) fn add_words(
    text: &mut String,
    random: &mut Random,
    script: Script,
    count: u64,
    between: Between,
) {
    for number in 0..count {
        if number > 0 {
            text.push(' ');
        }
        text.push_str(script.word(random));
        if let Between::Marks = between {
            add_marks(text, random);
        }
    }
}

fn add_marks(text: &mut String, random: &mut Random) {
    if random.per_mille(90) {
        text.push(if random.per_mille(300) { '.' } else { ',' });
    }
    if random.per_mille(14) {
        text.push_str(random.pick(ENTITIES));
    }
    if random.per_mille(12) {
        text.push(' ');
        text.push_str(random.pick(EMOJI));
    }
}
