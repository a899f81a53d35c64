use leptos::{ev, html, prelude::*};
use model::{Asks, Given};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlButtonElement, HtmlElement, HtmlInputElement, HtmlSelectElement, SubmitEvent};

use super::keep::{Keeper, Kept, go_to};
use crate::drawing::{TICK, TRIANGLE, small};

/// A question of an attempt. The server draws it, into a template; the island shows the drawing and reads its controls. It draws no
/// question itself, which keeps it small and every form of question alike with and without JavaScript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuizQuestion {
    /// How it is answered.
    pub asks: Asks,
    /// How many rows are to be ordered or matched.
    pub rows: u32,
    /// What has been given and saved so far.
    pub given: Given,
}

impl QuizQuestion {
    fn is_answered_by(&self, given: &Given) -> bool {
        self.asks.is_answered_by(given, self.rows as usize)
    }
}

/// The title of the page with the number of another question: "Question 3, …" as the server has it.
fn titled(title: &str, number: usize) -> String {
    let words = title.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let (before, after) =
        (&title[..title.len() - words.len()], words.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    if words.is_empty() { title.to_owned() } else { format!("{before}{number}{after}") }
}

/// The quiz while it is being answered: one question on the screen. As a plain form it sends each answer and asks for the
/// next question; alive, it keeps each answer as it is given and moves on without loading a page.
#[island]
pub fn Quiz(
    /// The address of the attempt, `/attempts/ID`.
    address: String,
    /// What seals answers that wait on the device: 64 hexadecimal digits.
    key: String,
    /// The questions, without their keys.
    questions: Vec<QuizQuestion>,
    /// The module's title.
    title: String,
    /// Where its pages are.
    pages: String,
    /// The language of that title. `None` for English.
    lang: Option<String>,
    /// The direction in which it is written. `None` from left to right.
    dir: Option<String>,
    /// Which question is on the screen, counted from 0.
    first: u32,
    /// The question on the screen, and behind it each question in a `<template>` of its own, in their order.
    children: Children,
) -> impl IntoView {
    let count = questions.len();
    let first = (first as usize).min(count.saturating_sub(1));
    let at = RwSignal::new(first);
    let given: RwSignal<Vec<Given>> = RwSignal::new(questions.iter().map(|question| question.given.clone()).collect());
    let answered = questions.iter().filter(|question| question.is_answered_by(&question.given)).count();
    let keeper = Keeper::new(address.clone(), &key, u32::try_from(answered).unwrap_or_default());
    let holder = NodeRef::<html::Div>::new();
    let live = RwSignal::new(false);
    let leaving = RwSignal::new(false);
    let action = format!("{address}/answers");
    let drawn: StoredValue<Vec<String>> = StoredValue::default();
    let address = StoredValue::new(address);
    let questions = StoredValue::new(questions);

    let given_at = move |place: usize| given.with_untracked(|all| all[place].clone());
    let put = move |place: usize, answer: Given| given.update(|all| all[place] = answer);

    Effect::new(move || {
        let Some(holder) = holder.get_untracked() else { return };
        drawn.set_value(templates(&holder));
        let place = at.get_untracked();
        let on_screen = on_screen(&holder);
        let answered_asleep = on_screen != Given::default() && on_screen != given_at(place);
        for (number, answer) in keeper.take_up() {
            if let Some(place) = (0..count).find(|place| number_at(*place) == number) {
                put(place, answer);
            }
        }
        // What somebody answered before the island woke up is newer than what waited on the device.
        if answered_asleep {
            put(place, on_screen.clone());
            keeper.keep(number_at(place), on_screen);
        }
        fill(&holder, &given_at(place));
        window_event_listener(ev::popstate, move |_| at.set(question_in_address(count)));
        live.set(true);
    });
    Effect::new(move |before: Option<usize>| {
        let now = at.get();
        if let (Some(holder), Some(true)) = (holder.get_untracked(), before.map(|before| before != now)) {
            drawn.with_value(|drawn| holder.set_inner_html(&drawn[now]));
            fill(&holder, &given_at(now));
            document().set_title(&titled(&document().title(), now + 1));
            let heading = holder.query_selector("h1").ok().flatten();
            if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
                drop(heading.focus());
            }
        }
        now
    });
    Effect::new(move || {
        let Some((number, answer)) = keeper.stands.get() else { return };
        let Some(place) = (0..count).find(|place| number_at(*place) == number) else { return };
        put(place, answer.clone());
        if let Some(holder) = holder.get_untracked().filter(|_| at.get_untracked() == place) {
            fill(&holder, &answer);
        }
        // Whoever was leaving sees first that it is not what they gave here.
        leaving.set(false);
    });
    Effect::new(move || {
        if matches!(keeper.kept.get(), Kept::Saved { .. }) && leaving.get() {
            go_to(&format!("{}/review", address.get_value()));
        }
    });

    let show = move |place: usize| {
        leaving.set(false);
        at.set(place);
        let here = format!("{}?question={}", address.get_value(), place + 1);
        drop(window().history().and_then(|history| history.push_state_with_url(&"".into(), "", Some(&here))));
    };
    let review = move || {
        let saved = matches!(keeper.kept.get_untracked(), Kept::Saved { .. });
        leaving.set(true);
        if !saved && keeper.is_settled() {
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
    let change = move |_: ev::Event| {
        let Some(holder) = holder.get_untracked() else { return };
        let (place, answer) = (at.get_untracked(), on_screen(&holder));
        put(place, answer.clone());
        keeper.keep(number_at(place), answer);
    };
    let twice = move || {
        let place = at.get();
        let asks = questions.with_value(|questions| questions[place].asks);
        let twice = given.with(|all| all[place].place_used_twice()).filter(|_| asks == Asks::Order);
        twice.map(|place| format!("Two of them are number {}. Give each one a place of its own.", place.0 + 1))
    };
    let moves = move |event: ev::MouseEvent| {
        let Some(holder) = holder.get_untracked() else { return };
        let Some(button) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let Ok(Some(button)) = button.closest("[data-move]") else { return };
        if move_row(&holder, &button) {
            let (place, answer) = (at.get_untracked(), on_screen(&holder));
            put(place, answer.clone());
            keeper.keep(number_at(place), answer);
        }
    };
    let is_answered = move |place: usize| {
        given.with(|all| questions.with_value(|questions| questions[place].is_answered_by(&all[place])))
    };

    view! {
        <form
            class="with-side"
            method="post"
            action=action
            data-live=move || live.get().then_some("")
            on:submit=submit
        >
            <div>
                <p class="progress-line" id="progress">
                    <span lang=lang dir=dir>{title}</span>
                    {move || format!(": question {} of {count}", at.get() + 1)}
                </p>
                <progress
                    value=move || (0..count).filter(|place| is_answered(*place)).count().to_string()
                    max=count.to_string()
                    aria-label="Answered"
                ></progress>
                <div node_ref=holder on:input=change on:click=moves>{children()}</div>
                <p class="twice" role="status">{twice}</p>
                <div class="actions">
                    <button name="go" value="next">"Save and go on"</button>
                    <p class="saved" class:trouble=move || keeper.kept.get().is_trouble() role="status">
                        {move || saved_line(keeper.kept.get(), leaving.get(), count, &address.get_value(), at.get())}
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
                <p><a class="standalone" href=pages>"Look at the pages"</a></p>
            </div>
        </form>
    }
}

/// What each question looks like, from the templates that came with the page.
fn templates(holder: &HtmlElement) -> Vec<String> {
    let found = holder.query_selector_all("template").ok();
    let count = found.as_ref().map_or(0, web_sys::NodeList::length);
    let templates = (0..count).filter_map(|place| found.as_ref()?.item(place)?.dyn_into::<Element>().ok());
    templates.map(|template| template.inner_html()).collect()
}

/// What the form calls the question at a place: that place, counted from 1.
fn number_at(place: usize) -> u32 {
    u32::try_from(place + 1).unwrap_or(u32::MAX)
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

fn saved_line(kept: Kept, leaving: bool, count: usize, address: &str, at: usize) -> AnyView {
    match kept {
        Kept::Saved { answered: 0 } => ().into_any(),
        Kept::Saved { answered } => format!("Saved. {answered} of {count} answered.").into_any(),
        Kept::Overtaken { number, answered } => format!(
            "Question {number} has a later answer of yours, given in another tab or on another device. That one counts, and is shown here. \
             {answered} of {count} answered."
        )
        .into_any(),
        Kept::Saving => "Saving…".into_any(),
        Kept::Waiting => {
            let then = if leaving {
                " You come to the review as soon as it has arrived."
            } else {
                " We keep trying, and you can go on."
            };
            view! {
                {small(TRIANGLE)}
                <span>"Not saved yet: the connection is lost. Your answer is kept on this device." {then}</span>
            }
            .into_any()
        }
        Kept::SignedOut => {
            let next = format!("/sign-in?next={address}%3Fquestion%3D{}", at + 1);
            view! {
                {small(TRIANGLE)}
                <span>"You have been signed out. Your answer is kept on this device. " <a href=next>"Sign in to save it"</a></span>
            }
            .into_any()
        }
        Kept::Refused => view! {
            {small(TRIANGLE)}
            <span>"This answer could not be saved. Load the page again to see where you are."</span>
        }
        .into_any(),
    }
}

/// Moves a row of things to be put in order by one place, up or down, and shows the rows in their order. Rows without a place get the
/// one at which they stand. False when it is at the end already.
fn move_row(holder: &HtmlElement, button: &Element) -> bool {
    let selects: Vec<HtmlSelectElement> = controls(holder).filter_map(|control| control.dyn_into().ok()).collect();
    let whole = {
        let mut places: Vec<i32> = selects.iter().map(HtmlSelectElement::selected_index).collect();
        places.sort_unstable();
        places.iter().zip(1..).all(|(place, wanted)| *place == wanted)
    };
    if !whole {
        for (select, place) in selects.iter().zip(1..) {
            select.set_selected_index(place);
        }
    }
    let Ok(Some(row)) = button.closest(".pair") else { return false };
    let Some(mine) = selects.iter().find(|select| row.contains(Some(select))) else { return false };
    let from = mine.selected_index();
    let to = if button.get_attribute("data-move").as_deref() == Some("up") { from - 1 } else { from + 1 };
    let Some(other) = selects.iter().find(|select| select.selected_index() == to) else { return !whole };
    other.set_selected_index(from);
    mine.set_selected_index(to);
    let mut rows: Vec<(i32, Element)> =
        selects.iter().filter_map(|select| Some((select.selected_index(), select.closest(".pair").ok()??))).collect();
    rows.sort_by_key(|(place, _)| *place);
    for (_, row) in rows {
        if let Some(parent) = row.parent_element() {
            drop(parent.append_child(&row));
        }
    }
    // A browser takes the focus from what is moved.
    if let Some(button) = button.dyn_ref::<HtmlElement>() {
        drop(button.focus());
    }
    true
}

/// The controls of the question on the screen.
fn controls(holder: &HtmlElement) -> impl Iterator<Item = Element> {
    let found = holder.query_selector_all("input:not([type=hidden]), select").ok();
    let count = found.as_ref().map_or(0, web_sys::NodeList::length);
    (0..count).filter_map(move |place| found.as_ref()?.item(place)?.dyn_into().ok())
}

/// What the controls on the screen hold.
fn on_screen(holder: &HtmlElement) -> Given {
    let mut fields = Vec::new();
    for control in controls(holder) {
        if let Some(select) = control.dyn_ref::<HtmlSelectElement>() {
            fields.push((select.name(), select.value()));
        } else if let Some(input) = control.dyn_ref::<HtmlInputElement>()
            && (input.checked() || input.type_() == "text")
        {
            fields.push((input.name(), input.value()));
        }
    }
    Given::from_fields(&fields).unwrap_or_default()
}

/// Puts an answer into the controls on the screen.
fn fill(holder: &HtmlElement, given: &Given) {
    let fields = given.to_fields();
    let value_of = |name: &str| fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    for control in controls(holder) {
        if let Some(select) = control.dyn_ref::<HtmlSelectElement>() {
            select.set_value(value_of(&select.name()));
        } else if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
            if input.type_() == "text" {
                input.set_value(value_of(&input.name()));
            } else {
                let (name, value) = (input.name(), input.value());
                input.set_checked(fields.iter().any(|field| *field == (name.clone(), value.clone())));
            }
        }
    }
}

/// The question that the address names, counted from 0.
fn question_in_address(count: usize) -> usize {
    let search = window().location().search().unwrap_or_default();
    let number = search.strip_prefix("?question=").and_then(|number| number.parse::<usize>().ok());
    number.unwrap_or(1).clamp(1, count.max(1)) - 1
}
