use chrono::NaiveDate;
use engine::{AboutPerson, Duty, GroupInTree, Held, Role, catalogue::Organisation};
use leptos::prelude::*;

use super::choose::{
    EVERYBODY, audience_field, day_field, group_field, line_field, over_field, role_word, select_field, written,
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Done, Faults, count, day, moment, said},
};

/// What has just been changed of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// They were added.
    Added,
    /// Name, e-mail address or id.
    Details,
    /// They leave.
    Leaves,
    /// They are back.
    Back,
    /// They are in an audience.
    AudienceBegun,
    /// They are not.
    AudienceEnded,
    /// They are in a group.
    GroupBegun,
    /// They are not.
    GroupEnded,
    /// A link to choose a password is sent to them.
    LetterWritten,
    /// No code is asked of them any more.
    CodesRemoved,
    /// No account of their organisation lets them in any more, or it is forgotten that they took one away.
    AccountUnlinked,
    /// They have a duty.
    DutyGiven,
    /// They have not.
    DutyEnded,
}

impl Done for Changed {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Added, "added", "They are added. Now make a link for them to choose their password."),
        (Self::Details, "details", "Saved. What they have signed keeps the name that they had then."),
        (Self::Leaves, "leave", "It is recorded when they leave. Nothing of what they did is lost."),
        (Self::Back, "come-back", "It is recorded that they are here again. Duties are given to them anew."),
        (Self::AudienceBegun, "audience", "What is written for these is theirs from that day on."),
        (Self::AudienceEnded, "end-audience", "It has an end now. That it was so stays on record."),
        (Self::GroupBegun, "group", "They are in that group from that day on."),
        (Self::GroupEnded, "end-group", "They are in that group until that day. That they were stays on record."),
        (Self::LetterWritten, "letter", "A letter with a link is on its way to them. Nobody else sees the link."),
        (
            Self::CodesRemoved,
            "codes-removed",
            "No code is asked of them any more. They are signed out everywhere, and that you did this is on record.",
        ),
        (
            Self::AccountUnlinked,
            "account-unlinked",
            "No account of their organisation is known as theirs any more. They are signed out everywhere.",
        ),
        (Self::DutyGiven, "duty", "They have that duty from that day on, at their next click."),
        (Self::DutyEnded, "end-duty", "That duty ends on that day, and what it allowed with it."),
    ];
}

/// What was sent and could not be done.
#[derive(Clone, Debug, Default)]
pub struct ChangeFault {
    /// What is wrong, by field.
    pub faults: Faults,
    /// Name, e-mail address and id as they were typed. `None`: another form was sent.
    pub typed: Option<(String, String, String)>,
    /// The day as it was typed.
    pub day: String,
    /// Which form was sent, and what stood in it of what it is about.
    pub sent: (String, Vec<(&'static str, String)>),
}

/// What is recorded of somebody, and the forms that change it.
pub fn change_person(
    frame: &Frame,
    about: &AboutPerson,
    groups: &[GroupInTree],
    organisation: &Organisation,
    changed: Option<Changed>,
    fault: &ChangeFault,
    today: NaiveDate,
) -> Rendered {
    let name = about.details.name.clone();
    let faults = &fault.faults;
    frame.page(&faults.title(&format!("Change {name}")), || {
        let (address, sends_letters) = (format!("/people/{}/change", about.id), frame.sends_letters);
        let only = frame.sign_on.as_ref().filter(|offer| offer.only).map(|offer| offer.label.clone());
        let done = changed.map(|changed| match &only {
            Some(label) if changed == Changed::Added => format!("They are added. They sign in with {label}."),
            _ => changed.words().to_owned(),
        });
        let forms = Forms { about, groups, organisation, faults, fault, today, address, sends_letters, only };
        let oneself = about.is_oneself.then(|| {
            view! { <p class="card">"This is you. Nobody changes their own groups, duties and dates: ask another administrator."</p> }
        });
        view! {
            <p class="crumb no-print"><a href=format!("/people/{}", about.id) dir="auto">{name.clone()}</a></p>
            {faults.list()}
            <h1 dir="auto">{name.clone()}</h1>
            {said(done)}
            {oneself}
            {(!about.is_oneself).then(|| view! { {forms.way_in()} {forms.details()} })}
            {forms.stay()}
            {forms.audiences()}
            {forms.groups()}
            {forms.duties()}
        }
    })
}

struct Forms<'a> {
    about: &'a AboutPerson,
    groups: &'a [GroupInTree],
    organisation: &'a Organisation,
    faults: &'a Faults,
    fault: &'a ChangeFault,
    today: NaiveDate,
    address: String,
    sends_letters: bool,
    /// With what account of their organisation people sign in, where that is the only way.
    only: Option<String>,
}

impl Forms<'_> {
    fn name(&self) -> String {
        self.about.details.name.clone()
    }

    /// What stands in the field of a day: what was typed there, where that could not be used.
    fn day_in(&self, id: &str, otherwise: String) -> String {
        if self.faults.concerns(id) { self.fault.day.clone() } else { otherwise }
    }

    fn way_in(&self) -> AnyView {
        let now = match (self.about.has_password, &self.about.details.email, self.about.way_in_until) {
            _ if self.only.is_some() => {
                format!("They sign in with {}, and with nothing else.", self.only.clone().unwrap_or_default())
            }
            (_, None, _) => "They have no e-mail address here, and so they cannot sign in with a password.".to_owned(),
            (_, _, Some(until)) => {
                format!("A link was made for them. It holds until {}; another takes its place.", moment(until))
            }
            (true, ..) => "They have a password. Nobody but they can see or choose it.".to_owned(),
            (false, ..) => "They have no password yet, and so they cannot sign in.".to_owned(),
        };
        let may_link = self.about.details.email.is_some() && self.only.is_none();
        let form = may_link.then(|| {
            let verb = if self.about.has_password {
                "Make a link for a new password"
            } else {
                "Make a link to choose a password"
            };
            let by_letter = self.sends_letters.then(|| {
                view! { <button class="second" name="by" value="letter">"Send a link by e-mail"</button> }
            });
            view! {
                <form method="post" action=format!("/people/{}/way-in", self.about.id) class="actions">
                    {by_letter}
                    <button class="second">{verb}</button>
                </form>
            }
        });
        let since = self.about.codes_since;
        let asked = since.map(|since| {
            view! { <p>{format!("They are asked for a code besides their password, since {}.", moment(since))}</p> }
        });
        let held = (self.about.passkeys > 0).then(|| {
            let passkeys = count(self.about.passkeys as usize, "passkey lets", "passkeys let");
            view! { <p>{format!("{passkeys} them in, too.")}</p> }
        });
        let codes = (since.is_some() || self.about.passkeys > 0).then(|| {
            view! {
                {asked}
                {held}
                <details>
                    <summary>"Their phone is gone, or whatever they show besides their password"</summary>
                    <form method="post" action=format!("/people/{}/second-factor", self.about.id)>
                        <p>"Make sure that it is they who ask: from then on their password alone lets them in, and no passkey does. They are signed out everywhere, and told by letter where there is a mail server."</p>
                        <button class="second">"Ask them for no code any more"</button>
                    </form>
                </details>
            }
        });
        view! {
            <section class="card">
                <h2>"Signing in"</h2>
                <p>{now}</p>
                {may_link.then(|| view! { <p class="hint">"A link that you make is shown to you once, to print or to hand over. It works once, and for a short time. That you made it is on record."</p> })}
                {form}
                {codes}
                {self.account()}
            </section>
        }
        .into_any()
    }

    /// The account of their organisation that lets them in, or that they took away.
    fn account(&self) -> Option<AnyView> {
        let (words, ask, verb) = match (self.about.account_since, self.about.account_taken_away) {
            (Some(since), _) => (
                format!("An account of their organisation lets them in, since {}.", moment(since)),
                "It is not theirs, or not any more",
                "Take that account away",
            ),
            (None, Some(at)) => (
                format!("They took away the account of their organisation on {}.", moment(at)),
                "They want to sign in with it again",
                "Allow it again",
            ),
            (None, None) => return None,
        };
        Some(
            view! {
                <p>{words}</p>
                <details>
                    <summary>{ask}</summary>
                    <form method="post" action=format!("/people/{}/sign-on", self.about.id)>
                        <p>"They are signed out everywhere, and told by letter where there is a mail server. Whoever has their e-mail address or id there is known as them the next time: if that is somebody else, change it below, which takes the account away as well."</p>
                        <button class="second">{verb}</button>
                    </form>
                </details>
            }
            .into_any(),
        )
    }

    fn details(&self) -> AnyView {
        let details = &self.about.details;
        let (name, email, external_id) = self.fault.typed.clone().unwrap_or_else(|| {
            let or_none = |text: &Option<String>| text.clone().unwrap_or_default();
            (details.name.clone(), or_none(&details.email), or_none(&details.external_id))
        });
        let called = self.about.user_name.clone().map(|name| {
            view! { <p>"Known to the directory as " <strong dir="auto">{name}</strong> ", which the directory alone changes."</p> }
        });
        view! {
            <section class="card">
                <h2>"Name and address"</h2>
                {called}
                <form method="post" action=self.address.clone() novalidate>
                    <input type="hidden" name="do" value="details"/>
                    {line_field(("name", "Name", None), "text", name, true, self.faults)}
                    {line_field(("email", "Email", Some("What they sign in with")), "email", email, false, self.faults)}
                    {line_field(("external_id", "Id in another system", None), "text", external_id, false, self.faults)}
                    <button class="second">"Save name and address"</button>
                </form>
            </section>
        }
        .into_any()
    }

    fn stay(&self) -> AnyView {
        let rows = self.about.stays.iter().map(|stay| {
            let words = match stay.until {
                Some(until) if until <= stay.since => {
                    format!("Was to begin on {}; that was taken back", day(stay.since))
                }
                Some(until) if until <= self.today => format!("From {} until {}", day(stay.since), last_day(until)),
                Some(until) => format!("From {}, until {}", day(stay.since), last_day(until)),
                None if stay.since > self.today => format!("Begins on {}", day(stay.since)),
                None => format!("Since {}", day(stay.since)),
            };
            view! { <li><div>{words}</div></li> }
        });
        let rows = rows.collect_view();
        let last = self.about.stays.first();
        let is_here = last.is_some_and(|stay| stay.until.is_none());
        let leaves_on = last.and_then(|stay| stay.until.filter(|until| *until > self.today && *until > stay.since));
        let sooner = leaves_on.filter(|_| !self.about.is_oneself).map(|leaves_on| {
            let hint = format!("A day before {}. With today they are signed out at once", day(leaves_on));
            self.fold(
                "Record that they leave sooner".to_owned(),
                "leave",
                &[],
                view! {
                    <p>"What was recorded before stays on record. From the earlier day on they cannot sign in, and their duties end."</p>
                    {day_field("leave-on", "The first day on which they are no longer here", Some(&hint), self.day_in("leave-on", String::new()), self.faults)}
                }
                .into_any(),
                format!("Record that {} leaves sooner", self.name()),
            )
        });
        let form = (!self.about.is_oneself).then(|| {
            if is_here {
                self.fold(
                    "Record that they leave the provider".to_owned(),
                    "leave",
                    &[],
                    view! {
                        <p>"From that day on they cannot sign in, and their duties end. What they did and signed stays, and counts again if they come back."</p>
                        {day_field("leave-on", "The first day on which they are no longer here", Some("Choose it: with today they are signed out at once"), self.day_in("leave-on", String::new()), self.faults)}
                    }
                    .into_any(),
                    format!("Record that {} leaves", self.name()),
                )
            } else {
                self.fold(
                    "Record that they are back".to_owned(),
                    "come-back",
                    &[],
                    day_field("back-on", "The first day on which they are here again", None, self.day_in("back-on", written(leaves_on.unwrap_or(self.today))), self.faults),
                    format!("Record that {} comes back", self.name()),
                )
            }
        });
        view! { <section class="card"><h2>"Here"</h2> <ul class="rows" role="list">{rows}</ul> {sooner} {form}</section> }
            .into_any()
    }

    fn audiences(&self) -> AnyView {
        let one = |audience: &engine::catalogue::Audience| {
            self.organisation.audience(audience).map_or_else(|| audience.to_string(), |listed| listed.one.clone())
        };
        let rows = self.about.audiences.iter().map(|held| {
            let end = (held.until.is_none() && !self.about.is_oneself).then(|| {
                self.end(
                    "end-audience",
                    &[("audience", held.what.to_string())],
                    format!("{} is no longer here as {}", self.name(), one(&held.what)),
                )
            });
            row(one(&held.what), held, self.today, end)
        });
        let rows = rows.collect_view();
        let add = (!self.about.is_oneself).then(|| {
            self.fold(
                "They are here as something else, too".to_owned(),
                "audience",
                &[],
                view! {
                    {audience_field(("audience", "Here as", None), &self.organisation.audiences, Some("Choose one"), "", self.faults)}
                    {day_field("audience-on", "From", None, self.day_in("audience-on", written(self.today)), self.faults)}
                }
                .into_any(),
                format!("Record it for {}", self.name()),
            )
        });
        view! {
            <section class="card">
                <h2>"What they are here as"</h2>
                <p class="hint">"What is written for these people, and given to them, is for them."</p>
                <ul class="rows" role="list">{rows}</ul>
                {add}
            </section>
        }
        .into_any()
    }

    fn groups(&self) -> AnyView {
        let rows = self.about.groups.iter().map(|held| {
            let (group, name) = &held.what;
            let end = (held.until.is_none() && !self.about.is_oneself).then(|| {
                self.end("end-group", &[("group", group.to_string())], format!("Take {} out of {name}", self.name()))
            });
            row(name.clone(), held, self.today, end)
        });
        let rows = rows.collect_view();
        let empty =
            self.about.groups.is_empty().then(|| view! { <p>"They are in no group: no manager finds them."</p> });
        let add = (!self.about.is_oneself && !self.groups.is_empty()).then(|| {
            self.fold(
                "Put them into another group".to_owned(),
                "group",
                &[],
                view! {
                    {group_field(("group", "Group", None), self.groups, Some("Choose one"), "", None, self.faults)}
                    {day_field("group-on", "From", None, self.day_in("group-on", written(self.today)), self.faults)}
                }
                .into_any(),
                format!("Put {} into it", self.name()),
            )
        });
        view! { <section class="card"><h2>"Groups"</h2> {empty} <ul class="rows" role="list">{rows}</ul> {add}</section> }.into_any()
    }

    fn duties(&self) -> AnyView {
        let words = |duty: &Duty, name: &Option<String>| {
            let over = match (duty.over, name) {
                (None, _) => "everybody".to_owned(),
                (Some(_), Some(name)) => name.clone(),
                (Some(_), None) => "a group that has ended".to_owned(),
            };
            format!("{} of {over}", role_word(duty.role))
        };
        let rows = self.about.duties.iter().map(|held| {
            let (duty, name) = &held.what;
            let end = (held.until.is_none() && !self.about.is_oneself).then(|| {
                let over = duty.over.map_or_else(|| EVERYBODY.to_owned(), |group| group.to_string());
                let fields = [("role", duty.role.code().to_owned()), ("over", over)];
                self.end(
                    "end-duty",
                    &fields,
                    format!("{} is no longer {}", self.name(), words(duty, name).to_lowercase()),
                )
            });
            row(words(duty, name), held, self.today, end)
        });
        let rows = rows.collect_view();
        let empty = self
            .about
            .duties
            .is_empty()
            .then(|| view! { <p>"They do nothing for others here: they see nobody’s record but their own."</p> });
        let add = (!self.about.is_oneself).then(|| {
            let roles = Role::ALL.map(|role| view! { <option value=role.code()>{role_word(role)}</option> });
            let roles = view! { <option value="">"Choose one"</option> {roles.collect_view()} };
            let role = select_field(("role", "Duty", None), roles.into_any(), self.faults);
            self.fold(
                "Give a duty".to_owned(),
                "duty",
                &[],
                view! {
                    {role}
                    {over_field(self.groups, self.faults)}
                    {day_field("duty-on", "From", None, self.day_in("duty-on", written(self.today)), self.faults)}
                }
                .into_any(),
                format!("Give it to {}", self.name()),
            )
        });
        view! { <section class="card"><h2>"Duties"</h2> {empty} <ul class="rows" role="list">{rows}</ul> {add}</section> }.into_any()
    }

    /// A form that unfolds, and is open where something is wrong at a field of it; `verb` says what it does and to whom.
    fn fold(
        &self,
        summary: String,
        does: &'static str,
        hidden: &[(&'static str, String)],
        fields: AnyView,
        verb: String,
    ) -> AnyView {
        let is_wrong = self.was_sent(does, hidden) && !self.faults.concerns("main");
        let hidden = hidden
            .iter()
            .map(|(name, value)| view! { <input type="hidden" name=*name value=value.clone()/> })
            .collect_view();
        view! {
            <details open=is_wrong>
                <summary>{summary}</summary>
                <form method="post" action=self.address.clone() novalidate>
                    <input type="hidden" name="do" value=does/>
                    {hidden}
                    {fields}
                    <button class="second">{verb}</button>
                </form>
            </details>
        }
        .into_any()
    }

    /// Whether this is the form that was sent, and of what is said of it beside the day.
    fn was_sent(&self, does: &str, hidden: &[(&'static str, String)]) -> bool {
        let (sent, about) = &self.fault.sent;
        sent == does && hidden.iter().all(|named| about.contains(named))
    }

    /// The end of something in a list: its day has an id where it could not be used, and not otherwise, because there are several.
    fn end(&self, does: &'static str, hidden: &[(&'static str, String)], verb: String) -> AnyView {
        const ASKS: &str = "The first day on which it is no longer so";
        let is_wrong = self.faults.concerns("on") && self.was_sent(does, hidden);
        let day = if is_wrong {
            day_field("on", ASKS, None, self.fault.day.clone(), self.faults)
        } else {
            let today = written(self.today);
            view! { <p class="field"><label>{ASKS} " " <input type="date" name="on" value=today required/></label></p> }
                .into_any()
        };
        self.fold("End this".to_owned(), does, hidden, day, verb)
    }
}

fn row<T>(words: String, held: &Held<T>, today: NaiveDate, end: Option<AnyView>) -> AnyView {
    let since = match held.until {
        Some(until) => format!("since {}, until {}", day(held.since), last_day(until)),
        None if held.since > today => format!("from {} on", day(held.since)),
        None => format!("since {}", day(held.since)),
    };
    view! { <li><div><strong dir="auto">{words}</strong> ", " {since} {end}</div></li> }.into_any()
}

/// The last day of what no longer holds on the next.
fn last_day(until: NaiveDate) -> String {
    until.pred_opt().map(day).unwrap_or_default()
}
