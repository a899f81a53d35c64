//! Somebody with one of everything, who can be sent to every address.

use axum::{
    body::Body,
    http::{Method, Request},
};
use chrono::TimeDelta;
use engine::{
    Actor, AssignedTo, AssignmentId, AttemptId, Certificate, EvidenceId, ExemptionId, HowLearned, JoinCode,
    NewEvidence, NewExemption, NewJoinCode, PersonId, Role, SavedViewId, SignatureId, Thing, TogetherId, TutorTaskId,
};
use model::ProgrammeSlug;
use server::{Need, Right};
use uuid::Uuid;

use crate::site::{bare, form};
use world::{Someone, World, agreement, audience, slug, today};

/// A person with an open attempt, a signature and a stuck learner to help.
pub struct Visitor {
    pub someone: Someone,
    module: &'static str,
    page: &'static str,
    attempt: AttemptId,
    signature: SignatureId,
    decline: Uuid,
    /// A workshop that they lead.
    workshop: Uuid,
    /// A file that was given after it.
    resource: Uuid,
    /// A discussion that somebody held with them.
    discussion: Uuid,
    certificate: Certificate,
    /// What the key is known by that signs badges.
    key: String,
    task: TutorTaskId,
    /// A code for Cohort A.
    code: JoinCode,
    /// What stands at the end of a link to choose a password.
    secret: String,
    /// A file of people that waits.
    upload: Uuid,
    /// A learner whom they look after, with an attempt that was handed in.
    learner: (PersonId, AttemptId),
    together: TogetherId,
    view: SavedViewId,
    stuck: Someone,
    assignment: AssignmentId,
    exemption: ExemptionId,
    evidence: EvidenceId,
    /// What stands in the address of their calendar.
    calendar: String,
}

impl Visitor {
    pub async fn arrives(world: &World, name: &'static str, roles: &[Role]) -> Self {
        let (stuck, task, learner) = stuck_learner(world, name).await;
        // Who does nothing for others is a learner.
        let someone = if roles.is_empty() {
            world.learner(name)
        } else {
            world.person(name, roles).manages("Northfield/Cohort A")
        };
        let someone = someone.passes("four-cs").await;
        let signature = someone.signs("laptop-loan").await.unwrap();
        let decline = declined(world, signature).await;
        let workshop = led_by(world, someone.person.id).await;
        let resource = given_after(world, workshop).await;
        let discussion = held_with(world, someone.person.id).await;
        let (module, page) = if roles.is_empty() { ("sharing-nudes", "the-law") } else { ("boundaries", "lines") };
        let attempt = someone.starts(module).await.unwrap();
        let engine = &world.engine;
        let group = engine.group_at("Northfield/Cohort A", Actor::CommandLine).await.unwrap();
        let expires_at = engine.now() + TimeDelta::days(1);
        let code = NewJoinCode { group, audience: Some(audience("learner")), most: 99, expires_at };
        let code = engine.create_join_code(&code, Actor::CommandLine).await.unwrap();
        let helped: &'static str = format!("helped-for-{name}").leak();
        let helped = world.learner(helped).await.person.id;
        let secret = engine.make_ways_in(&[helped], Actor::CommandLine).await.unwrap().remove(0).secret;
        let root: &'static str = format!("root-for-{name}").leak();
        let root = world.person(root, &[Role::Administrator]).await;
        let file = b"name,email,role\nEve,eve@northfield.example,learner\n".to_vec();
        let upload = engine.upload_people(&root.person, "people.csv", file).await.unwrap();
        let (together, view) = (did_together(&someone, learner.0).await, saved_view(&someone).await);
        let record = world.engine.cpd_record(someone.person.id).await.unwrap();
        let completion = record.years[0].entries[0].completion;
        let certificate = world.engine.certificate(&someone.person, completion).await.unwrap();
        let key = world.engine.badge_keys().await.unwrap().remove(0).thumbprint;
        let (assignment, exemption) = given_and_excused(&stuck, name).await;
        let evidence = learned_elsewhere(&someone).await;
        let calendar = world.engine.make_calendar(&someone.person).await.unwrap();
        Self {
            someone,
            module,
            page,
            attempt,
            signature,
            decline,
            workshop,
            resource,
            discussion,
            certificate,
            key,
            task,
            code,
            secret,
            upload,
            learner,
            together,
            view,
            stuck,
            assignment,
            exemption,
            evidence,
            calendar,
        }
    }

    /// The address that a row of the table of rights means for them.
    pub fn address(&self, path: &str) -> String {
        // What others answered is nobody's own.
        if path == "/people/{person}/attempts/{attempt}" {
            return format!("/people/{}/attempts/{}", self.learner.0, self.learner.1);
        }
        let code = match path.split('/').nth(1) {
            Some("verify") => self.certificate.code.as_str().to_owned(),
            Some("join") => self.code.code.clone(),
            _ => self.code.id.to_string(),
        };
        // Nobody excuses themselves, works anything through with themselves, or is in their own list of who is signed in.
        let of_others = ["/exemptions", "/discussions", "/admin/sessions"].iter().any(|part| path.contains(part));
        let person = if of_others { &self.stuck } else { &self.someone };
        let module = if path.ends_with("/run-sheet") { "four-cs" } else { self.module };
        path.replace("{module}", module)
            .replace("{programme}", "learner-induction")
            .replace("{code}", &code)
            .replace("{group}", &self.code.group.to_string())
            .replace("{secret}", &self.secret)
            .replace("{upload}", &self.upload.to_string())
            .replace("{assignment}", &self.assignment.to_string())
            .replace("{feed}", &format!("{}.ics", self.calendar))
            .replace("{evidence}", &self.evidence.to_string())
            .replace("{exemption}", &self.exemption.to_string())
            .replace("{page}", self.page)
            .replace("{attempt}", &self.attempt.to_string())
            .replace("{agreement}", "laptop-loan")
            .replace("{number}", "1")
            .replace("{person}", &person.person.id.to_string())
            .replace("{decline}", &self.decline.to_string())
            .replace("{workshop}", &self.workshop.to_string())
            .replace("{resource}", &self.resource.to_string())
            .replace("{key}", &self.key)
            .replace("{discussion}", &self.discussion.to_string())
            .replace("{signature}", &self.signature.to_string())
            .replace("{completion}", &self.certificate.completion.to_string())
            .replace("{task}", &self.task.to_string())
            .replace("{together}", &self.together.to_string())
            .replace("{view}", &self.view.to_string())
            .replace("{*tile}", "0/000.p/1")
            .replace("{name}", "User")
            .replace("{file}", &video(&self.someone.world))
    }

    /// What their browser sends to a row's address.
    pub fn request(&self, right: &Right) -> Request<Body> {
        let address = self.address(right.path);
        if right.method == Method::GET || right.need == Need::Directory {
            return bare(right.method.clone(), &address);
        }
        match right.path {
            "/sign-in" => form(&address, &[("email", "nobody@northfield.example"), ("password", "wrong")]),
            "/words" => form(&address, &[("twin", "first"), ("back", "/")]),
            "/attempts/{attempt}/answers" => form(&address, &[("question", "1"), ("option", "a")]),
            "/agreements/{agreement}/sign" => {
                let world = &self.someone.world;
                let version = world.engine.catalogue().agreements[&agreement("laptop-loan")].canonical.sha256;
                let key = world.engine.form_key(&self.someone.person, version);
                let (version, key) = (version.to_string(), key.to_string());
                form(&address, &[("version", &version), ("key", &key), ("typed_name", "Typed"), ("agree", "yes")])
            }
            "/agreements/{agreement}/decline" => {
                let catalogue = self.someone.world.engine.catalogue();
                let version = catalogue.agreements[&agreement("laptop-loan")].canonical.sha256.to_string();
                form(&address, &[("version", &version), ("reason", "Not now")])
            }
            _ => form(&address, &[]),
        }
    }
}

/// That they declined what they signed. Nobody asks them for it, so that they could not do so themselves.
async fn declined(world: &World, signature: SignatureId) -> Uuid {
    let id = world.random_id();
    let (decline, signature) = (world.id_of(id), world.id_of(signature.0));
    let insert = format!(
        "INSERT INTO decline (id, person_id, agreement, version, asks_again_on, declined_at) \
         SELECT {decline}, person_id, agreement, version, '2026-12-07', signed_at FROM signature WHERE id = {signature}"
    );
    assert_eq!(world.raw.run(&insert).await.unwrap(), 1);
    id
}

/// A workshop that somebody leads, whether or not they may plan one.
async fn led_by(world: &World, leader: PersonId) -> Uuid {
    let id = world.random_id();
    let insert = format!(
        "INSERT INTO workshop (id, module, starts_at, place, code, recorded_at, recorded_by) \
         SELECT {}, 'four-cs', recorded_at, 'Room 12', '{id}', recorded_at, 'person:{leader}' FROM person WHERE id = {}",
        world.id_of(id),
        world.id_of(leader.0)
    );
    assert_eq!(world.raw.run(&insert).await.unwrap(), 1);
    id
}

/// A file that was given after a workshop.
async fn given_after(world: &World, workshop: Uuid) -> Uuid {
    let id = world.random_id();
    let (given, workshop) = (world.id_of(id), world.id_of(workshop));
    let file = b"%PDF-1.7 %%EOF";
    let bytes =
        if world.raw.is_sqlite() { format!("X'{}'", hex::encode(file)) } else { format!("'\\x{}'", hex::encode(file)) };
    for insert in [
        format!(
            "INSERT INTO workshop_resource (id, workshop_id, form_key, title, words, sha256, kind, length, recorded_at, recorded_by) \
             SELECT {given}, id, {given}, 'Slides', '', '{}', 'pdf', {}, recorded_at, recorded_by FROM workshop WHERE id = {workshop}",
            engine::Sha256Digest::of(file),
            file.len()
        ),
        format!("INSERT INTO workshop_resource_piece (resource_id, place, bytes) VALUES ({given}, 0, {bytes})"),
    ] {
        assert_eq!(world.raw.run(&insert).await.unwrap(), 1, "{insert}");
    }
    id
}

/// A discussion that was held with somebody, and that they have not answered yet.
async fn held_with(world: &World, person: PersonId) -> Uuid {
    let id = world.random_id();
    let insert = format!(
        "INSERT INTO discussion (id, person_id, module, version, edition, held_on, place, recorded_at, recorded_by) \
         SELECT {}, id, 'four-cs', 1, 1, '2026-11-23', 'Room 12', recorded_at, 'server' FROM person WHERE id = {}",
        world.id_of(id),
        world.id_of(person.0)
    );
    assert_eq!(world.raw.run(&insert).await.unwrap(), 1);
    id
}

/// The name of the video that a page of the 4 Cs plays.
pub fn video(world: &World) -> String {
    let catalogue = world.engine.catalogue();
    let mut media = catalogue.modules[&slug("four-cs")].media.iter();
    media.find(|media| media.name.format.is_video()).unwrap().name.to_string()
}

/// The task to help a new learner of Cohort A, who has used up both attempts at the 4 Cs.
async fn stuck_learner(world: &World, helper: &str) -> (Someone, TutorTaskId, (PersonId, AttemptId)) {
    let name: &'static str = format!("stuck-for-{helper}").leak();
    let dsl: &'static str = format!("dsl-for-{helper}").leak();
    let learner = world.learner(name).of("Northfield/Cohort A").fails("four-cs").waits(TimeDelta::minutes(10)).await;
    let attempt = learner.fails("four-cs").await;
    let dsl = world.person(dsl, &[Role::Dsl]).await;
    let stuck = world.engine.stuck_learners(&dsl.person).await.unwrap();
    let task = stuck.into_iter().find(|stuck| stuck.name == name).unwrap().task;
    let last = (learner.person.id, attempt);
    (learner, task, last)
}

/// What they did to several people at once; nothing that there is, where they may not.
async fn did_together(someone: &Someone, learner: PersonId) -> TogetherId {
    let engine = &someone.world.engine;
    let induction = ProgrammeSlug::new("learner-induction").unwrap();
    let today = engine::local_date(engine.now());
    let did = engine.assign_several(&someone.person, &induction, &[learner], today).await;
    did.map_or_else(|_| TogetherId(someone.world.random_id()), |did| did.id)
}

/// What they added from elsewhere, with a file.
async fn learned_elsewhere(someone: &Someone) -> EvidenceId {
    let engine = &someone.world.engine;
    let new = NewEvidence {
        form: engine.once_key(),
        title: "First aid".to_owned(),
        provider: "The council".to_owned(),
        done_on: Some(today(&someone.world)),
        minutes: Some(60),
        how: Some(HowLearned::InPerson),
        file: Some(b"%PDF-1.7 %%EOF".to_vec()),
    };
    engine.add_evidence(&someone.person, new).await.unwrap()
}

async fn saved_view(someone: &Someone) -> SavedViewId {
    let engine = &someone.world.engine;
    engine.save_view(&someone.person, "Mine", "sort=name").await.unwrap();
    engine.saved_views(&someone.person).await.unwrap()[0].id
}

/// Gives another learner of theirs a programme of their own, and excuses this one from something.
async fn given_and_excused(stuck: &Someone, helper: &str) -> (AssignmentId, ExemptionId) {
    let engine = &stuck.world.engine;
    let (id, begins_on, by) = (stuck.person.id, today(&stuck.world), Actor::CommandLine);
    let name: &'static str = format!("given-for-{helper}").leak();
    let given = stuck.world.learner(name).of("Northfield/Cohort A").await.person.id;
    let programme = ProgrammeSlug::new("learner-induction").unwrap();
    let assignment = engine.assign(&programme, AssignedTo::Person(given), begins_on, by).await.unwrap();
    let reason = "They did it elsewhere".to_owned();
    let thing = Thing::Module(slug("sharing-nudes"));
    let new = NewExemption { person: id, thing, reason, begins_on, given_before: None };
    (assignment, engine.exempt(new, by).await.unwrap())
}
