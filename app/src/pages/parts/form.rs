use leptos::prelude::*;

/// What is wrong with a form that was sent: at which field, and in which words. The words are said twice, at the top of the
/// page and at the field, and are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<(&'static str, String)>);

impl Faults {
    /// Adds what is wrong. `place` is the id of the field, or of the heading when it concerns the whole form.
    pub fn add(&mut self, place: &'static str, words: impl Into<String>) {
        self.0.push((place, words.into()));
    }

    /// The page's title, with the word that says that it did not work.
    pub fn title(&self, title: &str) -> String {
        if self.0.is_empty() { title.to_owned() } else { format!("Error: {title}") }
    }

    /// Whether something is wrong at a place whose id begins so.
    pub(crate) fn concerns(&self, beginning: &str) -> bool {
        self.0.iter().any(|(place, _)| place.starts_with(beginning))
    }

    /// Everything that is wrong, first on the page, with a link to each place. Takes the focus. Nothing when all is well.
    pub fn list(&self) -> impl IntoView + use<> {
        let rows = self
            .0
            .iter()
            .map(|(place, words)| view! { <li><a href=format!("#{place}")>{words.clone()}</a></li> })
            .collect_view();
        (!self.0.is_empty()).then(|| {
            view! {
                <div class="error-summary" role="alert" tabindex="-1" autofocus aria-labelledby="errors">
                    <h2 id="errors">"Something needs another look"</h2>
                    <ul role="list">{rows}</ul>
                </div>
            }
        })
    }

    /// Whether something is wrong at this place.
    #[must_use]
    pub fn is_at(&self, place: &str) -> bool {
        self.at(place).is_some()
    }

    fn at(&self, place: &str) -> Option<&str> {
        self.0.iter().find(|(at, _)| *at == place).map(|(_, words)| words.as_str())
    }
}

/// A field of a form: what stands around its control.
#[derive(Clone, Debug)]
pub struct Field {
    /// The id of the control; the fault of that place is the field's.
    pub id: &'static str,
    /// What it asks for.
    pub label: &'static str,
    /// What helps to fill it in, below the label.
    pub hint: Option<String>,
}

/// What stands in a `<textarea>`, as HTML: the framework writes what is in one as it is. A browser leaves out a line break with which it begins,
/// so it gets one more.
pub(crate) fn typed_text(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 1);
    html.push('\n');
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            other => html.push(other),
        }
    }
    html
}

/// What a control says of itself to who cannot see what stands around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The ids of what describes it, for `aria-describedby`: the hint, then the fault. `None`: neither is there.
    pub described_by: Option<String>,
    /// `true` when something is wrong with it, for `aria-invalid`.
    pub invalid: Option<&'static str>,
}

/// A field with its label above its control. `control` draws the control, which bears the field's id and what it is told.
pub fn field<V: IntoView, C: FnOnce(Told) -> V>(
    field: Field,
    faults: &Faults,
    control: C,
) -> impl IntoView + use<V, C> {
    let (hint, fault, told) = around(field.id, field.hint, faults);
    let control = control(told).into_any();
    view! {
        <div class="field">
            <label for=field.id>{field.label}</label>
            {hint}
            {fault}
            {control}
        </div>
    }
}

/// A box to tick, which sends `yes` under its id, with its label beside it. `ticked`: it was ticked when the form was sent.
pub fn tick(id: &'static str, label: String, ticked: bool, faults: &Faults) -> impl IntoView + use<> {
    let (_, fault, told) = around(id, None, faults);
    view! {
        <div class="field">
            {fault}
            <div class="option">
                <input
                    type="checkbox"
                    id=id
                    name=id
                    value="yes"
                    checked=ticked
                    required
                    aria-describedby=told.described_by
                    aria-invalid=told.invalid
                />
                <label for=id>{label}</label>
            </div>
        </div>
    }
}

/// What stands beside a control within a line of others: its fault, and what the control is told. [`field`] draws one that stands by itself.
pub fn beside(id: &'static str, faults: &Faults) -> (Option<AnyView>, Told) {
    let fault = faults.at(id).map(str::to_owned);
    let fault_id = format!("{id}-error");
    let told = Told { described_by: fault.as_ref().map(|_| fault_id.clone()), invalid: fault.as_ref().map(|_| "true") };
    let fault = fault.map(|words| {
        view! { <span class="field-error" id=fault_id><span class="hidden">"Error: "</span> {words}</span> }.into_any()
    });
    (fault, told)
}

fn around(id: &'static str, hint: Option<String>, faults: &Faults) -> (Option<AnyView>, Option<AnyView>, Told) {
    let fault = faults.at(id);
    let hint_id = hint.as_ref().map(|_| format!("{id}-hint"));
    let fault_id = fault.map(|_| format!("{id}-error"));
    let ids: Vec<String> = hint_id.iter().chain(&fault_id).cloned().collect();
    let told = Told { described_by: (!ids.is_empty()).then(|| ids.join(" ")), invalid: fault.map(|_| "true") };
    let hint = hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> }.into_any());
    let fault = fault.map(str::to_owned).map(|words| {
        view! { <p class="field-error" id=fault_id><span class="hidden">"Error: "</span> {words}</p> }.into_any()
    });
    (hint, fault, told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(faults: &Faults, hint: Option<&str>) -> String {
        let hint = hint.map(str::to_owned);
        field(Field { id: "name", label: "Your name", hint }, faults, |told| {
            view! { <input id="name" aria-describedby=told.described_by aria-invalid=told.invalid/> }
        })
        .to_html()
    }

    #[test]
    fn a_control_is_described_by_its_hint_and_its_fault_and_by_nothing_that_is_not_there() {
        let mut faults = Faults::default();
        faults.add("email", "Type your email");
        let well = drawn(&faults, None);
        assert!(!well.contains("aria-describedby") && !well.contains("aria-invalid"), "{well}");
        let hint = Some("As in your passport");
        assert!(drawn(&faults, hint).contains(r#"aria-describedby="name-hint""#));
        faults.add("name", "Type your name");
        let faulty = drawn(&faults, hint);
        assert!(faulty.contains(r#"aria-describedby="name-hint name-error""#), "{faulty}");
        assert!(faulty.contains(r#"aria-invalid="true""#), "{faulty}");
        assert!(faulty.contains(r#"id="name-error""#) && faulty.contains("Type your name"), "{faulty}");
    }

    #[test]
    fn the_list_names_every_fault_with_a_link_to_its_field_and_takes_the_focus() {
        let mut faults = Faults::default();
        assert_eq!(faults.list().to_html().matches("<div").count(), 0);
        assert_eq!(faults.title("Sign in"), "Sign in");
        faults.add("name", "Type your name");
        faults.add("email", "Type your email");
        let list = faults.list().to_html();
        assert!(list.contains("autofocus") && list.contains(r#"role="alert""#), "{list}");
        assert!(list.contains(r##"href="#name""##) && list.contains(r##"href="#email""##), "{list}");
        assert_eq!(faults.title("Sign in"), "Error: Sign in");
    }

    #[test]
    fn what_was_typed_into_a_text_box_stays_in_it() {
        assert_eq!(typed_text("</textarea><b>&lt;"), "\n&lt;/textarea>&lt;b>&amp;lt;");
        assert_eq!(typed_text("\nbelow"), "\n\nbelow");
    }
}
