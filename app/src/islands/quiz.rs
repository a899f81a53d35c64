use leptos::{ev, html, prelude::*};
use model::{Asks, Given, Letter, Paper, Question};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlButtonElement, HtmlInputElement, HtmlSelectElement, SubmitEvent};

use super::keep::{Keeper, Kept, go_to};
use crate::drawing::{TICK, small};

/// The quiz while it is being answered: one question on the screen. As a plain form it sends each answer and asks for the
/// next question; alive, it keeps each answer as it is given and moves on without loading a page.
#[island]
pub fn Quiz(
    /// The questions, without their keys.
    paper: Paper,
    /// The module's title.
    title: String,
    /// Which question is on the screen, counted from 0.
    first: u32,
) -> impl IntoView {
    let count = paper.questions.len();
    let at = RwSignal::new(first as usize);
    let given: RwSignal<Vec<Given>> =
        RwSignal::new(paper.questions.iter().map(|question| question.given.clone()).collect());
    let answered = paper.questions.iter().filter(|question| question.is_answered()).count();
    let keeper = Keeper::new(paper.address.clone(), u32::try_from(answered).unwrap_or_default());
    let heading = NodeRef::<html::H1>::new();
    let live = RwSignal::new(false);
    let taken_up = RwSignal::new(false);
    let address = StoredValue::new(paper.address.clone());
    let questions = StoredValue::new(paper.questions);
    let leaving = StoredValue::new(false);

    Effect::new(move || {
        let place = at.get_untracked();
        let (question, on_screen) =
            questions.with_value(|questions| (questions[place].id.clone(), on_screen(&questions[place])));
        let answered_asleep = on_screen != Given::default() && given.with_untracked(|all| all[place] != on_screen);
        let left = keeper.take_up();
        if !left.is_empty() {
            given.update(|all| {
                questions.with_value(|questions| {
                    for (place, question) in questions.iter().enumerate() {
                        if let Some(given) = left.get(&question.id) {
                            all[place] = given.clone();
                        }
                    }
                });
            });
        }
        // What somebody answered before the island woke up is newer than what waited on the device.
        if answered_asleep {
            given.update(|all| all[place] = on_screen.clone());
            keeper.keep(question, on_screen);
        }
        taken_up.set(!left.is_empty());
        window_event_listener(ev::popstate, move |_| at.set(question_in_address(count)));
        live.set(true);
    });
    Effect::new(move |before: Option<usize>| {
        let now = at.get();
        if before.is_some_and(|before| before != now) {
            request_animation_frame(move || {
                if let Some(heading) = heading.get_untracked() {
                    drop(heading.focus());
                }
            });
        }
        now
    });
    Effect::new(move || {
        if matches!(keeper.kept.get(), Kept::Saved { .. }) && leaving.get_value() {
            go_to(&format!("{}/review", address.get_value()));
        }
    });

    let show = move |place: usize| {
        leaving.set_value(false);
        at.set(place);
        let here = format!("{}?question={}", address.get_value(), place + 1);
        drop(window().history().and_then(|history| history.push_state_with_url(&"".into(), "", Some(&here))));
    };
    let review = move || {
        leaving.set_value(true);
        if keeper.is_settled() {
            go_to(&format!("{}/review", address.get_value()));
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let go = event
            .submitter()
            .and_then(|submitter| submitter.dyn_into::<HtmlButtonElement>().ok())
            .map(|button| button.value())
            .unwrap_or_default();
        match go.parse::<usize>() {
            Ok(number) if (1..=count).contains(&number) => show(number - 1),
            _ if go == "next" && at.get_untracked() + 1 < count => show(at.get_untracked() + 1),
            _ => review(),
        }
    };
    let is_answered = move |place: usize| {
        given.with(|all| questions.with_value(|questions| questions[place].is_answered_by(&all[place])))
    };
    let change = move |change: Change| {
        let place = at.get_untracked();
        given.update(|all| change.apply(&mut all[place]));
        let question = questions.with_value(|questions| questions[place].id.clone());
        keeper.keep(question, given.with_untracked(|all| all[place].clone()));
    };

    view! {
        <form
            class="with-side"
            method="post"
            action=format!("{}/answers", paper.address)
            data-live=move || live.get().then_some("")
            on:submit=submit
        >
            <div>
                <p class="progress-line" id="progress">
                    {move || format!("{title}: question {} of {count}", at.get() + 1)}
                </p>
                <progress
                    value=move || (at.get() + 1).to_string()
                    max=count.to_string()
                    aria-labelledby="progress"
                ></progress>
                // Keyed, so that no ticked control is reused for another question, nor for an answer that waited here.
                <For each=move || [(at.get(), taken_up.get())] key=|shown| *shown let((place, _))>
                    {
                        let given = given.with_untracked(|all| all[place].clone());
                        questions.with_value(|questions| question_view(&questions[place], &given, heading, change))
                    }
                </For>
                <div class="actions">
                    <button name="go" value="next">"Save and go on"</button>
                    <p class="saved" role="status">
                        {move || saved_line(keeper.kept.get(), count, &address.get_value(), at.get())}
                    </p>
                </div>
            </div>
            <div class="side">
                <h2 id="dots">"Questions"</h2>
                <ol class="dots" role="list" aria-labelledby="dots">
                    {(0..count).map(|place| dot(place, at, is_answered)).collect_view()}
                </ol>
                <p class="hint">"A tick means answered. Moving saves your answer."</p>
                <button class="quiet" name="go" value="review">"Review and hand in"</button>
            </div>
        </form>
    }
}

/// What somebody does to an answer.
enum Change {
    /// Takes this option instead of any other.
    Take(Letter),
    /// Ticks an option, or unticks it.
    Tick(Letter, bool),
    /// Puts an option to a row, or takes it away.
    Pair(Letter, Option<Letter>),
    /// Writes.
    Write(String),
}

impl Change {
    fn apply(self, given: &mut Given) {
        match self {
            Self::Take(letter) => given.chosen = vec![letter],
            Self::Tick(letter, ticked) => {
                given.chosen.retain(|other| *other != letter);
                if ticked {
                    given.chosen.push(letter);
                    given.chosen.sort_unstable();
                }
            }
            Self::Pair(row, option) => given.pair(row, option),
            Self::Write(text) => given.text = text,
        }
    }
}

fn question_view<F>(question: &Question, given: &Given, heading: NodeRef<html::H1>, change: F) -> impl IntoView + use<F>
where
    F: Fn(Change) + Copy + 'static,
{
    let hint = match question.asks {
        Asks::One => None,
        Asks::Several => Some("Choose all that apply."),
        Asks::Order => Some("Give each one its place. 1 comes first."),
        Asks::Match => Some("Choose what belongs to each one."),
        Asks::Text => Some("One or two words. Capital letters don’t matter."),
    };
    let controls = match question.asks {
        Asks::One | Asks::Several => options(question, given, change).into_any(),
        Asks::Order | Asks::Match => rows(question, given, change).into_any(),
        Asks::Text => text(given, change).into_any(),
    };
    let described = hint.map(|_| "hint");
    let hint = hint.map(|hint| view! { <p class="hint" id="hint">{hint}</p> });
    let body = (!question.body.is_empty()).then(|| view! { <div inner_html=question.body.clone()></div> });
    view! {
        <input type="hidden" name="question" value=question.id.to_string()/>
        <input type="hidden" name="was" value=given.summary()/>
        <fieldset aria-describedby=described>
            <legend><h1 id="stem" tabindex="-1" node_ref=heading inner_html=question.stem.clone()></h1></legend>
            {body}
            {hint}
            {controls}
        </fieldset>
    }
}

fn options<F>(question: &Question, given: &Given, change: F) -> impl IntoView + use<F>
where
    F: Fn(Change) + Copy + 'static,
{
    let several = question.asks == Asks::Several;
    question
        .choices
        .iter()
        .map(|choice| {
            let letter = choice.letter;
            let tick = move |event: ev::Event| {
                let ticked = event_target::<HtmlInputElement>(&event).checked();
                change(if several { Change::Tick(letter, ticked) } else { Change::Take(letter) });
            };
            view! {
                <div class="option">
                    <input
                        type=if several { "checkbox" } else { "radio" }
                        id=option_id(letter)
                        name="option"
                        value=letter.as_char().to_string()
                        checked=given.chosen.contains(&letter)
                        on:change=tick
                    />
                    <label for=option_id(letter) inner_html=choice.html.clone()></label>
                </div>
            }
        })
        .collect_view()
}

fn rows<F>(question: &Question, given: &Given, change: F) -> impl IntoView + use<F>
where
    F: Fn(Change) + Copy + 'static,
{
    let rows = question.rows.iter().map(|row| {
        let letter = row.letter;
        let field = Given::row_field(letter);
        let put = given.option_for(letter);
        let pick = move |event: ev::Event| {
            change(Change::Pair(letter, Letter::parse(&event_target::<HtmlSelectElement>(&event).value())));
        };
        let choices = question
            .choices
            .iter()
            .map(|choice| {
                view! {
                    <option
                        value=choice.letter.as_char().to_string()
                        selected=put == Some(choice.letter)
                        inner_html=choice.html.clone()
                    ></option>
                }
            })
            .collect_view();
        view! {
            <div class="pair">
                <label for=field.clone() inner_html=row.html.clone()></label>
                <select id=field.clone() name=field on:change=pick>
                    <option value="">"Choose"</option>
                    {choices}
                </select>
            </div>
        }
    });
    rows.collect_view()
}

fn text<F>(given: &Given, change: F) -> impl IntoView + use<F>
where
    F: Fn(Change) + Copy + 'static,
{
    let write = move |event: ev::Event| change(Change::Write(event_target_value(&event)));
    view! {
        <input
            class="short-text"
            type="text"
            id="text"
            name="text"
            maxlength="200"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-labelledby="stem"
            value=given.text.clone()
            on:change=write
        />
    }
}

fn dot(
    place: usize,
    at: RwSignal<usize>,
    is_answered: impl Fn(usize) -> bool + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let number = place + 1;
    view! {
        <li>
            <button
                name="go"
                value=number.to_string()
                class:answered=move || is_answered(place)
                aria-current=move || (at.get() == place).then_some("step")
            >
                <span class="hidden">"Question "</span>
                {number}
                {move || is_answered(place).then(|| small(TICK))}
                <span class="hidden">{move || if is_answered(place) { ", answered" } else { ", not answered yet" }}</span>
            </button>
        </li>
    }
}

fn saved_line(kept: Kept, count: usize, address: &str, at: usize) -> AnyView {
    match kept {
        Kept::Saved { answered: 0 } => ().into_any(),
        Kept::Saved { answered } => format!("Saved. {answered} of {count} answered.").into_any(),
        Kept::Saving => "Saving…".into_any(),
        Kept::Waiting => {
            "Not saved yet: the connection is lost. Your answer is kept on this device, and we keep trying.".into_any()
        }
        Kept::SignedOut => {
            let next = format!("/sign-in?next={address}%3Fquestion%3D{}", at + 1);
            view! {
                "You have been signed out. Your answer is kept on this device. "
                <a href=next>"Sign in to save it"</a>
            }
            .into_any()
        }
        Kept::Refused => "This answer could not be saved. Load the page again to see where you are.".into_any(),
    }
}

fn option_id(letter: Letter) -> String {
    format!("option-{}", letter.as_char())
}

/// What the controls on the screen hold.
fn on_screen(question: &Question) -> Given {
    let control = |id: &str| document().get_element_by_id(id);
    let mut given = Given::default();
    if question.asks == Asks::Text {
        let written = control("text").and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
        given.text = written.map(|input| input.value()).unwrap_or_default();
        return given;
    }
    for row in &question.rows {
        let select =
            control(&Given::row_field(row.letter)).and_then(|select| select.dyn_into::<HtmlSelectElement>().ok());
        given.pair(row.letter, select.and_then(|select| Letter::parse(&select.value())));
    }
    if question.rows.is_empty() {
        let is_ticked = |letter: &Letter| {
            let input = control(&option_id(*letter)).and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
            input.is_some_and(|input| input.checked())
        };
        given.chosen = question.choices.iter().map(|choice| choice.letter).filter(is_ticked).collect();
    }
    given
}

/// The question that the address names, counted from 0.
fn question_in_address(count: usize) -> usize {
    let search = window().location().search().unwrap_or_default();
    let number = search.strip_prefix("?question=").and_then(|number| number.parse::<usize>().ok());
    number.unwrap_or(1).clamp(1, count.max(1)) - 1
}
