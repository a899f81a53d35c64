//! Every table, and what of it is about somebody.

/// A table that has something about people.
pub(super) struct Held {
    pub table: &'static str,
    /// What its rows are, as a heading.
    pub title: &'static str,
    /// Which of its rows, as `t`, are about the person $1.
    pub whose: &'static str,
    /// Which of these are about somebody else as well, and are not shown. They go with the others when somebody is erased.
    pub hidden: Option<&'static str>,
    pub columns: &'static [HeldColumn],
    /// What is not handed out, and why.
    pub withheld: &'static [(&'static str, &'static str)],
}

/// A column that is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldColumn {
    /// As the database has it.
    pub name: &'static str,
    /// As people read it.
    pub label: &'static str,
    /// What it holds.
    pub shown: HeldShown,
}

/// What a column holds, and how it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldShown {
    /// A text.
    Text,
    /// A whole number.
    Number,
    /// Hundredths of a mark.
    Marks,
    /// Yes or no.
    YesNo,
    /// A day.
    Day,
    /// A moment.
    Moment,
    /// An id, for programs.
    Id,
    /// The id of something that is told elsewhere: told by what that is.
    Of,
    /// Digits that say nothing by themselves, for programs.
    Digits,
    /// The name of a module: told by its title.
    Module,
    /// The name of an agreement, likewise.
    Agreement,
    /// The name of a programme, likewise.
    Programme,
    /// The name of a module or an agreement, whose `kind` stands in the same row, likewise.
    Thing,
    /// The name of a page of the module in the same row, likewise.
    Page,
    /// The name of an audience: told as the provider calls one of it.
    Audience,
    /// The name of a role to which agreements are submitted: told by its title.
    NamedRole,
    /// The name of words to read in: told as readers call them.
    Twin,
    /// A kind of letter.
    Letter,
    /// At what somebody looked.
    Look,
    /// A code, with what each is in words.
    OneOf(&'static [(&'static str, &'static str)]),
    /// Which it is, counted from 0: told as people count.
    Nth,
    /// A moment, in half minutes since 1970.
    HalfMinute,
    /// What a refresher asks.
    Refresher,
    /// An answer of an attempt: told in its own words.
    Answer,
    /// What an entry of the signed log says.
    Envelope,
    /// What stands apart from such an entry, or what a line of a file did.
    Part,
    /// Of which kind of row such an entry is evidence.
    RowOf,
    /// A group, by what it is called.
    Group,
    /// Who did it: they themselves, or what kind of other.
    Actor,
}

use HeldShown::{
    Actor, Agreement, Answer, Audience, Day, Digits, Envelope, Group, HalfMinute, Id, Letter, Look, Marks, Module,
    Moment, NamedRole, Nth, Number, Of, OneOf, Page, Part, Programme, Refresher, RowOf, Text, Thing, Twin, YesNo,
};

const fn column(name: &'static str, label: &'static str, shown: HeldShown) -> HeldColumn {
    HeldColumn { name, label, shown }
}

const ROLES: &[(&str, &str)] = &[
    ("manager", "manager"),
    ("dsl", "designated safeguarding lead"),
    ("author", "author"),
    ("auditor", "auditor"),
    ("administrator", "administrator"),
];

const THINGS: &[(&str, &str)] = &[("module", "a module"), ("agreement", "an agreement")];

const WRONG: &[(&str, &str)] = &[
    ("not-their-own", "what was answered was not their own"),
    ("never-happened", "it never took place"),
    ("wrong-person", "somebody else did it"),
    ("wrong-date", "it was on another day"),
    ("other", "something else"),
];

const HOW_LEARNED: &[(&str, &str)] =
    &[("in-person", "in person"), ("online", "online"), ("reading", "by reading"), ("other", "in another way")];

const FILES: &[(&str, &str)] =
    &[("pdf", "a document (PDF)"), ("png", "a picture (PNG)"), ("jpeg", "a photograph (JPEG)")];

const SIGNED_IN_WITH: &[(&str, &str)] = &[
    ("password", "a password"),
    ("password+code", "a password and a code"),
    ("passkey", "a passkey"),
    ("sign-on", "an account of their organisation"),
];

const SIGNED_OUT_WITH: &[(&str, &str)] = &[
    ("sessions", "nothing else"),
    ("factor", "their code at sign-in and their passkeys"),
    ("account", "the account of their organisation"),
    ("password", "their password"),
];

const FACTORS: &[(&str, &str)] = &[("totp", "codes of a phone")];

const FOUND_THROUGH: &[(&str, &str)] =
    &[("email", "their e-mail address"), ("external_id", "what another system knows them by")];

const OCCASIONS: &[(&str, &str)] = &[
    ("overdue", "overdue"),
    ("due-today", "due that day"),
    ("due-soon", "due soon"),
    ("again", "changed, to do again"),
    ("window-opened", "can be done again"),
    ("declined", "declined, and asked again"),
    ("asked", "reminded by somebody"),
];

const SUPPRESSED: &[(&str, &str)] = &[
    ("no-address", "no e-mail address"),
    ("stopped", "they stopped being told early"),
    ("done", "done before the letter went, or no longer wanted by then"),
    ("left", "had left before the letter went"),
    ("declined", "declined to sign it before the letter went"),
];

const TOGETHER: &[(&str, &str)] = &[
    ("assignment", "a programme was given to them"),
    ("exemption", "they were excused"),
    ("attempts_given", "more attempts were given to them"),
    ("reminder", "they were reminded"),
];

const PARTS: &[(&str, &str)] = &[
    ("act", "how it was done"),
    ("by", "who did it"),
    ("gate", "the passes that it stands on"),
    ("id", "who it is about"),
    ("net", "from where"),
    ("title", "what a group is called"),
    ("why", "why"),
    ("work", "a digest of what was answered"),
];

const OWN: &str = "t.person_id = $1";

const OF_WHOM: (&str, &str) = ("person_id", "it is theirs");

const ID: HeldColumn = column("id", "Number", Id);

const RECORDED_AT: HeldColumn = column("recorded_at", "Recorded", Moment);

const RECORDED_BY: HeldColumn = column("recorded_by", "Recorded by", Actor);

const BEGINS_ON: HeldColumn = column("begins_on", "From", Day);

const ENDS_BEFORE: HeldColumn = column("ends_before", "No longer from", Day);

const END_RECORDED_AT: HeldColumn = column("end_recorded_at", "End recorded", Moment);

const END_RECORDED_BY: HeldColumn = column("end_recorded_by", "End recorded by", Actor);

const MODULE: HeldColumn = column("module", "Module", Module);

const VERSION: HeldColumn = column("version", "Version", Number);

const EDITION: HeldColumn = column("edition", "Edition", Number);

const TWIN: HeldColumn = column("twin", "In the words of", Twin);

const ATTEMPT: HeldColumn = column("attempt_id", "Attempt", Of);

/// Each table with something about people, in the order in which it is read. What refers to another stands after it, so that deleting goes
/// backwards.
pub(super) const HELD: &[Held] = &[
    Held {
        table: "person",
        title: "Person",
        whose: "t.id = $1",
        hidden: None,
        columns: &[ID, RECORDED_AT, RECORDED_BY],
        withheld: &[("number", "a number for memory"), ("revision", "how often something was recorded")],
    },
    Held {
        table: "person_detail",
        title: "Name and address",
        whose: OWN,
        hidden: None,
        columns: &[
            column("name", "Name", Text),
            column("email", "E-mail address", Text),
            column("external_id", "Known to another system as", Text),
        ],
        withheld: &[OF_WHOM, ("name_key", "the name, as lists are put in order by it")],
    },
    Held {
        table: "user_name",
        title: "What a directory calls them",
        whose: OWN,
        hidden: None,
        columns: &[column("user_name", "Name in the directory", Text)],
        withheld: &[OF_WHOM, ("user_name_key", "the name, as it is looked for")],
    },
    Held {
        table: "name_word",
        title: "Words by which they are found",
        whose: OWN,
        hidden: None,
        columns: &[column("word", "Word", Text)],
        withheld: &[OF_WHOM, ("name_key", "the name, as lists are put in order by it")],
    },
    Held {
        table: "detail_set",
        title: "Changes of name or address",
        whose: OWN,
        hidden: None,
        columns: &[ID, RECORDED_AT, RECORDED_BY],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "stay",
        title: "Time here",
        whose: OWN,
        hidden: None,
        columns: &[ID, BEGINS_ON, RECORDED_AT, RECORDED_BY, ENDS_BEFORE, END_RECORDED_AT, END_RECORDED_BY],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "in_audience",
        title: "Here as",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("audience", "As", Audience),
            BEGINS_ON,
            RECORDED_AT,
            RECORDED_BY,
            ENDS_BEFORE,
            END_RECORDED_AT,
            END_RECORDED_BY,
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "membership",
        title: "Groups",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("group_id", "Group", Group),
            BEGINS_ON,
            RECORDED_AT,
            RECORDED_BY,
            ENDS_BEFORE,
            END_RECORDED_AT,
            END_RECORDED_BY,
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "duty",
        title: "Duties for others",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("role", "Role", OneOf(ROLES)),
            column("group_id", "Over the group", Group),
            BEGINS_ON,
            RECORDED_AT,
            RECORDED_BY,
            ENDS_BEFORE,
            END_RECORDED_AT,
            END_RECORDED_BY,
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "brought_forward",
        title: "Ends that were brought forward",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("stay_id", "Of the time here", Of),
            column("duty_id", "Of the duty", Of),
            column("was_to_end_before", "Was to end before", Day),
            END_RECORDED_AT,
            END_RECORDED_BY,
            ENDS_BEFORE,
            RECORDED_AT,
            RECORDED_BY,
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "assignment",
        title: "Programmes given to this person alone",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("programme", "Programme", Programme),
            BEGINS_ON,
            RECORDED_AT,
            RECORDED_BY,
            ENDS_BEFORE,
            END_RECORDED_AT,
            END_RECORDED_BY,
        ],
        withheld: &[
            OF_WHOM,
            ("audience", "empty, since it was given to one person"),
            ("group_id", "empty, since it was given to one person"),
        ],
    },
    Held {
        table: "exemption",
        title: "Exemptions",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("kind", "What", OneOf(THINGS)),
            column("slug", "Which", Thing),
            column("given_before", "Given until before", Day),
            BEGINS_ON,
            RECORDED_AT,
            RECORDED_BY,
            ENDS_BEFORE,
            END_RECORDED_AT,
            END_RECORDED_BY,
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "exemption_reason",
        title: "Reasons for exemptions",
        whose: "t.exemption_id IN (SELECT e.id FROM exemption e WHERE e.person_id = $1)",
        hidden: None,
        columns: &[column("exemption_id", "Exemption", Of), column("reason", "Reason", Text)],
        withheld: &[],
    },
    Held {
        table: "chosen_twin",
        title: "Words to read in",
        whose: OWN,
        hidden: None,
        columns: &[TWIN],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "page_read",
        title: "Pages opened of modules that are not passed yet",
        whose: OWN,
        hidden: None,
        columns: &[MODULE, EDITION, column("page", "Page", Page), column("read_at", "Opened", Moment)],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "time_on",
        title: "Time spent on modules that are not passed yet",
        whose: OWN,
        hidden: None,
        columns: &[MODULE, column("seconds", "Seconds", Number)],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "time_counted",
        title: "Up to when time spent was last counted",
        whose: OWN,
        hidden: None,
        columns: &[column("counted_to", "Counted up to", Moment)],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "attempt",
        title: "Attempts at a quiz",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            MODULE,
            VERSION,
            EDITION,
            TWIN,
            column("number", "Attempt", Nth),
            column("refresher", "What a refresher asks", Refresher),
            column("started_at", "Begun", Moment),
            column("submitted_at", "Handed in", Moment),
            column("earned", "Marks earned", Marks),
            column("possible", "Marks possible", Marks),
            column("passed", "Passed", YesNo),
        ],
        withheld: &[OF_WHOM, ("seed", "a random number, from which the order of questions follows")],
    },
    Held {
        table: "answer",
        title: "Answers in quizzes",
        whose: "t.attempt_id IN (SELECT a.id FROM attempt a WHERE a.person_id = $1)",
        hidden: None,
        columns: &[
            ATTEMPT,
            column("question", "Question", Answer),
            column("given", "Answer", Answer),
            column("answered_at", "Answered", Moment),
            column("saved_at", "Saved", Moment),
        ],
        withheld: &[],
    },
    Held {
        table: "answers_let_go",
        title: "Attempts whose answers were let go of",
        whose: "t.attempt_id IN (SELECT a.id FROM attempt a WHERE a.person_id = $1)",
        hidden: None,
        columns: &[ATTEMPT, column("let_go_at", "When", Moment)],
        withheld: &[],
    },
    Held {
        table: "workshop_sign_in",
        title: "Workshops signed in to",
        whose: OWN,
        hidden: None,
        columns: &[
            column("workshop_id", "Workshop", Of),
            column("signed_in_at", "Signed in", Moment),
            column("recorded_by", "Signed in by, where not by themselves", Actor),
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "discussion",
        title: "Modules worked through with a tutor",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            MODULE,
            VERSION,
            EDITION,
            column("held_on", "Held on", Day),
            column("place", "Where", Text),
            RECORDED_AT,
            RECORDED_BY,
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "discussion_answer",
        title: "What was said of these: whether they were held",
        whose: OWN,
        hidden: None,
        columns: &[
            column("discussion_id", "Which", Of),
            column("held", "It was held", YesNo),
            column("answered_at", "When", Moment),
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "completion",
        title: "Modules passed",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            MODULE,
            VERSION,
            EDITION,
            TWIN,
            ATTEMPT,
            column("workshop_id", "Workshop", Of),
            column("discussion_id", "Worked through with a tutor", Of),
            column("refreshes", "Refresher since version", Number),
            column("earned", "Marks earned", Marks),
            column("possible", "Marks possible", Marks),
            column("minutes", "Minutes", Number),
            column("pages_opened", "Pages opened", Number),
            column("pages", "Pages", Number),
            column("started_at", "Begun", Moment),
            column("completed_at", "Passed", Moment),
            column("expires_at", "Counts until", Moment),
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "correction",
        title: "Passes withdrawn",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("completion_id", "Pass", Of),
            column("code", "What was wrong", OneOf(WRONG)),
            RECORDED_AT,
            RECORDED_BY,
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "correction_reason",
        title: "Why passes were withdrawn",
        whose: "t.correction_id IN (SELECT w.id FROM correction w WHERE w.person_id = $1)",
        hidden: None,
        columns: &[column("correction_id", "Withdrawal", Of), column("reason", "Reason", Text)],
        withheld: &[],
    },
    Held {
        table: "certificate",
        title: "Codes of certificates",
        whose: "t.completion_id IN (SELECT c.id FROM completion c WHERE c.person_id = $1)",
        hidden: None,
        columns: &[column("completion_id", "Pass", Of), column("code", "Code", Text)],
        withheld: &[],
    },
    Held {
        table: "reflection",
        title: "What this person wrote about modules that they passed",
        whose: "t.completion_id IN (SELECT c.id FROM completion c WHERE c.person_id = $1)",
        hidden: None,
        columns: &[
            column("completion_id", "Pass", Of),
            column("text", "In their own words", Text),
            column("written_at", "Written", Moment),
        ],
        withheld: &[],
    },
    Held {
        table: "time_spent",
        title: "Time spent on modules that they passed",
        whose: "t.completion_id IN (SELECT c.id FROM completion c WHERE c.person_id = $1)",
        hidden: None,
        columns: &[column("completion_id", "Pass", Of), column("minutes", "Minutes", Number)],
        withheld: &[],
    },
    Held {
        table: "evidence",
        title: "Learned elsewhere, as this person wrote it down",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("done_on", "On", Day),
            column("minutes", "Minutes", Number),
            column("how", "How", OneOf(HOW_LEARNED)),
            column("kind", "Kind of file", OneOf(FILES)),
            column("length", "Bytes of the file", Number),
            column("sha256", "Digest of the file", Digits),
            RECORDED_AT,
            RECORDED_BY,
            column("ended_at", "Taken back", Moment),
            column("ended_by", "Taken back by", Actor),
        ],
        withheld: &[OF_WHOM, ("form_key", "a random number")],
    },
    Held {
        table: "evidence_words",
        title: "What it was",
        whose: "t.evidence_id IN (SELECT e.id FROM evidence e WHERE e.person_id = $1)",
        hidden: None,
        columns: &[
            column("evidence_id", "Which", Of),
            column("title", "Title", Text),
            column("provider", "Provider", Text),
        ],
        withheld: &[],
    },
    Held {
        table: "evidence_piece",
        title: "Pieces of its file",
        whose: "t.evidence_id IN (SELECT e.id FROM evidence e WHERE e.person_id = $1)",
        hidden: None,
        columns: &[column("evidence_id", "Which", Of), column("place", "Piece", Number)],
        withheld: &[("bytes", "the file itself, which this person's record gives them")],
    },
    Held {
        table: "tutor_task",
        title: "Tutors asked, because all attempts were used up",
        whose: OWN,
        hidden: None,
        columns: &[ID, MODULE, EDITION, ATTEMPT, column("opened_at", "Asked", Moment)],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "attempts_given",
        title: "More attempts given",
        whose: OWN,
        hidden: None,
        columns: &[ID, column("task_id", "Task", Of), column("attempts", "How many", Number), RECORDED_AT, RECORDED_BY],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "signature",
        title: "Agreements signed",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("agreement", "Agreement", Agreement),
            VERSION,
            TWIN,
            column("statement", "Statement beside the name", Text),
            column("sign_in_method", "Signed in with", OneOf(SIGNED_IN_WITH)),
            column("signed_in_at", "Signed in", Moment),
            column("signed_at", "Signed", Moment),
            column("expires_at", "Counts until", Moment),
            column("form_key", "Number of the form", Id),
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "signature_words",
        title: "Names under signatures",
        whose: "t.signature_id IN (SELECT s.id FROM signature s WHERE s.person_id = $1)",
        hidden: None,
        columns: &[
            column("signature_id", "Signature", Of),
            column("person_name", "Name as it was known then", Text),
            column("typed_name", "Name as it was typed", Text),
            column("confirmed", "Asked whether the name is theirs", YesNo),
        ],
        withheld: &[],
    },
    Held {
        table: "signature_completion",
        title: "Passes that signatures stand on",
        whose: OWN,
        hidden: None,
        columns: &[column("signature_id", "Signature", Of), column("completion_id", "Pass", Of)],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "submission",
        title: "Signed agreements submitted to a role",
        whose: OWN,
        hidden: None,
        columns: &[
            column("signature_id", "Signature", Of),
            column("role", "Role", NamedRole),
            column("submitted_at", "Came in", Moment),
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "submission_tick",
        title: "Submitted agreements ticked off",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("signature_id", "Signature", Of),
            RECORDED_AT,
            RECORDED_BY,
            column("ended_at", "Taken back", Moment),
            column("ended_by", "Taken back by", Actor),
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "decline",
        title: "Agreements declined",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("agreement", "Agreement", Agreement),
            VERSION,
            column("declined_at", "Declined", Moment),
            column("asks_again_on", "Asked again from", Day),
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "decline_reason",
        title: "Why agreements were declined",
        whose: "t.decline_id IN (SELECT d.id FROM decline d WHERE d.person_id = $1)",
        hidden: None,
        columns: &[column("decline_id", "Decline", Of), column("reason", "Reason", Text)],
        withheld: &[],
    },
    Held {
        table: "look",
        title: "Looks by others at signatures or at what is held here",
        whose: OWN,
        hidden: None,
        columns: &[ID, column("thing", "At what", Look), column("looked_at", "When", Moment)],
        withheld: &[OF_WHOM, ("seen_by", "about whoever looked: those who check see who it was")],
    },
    Held {
        table: "signed_out",
        title: "Times that somebody signed them out everywhere",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("what", "What was taken away", OneOf(SIGNED_OUT_WITH)),
            RECORDED_AT,
            RECORDED_BY,
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "password_set",
        title: "Passwords set",
        whose: OWN,
        hidden: None,
        columns: &[ID, RECORDED_AT, RECORDED_BY],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "password",
        title: "Password that counts",
        whose: OWN,
        hidden: None,
        columns: &[column("set_id", "Password", Of), column("beside_factor", "Counts only with a code", YesNo)],
        withheld: &[OF_WHOM, ("phc", "a secret: whoever has it can try passwords against it")],
    },
    Held {
        table: "second_factor",
        title: "Second factors",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("kind", "Kind", OneOf(FACTORS)),
            RECORDED_AT,
            RECORDED_BY,
            column("confirmed_at", "Confirmed", Moment),
            column("last_step", "When the last code was shown", HalfMinute),
            column("guesses", "Wrong codes since a right one", Number),
            column("guesses_known", "Wrong codes on known devices since a right one", Number),
            column("ended_at", "Ended", Moment),
            column("ended_by", "Ended by", Actor),
        ],
        withheld: &[OF_WHOM, ("secret", "a secret")],
    },
    Held {
        table: "recovery_code",
        title: "Recovery codes",
        whose: OWN,
        hidden: None,
        columns: &[column("factor_id", "Second factor", Of), column("used_at", "Used", Moment)],
        withheld: &[OF_WHOM, ("digest", "a secret")],
    },
    Held {
        table: "passkey",
        title: "Passkeys",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("name", "What they call it", Text),
            column("made_at", "Added", Moment),
            column("last_used_at", "Last used", Moment),
            column("sign_count", "Used, as it says itself", Number),
        ],
        withheld: &[
            OF_WHOM,
            ("credential_id", "by what a browser knows it"),
            ("public_key", "with what its signatures are checked"),
        ],
    },
    Held {
        table: "identity",
        title: "Names at organisations that sign people in",
        whose: OWN,
        hidden: None,
        columns: &[
            column("issuer", "Organisation", Text),
            column("subject", "Known there as", Text),
            column("found_through", "Found through", OneOf(FOUND_THROUGH)),
            RECORDED_AT,
            column("ended_at", "Taken away", Moment),
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "unprovisioned",
        title: "Taken out by the directory that says who is here",
        whose: OWN,
        hidden: None,
        columns: &[column("taken_out_at", "Taken out", Moment)],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "token",
        title: "Tokens of programs",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("name", "Name", Text),
            RECORDED_AT,
            RECORDED_BY,
            column("ended_at", "Ended", Moment),
            column("ended_by", "Ended by", Actor),
        ],
        withheld: &[
            OF_WHOM,
            ("digest", "a secret"),
            ("role", "empty, since it acts for a person"),
            ("group_id", "empty, since it acts for a person"),
        ],
    },
    Held {
        table: "session",
        title: "Signed in until",
        whose: OWN,
        hidden: None,
        columns: &[
            column("begun_at", "Signed in", Moment),
            column("browser", "With", Text),
            column("expires_at", "Ends", Moment),
        ],
        withheld: &[
            OF_WHOM,
            ("id_sha256", "a secret"),
            ("data", "when they signed in and with what, as their browser's session needs it"),
        ],
    },
    Held {
        table: "join_code_use",
        title: "Codes used to join a group",
        whose: OWN,
        hidden: None,
        columns: &[column("code_id", "Code", Of), column("used_at", "Used", Moment)],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "way_in",
        title: "Links to set a password",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("expires_at", "Ends", Moment),
            RECORDED_AT,
            RECORDED_BY,
            column("ended_at", "Ended", Moment),
            column("ended_by", "Ended by", Actor),
        ],
        withheld: &[OF_WHOM, ("digest", "a secret")],
    },
    Held {
        table: "calendar_feed",
        title: "Addresses of a calendar",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            RECORDED_AT,
            RECORDED_BY,
            column("ended_at", "Ended", Moment),
            column("ended_by", "Ended by", Actor),
        ],
        withheld: &[OF_WHOM, ("digest", "a secret")],
    },
    Held {
        table: "letter",
        title: "Letters",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("kind", "What it told", Letter),
            column("address", "Address", Text),
            column("written_at", "Written", Moment),
            column("written_by", "Written by", Actor),
            column("tries", "How often it was tried", Number),
            column("sent_at", "Sent", Moment),
            column("given_up_at", "Given up", Moment),
            column("fault", "What the mail server said", Text),
        ],
        withheld: &[
            OF_WHOM,
            ("about", "a secret, if it holds a link, and gone once it was sent"),
            ("message_id", "a random number"),
            ("instead_of", "a letter that was given up"),
            ("holds_until", "until when it tells something"),
            ("next_try_at", "when it is tried next"),
        ],
    },
    Held {
        table: "reminder",
        title: "Reminders",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("kind", "Module or agreement", OneOf(THINGS)),
            column("slug", "Which", Thing),
            column("due_on", "Wanted by", Day),
            column("occasion", "Why", OneOf(OCCASIONS)),
            column("turn", "So many days before, or the how manieth time", Number),
            column("planned_on", "On", Day),
            column("planned_at", "Planned", Moment),
            column("planned_by", "Planned by", Actor),
            column("letter_id", "Letter", Of),
            column("suppressed", "Why it was not told", OneOf(SUPPRESSED)),
            column("suppressed_at", "Not told since", Moment),
        ],
        withheld: &[OF_WHOM, ("place", "its place in the letter")],
    },
    Held {
        table: "reminder_stop",
        title: "Early reminders stopped",
        whose: OWN,
        hidden: None,
        columns: &[ID, column("stopped_at", "Stopped", Moment), column("ended_at", "Wanted again", Moment)],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "manager_digest",
        title: "Weeks in which their people were looked at for a letter",
        whose: OWN,
        hidden: None,
        columns: &[
            column("week", "Week from", Day),
            column("planned_at", "Looked at", Moment),
            column("letter_id", "Letter", Of),
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "review_digest",
        title: "Weeks in which they were told what of theirs is to be reviewed",
        whose: OWN,
        hidden: None,
        columns: &[
            column("week", "Week from", Day),
            column("planned_at", "Told", Moment),
            column("letter_id", "Letter", Of),
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "saved_view",
        title: "Views of the matrix that were kept",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("name", "Name", Text),
            column("query", "What it shows, as its address says it", Text),
            column("saved_at", "Kept", Moment),
        ],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "done_together",
        title: "Things done for several people at once",
        whose: OWN,
        hidden: None,
        columns: &[ID, column("kind", "What", OneOf(TOGETHER)), RECORDED_AT],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "done_together_row",
        title: "How many people these were",
        whose: "t.done_id IN (SELECT d.id FROM done_together d WHERE d.person_id = $1)",
        hidden: None,
        columns: &[column("done_id", "Of", Of)],
        withheld: &[("row_id", "about the others")],
    },
    Held {
        table: "roster_upload",
        title: "Files of people uploaded",
        whose: OWN,
        hidden: None,
        columns: &[
            ID,
            column("file_name", "File", Text),
            column("uploaded_at", "Uploaded", Moment),
            column("started_at", "Begun", Moment),
            column("ended_at", "Ended", Moment),
        ],
        withheld: &[
            OF_WHOM,
            ("sha256", "the digest of a file about others"),
            ("said", "how the file is read"),
            ("fault", "about the others"),
        ],
    },
    Held {
        table: "roster_upload_piece",
        title: "Pieces of these files, while they are read",
        whose: "t.upload_id IN (SELECT u.id FROM roster_upload u WHERE u.person_id = $1)",
        hidden: None,
        columns: &[column("place", "Piece", Number)],
        withheld: &[("upload_id", "of a file that was uploaded"), ("bytes", "about others")],
    },
    Held {
        table: "roster_done",
        title: "Lines of the last import of people",
        whose: OWN,
        hidden: None,
        columns: &[column("line", "Line of the file", Number), column("did", "What", Part)],
        withheld: &[OF_WHOM, ("import_id", "the same for all lines of a file")],
    },
    Held {
        table: "erased_person",
        title: "Everything was erased",
        whose: OWN,
        hidden: None,
        columns: &[column("erased_at", "When", Moment)],
        withheld: &[OF_WHOM],
    },
    Held {
        table: "log_envelope",
        title: "Entries of the signed log",
        whose: OWN,
        hidden: None,
        columns: &[column("number", "Entry", Number), column("envelope", "What it says", Envelope)],
        withheld: &[OF_WHOM, ("salt", "empty, since their own key opens it")],
    },
    Held {
        table: "log_part",
        title: "Parts that stand apart from those entries",
        whose: "t.number IN (SELECT e.number FROM log_envelope e WHERE e.person_id = $1)",
        hidden: Some("t.kind = 'by'"),
        columns: &[
            column("number", "Entry", Number),
            column("kind", "Kind", OneOf(PARTS)),
            column("part", "What it says", Part),
            column("salt", "What opens it", Digits),
        ],
        withheld: &[],
    },
    Held {
        table: "log_row",
        title: "What those entries are evidence of",
        whose: "t.number IN (SELECT e.number FROM log_envelope e WHERE e.person_id = $1)",
        hidden: None,
        columns: &[column("number", "Entry", Number), column("kind", "Of", RowOf), column("id", "Number", Digits)],
        withheld: &[],
    },
    Held {
        table: "person_key",
        title: "Key that finds and opens all entries about this person",
        whose: OWN,
        hidden: None,
        columns: &[column("secret", "Key", Digits)],
        withheld: &[OF_WHOM],
    },
];

/// What is told of answers: beside what is kept, what of it was right, and which marks it earned, once the attempt was handed in.
pub(super) const ANSWERS: &[HeldColumn] = &[
    ATTEMPT,
    column("question", "Question", Answer),
    column("given", "Answer", Answer),
    column("right", "Right", YesNo),
    column("earned", "Marks earned", Marks),
    column("possible", "Marks possible", Marks),
    column("answered_at", "Answered", Moment),
    column("saved_at", "Saved", Moment),
];

/// Each table that has nothing about anybody, and why.
pub(super) const ABOUT_NOBODY: &[(&str, &str)] = &[
    ("people_group", "a group"),
    ("group_place", "a group's name and place"),
    ("module_version", "what was published"),
    ("agreement_version", "what was published"),
    ("programme_version", "what was published"),
    ("provider_version", "the provider"),
    ("withdrawal", "what was published"),
    ("media", "what was published"),
    ("media_chunk", "what was published"),
    ("revision", "how often something was recorded"),
    ("installation", "this installation"),
    ("sign_in_failure", "digests of accounts and places, which name nobody and are forgotten after a day"),
    ("roster_import", "a file, by its digest"),
    (
        "roster_line",
        "lines of a file while it is being written, which takes minutes; they are about nobody before that",
    ),
    ("join_code", "a code for a group"),
    ("workshop", "a day on which a module is worked through together"),
    ("workshop_resource", "what was given after a workshop"),
    ("workshop_resource_piece", "a file that was given after a workshop"),
    ("sign_on_used", "digests of ways back from another sign-in, which name nobody and are forgotten after a day"),
    ("code_failure", "digests of places, which name nobody and are forgotten after a day"),
    ("restore_under_way", "that this database is being filled from a back-up"),
    ("job", "work that this server does by itself"),
    ("letter_pause", "that letters were held back"),
    ("reminder_pause", "that reminders were held back"),
    ("erasure", "that something was let go of, and of whom is not said"),
    ("log_gone", "numbers of entries of the log"),
    ("log_head", "the log"),
    ("log_former", "what the log was called"),
    ("log_leaf", "entries of the log, which say nothing without what opens them"),
    ("log_tile", "hashes"),
    ("group_known_as", "what a directory knows groups by"),
    ("log_checkpoint", "heads of the log"),
    ("time_stamp", "what authorities outside say of heads of the log"),
    ("cosignature", "what witnesses outside say of heads of the log"),
];

/// Where it says who did something, the table and its columns for that.
pub(super) const ACTED: &[(&str, &str, &[&str])] = &[
    ("person", "people added", &["recorded_by"]),
    ("password_set", "passwords set", &["recorded_by"]),
    ("signed_out", "people signed out", &["recorded_by"]),
    ("second_factor", "second factors", &["recorded_by", "ended_by"]),
    ("stay", "people recorded as here or gone", &["recorded_by", "end_recorded_by"]),
    ("brought_forward", "ends brought forward", &["recorded_by", "end_recorded_by"]),
    ("in_audience", "people put into or taken out of an audience", &["recorded_by", "end_recorded_by"]),
    ("people_group", "groups made", &["recorded_by"]),
    ("group_place", "groups named, moved or ended", &["recorded_by", "end_recorded_by"]),
    ("membership", "people put into or taken out of a group", &["recorded_by", "end_recorded_by"]),
    ("duty", "duties given or ended", &["recorded_by", "end_recorded_by"]),
    ("token", "tokens made or ended", &["recorded_by", "ended_by"]),
    ("module_version", "versions of modules published", &["published_by"]),
    ("agreement_version", "versions of agreements published", &["published_by"]),
    ("programme_version", "versions of programmes published", &["published_by"]),
    ("provider_version", "versions of the provider's own texts published", &["published_by"]),
    ("withdrawal", "things withdrawn", &["recorded_by"]),
    ("assignment", "programmes given or ended", &["recorded_by", "end_recorded_by"]),
    ("correction", "passes withdrawn", &["recorded_by"]),
    ("discussion", "modules worked through with somebody", &["recorded_by"]),
    ("exemption", "people excused, or no longer", &["recorded_by", "end_recorded_by"]),
    ("evidence", "things learned elsewhere added or taken back", &["recorded_by", "ended_by"]),
    ("attempts_given", "attempts given", &["recorded_by"]),
    ("submission_tick", "submitted agreements ticked off", &["recorded_by", "ended_by"]),
    ("roster_import", "files of people imported or undone", &["recorded_by", "ended_by"]),
    ("detail_set", "names and addresses set", &["recorded_by"]),
    ("join_code", "codes for groups made or ended", &["recorded_by", "ended_by"]),
    ("workshop", "workshops planned or called off", &["recorded_by", "ended_by"]),
    ("workshop_sign_in", "people signed in to workshops", &["recorded_by"]),
    ("workshop_resource", "things given after workshops or taken back", &["recorded_by", "ended_by"]),
    ("way_in", "links to set a password given or ended", &["recorded_by", "ended_by"]),
    ("calendar_feed", "addresses of a calendar made or ended", &["recorded_by", "ended_by"]),
    ("letter", "letters written", &["written_by"]),
    ("letter_pause", "letters held back", &["recorded_by", "ended_by"]),
    ("reminder", "people reminded", &["planned_by"]),
    ("reminder_pause", "reminders held back", &["recorded_by", "ended_by"]),
    ("erasure", "times that something was let go of", &["recorded_by"]),
];

/// Each table that has something about people, with all columns that were thought of: for the test that walks the database.
#[doc(hidden)]
#[must_use]
pub fn held_tables() -> Vec<(&'static str, Vec<&'static str>)> {
    let columns = |held: &Held| {
        held.columns.iter().map(|column| column.name).chain(held.withheld.iter().map(|(name, _)| *name)).collect()
    };
    HELD.iter().map(|held| (held.table, columns(held))).collect()
}

/// Each table that has nothing about anybody, and each column that says who did something, as `table.column`; likewise.
#[doc(hidden)]
#[must_use]
pub fn tables_about_nobody() -> (Vec<&'static str>, Vec<String>) {
    let acted =
        ACTED.iter().flat_map(|(table, _, columns)| columns.iter().map(move |column| format!("{table}.{column}")));
    (ABOUT_NOBODY.iter().map(|(table, _)| *table).collect(), acted.collect())
}

#[cfg(test)]
mod tests {
    use audit::PartKind;

    use super::*;
    use crate::{
        mail::Occasion,
        people::{SignedIn, SignedOutWith, Together},
        record::{FileKind, HowLearned, Role, WrongBecause},
        reminders::Suppressed,
    };

    #[test]
    fn each_code_that_is_kept_has_words() {
        let files = [FileKind::Pdf, FileKind::Png, FileKind::Jpeg];
        let together = [Together::Assign, Together::Exempt, Together::GiveAttempts, Together::Remind];
        let ways =
            [SignedIn::WITH_PASSWORD, SignedIn::WITH_CODE, SignedIn::WITH_PASSKEY, SignedIn::WITH_SIGN_ON].to_vec();
        for (words, codes) in [
            (ROLES, Role::ALL.map(Role::code).to_vec()),
            (WRONG, WrongBecause::EVERY.map(WrongBecause::code).to_vec()),
            (HOW_LEARNED, HowLearned::EVERY.map(HowLearned::code).to_vec()),
            (FILES, files.map(FileKind::code).to_vec()),
            (OCCASIONS, Occasion::EVERY.map(Occasion::name).to_vec()),
            (SUPPRESSED, Suppressed::EVERY.map(Suppressed::name).to_vec()),
            (TOGETHER, together.map(Together::code).to_vec()),
            (PARTS, PartKind::EVERY.map(PartKind::name).to_vec()),
            (SIGNED_IN_WITH, ways),
            (SIGNED_OUT_WITH, SignedOutWith::EVERY.map(SignedOutWith::code).to_vec()),
        ] {
            for code in codes {
                assert!(words.iter().any(|(known, _)| *known == code), "{code}");
            }
        }
    }
}
