//! What only authors see: content as it is being written, with its problems beside the text and the answers of its quizzes.

mod kept;

use engine::{
    Language, TwinName,
    catalogue::{Audience, Block, Choice, Form, Module, Pair, Programme, Prose, Question, Quiz, Schedule, Wording},
    content::{Level, Problem},
};
use leptos::prelude::*;
use model::Status;

use super::{
    dates::count,
    frame::{Frame, Rendered},
    parts::{Mark, mark, row, status},
};

/// What a preview adds to every page.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The address of the script that loads the page anew.
    pub script: &'static str,
    /// Which state of the content is shown; every change raises it.
    pub number: u64,
    /// As whom the author looks at it.
    pub audience: Audience,
    /// In which language the author wants to see modules; none for that of each module.
    pub chosen: Option<TwinName>,
    /// In what the module of this page can be read; none where there is no module.
    pub readings: Option<Readings>,
    /// The address of this page, without a query.
    pub address: String,
    /// The file that it is made of.
    pub file: Option<String>,
    /// Whether that file has no problems.
    pub clean: bool,
    /// What else the author should know about it.
    pub remarks: Vec<String>,
    /// Its problems that stand beside no text.
    pub notes: Vec<Note>,
    /// The other pages of the same module that have problems.
    pub elsewhere: Vec<Elsewhere>,
}

/// In what a module can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readings {
    /// The language of the module itself.
    pub own: Language,
    /// Its twins.
    pub twins: Vec<TwinName>,
    /// The twin that is shown; none for the module itself.
    pub shown: Option<TwinName>,
}

/// A problem, with the line of the file that it concerns.
#[derive(Clone, Debug)]
pub struct Note {
    /// The problem.
    pub problem: Problem,
    /// The line; none when there is no such line.
    pub line: Option<String>,
}

/// A page that has problems.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// What it is called.
    pub title: String,
    /// Its address.
    pub address: String,
    /// How many problems it has.
    pub tally: Tally,
}

/// How many problems there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

impl Tally {
    /// Counts problems.
    pub fn of<'p>(problems: impl IntoIterator<Item = &'p Problem>) -> Self {
        problems.into_iter().fold(Self::default(), |tally, problem| match problem.level {
            Level::Error => Self { errors: tally.errors + 1, ..tally },
            Level::Warning => Self { warnings: tally.warnings + 1, ..tally },
        })
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    fn words(self) -> String {
        let errors = count(self.errors, "error", "errors");
        let warnings = count(self.warnings, "warning", "warnings");
        match (self.errors, self.warnings) {
            (0, 0) => "No problems".to_owned(),
            (0, _) => warnings,
            (_, 0) => errors,
            _ => format!("{errors}, {warnings}"),
        }
    }

    fn shown(self) -> impl IntoView + use<> {
        let (class, sign) = match (self.errors, self.warnings) {
            (0, 0) => ("status passed", Mark::Status(Status::Passed)),
            (0, _) => ("status due-soon", Mark::Warning),
            _ => ("status overdue", Mark::Warning),
        };
        view! { <span class=class>{mark(sign)} " " {self.words()}</span> }
    }
}

impl Preview {
    pub(super) fn script(&self, nonce: &str) -> impl IntoView + use<> {
        view! { <script src=self.script nonce=nonce.to_owned() data-shown=self.number.to_string() defer></script> }
    }

    pub(super) fn banner(&self) -> impl IntoView + use<> {
        let switches = AUDIENCES
            .into_iter()
            .map(|(audience, code, words)| {
                let here = (audience == self.audience).then_some("true");
                let chosen = self.chosen.map(|chosen| format!("&in={chosen}")).unwrap_or_default();
                view! { <li><a href=format!("{}?as={code}{chosen}", self.address) aria-current=here>{words}</a></li> }
            })
            .collect_view();
        let languages = self.readings.as_ref().filter(|readings| !readings.twins.is_empty());
        let languages = languages.map(|readings| self.languages(readings));
        let file = self.file.as_ref().map(|file| {
            let problems = if self.clean { ": no problems" } else { "" };
            view! { <p><code>{file.clone()}</code> {problems}</p> }
        });
        let remarks = self.remarks.iter().map(|remark| view! { <p>{remark.clone()}</p> }).collect_view();
        view! {
            <section class="preview-banner" aria-label="Preview">
                <p><strong>"Preview: what learners see, and what only authors do."</strong> " Nothing is saved here."</p>
                <nav aria-label="Shown as it is for">
                    <ul role="list">{switches} <li><a href="/">"All of the content"</a></li></ul>
                </nav>
                {languages}
                {file}
                {remarks}
            </section>
        }
    }

    fn languages(&self, readings: &Readings) -> impl IntoView + use<> {
        let audience =
            AUDIENCES.iter().find(|(audience, ..)| *audience == self.audience).map_or("", |(_, code, _)| code);
        let all = [(TwinName::In(readings.own), None)]
            .into_iter()
            .chain(readings.twins.iter().map(|twin| (*twin, Some(*twin))));
        let switches = all.map(|(name, twin)| {
            let here = (twin == readings.shown).then_some("true");
            let address = format!("{}?as={audience}&in={name}", self.address);
            let lang = name.language(readings.own).tag().to_owned();
            view! { <li><a href=address aria-current=here lang=lang>{name.name().to_owned()}</a></li> }
        });
        view! {
            <nav aria-label="Shown in">
                <ul role="list">{switches.collect_view()}</ul>
            </nav>
        }
    }

    pub(super) fn notes(&self) -> impl IntoView + use<> {
        let notes = self.notes.iter().map(note).collect_view();
        let elsewhere = self
            .elsewhere
            .iter()
            .map(|page| {
                view! {
                    <li>
                        <div><p><a href=page.address.clone()>{page.title.clone()}</a></p></div>
                        {page.tally.shown()}
                    </li>
                }
            })
            .collect_view();
        let elsewhere = (!self.elsewhere.is_empty()).then(|| {
            view! {
                <section class="column" aria-label="Pages with problems">
                    <ul class="rows" role="list">{elsewhere}</ul>
                </section>
            }
        });
        view! { {notes} {elsewhere} }
    }
}

const AUDIENCES: [(Audience, &str, &str); 2] =
    [(Audience::Learner, "learner", "As a learner"), (Audience::Staff, "staff", "As staff")];

/// The page with each problem below the block that it concerns, and the problems that stand before all of them.
#[must_use]
pub fn beside(prose: &Prose, notes: Vec<Note>) -> (Prose, Vec<Note>) {
    let place = |note: &Note| prose.lines.partition_point(|line| *line <= note.problem.line);
    let (before, notes): (Vec<_>, Vec<_>) = notes.into_iter().partition(|note| place(note) == 0);
    let mut shown = Prose { facts: prose.facts.clone(), ..Prose::default() };
    for (index, block) in prose.blocks.iter().enumerate() {
        shown.blocks.push(block.clone());
        let here = notes.iter().filter(|note| place(note) == index + 1);
        shown.blocks.extend(here.map(|each| Block::Html(note(each).to_html())));
    }
    (shown, before)
}

fn note(note: &Note) -> impl IntoView + use<> {
    let Problem { path, line, column, level, code, message, help } = &note.problem;
    let (class, word) = match level {
        Level::Error => ("callout callout-danger problem", "Error"),
        Level::Warning => ("callout callout-warning problem", "Warning"),
    };
    let help = help.as_ref().map(|help| view! { <p>{ticked(help)}</p> });
    let source = note.line.as_ref().map(|text| {
        let (text, caret) = excerpt(text, *column);
        view! {
            <pre tabindex="0" role="group" aria-label=format!("Line {line}")>
                <code>{text} "\n" <span aria-hidden="true">{caret}</span></code>
            </pre>
        }
    });
    view! {
        <div class=class role="note" lang="en-GB">
            <p class="callout-word">{mark(Mark::Warning)} " " {word}</p>
            <p>{ticked(message)}</p>
            {help}
            {source}
            <p class="hint"><code>{format!("{path}:{line}:{column}")}</code> " " <code>{code.to_string()}</code></p>
        </div>
    }
}

/// A line, cut to what can be seen around a column, and below it a caret at that column.
fn excerpt(line: &str, column: u32) -> (String, String) {
    const BEFORE: usize = 16;
    const LONGEST: usize = 72;
    let at = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1).min(line.chars().count());
    let cut = at.saturating_sub(BEFORE);
    let mut shown = String::new();
    let mut caret = String::new();
    if cut > 0 {
        shown.push('…');
        caret.push(' ');
    }
    shown.extend(line.chars().skip(cut).take(LONGEST));
    if line.chars().count() > cut + LONGEST {
        shown.push('…');
    }
    // A tab is as wide below the line as in it.
    caret.extend(line.chars().skip(cut).take(at - cut).map(|char| if char == '\t' { '\t' } else { ' ' }));
    caret.push('^');
    (shown, caret)
}

/// Text in which what stands between backticks is code.
fn ticked(text: &str) -> impl IntoView + use<> {
    text.split('`')
        .enumerate()
        .map(|(place, part)| {
            let part = part.to_owned();
            if place % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
        })
        .collect_view()
}

/// A module or an agreement in the list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its title, or its name when it has none that could be read.
    pub title: String,
    /// Its address.
    pub address: String,
    /// One sentence.
    pub summary: String,
    /// For whom it is; empty when that could not be read.
    pub audience: Vec<Audience>,
    /// How many problems it has.
    pub tally: Tally,
}

/// A programme in the list.
#[derive(Clone, Debug)]
pub struct ProgrammeEntry {
    /// Its name.
    pub slug: String,
    /// The programme; none when it has an error.
    pub programme: Option<Programme>,
    /// Its problems: it has no page of its own to show them on.
    pub notes: Vec<Note>,
}

/// Everything that there is.
#[derive(Clone, Debug)]
pub struct Contents {
    /// The modules.
    pub modules: Vec<Entry>,
    /// The agreements.
    pub agreements: Vec<Entry>,
    /// The programmes.
    pub programmes: Vec<ProgrammeEntry>,
    /// The problems of files that belong to none of them.
    pub others: Vec<Note>,
    /// How many problems there are in all.
    pub tally: Tally,
}

/// Everything that there is, with how many problems each has.
pub fn contents(frame: &Frame, preview: Audience, contents: &Contents) -> Rendered {
    frame.page("Preview", || {
        let programmes = contents.programmes.iter().map(|entry| programme(entry, contents)).collect_view();
        let programmes = (!contents.programmes.is_empty()).then(|| view! { <h2>"Programmes"</h2> {programmes} });
        let others = contents.others.iter().map(note).collect_view();
        let others = (!contents.others.is_empty()).then(|| {
            let tally = Tally::of(contents.others.iter().map(|note| &note.problem));
            let few = contents.others.len() <= 3;
            view! {
                <h2>"Problems of other files"</h2>
                <details open=few>
                    <summary>{tally.words()}</summary>
                    {others}
                </details>
            }
        });
        view! {
            <div class="column">
                <h1>{frame.organisation.clone()}</h1>
                <p class="lead">"In all: " {contents.tally.words().to_lowercase()} "."</p>
                <h2>"Modules"</h2>
                {entries(&contents.modules, preview)}
                <h2>"Agreements"</h2>
                {entries(&contents.agreements, preview)}
                {programmes}
                {others}
            </div>
        }
    })
}

fn entries(entries: &[Entry], audience: Audience) -> impl IntoView + use<> {
    let rows = entries
        .iter()
        .map(|entry| {
            let hidden = not_for(&entry.audience, audience).map(|remark| view! { <p class="meta">{remark}</p> });
            view! {
                <li>
                    <div>
                        <h3><a href=entry.address.clone()>{entry.title.clone()}</a></h3>
                        <p>{entry.summary.clone()}</p>
                        {hidden}
                    </div>
                    {entry.tally.shown()}
                </li>
            }
        })
        .collect_view();
    if entries.is_empty() {
        view! { <p>"None yet."</p> }.into_any()
    } else {
        view! { <ul class="rows" role="list">{rows}</ul> }.into_any()
    }
}

/// What to say of something that this audience does not get to see.
#[must_use]
pub fn not_for(written_for: &[Audience], audience: Audience) -> Option<&'static str> {
    let hidden = !written_for.is_empty() && !written_for.contains(&audience);
    hidden.then_some(match audience {
        Audience::Learner => "Not for learners: they do not get to see it.",
        Audience::Staff => "Not for staff: they do not get to see it.",
    })
}

fn programme(entry: &ProgrammeEntry, contents: &Contents) -> impl IntoView + use<> {
    let notes = entry.notes.iter().map(note).collect_view();
    let Some(programme) = &entry.programme else {
        return view! { <h3>{entry.slug.clone()}</h3> {notes} }.into_any();
    };
    let modules = programme.modules.iter().map(|slug| (&contents.modules, format!("/modules/{slug}")));
    let agreements = programme.agreements.iter().map(|slug| (&contents.agreements, format!("/agreements/{slug}")));
    let steps = modules
        .chain(agreements)
        .map(|(entries, address)| {
            let entry = entries.iter().find(|entry| entry.address == address);
            let title = entry.map_or_else(|| address.clone(), |entry| entry.title.clone());
            view! { <li><a href=address>{title}</a></li> }
        })
        .collect_view();
    let days = |days: u32| count(usize::try_from(days).unwrap_or_default(), "day", "days");
    let due = match programme.schedule {
        Schedule::Once { days: due } => format!(" Due {} after somebody’s start date.", days(due)),
        Schedule::CompanyYear(year) => format!(
            " Every year from {}: due {} later. What is done in the {} before counts.",
            year.first_day.format("%-d %B"),
            days(year.due_days),
            days(year.window),
        ),
    };
    view! {
        <h3>{programme.title.clone()}</h3>
        <p>{programme.summary.clone()} {due}</p>
        <ol>{steps}</ol>
        {notes}
    }
    .into_any()
}

/// One question of a quiz as the author wrote it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The question, or its text in the file when it has errors that leave no question.
    pub question: Result<Question, String>,
    /// Its problems.
    pub notes: Vec<Note>,
}

/// A quiz with everything that nobody else gets to see: all questions in all wordings, what is right, and why.
pub fn quiz(frame: &Frame, module: &Module, asked: &[Asked]) -> Rendered {
    frame.page(&format!("Quiz: {}", module.title), || {
        let questions = asked.iter().enumerate().map(|(place, asked)| question(module, place, asked)).collect_view();
        view! {
            <div class="with-side">
                <div>
                    <p class="crumb"><a href=format!("/modules/{}", module.slug)>{module.title.clone()}</a></p>
                    <h1>{format!("Quiz: {}", module.title)}</h1>
                    <p class="lead">"Every question with its answers. Only this preview shows them."</p>
                    <ol class="answers" role="list">{questions}</ol>
                </div>
                <div class="side">
                    <h2>"This quiz"</h2>
                    {about(&module.quiz)}
                </div>
            </div>
        }
    })
}

fn about(quiz: &Quiz) -> impl IntoView + use<> {
    let pools = quiz.pools.iter().map(|(name, draw)| format!("{draw} from {name}")).collect::<Vec<_>>();
    let pools = (!pools.is_empty()).then(|| row("Pools", pools.join(", ")));
    view! {
        <dl class="facts">
            {row("Questions", quiz.questions.len().to_string())}
            {row("Asked at a time", quiz.draw.to_string())}
            {pools}
            {row("To pass", format!("{}% right", quiz.pass))}
            {row("Attempts", quiz.attempts.to_string())}
            {row("Pause after an attempt", count(usize::try_from(quiz.cooldown.num_minutes()).unwrap_or_default(), "minute", "minutes"))}
        </dl>
    }
}

fn question(module: &Module, place: usize, asked: &Asked) -> impl IntoView + use<> {
    let notes = asked.notes.iter().map(note).collect_view();
    let number = format!("{}. ", place + 1);
    let Ok(question) = &asked.question else {
        let source = asked.question.as_ref().err().cloned().unwrap_or_default();
        let heading = if asked.notes.is_empty() { "Not read yet" } else { "A question with an error" };
        return view! {
            <li>
                <h2>{number} {heading}</h2>
                {notes}
                <pre tabindex="0" role="group" aria-label="The question in its file"><code>{source}</code></pre>
            </li>
        }
        .into_any();
    };
    let many = question.wordings.len() > 1;
    let title = question.wordings.first().map(|wording| wording.stem.clone()).unwrap_or_default();
    let lang = module.language.tag();
    let wordings = question
        .wordings
        .iter()
        .enumerate()
        .map(|(place, wording)| {
            let heading = (place > 0).then(|| {
                let stem = wording.stem.clone();
                view! { <h3>{format!("Variant {place}: ")} <span lang=lang.to_owned() inner_html=stem></span></h3> }
            });
            view! { {heading} {answers(wording, lang)} }
        })
        .collect_view();
    let variants = many.then(|| format!(" · {}", count(question.wordings.len() - 1, "variant", "variants")));
    let page = module.page(&question.page).map_or_else(|| question.page.to_string(), |(_, page)| page.title.clone());
    view! {
        <li id=question.id.to_string()>
            <h2>{number} <span lang=lang.to_owned() inner_html=title></span></h2>
            <p class="meta">
                <code>{question.id.to_string()}</code>
                <span>{settings(question)} {variants}</span>
                <a class="standalone" href=format!("/modules/{}/{}", module.slug, question.page)>{page}</a>
            </p>
            {notes}
            {wordings}
        </li>
    }
    .into_any()
}

fn settings(question: &Question) -> String {
    let form = match question.wordings.first().map(|wording| &wording.form) {
        Some(Form::One(_)) | None => "One answer",
        Some(Form::Several(_)) => "Several answers",
        Some(Form::TrueFalse(_)) => "True or false",
        Some(Form::Order(_)) => "Put in order",
        Some(Form::Match(_)) => "Match pairs",
        Some(Form::Text(_)) => "Short text",
    };
    let mut words = format!("{form} · weight {}", question.weight);
    if let Some(pool) = &question.pool {
        words.push_str(" · pool ");
        words.push_str(pool);
    }
    if question.partial {
        words.push_str(" · marked in part");
    }
    if question.fixed_order {
        words.push_str(" · fixed order");
    }
    words
}

fn answers(wording: &Wording, lang: &str) -> impl IntoView + use<> {
    let lang = lang.to_owned();
    let body =
        (!wording.body.is_empty()).then(|| view! { <div lang=lang.clone() inner_html=wording.body.clone()></div> });
    let form = match &wording.form {
        Form::One(choices) | Form::Several(choices) | Form::TrueFalse(choices) => {
            choices.iter().map(|each| choice(each, &lang)).collect_view().into_any()
        }
        Form::Order(items) => {
            let items = items.iter().map(|item| view! { <li inner_html=item.clone()></li> }).collect_view();
            view! { <div class="chosen"><p class="said">"The right order"</p><ol lang=lang.clone()>{items}</ol></div> }
                .into_any()
        }
        Form::Match(rows) => pairs(rows, &lang).into_any(),
        Form::Text(texts) => {
            let texts = texts.iter().map(|text| view! { <li>{text.clone()}</li> }).collect_view();
            view! { <div class="chosen"><p class="said">"Right is any of"</p><ul lang=lang.clone()>{texts}</ul></div> }
                .into_any()
        }
    };
    let why =
        (!wording.why.is_empty()).then(|| view! { <div class="why" lang=lang inner_html=wording.why.clone()></div> });
    view! { {body} {form} {why} }
}

fn choice(choice: &Choice, lang: &str) -> impl IntoView + use<> {
    let lang = lang.to_owned();
    let sign = if choice.right {
        status(Status::Passed, Some("Right")).into_any()
    } else {
        status(Status::NotRequired, Some("Not right")).into_any()
    };
    let feedback = (!choice.feedback.is_empty())
        .then(|| view! { <div lang=lang.clone() inner_html=choice.feedback.clone()></div> });
    let misconception = choice
        .misconception
        .as_ref()
        .map(|tag| view! { <p class="said">"Misconception: " <code>{tag.clone()}</code></p> });
    view! {
        <div class="chosen">
            <p>{sign}</p>
            <p><strong lang=lang inner_html=choice.html.clone()></strong></p>
            {feedback}
            {misconception}
        </div>
    }
}

fn pairs(pairs: &[Pair], lang: &str) -> impl IntoView + use<> {
    let lang = lang.to_owned();
    let rows = pairs
        .iter()
        .map(|pair| {
            view! {
                <tr>
                    <th scope="row" inner_html=pair.left.clone()></th>
                    <td inner_html=pair.right.clone()></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="chosen table" tabindex="0" role="group" aria-label="The pairs">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Given"</th>
                        <th scope="col">"Belongs to it"</th>
                    </tr>
                </thead>
                <tbody lang=lang>{rows}</tbody>
            </table>
        </div>
    }
}

/// A file of which nothing could be made: its problems stand above, its text here.
pub fn unread(frame: &Frame, title: &str, text: &str) -> Rendered {
    frame.page(title, || {
        let text = (!text.is_empty()).then(|| {
            view! { <pre tabindex="0" role="group" aria-label="The text of the file"><code>{text.to_owned()}</code></pre> }
        });
        view! {
            <div class="column">
                <h1>{title.to_owned()}</h1>
                <p class="lead">"This cannot be shown until its errors are put right."</p>
                {text}
            </div>
        }
    })
}

/// An address that a preview does not have.
pub fn nothing_here(frame: &Frame) -> Rendered {
    frame.page("Not in the preview", || {
        view! {
            <div class="column">
                <h1>"Not in the preview"</h1>
                <p class="lead">
                    "There is no such file, or this belongs to the site itself: attempts, signatures and versions need people."
                </p>
                <p class="actions"><a class="button" href="/">"See all of the content"</a></p>
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_stands_below_its_column() {
        assert_eq!(excerpt("\tab", 3), ("\tab".to_owned(), "\t ^".to_owned()));
        assert_eq!(excerpt("ab", 99), ("ab".to_owned(), "  ^".to_owned()));
        let long = "é".repeat(200);
        let (shown, caret) = excerpt(&long, 101);
        assert_eq!((shown.chars().count(), caret.chars().count()), (74, 18));
    }
}
