//! Somebody with one of everything, who can be sent to every address.

use axum::{
    body::Body,
    http::{Method, Request},
};
use chrono::TimeDelta;
use engine::{AttemptId, Role, SignatureId, TutorTaskId};
use server::Right;

use crate::site::{bare, form};
use world::{Someone, World, agreement, slug};

/// A person with an open attempt, a signature and a stuck learner to help.
pub struct Visitor {
    pub someone: Someone,
    module: &'static str,
    page: &'static str,
    attempt: AttemptId,
    signature: SignatureId,
    task: TutorTaskId,
}

impl Visitor {
    pub async fn arrives(world: &World, name: &'static str, roles: &[Role]) -> Self {
        let task = stuck_learner(world, name).await;
        // Who does nothing for others is a learner.
        let someone = if roles.is_empty() {
            world.learner(name)
        } else {
            world.person(name, roles).manages("Northfield/Cohort A")
        };
        let someone = someone.passes("four-cs").await;
        let signature = someone.signs("laptop-loan").await.unwrap();
        let (module, page) = if roles.is_empty() { ("sharing-nudes", "the-law") } else { ("boundaries", "lines") };
        let attempt = someone.starts(module).await.unwrap();
        Self { someone, module, page, attempt, signature, task }
    }

    /// The address that a row of the table of rights means for them.
    pub fn address(&self, path: &str) -> String {
        path.replace("{module}", self.module)
            .replace("{page}", self.page)
            .replace("{attempt}", &self.attempt.to_string())
            .replace("{agreement}", "laptop-loan")
            .replace("{number}", "1")
            .replace("{person}", &self.someone.person.id.to_string())
            .replace("{signature}", &self.signature.to_string())
            .replace("{task}", &self.task.to_string())
            .replace("{*tile}", "0/000.p/1")
            .replace("{file}", &video(&self.someone.world))
    }

    /// What their browser sends to a row's address.
    pub fn request(&self, right: &Right) -> Request<Body> {
        let address = self.address(right.path);
        if right.method == Method::GET {
            return bare(Method::GET, &address);
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
            _ => form(&address, &[]),
        }
    }
}

/// The name of the video that a page of the 4 Cs plays.
pub fn video(world: &World) -> String {
    let catalogue = world.engine.catalogue();
    let mut media = catalogue.modules[&slug("four-cs")].media.iter();
    media.find(|media| media.name.format.is_video()).unwrap().name.to_string()
}

/// The task to help a new learner of Cohort A, who has used up both attempts at the 4 Cs.
async fn stuck_learner(world: &World, helper: &str) -> TutorTaskId {
    let name: &'static str = format!("stuck-for-{helper}").leak();
    let dsl: &'static str = format!("dsl-for-{helper}").leak();
    world.learner(name).of("Northfield/Cohort A").fails("four-cs").waits(TimeDelta::minutes(10)).fails("four-cs").await;
    let dsl = world.person(dsl, &[Role::Dsl]).await;
    let stuck = world.engine.stuck_learners(&dsl.person).await.unwrap();
    stuck.into_iter().find(|stuck| stuck.name == name).unwrap().task
}
