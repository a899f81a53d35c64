use chrono::{Days, NaiveDate};
use engine::{AboutPerson, Duty, GroupTree, Held, Role, catalogue::Organisation};
use leptos::prelude::*;

use super::choose::{
    EVERYBODY, audience_field, day_field, group_field, line_field, over_field, role_word, select_field, written,
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Done, Field, Sent, count, day, field, moment, said},
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
        (
            Self::DutyGiven,
            "duty",
            "They have that duty from that day on, at their next click. Where it has an end, it ends by itself.",
        ),
        (Self::DutyEnded, "end-duty", "That duty ends on that day, and what it allowed with it."),
    ];
}

impl Changed {
    /// The field of the day in the form that makes this change: its name, and what it asks for. `None`: it has none.
    #[must_use]
    pub fn day(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Leaves => Some(("leave-on", "The first day on which they are no longer here")),
            Self::Back => Some(("back-on", "The first day on which they are here again")),
            Self::AudienceBegun => Some(("audience-on", "From")),
            Self::GroupBegun => Some(("group-on", "From")),
            Self::DutyGiven => Some(("duty-on", "From")),
            Self::AudienceEnded | Self::GroupEnded | Self::DutyEnded => Some(ENDS_ON),
            Self::Added | Self::Details | Self::LetterWritten | Self::CodesRemoved | Self::AccountUnlinked => None,
        }
    }
}

/// The field that says of several duties of one kind which, by the day on which it began.
pub const DUTY_SINCE: &str = "since";

/// The field of the day on which a duty ends that is given, and what it asks for.
pub const DUTY_UNTIL: (&str, &str) = ("duty-until", "The first day on which they no longer have it");

/// For how many days an auditor is let in, where nobody says otherwise.
const AUDITOR_DAYS: u64 = 30;

/// The field of the day on which something in a list ends, and what it asks for.
const ENDS_ON: (&str, &str) = ("on", "The first day on which it is no longer so");

/// What is recorded of somebody, and the forms that change it. `sent`: the one that was sent and could not be done.
pub fn change_person(
    frame: &Frame,
    about: &AboutPerson,
    tree: &GroupTree,
    organisation: &Organisation,
    changed: Option<Changed>,
    sent: &Sent,
    today: NaiveDate,
) -> Rendered {
    let name = about.details.name.clone();
    frame.page(&sent.faults.title(&format!("Change {name}")), || {
        let (address, sends_letters) = (format!("/people/{}/change", about.id), frame.sends_letters);
        let only = frame.sign_on.as_ref().filter(|offer| offer.only).map(|offer| offer.label.clone());
        let done = changed.map(|changed| match &only {
            Some(label) if changed == Changed::Added => format!("They are added. They sign in with {label}."),
            _ => changed.words().to_owned(),
        });
        let forms = Forms { about, tree, organisation, sent, today, address, sends_letters, only };
        let oneself = about.is_oneself.then(|| {
            view! { <p class="card">"This is you. Nobody changes their own groups, duties and dates: ask another administrator."</p> }
        });
        view! {
            <p class="crumb no-print"><a href=format!("/people/{}", about.id) dir="auto">{name.clone()}</a></p>
            {sent.faults.list()}
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
    tree: &'a GroupTree,
    organisation: &'a Organisation,
    sent: &'a Sent,
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
    fn way_in(&self) -> AnyView {
        let may_come = |stay: &Held<()>| stay.until.is_none_or(|until| until > self.today && until > stay.since);
        let may_come = self.about.stays.iter().any(may_come);
        let now = match (self.about.has_password, &self.about.details.email, self.about.way_in_until) {
            _ if !may_come => "They are not here, and so they cannot sign in.".to_owned(),
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
        let may_change = self.about.may_change_sign_in;
        let may_link = may_come && may_change && self.about.details.email.is_some() && self.only.is_none();
        let for_another = (may_come && !may_change).then(|| {
            view! { <p class="hint">"They have a duty, or will have: how they sign in is for an administrator of everybody to change."</p> }
        });
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
            let take_away = may_change.then(|| {
                view! {
                    <details>
                        <summary>"Their phone is gone, or whatever they show besides their password"</summary>
                        <form method="post" action=format!("/people/{}/second-factor", self.about.id)>
                            <p>"Make sure that it is they who ask: from then on their password alone lets them in, and no passkey does. They are signed out everywhere, and told by letter where there is a mail server. A password that is too short without a code ends as well: then they need a link to choose another."</p>
                            <button class="second">"Ask them for no code any more"</button>
                        </form>
                    </details>
                }
            });
            view! { {asked} {held} {take_away} }
        });
        view! {
            <section class="card">
                <h2>"Signing in"</h2>
                <p>{now}</p>
                {may_link.then(|| view! { <p class="hint">"A link that you make is shown to you once, to print or to hand over. It works once, and for a short time. That you made it is on record."</p> })}
                {for_another}
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
        let form = self.about.may_change_sign_in.then(|| {
            view! {
                <details>
                    <summary>{ask}</summary>
                    <form method="post" action=format!("/people/{}/sign-on", self.about.id)>
                        <p>"They are signed out everywhere, and told by letter where there is a mail server. Whoever has their e-mail address or id there is known as them the next time: if that is somebody else, change it below, which takes the account away as well."</p>
                        <button class="second">{verb}</button>
                    </form>
                </details>
            }
        });
        Some(view! { <p>{words}</p> {form} }.into_any())
    }

    fn details(&self) -> AnyView {
        let details = &self.about.details;
        let typed =
            |name: &str, before: Option<&String>| self.sent.typed("details", name, before.cloned().unwrap_or_default());
        let name = typed("name", Some(&details.name));
        let email = typed("email", details.email.as_ref());
        let external_id = typed("external_id", details.external_id.as_ref());
        let faults = &self.sent.faults;
        let called = self.about.user_name.clone().map(|name| {
            view! { <p>"Known to the directory as " <strong dir="auto">{name}</strong> ", which the directory alone changes."</p> }
        });
        view! {
            <section class="card">
                <h2>"Name and address"</h2>
                {called}
                <form method="post" action=self.address.clone() novalidate>
                    <input type="hidden" name="do" value="details"/>
                    {line_field(("name", "Name", None), "text", name, true, faults)}
                    {line_field(("email", "Email", Some("What they sign in with")), "email", email, false, faults)}
                    {line_field(("external_id", "Id in another system", None), "text", external_id, false, faults)}
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
                    {self.day(Changed::Leaves, Some(&hint), String::new())}
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
                        {self.day(Changed::Leaves, Some("Choose it: with today they are signed out at once"), String::new())}
                    }
                    .into_any(),
                    format!("Record that {} leaves", self.name()),
                )
            } else {
                self.fold(
                    "Record that they are back".to_owned(),
                    "come-back",
                    &[],
                    self.day(Changed::Back, None, written(leaves_on.unwrap_or(self.today))),
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
                    Changed::AudienceEnded,
                    &[("audience", held.what.to_string())],
                    format!("{} is no longer here as {}", self.name(), one(&held.what)),
                )
            });
            row(one(&held.what), held, self.today, end)
        });
        let rows = rows.collect_view();
        let add = (!self.about.is_oneself).then(|| {
            let (faults, chosen) = (&self.sent.faults, self.sent.typed("audience", "audience", String::new()));
            self.fold(
                "They are here as something else, too".to_owned(),
                "audience",
                &[],
                view! {
                    {audience_field(("audience", "Here as", None), &self.organisation.audiences, Some("Choose one"), &chosen, faults)}
                    {self.day(Changed::AudienceBegun, None, written(self.today))}
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
                self.end(
                    Changed::GroupEnded,
                    &[("group", group.to_string())],
                    format!("Take {} out of {name}", self.name()),
                )
            });
            row(name.clone(), held, self.today, end)
        });
        let rows = rows.collect_view();
        let empty =
            self.about.groups.is_empty().then(|| view! { <p>"They are in no group: no manager finds them."</p> });
        let add = (!self.about.is_oneself && !self.tree.groups.is_empty()).then(|| {
            let (faults, chosen) = (&self.sent.faults, self.sent.typed("group", "group", String::new()));
            self.fold(
                "Put them into another group".to_owned(),
                "group",
                &[],
                view! {
                    {group_field(("group", "Group", None), &self.tree.groups, Some("Choose one"), &chosen, None, faults)}
                    {self.day(Changed::GroupBegun, None, written(self.today))}
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
            // One that ends can end sooner.
            let may_end = held.until.is_none_or(|until| until > self.today && until > held.since);
            let end = (may_end && !self.about.is_oneself).then(|| {
                let over = duty.over.map_or_else(|| EVERYBODY.to_owned(), |group| group.to_string());
                let since = (DUTY_SINCE, held.since.to_string());
                let fields = [("role", duty.role.code().to_owned()), ("over", over), since];
                self.end(
                    Changed::DutyEnded,
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
            let faults = &self.sent.faults;
            let chosen = |name: &str| self.sent.typed("duty", name, String::new());
            let (role, over) = (chosen("role"), chosen("over"));
            let roles = Role::ALL.map(|one| {
                let selected = one.code() == role;
                view! { <option value=one.code() selected=selected>{role_word(one)}</option> }
            });
            let roles = view! { <option value="">"Choose one"</option> {roles.collect_view()} };
            let role = select_field(("role", "Duty", None), roles.into_any(), faults);
            let usual = self.today.checked_add_days(Days::new(AUDITOR_DAYS)).unwrap_or(self.today);
            let hint = format!(
                "An auditor must have one: {AUDITOR_DAYS} days from today is {}. To let them go on, give it again from that day. Other duties need none",
                day(usual)
            );
            let (until, label) = DUTY_UNTIL;
            // Who forgot the day finds the usual one there.
            let until_typed = match chosen(until).as_str() {
                "" if chosen("role") == Role::Auditor.code() => written(usual),
                typed => typed.to_owned(),
            };
            let until = field(Field { id: until, label, hint: Some(hint) }, faults, move |told| {
                view! { <input id=until name=until type="date" value=until_typed aria-describedby=told.described_by aria-invalid=told.invalid/> }
            });
            self.fold(
                "Give a duty".to_owned(),
                "duty",
                &[],
                view! {
                    {role}
                    {over_field(self.tree, &over, faults)}
                    {self.day(Changed::DutyGiven, None, written(self.today))}
                    {until}
                }
                .into_any(),
                format!("Give it to {}", self.name()),
            )
        });
        view! { <section class="card"><h2>"Duties"</h2> {empty} <ul class="rows" role="list">{rows}</ul> {add}</section> }.into_any()
    }

    /// The day in the form that makes a change: what was typed, where it is the form that was sent.
    fn day(&self, change: Changed, hint: Option<&str>, before: String) -> AnyView {
        let Some((id, label)) = change.day() else { return ().into_any() };
        day_field(id, label, hint, self.sent.typed(change.code(), id, before), &self.sent.faults)
    }

    /// A form that unfolds, and lies open where it was sent and could not be done; `verb` says what it does and to whom.
    fn fold(
        &self,
        summary: String,
        does: &'static str,
        hidden: &[(&'static str, String)],
        fields: AnyView,
        verb: String,
    ) -> AnyView {
        let open = self.sent.is(does, hidden);
        let hidden = hidden
            .iter()
            .map(|(name, value)| view! { <input type="hidden" name=*name value=value.clone()/> })
            .collect_view();
        view! {
            <details open=open>
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

    /// The end of something in a list: its day has an id only in the form that was sent, because there are several.
    fn end(&self, change: Changed, hidden: &[(&'static str, String)], verb: String) -> AnyView {
        let fields = if self.sent.is(change.code(), hidden) {
            self.day(change, None, String::new())
        } else {
            let today = written(self.today);
            let (name, label) = ENDS_ON;
            view! { <p class="field"><label>{label} " " <input type="date" name=name value=today required/></label></p> }
                .into_any()
        };
        self.fold("End this".to_owned(), change.code(), hidden, fields, verb)
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
