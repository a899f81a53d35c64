use engine::{ErasurePlan, Hindrance};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, Mark, count, field, mark, tick},
};

/// What is wrong with a form that was sent to erase somebody, and what it held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EraseFaults {
    /// The name is not theirs, as it is known.
    pub name: bool,
    /// The box was not ticked.
    pub sure: bool,
    /// Nobody erases themselves.
    pub oneself: bool,
    /// The name as it was typed.
    pub typed: String,
}

impl EraseFaults {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.name && !self.sure && !self.oneself
    }

    fn words(&self) -> Faults {
        let mut faults = Faults::default();
        if self.oneself {
            faults.add("erase", "Nobody erases themselves: ask another administrator");
        }
        if self.name {
            faults.add("name", "Type the name just as it stands above");
        }
        if self.sure {
            faults.add("sure", "Tick the box to say that it is to go for ever");
        }
        faults
    }
}

/// What erasing somebody lets go of and what remains, and the form to do it.
pub fn erase_person(frame: &Frame, plan: &ErasurePlan, sent: &EraseFaults) -> Rendered {
    let faults = sent.words();
    let frame = frame.with_tables();
    if plan.hindrance == Some(Hindrance::ErasedAlready) {
        return frame.page("Erased", || {
            view! {
                <p class="crumb no-print"><a href="/matrix">"Matrix"</a></p>
                <h1>"Erased"</h1>
                <p class="said" role="status">
                    {mark(Mark::Status(model::Status::Passed))} " "
                    <span>"Everything that was held about this person is gone."</span>
                </p>
                <p>"The signed log says that it was done, when and by whom, and not about whom. What remains of this person is a number."</p>
                <p>"Copies from before still have it: delete back-ups that are older, or erase again after you have brought one back. Whoever was given a file of the log before may still have it, too; the register says who was."</p>
            }
        });
    }
    let name = plan.name.clone().unwrap_or_else(|| "Name erased".to_owned());
    let title = format!("Erase {name}");
    frame.page(&faults.title(&title), || {
        let goes = plan.goes.iter().map(|(title, rows)| view! { <li>{format!("{title}: {rows}")}</li> }).collect_view();
        let named = (plan.named > 0).then(|| {
            view! { <li>{format!("in {} about others, that it was they who did it", count(usize::try_from(plan.named).unwrap_or_default(), "entry", "entries"))}</li> }
        });
        let form = match plan.hindrance {
            Some(Hindrance::StillHere) => view! {
                <p class="said warned">"They are here, or are to begin. Record first that they leave: while somebody is here, what they passed and signed is what they stand on."</p>
            }
            .into_any(),
            Some(_) => view! { <p class="said warned">"A file of people is being brought in. Wait until it is done."</p> }.into_any(),
            None => form(plan, &name, sent, &faults).into_any(),
        };
        view! {
            {faults.list()}
            <p class="crumb no-print"><a href=format!("/people/{}/data", plan.person)>{format!("What is held about {name}")}</a></p>
            <h1 id="erase" dir="auto">{title.clone()}</h1>
            <p class="lead">"This deletes everything that is held about one person, for ever. Nobody can bring it back, you neither."</p>
            <section>
                <h2>"What goes"</h2>
                <ul>{goes} {named}</ul>
            </section>
            <section>
                <h2>"What remains"</h2>
                <p>{format!("{} of the signed log, each a number, a second and digits that say nothing to anybody any more. That keeps the log whole, so that what it proves of others still holds. It can no longer be shown what this person passed or signed.", count(usize::try_from(plan.entries).unwrap_or_default(), "entry", "entries"))}</p>
                <p>"Where this person did something for others, that it was done remains with these others."</p>
            </section>
            <section>
                <h2>"When you may refuse"</h2>
                <p>"Somebody may ask to be erased (UK GDPR, article 17), and you answer within one month either way. You need not do it as far as you need what is held:"</p>
                <ul>
                    <li>"to meet a legal duty, or to carry out a task in the public interest"</li>
                    <li>"to bring, pursue or answer a legal claim, such as one about what somebody was taught or agreed to"</li>
                    <li>"for archives, research or statistics in the public interest, where erasing would make these impossible"</li>
                </ul>
                <p>"Ask whoever is responsible for data protection here, and write down what you decided and why. If you refuse, say so with the reason, and that they can complain to the Information Commissioner."</p>
            </section>
            {form}
        }
    })
}

fn form(plan: &ErasurePlan, name: &str, sent: &EraseFaults, faults: &Faults) -> impl IntoView + use<> {
    let hint = format!("Just as it stands here: {name}");
    let typed = sent.typed.clone();
    let name_field =
        field(Field { id: "name", label: "Type the name of whom you erase", hint: Some(hint) }, faults, |told| {
            view! {
                <input
                    id="name"
                    name="name"
                    type="text"
                    autocomplete="off"
                    maxlength="200"
                    required
                    value=typed
                    aria-describedby=told.described_by
                    aria-invalid=told.invalid
                />
            }
        });
    view! {
        <form method="post" action=format!("/people/{}/erase", plan.person) class="card" novalidate>
            <h2>"Erase"</h2>
            {name_field}
            {tick("sure", "The request was looked at and upheld, and all of this is to go for ever.".to_owned(), false, faults)}
            <button>"Erase for ever"</button>
        </form>
    }
}
