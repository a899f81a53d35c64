//! How the quiz island keeps answers: it sends them one at a time to the same address as the plain form does, and what has
//! not arrived yet waits on the device, so that neither a lost signal nor a closed tab loses it.

use std::{collections::BTreeMap, time::Duration};

use leptos::prelude::*;
use model::{AnswerSaved, Given};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response, UrlSearchParams};

use super::device::{Device, Millis, now};

const RETRY_AFTER: Duration = Duration::from_secs(4);

/// How the keeping stands, as the page tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Everything has arrived; so many questions have an answer.
    Saved { answered: u32 },
    /// Everything has arrived, but an answer given later, in another tab or on another device, stands instead of one of them.
    Overtaken { number: u32, answered: u32 },
    /// Something is on its way.
    Saving,
    /// The server cannot be reached; it is tried again.
    Waiting,
    /// The session has ended; what has not arrived waits on this device.
    SignedOut,
    /// The server refuses this answer.
    Refused,
}

impl Kept {
    /// Whether people must know that what they gave has not arrived.
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Waiting | Self::SignedOut | Self::Refused)
    }
}

/// An answer that has not arrived yet, and when it was given.
#[derive(Clone, PartialEq)]
struct Waiting {
    given: Given,
    at: Millis,
}

/// The answer to the question at a place, counted from 1.
pub(crate) type Numbered = (u32, Given);

/// Sends answers in order and remembers on the device what has not arrived.
#[derive(Clone, Copy)]
pub(crate) struct Keeper {
    address: StoredValue<String>,
    device: Device,
    /// By the place of their question, counted from 1.
    waiting: StoredValue<BTreeMap<u32, Waiting>>,
    busy: StoredValue<bool>,
    /// How the keeping stands.
    pub kept: RwSignal<Kept>,
    /// What stands instead of an answer that was sent, because it was given later elsewhere. The last one, to be shown.
    pub stands: RwSignal<Option<Numbered>>,
}

enum Sent {
    Saved(AnswerSaved),
    HandedIn,
    SignedOut,
    Refused,
    Unreachable,
}

impl Keeper {
    /// Keeps answers of the attempt at an address. `key` is what seals them while they wait on the device.
    pub fn new(address: String, key: &str, answered: u32) -> Self {
        Self {
            device: Device::new(&address, key),
            address: StoredValue::new(address),
            waiting: StoredValue::default(),
            busy: StoredValue::new(false),
            kept: RwSignal::new(Kept::Saved { answered }),
            stands: RwSignal::default(),
        }
    }

    /// Takes up what an earlier visit, or another tab, could not send, and gives it back to be shown.
    pub fn take_up(self) -> Vec<Numbered> {
        let mut left = Vec::new();
        for waits in self.device.waiting() {
            let Ok(given) = serde_json::from_str::<Given>(&waits.text) else { continue };
            left.push((waits.number, given.clone()));
            self.waiting.update_value(|waiting| {
                waiting.insert(waits.number, Waiting { given, at: waits.at });
            });
        }
        self.send_waiting();
        left
    }

    /// Keeps an answer that is given now.
    pub fn keep(self, number: u32, given: Given) {
        self.wait(number, Waiting { given, at: now() });
        self.send_waiting();
    }

    /// Whether everything has arrived.
    pub fn is_settled(self) -> bool {
        self.waiting.with_value(BTreeMap::is_empty)
    }

    fn wait(self, number: u32, answer: Waiting) {
        if let Ok(text) = serde_json::to_string(&answer.given) {
            self.device.put(number, answer.at, &text);
        }
        self.waiting.update_value(|waiting| {
            waiting.insert(number, answer);
        });
    }

    fn send_waiting(self) {
        if self.busy.get_value() || self.is_settled() {
            return;
        }
        self.busy.set_value(true);
        self.kept.set(Kept::Saving);
        leptos::task::spawn_local(async move {
            let mut overtaken = None;
            while let Some((number, answer)) = self
                .waiting
                .with_value(|waiting| waiting.first_key_value().map(|(number, answer)| (*number, answer.clone())))
            {
                let sent = send(&self.address.get_value(), number, &answer).await;
                self.changed_meanwhile(number, &answer);
                match sent {
                    Sent::Saved(saved) => {
                        let was_last = self.arrived(number, &answer);
                        if let Some(later) = saved.later.filter(|later| was_last && *later != answer.given) {
                            overtaken = Some(number);
                            self.stands.set(Some((number, later)));
                        }
                        if self.is_settled() {
                            let answered = saved.answered;
                            self.kept.set(match overtaken {
                                Some(number) => Kept::Overtaken { number, answered },
                                None => Kept::Saved { answered },
                            });
                        }
                    }
                    Sent::HandedIn => {
                        self.waiting.set_value(BTreeMap::new());
                        self.device.clear();
                        go_to(&self.address.get_value());
                    }
                    Sent::Refused => {
                        self.arrived(number, &answer);
                        self.kept.set(Kept::Refused);
                    }
                    Sent::SignedOut => {
                        self.kept.set(Kept::SignedOut);
                        break;
                    }
                    Sent::Unreachable => {
                        self.kept.set(Kept::Waiting);
                        set_timeout(move || self.send_waiting(), RETRY_AFTER);
                        break;
                    }
                }
            }
            self.busy.set_value(false);
        });
    }

    /// The server counts back from when an answer reaches it, and that may be later than somebody changed it here. What they changed it to
    /// was given last all the same: it is taken as given now.
    fn changed_meanwhile(self, number: u32, sent: &Waiting) {
        let newer = self.waiting.with_value(|waiting| waiting.get(&number).filter(|answer| *answer != sent).cloned());
        if let Some(newer) = newer {
            self.wait(number, Waiting { at: now(), ..newer });
        }
    }

    /// Forgets what was sent. False when it has been changed in the meantime: that has still to arrive.
    fn arrived(self, number: u32, sent: &Waiting) -> bool {
        let is_last = self.waiting.with_value(|waiting| waiting.get(&number) == Some(sent));
        if is_last {
            self.waiting.update_value(|waiting| {
                waiting.remove(&number);
            });
            self.device.remove(number, sent.at);
        }
        is_last
    }
}

/// Opens another address of this site.
pub(crate) fn go_to(address: &str) {
    // Where leaving is not possible there is nobody left to tell.
    drop(window().location().assign(address));
}

async fn send(address: &str, number: u32, answer: &Waiting) -> Sent {
    match post_answer(address, number, answer).await {
        Ok(response) if response.redirected() => Sent::SignedOut,
        Ok(response) => match response.status() {
            200 => saved(&response).await.map_or(Sent::Unreachable, Sent::Saved),
            401 => Sent::SignedOut,
            409 => Sent::HandedIn,
            400..=499 if response.status() != 429 => Sent::Refused,
            _ => Sent::Unreachable,
        },
        Err(_) => Sent::Unreachable,
    }
}

async fn post_answer(address: &str, number: u32, answer: &Waiting) -> Result<Response, JsValue> {
    let fields = UrlSearchParams::new()?;
    fields.append("question", &number.to_string());
    fields.append("ago", &now().saturating_sub(answer.at).min(u32::MAX.into()).to_string());
    for (name, value) in answer.given.to_fields() {
        fields.append(&name, &value);
    }
    let headers = Headers::new()?;
    headers.set("accept", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&fields);
    let response = JsFuture::from(window().fetch_with_str_and_init(&format!("{address}/answers"), &request)).await?;
    response.dyn_into()
}

async fn saved(response: &Response) -> Option<AnswerSaved> {
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}
