//! How the quiz island keeps answers: it sends them one at a time to the same address as the plain form does, and what has
//! not arrived yet waits on the device, so that neither a lost signal nor a closed tab loses it.

use std::{collections::BTreeMap, time::Duration};

use leptos::prelude::*;
use model::{AnswerSaved, Given};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response, UrlSearchParams};

use super::device::Device;

const RETRY_AFTER: Duration = Duration::from_secs(4);

/// How the keeping stands, as the page tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Everything has arrived; so many questions have an answer.
    Saved { answered: u32 },
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

/// Answers by the place of their question, counted from 1.
type Answers = BTreeMap<u32, Given>;

/// Sends answers in order and remembers on the device what has not arrived.
#[derive(Clone, Copy)]
pub(crate) struct Keeper {
    address: StoredValue<String>,
    device: Device,
    waiting: StoredValue<Answers>,
    busy: StoredValue<bool>,
    /// How the keeping stands.
    pub kept: RwSignal<Kept>,
}

enum Sent {
    Saved(u32),
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
            waiting: StoredValue::new(Answers::new()),
            busy: StoredValue::new(false),
            kept: RwSignal::new(Kept::Saved { answered }),
        }
    }

    /// Takes up what an earlier visit could not send, and gives it back to be shown.
    pub fn take_up(self) -> Answers {
        let text = self.device.text();
        let left: Answers = text.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
        if !left.is_empty() {
            self.waiting.set_value(left.clone());
            self.send_waiting();
        }
        left
    }

    /// Keeps an answer.
    pub fn keep(self, number: u32, given: Given) {
        self.waiting.update_value(|waiting| {
            waiting.insert(number, given);
        });
        self.remember();
        self.send_waiting();
    }

    /// Whether everything has arrived.
    pub fn is_settled(self) -> bool {
        self.waiting.with_value(Answers::is_empty)
    }

    fn remember(self) {
        let text = self.waiting.with_value(|waiting| (!waiting.is_empty()).then(|| serde_json::to_string(waiting)));
        self.device.put(text.and_then(Result::ok).as_deref());
    }

    fn send_waiting(self) {
        if self.busy.get_value() || self.is_settled() {
            return;
        }
        self.busy.set_value(true);
        self.kept.set(Kept::Saving);
        leptos::task::spawn_local(async move {
            while let Some((number, given)) = self
                .waiting
                .with_value(|waiting| waiting.first_key_value().map(|(number, given)| (*number, given.clone())))
            {
                match send(&self.address.get_value(), number, &given).await {
                    Sent::Saved(answered) => {
                        self.arrived(number, &given);
                        if self.is_settled() {
                            self.kept.set(Kept::Saved { answered });
                        }
                    }
                    Sent::HandedIn => {
                        self.waiting.set_value(Answers::new());
                        self.remember();
                        go_to(&self.address.get_value());
                    }
                    Sent::Refused => {
                        self.arrived(number, &given);
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

    /// Forgets what was sent, unless it has been changed in the meantime.
    fn arrived(self, number: u32, sent: &Given) {
        self.waiting.update_value(|waiting| {
            if waiting.get(&number).is_some_and(|given| given == sent) {
                waiting.remove(&number);
            }
        });
        self.remember();
    }
}

/// Opens another address of this site.
pub(crate) fn go_to(address: &str) {
    // Where leaving is not possible there is nobody left to tell.
    drop(window().location().assign(address));
}

async fn send(address: &str, number: u32, given: &Given) -> Sent {
    match post_answer(address, number, given).await {
        Ok(response) if response.redirected() => Sent::SignedOut,
        Ok(response) => match response.status() {
            200 => saved(&response).await.map_or(Sent::Unreachable, |saved| Sent::Saved(saved.answered)),
            401 => Sent::SignedOut,
            409 => Sent::HandedIn,
            400..=499 if response.status() != 429 => Sent::Refused,
            _ => Sent::Unreachable,
        },
        Err(_) => Sent::Unreachable,
    }
}

async fn post_answer(address: &str, number: u32, given: &Given) -> Result<Response, JsValue> {
    let fields = UrlSearchParams::new()?;
    fields.append("question", &number.to_string());
    for (name, value) in given.to_fields() {
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
