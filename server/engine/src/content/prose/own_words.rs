//! The words that Induct itself puts into what authors wrote, by language.
//!
//! A language has all of them or none: a new word is a new field, and does not compile until every language has it.

use crate::catalogue::{Language, TwinName};

/// Words of Induct's own within a page.
pub(crate) struct OwnWords {
    pub(super) note: &'static str,
    pub(super) tip: &'static str,
    pub(super) important: &'static str,
    pub(super) warning: &'static str,
    /// What a scenario is called by whoever hears the page.
    pub(super) scenario: &'static str,
    pub(super) what_would_you_do: &'static str,
    pub(super) table: &'static str,
    /// What the number of a source is called by whoever hears the page.
    pub(super) source: &'static str,
    pub(super) sound: &'static str,
    pub(super) video: &'static str,
    pub(super) download: &'static str,
    pub(super) read_what_is_said: &'static str,
    pub(super) read_what_is_shown: &'static str,
    /// One minute and several; a language that has another word for each number takes what is short for it.
    pub(super) minutes: [&'static str; 2],
    pub(super) seconds: [&'static str; 2],
    /// What stands before the explanation of a question, where its author writes `Why:`.
    why: &'static str,
    /// What stands above the contacts of a site, before its name.
    talk_at: &'static str,
    /// What stands below them: it leads to the help page.
    nobody_there: &'static str,
    /// Said above a text in this language that nobody has reviewed.
    unreviewed: &'static str,
    /// Said above Easy Read that nobody has tried; for a language that has no Easy Read yet, what it will be called.
    untried: &'static str,
}

const ENGLISH: OwnWords = OwnWords {
    note: "Good to know",
    tip: "Try this",
    important: "Important",
    warning: "Take care",
    scenario: "Scenario",
    what_would_you_do: "What would you do?",
    table: "Table",
    source: "Source",
    sound: "Sound",
    video: "Video",
    download: "Download the video",
    read_what_is_said: "Read what is said",
    read_what_is_shown: "Read what is said and shown",
    minutes: ["minute", "minutes"],
    seconds: ["second", "seconds"],
    why: "Why:",
    talk_at: "Talk to someone at",
    nobody_there: "Nobody there? Somebody else answers, at any hour",
    unreviewed: "This was translated by a machine, and nobody who speaks the language has checked it yet. If something \
                 is not clear, read what was written first, or ask us.",
    untried: "This is Easy Read. People who use Easy Read have not tried it yet. Is something not clear? Please ask us.",
};

const WELSH: OwnWords = OwnWords {
    note: "Da gwybod",
    tip: "Rhowch gynnig ar hyn",
    important: "Pwysig",
    warning: "Cymerwch ofal",
    scenario: "Senario",
    what_would_you_do: "Beth fyddech chi'n ei wneud?",
    table: "Tabl",
    source: "Ffynhonnell",
    sound: "Sain",
    video: "Fideo",
    download: "Lawrlwytho'r fideo",
    read_what_is_said: "Darllen beth sy'n cael ei ddweud",
    read_what_is_shown: "Darllen beth sy'n cael ei ddweud a'i ddangos",
    minutes: ["mun.", "mun."],
    seconds: ["eil.", "eil."],
    why: "Pam:",
    talk_at: "Siaradwch â rhywun yn",
    nobody_there: "Neb yno? Mae rhywun arall yn ateb, ar unrhyw awr",
    unreviewed: "Cyfieithiad peiriant yw hwn, a does neb sy'n siarad yr iaith wedi'i wirio eto. Os nad yw rhywbeth yn \
                 glir, darllenwch y testun gwreiddiol, neu gofynnwch i ni.",
    untried: "Fersiwn Hawdd ei Ddeall yw hwn. Nid yw pobl sy'n defnyddio Hawdd ei Ddeall wedi rhoi cynnig arno eto. Oes \
              rhywbeth yn aneglur? Gofynnwch i ni.",
};

impl OwnWords {
    /// The words in a language, and the tag of the language that they are in where that is another: English, until somebody gives
    /// the others. What is not in the language of a page has to say so (WCAG 3.1.2).
    pub(crate) fn of(language: Language) -> (&'static Self, Option<&'static str>) {
        match language.code() {
            "en" => (&ENGLISH, None),
            "cy" => (&WELSH, None),
            _ => (&ENGLISH, Some("en-GB")),
        }
    }
}

/// The words around the contacts of a site.
#[derive(Clone, Copy, Debug)]
pub struct HelpWords {
    /// What stands above them, before the name of the site.
    pub talk_at: &'static str,
    /// What stands below them, and leads to the help page.
    pub nobody_there: &'static str,
    /// The language that they are in.
    pub language: Language,
}

impl HelpWords {
    /// The words in a language; in English, until somebody gives those of that language.
    #[must_use]
    pub fn of(language: Language) -> Self {
        let (words, foreign) = OwnWords::of(language);
        let language = if foreign.is_some() { Language::ENGLISH } else { language };
        Self { talk_at: words.talk_at, nobody_there: words.nobody_there, language }
    }
}

/// The HTML of an explanation, which begins with `Why:`, with the word of its language in place of that.
pub(crate) fn with_own_why(html: &str, language: Language) -> String {
    const WRITTEN: &str = "<strong>Why:</strong>";
    let (words, foreign) = OwnWords::of(language);
    html.replacen(WRITTEN, &format!("<strong{}>{}</strong>", lang_attribute(foreign), words.why), 1)
}

/// What to say of a twin that nobody has reviewed, with the language of that sentence. `own` is the language of what was written first.
pub(crate) fn review_note(twin: TwinName, own: Language) -> (String, Language) {
    let language = twin.language(own);
    let (words, foreign) = OwnWords::of(language);
    let note = match twin {
        TwinName::In(_) => words.unreviewed,
        TwinName::EasyRead => words.untried,
    };
    (note.to_owned(), if foreign.is_some() { Language::ENGLISH } else { language })
}

/// The attribute of an element whose words are in that language; with a space before it.
pub(super) fn lang_attribute(tag: Option<&str>) -> String {
    tag.map(|tag| format!(" lang=\"{tag}\" dir=\"ltr\"")).unwrap_or_default()
}
