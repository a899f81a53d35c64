//! The names of the problems, and what each of them means.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::content::text::nearest;

macro_rules! codes {
    ($($code:ident = $name:literal,)*) => {
        /// A kind of problem. Its name never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "what each of them means stands in explanations.md, which a test compares with this list")]
        pub enum Code {
            $($code,)*
        }

        impl Code {
            /// All of them, in the order of their names.
            pub const ALL: &[Self] = &[$(Self::$code,)*];

            /// Its name, such as `no-right-answer`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)*
                }
            }
        }
    };
}

codes! {
    AccentContrast = "accent-contrast",
    AnswerGivenAway = "answer-given-away",
    AnswerInQuestion = "answer-in-question",
    AnswerTooLong = "answer-too-long",
    BadCallOut = "bad-call-out",
    BadCaptions = "bad-captions",
    BadColour = "bad-colour",
    BadDate = "bad-date",
    BadDrawing = "bad-drawing",
    BadDuration = "bad-duration",
    BadEmail = "bad-email",
    BadFactReference = "bad-fact-reference",
    BadFrontMatter = "bad-front-matter",
    BadImageName = "bad-image-name",
    BadLanguage = "bad-language",
    BadLink = "bad-link",
    BadLogo = "bad-logo",
    BadMedia = "bad-media",
    BadMediaName = "bad-media-name",
    BadMisconception = "bad-misconception",
    BadName = "bad-name",
    BadPageName = "bad-page-name",
    BadPass = "bad-pass",
    BadQuestionId = "bad-question-id",
    BadToml = "bad-toml",
    BadTrueFalse = "bad-true-false",
    BadUrl = "bad-url",
    CaptionTimes = "caption-times",
    CaptionWithoutText = "caption-without-text",
    CircularRequirement = "circular-requirement",
    ClosedLink = "closed-link",
    DayOfOneYear = "day-of-one-year",
    DrawTooLarge = "draw-too-large",
    DrawTooSmall = "draw-too-small",
    DrawingAttribute = "drawing-attribute",
    DrawingColour = "drawing-colour",
    DrawingElement = "drawing-element",
    DrawingTooLarge = "drawing-too-large",
    DrawingValue = "drawing-value",
    DrawingWithoutViewBox = "drawing-without-view-box",
    DuplicateAnswer = "duplicate-answer",
    DuplicateEntry = "duplicate-entry",
    DuplicateFact = "duplicate-fact",
    DuplicateItem = "duplicate-item",
    DuplicateKey = "duplicate-key",
    DuplicateOption = "duplicate-option",
    DuplicatePageNumber = "duplicate-page-number",
    DuplicatePageSlug = "duplicate-page-slug",
    DuplicatePair = "duplicate-pair",
    DuplicateQuestionId = "duplicate-question-id",
    DuplicateVersion = "duplicate-version",
    EmptyAnswer = "empty-answer",
    EmptyAudience = "empty-audience",
    EmptyLink = "empty-link",
    EmptyList = "empty-list",
    EmptyProgramme = "empty-programme",
    EmptyText = "empty-text",
    EmptyTranscript = "empty-transcript",
    FactBeginsSentence = "fact-begins-sentence",
    FactCheckOld = "fact-check-old",
    FactNotChecked = "fact-not-checked",
    FactNotHere = "fact-not-here",
    FactNotTranslated = "fact-not-translated",
    FeedbackIndent = "feedback-indent",
    ForeignBox = "foreign-box",
    ForeignMarkdown = "foreign-markdown",
    GiftCategory = "gift-category",
    GiftFeedback = "gift-feedback",
    GiftFormatting = "gift-formatting",
    GiftNotCarried = "gift-not-carried",
    GiftShortAnswer = "gift-short-answer",
    GiftSyntax = "gift-syntax",
    GiftUnpaired = "gift-unpaired",
    GiftWeight = "gift-weight",
    HardToRead = "hard-to-read",
    HeadingLevel = "heading-level",
    HeadingNotHere = "heading-not-here",
    HelpNotAlone = "help-not-alone",
    HelpNotHere = "help-not-here",
    HelplineForOthers = "helpline-for-others",
    HelplineForSome = "helpline-for-some",
    HelplineNumberDiffers = "helpline-number-differs",
    ImageNotHere = "image-not-here",
    ImageNotSupported = "image-not-supported",
    ImageTitle = "image-title",
    ItemShape = "item-shape",
    ItemWithoutText = "item-without-text",
    KeyNotInTwin = "key-not-in-twin",
    LanguagesDiffer = "languages-differ",
    LogoNotOnPaper = "logo-not-on-paper",
    MarkingNotHere = "marking-not-here",
    MatchColumns = "match-columns",
    MediaNotAlone = "media-not-alone",
    MediaTooLarge = "media-too-large",
    MisconceptionOnRightAnswer = "misconception-on-right-answer",
    MissingAlt = "missing-alt",
    MissingCaptions = "missing-captions",
    MissingFile = "missing-file",
    MissingKey = "missing-key",
    MissingQuestionId = "missing-question-id",
    MissingQuestionPage = "missing-question-page",
    MissingTranscript = "missing-transcript",
    NeverDrawn = "never-drawn",
    NoAgreementText = "no-agreement-text",
    NoAudiences = "no-audiences",
    NoCanonicalForm = "no-canonical-form",
    NoHelplineAtNight = "no-helpline-at-night",
    NoOptions = "no-options",
    NoQuestions = "no-questions",
    NoRightAnswer = "no-right-answer",
    NoSignpost = "no-signpost",
    NoTitle = "no-title",
    NotAHelpline = "not-a-helpline",
    NotUtf8 = "not-utf8",
    NumberNotOnHelpPage = "number-not-on-help-page",
    OddBlank = "odd-blank",
    OptionOutOfPlace = "option-out-of-place",
    OptionShape = "option-shape",
    OptionWithoutBox = "option-without-box",
    OptionWithoutFeedback = "option-without-feedback",
    OptionWithoutText = "option-without-text",
    OrderNotHere = "order-not-here",
    OutOfRange = "out-of-range",
    PageQuestion = "page-question",
    PageWithoutQuestion = "page-without-question",
    PairWithoutText = "pair-without-text",
    PoolTooSmall = "pool-too-small",
    PublishedEditionNewer = "published-edition-newer",
    PublishedTextChanged = "published-text-changed",
    PublishedVersionNewer = "published-version-newer",
    QuestionWithoutStem = "question-without-stem",
    QuizOfWorkshop = "quiz-of-workshop",
    RawHtml = "raw-html",
    ReservedPageName = "reserved-page-name",
    ReviewOverdue = "review-overdue",
    RightOptionSamePlace = "right-option-same-place",
    RightOptionStandsOut = "right-option-stands-out",
    RuleInWords = "rule-in-words",
    ScenarioChoiceWithoutOutcome = "scenario-choice-without-outcome",
    ScenarioChoiceWithoutText = "scenario-choice-without-text",
    ScenarioNotHere = "scenario-not-here",
    ScenarioShape = "scenario-shape",
    ScenarioTooFewChoices = "scenario-too-few-choices",
    ScenarioWithoutChoices = "scenario-without-choices",
    ScenarioWithoutSituation = "scenario-without-situation",
    TableCells = "table-cells",
    TextAfterOptions = "text-after-options",
    TextBeforeQuestion = "text-before-question",
    TitleNotFirst = "title-not-first",
    TooDeep = "too-deep",
    TooFewItems = "too-few-items",
    TooFewOptions = "too-few-options",
    TooFewPairs = "too-few-pairs",
    TooManyAnswers = "too-many-answers",
    TooManyImages = "too-many-images",
    TooManyItems = "too-many-items",
    TooManyOptions = "too-many-options",
    TooManyPairs = "too-many-pairs",
    TooManyVariants = "too-many-variants",
    TwinAnswerDiffers = "twin-answer-differs",
    TwinClausesDiffer = "twin-clauses-differ",
    TwinFormDiffers = "twin-form-differs",
    TwinNotReviewed = "twin-not-reviewed",
    TwinPageMissing = "twin-page-missing",
    TwinPageUnknown = "twin-page-unknown",
    TwinQuestionMissing = "twin-question-missing",
    TwinQuestionOutOfOrder = "twin-question-out-of-order",
    TwinQuestionUnknown = "twin-question-unknown",
    TwinSettingsDiffer = "twin-settings-differ",
    TwoRightAnswers = "two-right-answers",
    TwoTitles = "two-titles",
    UnexpectedFile = "unexpected-file",
    UnknownAgreement = "unknown-agreement",
    UnknownAudience = "unknown-audience",
    UnknownFact = "unknown-fact",
    UnknownHelpline = "unknown-helpline",
    UnknownImage = "unknown-image",
    UnknownKey = "unknown-key",
    UnknownMarking = "unknown-marking",
    UnknownMedia = "unknown-media",
    UnknownModule = "unknown-module",
    UnknownOrder = "unknown-order",
    UnknownPage = "unknown-page",
    UnknownPool = "unknown-pool",
    UnknownRole = "unknown-role",
    UnknownRule = "unknown-rule",
    UnknownUse = "unknown-use",
    UnknownWord = "unknown-word",
    UnnamedHelp = "unnamed-help",
    UnusedFact = "unused-fact",
    UnusedImage = "unused-image",
    UnusedMedia = "unused-media",
    VariantOfAnotherForm = "variant-of-another-form",
    VersionsOutOfOrder = "versions-out-of-order",
    WindowNotHere = "window-not-here",
    WrongKind = "wrong-kind",
}

impl Code {
    /// The code of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// The code that is nearest to a name that there is not, if any is near.
    #[must_use]
    pub fn nearest(name: &str) -> Option<Self> {
        nearest(name, Self::ALL.iter().map(|code| code.name())).and_then(Self::named)
    }

    /// What it means, with a bad example and a good one, as Markdown.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        sections().into_iter().find(|(name, _)| *name == self.name()).map_or("", |(_, text)| text)
    }
}

const HEADING: &str = "## ";
const EXPLANATIONS: &str = include_str!("../explanations.md");

/// The names in the document, each with what stands below it. Examples have headings of their own.
fn sections() -> Vec<(&'static str, &'static str)> {
    let mut starts = Vec::new();
    let mut fence = None;
    let mut at = 0;
    for line in EXPLANATIONS.split_inclusive('\n') {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            None if ticks >= 3 => fence = Some(ticks),
            None if line.starts_with(HEADING) => starts.push(at),
            Some(open) if ticks == open => fence = None,
            _ => {}
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([EXPLANATIONS.len()]);
    let sections = starts.iter().zip(ends).filter_map(|(&start, end)| {
        let (heading, text) = EXPLANATIONS[start..end].split_once('\n')?;
        Some((heading.strip_prefix(HEADING)?.trim(), text.trim()))
    });
    sections.collect()
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_with_a_bad_example_and_a_good_one() {
        let explained: Vec<_> = sections().into_iter().map(|(name, _)| name).collect();
        let codes: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(explained, codes, "the sections of explanations.md are the codes, in their order");
        for code in Code::ALL {
            let text = code.explanation();
            let (meaning, rest) = text.split_once("\n\nBad:\n\n```").unwrap_or_else(|| panic!("{}", code.name()));
            let (bad, good) = rest.split_once("\n\nGood:\n\n```").unwrap_or_else(|| panic!("{}", code.name()));
            assert!(!meaning.contains("\n\n"), "{code} is explained in one paragraph");
            assert!(!bad.trim().is_empty() && good.trim_end_matches('`').ends_with('\n'), "{code}");
        }
    }
}
