//! The quiz of a twin: other words for the questions of its module, held against them one by one.

use std::collections::{BTreeMap, BTreeSet};

use model::QuestionId;

use crate::catalogue::{Language, QuestionForm, Wording};
use crate::content::{
    fields::{Placed, Table, Value, refuse_key},
    problems::{Code, Report},
    prose::{Folder, Gathered, Kind, Known, Node, Writer, as_meant, parse},
    quiz::{
        Asks, COMMENT_HELP, QuestionOutline, QuizOutline, Sections, TruthWords, WordingOutline, front_matter,
        is_question, read_wordings, refuse_leaning_options, without_notes,
    },
    text::{Layout, did_you_mean},
};

/// The wordings of each question, by its id.
pub(super) type Wordings = BTreeMap<QuestionId, Vec<Wording>>;

/// Reads the quiz of a twin. Without the outline of its original it is held against nothing.
pub(super) fn read_twin_quiz(
    text: &str,
    original: Option<&QuizOutline<'_>>,
    known: Known<'_>,
    folder: Folder<'_>,
    gathered: &mut Gathered,
    report: &mut Report<'_>,
) -> Wordings {
    let whole = as_meant(text, Layout::Quiz, known, report);
    // What was found so far is not in the way of reading on.
    let errors = report.error_count();
    let (settings, body) = front_matter(&whole, report);
    if report.error_count() > errors {
        return Wordings::new();
    }
    let nodes = without_notes(parse(&body, report));
    let mut writer = Writer::new(Kind::Quiz, known, folder, gathered, report);
    let mut read = Vec::new();
    let fixed: BTreeSet<&str> =
        original.iter().flat_map(|original| &original.questions).filter_map(id_of_fixed).collect();
    for section in nodes.chunk_by(|_, next| !is_question(next)) {
        match section.split_first() {
            Some((node @ Node::Element(heading), rest)) if is_question(node) => {
                let sections = Sections::of(rest, &writer);
                let comment = sections.comment(writer.report).unwrap_or_default();
                let id = comment.iter().find(|(key, _)| key.value == "id").map(|(_, value)| value.value.as_str());
                if !id.is_some_and(|id| fixed.contains(id)) {
                    refuse_leaning_options(&sections, &mut writer);
                }
                read.push(read_wordings(heading, &sections, &mut writer));
            }
            Some((node, _)) => {
                let help = "Begin each question with a heading of level 2: `## `.";
                writer.report.error(node.at(), Code::TextBeforeQuestion, "This does not belong to any question.", help);
            }
            None => {}
        }
    }
    let Some(original) = original else { return Wordings::new() };
    let outline = QuizOutline::of(String::new(), text, folder.language(), known);
    let mut comparison = Comparison { original, twin: &outline, language: folder.language(), report };
    comparison.settings(settings);
    let pairs = comparison.pairs(body.in_file(0));
    let mut wordings = Wordings::new();
    for ((pair, own), read) in pairs.into_iter().zip(&outline.questions).zip(read) {
        let Some(question) = pair else { continue };
        comparison.question(question, own);
        let id = question.id().and_then(|id| QuestionId::new(id.value.as_str()).ok());
        wordings.extend(id.zip(read.map(|read| in_forms_of(question, read))));
    }
    wordings
}

/// The id of a question whose options keep their order.
fn id_of_fixed(question: &QuestionOutline) -> Option<&str> {
    question.says("order").and_then(|_| Some(question.id()?.value.as_str()))
}

/// The wordings in the forms of the original: where a language's words for true and false are not known, only the original
/// says that they are meant.
fn in_forms_of(original: &QuestionOutline, wordings: Vec<Wording>) -> Vec<Wording> {
    let asks = original.wordings.first().and_then(|wording| wording.asks);
    let in_form = |form| match form {
        QuestionForm::One(choices) if asks == Some(Asks::TrueFalse) => QuestionForm::TrueFalse(choices),
        form => form,
    };
    wordings.into_iter().map(|wording| Wording { form: in_form(wording.form), ..wording }).collect()
}

struct Comparison<'c, 't, 'r> {
    original: &'c QuizOutline<'c>,
    twin: &'c QuizOutline<'c>,
    language: Language,
    report: &'t mut Report<'r>,
}

impl<'c> Comparison<'c, '_, '_> {
    /// Settings need not be repeated; where they are, they say the same.
    fn settings(&mut self, table: Table) {
        const KEYS: [&str; 5] = ["pass", "draw", "pools", "attempts", "cooldown"];
        for (key, value) in table.entries {
            if !KEYS.contains(&key.value.as_str()) {
                refuse_key(&key, &KEYS, self.report);
                continue;
            }
            let theirs = self.original.settings.entries.iter().find(|(name, _)| name.value == key.value);
            // Without any, the front matter of the original cannot be read, which is said there.
            if self.original.settings.entries.is_empty() || theirs.is_some_and(|(_, other)| same(&value, other)) {
                continue;
            }
            self.settings_differ(&key, theirs.map_or(0, |(name, _)| name.at));
        }
    }

    /// The question of the original for each question of the twin. `None` where there is none. What is missing, unknown or out
    /// of order is reported. `body` is where the questions begin.
    fn pairs(&mut self, body: usize) -> Vec<Option<&'c QuestionOutline>> {
        let originals = &self.original.questions;
        let id_of = |question: &'c QuestionOutline| question.id().map(|id| id.value.as_str());
        let written: BTreeSet<&str> = self.twin.questions.iter().filter_map(id_of).collect();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, id) in originals.iter().enumerate().filter_map(|(place, original)| Some((place, id_of(original)?)))
        {
            places.entry(id).or_insert(place);
        }
        let mut pairs: Vec<Option<usize>> = Vec::new();
        let mut paired = BTreeSet::new();
        let mut before = None;
        let mut disordered = false;
        for question in &self.twin.questions {
            // What the place tells: the next question of the original, unless the twin has it elsewhere.
            let next = before.map_or(0, |place| place + 1);
            let meant = originals.get(next).and_then(|original| Some((next, original, id_of(original)?)));
            let meant = meant.filter(|(_, _, id)| !written.contains(id));
            let place = match question.id() {
                None => {
                    let help = meant.map_or_else(
                        || COMMENT_HELP.to_owned(),
                        |(_, original, id)| {
                            let place = self.original.place(original.at);
                            format!("By its place it is the question at {place}: write `<!-- id: {id} -->` below the heading.")
                        },
                    );
                    self.report.error(question.at, Code::MissingQuestionId, "This question has no id.", help);
                    meant.map(|(place, ..)| place)
                }
                Some(id) => match places.get(id.value.as_str()).copied() {
                    Some(place) if paired.contains(&place) => {
                        let message = format!("Another question has the id `{}` already.", id.value);
                        let help = "Give each question the id of the one that it translates.";
                        self.report.error(id.at, Code::DuplicateQuestionId, message, help);
                        None
                    }
                    Some(place) => {
                        if before.is_some_and(|before| place < before) && !disordered {
                            disordered = true;
                            let there = self.original.place(originals[place].at);
                            let message = format!("The question `{}` comes earlier in the module's quiz.", id.value);
                            let help = format!("Keep the order of the original, where it stands at {there}.");
                            self.report.error(question.at, Code::TwinQuestionOutOfOrder, message, help);
                        }
                        Some(place)
                    }
                    None => self.unknown(id, meant),
                },
            };
            before = place.or(before);
            paired.extend(place);
            pairs.push(place);
        }
        self.missing(&pairs, body);
        pairs.into_iter().map(|place| place.and_then(|place| originals.get(place))).collect()
    }

    /// An id that the original does not have. Where the quiz is not longer than the original, it can only be a slip of the pen
    /// for the id that is meant by its place.
    fn unknown(&mut self, id: &Placed<String>, meant: Option<(usize, &QuestionOutline, &str)>) -> Option<usize> {
        let meant = meant.filter(|_| self.twin.questions.len() <= self.original.questions.len());
        let help = match meant {
            Some((_, original, id)) => {
                format!("By its place it is the question at {}: write `id: {id}`.", self.original.place(original.at))
            }
            None => {
                let ids = self.original.questions.iter().filter_map(|question| Some(question.id()?.value.as_str()));
                did_you_mean(&id.value, ids, "Take the question out, or add it to the module's own quiz first.")
            }
        };
        let message = format!("The module's quiz has no question `{}`.", id.value);
        self.report.error(id.at, Code::TwinQuestionUnknown, message, help);
        meant.map(|(place, ..)| place)
    }

    fn missing(&mut self, pairs: &[Option<usize>], body: usize) {
        let paired: BTreeSet<usize> = pairs.iter().flatten().copied().collect();
        // By each place of the original: where the twin has what comes last before it.
        let mut last: Option<usize> = None;
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        for (index, place) in pairs.iter().enumerate().filter_map(|(index, pair)| Some((index, (*pair)?))) {
            places.insert(place, index);
        }
        for (place, original) in self.original.questions.iter().enumerate() {
            let index = places.get(&place).copied();
            last = last.max(index);
            let Some(id) = original.id().filter(|_| !paired.contains(&place)) else { continue };
            // Where it should stand: below the last of those that come before it in the original.
            let (at, position) = match last.and_then(|index| self.twin.questions.get(index)) {
                Some(question) => (question.at, "after this one"),
                None => (body, "first"),
            };
            let message = format!("The question `{}` is missing; it comes {position}.", id.value);
            let help = format!("Translate it from {}.", self.original.place(original.at));
            self.report.error(at, Code::TwinQuestionMissing, message, help);
        }
    }

    fn question(&mut self, original: &QuestionOutline, own: &QuestionOutline) {
        self.comment(original, own);
        let (theirs, ours) = (original.wordings.len(), own.wordings.len());
        if theirs != ours {
            let (theirs, ours) = (theirs.saturating_sub(1), ours.saturating_sub(1));
            let message = format!("Variants of this question here: {ours}; in the module: {theirs}.");
            let help =
                format!("Write the same variants, in the same order, as at {}.", self.original.place(original.at));
            self.report.error(own.at, Code::TwinFormDiffers, message, help);
        }
        for (original, own) in original.wordings.iter().zip(&own.wordings) {
            self.wording(original, own);
        }
    }

    /// What the comment says beside the id need not be repeated; where it is, it says the same.
    fn comment(&mut self, original: &QuestionOutline, own: &QuestionOutline) {
        const KEYS: [&str; 7] = ["id", "page", "use", "weight", "order", "pool", "marking"];
        let mut seen = BTreeSet::new();
        let mut said: BTreeMap<&str, &Placed<String>> = BTreeMap::new();
        for (key, value) in &original.comment {
            said.entry(&key.value).or_insert(value);
        }
        for (key, value) in &own.comment {
            let theirs = said.get(key.value.as_str()).copied();
            // What it is when nothing is said.
            let default = (key.value == "weight").then_some("1");
            if !seen.insert(&key.value) {
                let message = format!("`{}` is here twice.", key.value);
                self.report.error(key.at, Code::DuplicateKey, message, "Keep one of the two.");
            } else if !KEYS.contains(&key.value.as_str()) {
                refuse_key(key, &KEYS, self.report);
            } else if key.value != "id" && theirs.map(|value| value.value.as_str()).or(default) != Some(&value.value) {
                self.settings_differ(key, theirs.map_or(original.at, |value| value.at));
            }
        }
    }

    fn wording(&mut self, original: &WordingOutline, own: &WordingOutline) {
        // What asks for nothing is reported where it is read.
        let (Some(theirs), Some(ours)) = (original.asks, own.asks) else { return };
        let place = self.original.place(original.at);
        let words = TruthWords::of(self.language);
        let same_form = theirs == ours || (words.is_none() && (theirs, ours) == (Asks::TrueFalse, Asks::One));
        if !same_form {
            let message = format!("This asks for {}, but its original for {}.", ours.words(), theirs.words());
            let help = match words.filter(|_| theirs == Asks::TrueFalse) {
                Some(words) => format!("Ask for the same as at {place}. {}", words.help()),
                None => format!("Ask for the same as at {place}."),
            };
            self.report.error(own.at, Code::TwinFormDiffers, message, help);
            return;
        }
        let (theirs, ours) = (original.parts.len(), own.parts.len());
        if theirs != ours {
            let (one, many) = original.asks.unwrap_or(Asks::One).parts();
            let noun = if ours == 1 { one } else { many };
            let message = format!("This has {ours} {noun}, and its original has {theirs}.");
            let help = format!("Write the same, in the same order, as at {place}.");
            self.report.error(own.at, Code::TwinFormDiffers, message, help);
            return;
        }
        for (original, own) in original.parts.iter().zip(&own.parts) {
            let message = match (original.ticked.zip(own.ticked), original.truth.zip(own.truth)) {
                (Some((false, true)), _) => "This option is right here, and not in the module.",
                (Some((true, false)), _) => "This option is right in the module, and not here.",
                (_, Some((theirs, ours))) if theirs != ours => {
                    "This says the opposite of what stands here in the module."
                }
                _ => continue,
            };
            let place = self.original.place(original.at);
            let help = format!("Keep the options in their order, and tick the same: its original stands at {place}.");
            self.report.error(own.at, Code::TwinAnswerDiffers, message, help);
            return;
        }
    }

    fn settings_differ(&mut self, key: &Placed<String>, theirs: usize) {
        let message = format!("`{}` is not what it is in the module.", key.value);
        let help = format!("Take it out: what stands at {} counts for every language.", self.original.place(theirs));
        self.report.error(key.at, Code::TwinSettingsDiffer, message, help);
    }
}

/// Whether two values say the same, wherever they stand.
fn same(one: &Placed<Value>, other: &Placed<Value>) -> bool {
    match (&one.value, &other.value) {
        (Value::Table(one), Value::Table(other)) => {
            let has = |(key, value): &(Placed<String>, Placed<Value>)| {
                other.entries.iter().any(|(name, other)| name.value == key.value && same(value, other))
            };
            one.entries.len() == other.entries.len() && one.entries.iter().all(has)
        }
        (one, other) => one == other,
    }
}
