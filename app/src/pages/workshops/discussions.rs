use chrono::{DateTime, NaiveDate, Utc};
use engine::{Discussion, DiscussionsWith, ListedDiscussion, catalogue::Module};
use leptos::prelude::*;
use model::Status;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{
        Done, Faults, Field, Mark, count, day, day_of, field, list_table, mark, minutes_to_read, row, said, words_in,
    },
};

/// What has just been done about a discussion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscussionDone {
    /// It was marked as held.
    Held,
    /// They said that it was held.
    Confirmed,
    /// They said that it was not.
    Denied,
}

impl Done for DiscussionDone {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Held, "held", "It is marked as held. They are asked on their own page whether it was."),
        (
            Self::Confirmed,
            "yes",
            "You have said that you worked it through together. The quiz is yours to pass by yourself.",
        ),
        (Self::Denied, "no", "You have said that this was not so. Whoever marked it sees that."),
    ];
}

/// A module as a tutor and somebody work it through side by side: its pages in order with the time that each takes, what to talk over, and how to
/// mark it as held. It prints.
pub fn run_sheet(frame: &Frame, module: &Module) -> Rendered {
    let title = format!("Run sheet: {}", module.title);
    frame.page(&title, || {
        let reading: usize = module.pages.iter().map(|page| minutes_to_read(page.words)).sum();
        let talking = (module.minutes as usize).saturating_sub(reading);
        let pages = module
            .pages
            .iter()
            .map(|page| {
                let minutes = count(minutes_to_read(page.words), "minute", "minutes");
                view! {
                    <li>
                        <a href=format!("/modules/{}/{}", module.slug, page.slug)>{words_in(module.language, &page.title)}</a>
                        {format!(", {minutes} to read")}
                    </li>
                }
            })
            .collect_view();
        let points = module
            .side_by_side
            .iter()
            .map(|point| view! { <li>{words_in(module.language, point)} <p class="write-here" aria-hidden="true"></p></li> })
            .collect_view();
        let outcomes =
            module.outcomes.iter().map(|outcome| view! { <li>{words_in(module.language, outcome)}</li> }).collect_view();
        view! {
            <article class="column">
                <p class="crumb"><a href="/discussions">"Side by side"</a></p>
                <h1>"Run sheet: " {words_in(module.language, &module.title)}</h1>
                <p class="lead">
                    {format!(
                        "You work this module through together, at one screen or on paper. It takes {}: {} to read, and the rest to talk. The quiz is not part of it: they take it afterwards, by themselves.",
                        count(module.minutes as usize, "minute", "minutes"),
                        count(reading, "minute", "minutes"),
                    )}
                </p>
                <p class="no-print"><button class="second" type="button" data-print="" data-alive="" hidden>{mark(Mark::Print)} " Print"</button></p>
                <h2>"At the end they can"</h2>
                <ul>{outcomes}</ul>
                <h2>"Read together"</h2>
                <ol>{pages}</ol>
                <h2>"Talk over"</h2>
                <p>{format!("About {}. Let them speak first. Nobody has to tell what happened to themselves; where somebody does, stop and listen, and tell the safeguarding lead the same day.", count(talking.max(1), "minute", "minutes"))}</p>
                <ol>{points}</ol>
                <h2>"Then"</h2>
                <ol>
                    <li>"Open their record, and mark the discussion as held: when and where."</li>
                    <li>"They are asked on their own page whether you worked it through together."</li>
                    <li>"They pass the quiz by themselves. Their record then says with whom, where and when you had worked it through."</li>
                </ol>
                <dl class="facts">
                    {row("Module", format!("{}, version {}, edition {}", module.slug, module.number, module.edition))}
                </dl>
                <p class="write-here" aria-hidden="true">"With:"</p>
                <p class="write-here" aria-hidden="true">"When and where:"</p>
            </article>
        }
    })
}

/// The run sheets that there are, and the discussions that somebody held: who has yet to say whether they were.
pub fn discussions(
    frame: &Frame,
    modules: &[std::sync::Arc<Module>],
    held: &[ListedDiscussion],
    now: DateTime<Utc>,
) -> Rendered {
    frame.page("Side by side", || {
        let sheets = modules
            .iter()
            .map(|module| {
                view! {
                    <li><div>
                        <h3><a href=format!("/modules/{}/run-sheet", module.slug)>{words_in(module.language, &module.title)}</a></h3>
                        <p class="meta">{format!("{}, {} to talk over", count(module.minutes as usize, "minute", "minutes"), count(module.side_by_side.len(), "thing", "things"))}</p>
                    </div></li>
                }
            })
            .collect_view();
        let sheets = if modules.is_empty() {
            view! { <p>"No module is worked through so. Whoever writes a module says so in its " <code>"module.toml"</code> ", with what to talk over: " <code>"side_by_side = [\"…\"]"</code> "."</p> }
                .into_any()
        } else {
            view! { <ul class="rows" role="list">{sheets}</ul> }.into_any()
        };
        let waits = held.iter().filter(|one| one.discussion.waits_at(now)).count();
        let rows = held
            .iter()
            .map(|one| {
                let name = one.name.clone().unwrap_or_else(|| "(name erased)".to_owned());
                let person = one.discussion.person;
                view! {
                    <tr>
                        <th scope="row"><a href=format!("/people/{person}/discussions") dir="auto">{name}</a></th>
                        <td>{words_in(one.language, &one.title)}</td>
                        <td>{day(one.discussion.held_on)}</td>
                        <td><span dir="auto">{one.discussion.place.clone()}</span></td>
                        <td>{stands(&one.discussion, now)}</td>
                    </tr>
                }
            })
            .collect_view();
        let list = if held.is_empty() {
            view! { <p>"You have marked none as held in the last 60 days. Open somebody’s record, and choose “Work through a module with them”."</p> }.into_any()
        } else {
            let said = format!("{} to say whether it was held.", count(waits, "person has yet", "people have yet"));
            let columns = ["With", "Module", "On", "Where", "How it stands"];
            view! { <p>{said}</p> {list_table("Discussions that you held", &columns, rows)} }.into_any()
        };
        view! {
            <div class="column">
                <h1>"Side by side"</h1>
                <p class="lead">"A module can be worked through with somebody. You follow its run sheet, mark the discussion as held, and they say so, too. Then they take the quiz by themselves."</p>
                <section aria-labelledby="sheets"><h2 id="sheets">"Run sheets"</h2> {sheets}</section>
            </div>
            <section aria-labelledby="held"><h2 id="held">"Those that you held"</h2> {list}</section>
        }
        .into_any()
    })
}

/// How a discussion stands, with a mark and in words.
fn stands(discussion: &Discussion, now: DateTime<Utc>) -> AnyView {
    let (shape, words) = match discussion.answer {
        Some((true, at)) => (Mark::Status(Status::Passed), format!("They confirmed it on {}", day_of(at))),
        Some((false, at)) => (Mark::Warning, format!("They said on {} that it was not so", day_of(at))),
        None if discussion.waits_at(now) => (Mark::Waiting, "Waits for them to say so".to_owned()),
        None => (Mark::Clock, "They never said so; you can mark it again".to_owned()),
    };
    view! { {mark(shape)} " " <span>{words}</span> }.into_any()
}

/// A discussion to be marked as held, as the form has it.
#[derive(Clone, Debug, Default)]
pub struct HoldForm {
    /// The module and the number of its version, such as `four-cs/3`.
    pub module: String,
    /// The day.
    pub day: String,
    /// The place.
    pub place: String,
    /// What is wrong.
    pub faults: Faults,
}

/// The discussions with somebody, and the form to mark one as held.
pub fn discussions_with(
    frame: &Frame,
    with: &DiscussionsWith,
    form: &HoldForm,
    done: Option<DiscussionDone>,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Rendered {
    let faults = &form.faults;
    let title = format!("Side by side with {}", with.name);
    frame.page(&faults.title(&title), || {
        let rows = with.held.iter().map(|one| held_row(one, now)).collect_view();
        let held = (!with.held.is_empty()).then(|| {
            view! { <h2>"Held so far"</h2> <ul class="rows" role="list">{rows}</ul> }
        });
        let said = said(done.map(|done| done.words().to_owned()));
        let fill_in = if with.modules.is_empty() {
            view! { <p>"No module that is for them is worked through side by side."</p> }.into_any()
        } else {
            mark_held(with, form, today)
        };
        view! {
            <div class="column">
                <p class="crumb"><a href=format!("/people/{}", with.person) dir="auto">{with.name.clone()}</a></p>
                {faults.list()}
                <h1>"Side by side with " <span dir="auto">{with.name.clone()}</span></h1>
                {said}
                <p class="lead">"You have worked a module through together: say so here. They are asked whether it was so, and pass the quiz by themselves."</p>
                {fill_in}
                {held}
            </div>
        }
        .into_any()
    })
}

fn mark_held(with: &DiscussionsWith, form: &HoldForm, today: NaiveDate) -> AnyView {
    let faults = &form.faults;
    let modules = with
        .modules
        .iter()
        .map(|module| {
            let value = format!("{}/{}", module.slug, module.number);
            let is_chosen = value == form.module;
            view! { <option value=value selected=is_chosen>{module.title.clone()}</option> }
        })
        .collect_view();
    let hint = Some("Follow its run sheet first".to_owned());
    let module = field(Field { id: "module", label: "Module", hint }, faults, |told| {
        view! {
            <select id="module" name="module" required aria-describedby=told.described_by aria-invalid=told.invalid>
                <option value="">"Choose"</option>
                {modules}
            </select>
        }
    });
    let chosen = if form.day.is_empty() { today.to_string() } else { form.day.clone() };
    let hint = Some("Today, or a day of the last week".to_owned());
    let when = field(Field { id: "day", label: "Day", hint }, faults, |told| {
        view! { <input id="day" name="day" type="date" value=chosen required aria-describedby=told.described_by aria-invalid=told.invalid/> }
    });
    let place = form.place.clone();
    let hint = Some("A room, or “video call”. Nothing about the person: it stays on record.".to_owned());
    let place = field(Field { id: "place", label: "Where", hint }, faults, |told| {
        view! { <input id="place" name="place" type="text" value=place required autocomplete="off" aria-describedby=told.described_by aria-invalid=told.invalid/> }
    });
    view! {
        <form method="post" action=format!("/people/{}/discussions", with.person) novalidate>
            {module}
            {when}
            {place}
            <div class="actions"><button>"Mark it as held"</button> " " <a class="standalone" href="/discussions">"Run sheets"</a></div>
        </form>
    }
    .into_any()
}

fn held_row(one: &ListedDiscussion, now: DateTime<Utc>) -> impl IntoView + use<> {
    let held = &one.discussion;
    let by = held.tutor_name.as_ref().map(|tutor| format!(", with {tutor}")).unwrap_or_default();
    view! {
        <li><div>
            <h3>{words_in(one.language, &one.title)}</h3>
            <p class="meta"><span dir="auto">{format!("{}, {}{by}, version {}", day(held.held_on), held.place, held.version)}</span></p>
            <p>{stands(held, now)}</p>
        </div></li>
    }
}

/// A discussion, for whom it was with: they say whether it was held. And for whoever held it.
pub fn discussion(
    frame: &Frame,
    one: &ListedDiscussion,
    is_tutor: bool,
    done: Option<DiscussionDone>,
    faults: &Faults,
    now: DateTime<Utc>,
) -> Rendered {
    frame.page(&faults.title("Side by side"), || {
        let held = &one.discussion;
        let tutor = held.tutor_name.clone().unwrap_or_else(|| "(name erased)".to_owned());
        let whose = if is_tutor { one.name.clone().unwrap_or_default() } else { tutor };
        let ask = (!is_tutor && held.waits_at(now)).then(|| {
            view! {
                <form method="post" action=format!("/discussions/{}", held.id)>
                    <p>"Is it so? Whatever you say stays on record, and nobody may say it for you. It is not the quiz: you take that by yourself."</p>
                    <div class="actions">
                        <button name="do" value="yes">"Yes, we worked it through together"</button> " "
                        <button class="second" name="do" value="no">"No, this was not so"</button>
                    </div>
                </form>
            }
        });
        let stood = (is_tutor || !held.waits_at(now)).then(|| {
            let words = match held.answer {
                Some((true, at)) if !is_tutor => format!("You said on {} that it was held.", day_of(at)),
                Some((false, at)) if !is_tutor => format!("You said on {} that it was not so.", day_of(at)),
                None if !is_tutor => "It was marked as held more than a fortnight ago, and nothing more is said of it. Whoever held it can mark it again.".to_owned(),
                _ => return view! { <p>{stands(held, now)}</p> }.into_any(),
            };
            view! { <p><strong>{words}</strong></p> }.into_any()
        });
        let quiz = (!is_tutor && held.is_confirmed()).then(|| {
            view! { <p class="actions"><a class="button" href=format!("/modules/{}/quiz", held.module)>"Go to the quiz"</a></p> }
        });
        view! {
            <div class="column">
                {faults.list()}
                <h1 id="answer">"Side by side: " {words_in(one.language, &one.title)}</h1>
                {said(done.map(|done| done.words().to_owned()))}
                <p class="lead">{if is_tutor { "You marked it as held." } else { "Somebody says that you worked this module through together." }}</p>
                <dl class="facts">
                    {row("With", view! { <span dir="auto">{whose}</span> })}
                    {row("On", day(held.held_on))}
                    {row("Where", view! { <span dir="auto">{held.place.clone()}</span> })}
                    {row("Version", held.version.to_string())}
                    {row("Marked as held", day_of(held.recorded_at))}
                </dl>
                {ask}
                {stood}
                {quiz}
            </div>
        }
        .into_any()
    })
}
