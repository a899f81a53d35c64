use leptos::{ev, html, prelude::*};
use model::{Asks, Letter, Paper, Question};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlButtonElement, HtmlInputElement, SubmitEvent};

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
    let chosen: RwSignal<Vec<Vec<Letter>>> =
        RwSignal::new(paper.questions.iter().map(|question| question.chosen.clone()).collect());
    let answered = move || chosen.with(|all| all.iter().filter(|letters| !letters.is_empty()).count());
    let keeper = Keeper::new(paper.address.clone(), u32::try_from(answered()).unwrap_or_default());
    let heading = NodeRef::<html::H1>::new();
    let live = RwSignal::new(false);
    let taken_up = RwSignal::new(false);
    let address = StoredValue::new(paper.address.clone());
    let questions = StoredValue::new(paper.questions);
    let leaving = StoredValue::new(false);

    Effect::new(move || {
        let place = at.get_untracked();
        let (question, ticked) =
            questions.with_value(|questions| (questions[place].id.clone(), ticked(&questions[place])));
        let answered_asleep = !ticked.is_empty() && chosen.with_untracked(|all| all[place] != ticked);
        let left = keeper.take_up();
        if !left.is_empty() {
            chosen.update(|all| {
                questions.with_value(|questions| {
                    for (place, question) in questions.iter().enumerate() {
                        if let Some(letters) = left.get(&question.id) {
                            all[place] = letters.clone();
                        }
                    }
                });
            });
        }
        // What somebody answered before the island woke up is newer than what waited on the device.
        if answered_asleep {
            chosen.update(|all| all[place] = ticked.clone());
            keeper.keep(question, ticked);
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
    let choose = move |letter: Letter, ticked: bool| {
        let place = at.get_untracked();
        chosen.update(|all| {
            questions.with_value(|questions| match questions[place].asks {
                Asks::One => all[place] = vec![letter],
                Asks::Several => {
                    all[place].retain(|other| *other != letter);
                    if ticked {
                        all[place].push(letter);
                        all[place].sort_unstable();
                    }
                }
            });
        });
        let question = questions.with_value(|questions| questions[place].id.clone());
        keeper.keep(question, chosen.with_untracked(|all| all[place].clone()));
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
                        let letters = chosen.with_untracked(|all| all[place].clone());
                        questions.with_value(|questions| question_view(&questions[place], &letters, heading, choose))
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
                    {(0..count).map(|place| dot(place, at, chosen)).collect_view()}
                </ol>
                <p class="hint">"A tick means answered. Moving saves your answer."</p>
                <button class="quiet" name="go" value="review">"Review and hand in"</button>
            </div>
        </form>
    }
}

fn question_view<F>(
    question: &Question,
    chosen: &[Letter],
    heading: NodeRef<html::H1>,
    choose: F,
) -> impl IntoView + use<F>
where
    F: Fn(Letter, bool) + Copy + 'static,
{
    let several = question.asks == Asks::Several;
    let kind = if several { "checkbox" } else { "radio" };
    let options = question
        .choices
        .iter()
        .map(|choice| {
            let letter = choice.letter;
            let name = letter.as_char().to_string();
            let id = format!("option-{name}");
            let tick = move |event: ev::Event| choose(letter, event_target::<HtmlInputElement>(&event).checked());
            view! {
                <div class="option">
                    <input
                        type=kind
                        id=id.clone()
                        name="option"
                        value=name
                        checked=chosen.contains(&letter)
                        on:change=tick
                    />
                    <label for=id inner_html=choice.html.clone()></label>
                </div>
            }
        })
        .collect_view();
    let hint = several.then(|| view! { <p class="hint" id="how-many">"Choose all that apply."</p> });
    let was: String = chosen.iter().map(|letter| letter.as_char()).collect();
    let body = (!question.body.is_empty()).then(|| view! { <div inner_html=question.body.clone()></div> });
    view! {
        <input type="hidden" name="question" value=question.id.to_string()/>
        <input type="hidden" name="was" value=was/>
        <fieldset aria-describedby=several.then_some("how-many")>
            <legend><h1 tabindex="-1" node_ref=heading inner_html=question.stem.clone()></h1></legend>
            {body}
            {hint}
            {options}
        </fieldset>
    }
}

fn dot(place: usize, at: RwSignal<usize>, chosen: RwSignal<Vec<Vec<Letter>>>) -> impl IntoView {
    let is_answered = move || chosen.with(|all| !all[place].is_empty());
    let number = place + 1;
    view! {
        <li>
            <button
                name="go"
                value=number.to_string()
                class:answered=is_answered
                aria-current=move || (at.get() == place).then_some("step")
            >
                <span class="hidden">"Question "</span>
                {number}
                {move || is_answered().then(|| small(TICK))}
                <span class="hidden">{move || if is_answered() { ", answered" } else { ", not answered yet" }}</span>
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

/// What is ticked on the screen.
fn ticked(question: &Question) -> Vec<Letter> {
    let is_ticked = |letter: &Letter| {
        let input = document().get_element_by_id(&format!("option-{}", letter.as_char()));
        input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()).is_some_and(|input| input.checked())
    };
    question.choices.iter().map(|choice| choice.letter).filter(is_ticked).collect()
}

/// The question that the address names, counted from 0.
fn question_in_address(count: usize) -> usize {
    let search = window().location().search().unwrap_or_default();
    let number = search.strip_prefix("?question=").and_then(|number| number.parse::<usize>().ok());
    number.unwrap_or(1).clamp(1, count.max(1)) - 1
}
